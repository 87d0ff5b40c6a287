"""Dates and times as people type them here: dd/mm/jjjj and uu:mm, read leniently, in Belgian time. Pure."""

import re
from datetime import UTC, date, datetime, time, timedelta

from intake.texts import _
from intake.workdays import BRUSSELS

_DAY = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})(?:[/.\- ](\d{4}|\d{2}))?", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2})(?:\s*(?:[:.uhUH])\s*(\d{2})?)?|(\d{2})(\d{2})", re.ASCII)
_TODAY = frozenset({"vandaag", "today", "nu", "now"})
_YESTERDAY = frozenset({"gisteren", "yesterday"})


class NotADate(ValueError):
    """The text is no date; the argument is a sentence for the user that names the accepted forms."""


class NotATime(ValueError):
    """The text is no time of day; as `NotADate`."""


def read_date(text: str, today: date) -> date:
    """A day. Without a year it is the last such day up to and including `today`. Raises NotADate."""
    given = text.strip().casefold()
    if given in _TODAY:
        return today
    if given in _YESTERDAY:
        return today - timedelta(days=1)
    try:
        if found := _ISO.fullmatch(given):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _DAY.fullmatch(given):
            return _with_year(int(found[1]), int(found[2]), found[3], today)
    except ValueError:
        pass
    raise NotADate(_("Give a date as dd/mm/yyyy, for example 21/11/2026, or 'today' or 'yesterday'."))


def _with_year(day: int, month: int, year: str | None, today: date) -> date:
    if year is not None:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    for candidate in range(today.year, today.year - 5, -1):
        try:
            found = date(candidate, month, day)
        except ValueError:  # 29 February of a year that has none
            continue
        if found <= today:
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


def moment(day: date, clock: time) -> datetime:
    """That Belgian moment, in UTC."""
    return datetime.combine(day, clock, BRUSSELS).astimezone(UTC)
