"""What a screen asks of the desk in one go, so that one answer fits together. Runs in the bridge's lane."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from intake.agreement import Agreement
from intake.desk import Desk
from intake.desk.reading import Line, Scope, View
from intake.errors import NotFound
from intake.staff import Right
from storage.directory import RECOVERY


@dataclass(frozen=True, slots=True)
class Me:
    """Who is signed in and what for."""

    name: str
    display_name: str
    roles: frozenset[str]
    rights: frozenset[Right]
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class Listed:
    """The worklist in one scope. `names` are the staff's display names by account."""

    me: Me
    scope: Scope
    lines: tuple[Line, ...]
    names: Mapping[str, str]
    today: date

    @property
    def whole(self) -> bool:
        """Whether every client was looked up."""
        return not any(line.waiting for line in self.lines)

    def __repr__(self) -> str:
        return f"Listed({self.scope}, {len(self.lines)})"


@dataclass(frozen=True, slots=True)
class Opened:
    """One referral, its reading logged."""

    me: Me
    view: View
    names: Mapping[str, str]
    today: date
    case_files: str

    def __repr__(self) -> str:
        return f"Opened({self.view.referral.reference})"


def me(desk: Desk) -> Me:
    """The signed-in user now."""
    user = desk.user
    rights = frozenset(right for right in Right if desk.office.may(right))
    return Me(user.name, user.display_name, user.roles, rights, desk.settings.show().agreement)


def names(desk: Desk) -> dict[str, str]:
    """Display names of everyone who works or worked here."""
    return {user.name: user.display_name for user in desk.office.directory.users}


def listed(desk: Desk, scope: Scope, first: int | None = None) -> Listed:
    """The worklist; with `first` the clients of so many lines only, the most urgent."""
    lines = tuple(desk.work.worklist(scope, first=first))
    return Listed(me(desk), scope, lines, names(desk), desk.office.today())


def opened(desk: Desk, reference: str, reason: str | None) -> Opened:
    """One referral. Raises what `desk.work.open` raises, `ReasonNeeded` among them."""
    view = desk.work.open(reference, reason)
    return Opened(me(desk), view, names(desk), desk.office.today(), desk.settings.show().case_files)


def version(desk: Desk, reference: str) -> int | None:
    """The version in the store, None when it is gone; reads no client data."""
    try:
        row = desk.office.row_of(desk.office.store.snapshot(), reference)
    except NotFound:
        return None
    found = row["version"]
    return found if isinstance(found, int) else None


def handed_over(desk: Desk, reference: str, folder: Path, version: int) -> list[Path]:
    """Write the hand-over sheet; its files."""
    return desk.cases.hand_over(reference, folder, version)


__all__ = [
    "RECOVERY",
    "Listed",
    "Me",
    "Opened",
    "handed_over",
    "listed",
    "me",
    "names",
    "opened",
    "version",
]
