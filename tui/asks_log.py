"""What the log's screen asks of the desk in one go. Runs in the bridge's lane."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from intake.desk import Desk
from intake.desk.records import Sought
from intake.logwords import ACTIONS, Kind
from storage.journal import Entry
from storage.lookback import Looked, Mark, Page
from tui import asks

MOST_ROWS = 3000
"""So many lines are held at a time; who wants more narrows the search."""
PAGE = 500


@dataclass(frozen=True, slots=True)
class LogPart:
    """The newest part of what was sought. `names` are the staff's display names by account.

    `mark` is where to go on, None at the start of the log; `at` is how far back was looked, "" when not at all; `top`
    is the number of the newest entry of the whole log.
    """

    sought: Sought
    looked: tuple[Looked, ...]
    mark: Mark | None
    at: str
    top: int
    names: Mapping[str, str]
    today: date

    @property
    def faults(self) -> int:
        """How many places do not hold."""
        return sum(one.fault is not None for one in self.looked)

    def with_newer(self, newer: Page) -> "LogPart":
        """With what was written since, on top."""
        known = {(one.seq, one.fault) for one in self.looked if one.fault is not None}
        fresh = tuple(one for one in newer.looked if (one.seq, one.fault) not in known)
        return replace(self, looked=(*fresh, *self.looked), top=max(self.top, newer.top))

    def with_older(self, older: Page) -> "LogPart":
        """With the page before, beneath."""
        return replace(self, looked=(*self.looked, *older.looked), mark=older.mark, at=older.at or self.at)


def codes_of(kind: Kind | None) -> frozenset[str] | None:
    """The actions of a kind; None for all."""
    if kind is None:
        return None
    return frozenset(code for code, action in ACTIONS.items() if action.kind is kind)


def first_part(desk: Desk, sought: Sought) -> LogPart:
    """The newest page."""
    page = desk.log.newest(sought, most=PAGE)
    return LogPart(sought, page.looked, page.mark, page.at, page.top, asks.names(desk), desk.office.today())


def newer_part(desk: Desk, known: LogPart) -> LogPart:
    """What is known, with what was written since; anew from the newest when that is more than a page."""
    newer = desk.log.newest(known.sought, after=known.top, most=PAGE)
    if newer.mark is not None or len(known.looked) + len(newer.looked) > MOST_ROWS:
        return first_part(desk, known.sought)
    return known.with_newer(newer)


def seen_by(desk: Desk, reference: str) -> tuple[tuple[Entry, ...], Mapping[str, str]]:
    """Who saw a referral, the newest first, and the staff's names."""
    return tuple(reversed(desk.log.seen_by(reference))), asks.names(desk)
