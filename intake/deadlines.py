"""What must happen by when, reckoned in one place. Pure.

Contact target: working days after receipt (setting, 3). Hard stop: one month after receipt, the latest moment to
inform the client of what is held (GDPR 14.3). After contact the client's wish, after a "yes" the case file, are
due within the same month.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from dateutil.relativedelta import relativedelta

from intake.referral import Referral, State
from intake.workdays import Calendar, local_date


@dataclass(frozen=True, slots=True)
class Targets:
    """What the OCMW decides (protocol, "Settings")."""

    contact_working_days: int = 3
    hard_stop_months: int = 1
    undecided_reminder_days: int = 14


def nearest(referral: Referral, targets: Targets, calendar: Calendar) -> date | None:
    """The day by which the next thing must have happened; None when nothing is left to do."""
    if not referral.is_open or referral.state is State.CASE_OPEN:
        return None
    received = local_date(referral.received_at)
    contact, hard_stop = _after_receipt(received, targets, calendar)
    if referral.state is State.UNDECIDED and referral.wish_at is not None:
        return local_date(referral.wish_at) + relativedelta(days=targets.undecided_reminder_days)
    if referral.attempts:
        return hard_stop
    return min(contact, hard_stop)


@lru_cache(maxsize=4096)
def _after_receipt(received: date, targets: Targets, calendar: Calendar) -> tuple[date, date]:
    """The contact target and the hard stop of a day of receipt; a worklist asks for the same days over and over."""
    hard_stop = received + relativedelta(months=targets.hard_stop_months)
    return calendar.add_working_days(received, targets.contact_working_days), hard_stop
