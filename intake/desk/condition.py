"""What is wrong with the shared folder right now, in one sentence for whoever is at work. Reading goes on meanwhile.

Told are, the worst first: a store that is not what this workstation saw, a folder that cannot be reached, a log that
cannot be written, a backup of the day that was not made. What is wrong with a file to the byte is `doctor`'s to find.
"""

from typing import TYPE_CHECKING

from intake.errors import IntakeError
from storage.backup_days import BackupNotRemoved
from storage.errors import N_, Refusal, StorageError, StoreMissing, StoreNotReadable, StoreNotWritable

if TYPE_CHECKING:
    from intake.desk.desk import Desk


class StoreAway(IntakeError):
    """The folder cannot be reached for the moment. Values: location."""

    template = N_(
        "The store in %(location)s cannot be reached. Check the network drive; what was shown stays readable, and nothing "
        "is saved until it is back."
    )
    exit_code = 6


class LogNotWritten(IntakeError):
    """The access log cannot be written, so nothing new is shown. Values: location."""

    template = N_(
        "The access log in %(location)s cannot be written, so no name is shown that was not shown before. Check the free "
        "space and the rights on that folder."
    )
    exit_code = 6


class BackupNotMade(IntakeError):
    """The backup of the day failed, or old ones could not be removed; the work is saved. Values: folder."""

    template = N_(
        "The backups in %(folder)s could not be brought up to date; your work itself is saved. Check the free space and "
        "the rights on that folder, or tell your administrator."
    )
    exit_code = 6


def condition(*desks: "Desk") -> Refusal | None:
    """What is wrong, as any of the desks on one store found it; None when all is well. The first looks at the store."""
    first = desks[0]
    location = str(first.office.store.location)
    try:
        first.office.store.generation  # noqa: B018 - a look at the header
    except (StoreMissing, StoreNotReadable):
        return StoreAway(location=location)
    except StorageError as error:
        return error
    if first.warning is not None:
        return first.warning
    for desk in desks:
        kept = desk.office.trouble
        if isinstance(kept, StoreMissing | StoreNotReadable):
            if desk is first:
                return StoreAway(location=location)
            continue  # what the first sees is newer
        if isinstance(kept, StoreNotWritable):
            return LogNotWritten(location=location)
        if kept is not None:
            return kept  # a full disk, or who holds the lock: it says what to do itself
    failed = [trouble for desk in desks if (trouble := desk.backups.trouble) is not None]
    if any(isinstance(trouble, BackupNotRemoved) for trouble in failed) or (failed and not _made(first)):
        return BackupNotMade(folder=str(first.backups.plan.folder))
    return None


def _made(desk: "Desk") -> bool:
    """Whether some workstation made the backup of the day meanwhile."""
    try:
        return desk.backups.made_today()
    except Refusal:
        return False
