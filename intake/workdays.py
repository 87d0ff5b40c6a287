"""Belgian working days, the council's closing days, and what is reckoned from them. Pure.

A working day is Monday to Friday, neither a Belgian public holiday (`holidays`, country BE) nor one of the
closing days the office set. Months and years are reckoned with `dateutil.relativedelta`, so that one month after
31 January is the last day of February.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from intake.texts import N_

BRUSSELS = ZoneInfo("Europe/Brussels")


@cache
def _public_holidays(year: int) -> frozenset[date]:
    import holidays  # only here: a quarter of the start-up time of a command that needs no deadline

    return frozenset(holidays.country_holidays("BE", years=year))


def prepare(year: int) -> None:
    """Load the public holidays of a year and the next, so that nobody waits for them at the first list."""
    for one in (year, year + 1):
        _public_holidays(one)


class PartOfDay(StrEnum):
    """Attempts count as different when they fall on different parts of the day (P3 and practice)."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


PART_OF_DAY_WORDS = {
    PartOfDay.MORNING: N_("morning"),
    PartOfDay.AFTERNOON: N_("afternoon"),
    PartOfDay.EVENING: N_("evening"),
}


def local(moment: datetime) -> datetime:
    """The moment in Belgian time."""
    return moment.astimezone(BRUSSELS)


@lru_cache(maxsize=16_384)
def local_date(moment: datetime) -> date:
    """The Belgian calendar day of a moment."""
    return local(moment).date()


def part_of_day(moment: datetime) -> PartOfDay:
    """Morning before noon, afternoon before 17:00, evening after, in Belgian time."""
    clock = local(moment).time()
    if clock < time(12):
        return PartOfDay.MORNING
    return PartOfDay.AFTERNOON if clock < time(17) else PartOfDay.EVENING


def end_of_day(day: date) -> datetime:
    """The last second of a Belgian day, in UTC."""
    return datetime.combine(day, time(23, 59, 59), BRUSSELS).astimezone(UTC)


@dataclass(frozen=True)
class Calendar:
    """The days on which this office works."""

    closing_days: frozenset[date] = field(default_factory=frozenset)

    @classmethod
    def closed_on(cls, days: Iterable[date]) -> "Calendar":
        """A calendar with these closing days besides the public holidays."""
        return cls(frozenset(days))

    def is_working_day(self, day: date) -> bool:
        """Whether the office works on this day."""
        return day.weekday() < 5 and day not in self.closing_days and day not in _public_holidays(day.year)

    def add_working_days(self, start: date, count: int) -> date:
        """The `count`-th working day after `start`, the start itself not counted.

        Raises ValueError when a year of closing days leaves no working day at all.
        """
        day, left, idle = start, count, 0
        while left > 0:
            day += timedelta(days=1)
            if self.is_working_day(day):
                left -= 1
                idle = 0
            else:
                idle += 1
                if idle > 366:
                    raise ValueError("no working day within a year")
        return day
