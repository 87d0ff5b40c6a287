"""What is counted of a referral, and what stays of one after its discard. Pure.

A tombstone keeps dates, outcome and numbers and nothing that says who the client or the worker was (P3); statistics are
the same before and after a discard because both are read through `CountFacts`. How counts are made is not here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from intake.referral import Referral, Wish
from intake.retention import Due, Outcome, outcome_of
from intake.workdays import local_date


@dataclass(frozen=True, slots=True)
class CountFacts:
    """One referral as statistics see it; days are Belgian calendar days.

    `closed_on` is the day on which it ended, in whichever way. `outcome` is None while nothing ended it; `worker` is
    None for one that is assigned to nobody or that is discarded.
    """

    reference: str
    received_on: date
    first_attempt_on: date | None
    contacted_on: date | None
    wish: Wish | None
    case_opened: bool
    closed_on: date | None
    outcome: Outcome | None
    attempts: int
    worker: str | None

    @classmethod
    def of_referral(cls, referral: Referral) -> "CountFacts":
        """The facts of a referral that is kept."""
        return cls(
            reference=referral.reference,
            received_on=local_date(referral.received_at),
            first_attempt_on=local_date(referral.attempts[0].at) if referral.attempts else None,
            contacted_on=local_date(referral.contacted_at) if referral.contacted_at else None,
            wish=referral.wish,
            case_opened=referral.case_opened_on is not None,
            closed_on=referral.closed_on or referral.handed_over_on or referral.case_closed_on,
            outcome=outcome_of(referral),
            attempts=len(referral.attempts),
            worker=referral.assigned_to,
        )

    @classmethod
    def of_remains(cls, row: Mapping[str, Any]) -> "CountFacts":
        """The facts of a tombstone, or of a row that is still being discarded."""
        return cls(
            reference=row["reference"],
            received_on=date.fromisoformat(row["received_on"]),
            first_attempt_on=_day(row, "first_attempt_on"),
            contacted_on=_day(row, "contacted_on"),
            wish=Wish(row["wish"]) if row.get("wish") else None,
            case_opened=bool(row.get("case_opened")),
            closed_on=_day(row, "closed_on") or _day(row, "handed_over_on") or _day(row, "case_closed_on"),
            outcome=Outcome(row["outcome"]),
            attempts=int(row["attempts"]),
            worker=None,
        )


def facts_for_counts(
    referrals: Iterable[Referral], remains: Iterable[Mapping[str, Any]]
) -> tuple[CountFacts, ...]:
    """What is kept and what is discarded together, by reference; a reference in both counts once, as discarded."""
    facts = {referral.reference: CountFacts.of_referral(referral) for referral in referrals}
    facts |= {row["reference"]: CountFacts.of_remains(row) for row in remains}
    return tuple(facts[reference] for reference in sorted(facts))


def remains_of(referral: Referral, due: Due) -> dict[str, Any]:
    """What may stay of a referral that is discarded for `due`: nothing in it leads to the client (protocol, "Discard")."""
    facts = CountFacts.of_referral(referral)
    return {
        "reference": referral.reference,
        "received_on": facts.received_on.isoformat(),
        "first_attempt_on": _iso(facts.first_attempt_on),
        "contacted_on": _iso(facts.contacted_on),
        "informed": referral.informed_on is not None,
        "consent": referral.consent.value,
        "wish": facts.wish.value if facts.wish else None,
        "attempts": facts.attempts,
        "case_opened": facts.case_opened,
        "closed_on": _iso(referral.closed_on),
        "handed_over_on": _iso(referral.handed_over_on),
        "case_closed_on": _iso(referral.case_closed_on),
        "outcome": due.outcome.value,
        "basis": due.basis,
        "due_on": _iso(due.on),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(row: Mapping[str, Any], name: str) -> date | None:
    text = row.get(name)
    return date.fromisoformat(text) if text else None
