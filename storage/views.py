"""What is seen of tables at one generation, and what a transaction sees over them. Nothing here touches a file."""

from collections.abc import Callable, Mapping
from typing import Any

from storage.document import Tables
from storage.entries import Event
from storage.rows import copied
from storage.tables import Changes

__all__ = ["Pending", "View"]


class View:
    """One file's tables at one generation, and their rows in order once asked for."""

    def __init__(self, generation: int, tables: Tables) -> None:
        self.generation = generation
        self.tables = tables
        self._sorted: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}

    def get(self, table: str, key: str) -> Mapping[str, Any] | None:
        """The row, as a copy, or None when there is none."""
        row = self.tables.get(table, {}).get(key)
        return None if row is None else copied(row)

    def rows(self, table: str) -> list[tuple[str, Mapping[str, Any]]]:
        """All rows in the order of their keys, not copied."""
        if table not in self._sorted:
            self._sorted[table] = sorted(self.tables.get(table, {}).items(), key=lambda item: item[0])
        return list(self._sorted[table])


class _Part:
    """A view with the changes of a transaction over it."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.changes: Changes = {}

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


class Pending:
    """See `storage.store.Transaction`. The closed file is read only when asked for."""

    def __init__(self, active: View, closed: Callable[[], View]) -> None:
        self._active = _Part(active)
        self._read_closed = closed
        self._closed: _Part | None = None
        self._open = True
        self.events: list[Event] = []

    @property
    def generation(self) -> int:
        """The number of the commit this goes on from."""
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
        """The row as it will be, as a copy."""
        return self._now().get(table, key)

    def rows(self, table: str) -> list[tuple[str, Mapping[str, Any]]]:
        """The rows as they will be."""
        return self._now().rows(table)

    def put(self, table: str, key: str, row: Mapping[str, Any]) -> None:
        """Add or replace a row; it is copied."""
        self._now().put(table, key, row)

    def delete(self, table: str, key: str) -> None:
        """Remove a row, if it is there."""
        self._now().delete(table, key)

    def get_closed(self, table: str, key: str) -> Mapping[str, Any] | None:
        """As `get`, of closed matters."""
        return self._past().get(table, key)

    def rows_closed(self, table: str) -> list[tuple[str, Mapping[str, Any]]]:
        """As `rows`, of closed matters."""
        return self._past().rows(table)

    def put_closed(self, table: str, key: str, row: Mapping[str, Any]) -> None:
        """As `put`, of closed matters."""
        self._past().put(table, key, row)

    def delete_closed(self, table: str, key: str) -> None:
        """As `delete`, of closed matters."""
        self._past().delete(table, key)

    def record(self, event: Event) -> None:
        """Log `event` with the commit."""
        self._now()
        self.events.append(event)

    def finish(self) -> tuple[Changes, Changes]:
        """End it; the changes to the active and to the closed rows."""
        self._open = False
        return self._active.changes, self._closed.changes if self._closed else {}
