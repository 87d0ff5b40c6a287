"""Rows as lines: what did not change is taken over, and no line can be moved, doubled or left out unseen."""

import pytest

from storage.lines import Tables, body_of, changed_lines, digest_of, lines_of, read_lines, tables_of

TABLES: Tables = {
    "rows": {f"D{n}": {"number": n, "text": "é\n\r\u2028"} for n in range(5)},
    "past": {"D1": {"number": 1}},
}


def test_what_was_written_is_read() -> None:
    lines = lines_of(TABLES)
    assert tables_of(read_lines(body_of(lines), digest_of(lines))) == TABLES
    assert read_lines(b"", digest_of({})) == {}


def test_an_unchanged_line_is_neither_digested_nor_parsed_again() -> None:
    before = lines_of(TABLES)
    after = {**TABLES, "rows": {**TABLES["rows"], "D3": {"number": -3}}}
    lines = changed_lines(before, after, {"rows": ["D3"]})
    assert tables_of(lines) == after and tables_of(before) == TABLES
    read = read_lines(body_of(lines), digest_of(lines), before)
    assert tables_of(read) == after
    for key in ("D0", "D1", "D2", "D4"):
        assert lines["rows"][key] is before["rows"][key] is read["rows"][key]
    assert read["rows"]["D3"] is not lines["rows"]["D3"]


def test_a_row_that_goes_and_a_table_that_comes() -> None:
    after = {"rows": {k: row for k, row in TABLES["rows"].items() if k != "D0"}, "past": TABLES["past"]}
    after["new"] = {"N": {}}
    lines = changed_lines(lines_of(TABLES), after, {"rows": ["D0"], "new": ["N"]})
    assert tables_of(read_lines(body_of(lines), digest_of(lines))) == after


ORDER = body_of(lines_of(TABLES)).splitlines(keepends=True)


@pytest.mark.parametrize(
    "body",
    [
        b"".join(ORDER[1:]),
        b"".join([*ORDER, ORDER[0]]),
        b"".join([*ORDER[1:], ORDER[0]]),
        b"".join([ORDER[-1], *ORDER[:-1]]),
        b"".join(ORDER).replace(b'"number":3', b'"number":4', 1),
        b"".join(ORDER).replace(b'["past"', b'["rows"'),
        b"".join(ORDER).replace(b"\n", b"\r", 1),
        b"".join(ORDER)[:-1],
        b"".join(ORDER) + b"\n",
        b'{"rows":{}}\n',
        b'["rows","D1",[]]\n',
        b'["rows",1,{}]\n',
        b"[[[[[[\n",
    ],
)
@pytest.mark.parametrize("known", [True, False])
def test_nothing_else_passes_for_it(body: bytes, known: bool) -> None:
    lines = lines_of(TABLES)
    with pytest.raises(ValueError, match=r"."):
        read_lines(body, digest_of(lines), lines if known else None)
