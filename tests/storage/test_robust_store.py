"""Formats of the past, folders that may not be used, and files that stand alone."""

import copy
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import pytest

from storage import document
from storage.directory import Directory
from storage.document import ClosedFile, read_document
from storage.entries import Event
from storage.errors import (
    DiskFull,
    ExtractBroken,
    StoreBroken,
    StoreNewer,
    StoreOnNfs,
    StoreOutdated,
)
from storage.extract import read_extract, write_extract
from storage.keys import Signer
from storage.migrations import Stored, migrate
from storage.rows import canonical
from storage.store import Store, create_store, open_store
from storage.volumes import file_system_of, is_refused, refuse_nfs
from tests.storage.support import Office, keys_of

MOUNTS = [
    "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
    "30 22 0:31 / /proc rw - proc proc rw",
    "41 22 0:40 / /srv/share rw,relatime shared:9 - nfs4 server:/export rw,vers=4.2",
    "42 41 0:41 / /srv/share/office rw - cifs //server/office rw",
    "43 22 0:42 / /srv/with\\040space rw - nfs server:/old rw",
    "a line that is none",
]


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/srv/share", "nfs4"),
        ("/srv/share/team", "nfs4"),
        ("/srv/shared", "ext4"),
        ("/srv/share/office/store", "cifs"),
        ("/srv/with space/store", "nfs"),
        ("/", "ext4"),
    ],
)
def test_the_file_system_of_a_folder_is_that_of_the_nearest_mount(folder: str, kind: str) -> None:
    assert file_system_of(folder, MOUNTS) == kind
    assert is_refused(kind) == kind.startswith("nfs")


def test_a_later_mount_covers_an_earlier_one_at_the_same_place() -> None:
    over = "44 22 0:43 / /srv/share rw - cifs //server/share rw"
    assert file_system_of("/srv/share/team", [*MOUNTS, over]) == "cifs"
    assert file_system_of("/srv/share/team", []) == ""


def test_a_store_on_nfs_is_refused_with_the_reason_and_nothing_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"41 22 0:40 / {tmp_path}/far rw - nfs4 server:/export rw\n", encoding="utf-8")
    monkeypatch.setattr("storage.volumes._MOUNTS", mounts)
    monkeypatch.setattr("sys.platform", "linux")
    with pytest.raises(StoreOnNfs) as refusal:
        create_store(tmp_path / "far" / "store")
    assert "SMB" in refusal.value.template
    with pytest.raises(StoreOnNfs):
        open_store(tmp_path / "far" / "store")
    assert not (tmp_path / "far").exists()
    refuse_nfs(tmp_path / "near")


# -- migrations -------------------------------------------------------------------------------------------------------


@pytest.fixture
def old(store: Store, ann: Signer) -> Store:
    with store.transaction(ann) as tx:
        tx.put("rows", "D1", {"name": "one"})
        tx.put_closed("past", "C1", {"name": "two"})
        tx.record(Event("put", references=("D1",)))
    return store


NOW = document.FORMAT
NEXT = NOW + 1


def renamed(stored: Stored) -> Stored:
    """From this format to a next one, as a test has it: `name` becomes `title`."""

    def tables(part: Any) -> Any:
        return {t: {k: {"title": r["name"]} for k, r in rows.items()} for t, rows in part.items()}

    return Stored(tables(stored.active), tables(stored.closed))


def whole(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith("lock")
    }


def test_an_older_format_is_backed_up_and_then_migrated(
    old: Store, ann: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = whole(old.location)
    backups: list[dict[str, bytes]] = []
    monkeypatch.setattr(document, "FORMAT", NEXT)
    with pytest.raises(StoreOutdated) as refusal:
        open_store(old.location)
    assert refusal.value.values == {"found": NOW, "known": NEXT}
    assert migrate(old.location, lambda folder: backups.append(whole(folder)), steps={NOW: renamed})
    assert backups == [before]
    new = open_store(old.location)
    assert new.snapshot().rows("rows") == [("D1", {"title": "one"})]
    assert new.closed().rows("past") == [("C1", {"title": "two"})]
    assert new.generation == 2
    with new.transaction(ann) as tx:
        tx.put("rows", "D2", {"title": "three"})
        tx.record(Event("put", references=("D2",)))
    assert new.journal.verify(keys_of("ann")).entries == 2
    assert not migrate(old.location, lambda folder: backups.append(whole(folder)), steps={NOW: renamed})
    assert len(backups) == 1
    monkeypatch.setattr(document, "FORMAT", NOW)
    with pytest.raises(StoreNewer):
        open_store(old.location)


def as_one_object(path: Path, closed: ClosedFile | None) -> ClosedFile:
    """Rewrite a file into the format that had all rows in one JSON object, and what names it."""
    found = read_document(path)
    body = orjson.dumps(found.tables)
    outbox = path.read_bytes().rstrip(b"\n").rsplit(b"\n", 1)[1]
    header: dict[str, Any] = {
        "format": 1,
        "kind": found.header.kind,
        "store": found.header.store,
        "generation": found.header.generation,
        "length": len(body),
        "digest": sha256(body).hexdigest(),
        "closed": closed and {"file": closed.file, "generation": closed.generation, "digest": closed.digest},
        "log": {"seq": found.header.log.seq, "digest": found.header.log.digest},
        "outbox": {"length": len(outbox), "digest": sha256(outbox).hexdigest()},
    }
    line = canonical({**header, "check": document._check(header)})
    path.write_bytes(b"\n".join((line, body, outbox, b"")))
    return ClosedFile(path.name, found.header.generation, header["digest"])


def test_a_store_that_had_all_rows_in_one_object_goes_on(old: Store, ann: Signer) -> None:
    rows = old.snapshot().rows("rows"), old.closed().rows("past")
    as_one_object(old.location / "active.json", as_one_object(old.location / "closed-1.json", None))
    before = whole(old.location)
    backups: list[dict[str, bytes]] = []
    with pytest.raises(StoreOutdated):
        open_store(old.location)
    new = open_store(old.location, make_backup=lambda folder: backups.append(whole(folder)))
    assert backups == [before]
    assert (new.snapshot().rows("rows"), new.closed().rows("past")) == rows
    with new.transaction(ann) as tx:
        tx.put("rows", "D2", {"name": "three"})
        tx.record(Event("put", references=("D2",)))
    assert new.journal.verify(keys_of("ann")).entries == 2
    assert len(open_store(old.location).snapshot().rows("rows")) == 2


@pytest.mark.parametrize("body", [b"[]", b'{"rows":[]}', b'{"rows":{"D1":1}}', b"{"])
def test_what_is_no_object_of_rows_is_not_migrated(old: Store, body: bytes) -> None:
    with pytest.raises(ValueError, match=r"no tables|unexpected|column"):
        document._one_object(body, sha256(body).hexdigest())


def test_opening_migrates_where_a_backup_can_be_made(old: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "FORMAT", NEXT)
    monkeypatch.setattr("storage.migrations.MIGRATIONS", {NOW: renamed})
    monkeypatch.setattr("storage.migrations.migrate.__kwdefaults__", {"holder": "x", "steps": {NOW: renamed}})
    made: list[Path] = []
    assert open_store(old.location, make_backup=made.append).snapshot().get("rows", "D1") == {"title": "one"}
    assert made == [old.location]


def refused_backup(_folder: Path) -> None:
    raise DiskFull(location="backups")


def failing_step(_stored: Stored) -> Stored:
    raise KeyError("name")


def test_without_a_backup_or_a_step_nothing_is_migrated(old: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "FORMAT", NEXT)
    before = whole(old.location)
    with pytest.raises(DiskFull):
        migrate(old.location, refused_backup, steps={NOW: renamed})
    with pytest.raises(KeyError):
        migrate(old.location, lambda _folder: None, steps={NOW: failing_step})
    with pytest.raises(StoreOutdated):
        migrate(old.location, lambda _folder: None, steps={})
    assert whole(old.location) == before


def test_a_damaged_store_is_not_migrated(old: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "FORMAT", NEXT)
    path = old.location / "closed-1.json"
    path.write_bytes(path.read_bytes().replace(b"two", b"six"))
    before = whole(old.location)
    with pytest.raises(StoreBroken):
        migrate(old.location, lambda _folder: None, steps={NOW: renamed})
    assert whole(old.location) == before


def test_a_step_is_given_tables_it_may_change(old: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "FORMAT", NEXT + 1)
    seen: list[Stored] = []

    def looked(stored: Stored) -> Stored:
        seen.append(copy.deepcopy(stored))
        stored.active["rows"]["D2"] = {"title": "added"}
        return stored

    assert migrate(old.location, lambda _folder: None, steps={NOW: renamed, NEXT: looked})
    assert seen[0].active["rows"] == {"D1": {"title": "one"}}
    assert len(open_store(old.location).snapshot().rows("rows")) == 2


# -- the log in a file of its own -------------------------------------------------------------------------------------


def test_an_exported_log_is_verified_without_the_store(office: Office, tmp_path: Path) -> None:
    store, file = office.store, tmp_path / "log.jsonl"
    store.journal.append(office.bob.signer, [Event("read", references=("D1",))])
    made = write_extract(file, store, "2026-11-02T09:30:00Z")
    assert made.head == store.journal.head
    shutil_gone = store.location.rename(tmp_path / "elsewhere")
    assert read_extract(file) == made
    assert made.fingerprint == Directory.load(open_store(shutil_gone).snapshot()).fingerprint
    with pytest.raises(FileExistsError):
        write_extract(file, open_store(shutil_gone), "2026-11-02T09:30:00Z")
    assert read_extract(file) == made


def test_any_changed_byte_of_an_exported_log_is_found(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    office.store.journal.append(office.bob.signer, [Event("read", references=("D1",))] * 3)
    made = write_extract(file, office.store, "2026-11-02T09:30:00Z")
    data = file.read_bytes()
    for place in range(data.index(b"\n"), len(data), 97):
        file.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        with pytest.raises(ExtractBroken):
            read_extract(file)
    lines = data.splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:-1]))
    assert read_extract(file).head != made.head, "a cut end is told by the head"
    for broken in (b"", b"{}\n", lines[0], b"".join([lines[0], *lines[2:]])):
        file.write_bytes(broken)
        with pytest.raises(ExtractBroken):
            read_extract(file)
