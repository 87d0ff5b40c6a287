"""Dates and times as people type them here: dd/mm/jjjj and uu:mm, read leniently, in Belgian time. Pure.

The one reader of days and moments, for the fields on the screen and for the options of commands.
"""

import contextlib
import re
from datetime import UTC, date, datetime, time, timedelta

from intake.texts import _
from intake.workdays import BRUSSELS

_DAY = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})(?:[/.\- ](\d{4}|\d{2}))?", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2})(?:\s*(?:[:.uhUH])\s*(\d{2})?)?|(\d{2})(\d{2})", re.ASCII)
_TODAY = frozenset({"vandaag", "today", "nu", "now"})
_YESTERDAY = frozenset({"gisteren", "yesterday"})
_TOMORROW = frozenset({"morgen", "tomorrow"})
EARLIEST, LATEST = date(2000, 1, 1), date(2200, 1, 1)
"""Dates beyond these are slips of the pen."""


class NotADate(ValueError):
    """The text is no date; the argument is a sentence for the user that names the accepted forms."""


class NotATime(ValueError):
    """The text is no time of day; as `NotADate`."""


class NotAMoment(ValueError):
    """The text is no day and time; as `NotADate`."""


def read_date(text: str, today: date, *, ahead: bool = False) -> date:
    """A day from `EARLIEST` to `LATEST`. Raises NotADate.

    Without a year it is the last such day up to and including `today`; with `ahead` the first from `today` on.
    """
    given = text.strip().casefold()
    if given in _TODAY:
        return today
    if given in _YESTERDAY:
        return today - timedelta(days=1)
    if given in _TOMORROW:
        return today + timedelta(days=1)
    with contextlib.suppress(ValueError):
        day = None
        if found := _ISO.fullmatch(given):
            day = date(int(found[1]), int(found[2]), int(found[3]))
        elif found := _DAY.fullmatch(given):
            day = _with_year(int(found[1]), int(found[2]), found[3], today, ahead=ahead)
        if day is not None and EARLIEST <= day <= LATEST:
            return day
    if ahead:
        example = (today + timedelta(days=30)).strftime("%d/%m/%Y")
        words = _("Give a date as dd/mm/yyyy, for example %(day)s, or 'today' or 'tomorrow'.")
        raise NotADate(words % {"day": example})
    raise NotADate(
        _(
            "Give a date as dd/mm/yyyy, for example 21/11/2026, or as 2026-11-21, or 'today', 'yesterday' or "
            "'tomorrow'."
        )
    )


def _with_year(day: int, month: int, year: str | None, today: date, *, ahead: bool) -> date:
    if year is not None:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    for distance in range(9):  # 29 February can be eight years away, around 2100
        with contextlib.suppress(ValueError):  # 29 February of a year that has none
            found = date(today.year + (distance if ahead else -distance), month, day)
            if found >= today if ahead else found <= today:
                return found
    raise ValueError


def read_time(text: str) -> time:
    """A time of day: 14:30, 14u30, 14.30, 1430 or 14. Raises NotATime."""
    found = _CLOCK.fullmatch(text.strip())
    if found:
        hour, minute = (found[3], found[4]) if found[3] else (found[1], found[2] or "0")
        try:
            return time(int(hour), int(minute))
        except ValueError:
            pass
    raise NotATime(_("Give a time as hh:mm, for example 14:30."))


def read_moment(text: str, today: date) -> datetime:
    """A day and a time of day: ISO, or a day as `read_date` and a time as `read_time` take it. Raises NotAMoment.

    Without a zone it is Belgian time. A day alone is refused: which part of the day it was is what counts (P3).
    """
    given = text.strip()
    if ":" in given:
        with contextlib.suppress(ValueError):
            found = datetime.fromisoformat(given)
            if EARLIEST <= found.date() <= LATEST:
                return found if found.tzinfo else found.replace(tzinfo=BRUSSELS)
    with contextlib.suppress(ValueError):
        day, clock = given.rsplit(maxsplit=1)
        return moment(read_date(day, today), read_time(clock))
    raise NotAMoment(
        _(
            "Give a day and a time as 21/11/2026 14:30 or 2026-11-21T14:30, or with a zone as 2026-11-21T14:30Z; "
            "the day may also be 'today' or 'yesterday'."
        )
    )


def moment(day: date, clock: time) -> datetime:
    """That Belgian moment, in UTC."""
    return datetime.combine(day, clock, BRUSSELS).astimezone(UTC)
