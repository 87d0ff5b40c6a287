"""What is new on a user's worklist, or changed by a colleague, since it was last there or opened. Pure."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from intake.referral import Referral
from intake.texts import N_
from tui.preferences import MOST_SEEN


class Mark(StrEnum):
    """Why a line is marked."""

    NEW = "new"
    CHANGED = "changed"


MARK_GLYPHS = {Mark.NEW: "✦", Mark.CHANGED: "↻"}
MARK_WORDS = {Mark.NEW: N_("new"), Mark.CHANGED: N_("changed")}


class Seen:
    """The versions that a user has seen. Without any from before, what is there at the first look counts as seen."""

    def __init__(self, account: str, versions: Mapping[str, int] | None) -> None:
        self._account = account
        self._first = versions is None
        self._versions = dict(versions or {})
        self._there: dict[str, int] = {}

    def look(self, referrals: Iterable[Referral]) -> None:
        """These are on the list now."""
        there = {referral.reference: referral.version for referral in referrals}
        if self._first:
            self._first = False
            self._versions = dict(there)
        self._there |= there

    def opened(self, reference: str, version: int) -> None:
        """The user has this one before their eyes."""
        self._versions[reference] = version

    def mark(self, referral: Referral) -> Mark | None:
        """Whether its line is marked; what the user did last is no news to them."""
        known = self._versions.get(referral.reference)
        if known is None:
            return Mark.NEW
        if known >= referral.version:
            return None
        last = referral.timeline[-1] if referral.timeline else None
        return None if last is not None and last.by == self._account else Mark.CHANGED

    def at_leaving(self) -> dict[str, int]:
        """What counts as seen the next time: all that was on the list, the newest references first when it is too much."""
        versions = {**self._versions, **self._there}
        return dict(sorted(versions.items(), reverse=True)[:MOST_SEEN])
