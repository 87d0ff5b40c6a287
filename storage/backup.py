"""Backups: make one of the store's files, list and verify them, take discarded rows out of them.

A backup is the store, the keys and the log as one consistent set, made with the store locked. How a set becomes one
file is in `backup_file.py`, how it is put back in `restoring.py`, when one is made and how long it is kept in
`backup_days.py`. Which rows are to be forgotten is decided above.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from storage import document
from storage.backup_file import (
    BackupBroken,
    BackupMissing,
    BackupNewer,
    Manifest,
    Purpose,
    pack,
    read_files,
)
from storage.directory import Directory
from storage.document import ClosedFile, Header, Tables, compose, parse_document
from storage.draft import Draft
from storage.entries import LONGEST_LINE, Entry, Head, LogFault, broken, first_head, read_entry
from storage.errors import N_, StorageError, StoreBroken, StoreMissing, StoreOutdated
from storage.files import patiently, readable, remove_stale_temps, replace_durably, writable
from storage.journal import check_entry
from storage.migrations import MIGRATIONS, Stored

__all__ = [
    "BackupBroken",
    "BackupMissing",
    "BackupNewer",
    "BackupOfAnother",
    "Contents",
    "Listed",
    "Purpose",
    "create",
    "expunge",
    "listed",
    "live_files",
    "read_contents",
    "verify",
]

ACTIVE = "active.json"
HEAD = "log/head.json"
_LOG = re.compile(r"log/[0-9]{4}\.jsonl")
_CLOSED = re.compile(r"closed-[0-9]{1,18}\.json")
_YEARS = "[0-9][0-9][0-9][0-9].jsonl"
_NAME = re.compile(
    r"backup-(?P<store>[0-9a-f]{8})-(?P<at>[0-9]{8}T[0-9]{6}Z)-g(?P<generation>[0-9]{8,18})(?P<damaged>-damaged)?\.zip"
)
_STAMP = "%Y%m%dT%H%M%SZ"
_LONGEST_HEADER = 4096


class BackupOfAnother(StorageError):
    """The backup belongs to another store. Values: file."""

    template = N_(
        "The backup %(file)s belongs to another store. Nothing was changed; choose one of this store with "
        "'ocmw-intake backup list'."
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """A backup as its name tells. `size` is in bytes; `damaged` files were set aside and cannot be restored."""

    path: Path
    made_at: datetime
    generation: int
    damaged: bool
    size: int


@dataclass(frozen=True)
class Contents:
    """A whole backup, verified: what it says of itself, the rows, the log's entries and the state of the store."""

    manifest: Manifest
    header: Header
    active: Tables
    closed: Tables
    outbox: tuple[Entry, ...]
    files: Mapping[str, bytes]
    head: Head
    """The end of the log in the backup, the entries of its last commit included."""

    def entries(self) -> Iterator[tuple[str, Entry]]:
        """The log in the backup, each entry with its place. Raises LogBroken for a line that is no entry."""
        seq = 0
        for name in sorted(filter(_LOG.fullmatch, self.files)):
            for where, line in lines_of(name, self.files[name]):
                entry = read_entry(line, where)
                seq = entry.seq
                yield where, entry
        for entry in self.outbox:
            if entry.seq > seq:
                yield "outbox", entry

    def snapshot(self) -> Draft:
        """The active rows, to read from."""
        return Draft(self.active, self.closed, self.header.generation)


def lines_of(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """The lines of a log file, each of a bounded length, with the place of each."""
    start = number = 0
    while start < len(data):
        end = data.find(b"\n", start, start + LONGEST_LINE) + 1 or min(len(data), start + LONGEST_LINE + 1)
        number += 1
        yield f"{name.removeprefix('log/')}:{number}", data[start:end]
        start = end


# -- making one --------------------------------------------------------------------------------------------------------


def live_files(location: Path) -> dict[str, bytes]:
    """Every file of the store in `location` as it stands there, whole or not. Raises StoreNotReadable."""
    found: dict[str, bytes] = {}
    with readable(location):
        closed = [path for path in sorted(location.glob("closed-*.json")) if _CLOSED.fullmatch(path.name)]
        paths = [location / ACTIVE, *closed]
        logs = [*sorted((location / "log").glob(_YEARS)), location / HEAD]
        for path in [*paths, *logs]:
            name = path.name if path in paths else f"log/{path.name}"
            with suppress(FileNotFoundError):
                found[name] = patiently(path.read_bytes)
    return found


def _whole_set(location: Path) -> tuple[str, int, dict[str, bytes]]:
    """Identity, generation, and the files that belong together. Raises StoreBroken, StoreMissing.

    Any format does: a migration backs up what it is about to change.
    """
    files = live_files(location)
    if ACTIVE not in files:
        raise StoreMissing(location=str(location))
    active = files[ACTIVE]
    try:
        header: Any = orjson.loads(active[: active.index(b"\n", 0, _LONGEST_HEADER)])
        identity, generation = str(header["store"]), int(header["generation"])
        parse_document(active, ACTIVE, expected=int(header["format"]))
        named = header["closed"] and str(header["closed"]["file"])
        digest = named and str(header["closed"]["digest"])
    except (KeyError, TypeError, ValueError):
        raise StoreBroken(file=ACTIVE) from None
    kept = {ACTIVE: active}
    if named:
        closed = files.get(named, b"")
        past, _tables, _none = parse_document(closed, named, expected=int(header["format"]))
        if past.digest != digest:
            raise StoreBroken(file=named)
        kept[named] = closed
    logs = sorted(filter(_LOG.fullmatch, files))
    for name in logs:
        data = files[name]
        # A line that a killed writer left half was never acknowledged; the next writer cuts it off.
        kept[name] = data[: data.rfind(b"\n") + 1] if name == logs[-1] else data
    if HEAD not in files:
        raise broken("head.json", LogFault.CUT)
    kept[HEAD] = files[HEAD]
    return identity, generation, kept


def create(location: Path, folder: Path, now: datetime, purpose: Purpose) -> Path:
    """A backup of the store in `location`, made with its lock held by the caller; returns its path in `folder`.

    Raises StoreBroken (a damaged store makes no backup), DiskFull, StoreNotWritable; then nothing is left behind.
    """
    identity, generation, files = _whole_set(location)
    return keep(folder, Manifest(identity, generation, now.astimezone(UTC), purpose), files)


def keep(folder: Path, manifest: Manifest, files: Mapping[str, bytes]) -> Path:
    """Write a backup durably under the name that its manifest gives it. Its folder is made, those above it are not."""
    with writable(folder):
        folder.mkdir(exist_ok=True)
    remove_stale_temps(folder)
    damaged = "-damaged" if manifest.purpose is Purpose.DAMAGED else ""
    stamp = manifest.made_at.strftime(_STAMP)
    path = folder / f"backup-{manifest.store[:8]}-{stamp}-g{manifest.generation:08d}{damaged}.zip"
    replace_durably(path, pack(manifest, files))
    return path


# -- looking -----------------------------------------------------------------------------------------------------------


def listed(folder: Path, store: str | None = None) -> list[Listed]:
    """The backups in `folder`, newest first; those of one store (its identity) when given. By their names alone.

    A folder that is not there holds none. Raises StoreNotReadable.
    """
    found: list[Listed] = []
    with readable(folder):
        try:
            paths = list(folder.iterdir())
        except FileNotFoundError:
            return []
        for path in paths:
            match = _NAME.fullmatch(path.name)
            if match is None or (store is not None and match["store"] != store[:8]):
                continue
            with suppress(ValueError, FileNotFoundError):
                made_at = datetime.strptime(match["at"], _STAMP).replace(tzinfo=UTC)
                size, damaged = path.stat().st_size, match["damaged"] is not None
                found.append(Listed(path, made_at, int(match["generation"]), damaged, size))
    return sorted(found, key=lambda one: (one.made_at, one.generation, one.path.name), reverse=True)


def _parsed(data: bytes, name: str, path: Path) -> tuple[Header, Tables, tuple[Entry, ...], int]:
    """A document of the backup, and its format. StoreNewer comes through: a newer program has to restore it."""
    try:
        try:
            return *parse_document(data, name), document.FORMAT
        except StoreOutdated as error:
            found = int(str(error.values["found"]))
            return *parse_document(data, name, expected=found), found
    except StoreBroken:
        raise BackupBroken(file=path.name) from None


def _documents(path: Path, files: Mapping[str, bytes]) -> tuple[Header, Tables, Tables, tuple[Entry, ...]]:
    """The rows of a backup, in this program's format."""
    if ACTIVE not in files:
        raise BackupBroken(file=path.name)
    header, active, outbox, found = _parsed(files[ACTIVE], ACTIVE, path)
    closed: Tables = {}
    if header.closed is not None:
        past, closed, _none, past_found = _parsed(
            files.get(header.closed.file, b""), header.closed.file, path
        )
        named = (header.closed.generation, header.closed.digest)
        if past.store != header.store or (past.generation, past.digest) != named or past_found != found:
            raise BackupBroken(file=path.name)
    stored = Stored(active, closed)
    for number in range(found, document.FORMAT):
        stored = MIGRATIONS[number](stored)
    return header, stored.active, stored.closed, outbox


def read_contents(path: Path, store: str | None = None) -> Contents:
    """A backup, verified by its digests, those of the documents in it, and the chain of its log.

    `store` is the identity it must have. Raises BackupMissing, BackupBroken, BackupNewer, StoreNewer, BackupOfAnother.
    """
    manifest, files = read_files(path)
    if manifest.purpose is Purpose.DAMAGED:
        raise BackupBroken(file=path.name)
    if store is not None and manifest.store != store:
        raise BackupOfAnother(file=path.name)
    header, active, closed, outbox = _documents(path, files)
    if (header.kind, header.store, header.generation) != ("active", manifest.store, manifest.generation):
        raise BackupBroken(file=path.name)
    contents = Contents(manifest, header, active, closed, outbox, files, first_head(manifest.store))
    return Contents(manifest, header, active, closed, outbox, files, _walked(path, contents, None))


def _walked(path: Path, contents: Contents, directory: Directory | None) -> Head:
    """Follow the log's chain to its end, with the signatures when a directory is given; the end."""
    try:
        remembered = Head.read(contents.files[HEAD])
    except (KeyError, ValueError):
        raise BackupBroken(file=path.name) from None
    head = first_head(contents.manifest.store)
    anchors = (contents.header.log, remembered)
    agreed = {anchor.seq for anchor in anchors if anchor == head}
    try:
        for where, entry in contents.entries():
            if directory is None:
                entry.check_follows(head, where)
            else:
                check_entry(entry, head, where, directory.signing_key)
            head = entry.head
            agreed |= {anchor.seq for anchor in anchors if anchor == head}
    except StorageError:
        raise BackupBroken(file=path.name) from None
    if agreed != {anchor.seq for anchor in anchors}:
        raise BackupBroken(file=path.name)
    return head


def verify(path: Path, store: str | None = None, *, trusted: str | None = None) -> Contents:
    """As `read_contents`, with the list of users and the signature of every log entry.

    `trusted` is the fingerprint that the workstation remembers. Also raises DirectoryNotGenuine.
    """
    contents = read_contents(path, store)
    _walked(path, contents, Directory.load(contents.snapshot(), trusted=trusted))
    return contents


# -- letting go --------------------------------------------------------------------------------------------------------


def expunge(path: Path, store: str, forget: Callable[[Draft], None]) -> bool:
    """Take rows out of a backup; the caller holds the store's lock. Whether anything had to be changed.

    `forget` is given the backup's rows and deletes what may no longer be kept. Afterwards the file holds what is left,
    with a manifest for it; what it held is gone. A backup of another store is left alone. Raises BackupBroken,
    BackupNewer, StoreNewer, StoreNotReadable, DiskFull, StoreNotWritable; then the file is as it was.
    """
    manifest, files = read_files(path)
    if manifest.store != store:
        return False
    if manifest.purpose is Purpose.DAMAGED:
        # What is damaged cannot be searched, so nobody can say that it does not hold what is discarded.
        with writable(path.parent):
            patiently(path.unlink)
        return True
    header, active, closed, outbox = _documents(path, files)
    draft = Draft(active, closed, header.generation)
    forget(draft)
    if not draft.changed:
        return False
    kept = {name: data for name, data in files.items() if name.startswith("log/")}
    named = header.closed
    if draft.closed or named is not None:
        past, data = compose("closed", store, header.generation, draft.closed, None, first_head(store), [])
        named = ClosedFile(f"closed-{header.generation}.json", header.generation, past.digest)
        kept[named.file] = data
    _header, data = compose("active", store, header.generation, draft.active, named, header.log, outbox)
    replace_durably(path, pack(manifest, {ACTIVE: data, **kept}))
    return True
