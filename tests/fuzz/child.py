"""Runs cases one after the other under a bound of memory, and says what it begins and how that ended.

`python -m tests.fuzz.child KIND SAMPLES SEED FIRST PAST STEP` (SAMPLES is a file of `runner.py`) prints `> NUMBER` before a
case and one line of JSON after it: outcome, processor seconds, and by how many bytes memory grew at its highest. With FILE in
place of a number a single case is read from it.
"""

import json
import pickle
import sys
import time
import traceback
from pathlib import Path

from tests.fuzz.targets import TARGETS, Target, case_of

MEMORY_GUARD = 1024 * 1024 * 1024
"""Bytes of address space that a child has; with it a case that asks for all there is ends by itself."""
_STATUS, _RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def guard() -> None:
    """Bound the address space, where the system knows such a bound."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_GUARD, MEMORY_GUARD))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _memory(name: str) -> int:
    """VmRSS or VmHWM of this process in bytes; 0 where the system does not tell."""
    try:
        text = _STATUS.read_text(encoding="ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith(name)), 0)


def _forget_the_peak() -> None:
    try:
        _RESET.write_text("5", encoding="ascii")
    except OSError:
        return


def measured(target: Target, data: bytes) -> dict[str, object]:
    """How one case ended and what it cost."""
    _forget_the_peak()
    before = _memory("VmRSS")
    begun = time.process_time()
    failed = ""
    try:
        outcome = target.run(data)
    except Exception as error:  # noqa: BLE001 - whatever comes out is what is looked for
        outcome, failed = type(error).__name__, "".join(traceback.format_exception(error)[-3:])
    taken = time.process_time() - begun
    return {
        "outcome": outcome,
        "failed": failed,
        "seconds": round(taken, 4),
        "bytes": max(0, _memory("VmHWM") - before),
    }


def main(kind: str, file: str, *numbers: str) -> None:
    target = TARGETS[kind]
    data = Path(file).read_bytes()
    guard()
    if not numbers:
        print(json.dumps(measured(target, data)), flush=True)
        return
    found: list[bytes] = pickle.loads(data)
    target.run(found[0])  # what is imported at the first is not the case's
    seed, first, past, step = map(int, numbers)
    for number in range(first, past, step):
        case = case_of(kind, found, seed, number)
        print(">", number, flush=True)
        print(json.dumps(measured(target, case)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
