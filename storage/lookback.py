"""The access log read from its end: the newest entries first, a page at a time, each checked in its place.

What an entry is and how one is checked is in `entries.py` and `journal.py`; which entries someone wants is decided
above. A page takes as much memory as it has entries, however long the log is.
"""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from storage.entries import LONGEST_LINE, Entry, Head, LogFault, first_head, read_entry
from storage.errors import LogBroken
from storage.files import lines_back
from storage.keys import key_id_of
from storage.sealing import genuine

__all__ = ["Looked", "Mark", "Page", "Wanted", "look_back", "signed_by_its_user"]

SigningKey = Callable[[str], Ed25519PublicKey | None]
Wanted = Callable[[Entry], bool]


@dataclass(frozen=True, slots=True)
class Mark:
    """How far back someone looked: what is older stands in `file` before byte `offset`, and in the years before.

    `head` is what the next older entry must be; None where the last thing read does not tell.
    """

    file: str
    offset: int
    head: Head | None


@dataclass(frozen=True, slots=True)
class Looked:
    """One place of the log: its entry, None where none can be read, and what is wrong there, None when it holds.

    `seq` is the number that the place has, 0 where that cannot be told; of entries that are missing, the last one's.
    """

    seq: int
    entry: Entry | None
    fault: LogFault | None


@dataclass(frozen=True, slots=True)
class Page:
    """What was found, newest first, and where to go on; `mark` is None when there is nothing older to look for.

    `at` is the time of the oldest entry that was read (as `Entry.at`), "" when none was; `read` counts them. `top` is
    the number of the newest one there is, wanted or not, and 0 on a page that is not the first.
    """

    looked: tuple[Looked, ...]
    mark: Mark | None
    read: int
    at: str
    top: int = 0


def signed_by_its_user(entry: Entry, signing_key: SigningKey) -> bool:
    """Whether the user whom the entry names signed it."""
    known = signing_key(entry.key_id)
    raw = None if known is None else known.public_bytes_raw()
    return (
        raw is not None
        and key_id_of(entry.user, raw) == entry.key_id
        and genuine(raw, entry.signature_bytes, entry.signed_bytes)
    )


@dataclass
class _Walk:
    """What is known while going back: what the next older entry must be, and the heads that must be met."""

    signing_key: SigningKey
    anchors: Sequence[Head]
    expected: Head | None

    def look(self, entry: Entry, where: str, wanted: Wanted) -> list[Looked]:
        """What there is to say of the entry, and before it of what is missing after it; nothing when it holds and is
        not wanted."""
        asked = wanted(entry)
        found: list[Looked] = []
        fault = self._altered(entry, where, signature=asked)
        number = entry.seq if self.expected is None else self.expected.seq
        if fault is not LogFault.EDITED:
            if entry.seq < number:
                found.append(Looked(number, None, LogFault.GAP))
            elif entry.seq > number:
                fault = LogFault.GAP
            elif self.expected not in (None, entry.head) or self._elsewhere(entry):
                fault = LogFault.REPLACED
            number = entry.seq
        self.expected = Head(number - 1, entry.prev) if number > 0 else None
        if asked or fault is not None:
            found.append(Looked(number, entry, fault))
        return found

    def unreadable(self) -> Looked:
        """A line that is no entry; what stands before it cannot be told from it."""
        number = self.expected.seq if self.expected is not None else 0
        self.expected = None
        return Looked(number, None, LogFault.EDITED)

    def _altered(self, entry: Entry, where: str, *, signature: bool) -> LogFault | None:
        try:
            entry.check_follows(Head(entry.seq - 1, entry.prev), where)
        except LogBroken:
            return LogFault.EDITED
        if signature and not signed_by_its_user(entry, self.signing_key):
            return LogFault.SIGNATURE
        return None

    def _elsewhere(self, entry: Entry) -> bool:
        """Whether an anchor tells of another entry with this number."""
        return any(anchor.seq == entry.seq and anchor != entry.head for anchor in self.anchors)


def look_back(
    files: Sequence[Path],
    identity: str,
    signing_key: SigningKey,
    *,
    anchors: Sequence[Head],
    outbox: Iterable[Entry],
    before: Mark | None,
    wanted: Wanted,
    stop: Wanted,
    most: int,
    most_read: int,
) -> Page:
    """One page of the log in `files` (oldest first): at most `most` of the entries that are `wanted`, newest first.

    Ends after `most_read` entries as well, and at the first one that holds and for which `stop` says so, which is left
    out. Each is checked to be
    unaltered and to lead to the one after it, the newest to the anchors; those that are wanted, to be signed by their
    user. Whatever does not hold is among what was found, wanted or not. `outbox` are entries of the last commit that may
    not be in the files yet. Raises StoreNotReadable.
    """
    walk = _Walk(signing_key, anchors, before.head if before is not None else None)
    looked: list[Looked] = []
    read, at, top = 0, "", 0
    at_end = before is None
    pending = list(outbox)

    def asked(entry: Entry) -> bool:
        return wanted(entry) and not stop(entry)

    for path, offset, line in _lines(files, before):
        where = f"{path.name}@{offset}"
        try:
            entry = read_entry(line, where)
        except LogBroken:
            entry = None
        if at_end:
            at_end = False
            top = max(entry.seq if entry is not None else 0, *(one.seq for one in pending), 0)
            looked += _end(walk, entry, pending, asked)
            read += len(looked)
        read += 1
        if entry is None:
            looked.append(walk.unreadable())
        else:
            at = entry.at
            found = walk.look(entry, where, asked)
            looked += found
            # An entry that was altered stops nobody: what it tells of its time or number may be made up.
            if stop(entry) and not found:
                return Page(tuple(looked), None, read, at, top)
        if len(looked) >= most or read >= most_read:
            return Page(tuple(looked), Mark(path.name, offset, walk.expected), read, at, top)
    if at_end:
        looked += _end(walk, None, pending, asked)
        top = max((one.seq for one in pending), default=0)
        at = looked[-1].entry.at if looked and looked[-1].entry is not None else at
    if walk.expected is not None and walk.expected != first_head(identity):
        looked.append(Looked(walk.expected.seq, None, LogFault.GAP))
    return Page(tuple(looked), None, read, at, top)


def _end(walk: _Walk, newest: Entry | None, outbox: Sequence[Entry], wanted: Wanted) -> list[Looked]:
    """What is newer than the files' last entry: what the last commit still has to write; or that the end is gone."""
    last = newest.seq if newest is not None else 0
    missing = [entry for entry in outbox if entry.seq > last]
    top = missing[-1].seq if missing else last
    found: list[Looked] = []
    latest = max(walk.anchors, default=None, key=lambda head: head.seq)
    if latest is not None and top < latest.seq:
        found.append(Looked(latest.seq, None, LogFault.CUT))
    for entry in reversed(missing):
        found += walk.look(entry, "outbox", wanted)
    return found


def _lines(files: Sequence[Path], before: Mark | None) -> Generator[tuple[Path, int, bytes], None, None]:
    """Every whole line, the last one first, with the byte at which it begins."""
    for path in reversed(files):
        if before is not None and path.name > before.file:
            continue
        offset = before.offset if before is not None and path.name == before.file else None
        with closing(lines_back(path, LONGEST_LINE, before=offset)) as lines:
            for start, line in lines:
                yield path, start, line
