"""What is drawn of the statistics: the numbers as they are, and in what may leave the office nothing that tells more."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from intake.causes import Cause
from intake.counts import CountFacts
from intake.figures import HIDDEN, Statistics, statistics_of
from intake.retention import Outcome
from intake.texts import set_language
from tests.tui.office import HOSTILE
from tui.asks_figures import Period, last_months, last_year, this_year
from tui.charts import CHARTS, Chart, Series, ticks
from tui.widgets import chart as drawing

COLOURS = ((1, 2, 3), (4, 5, 6), (7, 8, 9))


@pytest.fixture(autouse=True)
def _english() -> None:
    set_language("en")


def fact(day: date, number: int, reached_after: int | None = 3, outcome: Outcome | None = None) -> CountFacts:
    reached = day + timedelta(days=reached_after) if reached_after is not None else None
    return CountFacts(
        f"D{day.year}-{number:04d}",
        day,
        reached,
        reached,
        None,
        False,
        None,
        outcome,
        1,
        "els" if number % 3 else None,
    )


def statistics(by_month: dict[str, int], outcome: Outcome | None = None) -> Statistics:
    """So many in each month ("2026-01")."""
    facts = [
        fact(date.fromisoformat(f"{month}-05"), number, number % 7, outcome)
        for month, count in by_month.items()
        for number in range(count)
    ]
    return statistics_of(facts, [(date(2026, 2, 3), Cause.DAMAGED)])


def chart(name: str, counted: Statistics, *, shared: bool = False) -> Chart:
    return CHARTS[name](counted, {"els": f"Els {HOSTILE}"}, shared=shared)


def test_every_month_stands_there_with_its_number() -> None:
    made = chart("intake", statistics({"2025-12": 9, "2026-02": 1}))
    assert made.labels == ("12/25", "1/26", "2/26")
    assert made.series[0].values == (9, 0, 1)
    assert made.rows[2] == ("02/2026", "1", "1", "0", "1")
    assert [row[0] for row in made.rows] == ["12/2025", "01/2026", "02/2026", "2025", "2026"]
    years = chart("intake", statistics({"2020-01": 1, "2026-02": 5}))
    assert (years.labels[0], years.labels[-1], len(years.labels)) == ("2020", "2026", 7)


def test_days_are_a_half_and_nine_of_ten_in_belgian_form() -> None:
    made = chart("days", statistics({"2026-01": 4, "2026-02": 0, "2026-03": 1}))
    assert [series.values[0] for series in made.series] == [1.5, 2.7]
    assert made.rows[0][:3] == ("01/2026", "1,5", "2,7")
    assert made.rows[1][1] == "–"


def test_outcomes_come_the_most_frequent_first_with_all_counts_in_the_table() -> None:
    made = chart("outcomes", statistics({"2026-01": 6}, Outcome.DECLINED))
    assert (made.labels[0], made.series[0].values[0]) == ("declines help", 6)
    assert ("Received", "6", "6") in made.rows
    assert [row[1:] for row in made.rows if row[0].startswith("Quarantine: ")] == [("1", "1")]


def test_workload_names_people_as_plain_text_and_stays_inside() -> None:
    made = chart("workload", statistics({"2026-01": 6}))
    assert (made.labels, made.series[0].values) == ((f"Els {HOSTILE}", "nobody"), (4, 2))
    shared = chart("workload", statistics({"2026-01": 6}), shared=True)
    assert (shared.labels, shared.rows) == ((), ())


def test_what_is_hidden_is_neither_drawn_nor_told_by_the_drawing() -> None:
    """P2: of two offices that differ in hidden numbers alone, drawing and table are the same to the letter."""
    one = statistics({"2026-01": 30, "2026-02": 3, "2026-03": 1, "2026-04": 40}, Outcome.UNREACHABLE)
    other = statistics({"2026-01": 30, "2026-02": 2, "2026-03": 2, "2026-04": 40}, Outcome.UNREACHABLE)
    made = chart("intake", one, shared=True)
    assert made.series[0].values == (30, HIDDEN, HIDDEN, 40)
    assert made.rows[1][:2] == ("02/2026", "<5")
    for name in ("intake", "outcomes", "workload"):
        left, right = (chart(name, counted, shared=True) for counted in (one, other))
        assert left == right
        if not left.nothing:
            draw = drawing._across if left.across else drawing._upright
            assert draw(left, 78, 18, COLOURS) == draw(right, 78, 18, COLOURS)
    drawn = drawing._upright(made, 78, 18, COLOURS)
    assert drawn.count("<5") == 2
    few = statistics({"2026-01": 3})
    assert {cell for row in chart("outcomes", few, shared=True).rows for cell in row[1:]} <= {"<5", "–"}
    assert chart("days", few, shared=True).rows == (("2026", "…", "…", "…", "…"),), "no number of days"


def test_what_was_left_out_for_a_small_number_is_not_called_small() -> None:
    made = chart("intake", statistics({"2026-01": 30, "2026-02": 3}), shared=True)
    assert made.series[0].values == ("…", "<5")
    drawn = drawing._upright(made, 78, 18, COLOURS)
    assert drawn.count("<5") == 1 == drawn.count("…")


@pytest.mark.parametrize("width", [20, 40, 78, 200])
@pytest.mark.parametrize("height", [5, 18, 50])
def test_a_drawing_never_takes_more_room_than_there_is(width: int, height: int) -> None:
    many = {f"{2024 + month // 12}-{month % 12 + 1:02d}": month * 37 % 11 for month in range(36)}
    names = {f"w{number}": "x" * 300 for number in range(40)}
    counted = replace(statistics(many), workload=dict.fromkeys(names, 3))
    for name, make in CHARTS.items():
        made = make(counted, names, shared=False)
        draw = drawing._across if made.across else drawing._upright
        lines = drawing.Text.from_ansi(draw(made, width, height, COLOURS)).plain.splitlines()
        assert len(lines) <= height, name
        assert max(map(len, lines)) <= max(width, 35), name


def test_lines_without_room_are_counted() -> None:
    made = Chart("", tuple("abcdefghij"), (Series("", tuple(range(10))),), (), (), across=True)
    drawn = drawing.Text.from_ansi(drawing._across(made, 60, 10, COLOURS)).plain
    assert "a 0┤" in drawn and "… and 4 more in the table (t)" in drawn


def test_ticks_are_round_and_reach_the_highest() -> None:
    for highest in (0, 0.5, 1, 4, 5, 6, 11, 99, 251, 1234, 98765):
        marks = ticks(highest)
        assert marks[0] == 0 and marks[-1] >= highest and 2 <= len(marks) <= 6
        assert str(marks[1] - marks[0]).strip("0") in {"1", "2", "5"}


def test_periods_that_are_often_wanted() -> None:
    today = date(2026, 11, 18)
    assert this_year(today) == Period(date(2026, 1, 1), date(2026, 12, 31))
    assert last_year(today) == Period(date(2025, 1, 1), date(2025, 12, 31))
    assert last_months(today) == Period(date(2025, 12, 1), today)
    assert Period(date(2024, 2, 29), None).moved(-1) == Period(date(2023, 2, 28), None)
