"""The retention table: every ending has a ground and a date, and no date means no discard (P3)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from intake.client import Consent
from intake.referral import Closure, Happening, Referral, State
from intake.retention import TABLE, Outcome, Periods, due, recent_from, recent_step

RECEIVED = datetime(2026, 11, 2, 9, tzinfo=UTC)
BASE = Referral("D2026-0001", 5, State.RECEIVED, RECEIVED, RECEIVED, Consent.CONFIRMED)
CLOSED = date(2026, 11, 18)


@pytest.mark.parametrize(
    "state",
    [State.RECEIVED, State.ASSIGNED, State.CONTACTED, State.UNDECIDED, State.WANTS_HELP, State.CASE_OPEN],
)
def test_nothing_is_due_while_contact_and_wish_are_not_settled(state):
    assert due(replace(BASE, state=state), Periods()) is None


def test_who_declines_is_discarded_at_the_next_run():
    found = due(replace(BASE, state=State.DECLINED, closed_on=CLOSED), Periods())
    assert found is not None
    assert (found.outcome, found.on, found.is_due(CLOSED)) == (Outcome.DECLINED, CLOSED, True)


@pytest.mark.parametrize(
    ("because", "on"),
    [
        (Closure.UNREACHABLE, date(2026, 12, 18)),
        (Closure.CONSENT_WITHDRAWN, CLOSED),
        (Closure.WRONG_OCMW, CLOSED),
        (Closure.DUPLICATE, CLOSED),
        (Closure.ALREADY_KNOWN, CLOSED),
        (Closure.DECEASED, CLOSED),
    ],
)
def test_every_closure_has_its_date(because, on):
    found = due(replace(BASE, state=State.CLOSED, closed_because=because, closed_on=CLOSED), Periods())
    assert found is not None
    assert found.on == on
    assert not found.is_due(date(2026, 11, 17))


def test_a_missing_date_blocks():
    found = due(replace(BASE, state=State.DECLINED, closed_on=None), Periods())
    assert found is not None
    assert found.on is None
    assert not found.is_due(date(2099, 1, 1))


def test_a_date_before_receipt_is_doubtful_and_blocks():
    found = due(replace(BASE, state=State.DECLINED, closed_on=date(2026, 10, 1)), Periods())
    assert found is not None
    assert found.on is None


def test_a_local_case_file_is_kept_ten_years_and_waits_for_a_second_person():
    received = datetime(2024, 1, 10, 9, tzinfo=UTC)
    closed = replace(BASE, received_at=received, state=State.CASE_CLOSED, case_closed_on=date(2024, 2, 29))
    found = due(closed, Periods())
    assert found is not None
    assert found.on == date(2034, 2, 28)
    assert not found.is_due(date(2040, 1, 1))


def test_the_office_decides_how_long_after_an_ending():
    periods = Periods(after_unreachable_days=10, after_declined_days=7)
    declined = due(replace(BASE, state=State.DECLINED, closed_on=CLOSED), periods)
    assert declined is not None
    assert declined.on == date(2026, 11, 25)


def test_every_outcome_stands_in_the_table_once():
    assert sorted(rule.outcome for rule in TABLE) == sorted(Outcome)


def test_a_hand_over_is_due_from_its_confirmation_and_never_before():
    """P3: only when the OCMW's own system holds the case file may the intake's copy go."""
    handed = replace(BASE, state=State.HANDED_OVER, handed_over_on=CLOSED)
    found = due(handed, Periods())
    assert found is not None
    assert (found.on, found.unconfirmed, found.is_due(date(2099, 1, 1))) == (None, True, False)
    confirmed = due(replace(handed, hand_over_confirmed_on=date(2026, 11, 20)), Periods())
    assert confirmed is not None
    assert (confirmed.on, confirmed.unconfirmed) == (date(2026, 11, 20), False)
    assert not confirmed.is_due(date(2026, 11, 19))
    assert confirmed.is_due(date(2026, 11, 20))


@pytest.mark.parametrize(
    ("until", "goes"),
    [
        (date(2026, 11, 30), date(2026, 12, 1)),
        (date(2026, 11, 17), CLOSED),
        (CLOSED, date(2026, 11, 19)),
    ],
)
def test_a_hold_lasts_to_the_end_of_its_last_day_and_shortens_nothing(until, goes):
    found = due(replace(BASE, state=State.DECLINED, closed_on=CLOSED, hold_until=until), Periods())
    assert found is not None
    assert (found.on, found.goes_on) == (CLOSED, goes)
    assert not found.is_due(goes - timedelta(days=1))
    assert found.is_due(goes)


def test_a_hold_on_what_is_blocked_sets_no_date():
    found = due(replace(BASE, state=State.DECLINED, hold_until=CLOSED), Periods())
    assert found is not None
    assert (found.on, found.goes_on) == (None, None)
    assert not found.is_due(date(2099, 1, 1))


def test_an_approval_brings_no_case_file_forward():
    received = datetime(2016, 2, 1, 9, tzinfo=UTC)
    closed = replace(BASE, received_at=received, state=State.CASE_CLOSED, case_closed_on=date(2016, 2, 29))
    found = due(closed, Periods())
    assert found is not None
    assert not found.is_due(date(2026, 2, 27), approved=True)
    assert found.is_due(date(2026, 2, 28), approved=True)
    assert not found.is_due(date(2026, 2, 28))


def _line(hour: int, step: str, day: int = 18) -> Happening:
    return Happening(datetime(2026, 11, day, hour, tzinfo=UTC), "jan", step)


def test_what_is_done_after_the_ending_is_recent_and_what_led_to_it_is_not():
    declined = replace(BASE, state=State.DECLINED, timeline=(_line(9, "attempt"), _line(10, "wish")))
    since = recent_from(declined, date(2026, 11, 19), 0)
    assert recent_step(declined, since) is None
    later = replace(declined, timeline=(*declined.timeline, _line(11, "assign"), _line(12, "hold")))
    found = recent_step(later, recent_from(later, date(2026, 11, 19), 0))
    assert found is not None
    assert found.step == "assign"


def test_the_office_may_be_warned_of_the_last_days_before_the_ending_too():
    declined = replace(BASE, state=State.DECLINED, timeline=(_line(9, "attempt", 16), _line(10, "wish")))
    assert recent_step(declined, recent_from(declined, date(2026, 11, 19), 2)) is None
    found = recent_step(declined, recent_from(declined, date(2026, 11, 19), 3))
    assert found is not None
    assert found.step == "attempt"
