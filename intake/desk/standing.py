"""What follows from a user's dates: who stands in for whom, and whether professional secrecy is confirmed. Pure."""

from datetime import date

from dateutil.relativedelta import relativedelta

from intake.staff import Right, Role
from storage.users import ACTIVE, User

WORKERS: frozenset[str] = frozenset({Role.SOCIAL_WORKER, Role.TEAM_LEAD})
"""The roles whose holders work referrals."""


def can_work(user: User) -> bool:
    """Whether referrals can be assigned to this user."""
    return user.status == ACTIVE and bool(user.roles & WORKERS)


def stands_in(worker: User, today: date) -> str | None:
    """Who may read the open referrals of an absent worker on that day, if anyone."""
    if worker.substitute and worker.absent_until and worker.absent_until >= today.isoformat():
        return worker.substitute
    return None


def secrecy_due(user: User, today: date) -> bool:
    """Whether a user must confirm professional secrecy: never done, or more than a year ago (A2).

    A service account is nobody who could promise it, and reads nothing.
    """
    if user.roles <= {Role.SERVICE}:
        return False
    confirmed = user.secrecy_confirmed_on
    return confirmed is None or date.fromisoformat(confirmed) + relativedelta(years=1) < today


READS_NOTHING: frozenset[Right] = frozenset(
    {
        Right.POLL,
        Right.MAILBOX,
        Right.RETENTION_PLAN,
        Right.RETENTION_RUN,
        Right.RETENTION_VERIFY,
        Right.RETENTION_PROPOSE,
        Right.BACKUP,
    }
)
"""Work that goes on while professional secrecy is not confirmed: it shows nobody's data."""
