"""The access log as one file that stands alone: its entries, and the signed list of users by which to verify it.

JSON lines: a heading, the statements about users, the entries as they stand in the log. Whoever has the file can
check it without the store; that it is the whole log is told by comparing its head with that of the store.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import orjson

from storage.directory import STATEMENTS, Directory
from storage.entries import LONGEST_LINE, Head, first_head, read_entry
from storage.errors import DirectoryNotGenuine, ExtractBroken, LogBroken, StoreNotWritable
from storage.files import readable, writable
from storage.journal import check_entry
from storage.rows import canonical
from storage.store import Store

__all__ = ["Extract", "read_extract", "write_extract"]

_KIND = "ocmw-intake log 1"
_MOST_STATEMENTS = 100_000


@dataclass(frozen=True, slots=True)
class Extract:
    """What a verified extract holds. `fingerprint` is that of the list of users: compare it with the office's."""

    store: str
    fingerprint: str
    entries: int
    head: Head


class _Statements:
    """The statements of an extract, for `Directory.load`."""

    generation = 0

    def __init__(self, rows: list[tuple[str, dict[str, Any]]]) -> None:
        self._rows = rows

    def get(self, table: str, key: str) -> Mapping[str, Any] | None:
        return dict(self.rows(table)).get(key)

    def rows(self, table: str) -> list[tuple[str, Mapping[str, Any]]]:
        return list(self._rows) if table == STATEMENTS else []


def write_extract(file: Path, store: Store, at: str) -> Extract:
    """Write the log of `store` to a new file that only this user may read; `at` is ISO 8601 in UTC.

    Raises FileExistsError, DiskFull, StoreNotWritable, LogBroken; then no new file is left. Nothing is verified here.
    """
    snapshot = store.snapshot()
    statements = list(snapshot.rows(STATEMENTS))
    fingerprint = Directory.load(snapshot).fingerprint
    with _new(file) as out, writable(file.parent):
        try:
            heading = {
                "kind": _KIND,
                "store": store.identity,
                "fingerprint": fingerprint,
                "statements": len(statements),
                "at": at,
            }
            out.write(canonical(heading) + b"\n")
            for key, row in statements:
                out.write(canonical({"key": key, "row": dict(row)}) + b"\n")
            count, head = 0, first_head(store.identity)
            for entry in store.journal.entries():
                out.write(entry.line)
                count, head = count + 1, entry.head
        except BaseException:
            out.close()
            file.unlink(missing_ok=True)
            raise
    return Extract(store.identity, fingerprint, count, head)


def _new(file: Path) -> IO[bytes]:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        return os.fdopen(os.open(file, flags, 0o600), "wb")
    except FileExistsError:
        raise
    except OSError:
        raise StoreNotWritable(location=str(file.parent)) from None


def read_extract(file: Path) -> Extract:
    """Verify an extract by itself: the users' statements, then every entry's place and signature.

    Raises ExtractBroken naming the line, StoreNotReadable, FileNotFoundError.
    """
    with readable(file), file.open("rb") as opened:
        lines = _lines(opened)
        try:
            heading = orjson.loads(next(lines, b""))
            if heading["kind"] != _KIND or not 0 < heading["statements"] <= _MOST_STATEMENTS:
                raise ValueError("not an extract")
            identity, number = str(heading["store"]), int(heading["statements"])
            rows = [orjson.loads(next(lines, b"")) for _ in range(number)]
            statements = [(str(row["key"]), dict(row["row"])) for row in rows]
        except (KeyError, TypeError, ValueError):
            raise ExtractBroken(where="1", what="heading") from None
        try:
            directory = Directory.load(_Statements(statements), trusted=str(heading["fingerprint"]))
        except DirectoryNotGenuine as error:
            raise ExtractBroken(where=error.values["where"], what="users") from None
        head, count = first_head(identity), 0
        for place, line in enumerate(lines, start=number + 2):
            try:
                entry = read_entry(line, str(place))
                check_entry(entry, head, str(place), directory.signing_key)
            except LogBroken as error:
                raise ExtractBroken(where=error.values["where"], what=error.values["what"]) from None
            head, count = entry.head, count + 1
    return Extract(identity, directory.fingerprint, count, head)


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    while line := file.readline(LONGEST_LINE + 1):
        yield line
