"""The access log: who saw or did what, when and why. Entries are chained, signed, anchored and verified.

Entries hold references, never names of clients. The files are `log/<year>.jsonl`; how an entry is made and checked
is in `entries.py`, how bytes reach the disk in `files.py`. What is worth an entry is decided above.
"""

import platform
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from storage.entries import (
    LONGEST_LINE,
    Entry,
    Event,
    Head,
    LogFault,
    broken,
    first_head,
    next_entry,
    read_entry,
)
from storage.errors import LogBroken
from storage.files import (
    append_durably,
    end_of_lines,
    last_line,
    names_in,
    patiently,
    readable,
    replace_durably,
)
from storage.keys import Signer
from storage.lookback import Mark, Page, Wanted, look_back, signed_by_its_user

__all__ = [
    "Anchor",
    "Checkpoint",
    "Entry",
    "Event",
    "Head",
    "Journal",
    "LogFault",
    "Place",
    "Verification",
    "check_entry",
]

_WAIT = 10.0
_TELL_EVERY = 1000
_MOST_READ = 20_000
_LOG_FILE = re.compile(r"[0-9]{4}\.jsonl")
_HEAD_FILE = "head.json"


@dataclass(frozen=True, slots=True)
class Anchor:
    """What the store's header holds about the log: its head, and the entries of the last commit."""

    head: Head
    outbox: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a log ends: its head, and the length in bytes of all whole lines up to it, over all years."""

    head: Head
    length: int


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far a log was verified: the place, and the SHA-256 (hexadecimal) of all bytes up to it."""

    place: Place
    digest: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What a verified log holds: the number of entries, the head they lead to, and where to go on next time."""

    entries: int
    head: Head
    checkpoint: Checkpoint


class _NotTheSame(Exception):
    """What was verified before stands there no more as it was."""


def _same(since: Checkpoint, head: Head, digest: str) -> bool:
    return head == since.place.head and digest == since.digest


def check_entry(
    entry: Entry, head: Head, where: str, signing_key: Callable[[str], Ed25519PublicKey | None]
) -> None:
    """Raise LogBroken unless the entry follows `head` and the user it names signed it."""
    entry.check_follows(head, where)
    if not signed_by_its_user(entry, signing_key):
        raise broken(where, LogFault.SIGNATURE)


def _agree(head: Head, anchors: Iterable[Head]) -> bool:
    """Whether no anchor tells another digest for the entry that `head` is of."""
    return all(anchor == head for anchor in anchors if anchor.seq == head.seq)


class Journal:
    """The log of one store. `lock` (who, seconds) and `anchor` are the store's: one lock, one commit for both.

    `anchor(n)` leaves out the outbox when it holds nothing beyond entry `n`.
    """

    def __init__(
        self,
        folder: Path,
        identity: str,
        *,
        lock: Callable[[str, float], AbstractContextManager[None]],
        anchor: Callable[[int], Anchor],
        clock: Callable[[], datetime],
        host: str | None = None,
    ) -> None:
        self._folder = folder
        self._identity = identity
        self._lock = lock
        self._anchor = anchor
        self._clock = clock
        self._host = (platform.node() if host is None else host)[:253]

    def append(self, author: Signer, events: Sequence[Event]) -> None:
        """Write the events, signed by `author`. When this returns they are on disk: only then show anything.

        Raises StoreLocked, DiskFull, StoreNotWritable or LogBroken; then nothing was written.
        """
        if not events:
            return
        with self._lock(author.user, _WAIT):
            self.write(self.chain(self.mend(), author, events))
            self.remember()

    def entries(
        self, *, reference: str | None = None, user: str | None = None, since: datetime | None = None
    ) -> Iterator[Entry]:
        """The entries in order, filtered; `since` is aware. Not verified: see `verify`. Raises LogBroken for a
        line that is no entry."""
        earliest = None if since is None else since.astimezone(UTC).isoformat(timespec="microseconds")
        for _where, entry in self._stored():
            if reference is not None and reference not in entry.references:
                continue
            if user is not None and entry.user != user:
                continue
            if earliest is None or entry.at >= earliest:
                yield entry

    def back(
        self,
        signing_key: Callable[[str], Ed25519PublicKey | None],
        *,
        before: Mark | None = None,
        wanted: Wanted = lambda _entry: True,
        stop: Wanted = lambda _entry: False,
        most: int = 500,
        most_read: int | None = None,
    ) -> Page:
        """The newest entries first, checked; with `before` (of the page before) what is older. See `look_back`."""
        anchor, remembered = self._anchor(0), self._remembered()
        if remembered is None:
            raise broken(_HEAD_FILE, LogFault.CUT)
        return look_back(
            self._files(),
            self._identity,
            signing_key,
            anchors=(anchor.head, remembered),
            outbox=anchor.outbox if before is None else (),
            before=before,
            wanted=wanted,
            stop=stop,
            most=most,
            most_read=_MOST_READ if most_read is None else most_read,
        )

    @property
    def head(self) -> Head:
        """Number and digest of the last entry; number 0 when there is none yet."""
        head = first_head(self._identity)
        for path in reversed(self._files()):
            line = last_line(path, LONGEST_LINE)
            if line:
                return read_entry(line, path.name).head
        return head

    @property
    def place(self) -> Place:
        """Where the log ends now: its head and its length. A torn last line does not count."""
        head, length = first_head(self._identity), 0
        for path in self._files():
            end = end_of_lines(path)
            if end:
                head = read_entry(last_line(path, LONGEST_LINE, before=end), path.name).head
                length += end
        return Place(head, length)

    def check_seen(self, seen: Place) -> None:
        """Raise LogCut or LogReplaced unless the log still holds, at its place, the entry that was its head then."""
        left, where, head = seen.length, _HEAD_FILE, first_head(self._identity)
        for path in self._files() if left else ():
            size, where = end_of_lines(path), path.name
            if left > size:
                left -= size
                continue
            with suppress(LogBroken):
                head = read_entry(last_line(path, LONGEST_LINE, before=left), where).head
            left = 0
            break
        if left:
            raise broken(where, LogFault.CUT)
        if head != seen.head:
            raise broken(where, LogFault.REPLACED)

    def verify(
        self,
        signing_key: Callable[[str], Ed25519PublicKey | None],
        *,
        since: Checkpoint | None = None,
        tell: Callable[[int], None] = lambda _count: None,
    ) -> Verification:
        """Read the log and check the chain, the signatures and the anchors.

        `signing_key` gives the key of a key id, those of former users too. What was verified up to `since` and is the
        same to the byte is not verified again; when it is not the same, all of it is, and the place named. Needs no
        lock and no right to write. `tell` hears of every thousandth entry; what it raises ends the reading. Raises LogBroken naming where, and what: an edited or missing entry, a bad
        signature, a cut tail, another log.
        """
        if since is None:
            return self._verify(signing_key, None, (), tell)
        try:
            return self._verify(signing_key, since, (), tell)
        except _NotTheSame:
            # It is found by looking at all of it; the head that was verified then counts as an anchor.
            self._verify(signing_key, None, (since.place.head,), tell)
            raise broken(_HEAD_FILE, LogFault.REPLACED) from None

    def _verify(
        self,
        signing_key: Callable[[str], Ed25519PublicKey | None],
        since: Checkpoint | None,
        more: tuple[Head, ...],
        tell: Callable[[int], None],
    ) -> Verification:
        anchor = self._anchor(0)
        remembered = self._remembered()
        if remembered is None:
            raise broken(_HEAD_FILE, LogFault.CUT)
        head = first_head(self._identity)
        anchors = (anchor.head, remembered, *more)
        if not _agree(head, anchors):
            raise broken(_HEAD_FILE, LogFault.REPLACED)
        numbers = {a.seq for a in anchors}
        count, where, length, total = 0, _HEAD_FILE, 0, sha256()
        unseen = since.place.length if since is not None else 0
        joined = unseen == 0
        for where, line in self._lines():
            total.update(line)
            length += len(line)
            count += 1
            if not count % _TELL_EVERY:
                tell(count)
            if length <= unseen:
                # Unchanged since it was verified, if the digest below says so; then the n-th line is entry n.
                if length == unseen or count in numbers:
                    head = read_entry(line, where).head
                if count in numbers and not _agree(head, anchors):
                    raise broken(where, LogFault.REPLACED)
                if since is not None and length == unseen:
                    joined = _same(since, head, total.hexdigest())
                continue
            if not joined:
                raise _NotTheSame
            entry = read_entry(line, where)
            check_entry(entry, head, where, signing_key)
            head = entry.head
            if not _agree(head, anchors):
                raise broken(where, LogFault.REPLACED)
        if not joined:
            raise _NotTheSame
        checkpoint = Checkpoint(Place(head, length), total.hexdigest())
        for entry in anchor.outbox:
            if entry.seq > head.seq:
                where = "outbox"
                check_entry(entry, head, where, signing_key)
                head, count = entry.head, count + 1
                if not _agree(head, anchors):
                    raise broken(where, LogFault.REPLACED)
        if head.seq < max(anchors).seq:
            raise broken(where, LogFault.CUT)
        return Verification(count, head, checkpoint)

    # What follows is for the holder of the store's lock.

    def mend(self, told: Head | None = None) -> Head:
        """Bring the files up to the store: cut a torn line, complete the last commit's entries. Returns the head.

        `told` is the head in the store's header, when the holder of the lock has just read it.
        Raises LogBroken when what is there does not lead to the anchors; then nothing may be added.
        """
        head = self.head
        anchor = Anchor(head, ()) if told == head else self._anchor(head.seq)
        missing = [entry for entry in anchor.outbox if entry.seq > head.seq]
        if missing:
            missing[0].check_follows(head, "outbox")
            self.write(missing)
            head = missing[-1].head
        remembered = self._remembered()
        if remembered is None or head.seq < max(anchor.head.seq, remembered.seq):
            raise broken(_HEAD_FILE, LogFault.CUT)
        if not _agree(head, (anchor.head, remembered)):
            raise broken(_HEAD_FILE, LogFault.REPLACED)
        return head

    def chain(self, head: Head, author: Signer, events: Iterable[Event]) -> list[Entry]:
        """The entries for `events` that follow `head`, signed but written nowhere yet."""
        entries: list[Entry] = []
        at = self._clock()
        for event in events:
            entries.append(next_entry(head, event, author, at, self._host))
            head = entries[-1].head
        return entries

    def write(self, entries: Sequence[Entry]) -> None:
        """Append the entries to the year's file and see them on disk. The year never goes back with a clock."""
        files = self._files()
        latest = files[-1].stem if files else ""
        if files and entries and entries[0].at[:4] > latest:
            append_durably(files[-1], b"")  # a torn line must not stay behind in a year that is over
        for year in sorted({max(entry.at[:4], latest) for entry in entries}):
            lines = [e.line for e in entries if max(e.at[:4], latest) == year]
            append_durably(self._folder / f"{year}.jsonl", b"".join(lines))

    def remember(self) -> None:
        """Anchor the present head beside the log, for entries that come without a commit of the store."""
        head = self.head
        replace_durably(self._folder / _HEAD_FILE, head.written)

    def begin(self) -> None:
        """Make the folder of an empty log."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self.remember()

    def _remembered(self) -> Head | None:
        path = self._folder / _HEAD_FILE
        try:
            with readable(path):
                return Head.read(patiently(path.read_bytes)[:1024])
        except FileNotFoundError:
            return None
        except ValueError:
            raise broken(_HEAD_FILE, LogFault.EDITED) from None

    def _files(self) -> list[Path]:
        with readable(self._folder):
            names = sorted(filter(_LOG_FILE.fullmatch, names_in(self._folder)))
        return [self._folder / name for name in names]

    def _stored(self) -> Iterator[tuple[str, Entry]]:
        """Every entry with the place it stands in."""
        for where, line in self._lines():
            yield where, read_entry(line, where)

    def _lines(self) -> Iterator[tuple[str, bytes]]:
        """Every whole line with the place it stands in."""
        files = self._files()
        for path in files:
            with readable(path), path.open("rb") as file:
                number = 0
                while line := file.readline(LONGEST_LINE + 1):
                    number += 1
                    if not line.endswith(b"\n") and len(line) <= LONGEST_LINE and path == files[-1]:
                        break  # being written at this moment, or torn: never acknowledged
                    yield f"{path.name}:{number}", line
