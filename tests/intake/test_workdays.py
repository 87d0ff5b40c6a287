"""Belgian working days and the deadlines reckoned from them."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from intake.client import Consent
from intake.deadlines import Deadline, Kind, Targets, deadlines, nearest, waits_for_worker
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
    kinds = [(d.kind.value, d.on) for d in deadlines(referral, targets, calendar)]
    assert kinds == [
        ("first-attempt", date(2026, 11, 19)),
        ("inform", date(2026, 12, 16)),
        ("wish", date(2026, 12, 16)),
    ]
    tried = replace(
        referral,
        state=State.ASSIGNED,
        attempts=(Attempt(received, "jan", Channel.PHONE, Result.NO_ANSWER),),
    )
    assert nearest(tried, targets, calendar) == date(2026, 12, 16)
    thinking = replace(tried, state=State.UNDECIDED, wish_at=datetime(2026, 11, 18, 9, tzinfo=UTC))
    assert nearest(thinking, targets, calendar) == date(2026, 12, 2)
    assert nearest(replace(tried, state=State.DECLINED), targets, calendar) is None


def test_the_client_is_informed_within_a_month_whatever_else_is_done():
    """GDPR 14.3: at the latest within one month of receipt; from 31 January that is 28 February."""
    received = datetime(2027, 1, 31, 9, tzinfo=UTC)
    case = Referral("D2027-0001", 1, State.CASE_OPEN, received, received, Consent.CONFIRMED)
    targets, calendar = Targets(), Calendar()
    assert deadlines(case, targets, calendar) == (Deadline(Kind.INFORM, date(2027, 2, 28)),)
    assert deadlines(replace(case, informed_on=date(2027, 2, 3)), targets, calendar) == ()


def test_a_referral_on_hold_waits_for_the_sender_and_not_for_a_contact():
    """Recital C: nobody contacts the client before the consent is known."""
    received = datetime(2026, 11, 16, 9, tzinfo=UTC)
    held = Referral("D2026-0001", 1, State.RECEIVED, received, received, Consent.NOT_STATED)
    targets, calendar = Targets(), Calendar()
    first, *_rest = deadlines(held, targets, calendar)
    assert first == Deadline(Kind.ASK_SENDER, date(2026, 11, 19))
    asked = replace(held, asked_on=date(2026, 11, 17))
    assert deadlines(asked, targets, calendar)[0] == Deadline(Kind.SENDER_ANSWER, date(2026, 11, 24))


def test_without_a_worker_it_is_shown_to_team_leads_after_one_working_day():
    friday = datetime(2026, 11, 13, 9, tzinfo=UTC)
    nobodys = Referral("D2026-0001", 1, State.RECEIVED, friday, friday, Consent.CONFIRMED)
    targets, calendar = Targets(), Calendar()
    assert not waits_for_worker(nobodys, date(2026, 11, 16), targets, calendar)
    assert waits_for_worker(nobodys, date(2026, 11, 17), targets, calendar)
    assigned = replace(nobodys, assigned_to="jan", state=State.ASSIGNED)
    assert not waits_for_worker(assigned, date(2026, 11, 17), targets, calendar)
