"""Several processes on one store, some of which are killed."""

import random
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

from storage.errors import StoreLocked
from storage.journal import Event
from storage.keys import Signer
from storage.store import Store, open_store
from tests.storage.support import keys_of, known_ring

ROOT = Path(__file__).parents[2]
KILLED = 1 if sys.platform == "win32" else -9


def start(task: str, store: Store, user: str, number: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.storage.worker", task, str(store.location), user, str(number)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True, cwd=ROOT)


def test_four_processes_of_a_hundred_updates_lose_none(store: Store) -> None:
    users = ("ann", "bob", "eva", "jan")
    workers = [start("count", store, user, 100) for user in users]
    for worker in workers:
        output, _ = worker.communicate(timeout=100)
        assert output == "done\n"
    snapshot = store.snapshot()
    assert snapshot.get("counters", "all") == {"value": 400}
    assert len(snapshot.rows("steps")) == 400
    assert store.generation == 400
    assert store.journal.verify(keys_of(*users)).entries == 400


def test_a_reader_never_sees_half_a_write(store: Store) -> None:
    worker = start("pairs", store, "ann", 150)
    seen = set()
    last = past = 0
    while worker.poll() is None:
        snapshot = store.snapshot()
        left, right = snapshot.get("left", "x"), snapshot.get("right", "x")
        if left is None or right is None:
            assert left is right
            continue
        assert left["step"] == right["step"] == snapshot.generation >= last
        last = left["step"]
        closed = store.closed().get("past", "x")
        assert closed is None or past <= closed["step"] <= store.generation
        past = closed["step"] if closed else past
        seen.add(last)
    worker.communicate()
    assert worker.returncode == 0
    assert len(seen) > 5
    assert store.snapshot().generation == 150
    assert store.closed().get("past", "x") == {"step": 150}


def test_thirty_kills_lose_nothing_acknowledged_and_leave_log_and_store_agreed(
    store: Store, ann: Signer
) -> None:
    chance = random.Random(20261102)
    rows: set[str] = set()
    reads: set[str] = set()
    with store.transaction(ann) as tx:
        for number in range(150):
            tx.put("ballast", f"{number:04d}", {"text": "b" * 900})
    for round_number in range(30):
        worker = start("until_killed", store, "ann", 10_000 * round_number)
        assert worker.stdout is not None
        first = worker.stdout.readline()
        # The moment is anywhere in the few milliseconds that one commit takes, or in the one after it.
        killer = threading.Timer(chance.uniform(0, 0.025), worker.kill)
        killer.start()
        acknowledged = [first, *worker.stdout.readlines()]
        killer.join()
        worker.communicate()
        assert worker.returncode == KILLED
        for kind, key in (line.split() for line in acknowledged if line.endswith("\n")):
            (rows if kind == "row" else reads).add(key)

        fresh = open_store(store.location)
        stored = {key for key, _ in fresh.snapshot().rows("rows")}
        past = {key for key, _ in fresh.closed().rows("past")}
        assert rows <= stored
        assert past == {key for key in stored if int(key[1:]) % 4 == 0}
        fresh.journal.verify(keys_of("ann"))
        with fresh.transaction(ann) as tx:
            tx.put("rounds", str(round_number), {})
        entries = list(fresh.journal.entries())
        logged = Counter(entry.references[0] for entry in entries if entry.action == "put")
        assert logged == Counter(stored)
        assert reads <= {entry.references[0] for entry in entries if entry.action == "read"}
        assert not list(fresh.location.rglob("*.tmp"))
        assert len(list(fresh.location.glob("closed-*.json"))) <= 1
    assert len(rows) >= 30


@pytest.mark.parametrize("missing_bytes", [0, 40, 700])
def test_a_kill_between_commit_and_log_is_made_good_from_the_outbox(
    store: Store, ann: Signer, missing_bytes: int
) -> None:
    worker = start("killed_before_the_log", store, "ann", missing_bytes)
    worker.communicate(timeout=30)
    assert worker.returncode == 9
    assert store.snapshot().get("rows", "K1") == {"step": 1}
    assert len(list(store.journal.entries())) < 2
    assert store.journal.verify(keys_of("ann")).entries == 2

    store.journal.append(ann, [Event("read", references=("K1",))])
    assert [entry.action for entry in store.journal.entries()] == ["put", "put", "read"]
    assert store.journal.verify(keys_of("ann")).entries == 3


def test_who_holds_the_lock_and_since_when_is_told(store: Store, ann: Signer) -> None:
    worker = start("hold", store, "bob", 0)
    assert worker.stdout is not None
    assert worker.stdout.readline() == "held\n"
    with pytest.raises(StoreLocked) as refusal, store.transaction(ann, wait=0.05):
        pass
    assert str(refusal.value.values["holder"]).startswith("bob")
    assert str(refusal.value.values["since"]).startswith("20")
    assert store.snapshot().generation == 0, "reading needs no lock"
    worker.communicate("\n")
    with store.transaction(ann, wait=5) as tx:
        tx.put("rows", "a", {})
    assert store.generation == 1


def test_threads_of_one_program_wait_for_each_other(store: Store) -> None:
    def add(user: str) -> None:
        own = open_store(store.location)
        for _ in range(20):
            with own.transaction(known_ring(user).signer(user)) as tx:
                tx.put("counters", "all", {"value": (tx.get("counters", "all") or {"value": 0})["value"] + 1})

    threads = [threading.Thread(target=add, args=(user,)) for user in ("ann", "bob", "eva")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.snapshot().get("counters", "all") == {"value": 60}
