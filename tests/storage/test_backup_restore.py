"""Putting a backup back: the log goes on, what stood there is kept, and a kill at any moment has no effect or is made good."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from storage.backup import BackupBroken, BackupOfAnother, Purpose, create, listed, read_contents
from storage.backup_file import read_files
from storage.document import read_header
from storage.draft import Draft
from storage.errors import DiskFull, LogBroken
from storage.journal import Event
from storage.keys import Signer
from storage.restoring import Present, Restored, restore
from storage.store import Store, create_store, open_store
from tests.storage.backing_up import forget_three
from tests.storage.support import Clock, keys_of

ROOT = Path(__file__).parents[2]


@pytest.fixture
def backup(store: Store, ann: Signer, clock: Clock) -> Path:
    """A backup of a store that has gone on since: D4 came in, D1 and D3 were discarded."""
    with store.transaction(ann) as tx:
        for number in range(4):
            tx.put("rows", f"D{number}", {"text": f"Kwispelaere-{number}"})
        tx.put_closed("past", "C1", {})
        tx.record(Event("filled"))
    path = create(store.location, store.location / "backups", clock(), Purpose.MANUAL)
    clock.forward(timedelta(days=1))
    with store.transaction(ann) as tx:
        tx.put("rows", "D4", {})
        tx.record(Event("import", references=("D4",)))
    for reference in ("D1", "D3"):
        with store.transaction(ann) as tx:
            tx.delete("rows", reference)
            tx.put_closed("past", reference, {})
            tx.record(Event("discarded", references=(reference,)))
    store.journal.append(ann, [Event("read", references=("D0",))])
    return path


def put_back(store: Store, path: Path, ann: Signer, clock: Clock) -> Restored:
    return restore(store.location, path, store.location / "backups", ann, forget_three, clock=clock)


def good(store: Store) -> Store:
    """The store, opened afresh, after it was restored and used once more."""
    fresh = open_store(store.location)
    assert [key for key, _ in fresh.snapshot().rows("rows")] == ["D0", "D2"]
    fresh.journal.verify(keys_of("ann"))
    return fresh


def actions(store: Store) -> list[str]:
    return [entry.action for entry in store.journal.entries()]


def test_rows_come_back_the_log_goes_on_and_what_was_discarded_stays_away(
    store: Store, backup: Path, ann: Signer, clock: Clock
) -> None:
    before = store.generation
    log = (store.location / "log" / "2026.jsonl").read_bytes()
    done = put_back(store, backup, ann, clock)
    fresh = good(store)
    assert done.generation == fresh.generation == before + 1
    assert (done.was_damaged, done.log_mended) == (False, False)
    assert (store.location / "log" / "2026.jsonl").read_bytes().startswith(log)
    assert actions(fresh) == ["filled", "import", "discarded", "discarded", "read", "restore"]
    assert list(dict(fresh.closed().rows("past"))) == ["C1", "D1", "D3"]
    aside = verify_rows(done.aside)
    assert sorted(aside) == ["D0", "D2", "D4"], "what stood there can be restored too"
    with fresh.transaction(ann) as tx:
        tx.put("rows", "D5", {})
    assert store.snapshot().get("rows", "D5") == {}, "one who had it open sees it as well"


def verify_rows(path: Path) -> dict[str, object]:
    return dict(read_contents(path).active["rows"])


@pytest.mark.parametrize("how", ["flipped", "cut", "emptied", "gone", "zeros"])
def test_a_broken_active_file_is_set_aside_untouched_and_the_backup_put_back(
    store: Store, backup: Path, ann: Signer, clock: Clock, how: str
) -> None:
    active = store.location / "active.json"
    whole = active.read_bytes()
    seen = store.generation
    broken = {
        "flipped": whole.replace(b"Kwispelaere-0", b"Kwispelaere-9"),
        "cut": whole[: len(whole) // 2],
        "emptied": b"",
        "gone": None,
        "zeros": bytes(len(whole)),
    }[how]
    active.unlink() if broken is None else active.write_bytes(broken)
    done = put_back(store, backup, ann, clock)
    fresh = good(store)
    assert done.was_damaged
    assert fresh.generation > seen
    _manifest, files = read_files(done.aside)
    assert files.get("active.json") == broken
    assert actions(fresh)[-1] == "restore"
    with fresh.transaction(ann) as tx:
        tx.record(Event("on"))


def test_a_broken_file_of_closed_matters_is_made_good(
    store: Store, backup: Path, ann: Signer, clock: Clock
) -> None:
    (closed,) = store.location.glob("closed-*.json")
    closed.write_bytes(b"x")
    done = put_back(store, backup, ann, clock)
    assert done.was_damaged
    good(store)
    assert len(list(store.location.glob("closed-*.json"))) == 1


def test_a_cut_log_goes_on_from_what_is_left_and_the_restore_is_told_in_it(
    store: Store, backup: Path, ann: Signer, clock: Clock
) -> None:
    log = store.location / "log" / "2026.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:3]) + b"garbage\n")
    with pytest.raises(LogBroken), store.transaction(ann) as tx:
        tx.put("rows", "x", {})
    done = put_back(store, backup, ann, clock)
    assert done.log_mended
    fresh = open_store(store.location)
    fresh.journal.verify(keys_of("ann"))
    # D3's entry was in the last commit of the store that still stands.
    assert actions(fresh)[:3] == ["filled", "import", "discarded"]
    assert actions(fresh)[-1] == "restore"
    assert fresh.snapshot().get("rows", "D3") is None
    with fresh.transaction(ann) as tx:
        tx.put("rows", "y", {})


def test_a_log_that_is_gone_comes_back_from_the_backup(
    store: Store, backup: Path, ann: Signer, clock: Clock
) -> None:
    for path in (store.location / "log").iterdir():
        path.unlink()
    (store.location / "active.json").unlink()
    done = put_back(store, backup, ann, clock)
    fresh = open_store(store.location)
    assert done.log_mended
    assert actions(fresh) == ["filled", "restore"]
    fresh.journal.verify(keys_of("ann"))


def test_an_edited_entry_in_the_middle_is_left_for_log_verify_to_name(
    store: Store, backup: Path, ann: Signer, clock: Clock
) -> None:
    log = store.location / "log" / "2026.jsonl"
    log.write_bytes(log.read_bytes().replace(b'"import"', b'"impart"'))
    edited = log.read_bytes()
    done = put_back(store, backup, ann, clock)
    assert (done.was_damaged, done.log_mended) == (True, False)
    assert log.read_bytes().startswith(edited)
    with pytest.raises(LogBroken):
        open_store(store.location).journal.verify(keys_of("ann"))


def test_another_stores_backup_changes_nothing(
    store: Store, backup: Path, ann: Signer, clock: Clock, tmp_path: Path
) -> None:
    other = create_store(tmp_path / "other", clock=clock)
    theirs = create(other.location, tmp_path, clock(), Purpose.MANUAL)
    before = contents(store)
    with pytest.raises(BackupOfAnother):
        put_back(store, theirs, ann, clock)
    (store.location / "active.json").write_bytes(b"broken")
    with pytest.raises(BackupOfAnother):
        put_back(store, theirs, ann, clock)
    assert {**contents(store), "active.json": b""} == {**before, "active.json": b""}


def contents(store: Store) -> dict[str, bytes]:
    return {
        str(path.relative_to(store.location)): path.read_bytes()
        for path in store.location.rglob("*")
        if path.is_file() and not path.name.startswith("lock")
    }


def test_a_store_that_is_wholly_lost_comes_back_in_an_empty_folder(
    store: Store, backup: Path, ann: Signer, clock: Clock, tmp_path: Path
) -> None:
    kept = tmp_path / backup.name
    kept.write_bytes(backup.read_bytes())
    new = tmp_path / "new"
    (new / "backups").mkdir(parents=True)
    restore(new, kept, new / "backups", ann, forget_three, clock=clock)
    fresh = open_store(new)
    assert fresh.identity == store.identity
    assert [key for key, _ in fresh.snapshot().rows("rows")] == ["D0", "D1", "D2", "D3"]
    fresh.journal.verify(keys_of("ann"))


def test_what_merge_refuses_leaves_the_store_as_it_was(
    store: Store, backup: Path, ann: Signer, clock: Clock
) -> None:
    before = contents(store)

    def refuse(draft: Draft, present: Present) -> None:
        assert present.active is not None and present.closed is not None
        raise DiskFull(location="")

    with pytest.raises(DiskFull):
        restore(store.location, backup, store.location / "backups", ann, refuse, clock=clock)
    after = contents(store)
    assert {name: after[name] for name in before} == before


@pytest.mark.parametrize("damage", ["none", "active", "log"])
def test_a_restore_killed_at_any_write_has_no_effect_or_is_completed(
    store: Store, backup: Path, ann: Signer, clock: Clock, damage: str
) -> None:
    active, log = store.location / "active.json", store.location / "log" / "2026.jsonl"
    if damage == "active":
        active.write_bytes(active.read_bytes()[:-40])
    if damage == "log":
        log.write_bytes(log.read_bytes().splitlines(keepends=True)[0])
    start = contents(store)
    ends = set()
    for die_after in range(12):
        for path in (*store.location.glob("*.json"), *(store.location / "log").iterdir()):
            path.unlink()
        for name, data in start.items():
            (store.location / name).write_bytes(data)
        worker = subprocess.run(
            [
                *(sys.executable, "-m", "tests.storage.backing_up", "restored", str(store.location)),
                *(str(backup), str(die_after)),
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if worker.returncode == 0:
            ends.add("whole")
            good(store)
            break
        assert worker.returncode == 9, worker.stderr
        committed = active.read_bytes() != start["active.json"]
        ends.add("after" if committed else "before")
        if damage == "none":
            # Either it was never begun, or the next writer completes it.
            with open_store(store.location).transaction(ann) as tx:
                tx.record(Event("on"))
            fresh = open_store(store.location)
            fresh.journal.verify(keys_of("ann"))
            assert ("restore" in actions(fresh)) is committed
            assert (fresh.snapshot().get("rows", "D4") is None) is committed
        else:
            # The same restore once more completes it.
            put_back(store, backup, ann, clock)
            good(store)
    assert ends == {"before", "after", "whole"}


def test_a_restore_waits_for_the_lock_as_any_writer(
    store: Store, backup: Path, ann: Signer, clock: Clock
) -> None:
    from storage.errors import StoreLocked

    with store.transaction(ann), pytest.raises(StoreLocked):
        restore(store.location, backup, store.location / "backups", ann, forget_three, clock=clock, wait=0.05)
    assert read_header(store.location / "active.json").generation == store.generation


def test_a_backup_that_was_tampered_with_changes_nothing(
    store: Store, backup: Path, ann: Signer, clock: Clock
) -> None:
    backup.write_bytes(backup.read_bytes().replace(b"Kwispelaere-0", b"Kwispelaere-7"))
    before = contents(store)
    with pytest.raises(BackupBroken):
        put_back(store, backup, ann, clock)
    assert contents(store) == before


def test_what_stood_there_before_can_be_put_back_again(
    store: Store, backup: Path, ann: Signer, clock: Clock
) -> None:
    first = put_back(store, backup, ann, clock)
    clock.forward(timedelta(seconds=5))
    put_back(store, first.aside, ann, clock)
    fresh = open_store(store.location)
    assert sorted(dict(fresh.snapshot().rows("rows"))) == ["D0", "D2", "D4"]
    fresh.journal.verify(keys_of("ann"))
    assert len(listed(store.location / "backups")) == 3
