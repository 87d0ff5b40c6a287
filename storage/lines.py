"""A document's rows as lines `["table","key",{row}]`, each with its digest: what did not change is neither written as
JSON, digested nor read anew. Nothing here touches a file.
"""

from collections.abc import Collection, Mapping
from hashlib import sha256
from typing import NamedTuple

import orjson

from storage.rows import Row

__all__ = [
    "Line",
    "Lines",
    "Tables",
    "body_of",
    "changed_lines",
    "digest_of",
    "lines_of",
    "read_lines",
    "tables_of",
]

Tables = dict[str, dict[str, Row]]


class Line(NamedTuple):
    """A row as it stands in the file, with its line break, and the SHA-256 of that."""

    text: bytes
    digest: bytes
    row: Row


Lines = dict[str, dict[str, Line]]
"""By table and key."""


def _line(table: str, key: str, row: Row) -> Line:
    text = orjson.dumps([table, key, row], option=orjson.OPT_APPEND_NEWLINE)
    return Line(text, sha256(text).digest(), row)


def lines_of(tables: Tables) -> Lines:
    """All rows as lines."""
    return {name: {key: _line(name, key, row) for key, row in rows.items()} for name, rows in tables.items()}


def changed_lines(before: Lines, after: Tables, changed: Mapping[str, Collection[str]]) -> Lines:
    """The lines of the tables `after`, of which rows of the keys `changed` (by table) differ from those of `before`.

    What is given stays as it was. A changed row goes to the end of its table.
    """
    lines = dict(before)
    for name, keys in changed.items():
        table, rows = dict(before.get(name, {})), after.get(name, {})
        for key in keys:
            table.pop(key, None)
            if key in rows:
                table[key] = _line(name, key, rows[key])
        lines[name] = table
    return lines


def tables_of(lines: Lines) -> Tables:
    """The rows by table and key."""
    return {name: {key: line.row for key, line in table.items()} for name, table in lines.items()}


def body_of(lines: Lines) -> bytes:
    """The document: one line after the other."""
    return b"".join([line.text for table in lines.values() for line in table.values()])


def digest_of(lines: Lines) -> str:
    """The SHA-256, in hexadecimal, of the digests of all lines in their order: of every byte, in two steps."""
    return _digest([line.digest for table in lines.values() for line in table.values()])


def _digest(digests: Collection[bytes]) -> str:
    return sha256(b"".join(digests)).hexdigest()


def read_lines(body: bytes, digest: str, known: Lines | None = None) -> Lines:
    """The lines of a document; what stands among `known` byte for byte is taken over from there.

    Raises ValueError when the digest is another, or a line is no row, or not the only one of its table and key.
    """
    before = {line.text: (name, key) for name, table in (known or {}).items() for key, line in table.items()}
    found: Lines = {}
    digests: list[bytes] = []
    for text in body.splitlines(keepends=True):
        place = before.get(text)
        if place is not None and known is not None:
            name, key = place
            line = known[name][key]
        else:
            name, key, row = _row(text)
            line = Line(text, sha256(text).digest(), row)
        table = found.setdefault(name, {})
        if key in table:
            raise ValueError("a row twice")
        table[key] = line
        digests.append(line.digest)
    if _digest(digests) != digest:
        raise ValueError("altered")
    return found


def _row(text: bytes) -> tuple[str, str, Row]:
    match orjson.loads(text):
        case [str(name), str(key), dict(row)]:
            return name, key, row
    raise ValueError("no row")
