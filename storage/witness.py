"""What a workstation remembers of a store, so that an older, other or shortened one is noticed.

Whoever can write the store's folder can put an older copy of all of it back; only a memory elsewhere tells. Where the
file lies is decided above: never in the store's folder.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from storage.entries import Head
from storage.errors import StorageError, StoreReplaced, StoreRolledBack, WitnessUnreadable
from storage.files import patiently, readable, replace_durably, writable
from storage.journal import Checkpoint, Place
from storage.rows import canonical
from storage.store import Mark, Store

__all__ = ["Witness", "forget", "note", "read_witness", "trouble_with", "witness_file", "write_witness"]

_DOMAIN = "ocmw-intake witness 1"
_LONGEST = 65536


@dataclass(frozen=True, slots=True)
class Witness:
    """A store as it was seen `at` (ISO 8601, UTC): its name, last commit, end of the log, and how far that was verified."""

    store: str
    mark: Mark
    place: Place
    verified: Checkpoint | None
    at: str

    @property
    def row(self) -> dict[str, Any]:
        """The witness as JSON has it."""
        return {
            "store": self.store,
            "generation": self.mark.generation,
            "commit": self.mark.commit,
            "log": _place_row(self.place),
            "verified": self.verified
            and {**_place_row(self.verified.place), "lines_digest": self.verified.digest},
            "at": self.at,
        }


def _place_row(place: Place) -> dict[str, Any]:
    return {"seq": place.head.seq, "digest": place.head.digest, "length": place.length}


def _place_of(row: Any) -> Place:
    if not isinstance(row["length"], int) or row["length"] < 0:
        raise ValueError("no place")
    return Place(Head.of(row["seq"], row["digest"]), row["length"])


def witness_file(folder: Path, location: Path) -> Path:
    """The file in `folder` for the store at `location`. A store elsewhere has another: paths are not told in it."""
    name = sha256(canonical([_DOMAIN, str(location)])).hexdigest()[:24]
    return folder / f"store-{name}.json"


def read_witness(file: Path) -> Witness | None:
    """What is remembered; None when nothing is. Raises WitnessUnreadable, StoreNotReadable."""
    try:
        with readable(file):
            data = patiently(lambda: _read(file))
    except FileNotFoundError:
        return None
    try:
        row = orjson.loads(data)
        if row.pop("check") != _check(row):
            raise ValueError("altered")
        verified = row["verified"]
        return Witness(
            store=str(row["store"]),
            mark=Mark(int(row["generation"]), str(row["commit"])),
            place=_place_of(row["log"]),
            verified=verified and Checkpoint(_place_of(verified), str(verified["lines_digest"])),
            at=str(row["at"]),
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        raise WitnessUnreadable(file=str(file)) from None


def _read(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(_LONGEST)


def _check(row: Any) -> str:
    return sha256(canonical([_DOMAIN, row])).hexdigest()


def write_witness(file: Path, witness: Witness) -> None:
    """Remember it. Raises DiskFull or StoreNotWritable; then what was remembered stays."""
    with writable(file.parent):
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    row = witness.row
    replace_durably(file, canonical({**row, "check": _check(row)}))


def note(store: Store, now: datetime, verified: Checkpoint | None = None) -> Witness:
    """The store as it is now, to be remembered."""
    # The commit first: a log that is read later can only be longer than that commit says.
    mark = store.mark
    at = now.astimezone(UTC).isoformat("T", "seconds")
    return Witness(store.identity, mark, store.journal.place, verified, at)


def trouble_with(store: Store, seen: Witness) -> StorageError | None:
    """What is wrong with the store in the light of what was seen: StoreRolledBack, StoreReplaced, LogCut, LogReplaced.

    The log comes last: that of an older store is short as well, and the cause is better told than what follows from it.
    """
    location, when = str(store.location), seen.at
    mark = store.mark
    if store.identity != seen.store:
        return StoreReplaced(location=location, when=when)
    if mark.generation < seen.mark.generation:
        return StoreRolledBack(location=location, when=when, found=mark.generation, seen=seen.mark.generation)
    if mark.generation == seen.mark.generation and mark.commit != seen.mark.commit:
        return StoreReplaced(location=location, when=when)
    try:
        store.journal.check_seen(seen.place)
    except StorageError as error:
        return error
    return None


def forget(file: Path) -> None:
    """Begin anew at the next sign-in, after someone who may has accepted the store as it is."""
    with writable(file.parent):
        file.unlink(missing_ok=True)
