"""Belgian working days and the deadlines reckoned from them."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from intake.client import Consent
from intake.deadlines import Targets, nearest
from intake.referral import Attempt, Channel, Referral, Result, State
from intake.workdays import Calendar, PartOfDay, local_date, part_of_day


def test_weekends_and_belgian_holidays_are_no_working_days():
    calendar = Calendar()
    assert not calendar.is_working_day(date(2026, 11, 21))  # Saturday
    assert not calendar.is_working_day(date(2026, 11, 11))  # Armistice
    assert not calendar.is_working_day(date(2026, 7, 21))  # national day
    assert calendar.is_working_day(date(2026, 11, 20))


def test_the_council_adds_its_closing_days():
    calendar = Calendar.closed_on([date(2026, 11, 2)])
    assert calendar.add_working_days(date(2026, 10, 30), 1) == date(2026, 11, 3)


def test_working_days_are_counted_after_the_day_itself():
    assert Calendar().add_working_days(date(2026, 12, 24), 3) == date(2026, 12, 30)


def test_a_year_without_a_working_day_is_refused_instead_of_searched_for_ever():
    closed = Calendar.closed_on(date.fromordinal(date(2026, 1, 1).toordinal() + i) for i in range(900))
    with pytest.raises(ValueError, match="working day"):
        closed.add_working_days(date(2026, 1, 1), 1)


@pytest.mark.parametrize(
    ("utc", "part"),
    [
        (datetime(2026, 11, 20, 10, 59, tzinfo=UTC), PartOfDay.MORNING),
        (datetime(2026, 11, 20, 11, 0, tzinfo=UTC), PartOfDay.AFTERNOON),
        (datetime(2026, 7, 20, 14, 59, tzinfo=UTC), PartOfDay.AFTERNOON),
        (datetime(2026, 7, 20, 15, 0, tzinfo=UTC), PartOfDay.EVENING),
    ],
)
def test_parts_of_the_day_are_belgian_time(utc, part):
    assert part_of_day(utc) is part


def test_the_day_is_the_belgian_one():
    assert local_date(datetime(2026, 11, 20, 23, 30, tzinfo=UTC)) == date(2026, 11, 21)


def test_the_nearest_deadline_follows_the_work():
    received = datetime(2026, 11, 16, 9, tzinfo=UTC)
    referral = Referral("D2026-0001", 1, State.RECEIVED, received, received, Consent.CONFIRMED)
    targets, calendar = Targets(), Calendar()
    assert nearest(referral, targets, calendar) == date(2026, 11, 19)
    tried = replace(
        referral,
        state=State.ASSIGNED,
        attempts=(Attempt(received, "jan", Channel.PHONE, Result.NO_ANSWER),),
    )
    assert nearest(tried, targets, calendar) == date(2026, 12, 16)
    thinking = replace(tried, state=State.UNDECIDED, wish_at=datetime(2026, 11, 18, 9, tzinfo=UTC))
    assert nearest(thinking, targets, calendar) == date(2026, 12, 2)
    assert nearest(replace(tried, state=State.DECLINED), targets, calendar) is None
