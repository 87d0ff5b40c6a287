"""Putting a backup back. The log is not rolled back with it, and what stands there is set aside first.

The commit point is the replacement of `active.json`, as for any change: a restore that is killed before it has had no
effect, one that is killed after it is completed by the next writer from the outbox, or, where the log had to be
mended, by the same restore once more. Which rows come back is decided above, by `merge`.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from storage.backup import (
    ACTIVE,
    HEAD,
    BackupOfAnother,
    Contents,
    create,
    keep,
    lines_of,
    live_files,
    read_contents,
)
from storage.backup_file import Manifest, Purpose
from storage.document import ClosedFile, Header, Tables, compose, parse_document
from storage.draft import Draft
from storage.entries import Entry, Head, first_head, read_entry
from storage.errors import LogBroken, StoreBroken
from storage.files import file_lock, patiently, remove_stale_temps, replace_durably, writable
from storage.journal import Anchor, Event, Journal
from storage.keys import Signer

__all__ = ["Merge", "Present", "Restored", "restore"]

_GENERATION = re.compile(rb'"generation":([0-9]{1,15})')
_MARGIN = 1000


@dataclass(frozen=True)
class Present:
    """What stands in the folder before a restore: the rows where they can be read, and the log after the backup.

    `later` has every entry that can be read at all, those of a damaged log too: none may be overlooked.
    """

    active: Tables | None
    closed: Tables | None
    later: tuple[Entry, ...]
    generation: int


Merge = Callable[[Draft, Present], None]
"""Changes the rows of the backup into those that come back."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: the new generation, where the former state is, and how much had been damaged."""

    generation: int
    aside: Path
    was_damaged: bool
    log_mended: bool


@dataclass
class _Log:
    """The log as it stands. One that is damaged in the middle is kept as it is: `log verify` goes on naming where."""

    head: Head
    """The last entry that can be read."""
    holds: bool = True
    """Every line is an entry that follows the one before it."""
    ends_well: bool = True
    """There is nothing but a torn line after the last entry, and the anchors are among the entries."""
    reaches_backup: bool = False
    last_file: str = ""
    last_length: int = 0
    extra: tuple[Entry, ...] = ()
    """Entries of the last commit that are not in the files yet."""
    later: tuple[Entry, ...] = ()


@dataclass
class _Standing:
    """The folder as it is found."""

    files: dict[str, bytes]
    header: Header | None
    active: Tables | None
    closed: Tables | None
    log: _Log

    @property
    def whole(self) -> bool:
        log = self.log
        rows = self.active is not None and self.closed is not None
        return rows and log.holds and log.ends_well


def restore(
    location: Path,
    path: Path,
    folder: Path,
    author: Signer,
    merge: Merge,
    *,
    clock: Callable[[], datetime],
    wait: float = 30.0,
) -> Restored:
    """Put the rows of the backup in `path` back into the store in `location`, as `merge` changes them.

    What stands there goes to `folder` first: as a backup when it is whole, else as a copy of the files as they are.
    The restore is logged as `restore`, with what `merge` records. Raises as `read_contents`; also StoreLocked,
    DiskFull, StoreNotWritable, and what `merge` raises; then the store is as it was.
    """
    with writable(location):
        (location / "log").mkdir(parents=True, exist_ok=True)
    with file_lock(location / "lock", wait, holder=author.user, now=clock):
        for part in (location, location / "log"):
            remove_stale_temps(part)
        backup = read_contents(path)
        standing = _standing(location, backup, path)
        now = clock().astimezone(UTC)
        aside = _set_aside(location, folder, standing, backup, now)
        return _put_back(location, backup, standing, aside, author, merge, clock)


def _put_back(
    location: Path,
    backup: Contents,
    standing: _Standing,
    aside: Path,
    author: Signer,
    merge: Merge,
    clock: Callable[[], datetime],
) -> Restored:
    store, log = backup.manifest.store, standing.log
    generation = _next_generation(backup, standing)
    draft = Draft(backup.active, backup.closed, generation)
    merge(draft, Present(standing.active, standing.closed, log.later, generation))

    journal = Journal(location / "log", store, lock=lambda *_: nullcontext(), anchor=_nothing, clock=clock)
    # Without the log's files up to there, the outbox of the backup is the only place of its last entries.
    extra = log.extra if log.reaches_backup else tuple(e for e in backup.outbox if e.seq > _in_files(backup))
    start = log.head if log.reaches_backup else backup.head
    mended = not (log.ends_well and log.reaches_backup)
    event = Event(
        "restore",
        detail={
            "made_at": backup.manifest.made_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "generation": backup.manifest.generation,
            "log": "mended" if mended else "kept",
        },
    )
    entries = journal.chain(extra[-1].head if extra else start, author, [event, *draft.events])

    named = None
    if draft.closed:
        past, data = compose("closed", store, generation, draft.closed, None, first_head(store), [])
        named = ClosedFile(f"closed-{generation}.json", generation, past.digest)
        replace_durably(location / named.file, data)
    outbox = [*extra, *entries]
    _header, data = compose("active", store, generation, draft.active, named, entries[-1].head, outbox)
    replace_durably(location / ACTIVE, data)
    # From here on it is committed.
    if mended:
        _mend_log(location, backup, log)
    journal.write(outbox)
    journal.remember()
    for old in location.glob("closed-*.json"):
        if named is None or old.name != named.file:
            with suppress(OSError):  # a reader on Windows holds it open; the next commit removes it
                old.unlink()
    return Restored(generation, aside, not standing.whole, mended)


def _nothing(_after: int) -> Anchor:
    """A journal that only chains and writes asks for no anchor."""
    return Anchor(Head(0, ""), ())


# -- what stands there -------------------------------------------------------------------------------------------------


def _standing(location: Path, backup: Contents, path: Path) -> _Standing:
    """Read all that can be read. Raises BackupOfAnother when the folder is another store's, StoreNewer."""
    store = backup.manifest.store
    files = live_files(location)
    header: Header | None = None
    active: Tables | None = None
    closed: Tables | None = None
    outbox: tuple[Entry, ...] = ()
    with suppress(StoreBroken):
        if ACTIVE in files:
            header, active, outbox = parse_document(files[ACTIVE], ACTIVE)
    first = next((line for _where, line in _lines(files)), None)
    if not _is_of(store, first, header):
        raise BackupOfAnother(file=path.name)
    if header is not None and (header.store != store or header.kind != "active"):
        header, active, outbox = None, None, ()
    if header is not None and header.closed is None:
        closed = {}
    elif header is not None and header.closed is not None:
        with suppress(StoreBroken):
            past, found, _none = parse_document(files.get(header.closed.file, b""), header.closed.file)
            if past.store == store and past.digest == header.closed.digest:
                closed = found
    log = _examine_log(files, backup, header, outbox)
    return _Standing(files, header, active, closed, log)


def _lines(files: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    for name in sorted(files):
        if name.startswith("log/") and name != HEAD:
            yield from lines_of(name, files[name])


def _is_of(store: str, first: bytes | None, header: Header | None) -> bool:
    """Whether the folder is this store's: the log tells, else the header; where neither can, nothing is lost."""
    if first is not None:
        with suppress(LogBroken):
            entry = read_entry(first, "")
            if entry.seq == 1:
                return entry.prev == first_head(store).digest
    return header is None or header.store == store


def _examine_log(
    files: dict[str, bytes], backup: Contents, header: Header | None, outbox: tuple[Entry, ...]
) -> _Log:
    anchors = [] if header is None else [header.log]
    log = _Log(first_head(backup.manifest.store))
    try:
        anchors.append(Head.read(files[HEAD]))
    except (KeyError, ValueError):
        log.ends_well = False
    seen = {log.head}
    later: list[Entry] = []
    last = max((name for name in files if name.startswith("log/") and name != HEAD), default="")
    name, length = "", 0
    for where, line in _lines(files):
        file = f"log/{where.partition(':')[0]}"
        name, length = file, (length if file == name else 0) + len(line)
        if not line.endswith(b"\n") and name == last:
            break  # torn: never acknowledged
        try:
            entry = read_entry(line, where)
        except LogBroken:
            log.holds = False
            continue
        log.holds = log.holds and _follows(entry, log.head)
        log.head, log.last_file, log.last_length = entry.head, name, length
        seen.add(entry.head)
        if entry.seq > backup.head.seq:
            later.append(entry)
    log.ends_well = log.ends_well and log.last_file == last and log.last_length == _whole_lines(files, last)
    end = log.head
    for entry in outbox:
        if _follows(entry, end):
            end = entry.head
            log.extra += (entry,)
            seen.add(end)
    # What was committed counts, whether or not it follows.
    log.later = (*later, *outbox)
    log.ends_well = log.ends_well and all(anchor in seen for anchor in anchors)
    log.reaches_backup = backup.head in seen
    return log


def _follows(entry: Entry, head: Head) -> bool:
    try:
        entry.check_follows(head, "")
    except LogBroken:
        return False
    return True


def _whole_lines(files: dict[str, bytes], name: str) -> int:
    """The length of a file without a torn last line, in bytes."""
    return files.get(name, b"").rfind(b"\n") + 1


def _in_files(backup: Contents) -> int:
    """The number of the last entry in the log files of a backup."""
    last = 0
    for where, entry in backup.entries():
        if where != "outbox":
            last = entry.seq
    return last


def _next_generation(backup: Contents, standing: _Standing) -> int:
    """Beyond every generation that a workstation can have seen, also where the header cannot be read."""
    known = [backup.manifest.generation]
    if standing.header is not None:
        known.append(standing.header.generation)
    else:
        for name, data in standing.files.items():
            if name.endswith(".json"):
                known += [int(found) for found in _GENERATION.findall(data[:4096])]
        last = max((entry.seq for entry in standing.log.later), default=0)
        known.append(backup.manifest.generation + max(0, last - backup.head.seq) + _MARGIN)
    return max(known) + 1


def _set_aside(location: Path, folder: Path, standing: _Standing, backup: Contents, now: datetime) -> Path:
    if standing.whole:
        return create(location, folder, now, Purpose.BEFORE_RESTORE)
    generation = standing.header.generation if standing.header else backup.manifest.generation
    return keep(folder, Manifest(backup.manifest.store, generation, now, Purpose.DAMAGED), standing.files)


def _mend_log(location: Path, backup: Contents, log: _Log) -> None:
    """Leave the log as far as it holds; one that does not lead to the backup's end gives way to the backup's own."""
    present = {f"log/{path.name}": path for path in (location / "log").glob("[0-9][0-9][0-9][0-9].jsonl")}
    if log.reaches_backup:
        kept = {name: patiently(path.read_bytes) for name, path in present.items() if name <= log.last_file}
        if log.last_file in kept:
            kept[log.last_file] = kept[log.last_file][: log.last_length]
    else:
        kept = {name: data for name, data in backup.files.items() if name.startswith("log/") and name != HEAD}
    for name, data in kept.items():
        replace_durably(location / name, data)
    with writable(location):
        for name in sorted(present, reverse=True):
            if name not in kept:
                patiently(present[name].unlink)
