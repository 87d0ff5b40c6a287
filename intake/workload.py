"""How much work each worker has: what is open, overdue, waits for a first attempt, and came lately. Pure.

Counts only: nothing in it says who a client is. What is due by when is reckoned in `deadlines.py`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from intake.deadlines import Kind, Targets, deadlines
from intake.referral import Referral, Step
from intake.workdays import Calendar, local_date

LATELY_DAYS = 7
"""What a worker got within so many days counts as received lately."""


@dataclass(frozen=True, slots=True)
class Workload:
    """Numbers of open referrals: all, those overdue, those without a first attempt, those that came lately."""

    open: int = 0
    overdue: int = 0
    to_try: int = 0
    lately: int = 0


NO_WORK = Workload()


def workloads(
    referrals: Iterable[Referral], today: date, targets: Targets, calendar: Calendar
) -> dict[str, Workload]:
    """The workload of each worker that has open referrals, by account."""
    found: dict[str, Workload] = {}
    for referral in referrals:
        worker = referral.assigned_to
        if worker is None or not referral.is_open:
            continue
        pending = deadlines(referral, targets, calendar)
        load = found.get(worker, NO_WORK)
        found[worker] = replace(
            load,
            open=load.open + 1,
            overdue=load.overdue + any(deadline.on < today for deadline in pending),
            to_try=load.to_try + any(deadline.kind is Kind.FIRST_ATTEMPT for deadline in pending),
            lately=load.lately + _came_lately(referral, today),
        )
    return found


def _came_lately(referral: Referral, today: date) -> bool:
    given = [
        happening.at
        for happening in referral.timeline
        if happening.step in (Step.ASSIGN, Step.TAKE) and happening.detail == referral.assigned_to
    ]
    return bool(given) and local_date(max(given)) > today - timedelta(days=LATELY_DAYS)
