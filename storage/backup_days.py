"""The backup of each day, and how long backups are kept. How one is made is in `backup.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from storage.backup import create, listed
from storage.backup_file import Purpose
from storage.errors import N_, Refusal, StorageError
from storage.files import patiently
from storage.journal import Event

__all__ = ["BackupNotRemoved", "DailyBackup", "Plan", "prune"]

_TRY_AGAIN = timedelta(minutes=15)


class BackupNotRemoved(StorageError):
    """A backup whose time is over cannot be removed. Values: location."""

    template = N_(
        "A backup in %(location)s whose time is over cannot be removed. Check the rights on the folder."
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """Where backups go and how many days they are kept; `former` folders are still pruned."""

    folder: Path
    days: int
    former: tuple[Path, ...] = ()


def prune(folder: Path, store: str, days: int, today: date, *, keep_newest: bool = True) -> None:
    """Remove the store's backups that are older than `days` days; with `keep_newest` never the newest good one.

    Raises BackupNotRemoved when one cannot be removed; the others are.
    """
    everything = listed(folder, store)
    newest = next((one for one in everything if keep_newest and not one.damaged), None)
    failed = False
    for one in everything:
        if one is not newest and (today - one.made_at.date()).days > days:
            try:
                patiently(one.path.unlink)
            except OSError:
                failed = failed or one.path.exists()
    if failed:
        raise BackupNotRemoved(location=str(folder))


class DailyBackup:
    """At the first change of each UTC day: a backup of the store as it was before it.

    What goes wrong never stops the work: it is kept in `trouble`, logged as `backup-failed`, and tried again at a
    change a quarter of an hour later.
    """

    def __init__(self, location: Path, store: str, plan: Callable[[], Plan]) -> None:
        self.trouble: Refusal | None = None
        self._location = location
        self._store = store
        self._plan = plan
        self._done: date | None = None
        self._not_before: datetime | None = None

    def made_on(self, day: date) -> bool:
        """Whether there is a good backup of that UTC day, by whichever workstation. Raises as the plan does."""
        made = listed(self._plan().folder, self._store)
        return any(one.made_at.date() == day and not one.damaged for one in made)

    def before_write(self, now: datetime) -> list[Event]:
        """For `Store.guard`: called with the lock held; the events are logged with the change."""
        now = now.astimezone(UTC)
        if self._done == now.date() or (self._not_before is not None and now < self._not_before):
            return []
        try:
            plan = self._plan()
            if not self.made_on(now.date()):
                create(self._location, plan.folder, now, Purpose.DAILY)
            for folder in dict.fromkeys((plan.folder, *plan.former)):
                prune(folder, self._store, plan.days, now.date(), keep_newest=folder == plan.folder)
        except Refusal as error:
            self.trouble, self._not_before = error, now + _TRY_AGAIN
            return [Event("backup-failed", detail={"cause": type(error).__name__})]
        self.trouble, self._not_before, self._done = None, None, now.date()
        return []
