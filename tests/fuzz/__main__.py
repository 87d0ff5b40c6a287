"""The long run. See `python -m tests.fuzz --help`."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from tests.fuzz.runner import Run
from tests.fuzz.targets import TARGETS


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz",
        description="Mutated archives, mails, structures and forms, each of which must end as a referral or with a cause, within "
        "2 seconds and 200 MB. Exit status 1 when one does not.",
    )
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"of {', '.join(TARGETS)}")
    parser.add_argument("--all", action="store_true", help="all kinds with the cases of the long run")
    parser.add_argument("--cases", type=int, help="so many of each kind")
    parser.add_argument("--seed", type=int, default=20261121)
    parser.add_argument("--first", type=int, default=0, help="the number of the first case")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-found"), help="the folder for what is found")
    parser.add_argument("--file", type=Path, help="run this one case again, of the one KIND named")
    given = parser.parse_args()
    kinds = list(TARGETS) if given.all else given.kinds
    if not kinds or any(kind not in TARGETS for kind in kinds) or (given.file and len(kinds) != 1):
        parser.error("name a kind, or --all")
    if given.file:
        return subprocess.call([sys.executable, "-m", "tests.fuzz.child", kinds[0], str(given.file)])
    failed = 0
    for kind in kinds:
        cases = given.cases or TARGETS[kind].cases
        report = Run(
            kind, cases, given.seed, first=given.first, processes=given.processes, keep=given.keep
        ).run()
        print(report, flush=True)
        failed += len(report.found)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
