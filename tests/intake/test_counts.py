"""What is counted is the same before a discard and after it, and what stays leads to nobody (P3)."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from intake.client import Consent
from intake.counts import CountFacts, facts_for_counts, remains_of
from intake.referral import Attempt, Channel, Closure, Happening, Referral, Result, State, Wish
from intake.retention import Periods, due

# 23:30 in Brussels, the next day's count in UTC would be another.
LATE = datetime(2026, 11, 2, 22, 30, tzinfo=UTC)
CALLED = datetime(2026, 11, 4, 9, tzinfo=UTC)
BASE = Referral(
    "D2026-0001",
    7,
    State.DECLINED,
    LATE,
    LATE,
    Consent.CONFIRMED,
    assigned_to="jan",
    attempts=(
        Attempt(CALLED, "jan", Channel.PHONE, Result.NO_ANSWER),
        Attempt(CALLED.replace(day=6), "jan", Channel.PHONE, Result.REACHED),
    ),
    contacted_at=CALLED.replace(day=6),
    informed_on=date(2026, 11, 6),
    wish=Wish.NO,
    closed_on=date(2026, 11, 6),
    likeness={"phone": "kanarie-1"},
    mail="kanarie-2",
    timeline=(Happening(CALLED, "jan", "attempt", "kanarie-3"),),
)
ENDINGS = [
    BASE,
    replace(
        BASE,
        state=State.CLOSED,
        closed_because=Closure.UNREACHABLE,
        wish=None,
        contacted_at=None,
        duplicate_of="kanarie-4",
    ),
    replace(
        BASE,
        state=State.HANDED_OVER,
        wish=Wish.YES,
        closed_on=None,
        case_number="kanarie-5",
        case_opened_on=date(2026, 11, 7),
        case_opened_by="jan",
        handed_over_on=date(2026, 11, 9),
        hand_over_confirmed_on=date(2026, 11, 9),
    ),
    replace(
        BASE,
        state=State.CASE_CLOSED,
        wish=Wish.YES,
        closed_on=None,
        case_number="kanarie-6",
        case_opened_on=date(2026, 11, 7),
        case_closed_on=date(2026, 11, 20),
    ),
]


@pytest.mark.parametrize("referral", ENDINGS, ids=lambda r: r.state.value)
def test_a_discard_changes_no_count(referral):
    ending = due(referral, Periods())
    assert ending is not None
    before, after = CountFacts.of_referral(referral), CountFacts.of_remains(remains_of(referral, ending))
    assert replace(before, worker=None) == after
    assert before.worker == "jan"


@pytest.mark.parametrize("referral", ENDINGS, ids=lambda r: r.state.value)
def test_nothing_that_stays_leads_to_client_or_worker(referral):
    ending = due(referral, Periods())
    assert ending is not None
    kept = str(remains_of(referral, ending))
    assert "kanarie" not in kept
    assert "jan" not in kept


def test_what_is_still_open_counts_without_an_outcome():
    opened = CountFacts.of_referral(replace(BASE, state=State.CONTACTED, wish=None, closed_on=None))
    assert opened.outcome is None
    assert opened.closed_on is None
    assert (opened.received_on, opened.first_attempt_on) == (date(2026, 11, 2), date(2026, 11, 4))


def test_a_reference_counts_once():
    ending = due(BASE, Periods())
    assert ending is not None
    other = replace(BASE, reference="D2026-0002")
    facts = facts_for_counts([BASE, other], [remains_of(BASE, ending)])
    assert [(f.reference, f.worker) for f in facts] == [("D2026-0001", None), ("D2026-0002", "jan")]
