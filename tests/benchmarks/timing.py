"""How long a command takes: by the clock, and by the processor, which other work on the machine changes little."""

import resource
import subprocess
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

__all__ = ["Taken", "timed"]


class Taken(NamedTuple):
    """Seconds by the clock, and seconds of processor time of the command with all it started."""

    clock: float
    processor: float


def timed(words: list[str], *, env: dict[str, str], cwd: Path | None = None) -> tuple[bytes, Taken]:
    """Run a command; what it printed, and what it took. Raises CalledProcessError where it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = perf_counter()
    done = subprocess.run(
        words, stdin=subprocess.DEVNULL, capture_output=True, check=True, timeout=300, env=env, cwd=cwd
    )
    clock = perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done.stdout, Taken(clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
