"""The default engine: TinyDB documents in files that are replaced whole, one writer at a time.

TinyDB applies the changes of a transaction in memory; what it calls writing only marks them, and the commit puts them
on disk. The commit point is the replacement of `active.json`, which names the file of closed matters and holds the
log entries of the commit. The form of the files is in `document.py`, TinyDB's part in `tables.py`, what a transaction
sees in `views.py`.
"""

import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from storage.document import (
    ClosedFile,
    Document,
    Header,
    is_closed_name,
    read_document,
    read_header,
    read_tail,
    write_document,
)
from storage.entries import Event, Head, first_head
from storage.errors import StorageError, StoreBroken, StoreExists, StoreMissing
from storage.files import file_lock, names_in, readable, remove_stale_temps, writable
from storage.journal import Anchor, Journal
from storage.keys import Signer
from storage.lines import changed_lines, lines_of
from storage.store import Mark
from storage.tables import Changes, applied
from storage.views import Pending, View
from storage.volumes import refuse_nfs

__all__ = ["TinyStore"]

_ACTIVE = "active.json"
_LOG = "log"
_LOCK = "lock"
_TRIES = 20


def _remains(location: Path) -> bool:
    """Whether a folder holds a store, or what is left of one. Raises OSError."""
    return any(
        name == _ACTIVE or is_closed_name(name) or name.endswith(".jsonl")
        for name in (*names_in(location), *names_in(location / _LOG))
    )


class TinyStore:
    """See `storage.store.Store`."""

    def __init__(self, location: Path, identity: str, clock: Callable[[], datetime]) -> None:
        self.location = location
        self.identity = identity
        self._clock = clock
        self._active: tuple[Document, View] | None = None
        self._closed: tuple[ClosedFile, View] | None = None
        self._owner: int | None = None
        self._held: View | None = None
        self._before_write: Callable[[datetime], Sequence[Event]] | None = None
        self.journal = Journal(location / _LOG, identity, lock=self._hold, anchor=self._anchor, clock=clock)

    @classmethod
    def open(cls, location: Path, *, clock: Callable[[], datetime]) -> "TinyStore":
        """The store in `location`."""
        refuse_nfs(location)
        try:
            store = cls(location, read_header(location / _ACTIVE).store, clock)
        except FileNotFoundError:
            with readable(location):
                if _remains(location):
                    raise StoreBroken(file=_ACTIVE) from None
            raise StoreMissing(location=str(location)) from None
        store._check_whole()
        return store

    @classmethod
    def create(cls, location: Path, *, clock: Callable[[], datetime]) -> "TinyStore":
        """A new store in `location`."""
        refuse_nfs(location)
        store = cls(location, secrets.token_hex(16), clock)
        with writable(location):
            location.mkdir(parents=True, exist_ok=True)
        with store._hold("*new store*", 10.0):
            if _remains(location):
                raise StoreExists(location=str(location))
            store.journal.begin()
            write_document(
                location / _ACTIVE, "active", store.identity, 0, {}, None, first_head(store.identity), []
            )
        return store

    def _check_whole(self) -> None:
        """Raise StoreBroken when the file of closed matters is not there: the folder was copied by half."""
        named = None
        for _ in range(_TRIES):
            named = self._header().closed
            if named is None or (self.location / named.file).exists():
                return  # one that is replaced just now is named anew at the next look
        if named is not None:
            raise StoreBroken(file=named.file)

    @property
    def generation(self) -> int:
        """The number of the last commit."""
        return self._header().generation

    @property
    def mark(self) -> Mark:
        """Number and digest of the last commit."""
        header = self._header()
        return Mark(header.generation, header.check)

    def snapshot(self) -> "View":
        """The present state. In this thread's own transaction that is the one it goes on from: nobody else commits."""
        held = self._held
        return held if held is not None and self._owner == threading.get_ident() else self._load()[1]

    def closed(self) -> "View":
        """The present state of the file of closed matters."""
        return self._load_closed()

    def guard(self, before_write: Callable[[datetime], Sequence[Event]]) -> None:
        """Have something done before each commit that changes rows."""
        self._before_write = before_write

    def beside(self) -> "TinyStore":
        """Another on the same folder; rows in memory are never altered, so that both can hold them."""
        other = TinyStore(self.location, self.identity, self._clock)
        other._active, other._closed = self._active, self._closed
        return other

    def close(self) -> None:
        """Let go of what is held in memory."""
        self._forget()

    @contextmanager
    def transaction(self, author: Signer, *, wait: float = 10.0) -> Iterator[Pending]:
        """Hold the store alone; commit at the normal end, change nothing at an exception."""
        with self._hold(author.user, wait):
            try:
                document, view = self._load()
                self._remove_old_closed(document.header)
                head = self.journal.mend(document.header.log)
                transaction = Pending(view, self._load_closed)
                self._held = view
                try:
                    yield transaction
                finally:
                    self._held = None
                    changes = transaction.finish()
                self._commit(author, document, view, changes, transaction.events, head)
            except BaseException:
                self._forget()
                raise

    def _commit(
        self,
        author: Signer,
        document: Document,
        view: View,
        changes: tuple[Changes, Changes],
        events: list[Event],
        head: Head,
    ) -> None:
        active, closed = changes
        if (active or closed) and self._before_write is not None:
            events = [*events, *self._before_write(self._clock())]
        entries = self.journal.chain(head, author, events)
        if not active and not closed:
            if entries:
                self.journal.write(entries)
                self.journal.remember()
            return
        header = document.header
        generation = header.generation + 1
        named = header.closed
        if closed:
            named = self._write_closed(generation, closed)
        tables = applied(view.tables, active)
        lines = lines_of(tables) if document.lines is None else changed_lines(document.lines, tables, active)
        head = entries[-1].head if entries else head
        path = self.location / _ACTIVE
        written = write_document(path, "active", self.identity, generation, lines, named, head, entries)
        # From here on it is committed. What fails now is made good by the next holder of the lock.
        self._active = None
        with suppress(OSError):
            status = path.stat()
            stamp = (status.st_ino, status.st_size, status.st_mtime_ns)
            self._active = (Document(written, tables, stamp, lines), View(generation, tables))
        with suppress(StorageError):
            if entries:
                self.journal.write(entries)
        if written.closed != header.closed:
            self._remove_old_closed(written)

    def _write_closed(self, generation: int, changes: Changes) -> ClosedFile:
        tables = applied(self._load_closed().tables, changes)
        none = first_head(self.identity)
        path = self.location / f"closed-{generation}.json"
        header = write_document(path, "closed", self.identity, generation, lines_of(tables), None, none, [])
        named = ClosedFile(path.name, generation, header.digest)
        self._closed = (named, View(generation, tables))
        return named

    def _remove_old_closed(self, header: Header) -> None:
        named = header.closed.file if header.closed else ""
        with suppress(OSError):
            for name in names_in(self.location):
                if is_closed_name(name) and name != named:
                    with suppress(OSError):  # a reader on Windows holds it open; the next commit removes it
                        (self.location / name).unlink()

    @contextmanager
    def _hold(self, holder: str, wait: float) -> Iterator[None]:
        if self._owner == threading.get_ident():
            raise RuntimeError("the store is held by this thread: use the transaction at hand")
        with file_lock(self.location / _LOCK, wait, holder=holder, now=self._clock):
            self._owner = threading.get_ident()
            try:
                remove_stale_temps(self.location)
                remove_stale_temps(self.location / _LOG)
                yield
            finally:
                self._owner = None

    def _header(self) -> Header:
        try:
            return self._ours(read_header(self.location / _ACTIVE))
        except FileNotFoundError:
            raise StoreMissing(location=str(self.location)) from None

    def _ours(self, header: Header) -> Header:
        if header.kind != "active" or header.store != self.identity:
            raise StoreBroken(file=_ACTIVE)
        return header

    def _load(self) -> tuple[Document, View]:
        known = self._active
        try:
            document = read_document(self.location / _ACTIVE, known[0] if known else None)
        except FileNotFoundError:
            raise StoreMissing(location=str(self.location)) from None
        if known is not None and document is known[0]:
            return known
        self._ours(document.header)
        fresh = (document, View(document.header.generation, document.tables))
        self._active = fresh
        return fresh

    def _load_closed(self) -> View:
        for _ in range(_TRIES):
            named, known = self._header().closed, self._closed
            if named is None:
                return View(0, {})
            if known is not None and known[0] == named:
                return known[1]
            try:
                document = read_document(self.location / named.file)
            except FileNotFoundError:
                continue  # a commit came between: the header now names another
            header = document.header
            found = ClosedFile(named.file, header.generation, header.digest)
            if header.kind != "closed" or header.store != self.identity or found != named:
                raise StoreBroken(file=named.file)
            view = View(header.generation, document.tables)
            self._closed = (named, view)
            return view
        raise StoreBroken(file=named.file if named else _ACTIVE)

    def _anchor(self, after: int) -> Anchor:
        try:
            header, outbox = read_tail(self.location / _ACTIVE, after)
        except FileNotFoundError:
            raise StoreMissing(location=str(self.location)) from None
        return Anchor(self._ours(header).log, outbox)

    def _forget(self) -> None:
        self._active = None
        self._closed = None
