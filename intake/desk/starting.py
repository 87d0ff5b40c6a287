"""First run of a workstation: joining an office whose folder is there, or making a new one with its configuration.

Nobody is signed in yet. What is half made when something goes wrong is taken away again. Making the store itself is in
`settings.py` (`found`), signing in in `desk.py`.
"""

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from intake.config import ConfigurationUnusable, OfficeSettings, Workstation, checked, save_workstation
from intake.desk.office import OFFICE_KEY, SIGNING_ROLES, utc_now
from intake.desk.refusals import SettingsMissing
from intake.desk.settings import Founding, found
from intake.desk.staff import account_name
from intake.errors import WrongUse
from intake.plaintext import clean_line
from intake.rows import SETTINGS
from intake.texts import _
from storage.directory import ACTIVE, AUTHORITY, Directory
from storage.errors import (
    StorageError,
    StoreExists,
    StoreMissing,
    StoreNotReadable,
    StoreNotWritable,
    StoreOutdated,
)
from storage.keys import STANDARD_COST, Argon2Cost
from storage.sealing import verify_row
from storage.store import open_store
from storage.volumes import refuse_nfs

_LARGEST_AUTHORITY = 65536


@dataclass(frozen=True, slots=True)
class OfficeThere:
    """An office as it can be known before signing in. `outdated`: it will be backed up and migrated at the sign-in."""

    location: Path
    name: str = ""
    fingerprint: str = ""
    leads: tuple[str, ...] = ()
    users: int = 0
    outdated: bool = False


def full_path(text: str) -> Path:
    """A folder as typed, `~` resolved. Raises WrongUse unless it is a full path."""
    try:
        path = Path(text.strip()).expanduser()
    except (RuntimeError, ValueError):
        path = Path()
    if not text.strip() or "\x00" in text or not path.is_absolute():
        raise WrongUse(problem=_("Give the full path of the folder."))
    return path


def look_at(location: Path) -> OfficeThere:
    """Whether an office's store is in the folder, genuine, and one can work in it; changes nothing.

    Raises WrongUse for a folder that is not there or holds no store, and StoreBroken, StoreNewer, StoreNotReadable,
    StoreNotWritable, DirectoryNotGenuine, RowNotGenuine.
    """
    try:
        there = location.is_dir()
    except OSError:
        raise StoreNotReadable(location=str(location)) from None
    if not there:
        raise WrongUse(
            problem=_(
                "The folder %(folder)s is not there. Check how it is written, and whether its network drive is connected."
            )
            % {"folder": location}
        )
    try:
        store = open_store(location)
    except StoreMissing:
        raise WrongUse(
            problem=_(
                "There is no store of this program in %(folder)s. Ask a colleague for the right folder."
            )
            % {"folder": location}
        ) from None
    except StoreOutdated:
        return OfficeThere(location, outdated=True)
    try:
        snapshot = store.snapshot()
        directory = Directory.load(snapshot)
        row = snapshot.get(SETTINGS, OFFICE_KEY)
        if row is None:
            raise SettingsMissing
        verify_row(row, directory, SETTINGS, OFFICE_KEY, SIGNING_ROLES[SETTINGS])
        settings = checked(OfficeSettings, row["values"], _("office settings"))
    finally:
        store.close()
    if not os.access(location, os.R_OK | os.W_OK | os.X_OK):
        raise StoreNotWritable(location=str(location))
    return OfficeThere(
        location,
        clean_line(settings.agreement.ocmw),
        directory.fingerprint,
        tuple(clean_line(user.display_name) for user in directory.with_role(AUTHORITY)),
        sum(user.status == ACTIVE for user in directory.users),
    )


def check_new_folder(location: Path) -> None:
    """Whether a new store can be made in a folder, which is absent or empty; makes nothing.

    Raises StoreExists, StoreOnNfs, StoreNotWritable, and WrongUse for a folder that holds something else.
    """
    refuse_nfs(location)
    try:
        names = [one.name for one in location.iterdir()] if location.exists() else []
    except OSError:
        raise WrongUse(problem=_("That is no folder. Give the full path of a new one.")) from None
    if "active.json" in names or any(name.startswith("closed-") for name in names):
        raise StoreExists(location=str(location))
    if names:
        raise WrongUse(problem=_("That folder holds other files. Give a new or an empty one."))
    above = _nearest(location)
    if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
        raise StoreNotWritable(location=str(location))


def read_authority(text: str) -> str | None:
    """The certificates (PEM) in the file that was named; None for no name. Raises WrongUse."""
    if not text.strip():
        return None
    try:
        with Path(text.strip()).expanduser().open(encoding="ascii") as file:
            pem = file.read(_LARGEST_AUTHORITY + 1)
    except (OSError, RuntimeError, ValueError):
        pem = ""
    if "-----BEGIN CERTIFICATE-----" not in pem or len(pem) > _LARGEST_AUTHORITY:
        raise WrongUse(problem=_("That file cannot be read as certificates (PEM). Check its name."))
    return pem


def set_up(
    founding: Founding,
    config: Path,
    language: str,
    *,
    clock: Callable[[], datetime] = utc_now,
    cost: Argon2Cost = STANDARD_COST,
) -> Workstation:
    """Make a new office and this workstation's configuration for it: both or neither. Nobody is signed in by it.

    Raises as `check_new_folder` and `intake.desk.settings.found`; WrongUse when there is a configuration already;
    ConfigurationUnusable when it cannot be written.
    """
    try:
        there, made = config.exists(), [_first_missing(founding.location), _first_missing(config)]
    except OSError as error:  # a folder on the way that may not be looked into
        raise ConfigurationUnusable(path=config, where=error.strerror or str(error)) from None
    if there:
        problem = _("There is a configuration at %(path)s already. Start the program again to use it.")
        raise WrongUse(problem=problem % {"path": config})
    location = founding.location
    check_new_folder(location)
    try:
        founded = found(founding, clock=clock, cost=cost)
        try:
            fingerprint = Directory.load(founded.store.snapshot()).fingerprint
        finally:
            founded.store.close()
        workstation = Workstation.model_validate(
            {
                "store": location,
                "user": account_name(founding.lead),
                "language": language,
                "fingerprint": fingerprint,
                "file": config,
            }
        )
        save_workstation(config, workstation)
    except BaseException:
        _take_away(location, made)
        raise
    return workstation


def _nearest(path: Path) -> Path:
    """The path, or the nearest one above it that exists."""
    return next(one for one in (path, *path.parents) if one.exists() or one == one.parent)


def _first_missing(path: Path) -> Path | None:
    """The topmost part of the path that is not there yet; None when all of it is."""
    return next((one for one in (*reversed(path.parents), path) if not one.exists()), None)


def _take_away(location: Path, made: list[Path | None]) -> None:
    """What was made; of an empty folder that was there before, what is in it now."""
    with suppress(OSError, StorageError):
        if made[0] is None:
            for inside in location.iterdir():
                shutil.rmtree(inside) if inside.is_dir() else inside.unlink()
    for one in made:
        if one is not None:
            with suppress(OSError):
                shutil.rmtree(one) if one.is_dir() else one.unlink(missing_ok=True)
