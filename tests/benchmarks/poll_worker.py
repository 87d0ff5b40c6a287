"""Polls in a process of their own, as the command starts it: sign in, take in what lies in the mailbox, end.

`python -m tests.benchmarks.poll_worker STORE [PROFILE]` prints a line of JSON for a poll, and one more for each line that it
reads: polls of a program that runs. Its passphrase is known, and the workstation remembers nothing. With PROFILE the first
poll is profiled into that file (`python -m pstats`).
"""

import cProfile
import json
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from intake.isolated import kept

if TYPE_CHECKING:
    from intake.desk import Desk


def main(store: Path, profile: str | None) -> None:
    # As the command does: what reads loads beside the rest.
    with kept(started=True):
        from intake.desk import open_desk
        from tests.benchmarks.making import PASSPHRASE

        desk = open_desk(store, "els", PASSPHRASE)
        watched = cProfile.Profile() if profile else None
        with watched or nullcontext():
            _poll(desk)
        if watched is not None:
            watched.dump_stats(str(profile))
        for _line in sys.stdin:
            _poll(desk)
        desk.close()


def _poll(desk: "Desk") -> None:
    busy, start = time.process_time(), time.perf_counter()
    result = desk.polling.poll()
    said = {
        "seconds": time.perf_counter() - start,
        "busy": time.process_time() - busy,
        "found": result.found,
        "imported": result.imported,
    }
    print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)
