"""What must happen with a referral by when, reckoned in one place. Pure.

First attempt: working days after receipt (setting, 3). One month after receipt the client must have been informed of
what is held and where it came from, and the wish and the case file are due within the same month (GDPR 14.3). A
referral without a worker is a team lead's after one working day. Deadlines of the office itself, such as those of a
breach, are in `reminders.py`.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from dateutil.relativedelta import relativedelta

from intake.client import Consent
from intake.referral import GONE_STATES, Referral, State
from intake.texts import N_
from intake.workdays import Calendar, local_date

ASSIGN_WORKING_DAYS = 1
INFORM_MONTHS = 1
"""The law's own term, which no setting moves (GDPR 14.3(a))."""


@dataclass(frozen=True, slots=True)
class Targets:
    """What the OCMW decides (protocol, "Settings")."""

    contact_working_days: int = 3
    hard_stop_months: int = 1
    undecided_reminder_days: int = 14
    answer_working_days: int = 5


class Kind(StrEnum):
    """What is due."""

    FIRST_ATTEMPT = "first-attempt"
    ASK_SENDER = "ask-sender"
    SENDER_ANSWER = "sender-answer"
    INFORM = "inform"
    WISH = "wish"
    UNDECIDED = "undecided"
    CASE_FILE = "case-file"


KIND_WORDS: dict[Kind, str] = {
    Kind.FIRST_ATTEMPT: N_("first contact attempt"),
    Kind.ASK_SENDER: N_("ask the sender about the consent"),
    Kind.SENDER_ANSWER: N_("answer of the sender about the consent"),
    Kind.INFORM: N_("inform the client of what is held (GDPR 14)"),
    Kind.WISH: N_("whether the client wants help (P3)"),
    Kind.UNDECIDED: N_("ask again whether the client wants help"),
    Kind.CASE_FILE: N_("open the case file (P3)"),
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """One thing that is due, and the last day for it."""

    kind: Kind
    on: date


def deadlines(referral: Referral, targets: Targets, calendar: Calendar) -> tuple[Deadline, ...]:
    """Everything that is still to happen with this referral, soonest first."""
    pending = [Deadline(kind, day) for kind, day in _pending(referral, targets, calendar)]
    return tuple(sorted(pending, key=lambda d: (d.on, list(Kind).index(d.kind))))


def inform_by(referral: Referral) -> date | None:
    """The last day to inform the client; None when that was done, or the referral ended without contact."""
    if referral.informed_on is not None or referral.state in GONE_STATES:
        return None
    if not referral.is_open and referral.contacted_at is None:
        return None
    return _informed_within(local_date(referral.received_at))


def nearest(referral: Referral, targets: Targets, calendar: Calendar) -> date | None:
    """The day by which the next thing must have happened; None when nothing is left to do."""
    if not referral.is_open:
        return None
    return min([day for _kind, day in _pending(referral, targets, calendar)], default=None)


def _pending(referral: Referral, targets: Targets, calendar: Calendar) -> list[tuple[Kind, date]]:
    # A worklist asks this of thousands of referrals: plain pairs, and the day of receipt worked out once.
    if not referral.is_open:
        return []
    contact, hard_stop, _assign, inform = _after_receipt(local_date(referral.received_at), targets, calendar)
    found = [(Kind.INFORM, inform)] if referral.informed_on is None else []
    state = referral.state
    if state is State.CASE_OPEN:
        return found
    if referral.consent is Consent.NOT_STATED:
        if referral.asked_on is None:
            found.append((Kind.ASK_SENDER, contact))
        else:
            answer = calendar.add_working_days(referral.asked_on, targets.answer_working_days)
            found.append((Kind.SENDER_ANSWER, answer))
        return found
    if not referral.attempts and referral.contacted_at is None:
        found.append((Kind.FIRST_ATTEMPT, contact))
    if state is State.UNDECIDED and referral.wish_at is not None:
        again = local_date(referral.wish_at) + relativedelta(days=targets.undecided_reminder_days)
        found.append((Kind.UNDECIDED, again))
    else:
        found.append((Kind.CASE_FILE if state is State.WANTS_HELP else Kind.WISH, hard_stop))
    return found


def assign_by(referral: Referral, targets: Targets, calendar: Calendar) -> date | None:
    """The day by which a team lead gives it a worker, one working day after receipt; None when it has one or is closed."""
    if referral.assigned_to is not None or not referral.is_open:
        return None
    return _after_receipt(local_date(referral.received_at), targets, calendar)[2]


def waits_for_worker(referral: Referral, today: date, targets: Targets, calendar: Calendar) -> bool:
    """Whether it has had no worker for longer than one working day: it is shown to team leads first."""
    day = assign_by(referral, targets, calendar)
    return day is not None and today > day


@lru_cache(maxsize=4096)
def _informed_within(received: date) -> date:
    return received + relativedelta(months=INFORM_MONTHS)


@lru_cache(maxsize=4096)
def _after_receipt(received: date, targets: Targets, calendar: Calendar) -> tuple[date, date, date, date]:
    """Contact target, hard stop, last day to assign and to inform: a worklist asks for the same days over and over."""
    return (
        calendar.add_working_days(received, targets.contact_working_days),
        received + relativedelta(months=targets.hard_stop_months),
        calendar.add_working_days(received, ASSIGN_WORKING_DAYS),
        _informed_within(received),
    )
