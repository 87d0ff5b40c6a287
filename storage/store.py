"""Store, Snapshot and Transaction: what the floors above see of durable documents, and the seam for an engine.

Rows are JSON objects in named tables under string keys. How they reach the disk is in `tiny.py`; what a row means
is decided above.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol, runtime_checkable

from storage.errors import StoreOutdated
from storage.journal import Event, Journal
from storage.keys import Signer
from storage.rows import Row

__all__ = ["Mark", "Row", "Snapshot", "Store", "Transaction", "create_store", "open_store", "utc_now"]


def utc_now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


class Mark(NamedTuple):
    """Which commit a store is at: its number, and a digest over what was committed."""

    generation: int
    commit: str


class Snapshot(Protocol):
    """All tables as they were at one generation. Never changes; hold it as long as you like."""

    @property
    def generation(self) -> int:
        """The number of the commit this is the state of."""

    def get(self, table: str, key: str) -> Mapping[str, Any] | None:
        """The row, as a copy, or None when there is none."""

    def rows(self, table: str) -> list[tuple[str, Mapping[str, Any]]]:
        """All rows in the order of their keys; not copied, so look and do not touch."""


@runtime_checkable
class Transaction(Snapshot, Protocol):
    """The tables as they will be, one's own changes included. Others see them after the commit, or never."""

    def put(self, table: str, key: str, row: Mapping[str, Any]) -> None:
        """Add or replace a row; it is copied. Raises TypeError for what JSON cannot hold."""

    def delete(self, table: str, key: str) -> None:
        """Remove a row; one that is not there is no error."""

    def get_closed(self, table: str, key: str) -> Mapping[str, Any] | None:
        """As `get`, in the file of closed matters."""

    def rows_closed(self, table: str) -> list[tuple[str, Mapping[str, Any]]]:
        """As `rows`, in the file of closed matters."""

    def put_closed(self, table: str, key: str, row: Mapping[str, Any]) -> None:
        """As `put`, in the file of closed matters; committed together with the active rows."""

    def delete_closed(self, table: str, key: str) -> None:
        """As `delete`, in the file of closed matters."""

    def record(self, event: Event) -> None:
        """Log `event` exactly once if, and only if, this transaction is committed."""


class Store(Protocol):
    """A folder of durable documents that several workstations use at once."""

    @property
    def location(self) -> Path:
        """The folder."""

    @property
    def identity(self) -> str:
        """The store's own random name (32 hexadecimal digits), given at its making."""

    @property
    def generation(self) -> int:
        """The number of the last commit, by whomever. One short read of the file's first line."""

    @property
    def mark(self) -> Mark:
        """Number and digest of the last commit."""

    @property
    def journal(self) -> Journal:
        """The access log. Inside a transaction use its `record`, which shares the lock."""

    def snapshot(self) -> Snapshot:
        """The present state. Raises StoreBroken, StoreMissing or StoreNewer."""

    def closed(self) -> Snapshot:
        """The present state of the file of closed matters."""

    def transaction(self, author: Signer, *, wait: float = 10.0) -> AbstractContextManager[Transaction]:
        """Hold the store alone: commit at the normal end of the block, change nothing at an exception.

        `wait` is in seconds. Raises StoreLocked when another holds it longer, and at the end DiskFull or
        StoreNotWritable, after which nothing has changed. Nothing changed means no write and no new generation.
        Transactions do not nest.
        """

    def guard(self, before_write: Callable[[datetime], Sequence[Event]]) -> None:
        """Have something done before each commit that changes rows, such as the backup of the day.

        It is called with the moment and the lock held, on the state before the change; the events it returns are logged
        with the commit. What it raises stops the commit.
        """

    def beside(self) -> "Store":
        """The same store once more, for another thread: what is in memory is shared, and not read again."""

    def close(self) -> None:
        """Let go of what is held in memory."""


def open_store(
    location: Path,
    *,
    clock: Callable[[], datetime] = utc_now,
    make_backup: Callable[[Path], object] | None = None,
) -> Store:
    """The store in `location`. Raises StoreMissing, StoreBroken, StoreNewer, StoreOnNfs or StoreOutdated.

    With `make_backup`, which backs up the store it is given, one of an older format is migrated after that.
    """
    from storage.tiny import TinyStore

    try:
        return TinyStore.open(location, clock=clock)
    except StoreOutdated:
        if make_backup is None:
            raise
    from storage.migrations import migrate

    migrate(location, make_backup)
    return TinyStore.open(location, clock=clock)


def create_store(location: Path, *, clock: Callable[[], datetime] = utc_now) -> Store:
    """A new, empty store in `location`, which is made when absent. Raises StoreExists."""
    from storage.tiny import TinyStore

    return TinyStore.create(location, clock=clock)
