"""What the administration screen asks of the desk in one go. Runs in the bridge's lane."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from intake.config import OfficeSettings
from intake.desk import Desk
from intake.desk.backups import Kept as KeptBackup
from intake.desk.passphrases import Kept
from intake.staff import Right
from storage.directory import User


@dataclass(frozen=True, slots=True)
class Accounts:
    """Everyone who works or worked here; `open` counts the open referrals of each, for who manages accounts."""

    users: tuple[User, ...]
    open: Mapping[str, int]
    today: date

    def user(self, name: str | None) -> User | None:
        """The account of that name."""
        return next((user for user in self.users if user.name == name), None)


@dataclass(frozen=True, slots=True)
class Terms:
    """The office's settings, which hold no secret."""

    settings: OfficeSettings
    today: date


@dataclass(frozen=True, slots=True)
class KeptBackups:
    """The backups and the folder in which new ones are made."""

    items: tuple[KeptBackup, ...]
    folder: Path
    days: int


@dataclass(frozen=True, slots=True)
class KnownPassphrases:
    """The archive passphrases by their labels; none is here."""

    items: tuple[Kept, ...]
    today: date


def passphrases(desk: Desk) -> KnownPassphrases:
    """The archive passphrases."""
    return KnownPassphrases(desk.passphrases.items(), desk.office.today())


def accounts(desk: Desk) -> Accounts:
    """All accounts."""
    counts = desk.staff.open_referrals() if desk.office.may(Right.USERS_MANAGE) else {}
    return Accounts(desk.staff.users(), counts, desk.office.today())


def terms(desk: Desk) -> Terms:
    """The settings in force."""
    return Terms(desk.settings.show(), desk.office.today())


def backups(desk: Desk) -> KeptBackups:
    """The backups."""
    items = desk.backups.items()
    return KeptBackups(items, desk.backups.plan.folder, desk.backups.plan.days)
