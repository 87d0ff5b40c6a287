"""How a process that reads comes to be and how it is ended: started anew, or, on Linux, as the twin of one that has loaded.

A twin costs a hundredth of a start. It is made before the first of the two reads a message, and is ended by a handle that
can only be its own (pidfd_open(2)); where the system has none, every process is started anew.
"""

import os
import selectors
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from typing import Any, BinaryIO, Protocol, cast

from intake.errors import IntakeError
from intake.isolated.frames import TWIN_VARIABLE
from intake.isolated.limits import CPU_SECONDS, contain
from intake.texts import N_

__all__ = ["Launched", "ReaderNotStarted", "Started", "Twin", "has_twins"]

_KEPT_VARIABLES = (
    "SYSTEMROOT",
    "PATH",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "TMPDIR",
    "TEMP",
    "TMP",
    "TZ",
)


class ReaderNotStarted(IntakeError):
    """The process that reads does not start."""

    template = N_(
        "The part of the program that opens archives and forms does not start, so nothing was read and the messages were left "
        "untouched. Start the program again; if that does not help, have it installed anew."
    )


class Launched(Protocol):
    """A process with its two pipes, however it came to be."""

    requests: BinaryIO
    answers: BinaryIO

    def ready(self, told: bytes) -> bool:
        """Take what it said when it had loaded; whether that can be."""

    def ran_out(self, seconds: float) -> bool:
        """Of one that ended by itself after so long with one message: whether the system ended it for its processor time."""

    def end(self) -> None:
        """End it, whatever it does, and return when it is gone."""


class Started:
    """A process started anew; raises ReaderNotStarted. `spare` is the line on which a twin of it would speak, once; None when it can have none."""

    def __init__(self, argv: Sequence[str]) -> None:
        flags: dict[str, Any] = {}
        environment = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
        self.spare: socket.socket | None = None
        theirs: socket.socket | None = None
        if sys.platform == "win32":
            # Whoever types at the program goes before it, as `limits.restrict` has it elsewhere.
            flags["creationflags"] = subprocess.CREATE_NO_WINDOW | subprocess.BELOW_NORMAL_PRIORITY_CLASS
        else:
            # Ctrl+C in the terminal is for the program, which ends this one itself.
            flags["start_new_session"] = True
        if has_twins():
            self.spare, theirs = socket.socketpair()
            flags["pass_fds"] = (theirs.fileno(),)
            environment[TWIN_VARIABLE] = str(theirs.fileno())
        try:
            self.process = subprocess.Popen(  # noqa: S603 - our own Python with our own code
                argv,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                **flags,
            )
        except OSError:
            if self.spare is not None:
                self.spare.close()
            raise ReaderNotStarted from None
        finally:
            if theirs is not None:
                theirs.close()
        self.requests = cast(BinaryIO, self.process.stdin)
        self.answers = cast(BinaryIO, self.process.stdout)
        self._job = contain(self.process)

    def ready(self, told: bytes) -> bool:
        """As `Launched.ready`."""
        return not told

    def ran_out(self, seconds: float) -> bool:
        """As `Launched.ran_out`: the system says so itself, however long it took."""
        del seconds
        with suppress(subprocess.TimeoutExpired):
            return self.process.wait(timeout=1) == -getattr(signal, "SIGXCPU", 0) != 0
        return False

    def end(self) -> None:
        """As `Launched.end`."""
        with suppress(OSError):
            self.process.kill()
        self.process.wait()
        if self.spare is not None:
            self.spare.close()
        if self._job is not None:
            self._job.close()  # type: ignore[attr-defined]  # a job object, on Windows alone


class Twin:
    """What a process made of itself; it speaks on the line that was spare."""

    def __init__(self, line: socket.socket, first: "subprocess.Popen[bytes]") -> None:
        self._line = line
        self._first = first
        self._handle: int | None = None
        self.requests = cast(BinaryIO, line.makefile("wb"))
        self.answers = cast(BinaryIO, line.makefile("rb"))

    def ready(self, told: bytes) -> bool:
        """As `Launched.ready`. It told its number, before it read anything; that is its own while the first one lives."""
        if sys.platform != "linux":
            return False
        try:
            self._handle = os.pidfd_open(int(told))
        except (OSError, ValueError):
            return False
        return self._first.poll() is None

    def ran_out(self, seconds: float) -> bool:
        """As `Launched.ran_out`: nobody tells, but in less time it cannot have had so much of the processor."""
        return seconds >= CPU_SECONDS

    def end(self) -> None:
        """As `Launched.end`. One that is only being made finds its line closed and ends by itself."""
        with suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)
        if sys.platform == "linux" and self._handle is not None:
            with suppress(OSError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)
            with selectors.DefaultSelector() as gone:
                gone.register(self._handle, selectors.EVENT_READ)
                gone.select()
            os.close(self._handle)
            self._handle = None
        self._line.close()


@cache
def has_twins() -> bool:
    """Whether this system makes twins, and gives handles of them."""
    if sys.platform != "linux" or not hasattr(os, "pidfd_open") or not hasattr(signal, "pidfd_send_signal"):
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
        for line in socket.socketpair():
            line.close()
    except OSError:  # an older Linux, or one that is told to refuse them
        return False
    return True
