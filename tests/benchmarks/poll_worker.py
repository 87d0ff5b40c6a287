"""One poll in a process of its own, as a scheduler starts it: sign in, take in what lies in the mailbox, end.

`python -m tests.benchmarks.poll_worker STORE [PROFILE]` prints one line of JSON. Its passphrase is known, and the workstation
remembers nothing. With PROFILE the poll is profiled into that file (`python -m pstats`).
"""

import cProfile
import json
import sys
import time
from pathlib import Path

from intake.isolated import kept


def main(store: Path, profile: str | None) -> None:
    # As the command does: what reads loads beside the rest.
    with kept(started=True):
        from intake.desk import open_desk
        from tests.benchmarks.making import PASSPHRASE

        desk = open_desk(store, "els", PASSPHRASE)
        watched = cProfile.Profile() if profile else None
        busy = time.process_time()
        if watched is not None:
            watched.enable()
        result = desk.polling.poll()
        if watched is not None:
            watched.disable()
            watched.dump_stats(str(profile))
        busy = time.process_time() - busy
        said = {"seconds": result.seconds, "busy": busy, "found": result.found, "imported": result.imported}
        print(json.dumps(said), flush=True)
        desk.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)
