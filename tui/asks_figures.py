"""What the figures' screen asks of the desk in one go. Runs in the bridge's lane."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from dateutil.relativedelta import relativedelta

from intake.desk import Desk
from intake.figures import Statistics
from tui import asks


@dataclass(frozen=True, slots=True)
class Period:
    """From one day to another, both included; None is without a bound."""

    since: date | None
    until: date | None

    def moved(self, years: int) -> "Period":
        """The same so many years later, or earlier; what has no bound stays so."""
        step = relativedelta(years=years)
        return Period(self.since and self.since + step, self.until and self.until + step)


def this_year(today: date) -> Period:
    """From 1 January to 31 December."""
    return Period(date(today.year, 1, 1), date(today.year, 12, 31))


def last_year(today: date) -> Period:
    """The year before."""
    return this_year(today).moved(-1)


def last_months(today: date) -> Period:
    """This month and the eleven before it."""
    return Period(today.replace(day=1) - relativedelta(months=11), today)


@dataclass(frozen=True, slots=True)
class Counted:
    """The statistics of a period. `names` are the staff's display names by account; `at` is when it was counted."""

    me: asks.Me
    period: Period
    statistics: Statistics
    names: Mapping[str, str]
    today: date
    at: datetime


def counted(desk: Desk, choose: Period | None) -> Counted:
    """Count; without a period that of the last twelve months."""
    today = desk.office.today()
    period = choose or last_months(today)
    statistics = desk.papers.statistics(period.since, period.until)
    return Counted(asks.me(desk), period, statistics, asks.names(desk), today, desk.office.now())
