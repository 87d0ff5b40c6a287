"""A backup is one file with a consistent set; what is not whole is not used; one is made each day and none kept too long."""

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import orjson
import pytest

from storage.backup import (
    BackupBroken,
    BackupMissing,
    BackupNewer,
    BackupOfAnother,
    Purpose,
    create,
    expunge,
    listed,
    read_contents,
    verify,
)
from storage.backup_days import DailyBackup, Plan, prune
from storage.backup_file import Manifest, _check, pack, read_files
from storage.draft import Draft
from storage.errors import DirectoryNotGenuine, StoreBroken
from storage.journal import Event
from storage.rows import canonical
from storage.store import Store, create_store, open_store
from tests.storage.support import Clock, Office

CANARY = "Kwispelaere"


def fill(office: Office, count: int = 3) -> None:
    with office.store.transaction(office.lead.signer) as tx:
        for number in range(count):
            tx.put("rows", f"D{number}", {"number": number, "text": f"{CANARY}-{number}"})
        tx.put_closed("past", "C1", {"number": 1})
        tx.record(Event("filled"))
    office.store.journal.append(office.lead.signer, [Event("read", references=("D1",))])


def made(office: Office, clock: Clock) -> Path:
    folder = office.store.location / "backups"
    return create(office.store.location, folder, clock(), Purpose.MANUAL)


def test_a_backup_holds_rows_closed_matters_and_the_whole_log(office: Office, clock: Clock) -> None:
    fill(office)
    path = made(office, clock)
    contents = verify(path, office.store.identity)
    assert contents.manifest.generation == office.store.generation
    assert contents.active["rows"] == dict(office.store.snapshot().rows("rows"))
    assert contents.closed["past"] == {"C1": {"number": 1}}
    assert contents.head == office.store.journal.head
    assert [entry for _, entry in contents.entries()] == list(office.store.journal.entries())


def test_a_backup_is_named_by_moment_and_generation_and_listed_newest_first(
    office: Office, clock: Clock
) -> None:
    one = made(office, clock)
    clock.forward(timedelta(days=1))
    fill(office)
    two = made(office, clock)
    assert one.name == f"backup-{office.store.identity[:8]}-20261102T093000Z-g00000005.zip"
    found = listed(one.parent, office.store.identity)
    assert [item.path for item in found] == [two, one]
    assert [item.generation for item in found] == [6, 5]
    assert listed(one.parent / "nowhere") == []


def test_a_line_of_the_log_that_was_never_finished_is_not_in_it(office: Office, clock: Clock) -> None:
    fill(office)
    with (office.store.location / "log" / "2026.jsonl").open("ab") as file:
        file.write(b'{"seq":')
    assert verify(made(office, clock)).head == office.store.journal.head


def test_a_damaged_store_makes_no_backup_and_leaves_nothing(office: Office, clock: Clock) -> None:
    fill(office)
    for name in ("active.json", f"closed-{office.store.generation}.json"):
        path = office.store.location / name
        whole = path.read_bytes()
        path.write_bytes(whole.replace(b'"number":1', b'"number":7'))
        with pytest.raises(StoreBroken):
            made(office, clock)
        path.write_bytes(whole)
    assert listed(office.store.location / "backups") == []


def test_the_whole_of_a_kill_during_a_backup_is_a_temp_file_that_the_next_one_removes(
    office: Office, clock: Clock
) -> None:
    fill(office)
    worker = subprocess.run(
        [sys.executable, "-m", "tests.storage.backing_up", "killed", str(office.store.location)], check=False
    )
    assert worker.returncode == 9
    folder = office.store.location / "backups"
    assert listed(folder) == []
    assert list(folder.glob(".*.tmp"))
    verify(made(office, clock))
    assert not list(folder.glob(".*.tmp"))


def changed(path: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """Another zip in its place, with the files that `change` leaves and the manifest as it was."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        archive.comment = bytes(64)
    data = out.getvalue()[:-64]
    path.write_bytes(data + sha256(data).hexdigest().encode())


def _edit(name: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        assert old in files[name]
        files[name] = files[name].replace(old, new)

    return change


def _manifest(**values: object) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        content = orjson.loads(files["manifest.json"]) | values
        del content["check"]
        files["manifest.json"] = canonical({**content, "check": _check(content)})

    return change


TAMPERINGS: dict[str, Callable[[dict[str, bytes]], None]] = {
    "a row": _edit("active.json", b'"number":1', b'"number":7'),
    "a log entry": _edit("log/2026.jsonl", b'"filled"', b'"fulled"'),
    "the manifest": _edit("manifest.json", b'"generation":6', b'"generation":7'),
    "a file left out": lambda files: files.pop("log/head.json") and None,
    "a file added": lambda files: files.update({"log/2025.jsonl": b""}),
    "a way out of the folder": lambda files: files.update({"../evil": b""}),
    "no manifest": lambda files: files.pop("manifest.json") and None,
    "a generation that is not the store's": _manifest(generation=7),
    "a made-up format": _manifest(format="2"),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_a_tampered_backup_is_refused(office: Office, clock: Clock, what: str) -> None:
    fill(office)
    path = made(office, clock)
    changed(path, TAMPERINGS[what])
    with pytest.raises(BackupBroken):
        read_contents(path)


def test_a_log_that_is_cut_with_digests_made_right_is_refused(office: Office, clock: Clock) -> None:
    fill(office)
    path = made(office, clock)
    manifest, files = read_files(path)
    log = files["log/2026.jsonl"]
    files["log/2026.jsonl"] = log[: log.rindex(b"\n", 0, -1) + 1]
    path.write_bytes(pack(manifest, files))
    with pytest.raises(BackupBroken):
        read_contents(path)


def test_a_log_entry_that_somebody_else_signed_is_found_by_verify(office: Office, clock: Clock) -> None:
    fill(office)
    stranger = create_store(office.store.location.parent / "other", clock=clock)
    assert stranger.identity != office.store.identity
    from tests.storage.support import known_ring

    office.store.journal.append(known_ring("eva").signer("Eva"), [Event("read")])
    path = made(office, clock)
    read_contents(path)
    with pytest.raises(BackupBroken):
        verify(path)


@pytest.mark.parametrize("place", [0, 40, -1])
def test_a_torn_or_longer_file_is_refused(office: Office, clock: Clock, place: int) -> None:
    fill(office)
    path = made(office, clock)
    whole = path.read_bytes()
    for data in (whole[:-1], whole[: len(whole) // 2], b"", whole[:place] + b"\xff" + whole[place:]):
        path.write_bytes(data)
        with pytest.raises(BackupBroken):
            read_contents(path)


def test_every_flipped_byte_is_noticed(office: Office, clock: Clock) -> None:
    fill(office)
    path = made(office, clock)
    whole = path.read_bytes()
    for place in range(0, len(whole), 97):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        with pytest.raises(BackupBroken):
            read_files(path)


def test_a_zip_that_swells_is_refused_before_it_is_unpacked(office: Office, clock: Clock) -> None:
    path = made(office, clock)
    manifest, files = read_files(path)
    files["log/2027.jsonl"] = bytes(64 << 20)
    path.write_bytes(pack(manifest, files))
    assert path.stat().st_size < 1 << 20
    with pytest.raises(BackupBroken):
        read_files(path)


def test_a_zip_with_too_many_files_is_refused(office: Office, clock: Clock) -> None:
    path = made(office, clock)
    changed(path, lambda files: files.update({f"log/{number:04d}.jsonl": b"" for number in range(300)}))
    with pytest.raises(BackupBroken):
        read_files(path)


def test_another_stores_a_newer_and_a_missing_backup_have_errors_of_their_own(
    office: Office, clock: Clock
) -> None:
    path = made(office, clock)
    with pytest.raises(BackupOfAnother):
        read_contents(path, "0" * 32)
    with pytest.raises(DirectoryNotGenuine):
        verify(path, trusted="0" * 40)
    with pytest.raises(BackupMissing):
        read_contents(path.with_name("nothing.zip"))
    changed(path, _manifest(format=2))
    with pytest.raises(BackupNewer):
        read_contents(path)


# -- every day -----------------------------------------------------------------------------------------------------


def guarded(office: Office, folder: Path, days: int = 30) -> DailyBackup:
    daily = DailyBackup(office.store.location, office.store.identity, lambda: Plan(folder, days))
    office.store.guard(daily.before_write)
    return daily


def step(store: Store, office: Office, name: str) -> None:
    with store.transaction(office.lead.signer) as tx:
        tx.put("steps", name, {})


def test_the_first_change_of_a_day_is_preceded_by_one_backup_and_no_other(
    office: Office, clock: Clock
) -> None:
    folder = office.store.location / "backups"
    guarded(office, folder)
    office.store.journal.append(office.lead.signer, [Event("read")])
    with office.store.transaction(office.lead.signer):
        pass
    assert listed(folder) == [], "nothing was changed yet"
    step(office.store, office, "one")
    clock.forward(timedelta(hours=3))
    step(office.store, office, "two")
    another = open_store(office.store.location, clock=clock)
    other = DailyBackup(another.location, another.identity, lambda: Plan(folder, 30))
    another.guard(other.before_write)
    step(another, office, "three")
    (backup,) = listed(folder)
    assert "steps" not in verify(backup.path).active
    clock.forward(timedelta(hours=12))
    step(office.store, office, "four")
    assert len(listed(folder)) == 2
    assert set(verify(listed(folder)[0].path).active["steps"]) == {"one", "two", "three"}


def test_backups_past_their_days_go_and_the_newest_never(office: Office, clock: Clock) -> None:
    folder = office.store.location / "backups"
    guarded(office, folder, days=30)
    for _ in range(40):
        step(office.store, office, "x")
        clock.forward(timedelta(days=1))
    days = [item.made_at.date() for item in listed(folder)]
    assert len(days) == 31
    assert (days[0] - days[-1]).days == 30
    clock.forward(timedelta(days=400))
    prune(folder, office.store.identity, 30, clock().date())
    assert [item.made_at.date() for item in listed(folder)] == days[:1]


def test_what_is_not_ours_is_never_pruned(office: Office, clock: Clock, tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    other = create_store(tmp_path / "other", clock=clock)
    theirs = create(other.location, folder, clock(), Purpose.MANUAL)
    (folder / "notes.txt").write_text("kept")
    mine = create(office.store.location, folder, clock(), Purpose.MANUAL)
    clock.forward(timedelta(days=100))
    guarded(office, folder)
    step(office.store, office, "x")
    assert theirs.exists() and (folder / "notes.txt").exists()
    assert not mine.exists()


def test_a_backup_that_cannot_be_made_stops_no_work_and_is_told_and_tried_again(
    office: Office, clock: Clock, tmp_path: Path
) -> None:
    folder = tmp_path / "drive" / "backups"
    daily = guarded(office, folder)
    step(office.store, office, "one")
    assert type(daily.trouble).__name__ == "StoreNotWritable"
    step(office.store, office, "two")
    failed = [entry for entry in office.store.journal.entries() if entry.action == "backup-failed"]
    assert [entry.detail for entry in failed] == [{"cause": "StoreNotWritable"}]
    folder.parent.mkdir()
    clock.forward(timedelta(minutes=16))
    step(office.store, office, "three")
    assert daily.trouble is None
    assert len(listed(folder)) == 1


# -- what is discarded ---------------------------------------------------------------------------------------------


def test_what_is_expunged_is_in_no_byte_of_the_backup_and_the_rest_is(office: Office, clock: Clock) -> None:
    fill(office)
    with office.store.transaction(office.lead.signer) as tx:
        tx.put_closed("past", "C2", {"text": f"{CANARY}-closed"})
    path = made(office, clock)
    assert f"{CANARY}-1".encode() in path.read_bytes()

    def forget(draft: Draft) -> None:
        draft.delete("rows", "D1")
        draft.delete_closed("past", "C2")

    assert expunge(path, office.store.identity, forget)
    assert f"{CANARY}-1".encode() not in path.read_bytes()
    assert f"{CANARY}-closed".encode() not in path.read_bytes()
    contents = verify(path, office.store.identity)
    assert sorted(contents.active["rows"]) == ["D0", "D2"]
    assert contents.closed["past"] == {"C1": {"number": 1}}
    before = path.read_bytes()
    assert not expunge(path, office.store.identity, forget)
    assert path.read_bytes() == before


def test_a_backup_that_cannot_be_read_is_not_passed_over(office: Office, clock: Clock) -> None:
    path = made(office, clock)
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(BackupBroken):
        expunge(path, office.store.identity, lambda draft: draft.delete("rows", "D1"))


def test_damaged_files_that_were_set_aside_go_as_a_whole(office: Office, clock: Clock) -> None:
    from storage.backup import keep

    manifest = Manifest(office.store.identity, 3, clock(), Purpose.DAMAGED)
    path = keep(office.store.location / "backups", manifest, {"active.json": b"half a fi"})
    with pytest.raises(BackupBroken):
        read_contents(path)
    assert expunge(path, office.store.identity, lambda draft: None)
    assert not path.exists()
