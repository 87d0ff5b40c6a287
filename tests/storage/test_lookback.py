"""The log read from its end: the same entries as from its start, and whatever was done to its files is seen there."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from storage.entries import Head, LogFault
from storage.files import append_durably, lines_back, replace_durably
from storage.journal import Event
from storage.keys import Signer
from storage.lookback import Looked, Page
from storage.rows import canonical
from storage.store import Store
from tests.storage.support import Clock, keys_of, known_ring

KNOWN = keys_of("ann", "bob")


@pytest.fixture
def logged(store: Store, ann: Signer, clock: Clock) -> Store:
    """Twelve entries over two years: ten reads, of which each third is bob's, and a commit's two."""
    bob = known_ring("bob").signer("Bob")
    for number in range(10):
        if number == 5:
            clock.now = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
        author = ann if number % 3 else bob
        store.journal.append(author, [Event("read", references=(f"D{number}",))])
        clock.forward(timedelta(minutes=1))
    with store.transaction(ann) as tx:
        tx.put("rows", "D1", {})
        tx.record(Event("import", references=("D1",)))
        tx.record(Event("assign", references=("D1",)))
    return store


def log_file(store: Store, year: int = 2027) -> Path:
    return store.location / "log" / f"{year}.jsonl"


def pages(store: Store, **kwargs: object) -> list[Page]:
    """All pages, newest first."""
    found = [store.journal.back(KNOWN, **kwargs)]  # type: ignore[arg-type]
    while (mark := found[-1].mark) is not None:
        found.append(store.journal.back(KNOWN, before=mark, **kwargs))  # type: ignore[arg-type]
    return found


def looked(store: Store, **kwargs: object) -> list[Looked]:
    return [one for page in pages(store, **kwargs) for one in page.looked]


@pytest.mark.parametrize("most", [1, 3, 500])
def test_it_is_the_log_the_other_way_round(logged: Store, most: int) -> None:
    found = looked(logged, most=most)
    assert [one.entry for one in found] == list(logged.journal.entries())[::-1]
    assert [one.seq for one in found] == list(range(12, 0, -1))
    assert all(one.fault is None for one in found)
    assert all(len(page.looked) <= most for page in pages(logged, most=most))


def test_a_page_ends_after_so_many_read_and_says_how_far_it_came(logged: Store) -> None:
    page = logged.journal.back(KNOWN, wanted=lambda e: e.references == ("D0",), most_read=4)
    assert (page.looked, page.read, page.at[:10]) == ((), 4, "2027-01-04")
    assert page.mark is not None
    found = looked(logged, wanted=lambda e: e.user == "bob", most_read=4)
    assert [one.entry.references for one in found if one.entry] == [("D9",), ("D6",), ("D3",), ("D0",)]
    early = logged.journal.back(KNOWN, stop=lambda e: e.at < "2027")
    assert (len(early.looked), early.mark, early.top) == (7, None, 12)


def test_an_altered_entry_does_not_end_the_looking(logged: Store) -> None:
    """Else a date made up near the end would hide everything before it from whoever looks since a day."""
    path = log_file(logged)
    data = path.read_bytes().splitlines(keepends=True)
    data[-1] = data[-1].replace(b'"at":"2027', b'"at":"2001')
    replace_durably(path, b"".join(data))
    page = logged.journal.back(KNOWN, stop=lambda e: e.at < "2027")
    assert next((one.seq, one.fault) for one in page.looked) == (12, LogFault.EDITED)
    assert len(page.looked) == 7


def test_what_comes_between_two_pages_moves_nothing(logged: Store, ann: Signer) -> None:
    first = logged.journal.back(KNOWN, most=5)
    logged.journal.append(ann, [Event("read", references=("D99",))] * 3)
    rest = logged.journal.back(KNOWN, before=first.mark)
    assert [one.seq for one in (*first.looked, *rest.looked)] == list(range(12, 0, -1))
    assert not [one for one in rest.looked if one.fault]


def test_what_the_last_commit_has_still_to_write_is_there(logged: Store) -> None:
    """A crash after the commit and before the log: the entries are those of the store's header."""
    path = log_file(logged)
    replace_durably(path, b"".join(path.read_bytes().splitlines(keepends=True)[:-2]))
    found = looked(logged)
    assert [one.seq for one in found] == list(range(12, 0, -1))
    assert not [one for one in found if one.fault]


def test_a_torn_last_line_is_none(logged: Store) -> None:
    with log_file(logged).open("ab") as file:
        file.write(b'{"seq":13,')
    assert [one.seq for one in looked(logged)] == list(range(12, 0, -1))


def _edited(lines: list[bytes]) -> list[bytes]:
    return [line.replace(b'"D7"', b'"D8"') for line in lines]


def _edited_anew(lines: list[bytes]) -> list[bytes]:
    """Not as we write it."""
    return [line.replace(b'"D7"', b'"D7" ') for line in lines]


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        (_edited, {8: LogFault.EDITED}),
        (_edited_anew, {8: LogFault.EDITED}),
        (
            lambda lines: [b"x" * (3 << 20) + b"\n" if b'"D7"' in x else x for x in lines],
            {8: LogFault.EDITED},
        ),
        (lambda lines: [x for x in lines if b'"D7"' not in x], {8: LogFault.GAP}),
        (lambda lines: lines[:-1], {}),
        (lambda lines: lines[:-4], {10: LogFault.GAP}),
    ],
    ids=[
        "edited",
        "spaced",
        "too long",
        "missing",
        "last line not yet written",
        "cut before the last commit",
    ],
)
def test_each_kind_of_damage_stands_at_its_place_and_the_rest_is_shown(
    logged: Store, change: Callable[[list[bytes]], list[bytes]], faults: dict[int, LogFault]
) -> None:
    path = log_file(logged)
    replace_durably(path, b"".join(change(path.read_bytes().splitlines(keepends=True))))
    found = looked(logged)
    assert {one.seq: one.fault for one in found if one.fault} == faults
    assert {one.seq for one in found if one.fault is None} >= {1, 2, 3, 4, 5, 6, 7, 11, 12}
    # Whoever looks for something else is told of it as well.
    assert looked(logged, wanted=lambda _entry: False) == [one for one in found if one.fault]


def test_a_cut_end_is_told_before_anything_else(logged: Store, ann: Signer) -> None:
    logged.journal.append(ann, [Event("read", references=("D20",))] * 3)
    path = log_file(logged)
    replace_durably(path, b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    found = looked(logged)
    assert (found[0].seq, found[0].entry, found[0].fault) == (15, None, LogFault.CUT)
    assert [(one.seq, one.fault) for one in found[1:]] == [(seq, None) for seq in range(14, 0, -1)]


def test_an_entry_by_someone_without_the_key_is_seen(logged: Store) -> None:
    lines = log_file(logged).read_bytes().splitlines(keepends=True)
    row = orjson.loads(lines[-1])
    signature = orjson.loads(lines[-2])["signature"]
    replace_durably(
        log_file(logged), b"".join(lines[:-1]), canonical({**row, "signature": signature}) + b"\n"
    )
    assert [(one.seq, one.fault) for one in looked(logged) if one.fault] == [(12, LogFault.SIGNATURE)]


def test_a_year_that_was_taken_away_and_a_log_that_was_replaced_are_seen(logged: Store) -> None:
    kept = log_file(logged, 2026).read_bytes()
    log_file(logged, 2026).unlink()
    assert [(one.seq, one.fault) for one in looked(logged) if one.fault] == [(5, LogFault.GAP)]
    append_durably(log_file(logged, 2026), kept)
    other = Head(12, "0" * 64)
    replace_durably(logged.location / "log" / "head.json", other.written)
    assert [(one.seq, one.fault) for one in looked(logged) if one.fault] == [(12, LogFault.REPLACED)]


def test_lines_from_the_end_are_those_from_the_start_wherever_a_block_ends(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    lines = [b"a" * (length * 7919 % 140_000) + b"\n" for length in range(40)]
    path.write_bytes(b"".join(lines) + b"torn")
    found = list(lines_back(path, 200_000))
    assert [line for _start, line in found] == lines[::-1]
    assert [start for start, _line in found] == [sum(map(len, lines[:n])) for n in range(39, -1, -1)]
    short = list(lines_back(path, 50_000))
    assert [line for _start, line in short] == [line if len(line) <= 50_000 else b"" for line in lines[::-1]]
    assert [start for start, _line in short] == [start for start, _line in found]
    assert list(lines_back(path, 200_000, before=found[10][0])) == found[11:]
    path.write_bytes(b"")
    assert list(lines_back(path, 10)) == []
