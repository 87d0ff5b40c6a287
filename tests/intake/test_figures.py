"""Counts by month and year; what leaves the office lets nobody compute a number below five (P2)."""

import csv
import io
from collections import defaultdict
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.causes import Cause
from intake.counts import CountFacts
from intake.figures import (
    BREAKDOWNS,
    HIDDEN,
    RECEIVED,
    SMALLEST_SHOWN,
    Spread,
    Told,
    hidden_of,
    shareable,
    statistics_of,
    told_of,
)
from intake.paperwork.counting import statistics_csv, statistics_json
from intake.referral import Wish
from intake.retention import Outcome
from intake.texts import set_language

DAY = date(2026, 1, 5)


def fact(number: int, received: date = DAY, **changes: object) -> CountFacts:
    values: dict[str, object] = {
        "reference": f"D2026-{number:04d}",
        "received_on": received,
        "first_attempt_on": None,
        "contacted_on": None,
        "wish": None,
        "case_opened": False,
        "closed_on": None,
        "outcome": None,
        "attempts": 0,
        "worker": None,
    }
    return CountFacts(**(values | changes))  # type: ignore[arg-type]


def reached(number: int, days: int, received: date = DAY) -> CountFacts:
    on = received + timedelta(days=days)
    return fact(number, received, first_attempt_on=on, contacted_on=on, attempts=1)


def test_median_and_ninetieth_percentile_are_those_of_a_spreadsheet():
    assert Spread.of([1, 2, 3, 4, 5, 6, 7, 8, 9, 30]) == Spread(10, 5.5, 11.1)
    assert Spread.of([3]) == Spread(1, 3.0, 3.0)
    assert Spread.of([]) == Spread(0, None, None)


def test_inside_the_office_numbers_are_as_they_are():
    facts = [
        reached(1, 2),
        reached(2, 4, DAY + timedelta(days=31)),
        fact(3, wish=Wish.NO, contacted_on=DAY, outcome=Outcome.DECLINED, closed_on=DAY),
        fact(4, date(2025, 12, 31), worker="els"),
    ]
    made = statistics_json(statistics_of(facts, [(DAY, Cause.SCAN)]))
    assert [year["period"] for year in made["years"]] == ["2025", "2026"]
    assert [(m["period"], m["received"]) for m in made["months"]] == [
        ("2025-12", 1),
        ("2026-01", 2),
        ("2026-02", 1),
    ]
    year = made["years"][1]
    assert (year["received"], year["contacted"], year["wish-no"], year["ended-declined"]) == (3, 3, 1, 1)
    assert year["days-to-contact"] == {"count": 3, "median": 2.0, "ninth-decile": 3.6}
    assert year["quarantine"] == {"scan": 1}
    assert made["workload"] == [{"worker": None, "open": 2}, {"worker": "els", "open": 1}]


def test_only_what_was_received_in_the_period_counts_and_both_days_do():
    days = [DAY, DAY + timedelta(days=1), DAY + timedelta(days=2), DAY + timedelta(days=3)]
    facts = [fact(n, day) for n, day in enumerate(days)]
    causes = [(day, Cause.DAMAGED) for day in days]
    made = statistics_of(facts, causes, days[1], days[2])
    assert made.total.cells[RECEIVED] == 2
    assert made.total.quarantine == {Cause.DAMAGED: 2}
    # Workload is of today, whenever a referral was received.
    assert sum(made.workload.values()) == 4


def test_a_lone_small_cell_takes_another_with_it():
    """12 received, 2 not contacted: the 10 would tell of the 2."""
    cells = {"contacted": 10, "not-contacted": 2}
    assert hidden_of(12, cells, [("contacted", "not-contacted")]) == set(cells)


def test_hidden_cells_that_hold_nothing_take_another_with_them():
    """All that is shown adds up to the total: the others would be known to be nil."""
    cells = {"a": 7, "b": 9, "c": 0, "d": 0}
    assert hidden_of(16, cells, [("a", "b", "c", "d")]) == {"a", "c", "d"}


def test_cells_that_mostly_are_the_same_number_are_hidden_together():
    cells = {"no": 8, "yes": 8, "declined": 8, "open": 3, "other": 5}
    hidden = hidden_of(16, cells, [("no", "yes"), ("declined", "open", "other")], [("no", "other")])
    assert {"other", "no", "yes"} <= hidden


WHEN = st.integers(0, 700).map(lambda days: date(2025, 1, 1) + timedelta(days=days))
FACTS = st.builds(
    lambda received, wish, outcome, contacted, case: fact(
        0,
        received,
        wish=wish,
        outcome=outcome,
        contacted_on=received if contacted else None,
        case_opened=case,
    ),
    WHEN,
    st.sampled_from([None, None, *Wish]),
    st.sampled_from([None, None, None, *Outcome]),
    st.booleans(),
    st.sampled_from([False, False, True]),
)


def undetermined(total: Told, shown: dict[str, Told]) -> bool:
    """Whether the shown cells and their total leave more than one possibility for every hidden one."""
    hidden = [name for name, value in shown.items() if not isinstance(value, int)]
    if not hidden or not isinstance(total, int):
        return True
    rest = total - sum(value for value in shown.values() if isinstance(value, int))
    return len(hidden) >= 2 and rest >= 1


@pytest.mark.parametrize(("count", "highest"), [(2, 40), (3, 24), (4, 16)])
def test_telling_small_cells_from_those_left_out_gives_no_small_one_away(count: int, highest: int) -> None:
    """Of every breakdown so large: the marks leave a cell several values wherever the hiding alone does."""
    group = tuple("abcd"[:count])
    possible = defaultdict(lambda: [set() for _name in group])
    unmarked = {}
    for values in product(range(highest + 1), repeat=count):
        told = told_of(sum(values), dict(zip(group, values, strict=True)), [group])
        for one, value in zip(told.values(), values, strict=True):
            assert one == value if isinstance(one, int) else one is None or value < SMALLEST_SHOWN
        # A total beyond the highest value was not tried in every way.
        if SMALLEST_SHOWN <= sum(values) <= highest:
            marked = sum(values), tuple(told.values())
            unmarked[marked] = sum(values), tuple(v if isinstance(v, int) else "?" for v in told.values())
            for key in (marked, unmarked[marked]):
                for place, value in enumerate(values):
                    possible[key][place].add(value)
    for marked, hidden in unmarked.items():
        for with_marks, without in zip(possible[marked], possible[hidden], strict=True):
            assert len(with_marks) > 1 or len(without) == 1, (marked, possible[marked])


def test_a_large_cell_that_is_left_out_is_not_called_small() -> None:
    """112 by one method and 2 by hand: the 112 is no small number."""
    assert told_of(114, {"AES-256": 112, "by-hand": 2}, [("AES-256", "by-hand")]) == {
        "AES-256": None,
        "by-hand": HIDDEN,
    }


@settings(deadline=None)
@given(
    st.lists(FACTS, max_size=120), st.lists(st.tuples(WHEN, st.sampled_from(list(Cause)[:4])), max_size=40)
)
def test_no_hidden_number_can_be_computed_and_no_small_one_is_shown(facts, causes):
    made = statistics_of(facts, causes)
    lines = {line.period: line for line in shareable(made)}
    for line in lines.values():
        assert all(value in (None, HIDDEN) or value >= SMALLEST_SHOWN for value in line.cells.values())
    for year in made.years:
        shown = lines[year.period].cells
        for group in BREAKDOWNS:
            assert undetermined(shown[RECEIVED], {name: shown[name] for name in group})
        quarantine = {name: value for name, value in shown.items() if name.startswith("quarantine-")}
        assert undetermined(shown["quarantined"], quarantine)
        months = [period for period in lines if period.startswith(f"{year.period}-")]
        told = {name for period in months for name in lines[period].cells} - {RECEIVED, "quarantined"}
        for name in told:
            assert shown[name] == sum(lines[period].cells[name] or 0 for period in months)
        for name in (RECEIVED, "quarantined"):
            of_months = {period: lines[period].cells[name] for period in months}
            if len(months) > 1:
                assert undetermined(shown[name], of_months)
            else:
                assert list(of_months.values()) == [shown[name]]


def test_a_breakdown_is_told_by_month_only_where_none_of_its_numbers_is_small():
    later = DAY + timedelta(days=31)
    facts = [reached(n, 1, day) for day in (DAY, later) for n in range(6)]
    facts += [fact(n, day) for day in (DAY, later) for n in range(5)]
    year, january, february = shareable(statistics_of(facts, []))
    assert year.cells["contacted"] == 12
    assert [month.cells.get("contacted") for month in (january, february)] == [6, 6]
    # No wish is known of anyone: nothing of that breakdown is told but by year.
    assert "wish-not-known" not in january.cells
    # One fewer without contact in February, and neither month tells its contacts: the year would give it away.
    _year, january, february = shareable(statistics_of(facts[:-1], []))
    assert "contacted" not in {*january.cells, *february.cells}


def test_the_csv_is_rfc_4180_and_hides_small_cells():
    facts = [reached(n, 1) for n in range(9)] + [fact(n) for n in range(9, 11)]
    set_language("nl")
    data = statistics_csv(statistics_of(facts, [(DAY, Cause.SCAN)])).decode("utf-8")
    assert data.count("\r\n") == data.count("\n") == 3
    year, month = csv.DictReader(io.StringIO(data, newline=""), strict=True)
    assert (year["period"], year["received"], year["not-contacted"], year["quarantine-scan"]) == (
        "2026",
        "11",
        "<5",
        "<5",
    )
    assert (year["contacted"], year["note"]) == (
        "…",
        "… weggelaten, omdat het een klein getal zou verraden",
    )
    assert month["note"] == ""
    assert (month["period"], month["received"], month["contacted"]) == ("2026-01", "11", "")
    assert year["days-to-contact-median"] == "1.0"
