"""From an older form of the store to this one: back up first, then step by step, then one commit.

A step turns the tables of one format into those of the next. It must leave signed rows byte for byte as they are:
who signed them is not here to sign again. What the forms are is in `document.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from storage import document
from storage.document import ClosedFile, Tables, compose, read_document, read_whole_tail
from storage.entries import first_head
from storage.errors import StoreBroken, StoreOutdated
from storage.files import file_lock, remove_stale_temps, replace_durably

__all__ = ["MIGRATIONS", "Step", "Stored", "migrate"]


@dataclass(frozen=True)
class Stored:
    """All that a store holds: the active tables and those of closed matters."""

    active: Tables
    closed: Tables


Step = Callable[[Stored], Stored]


def _as_it_was(stored: Stored) -> Stored:
    """The rows are the same, only written otherwise."""
    return stored


MIGRATIONS: Mapping[int, Step] = {document.ONE_OBJECT: _as_it_was}
"""By the format a step starts from."""

_ACTIVE = "active.json"
_WAIT = 30.0


def migrate(
    location: Path,
    make_backup: Callable[[Path], object],
    *,
    holder: str = "*migration*",
    steps: Mapping[int, Step] = MIGRATIONS,
) -> bool:
    """Bring the store in `location` up to this format; whether there was anything to do.

    `make_backup(location)` must have a good backup on disk when it returns; it is called with the store locked, and
    before anything is changed. Whatever raises leaves the store as it was. Raises StoreOutdated when a step is
    missing, StoreNewer, StoreBroken, StoreLocked, DiskFull, StoreNotWritable.
    """
    with file_lock(location / "lock", _WAIT, holder=holder):
        found = _format(location)
        if found == document.FORMAT:
            return False
        missing = [number for number in range(found, document.FORMAT) if number not in steps]
        if missing:
            raise StoreOutdated(found=found, known=document.FORMAT)
        remove_stale_temps(location)
        old = read_document(location / _ACTIVE, expected=found)
        outbox = read_whole_tail(location / _ACTIVE, expected=found)
        closed: Tables = {}
        if old.header.closed is not None:
            closed = _closed(location, old.header.closed, old.header.store, found)
        make_backup(location)
        stored = Stored(old.tables, closed)
        for number in range(found, document.FORMAT):
            stored = steps[number](stored)
        store, generation = old.header.store, old.header.generation + 1
        named = None
        if stored.closed:
            header, data = compose("closed", store, generation, stored.closed, None, first_head(store), [])
            named = ClosedFile(f"closed-{generation}.json", generation, header.digest)
            replace_durably(location / named.file, data)
        _, data = compose("active", store, generation, stored.active, named, old.header.log, outbox)
        replace_durably(location / _ACTIVE, data)
        return True


def _format(location: Path) -> int:
    """The format of the store, as far as this program knows it. Raises StoreNewer."""
    try:
        document.read_header(location / _ACTIVE)
    except StoreOutdated as error:
        return int(str(error.values["found"]))
    return document.FORMAT


def _closed(location: Path, named: ClosedFile, store: str, found: int) -> Tables:
    try:
        past = read_document(location / named.file, expected=found)
    except FileNotFoundError:
        raise StoreBroken(file=named.file) from None
    header = past.header
    is_named = (header.generation, header.digest) == (named.generation, named.digest)
    if header.kind != "closed" or header.store != store or not is_named:
        raise StoreBroken(file=named.file)
    return past.tables
