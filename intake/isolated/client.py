"""The program's side of the process that reads: starts it, sends messages ahead, waits for each within a deadline.

A process that breaks, or takes too long for one message, is ended and another started for those after it. The message on
which it broke is tried once more, for it may have been the machine; that on which it took too long is not.
"""

import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import intake
from intake.causes import Cause
from intake.errors import IntakeError
from intake.isolated.frames import ANSWER_LIMIT, READY, read_frame, write_frame
from intake.isolated.limits import contain
from intake.mail.message import Incoming
from intake.receive import Judgement, Rejected, Terms, from_sender, refused_unopened
from intake.texts import N_

DEADLINE_SECONDS = 20.0
"""By the clock, for one message; the slowest that the readers' own bounds allow takes a tenth of it."""
START_SECONDS = 60.0
TRIES = 2
_PROGRAM = (
    "import sys; sys.path[:0] = [p for p in sys.argv[1:] if p not in sys.path]; "
    "from intake.isolated.worker import main; main()"
)
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


def command() -> list[str]:
    """How the process is started: this Python, deaf to its environment, with the places it finds its own code in.

    No secret stands in it; the places are those of this process, so that an installed program, one in a virtual environment
    and a checkout all find the same code.
    """
    own = str(Path(intake.__file__).resolve().parent.parent)
    places = [own, *(p for p in sys.path if p and Path(p).is_absolute() and p != own)]
    return [sys.executable, "-I", "-c", _PROGRAM, *places]


class _Job:
    """One message on its way."""

    __slots__ = ("incoming", "judgement", "since", "terms", "tries")

    def __init__(self, incoming: Incoming, terms: Terms) -> None:
        self.incoming = incoming
        self.terms = terms
        self.judgement: Judgement | None = None
        self.tries = 0
        self.since = time.monotonic()


class Pending:
    """Messages that were sent to be read; they are read while the caller does other things."""

    def __init__(self, reader: "Reader", jobs: Sequence[_Job]) -> None:
        self._reader = reader
        self._jobs = jobs

    def wait(self) -> list[Judgement]:
        """The judgements, in the order of the messages. Raises ReaderNotStarted."""
        return [self._reader._finished(job) for job in self._jobs]


class Reader:
    """One process that reads, started when it is first needed. For one thread at a time; `close` it.

    `argv` and `deadline` are for tests.
    """

    def __init__(self, argv: Sequence[str] | None = None, deadline: float = DEADLINE_SECONDS) -> None:
        self._argv = list(argv) if argv is not None else None
        self._deadline = deadline
        self._process: _Process | None = None
        self._open: deque[_Job] = deque()
        self._unready = 0
        self.started = 0

    def start(self) -> None:
        """Let the process start now, beside what the caller does next."""
        if self._process is None:
            self._process = _Process(self._argv or command())
            self.started += 1

    def begin(self, messages: Sequence[Incoming], terms: Terms) -> Pending:
        """Send messages to be read; `Pending.wait` gives what became of them.

        Only what may be opened is sent: who sent a message is judged here, where no hostile byte was read yet.
        """
        jobs = [_Job(incoming, terms) for incoming in messages]
        for job in jobs:
            job.judgement = refused_unopened(job.incoming, terms)
        sent = [job for job in jobs if job.judgement is None]
        if sent:
            self.start()
            assert self._process is not None
            self._open.extend(sent)
            for job in sent:
                self._process.send(job)
        return Pending(self, jobs)

    def judge(self, incoming: Incoming, terms: Terms) -> Judgement:
        """What becomes of one message, as `intake.receive.judge`. Raises ReaderNotStarted."""
        return self.begin([incoming], terms).wait()[0]

    @property
    def busy(self) -> bool:
        """Whether messages were sent for which nobody waited."""
        return bool(self._open)

    def close(self) -> None:
        """End the process, and forget what was sent."""
        self._open.clear()
        if self._process is not None:
            self._process.close()
            self._process = None

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _finished(self, job: _Job) -> Judgement:
        while job.judgement is None:
            if job not in self._open:
                raise ReaderNotStarted  # the reader was closed, or another wait gave up
            self._step()
        return job.judgement

    def _step(self) -> None:
        """Wait for the answer to the first open message; what goes wrong meanwhile is its fault."""
        from intake.isolated.answers import Doubtful, judgement_of

        first = self._open[0]
        if self._process is None:
            self._again()
        assert self._process is not None
        try:
            answer = self._process.answer(self._deadline, first.since)
        except _NotReady:
            self._failed_to_start()
            return
        except _Late:
            first.tries = TRIES
            answer = None
        if answer is None and first.tries < TRIES and self._process.ran_out:
            first.tries = TRIES
        if answer is not None:
            try:
                found = judgement_of(answer, first.incoming, first.terms)
                first.judgement = from_sender(first.incoming, first.terms, found)
            except Doubtful:
                answer = None
        if answer is None:
            first.tries += 1
            if first.tries >= TRIES:
                first.judgement = Judgement(rejected=(Rejected(Cause.READER_STOPPED),))
            self._drop()
        if first.judgement is not None:
            self._open.popleft()

    def _failed_to_start(self) -> None:
        """Once is an accident; twice in a row, nothing can be read here."""
        self._drop()
        self._unready += 1
        if self._unready >= TRIES:
            self._unready = 0
            self._open.clear()
            raise ReaderNotStarted

    def _drop(self) -> None:
        assert self._process is not None
        self._process.close()
        self._process = None

    def _again(self) -> None:
        """Another process, for all that is still open."""
        self.start()
        assert self._process is not None
        for job in self._open:
            job.since = time.monotonic()
            self._process.send(job)


class _Late(Exception):
    pass


class _NotReady(Exception):
    pass


class _Process:
    """A running process with a thread that writes and one that reads, so that neither pipe can hold up the program."""

    def __init__(self, argv: Sequence[str]) -> None:
        flags: dict[str, Any] = {}
        if sys.platform == "win32":
            # Whoever types at the program goes before it, as `limits.restrict` has it elsewhere.
            flags["creationflags"] = subprocess.CREATE_NO_WINDOW | subprocess.BELOW_NORMAL_PRIORITY_CLASS
        else:
            # Ctrl+C in the terminal is for the program, which ends this one itself.
            flags["start_new_session"] = True
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own Python with our own code
                argv,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ},
                **flags,
            )
        except OSError:
            raise ReaderNotStarted from None
        self._job = contain(self._process)
        self._terms: Terms | None = None
        self._sent = READY
        self._answered = READY
        self._ready = False
        self._begun = self._last = time.monotonic()
        self._requests: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[tuple[float, int, bytes] | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=run, daemon=True, name=f"reader-{run.__name__}")
            for run in (self._write, self._read)
        ]
        for thread in self._threads:
            thread.start()

    def send(self, job: _Job) -> None:
        """Send a message; returns at once."""
        self._requests.put(job)

    def answer(self, deadline: float, since: float) -> bytes | None:
        """The next answer; None when the process broke. Raises _Late, and _NotReady when it never started."""
        if not self._ready:
            try:
                started = self._answers.get(timeout=max(0.0, self._begun + START_SECONDS - time.monotonic()))
            except queue.Empty:
                raise _NotReady from None
            if started is None or started[1:] != (READY, b""):
                raise _NotReady
            self._ready = True
            self._last = started[0]
        left = max(self._last, since) + deadline - time.monotonic()
        try:
            found = self._answers.get(timeout=max(0.0, left))
        except queue.Empty:
            raise _Late from None
        self._answered += 1
        if found is None or found[1] != self._answered:
            return None
        self._last = found[0]
        return found[2]

    @property
    def ran_out(self) -> bool:
        """Whether the system ended it for the processor time that it took."""
        with suppress(subprocess.TimeoutExpired):
            return self._process.wait(timeout=1) == -getattr(signal, "SIGXCPU", 0) != 0
        return False

    def close(self) -> None:
        """End it, whatever it does."""
        with suppress(OSError):
            self._process.kill()
        self._requests.put(None)
        self._process.wait()
        for thread in self._threads:
            thread.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        if self._job is not None:
            self._job.close()  # type: ignore[attr-defined]  # a job object, on Windows alone

    def _write(self) -> None:
        pipe = self._process.stdin
        assert pipe is not None
        while (job := self._requests.get()) is not None:
            terms = None if job.terms == self._terms else job.terms
            self._terms = job.terms
            self._sent += 1
            body = pickle.dumps((job.incoming, terms and _plain(terms)), pickle.HIGHEST_PROTOCOL)
            try:
                write_frame(pipe, self._sent, body)  # type: ignore[arg-type]  # a pipe of bytes
            except (OSError, ValueError):
                return  # it broke; whoever waits for an answer is told so

    def _read(self) -> None:
        pipe = self._process.stdout
        assert pipe is not None
        while True:
            try:
                frame = read_frame(pipe, ANSWER_LIMIT)  # type: ignore[arg-type]  # a pipe of bytes
            except (OSError, ValueError):
                frame = None
            self._answers.put(None if frame is None else (time.monotonic(), *frame))
            if frame is None:
                return


def _plain(terms: Terms) -> Terms:
    """The terms without the keys derived here: the process has its own."""
    return Terms(terms.passphrases, terms.trusted_senders, terms.postcodes)
