"""What is kept how long, and why: one declarative table (P3). Pure.

Each way a referral can end stands in `TABLE` once: what starts the period, how long it runs, on which ground, and
whether a second person must approve. A missing or doubtful date blocks: nothing is discarded without one.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from intake.client import Consent
from intake.referral import Closure, Referral, State
from intake.texts import N_


class Outcome(StrEnum):
    """How a referral ended, as far as its keeping is concerned."""

    DECLINED = "declined"
    UNREACHABLE = "unreachable"
    CONSENT_REFUSED = "consent-refused"
    WRONG_OCMW = "wrong-ocmw"
    DUPLICATE = "duplicate"
    ALREADY_KNOWN = "already-known"
    DECEASED = "deceased"
    HANDED_OVER = "handed-over"
    CASE_CLOSED = "case-closed"


class Start(StrEnum):
    """The date from which a period runs: the name of the referral's field that holds it."""

    CLOSED_ON = "closed_on"
    HANDED_OVER_ON = "handed_over_on"
    CASE_CLOSED_ON = "case_closed_on"


@dataclass(frozen=True, slots=True)
class Periods:
    """What the OCMW decides (protocol, "Settings"): days to keep."""

    after_unreachable_days: int = 30
    after_declined_days: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table. `days` may be the name of a setting in `Periods`."""

    outcome: Outcome
    starts: Start
    basis: str
    days: int | str = 0
    years: int = 0
    second_person: bool = False

    def due(self, start: date, periods: Periods) -> date:
        """The first day on which it may be discarded. 29 February + 10 years is 28 February (relativedelta)."""
        days = getattr(periods, self.days) if isinstance(self.days, str) else self.days
        return start + relativedelta(years=self.years, days=days)


TABLE: tuple[Rule, ...] = (
    Rule(
        Outcome.DECLINED,
        Start.CLOSED_ON,
        N_("P3: contact took place and the client does not want help"),
        days="after_declined_days",
    ),
    Rule(
        Outcome.UNREACHABLE,
        Start.CLOSED_ON,
        N_("P3: closed as unreachable by the team lead"),
        days="after_unreachable_days",
    ),
    Rule(Outcome.CONSENT_REFUSED, Start.CLOSED_ON, N_("recital C: the client does not consent")),
    Rule(Outcome.WRONG_OCMW, Start.CLOSED_ON, N_("recital C: sent to the wrong OCMW")),
    Rule(Outcome.DUPLICATE, Start.CLOSED_ON, N_("P3: duplicate of a referral that is kept")),
    Rule(Outcome.ALREADY_KNOWN, Start.CLOSED_ON, N_("P3: linked to the client's existing case file")),
    Rule(Outcome.DECEASED, Start.CLOSED_ON, N_("P2: the purpose has lapsed")),
    Rule(
        Outcome.HANDED_OVER,
        Start.HANDED_OVER_ON,
        N_("P3: the case file is kept in the OCMW's own social-file system"),
    ),
    Rule(
        Outcome.CASE_CLOSED,
        Start.CASE_CLOSED_ON,
        N_("P3: ten years after the case file was closed"),
        years=10,
        second_person=True,
    ),
)
_BY_OUTCOME = {rule.outcome: rule for rule in TABLE}

_OUTCOME_OF_CLOSURE: dict[Closure, Outcome] = {
    Closure.UNREACHABLE: Outcome.UNREACHABLE,
    Closure.CONSENT_WITHDRAWN: Outcome.CONSENT_REFUSED,
    Closure.WRONG_OCMW: Outcome.WRONG_OCMW,
    Closure.DUPLICATE: Outcome.DUPLICATE,
    Closure.ALREADY_KNOWN: Outcome.ALREADY_KNOWN,
    Closure.DECEASED: Outcome.DECEASED,
}


@dataclass(frozen=True, slots=True)
class Due:
    """When and why a referral goes. `on` is None when a date is missing: then it is blocked, never discarded."""

    reference: str
    outcome: Outcome
    on: date | None
    basis: str
    second_person: bool

    def is_due(self, today: date) -> bool:
        """Whether it may be discarded on this day without a second person."""
        return self.on is not None and self.on <= today and not self.second_person


def outcome_of(referral: Referral) -> Outcome | None:
    """How it ended; None while it is kept because the work is not done (P3 "in ieder geval")."""
    match referral.state:
        case State.DECLINED:
            return Outcome.DECLINED
        case State.HANDED_OVER:
            return Outcome.HANDED_OVER
        case State.CASE_CLOSED:
            return Outcome.CASE_CLOSED
        case State.CLOSED if referral.closed_because is not None:
            return _OUTCOME_OF_CLOSURE[referral.closed_because]
        case State.CLOSED if referral.consent in (Consent.DISPUTED, Consent.WITHDRAWN):
            return Outcome.CONSENT_REFUSED
    return None


def due(referral: Referral, periods: Periods) -> Due | None:
    """When and why this referral is to be discarded; None while nothing ends it."""
    outcome = outcome_of(referral)
    if outcome is None:
        return None
    rule = _BY_OUTCOME[outcome]
    start: date | None = getattr(referral, rule.starts.value)
    on: date | None = None
    # A start before the referral came in is a doubtful date: it blocks like a missing one.
    if start is not None and start >= referral.received_at.date() - relativedelta(days=1):
        on = rule.due(start, periods)
    return Due(referral.reference, outcome, on, rule.basis, rule.second_person)
