"""The files `active.json` and `closed-<generation>.json`: one header line, a line for each row, the outbox.

The header is a line of its own, so that a change is seen by one short read; it vouches by length and digest for
what follows and by `check` for itself. How rows become lines is in `lines.py`, who may write when in `tiny.py`.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import IO

import orjson

from storage.entries import Entry, Head, entry_of
from storage.errors import StoreBroken, StoreNewer, StoreOutdated
from storage.files import patiently, readable, replace_durably
from storage.lines import Lines, Tables, body_of, digest_of, lines_of, read_lines, tables_of
from storage.rows import Row, canonical

__all__ = [
    "FORMAT",
    "ClosedFile",
    "Document",
    "Header",
    "Tables",
    "compose",
    "is_closed_name",
    "parse_document",
    "read_document",
    "read_header",
    "read_tail",
    "read_whole_tail",
    "write_document",
]

FORMAT = 2
"""The number of this format. A store with a higher one is left alone, one with a lower one is migrated first."""

ONE_OBJECT = 1
"""The format in which all rows were one JSON object and the digest that of its bytes."""

_LONGEST_HEADER = 4096
_LONGEST_FILE = 1 << 30
_CLOSED_NAME = re.compile(r"closed-[0-9]{1,18}\.json")


@dataclass(frozen=True, slots=True)
class ClosedFile:
    """The file of closed matters that belongs to an active one."""

    file: str
    generation: int
    digest: str


@dataclass(frozen=True, slots=True)
class Header:
    """The first line. Lengths in bytes; digests are SHA-256 in hexadecimal; `log` is the log's head at the commit."""

    kind: str
    store: str
    generation: int
    length: int
    digest: str
    closed: ClosedFile | None
    log: Head
    outbox_length: int
    outbox_digest: str
    check: str
    offset: int
    """Where the document begins, in bytes."""


@dataclass(frozen=True)
class Document:
    """A whole file, verified, and the `stamp` by which a later change by other hands may be suspected."""

    header: Header
    tables: Tables
    stamp: tuple[int, int, int]
    lines: Lines | None = field(default=None, repr=False)
    """The rows as they stand in the file; None in a file of an older format, and where nothing will be changed."""


def _check(content: Row) -> str:
    return sha256(b"ocmw-intake header\x00" + canonical(content)).hexdigest()


def compose(
    kind: str,
    store: str,
    generation: int,
    tables: Tables,
    closed: ClosedFile | None,
    log: Head,
    outbox: Sequence[Entry],
) -> tuple[Header, bytes]:
    """The bytes of a file, and the header in them."""
    header, parts = _parts(kind, store, generation, lines_of(tables), closed, log, outbox)
    return header, b"".join(parts)


def write_document(
    path: Path,
    kind: str,
    store: str,
    generation: int,
    lines: Lines,
    closed: ClosedFile | None,
    log: Head,
    outbox: Sequence[Entry],
) -> Header:
    """Put what `compose` makes of these rows in the place of `path`, durably; the header in it.

    Raises DiskFull, StoreNotWritable.
    """
    header, parts = _parts(kind, store, generation, lines, closed, log, outbox)
    replace_durably(path, *parts)
    return header


def _parts(
    kind: str,
    store: str,
    generation: int,
    lines: Lines,
    closed: ClosedFile | None,
    log: Head,
    outbox: Sequence[Entry],
) -> tuple[Header, tuple[bytes, ...]]:
    """The pieces of a file: to join what can be megabytes only to write it would cost a copy."""
    body = body_of(lines)
    tail = orjson.dumps([entry.row for entry in outbox])
    content: Row = {
        "format": FORMAT,
        "kind": kind,
        "store": store,
        "generation": generation,
        "length": len(body),
        "digest": digest_of(lines),
        "closed": closed and {"file": closed.file, "generation": closed.generation, "digest": closed.digest},
        "log": {"seq": log.seq, "digest": log.digest},
        "outbox": {"length": len(tail), "digest": sha256(tail).hexdigest()},
    }
    line = canonical({**content, "check": _check(content)}) + b"\n"
    return _parse(line, "", FORMAT), (line, body, b"\n", tail, b"\n")


def _parse(line: bytes, file: str, expected: int) -> Header:
    """The header; every format has `format` and `check` alike, so that a damaged one is not taken for a newer one."""
    try:
        content = orjson.loads(line)
        check = content.pop("check")
        if check != _check(content) or line != canonical({**content, "check": check}) + b"\n":
            raise ValueError("altered")
        found = content["format"]
        if not isinstance(found, int) or isinstance(found, bool) or found < 1:
            raise ValueError("no format")
        if found != expected:
            raise (StoreNewer if found > FORMAT else StoreOutdated)(found=found, known=FORMAT)
        closed = content["closed"] and ClosedFile(**content["closed"])
        if closed and not _CLOSED_NAME.fullmatch(closed.file):
            raise ValueError("not a file of ours")
        numbers = (content["generation"], content["length"], content["outbox"]["length"])
        if not all(isinstance(number, int) and number >= 0 for number in numbers):
            raise ValueError("not a number")
        return Header(
            kind=content["kind"],
            store=content["store"],
            generation=content["generation"],
            length=content["length"],
            digest=content["digest"],
            closed=closed,
            log=Head.of(content["log"]["seq"], content["log"]["digest"]),
            outbox_length=content["outbox"]["length"],
            outbox_digest=content["outbox"]["digest"],
            check=check,
            offset=len(line),
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        raise StoreBroken(file=file) from None


def is_closed_name(name: str) -> bool:
    """Whether a file of this name holds closed matters."""
    return _CLOSED_NAME.fullmatch(name) is not None


def _open(path: Path) -> IO[bytes]:
    return patiently(lambda: path.open("rb"))


def read_header(path: Path) -> Header:
    """The header alone. Raises FileNotFoundError, StoreBroken, StoreNewer, StoreNotReadable."""
    with readable(path), _open(path) as file:
        return _parse(file.readline(_LONGEST_HEADER), path.name, FORMAT)


def read_document(path: Path, known: Document | None = None, *, expected: int | None = None) -> Document:
    """The whole file, verified, or `known` when that is what stands there; what did not change is taken from `known`.

    Raises as `read_header` does.

    `expected` is the format it must have: this one, unless a migration reads an older one.
    """
    form = FORMAT if expected is None else expected
    with readable(path), _open(path) as file:
        header = _parse(file.readline(_LONGEST_HEADER), path.name, form)
        status = os.fstat(file.fileno())
        stamp = (status.st_ino, status.st_size, status.st_mtime_ns)
        if known is not None and known.header == header and known.stamp == stamp:
            return known
        length = header.length + header.outbox_length + 2
        if length > _LONGEST_FILE:
            raise StoreBroken(file=path.name)
        body = file.read(length + 1)
    if len(body) != length:
        raise StoreBroken(file=path.name)
    tables, lines, _entries = _whole(header, body, path.name, form, known.lines if known else None)
    return Document(header, tables, stamp, lines)


def parse_document(
    data: bytes, file: str, *, expected: int | None = None
) -> tuple[Header, Tables, tuple[Entry, ...]]:
    """As `read_document`, for the bytes of a whole file that is called `file`: header, tables, outbox."""
    end = data.find(b"\n", 0, _LONGEST_HEADER) + 1
    form = FORMAT if expected is None else expected
    header = _parse(data[:end], file, form)
    if len(data) - end != header.length + header.outbox_length + 2:
        raise StoreBroken(file=file)
    tables, _lines, entries = _whole(header, data[end:], file, form, None)
    return header, tables, entries


def _whole(
    header: Header, body: bytes, file: str, form: int, known: Lines | None
) -> tuple[Tables, Lines | None, tuple[Entry, ...]]:
    """What follows a header, verified by its digests."""
    document = body[: header.length]
    lines: Lines | None = None
    try:
        if form == ONE_OBJECT:
            tables = _one_object(document, header.digest)
        else:
            lines = read_lines(document, header.digest, known)
            tables = tables_of(lines)
    except ValueError:
        raise StoreBroken(file=file) from None
    entries = _outbox(header, body[header.length + 1 : -1], file)
    if body[header.length] != body[-1] or not body.endswith(b"\n"):
        raise StoreBroken(file=file)
    return tables, lines, entries


def _one_object(document: bytes, digest: str) -> Tables:
    """The rows of a file of the format `ONE_OBJECT`. Raises ValueError."""
    if sha256(document).hexdigest() != digest:
        raise ValueError("altered")
    match orjson.loads(document):
        case dict(tables) if all(
            isinstance(table, dict) and all(isinstance(row, dict) for row in table.values())
            for table in tables.values()
        ):
            return tables
    raise ValueError("no tables")


def read_tail(path: Path, after: int) -> tuple[Header, tuple[Entry, ...]]:
    """The header, and the log entries of the last commit when it has any beyond number `after`."""
    with readable(path), _open(path) as file:
        header = _parse(file.readline(_LONGEST_HEADER), path.name, FORMAT)
        if header.log.seq <= after:
            return header, ()
        file.seek(header.offset + header.length + 1)
        return header, _outbox(header, file.read(header.outbox_length), path.name)


def read_whole_tail(path: Path, *, expected: int) -> tuple[Entry, ...]:
    """The log entries of the last commit of a file of the format `expected`, for a migration to carry over."""
    with readable(path), _open(path) as file:
        header = _parse(file.readline(_LONGEST_HEADER), path.name, expected)
        file.seek(header.offset + header.length + 1)
        return _outbox(header, file.read(header.outbox_length), path.name)


def _outbox(header: Header, tail: bytes, file: str) -> tuple[Entry, ...]:
    if sha256(tail).hexdigest() != header.outbox_digest:
        raise StoreBroken(file=file)
    try:
        return tuple(entry_of(row) for row in orjson.loads(tail))
    except (KeyError, TypeError, ValueError):
        raise StoreBroken(file=file) from None
