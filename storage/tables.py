"""Applying a transaction's changes to tables in memory, by TinyDB. No files: when they reach the disk is in `tiny.py`."""

from collections.abc import Callable
from typing import Any

from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Document as TinyDocument
from tinydb.table import Table

from storage.document import Tables
from storage.rows import Row

__all__ = ["Changes", "applied"]

Changes = dict[str, dict[str, Row | None]]
"""By table and key the row as it is to be; None for one that goes."""


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

    def _update_table(self, updater: Callable[[dict[Any, Any]], None]) -> None:
        """As TinyDB does it, without making every key anew twice: here keys are strings in memory and on disk.

        Were TinyDB to call another method, its own would do, only slower.
        """
        tables = self._storage.read() or {}
        table = dict(tables.get(self.name, {}))
        updater(table)
        self._storage.write({**tables, self.name: table})
        self.clear_cache()


class _Database(TinyDB):
    table_class = _Table


def applied(tables: Tables, changes: Changes) -> Tables:
    """The tables after the changes; those given stay as they were."""
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
