"""What a change costs, beside TinyDB's own way of keeping a file in the same run, and what a full second file adds.

`pytest -n 0 -s tests/benchmarks/test_store_speed.py` prints the figures. What is held to is the ratio to the other in the
same run; with OCMW_INTAKE_QUIET=1, on two cores with nothing else to do, the milliseconds as well.
"""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from statistics import median

import orjson
import pytest
from tinydb import TinyDB
from tinydb.table import Document

from storage.files import replace_durably
from storage.journal import Event
from storage.keys import Signer
from storage.store import Store, create_store
from tests.benchmarks.making import QUIET, milliseconds
from tests.storage.support import known_ring

TEXT = "x" * 1340
TIMES = 25


@pytest.fixture
def ann() -> Signer:
    return known_ring("ann").signer("Ann")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = create_store(tmp_path / "store")
    yield store
    store.close()


def filled(store: Store, ann: Signer, count: int) -> None:
    with store.transaction(ann) as tx:
        for number in range(count):
            tx.put("referrals", f"D{number:06d}", {"number": number, "text": TEXT})


def update(store: Store, ann: Signer, number: int, *, logged: bool) -> None:
    with store.transaction(ann) as tx:
        tx.put("referrals", f"D{number:06d}", {"number": -number, "text": TEXT})
        if logged:
            tx.record(Event("put", references=(f"D{number:06d}",)))


def update_of(store: Store, ann: Signer) -> float:
    return milliseconds(lambda number: update(store, ann, number, logged=True), TIMES)


class Plain:
    """The plainest durable way, by which the bounds in milliseconds were set: all rows to JSON, a digest, a file in the
    place of the other. No lock, no log, no second look at what stands there."""

    def __init__(self, path: Path, count: int) -> None:
        self.path = path
        self.rows = {f"D{n:06d}": {"number": n, "text": TEXT} for n in range(count)}

    def update(self, number: int) -> None:
        self.rows[f"D{number:06d}"] = {"number": -number, "text": TEXT}
        body = orjson.dumps(self.rows)
        replace_durably(self.path, sha256(body).hexdigest().encode(), b"\n", body)


@pytest.mark.parametrize(
    ("count", "bound", "share", "plainly"),
    [(1_000, 4, 1.0, 2.0), (5_000, 25, 0.7, 1.5), (10_000, 40, 0.7, 1.5)],
)
def test_an_update_by_id_is_quicker_than_tinydbs_own(
    store: Store, ann: Signer, tmp_path: Path, count: int, bound: float, share: float, plainly: float
) -> None:
    """Taken in turns, the quickest of each: what else the machine does falls on all. Ours waits for the disk twice, for
    the file and for its name, which shows among few rows."""
    filled(store, ann, count)
    ours, logged, theirs, plain = [], [], [], []
    bare = Plain(tmp_path / "plain.json", count)
    with TinyDB(tmp_path / "tiny.json") as database:
        table = database.table("referrals")
        table.insert_multiple(Document({"number": n, "text": TEXT}, n + 1) for n in range(count))

        def by_tinydb(number: int) -> None:
            table.update({"number": -number}, doc_ids=[number + 1])

        for number in range(TIMES):
            ours.append(milliseconds(lambda _, n=number: update(store, ann, n, logged=False), 1))
            theirs.append(milliseconds(lambda _, n=number: by_tinydb(n), 1))
            logged.append(milliseconds(lambda _, n=number: update(store, ann, n, logged=True), 1))
            plain.append(milliseconds(lambda _, n=number: bare.update(n), 1))
    print(
        f"\n{count} open: {min(ours):.1f} ms (median {median(ours):.1f}), with a log entry {min(logged):.1f} ms, "
        f"JSONStorage {min(theirs):.1f} ms (median {median(theirs):.1f}), ratio {min(ours) / min(theirs):.2f}; "
        f"plainly {min(plain):.1f} ms (median {median(plain):.1f}), ratio {min(ours) / min(plain):.2f}"
    )
    assert min(ours) < share * min(theirs)
    assert min(ours) < plainly * min(plain)
    assert median(ours) <= bound or not QUIET


def test_a_hundred_thousand_tombstones_change_nothing_in_an_update(store: Store, ann: Signer) -> None:
    filled(store, ann, 1_000)
    before = update_of(store, ann)
    with store.transaction(ann) as tx:
        for number in range(100_000):
            row = {"state": "discarded", "discarded_at": "2026-11-02T09:30:00Z", "outcome": "declined"}
            tx.put_closed("tombstones", f"D{number:06d}", row)
    (file,) = store.location.glob("closed-*.json")
    stamp = (file.stat().st_ino, file.stat().st_mtime_ns)
    after = update_of(store, ann)
    (same,) = store.location.glob("closed-*.json")
    print(
        f"\nwithout: {before:.1f} ms, with 100,000 tombstones ({file.stat().st_size >> 20} MB): {after:.1f} ms"
    )
    assert (same, same.stat().st_ino, same.stat().st_mtime_ns) == (file, *stamp)
    assert after < before * 1.5
