"""Dates and times as people type them."""

from datetime import UTC, date, datetime, time

import pytest

from intake.moments import NotADate, NotATime, moment, read_date, read_time
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
    ],
)
def test_a_day_is_read_in_the_ways_people_write_it(typed: str, day: date) -> None:
    assert read_date(typed, TODAY) == day


@pytest.mark.parametrize("typed", ["", "31/02/2026", "32/11", "0/0", "morgen", "2026", "1/1/1/1", "٣/٤"])
def test_what_is_no_day_is_refused_with_the_accepted_forms(typed: str) -> None:
    set_language("en")
    with pytest.raises(NotADate, match="dd/mm/yyyy"):
        read_date(typed, TODAY)


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
