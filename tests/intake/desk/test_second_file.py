"""Closed case files lie in the second file, and every use case still finds them; the first works when the folder is gone."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from threading import Event as Flag
from threading import Thread

import pytest

from intake.desk import Desk
from intake.desk.desk import desk_for
from intake.desk.placing import place_referral
from intake.desk.reading import Scope
from intake.desk.staff import first_sign_in
from intake.referral import State
from intake.rows import REFERRALS
from intake.staff import Role
from storage.errors import RowNotGenuine, StorageError, StoreLocked, StoreMissing
from storage.files import file_lock
from storage.keybook import KeyBook, book_file
from storage.sealing import receivers_of, sign_row
from storage.store import open_store
from tests.benchmarks.making import CHEAP, fill, office

CLOSED = "D2026-00003"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Two referrals that are worked on and two case files that are open."""
    desk = office(tmp_path)
    fill(desk, 2)
    fill(desk, 2, State.CASE_OPEN, first=3)
    yield desk
    desk.close()


def references(desk: Desk, scope: Scope) -> list[str]:
    return [line.referral.reference for line in desk.work.worklist(scope)]


def test_a_closed_case_file_moves_to_the_second_file_and_is_found_there(desk: Desk) -> None:
    desk.cases.close(CLOSED, date(2026, 11, 3))
    store = desk.office.store
    assert store.snapshot().get(REFERRALS, CLOSED) is None
    assert [key for key, _row in store.closed().rows(REFERRALS)] == [CLOSED]
    assert references(desk, Scope.OPEN) == ["D2026-00001", "D2026-00002", "D2026-00004"]
    assert references(desk, Scope.CLOSED) == [CLOSED]
    assert references(desk, Scope.ALL) == ["D2026-00001", "D2026-00002", CLOSED, "D2026-00004"]
    assert desk.work.open(CLOSED, "asked by the client").payload.client.last_name == "Achternaam3"
    plan = desk.retention.plan()
    assert [(due.reference, due.on) for due in plan.later] == [(CLOSED, date(2036, 11, 3))]
    assert desk.log.seen_by(CLOSED)


def test_steps_on_open_referrals_leave_the_second_file_alone(desk: Desk) -> None:
    desk.cases.close(CLOSED, date(2026, 11, 3))
    (file,) = desk.office.store.location.glob("closed-*.json")
    before = (file.stat().st_ino, file.stat().st_mtime_ns)
    desk.work.take("D2026-00001")
    desk.work.assign(["D2026-00002"], "els")
    (same,) = desk.office.store.location.glob("closed-*.json")
    assert (same, same.stat().st_ino, same.stat().st_mtime_ns) == (file, *before)


def test_a_new_team_lead_reads_what_was_closed_before(desk: Desk) -> None:
    desk.cases.close(CLOSED, date(2026, 11, 3))
    code = desk.staff.add("mia", [Role.TEAM_LEAD], cost=CHEAP)
    day = desk.office.today()
    session = first_sign_in(desk.office.store, "mia", code, "zeven blauwe wafels hier", day, cost=CHEAP)
    mia = desk_for(desk.office.store, session, desk.office.clock)
    (line,) = mia.work.worklist(Scope.CLOSED)
    assert line.client is not None
    row = desk.office.store.closed().get(REFERRALS, CLOSED)
    assert row is not None
    assert "mia" in receivers_of(row["sealed"])
    assert desk.office.store.snapshot().get(REFERRALS, CLOSED) is None


def test_a_row_is_never_in_both_files(desk: Desk) -> None:
    desk.cases.close(CLOSED, date(2026, 11, 3))
    signer = desk.office.session.signer
    with desk.office.store.transaction(signer) as tx:
        job = {"reference": CLOSED, "state": State.DISCARDING.value, "cause": ""}
        place_referral(tx, CLOSED, sign_row(job, signer, REFERRALS, CLOSED))
    assert desk.office.store.closed().rows(REFERRALS) == []
    assert [w.reference for w in desk.retention.plan().waiting] == [CLOSED]


def test_an_altered_row_of_the_second_file_is_refused(desk: Desk) -> None:
    desk.cases.close(CLOSED, date(2026, 11, 3))
    with desk.office.store.transaction(desk.office.session.signer) as tx:
        row = tx.get_closed(REFERRALS, CLOSED)
        assert row is not None
        tx.put_closed(REFERRALS, CLOSED, {**row, "case_closed_on": "2006-11-03"})
    with pytest.raises(RowNotGenuine):
        desk.retention.plan()
    with pytest.raises(RowNotGenuine):
        desk.work.worklist(Scope.ALL)


# -- when the folder or the lock is not to be had -----------------------------------------------------------------------


def test_with_the_folder_gone_the_worklist_goes_on_and_steps_are_refused(desk: Desk) -> None:
    before = desk.work.worklist(Scope.OPEN)
    folder = desk.office.store.location
    away = folder.rename(folder.with_name("away"))
    assert desk.work.worklist(Scope.OPEN) == before
    assert isinstance(desk.office.trouble, StoreMissing)
    with pytest.raises(StorageError):
        desk.work.take("D2026-00001")
    with pytest.raises(StorageError):
        desk.work.open("D2026-00001")  # no log, no text
    away.rename(folder)
    assert desk.work.worklist(Scope.OPEN) == before
    assert desk.office.trouble is None
    assert desk.work.take("D2026-00001").assigned_to == "els"


def test_while_another_holds_the_lock_what_was_shown_stays_and_nothing_new_is_shown(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.journal._WAIT", 0.05)
    desk.work.worklist()
    fill(desk, 1, first=9)
    held, done = Flag(), Flag()

    def hold() -> None:
        with file_lock(desk.office.store.location / "lock", 1, holder="jan"):
            held.set()
            done.wait(20)

    thread = Thread(target=hold)
    thread.start()
    assert held.wait(5)
    try:
        shown = {line.referral.reference: line.client is not None for line in desk.work.worklist()}
        assert isinstance(desk.office.trouble, StoreLocked)
        fresh = desk_for(open_store(desk.office.store.location), desk.office.session, desk.office.clock)
        with pytest.raises(StoreLocked) as refusal:
            fresh.work.worklist()
    finally:
        done.set()
        thread.join()
    assert shown.pop("D2026-00009") is False
    assert all(shown.values())
    assert str(refusal.value.values["holder"]).startswith("jan")
    assert all(line.client is not None for line in desk.work.worklist())


# -- what a workstation need not do twice -------------------------------------------------------------------------------


def again(desk: Desk, memory: Path) -> Desk:
    store = open_store(desk.office.store.location)
    return desk_for(store, desk.office.session, desk.office.clock, memory=memory)


def test_a_second_start_neither_verifies_nor_unseals_again(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = tmp_path / "memory"
    first = again(desk, memory)
    lines = first.work.worklist()
    first.close()
    second = again(desk, memory)
    assert second.office.session.ring.user == "els"

    def never(*_arguments: object) -> bytes:
        raise AssertionError("opened again")

    with monkeypatch.context() as patch:
        patch.setattr("intake.desk.office.record_key_of", never)
        assert second.work.worklist() == lines
    desk.work.take("D2026-00001")
    assert len(second.work.worklist()) == len(lines)
    second.close()


def test_the_key_book_trusts_no_row_that_differs_in_anything(desk: Desk, tmp_path: Path) -> None:
    memory = tmp_path / "memory"
    first = again(desk, memory)
    first.work.worklist()
    first.close()
    (row,) = [r for k, r in desk.office.store.snapshot().rows(REFERRALS) if k == "D2026-00001"]
    signature = row["signed"]["signature"]
    other = ("A" if signature[0] != "A" else "B") + signature[1:]
    for change in ({"state": "declined"}, {"signed": {**row["signed"], "signature": other}}):
        with desk.office.store.transaction(desk.office.session.signer) as tx:
            tx.put(REFERRALS, "D2026-00001", {**row, **change})
        with pytest.raises(RowNotGenuine):
            again(desk, memory).work.worklist()


def test_the_key_book_is_for_its_user_its_store_and_nobody_else(desk: Desk, tmp_path: Path) -> None:
    memory = tmp_path / "memory"
    first = again(desk, memory)
    first.work.worklist()
    first.close()
    ring, store = desk.office.session.ring, desk.office.store
    file = book_file(memory, store.location, "els")
    data = file.read_bytes()
    digests = [
        first.office.verified(r, REFERRALS, k, first.office.directory)
        for k, r in store.snapshot().rows(REFERRALS)
    ]
    assert all(digest in KeyBook(ring, store.identity, file) for digest in digests)
    assert not any(digest in data for digest in digests)
    assert b"Achternaam" not in data
    assert digests[0] not in KeyBook(ring, "0" * 32, file)
    from storage.keys import new_key_ring

    assert digests[0] not in KeyBook(new_key_ring("els"), store.identity, file)
    for place in (0, 20, len(data) - 1):
        file.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        assert digests[0] not in KeyBook(ring, store.identity, file)
    file.write_bytes(b"")
    assert digests[0] not in KeyBook(ring, store.identity, file)


def test_what_is_gone_from_the_store_leaves_the_key_book(desk: Desk, tmp_path: Path) -> None:
    memory = tmp_path / "memory"
    first = again(desk, memory)
    first.work.worklist()
    first.close()
    file = book_file(memory, desk.office.store.location, "els")
    size = file.stat().st_size
    with desk.office.store.transaction(desk.office.session.signer) as tx:
        tx.delete(REFERRALS, "D2026-00001")
    second = again(desk, memory)
    second.work.worklist()
    second.close()
    assert file.stat().st_size == size - 64
