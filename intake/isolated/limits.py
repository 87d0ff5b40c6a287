"""What the process that reads may use: memory, processor time, no file, no core dump, no process of its own.

On POSIX the process sets its own limits before it reads a byte. On Windows the program puts it in a job object, which
also ends it when the program ends. Where neither works the program's clock remains: see `client.py`.
"""

import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

MEMORY_BYTES = 1024 * 1024 * 1024
"""Address space of the process. A form of any format takes 60 to 83 MB with all that is loaded, an archive at its bound of
25 MB 216 MB (Linux, Python 3.11)."""
NICENESS = 10
"""How much it lets other processes go before it (POSIX)."""
CPU_SECONDS = 15
"""Processor time for one message."""


def restrict() -> None:
    """Bound this process for good. What the system does not know is left out.

    Whoever types at the program goes before it: where the processors are busy, reading waits.
    """
    if sys.platform != "win32":
        _restrict_posix()


def restrict_processes() -> None:
    """From here on it starts no process of its own."""
    if sys.platform != "win32":
        _bound_posix([("RLIMIT_NPROC", 0)])


def renew_cpu() -> None:
    """Give the next message its own processor time: the system counts the whole life of the process."""
    if sys.platform != "win32":
        _renew_posix()


def contain(process: Any) -> object | None:
    """Bound a process just started, where that is done from outside; returns what must live as long as it does."""
    if sys.platform == "win32":
        from intake.isolated.windows import contain as in_a_job

        return in_a_job(int(process._handle), MEMORY_BYTES)
    return None


if sys.platform != "win32":

    def _restrict_posix() -> None:
        import os

        with suppress(OSError):
            os.nice(NICENESS)

        # Nothing that is decrypted reaches the disk: not by a core dump, not by a file.
        _bound_posix([("RLIMIT_CORE", 0), ("RLIMIT_FSIZE", 0), ("RLIMIT_AS", MEMORY_BYTES)])

    def _bound_posix(bounds: Sequence[tuple[str, int]]) -> None:
        import resource

        for name, most in bounds:
            kind = getattr(resource, name, None)
            if kind is None:
                continue
            # macOS knows some of these and refuses to set them.
            with suppress(ValueError, OSError):
                _soft, hard = resource.getrlimit(kind)
                wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
                resource.setrlimit(kind, (wanted, wanted))

    def _renew_posix() -> None:
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        wanted = int(used.ru_utime + used.ru_stime) + 1 + CPU_SECONDS
        with suppress(ValueError, OSError):
            _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
            if hard != resource.RLIM_INFINITY:
                wanted = min(wanted, hard)
            resource.setrlimit(resource.RLIMIT_CPU, (wanted, hard))
