"""How long a command takes: by the clock, and by the processor, which other work on the machine changes little. Linux."""

import ctypes
import os
import resource
import subprocess
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

__all__ = ["Taken", "timed"]

_SET_CHILD_SUBREAPER = 36
"""prctl(2)."""


class Taken(NamedTuple):
    """Seconds by the clock, and seconds of processor time of the command with all it started."""

    clock: float
    processor: float


def timed(words: list[str], *, env: dict[str, str], cwd: Path | None = None) -> tuple[bytes, Taken]:
    """Run a command; what it printed, and what it took. Raises CalledProcessError where it fails."""
    _inherit_orphans()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = perf_counter()
    done = subprocess.run(
        words, stdin=subprocess.DEVNULL, capture_output=True, check=True, timeout=300, env=env, cwd=cwd
    )
    clock = perf_counter() - start
    _bury_orphans()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done.stdout, Taken(clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def _inherit_orphans() -> None:
    """What a command started and did not wait for comes to us at its end, so that its time counts as well."""
    if ctypes.CDLL(None, use_errno=True).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def _bury_orphans() -> None:
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                return
        except ChildProcessError:
            return
