"""The default engine: TinyDB documents in files that are replaced whole, one writer at a time.

TinyDB applies the changes of a transaction in memory; what it calls writing only marks them, and the commit puts them
on disk. The commit point is the replacement of `active.json`, which names the file of closed matters and holds the
log entries of the commit. The form of the files is in `document.py`.
"""

import secrets
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Document as TinyDocument
from tinydb.table import Table

from storage.document import (
    ClosedFile,
    Document,
    Header,
    Tables,
    compose,
    read_document,
    read_header,
    read_tail,
)
from storage.entries import Event, Head, first_head
from storage.errors import StorageError, StoreBroken, StoreExists, StoreMissing
from storage.files import file_lock, remove_stale_temps, replace_durably, writable
from storage.journal import Anchor, Journal
from storage.keys import Signer
from storage.rows import Row, copied
from storage.store import Mark
from storage.volumes import refuse_nfs

__all__ = ["TinyStore"]

_ACTIVE = "active.json"
_CLOSED = "closed-*.json"
_LOG = "log"
_LOCK = "lock"
_TRIES = 20

_Changes = dict[str, dict[str, Row | None]]


class _Memory(Storage):
    """What TinyDB reads and writes: tables in memory. It replaces tables and never alters one it was given."""

    def __init__(self, tables: Tables) -> None:
        self.tables: dict[str, dict[str, Any]] = dict(tables)

    def read(self) -> dict[str, dict[str, Any]]:
        return self.tables

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        self.tables = data


class _Table(Table):
    document_id_class = str  # type: ignore[assignment]  # TinyDB means it to be set, yet types it as int


class _Database(TinyDB):
    table_class = _Table


def _applied(tables: Tables, changes: _Changes) -> Tables:
    """The tables after the changes: two passes over each changed table, however many rows change."""
    memory = _Memory(tables)
    database = _Database(storage=lambda: memory)
    for name, rows in changes.items():
        table = database.table(name, cache_size=0)
        present = tables.get(name, {})
        table.remove(doc_ids=[key for key in rows if key in present])  # type: ignore[misc]
        table.insert_multiple(
            TinyDocument(row, key)  # type: ignore[arg-type]
            for key, row in rows.items()
            if row is not None
        )
    return memory.tables


class _View:
    """One file's tables at one generation, and their rows in order once asked for."""

    def __init__(self, generation: int, tables: Tables) -> None:
        self.generation = generation
        self.tables = tables
        self._sorted: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}

    def get(self, table: str, key: str) -> Mapping[str, Any] | None:
        row = self.tables.get(table, {}).get(key)
        return None if row is None else copied(row)

    def rows(self, table: str) -> list[tuple[str, Mapping[str, Any]]]:
        if table not in self._sorted:
            self._sorted[table] = sorted(self.tables.get(table, {}).items(), key=lambda item: item[0])
        return list(self._sorted[table])


class _Part:
    """A view with the changes of a transaction over it."""

    def __init__(self, view: _View) -> None:
        self.view = view
        self.changes: _Changes = {}

    def get(self, table: str, key: str) -> Mapping[str, Any] | None:
        changed = self.changes.get(table, {})
        if key not in changed:
            return self.view.get(table, key)
        row = changed[key]
        return None if row is None else copied(row)

    def rows(self, table: str) -> list[tuple[str, Mapping[str, Any]]]:
        changed = self.changes.get(table)
        if not changed:
            return self.view.rows(table)
        merged = {**self.view.tables.get(table, {}), **changed}
        return sorted(((k, row) for k, row in merged.items() if row is not None), key=lambda item: item[0])

    def put(self, table: str, key: str, row: Mapping[str, Any]) -> None:
        self.changes.setdefault(table, {})[key] = copied(row)

    def delete(self, table: str, key: str) -> None:
        if self.get(table, key) is not None:
            self.changes.setdefault(table, {})[key] = None


class _Transaction:
    """See `storage.store.Transaction`. The closed file is read only when asked for."""

    def __init__(self, active: _View, closed: Callable[[], _View]) -> None:
        self._active = _Part(active)
        self._read_closed = closed
        self._closed: _Part | None = None
        self._open = True
        self.events: list[Event] = []

    @property
    def generation(self) -> int:
        return self._active.view.generation

    def _now(self) -> _Part:
        if not self._open:
            raise RuntimeError("the transaction is over")
        return self._active

    def _past(self) -> _Part:
        self._now()
        if self._closed is None:
            self._closed = _Part(self._read_closed())
        return self._closed

    def get(self, table: str, key: str) -> Mapping[str, Any] | None:
        return self._now().get(table, key)

    def rows(self, table: str) -> list[tuple[str, Mapping[str, Any]]]:
        return self._now().rows(table)

    def put(self, table: str, key: str, row: Mapping[str, Any]) -> None:
        self._now().put(table, key, row)

    def delete(self, table: str, key: str) -> None:
        self._now().delete(table, key)

    def get_closed(self, table: str, key: str) -> Mapping[str, Any] | None:
        return self._past().get(table, key)

    def rows_closed(self, table: str) -> list[tuple[str, Mapping[str, Any]]]:
        return self._past().rows(table)

    def put_closed(self, table: str, key: str, row: Mapping[str, Any]) -> None:
        self._past().put(table, key, row)

    def delete_closed(self, table: str, key: str) -> None:
        self._past().delete(table, key)

    def record(self, event: Event) -> None:
        self._now()
        self.events.append(event)

    def finish(self) -> tuple[_Changes, _Changes]:
        """End it; the changes to the active and to the closed rows."""
        self._open = False
        return self._active.changes, self._closed.changes if self._closed else {}


class TinyStore:
    """See `storage.store.Store`."""

    def __init__(self, location: Path, identity: str, clock: Callable[[], datetime]) -> None:
        self.location = location
        self.identity = identity
        self._clock = clock
        self._active: tuple[Document, _View] | None = None
        self._closed: tuple[ClosedFile, _View] | None = None
        self._owner: int | None = None
        self._before_write: Callable[[datetime], Sequence[Event]] | None = None
        self.journal = Journal(location / _LOG, identity, lock=self._hold, anchor=self._anchor, clock=clock)

    @classmethod
    def open(cls, location: Path, *, clock: Callable[[], datetime]) -> "TinyStore":
        """The store in `location`."""
        refuse_nfs(location)
        try:
            store = cls(location, read_header(location / _ACTIVE).store, clock)
        except FileNotFoundError:
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
            remains = [location / _ACTIVE, *location.glob(_CLOSED), *(location / _LOG).glob("*.jsonl")]
            if any(path.exists() for path in remains):
                raise StoreExists(location=str(location))
            store.journal.begin()
            _, data = compose("active", store.identity, 0, {}, None, first_head(store.identity), [])
            replace_durably(location / _ACTIVE, data)
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

    def snapshot(self) -> "_View":
        """The present state."""
        return self._load()[1]

    def closed(self) -> "_View":
        """The present state of the file of closed matters."""
        return self._load_closed()

    def guard(self, before_write: Callable[[datetime], Sequence[Event]]) -> None:
        """Have something done before each commit that changes rows."""
        self._before_write = before_write

    def close(self) -> None:
        """Let go of what is held in memory."""
        self._forget()

    @contextmanager
    def transaction(self, author: Signer, *, wait: float = 10.0) -> Iterator[_Transaction]:
        """Hold the store alone; commit at the normal end, change nothing at an exception."""
        with self._hold(author.user, wait):
            try:
                document, view = self._load()
                self._remove_old_closed(document.header)
                head = self.journal.mend()
                transaction = _Transaction(view, self._load_closed)
                try:
                    yield transaction
                finally:
                    changes = transaction.finish()
                self._commit(author, document.header, view, changes, transaction.events, head)
            except BaseException:
                self._forget()
                raise

    def _commit(
        self,
        author: Signer,
        header: Header,
        view: _View,
        changes: tuple[_Changes, _Changes],
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
        generation = header.generation + 1
        named = header.closed
        if closed:
            named = self._write_closed(generation, closed)
        tables = _applied(view.tables, active)
        head = entries[-1].head if entries else head
        written, data = compose("active", self.identity, generation, tables, named, head, entries)
        replace_durably(self.location / _ACTIVE, data)
        # From here on it is committed. What fails now is made good by the next holder of the lock.
        self._active = None
        with suppress(OSError):
            status = (self.location / _ACTIVE).stat()
            stamp = (status.st_ino, status.st_size, status.st_mtime_ns)
            self._active = (Document(written, tables, stamp), _View(generation, tables))
        with suppress(StorageError):
            if entries:
                self.journal.write(entries)
        self._remove_old_closed(written)

    def _write_closed(self, generation: int, changes: _Changes) -> ClosedFile:
        tables = _applied(self._load_closed().tables, changes)
        none = first_head(self.identity)
        header, data = compose("closed", self.identity, generation, tables, None, none, [])
        named = ClosedFile(f"closed-{generation}.json", generation, header.digest)
        replace_durably(self.location / named.file, data)
        self._closed = (named, _View(generation, tables))
        return named

    def _remove_old_closed(self, header: Header) -> None:
        named = header.closed.file if header.closed else ""
        for path in self.location.glob(_CLOSED):
            if path.name != named:
                with suppress(OSError):  # a reader on Windows holds it open; the next commit removes it
                    path.unlink()

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

    def _load(self) -> tuple[Document, _View]:
        known = self._active
        try:
            document = read_document(self.location / _ACTIVE, known[0] if known else None)
        except FileNotFoundError:
            raise StoreMissing(location=str(self.location)) from None
        if known is not None and document is known[0]:
            return known
        self._ours(document.header)
        fresh = (document, _View(document.header.generation, document.tables))
        self._active = fresh
        return fresh

    def _load_closed(self) -> _View:
        for _ in range(_TRIES):
            named, known = self._header().closed, self._closed
            if named is None:
                return _View(0, {})
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
            view = _View(header.generation, document.tables)
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
