"""Killed at random moments during polls and steps: nothing acknowledged is lost, nothing doubled, nothing unreadable.

OCMW_INTAKE_KILLS says how many kills; 300 take some minutes, CI does 60. `pytest -n 0 tests/benchmarks/test_kills.py`
"""

import os
import random
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from intake.desk.reading import Scope
from intake.rows import REFERRALS
from storage.directory import Directory
from storage.store import Store, create_store, open_store
from tests.benchmarks.worker import Workstation
from tests.intake.desk.conftest import DeskOffice
from tests.storage.support import keys_of
from tests.storage.test_store_many_hands import start

KILLS = int(os.environ.get("OCMW_INTAKE_KILLS", "300"))
MAILS_A_ROUND = 2


@pytest.mark.timeout(300)
def test_four_processes_of_two_hundred_updates_lose_none(tmp_path: Path) -> None:
    store: Store = create_store(tmp_path / "store")
    users = ("ann", "bob", "eva", "jan")
    workers = [start("count", store, user, 200) for user in users]
    for worker in workers:
        output, _ = worker.communicate(timeout=280)
        assert output == "done\n"
    assert store.snapshot().get("counters", "all") == {"value": 800}
    assert len(store.snapshot().rows("steps")) == store.generation == 800
    assert store.journal.verify(keys_of(*users)).entries == 800
    store.close()


@pytest.mark.timeout(60 + 10 * KILLS)
def test_kills_during_polls_and_steps_lose_double_and_break_nothing(office: DeskOffice) -> None:
    chance = random.Random(20261121)
    acknowledged: dict[str, int] = {}
    killed, told = 0, 0
    delivered, window = _undisturbed(office)
    for number in range(KILLS):
        for _ in range(MAILS_A_ROUND):
            office.send()
            delivered += 1
        worker = _working(office, number)
        # Anywhere from the scan of the mailbox to some steps later.
        killer = threading.Timer(chance.uniform(0.0, window), worker.kill)
        killer.start()
        for _kind, reference, version in worker.lines():
            acknowledged[reference] = max(version, acknowledged.get(reference, 0))
            told += 1
        killer.join()
        killed += worker.killed()
        _none_lost(office, acknowledged)
    assert killed == KILLS
    assert told > KILLS

    result = office.lead.polling.poll()
    assert result.found == result.imported + result.quarantined + result.known
    lines_now = office.lead.work.worklist(Scope.ALL)
    assert len(lines_now) == delivered
    assert all(line.client is not None for line in lines_now)
    imports = Counter(e.references for e in office.store.journal.entries() if e.action == "import")
    assert set(imports.values()) == {1}
    assert len(imports) == delivered
    assert office.in_folder("INBOX") == []
    print(f"\n{killed} kills, {told} acknowledged writes, {delivered} mails: 0 lost, 0 doubled, 0 unreadable")


def _working(office: DeskOffice, number: int) -> Workstation:
    """A workstation that has signed in and goes on polling and working."""
    return Workstation.start(office.store.location, "els", "vier groene fietsen", number)


def _undisturbed(office: DeskOffice) -> tuple[int, float]:
    """The mails of one round that goes on for four writes, and twice the seconds that took on this machine."""
    for _ in range(MAILS_A_ROUND):
        office.send()
    worker = _working(office, KILLS)
    started = time.monotonic()
    for _ in zip(range(4), worker.lines(), strict=False):
        pass
    taken = time.monotonic() - started
    worker.kill()
    worker.killed()
    return MAILS_A_ROUND, 2 * taken


def _none_lost(office: DeskOffice, acknowledged: dict[str, int]) -> None:
    store = open_store(office.store.location)
    snapshot = store.snapshot()
    rows = dict(snapshot.rows(REFERRALS))
    lost = [r for r, version in acknowledged.items() if r not in rows or rows[r]["version"] < version]
    assert lost == []
    store.journal.verify(Directory.load(snapshot).signing_key)
    attempts = Counter(e.references[0] for e in store.journal.entries() if e.action == "attempt")
    store.close()
    # Each step stands in the log exactly once, one that was committed without being acknowledged too; the last entries
    # may still be in the outbox of the commit that was cut short.
    for reference, row in rows.items():
        assert len(row["attempts"]) - 1 <= attempts[reference] <= len(row["attempts"])
