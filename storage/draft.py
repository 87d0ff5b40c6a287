"""Rows in memory that can be changed like those of a transaction: what a backup holds, and what a restore puts back.

Nothing here reaches a disk.
"""

from collections.abc import Mapping
from typing import Any

from storage.document import Tables
from storage.entries import Event
from storage.rows import copied

__all__ = ["Draft"]


class Draft:
    """A `storage.store.Transaction` on tables in memory. `changed` tells whether any row is not as it was."""

    def __init__(self, active: Tables, closed: Tables, generation: int) -> None:
        self.active: Tables = {name: dict(rows) for name, rows in active.items()}
        self.closed: Tables = {name: dict(rows) for name, rows in closed.items()}
        self.generation = generation
        self.changed = False
        self.events: list[Event] = []

    def _put(self, tables: Tables, table: str, key: str, row: Mapping[str, Any]) -> None:
        if tables.get(table, {}).get(key) != row:
            tables.setdefault(table, {})[key] = copied(row)
            self.changed = True

    def _delete(self, tables: Tables, table: str, key: str) -> None:
        if tables.get(table, {}).pop(key, None) is not None:
            self.changed = True

    def get(self, table: str, key: str) -> Mapping[str, Any] | None:
        """As in `storage.store.Transaction`, and so are those that follow."""
        row = self.active.get(table, {}).get(key)
        return None if row is None else copied(row)

    def rows(self, table: str) -> list[tuple[str, Mapping[str, Any]]]:
        """All rows in the order of their keys."""
        return sorted(self.active.get(table, {}).items(), key=lambda item: item[0])

    def put(self, table: str, key: str, row: Mapping[str, Any]) -> None:
        """Add or replace a row."""
        self._put(self.active, table, key, row)

    def delete(self, table: str, key: str) -> None:
        """Remove a row."""
        self._delete(self.active, table, key)

    def get_closed(self, table: str, key: str) -> Mapping[str, Any] | None:
        """A row of closed matters."""
        row = self.closed.get(table, {}).get(key)
        return None if row is None else copied(row)

    def rows_closed(self, table: str) -> list[tuple[str, Mapping[str, Any]]]:
        """All closed rows in the order of their keys."""
        return sorted(self.closed.get(table, {}).items(), key=lambda item: item[0])

    def put_closed(self, table: str, key: str, row: Mapping[str, Any]) -> None:
        """Add or replace a row of closed matters."""
        self._put(self.closed, table, key, row)

    def delete_closed(self, table: str, key: str) -> None:
        """Remove a row of closed matters."""
        self._delete(self.closed, table, key)

    def record(self, event: Event) -> None:
        """Keep an event for the log."""
        self.events.append(event)
