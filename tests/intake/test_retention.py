"""The retention table: every ending has a ground and a date, and no date means no discard (P3)."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from intake.client import Consent
from intake.referral import Closure, Referral, State
from intake.retention import TABLE, Outcome, Periods, due

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
