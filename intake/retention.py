"""What is kept how long, and why: one declarative table (P3). Pure.

Each way a referral can end stands in `TABLE` once: what starts the period, how long it runs, on which ground, and
whether a second person must approve. A missing or doubtful date blocks: nothing is discarded without one.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from intake.client import Consent
from intake.referral import Closure, Happening, Referral, State, Step
from intake.texts import N_
from intake.workdays import BRUSSELS

SOON_DAYS = 7
"""What goes within so many days is told beforehand."""


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
    HAND_OVER_CONFIRMED_ON = "hand_over_confirmed_on"
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
        Start.HAND_OVER_CONFIRMED_ON,
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


def rule_of(outcome: Outcome) -> Rule:
    """The row of the table for a way to end."""
    return _BY_OUTCOME[outcome]


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
    """When and why a referral goes.

    `on` is the table's day; None when a date is missing: then it is blocked, never discarded. `held_until` is the last
    day of a hold. `unconfirmed` tells that the date is missing because nobody confirmed the hand-over yet. `started` is
    the day from which the period runs, as far as one stands in the referral, doubtful or not.
    """

    reference: str
    outcome: Outcome
    on: date | None
    basis: str
    second_person: bool
    held_until: date | None = None
    unconfirmed: bool = False
    started: date | None = None

    @property
    def goes_on(self) -> date | None:
        """The first day on which both the table and a hold let it go; None when it is blocked."""
        if self.on is None or self.held_until is None:
            return self.on
        return max(self.on, self.held_until + timedelta(days=1))

    def is_held(self, day: date) -> bool:
        """Whether a hold keeps it on this day."""
        return self.held_until is not None and day <= self.held_until

    def has_come(self, day: date) -> bool:
        """Whether its time is over on this day and no hold keeps it; it may still need a second person."""
        return self.goes_on is not None and self.goes_on <= day

    def is_due(self, today: date, *, approved: bool = False) -> bool:
        """Whether it may be discarded on this day; what needs a second person only when that one `approved`."""
        return self.has_come(today) and (approved or not self.second_person)


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
    unconfirmed = outcome is Outcome.HANDED_OVER and start is None
    return Due(
        referral.reference,
        outcome,
        on,
        rule.basis,
        rule.second_person,
        referral.hold_until,
        unconfirmed,
        start,
    )


def goes_after_closing(referral: Referral, because: Closure, on: date, periods: Periods) -> date | None:
    """The first day on which it may be discarded when it is closed so on that day; None when a date is missing."""
    closed = replace(referral, state=State.CLOSED, closed_because=because, closed_on=on)
    found = due(closed, periods)
    return found.goes_on if found is not None else None


_ENDING = frozenset(
    {Step.WISH, Step.CLOSE, Step.CONSENT, Step.CASE_HAND_OVER, Step.CASE_CONFIRM, Step.CASE_CLOSE}
)
_NO_WORK = _ENDING | {Step.HOLD, Step.RELEASE}
"""Steps that end a referral or decide on its keeping: that they were taken is no reason to look again before it goes."""


def recent_from(referral: Referral, on: date, days: int) -> datetime:
    """The moment (UTC) from which what happens to an ended referral is worth a warning before it is discarded.

    That is its ending, as whoever came back to it afterwards may still need it; with `days` (a setting of the OCMW) also
    what was done so many days before `on`, if that is earlier.
    """
    ended = max((line.at for line in referral.timeline if line.step in _ENDING), default=referral.imported_at)
    # Moments are kept in whole seconds: what happened in the second of the ending led to it.
    ended += timedelta(seconds=1)
    if not days:
        return ended
    return min(ended, datetime.combine(on - timedelta(days=days), time(), BRUSSELS))


def recent_step(referral: Referral, since: datetime) -> Happening | None:
    """The last thing done with it since that moment, ending, holding and releasing it apart."""
    lines = [line for line in referral.timeline if line.at >= since and line.step not in _NO_WORK]
    return lines[-1] if lines else None
