"""When a request for erasure may be followed (GDPR 17; P3), and by when a client must be informed (GDPR 14)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from intake import retention
from intake.client import Consent
from intake.deadlines import inform_by
from intake.erasure import erase_on_request
from intake.errors import NotLawful
from intake.informing import informed_text
from intake.referral import Closure, Referral, State

RECEIVED = datetime(2026, 11, 16, 9, 30, tzinfo=UTC)
NOW = RECEIVED + timedelta(days=2)
TODAY = date(2026, 11, 18)


def made(state: State = State.RECEIVED, **more: object) -> Referral:
    return Referral("D2026-0001", 1, state, RECEIVED, RECEIVED, Consent.CONFIRMED, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "state",
    [State.RECEIVED, State.ASSIGNED, State.CONTACTED, State.UNDECIDED, State.WANTS_HELP],
)
def test_a_request_for_erasure_withdraws_consent_and_is_due_at_once(state):
    after = erase_on_request(made(state), "els", NOW)
    assert (after.state, after.closed_because) == (State.CLOSED, Closure.CONSENT_WITHDRAWN)
    assert after.consent is Consent.WITHDRAWN
    due = retention.due(after, retention.Periods())
    assert due is not None
    assert due.is_due(TODAY)


def test_a_closure_that_keeps_the_data_for_some_weeks_gives_way_to_the_request():
    """GDPR 17: closed as unreachable it would have stayed thirty days."""
    unreachable = made(State.CLOSED, closed_because=Closure.UNREACHABLE, closed_on=TODAY)
    kept = retention.due(unreachable, retention.Periods())
    assert kept is not None
    assert not kept.is_due(TODAY)
    after = erase_on_request(unreachable, "els", NOW)
    due = retention.due(after, retention.Periods())
    assert due is not None
    assert due.is_due(TODAY)
    assert after.version == unreachable.version + 1
    assert (after.timeline[-1].step, after.timeline[-1].detail) == ("close", "consent-withdrawn")


def test_asked_twice_it_stays_as_it_is():
    once = erase_on_request(made(), "els", NOW)
    assert erase_on_request(once, "els", NOW) is once


@pytest.mark.parametrize(
    ("state", "article"),
    [
        (State.CASE_OPEN, "17.3(b)"),
        (State.CASE_CLOSED, "17.3(b)"),
        (State.HANDED_OVER, "17.3(b)"),
        (State.DISCARDING, "P3"),
    ],
)
def test_a_case_file_is_not_erased_on_request(state, article):
    with pytest.raises(NotLawful) as refused:
        erase_on_request(made(state), "els", NOW)
    assert article in str(refused.value.values["article"])


def test_a_hold_puts_the_erasure_off_until_its_end_which_is_told():
    held = made(hold_until=TODAY)
    with pytest.raises(NotLawful) as refused:
        erase_on_request(held, "els", NOW)
    assert "18/11/2026" in str(refused.value.values["problem"])
    assert erase_on_request(replace(held, hold_until=date(2026, 11, 17)), "els", NOW).state is State.CLOSED


def test_the_client_is_informed_within_a_month_of_receipt():
    """GDPR 14.3(a)."""
    assert inform_by(made()) == date(2026, 12, 16)
    assert "16/12/2026" in informed_text(made(), TODAY)
    assert informed_text(made(), TODAY) != informed_text(made(), date(2026, 12, 17))
    assert inform_by(made(informed_on=TODAY)) is None
    assert "18/11/2026" in informed_text(made(informed_on=TODAY), TODAY)
    # Closed without contact there is nobody to inform any more; after contact the duty stays.
    assert inform_by(made(State.CLOSED)) is None
    assert inform_by(made(State.DECLINED, contacted_at=NOW)) == date(2026, 12, 16)
