"""The access log: what it holds, and that whatever is done to its files is found."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from storage.entries import Head, LogFault, next_entry
from storage.errors import LogBroken
from storage.files import replace_durably
from storage.journal import Entry, Event
from storage.keys import Signer
from storage.rows import canonical
from storage.store import Store, create_store, open_store
from tests.storage.support import Clock, keys_of, known_ring

KNOWN = keys_of("ann", "bob")


def log_file(store: Store) -> Path:
    return store.location / "log" / "2026.jsonl"


@pytest.fixture
def logged(store: Store, ann: Signer) -> Store:
    """A store with six entries: two by a commit, four without one."""
    with store.transaction(ann) as tx:
        tx.put("rows", "D1", {})
        tx.record(Event("imported", references=("D1",)))
        tx.record(Event("assigned", references=("D1",), detail={"to": "bob"}))
    bob = known_ring("bob").signer("Bob")
    store.journal.append(bob, [Event("read", references=("D1",), fields=("phone",), reason="assigned")])
    store.journal.append(bob, [Event("read", references=("D2",)), Event("masked")])
    store.journal.append(ann, [Event("read", references=("D1",), reason="asked for by the client")])
    return store


def fault(store: Store) -> tuple[str, str]:
    with pytest.raises(LogBroken) as refusal:
        open_store(store.location).journal.verify(KNOWN)
    return str(refusal.value.values["where"]), str(refusal.value.values["what"])


def test_an_entry_tells_who_did_what_when_where_and_why(logged: Store) -> None:
    entry = list(logged.journal.entries())[2]
    assert (entry.seq, entry.user, entry.name, entry.action) == (3, "bob", "Bob", "read")
    assert (entry.references, entry.fields, entry.reason) == (("D1",), ("phone",), "assigned")
    assert entry.at == "2026-11-02T09:30:00.000000+00:00"
    assert entry.host
    assert list(logged.journal.entries())[1].detail == {"to": "bob"}
    result = logged.journal.verify(KNOWN)
    assert (result.entries, result.head) == (6, logged.journal.head)


def test_entries_are_found_by_reference_user_and_time(logged: Store, clock: Clock, ann: Signer) -> None:
    clock.forward(timedelta(hours=1))
    logged.journal.append(ann, [Event("late", references=("D1",))])
    journal = logged.journal
    assert [e.seq for e in journal.entries(reference="D1")] == [1, 2, 3, 6, 7]
    assert [e.seq for e in journal.entries(reference="D1", user="ann")] == [1, 2, 6, 7]
    assert [e.seq for e in journal.entries(since=clock.now)] == [7]
    assert [e.seq for e in journal.entries(since=clock.now + timedelta(seconds=1))] == []


def test_an_entry_is_on_disk_when_append_returns(logged: Store) -> None:
    assert b'"reason":"asked for by the client"' in log_file(logged).read_bytes()


def edited(old: bytes, new: bytes) -> Callable[[list[bytes]], list[bytes]]:
    return lambda lines: [line.replace(old, new) for line in lines]


def digested_anew(lines: list[bytes]) -> list[bytes]:
    """An edit by someone who knows how digests are made, but has no key."""
    stranger = known_ring("ann").signer("Ann Maes")
    row = orjson.loads(lines[5])
    made = next_entry(
        Head(5, row["prev"]), Event("nothing"), stranger, datetime(2026, 11, 2, tzinfo=UTC), "host"
    )
    return [*lines[:5], canonical({**made.row, "signature": row["signature"]}) + b"\n"]


HARMS: dict[str, tuple[Callable[[list[bytes]], list[bytes]], str, LogFault]] = {
    "an edited reason": (edited(b"asked for", b"no reason"), "2026.jsonl:6", LogFault.EDITED),
    "an edited name": (edited(b"Bob", b"Ann"), "2026.jsonl:3", LogFault.EDITED),
    "an edited signature": (
        edited(b'"signature":"', b'"signature":"AAAA'),
        "2026.jsonl:1",
        LogFault.SIGNATURE,
    ),
    "a signature that is none": (
        edited(b'"signature":"', b'"signature":"%'),
        "2026.jsonl:1",
        LogFault.SIGNATURE,
    ),
    "an edit with a digest to match": (digested_anew, "2026.jsonl:6", LogFault.SIGNATURE),
    "a removed entry": (lambda lines: lines[:2] + lines[3:], "2026.jsonl:3", LogFault.GAP),
    "a removed first entry": (lambda lines: lines[1:], "2026.jsonl:1", LogFault.GAP),
    "two entries swapped": (lambda lines: [lines[1], lines[0], *lines[2:]], "2026.jsonl:1", LogFault.GAP),
    "an entry twice": (lambda lines: [*lines[:3], *lines[2:]], "2026.jsonl:4", LogFault.GAP),
    "a cut tail": (lambda lines: lines[:-1], "2026.jsonl:5", LogFault.CUT),
    "a tail cut to the commit": (lambda lines: lines[:2], "2026.jsonl:2", LogFault.CUT),
    "a torn acknowledged entry": (lambda lines: [*lines[:-1], lines[-1][:-1]], "2026.jsonl:5", LogFault.CUT),
    "everything cut": (lambda lines: [], "outbox", LogFault.CUT),
    "a line that is none": (lambda lines: [*lines[:3], b"{}\n", *lines[3:]], "2026.jsonl:4", LogFault.EDITED),
    "a line without end": (lambda lines: [*lines, b"x" * 2_000_000], "2026.jsonl:7", LogFault.EDITED),
}


@pytest.mark.parametrize("harm", HARMS)
def test_verification_finds(logged: Store, harm: str) -> None:
    change, where, what = HARMS[harm]
    path = log_file(logged)
    path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))
    assert fault(logged) == (where, what.value)


def test_any_changed_bit_is_found(logged: Store) -> None:
    path = log_file(logged)
    data, chance = path.read_bytes(), random.Random(42)
    for place in chance.sample(range(len(data)), 400):
        path.write_bytes(data[:place] + bytes([data[place] ^ (1 << chance.randrange(8))]) + data[place + 1 :])
        with pytest.raises(LogBroken):
            logged.journal.verify(KNOWN)
    path.write_bytes(data)
    assert logged.journal.verify(KNOWN).entries == 6


def test_nothing_is_added_to_a_log_whose_end_is_missing(logged: Store, ann: Signer) -> None:
    path = log_file(logged)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]))
    with pytest.raises(LogBroken):
        logged.journal.append(ann, [Event("read")])
    with pytest.raises(LogBroken), logged.transaction(ann) as tx:
        tx.put("rows", "D2", {})
    assert path.read_bytes() == b"".join(lines[:-1])
    assert logged.generation == 1


def test_an_unknown_key_is_a_bad_signature(logged: Store) -> None:
    with pytest.raises(LogBroken) as refusal:
        logged.journal.verify(keys_of("ann"))
    assert refusal.value.values == {"where": "2026.jsonl:3", "what": LogFault.SIGNATURE.value}


def test_nobody_signs_as_somebody_else(store: Store) -> None:
    bob = known_ring("bob")
    forged = Signer("ann", "Ann Maes", bob.key_id, bob.signing)
    store.journal.append(forged, [Event("read")])
    assert fault(store) == ("2026.jsonl:1", LogFault.SIGNATURE.value)


def test_the_log_of_another_store_is_found(logged: Store, tmp_path: Path, ann: Signer) -> None:
    other = create_store(tmp_path / "other", clock=Clock())
    other.journal.append(ann, [Event("read")] * 6)
    log_file(logged).write_bytes(log_file(other).read_bytes())
    assert fault(logged) == ("2026.jsonl:1", LogFault.REPLACED.value)


def test_a_log_written_anew_from_its_middle_is_found(logged: Store, ann: Signer) -> None:
    """Whoever has a key can make a chain that holds together; the anchors tell that it is another."""
    path = log_file(logged)
    lines = path.read_bytes().splitlines(keepends=True)
    head = Head(5, orjson.loads(lines[4])["digest"])
    other = next_entry(head, Event("harmless"), ann, datetime(2026, 11, 2, tzinfo=UTC), "host")
    path.write_bytes(b"".join([*lines[:5], other.line]))
    assert fault(logged) == ("2026.jsonl:6", LogFault.REPLACED.value)
    with pytest.raises(LogBroken):
        logged.journal.append(ann, [Event("read")])


def test_each_anchor_tells_for_itself(store: Store, ann: Signer) -> None:
    with store.transaction(ann) as tx:
        tx.put("rows", "D1", {})
        tx.record(Event("imported"))
    store.journal.append(ann, [Event("read")])
    with store.transaction(ann) as tx:
        tx.put("rows", "D2", {})
    path = log_file(store)
    lines = path.read_bytes().splitlines(keepends=True)
    other = next_entry(
        Head(1, orjson.loads(lines[0])["digest"]),
        Event("harmless"),
        ann,
        datetime(2026, 11, 2, tzinfo=UTC),
        "host",
    )
    path.write_bytes(lines[0] + other.line)
    replace_durably(store.location / "log" / "head.json", orjson.dumps({"seq": 2, "digest": other.digest}))
    assert fault(store) == ("2026.jsonl:2", LogFault.REPLACED.value)
    with pytest.raises(LogBroken):
        store.journal.append(ann, [Event("read")])


@pytest.mark.parametrize("left", [None, b"", b"{}", b'{"seq":"6","digest":""}'])
def test_a_missing_or_damaged_anchor_is_found(logged: Store, ann: Signer, left: bytes | None) -> None:
    path = logged.location / "log" / "head.json"
    path.unlink()
    if left is not None:
        path.write_bytes(left)
    assert fault(logged)[0] == "head.json"
    with pytest.raises(LogBroken):
        logged.journal.append(ann, [Event("read")])


def test_a_torn_line_is_mended_and_read_over(logged: Store, ann: Signer) -> None:
    with log_file(logged).open("ab") as file:
        file.write(b'{"action":"read","at":"2026-')
    fresh = open_store(logged.location)
    assert fresh.journal.verify(KNOWN).entries == 6
    assert len(list(fresh.journal.entries())) == 6
    fresh.journal.append(ann, [Event("read")])
    assert fresh.journal.verify(KNOWN).entries == 7
    assert log_file(logged).read_bytes().count(b"\n") == 7


def test_a_new_year_begins_a_new_file_and_keeps_the_chain(logged: Store, clock: Clock, ann: Signer) -> None:
    with log_file(logged).open("ab") as file:
        file.write(b'{"torn')
    clock.now = datetime(2027, 1, 1, 0, 0, 5, tzinfo=UTC)
    logged.journal.append(ann, [Event("new year")])
    clock.now = datetime(2026, 12, 31, 23, 59, tzinfo=UTC)
    with logged.transaction(ann) as tx:
        tx.put("rows", "D3", {})
        tx.record(Event("by a clock that is behind"))
    assert log_file(logged).read_bytes().count(b"\n") == 6
    assert (logged.location / "log" / "2027.jsonl").read_bytes().count(b"\n") == 2
    assert logged.journal.verify(KNOWN).entries == 8
    log_file(logged).unlink()
    assert fault(logged) == ("2027.jsonl:1", LogFault.GAP.value)


@pytest.mark.parametrize(
    "event",
    [
        {"action": ""},
        {"action": "a" * 201},
        {"action": "a", "reason": "r" * 2001},
        {"action": "a", "references": ("D",) * 2001},
        {"action": "a", "detail": {"k": "v" * 201}},
        {"action": "a", "references": ("\x01" * 200,) * 1000},
    ],
)
def test_an_event_is_bounded(event: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"event does not fit|reason is longer"):
        Event(**event)  # type: ignore[arg-type]


def test_the_largest_event_fits_on_a_line(store: Store, ann: Signer) -> None:
    store.journal.append(ann, [Event("é" * 200, ("é" * 200,) * 1200, reason="\x01" * 2000)])
    assert store.journal.verify(KNOWN).entries == 1


def test_an_empty_log_is_whole(store: Store, ann: Signer) -> None:
    store.journal.append(ann, [])
    assert store.journal.verify(KNOWN).entries == 0
    assert store.journal.head.seq == 0
    found: list[Entry] = list(store.journal.entries())
    assert found == []
