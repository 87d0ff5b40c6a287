"""A workstation of its own for the tests: run as a program, it uses the store that others use too.

`python -m tests.storage.worker TASK FOLDER USER NUMBER`; it prints one line for each thing that is acknowledged.
"""

import os
import sys
from pathlib import Path

from storage import journal
from storage.errors import Refusal
from storage.journal import Event
from storage.store import Store, open_store
from tests.storage.support import known_ring


def count(store: Store, user: str, number: int) -> None:
    signer = known_ring(user).signer(user)
    for step in range(number):
        with store.transaction(signer, wait=60) as tx:
            row = dict(tx.get("counters", "all") or {"value": 0})
            row["value"] += 1
            tx.put("counters", "all", row)
            tx.put("steps", f"{user}-{step:04d}", {"step": step})
            tx.record(Event("counted", references=(f"{user}-{step:04d}",)))
    print("done", flush=True)


def pairs(store: Store, user: str, number: int) -> None:
    signer = known_ring(user).signer(user)
    for step in range(1, number + 1):
        with store.transaction(signer, wait=60) as tx:
            tx.put("left", "x", {"step": step, "text": "l" * (step * 37 % 5000)})
            tx.put("right", "x", {"step": step})
            if step % 3 == 0:
                tx.put_closed("past", "x", {"step": step})
    print("done", flush=True)


def until_killed(store: Store, user: str, number: int) -> None:
    """Commit and log without end; a line is printed only after the store has acknowledged."""
    signer = known_ring(user).signer(user)
    step = number
    while True:
        step += 1
        key = f"K{step:07d}"
        with store.transaction(signer, wait=60) as tx:
            tx.put("rows", key, {"step": step, "text": "x" * 900})
            if step % 4 == 0:
                tx.put_closed("past", key, {"step": step})
            tx.record(Event("put", references=(key,)))
        print("row", key, flush=True)
        if step % 3 == 0:
            store.journal.append(signer, [Event("read", references=(key,))])
            print("log", key, flush=True)


def killed_before_the_log(store: Store, user: str, number: int) -> None:
    """Die with the commit done and none, or half of the last, of its log lines written."""

    def die(path: Path, data: bytes) -> None:
        if number:
            with path.open("ab") as file:
                file.write(data[: len(data) - number])
        os._exit(9)

    setattr(journal, "append_durably", die)  # noqa: B010 - it is not the journal's to offer
    with store.transaction(known_ring(user).signer(user)) as tx:
        tx.put("rows", "K1", {"step": 1})
        tx.record(Event("put", references=("K1",)))
        tx.record(Event("put", references=("K1", "again")))


def hold(store: Store, user: str, number: int) -> None:
    with store.transaction(known_ring(user).signer(user)):
        print("held", flush=True)
        sys.stdin.readline()


def refused(store: Store, user: str, number: int) -> None:
    """Print the errors of a big commit and of a log entry; `number` bounds the size of a file, 0 forbids writing."""
    if number:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (number, number))
    elif os.geteuid() == 0:
        os.setuid(65534)
    signer = known_ring(user).signer(user)
    assert store.snapshot().get("rows", "kept") == {"step": 0}
    try:
        with store.transaction(signer) as tx:
            tx.put("rows", "big", {"text": "x" * 200_000})
            tx.record(Event("put", references=("big",)))
        print("committed", flush=True)
    except Refusal as error:
        print(type(error).__name__, store.snapshot().get("rows", "big"), flush=True)
    try:
        store.journal.append(signer, [Event("read", reason="r" * 2000)] * 100)
        print("logged", flush=True)
    except Refusal as error:
        print(type(error).__name__, flush=True)


if __name__ == "__main__":
    task, folder, user, number = sys.argv[1:]
    globals()[task](open_store(Path(folder)), user, int(number))
