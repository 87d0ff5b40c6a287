"""Dates and times as people type them."""

from datetime import UTC, date, datetime, time

import pytest

from intake.cli.options import day_option, moment_option
from intake.errors import WrongUse
from intake.moments import NotADate, NotAMoment, NotATime, moment, read_date, read_moment, read_time
from intake.texts import set_language

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("21/11/2026", TODAY),
        (" 1/2/2026 ", date(2026, 2, 1)),
        ("21-11-26", TODAY),
        ("21.11.2026", TODAY),
        ("2026-11-20", date(2026, 11, 20)),
        ("20/11", date(2026, 11, 20)),
        ("24/12", date(2025, 12, 24)),
        ("29/2", date(2024, 2, 29)),
        ("vandaag", TODAY),
        ("Gisteren", date(2026, 11, 20)),
        ("today", TODAY),
        ("2026-1-2", date(2026, 1, 2)),
    ],
)
def test_a_day_is_read_in_the_ways_people_write_it(typed: str, day: date) -> None:
    assert read_date(typed, TODAY) == day


@pytest.mark.parametrize(
    "typed",
    ["", "31/02/2026", "32/11", "0/0", "2026", "1/1/1/1", "٣/٤", "30/2", "1/1/1999", "2200-01-02"],
)
def test_what_is_no_day_is_refused_with_the_accepted_forms(typed: str) -> None:
    set_language("en")
    with pytest.raises(NotADate, match="dd/mm/yyyy"):
        read_date(typed, TODAY)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("20/11", date(2027, 11, 20)),
        ("21/11", TODAY),
        ("24/12", date(2026, 12, 24)),
        ("29/2", date(2028, 2, 29)),
        ("20/11/2026", date(2026, 11, 20)),
        ("morgen", date(2026, 11, 22)),
    ],
)
def test_where_a_day_to_come_is_asked_one_without_a_year_is_the_next_such_day(typed: str, day: date) -> None:
    assert read_date(typed, TODAY, ahead=True) == day


def test_where_a_day_to_come_is_asked_the_example_is_one() -> None:
    set_language("en")
    with pytest.raises(NotADate, match=r"for example 21/12/2026, or 'today' or 'tomorrow'"):
        read_date("32/11", TODAY, ahead=True)


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("2026-11-21T14:30", datetime(2026, 11, 21, 13, 30, tzinfo=UTC)),
        ("2026-11-21 14:30", datetime(2026, 11, 21, 13, 30, tzinfo=UTC)),
        ("2026-11-21T14:30Z", datetime(2026, 11, 21, 14, 30, tzinfo=UTC)),
        ("2026-07-21T14:30+02:00", datetime(2026, 7, 21, 12, 30, tzinfo=UTC)),
        ("21/11/2026 14u30", datetime(2026, 11, 21, 13, 30, tzinfo=UTC)),
        ("gisteren 9", datetime(2026, 11, 20, 8, 0, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_as_iso_and_as_a_day_and_a_time(typed: str, at: datetime) -> None:
    assert read_moment(typed, TODAY) == at


@pytest.mark.parametrize(
    "typed", ["", "gisteren", "2026-11-21", "21/11/2026", "14:30", "1999-01-01T10:00", "x y"]
)
def test_what_is_no_moment_is_refused_with_the_accepted_forms(typed: str) -> None:
    """Stops a day alone from counting as midnight: an attempt in the morning that nobody made."""
    set_language("en")
    with pytest.raises(NotAMoment, match="21/11/2026 14:30"):
        read_moment(typed, TODAY)


def test_the_options_of_commands_are_read_as_the_fields_on_the_screen_are() -> None:
    set_language("en")
    for typed in ("21/11/2026", "2026-11-21", "21.11.26"):
        assert day_option(typed) == TODAY
    assert day_option(None) is None
    assert moment_option(None) is None
    with pytest.raises(WrongUse):
        moment_option("2026-11-21")
    with pytest.raises(WrongUse) as refused:
        day_option("someday")
    assert "dd/mm/yyyy" in refused.value.values["problem"]
    assert "2026-11-21" in refused.value.values["problem"]


@pytest.mark.parametrize(
    ("typed", "clock"),
    [
        ("14:30", time(14, 30)),
        ("9:05", time(9, 5)),
        ("14u30", time(14, 30)),
        ("14u", time(14)),
        ("14.30", time(14, 30)),
        ("1430", time(14, 30)),
        ("0905", time(9, 5)),
        ("9", time(9)),
        ("14h30", time(14, 30)),
    ],
)
def test_a_time_is_read_in_the_ways_people_write_it(typed: str, clock: time) -> None:
    assert read_time(typed) == clock


@pytest.mark.parametrize("typed", ["", "25:00", "12:60", "noen", "123", "14:3", "-1"])
def test_what_is_no_time_is_refused_with_the_accepted_form(typed: str) -> None:
    set_language("en")
    with pytest.raises(NotATime, match="hh:mm"):
        read_time(typed)


def test_a_moment_is_belgian_time_in_summer_and_in_winter() -> None:
    assert moment(date(2026, 7, 1), time(14, 30)) == datetime(2026, 7, 1, 12, 30, tzinfo=UTC)
    assert moment(date(2026, 12, 1), time(14, 30)) == datetime(2026, 12, 1, 13, 30, tzinfo=UTC)
