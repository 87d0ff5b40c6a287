"""Backups as the office wants them: where they go, the one of each day, and taking what is discarded out of them.

How a backup is made and read is in `storage.backup`; putting one back is in `restoring.py`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from intake.config import OfficeSettings, checked
from intake.desk.backup_checks import VERIFIED_FILE, Verified
from intake.desk.office import OFFICE_KEY, SIGNING_ROLES, Office
from intake.desk.refusals import SettingsMissing
from intake.errors import IntakeError
from intake.referral import State
from intake.register_rows import drop_drafts
from intake.rows import LEDGER, QUARANTINE, REFERRALS, SETTINGS
from intake.staff import WRITERS, Right
from intake.texts import N_
from storage.backup import (
    ACTIVE,
    Contents,
    Listed,
    Purpose,
    create,
    expunge,
    listed,
    read_contents,
    verify,
)
from storage.backup_days import DailyBackup, Plan
from storage.backup_file import read_files
from storage.directory import Directory
from storage.document import read_tail
from storage.errors import Refusal, StorageError
from storage.files import remove_stale_temps
from storage.journal import Event
from storage.sealing import verify_row
from storage.store import Store, Transaction, open_store

DEFAULT_FOLDER = "backups"
FOUNDING = ("office-founded", "settings")
"""What the log tells of the commits by which an office is made; before them there was nothing to back up."""


class NoBackup(IntakeError):
    """There is no backup, or none of the day of the last change."""

    template = N_(
        "There is no good backup in %(folder)s. Check that the folder can be reached and written, then run "
        "'ocmw-intake backup create'."
    )


def folder_of(location: Path, named: str | None) -> Path:
    """The folder that a setting names, from the store's folder on; without one `backups` inside it."""
    return location / (named or DEFAULT_FOLDER)


def plan_of(location: Path, settings: OfficeSettings) -> Plan:
    """Where the backups of the store in `location` go, and for how long."""
    former = tuple(folder_of(location, name) for name in settings.former_backup_folders)
    return Plan(folder_of(location, settings.backup_folder), settings.backup_days, former)


def _plan_in(store: Store, trusted: str | None) -> Plan:
    snapshot = store.snapshot()
    row = snapshot.get(SETTINGS, OFFICE_KEY)
    if row is None:
        raise SettingsMissing
    directory = Directory.load(snapshot, trusted=trusted)
    verify_row(row, directory, SETTINGS, OFFICE_KEY, SIGNING_ROLES[SETTINGS])
    return plan_of(store.location, checked(OfficeSettings, row["values"], SETTINGS))


def known_plan(location: Path, trusted: str | None = None) -> tuple[Plan | None, str | None]:
    """The plan and the store's identity, each as far as it can be known without signing in."""
    try:
        store = open_store(location)
    except StorageError:
        return None, None
    try:
        return _plan_in(store, trusted), store.identity
    except Refusal:
        return None, store.identity
    finally:
        store.close()


def guard(store: Store, trusted: str | None = None) -> None:
    """See to the backup of each day also for what is done before anyone is signed in, such as a first sign-in."""
    daily = DailyBackup(store.location, store.identity, lambda: _plan_in(store, trusted))
    store.guard(daily.before_write)


def look_at_all(store: Store, trusted: str | None = None) -> tuple[int, Listed | None]:
    """Check the digests of every backup there is, and that one was made on the day of the last change.

    Returns how many there are, and the newest; None where the office was only just founded. Raises BackupBroken,
    NoBackup.
    """
    plan = _plan_in(store, trusted)
    found = [
        one for folder in dict.fromkeys((plan.folder, *plan.former)) for one in listed(folder, store.identity)
    ]
    for one in found:
        read_files(one.path)
    _header, last = read_tail(store.location / ACTIVE, -1)
    if any(entry.action in FOUNDING for entry in last) and not found:
        return 0, None
    newest = newest_good(plan, store.identity)
    if last and last[-1].at[:10] > newest.made_at.date().isoformat():
        raise NoBackup(folder=plan.folder)
    return len(found), newest


@dataclass(frozen=True)
class Unreachable:
    """A backup, or a folder of backups, that what is discarded cannot be taken out of."""

    path: Path
    why: StorageError


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup in the list; `verified_at` is when this workstation found it whole, None when it did not (UTC)."""

    listed: Listed
    verified_at: datetime | None


class Backups:
    """Use cases on backups that need a store that works."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self.unreachable: tuple[Unreachable, ...] = ()

    @property
    def plan(self) -> Plan:
        """Where backups go, and for how many days."""
        return plan_of(self._office.store.location, self._office.settings)

    @cached_property
    def _daily(self) -> DailyBackup:
        store = self._office.store
        return DailyBackup(store.location, store.identity, lambda: self.plan)

    def before_write(self, now: datetime) -> list[Event]:
        """See to it that there is a backup of this day (`storage.store.Store.guard`)."""
        return self._daily.before_write(now)

    @property
    def trouble(self) -> Refusal | None:
        """Why the backup of the day could not be made, or old ones not removed; None when all is well."""
        return self._daily.trouble

    def made_today(self) -> bool:
        """Whether the backup of this day is there, by whichever workstation."""
        return self._daily.made_on(self._office.now().astimezone(UTC).date())

    def create(self) -> Path:
        """A backup of the store as it is now; logged. Raises NotAllowed, DiskFull, StoreNotWritable."""
        office = self._office
        office.require(Right.BACKUP)
        plan = self.plan
        with office.store.transaction(office.session.signer) as tx:
            path = create(office.store.location, plan.folder, office.now(), Purpose.MANUAL)
            tx.record(Event("backup", detail={"generation": tx.generation}))
        return path

    def items(self) -> tuple[Kept, ...]:
        """The backups there are, newest first, and which of them this workstation verified as they lie there now."""
        office = self._office
        office.require(Right.BACKUP)
        plan, seen = self.plan, self._verified()
        found = [
            Kept(one, seen.verified_at(one))
            for folder in dict.fromkeys((plan.folder, *plan.former))
            for one in listed(folder, office.store.identity)
        ]
        return tuple(sorted(found, key=lambda kept: kept.listed.made_at, reverse=True))

    def verify(self, path: Path) -> Contents:
        """Check a backup whole: its files, the rows, the users, every entry of the log; shows nobody's data.

        That it was good is remembered on this workstation. Raises BackupBroken, BackupMissing, BackupOfAnother.
        """
        office = self._office
        office.require(Right.BACKUP)
        contents = verify(path, office.store.identity, trusted=office.trusted)
        self._verified().remember(path, office.now())
        return contents

    def _verified(self) -> Verified:
        memory = self._office.memory
        return Verified(memory / VERIFIED_FILE if memory is not None else None)

    def forget(self, references: Sequence[str], items: Sequence[str] = ()) -> bool:
        """Take what was discarded out of every kept backup; whether all of them could be reached.

        `items` are those that went from quarantine without a referral.

        Their rows are out of the store already, so that no later backup holds them. Each backup is rewritten for all
        references at once and under a lock of its own, so that others can work in between. What could not be reached
        is in `unreachable`.
        """
        office = self._office
        if not references and not items:
            return True
        store, plan = office.store, self.plan
        gone = Forgetting(store, references, items)
        failed: list[Unreachable] = []
        for folder in dict.fromkeys((plan.folder, *plan.former)):
            try:
                found = listed(folder, store.identity)
                if not found and (folder == plan.folder or not folder.is_dir()):
                    # There is one of every day with a change: a folder without any is not the one it should be.
                    raise NothingThere(location=str(folder))
                for one in found:
                    try:
                        with store.transaction(office.session.signer):
                            remove_stale_temps(folder)
                            expunge(one.path, store.identity, gone.apply)
                    except StorageError as error:
                        failed.append(Unreachable(one.path, error))
            except StorageError as error:
                failed.append(Unreachable(folder, error))
        self.unreachable = tuple(failed)
        return not failed


class NothingThere(StorageError):
    """A folder that should hold backups holds none. Values: location."""

    template = N_(
        "There are no backups in %(location)s. Check that the folder is there, and its network drive."
    )


class Forgetting:
    """What a backup may no longer hold of these referrals: their rows, the way to their mails, what led to them.

    Of the `items` of the quarantine the same.
    """

    def __init__(self, store: Store, references: Iterable[str], items: Iterable[str] = ()) -> None:
        self._references = frozenset(references)
        self._items = frozenset(items)
        self._mails: dict[str, tuple[Mapping[str, Any], bool]] = {}
        for snapshot, closed in ((store.closed(), True), (store.snapshot(), False)):
            for key, row in snapshot.rows(LEDGER):
                if self._references & set(row["references"]) or self._items & set(row["quarantine"]):
                    self._mails[key] = (row, closed)

    def apply(self, tx: Transaction) -> None:
        """Delete it; of a mail the row stays that says it is gone, where the backup knows who signed that."""
        for reference in self._references:
            row = tx.get(REFERRALS, reference)
            if row is not None and row["state"] != State.DISCARDING.value:
                tx.delete(REFERRALS, reference)
            tx.delete_closed(REFERRALS, reference)
        drop_drafts(tx, self._references)
        for item in self._items:
            row = tx.get(QUARANTINE, item)
            if row is not None and "sealed" in row:
                tx.delete(QUARANTINE, item)
        staff: Directory | None = None
        for key, row in tx.rows(LEDGER):
            if key not in self._mails and not self._references & set(row["references"]):
                continue
            present, closed = self._mails.get(key, (None, False))
            if present == row:
                continue
            for item in row["quarantine"]:
                tx.delete(QUARANTINE, item)
            tx.delete(LEDGER, key)
            staff = staff or Directory.load(tx)
            if present is not None and _genuine(present, staff, key):
                (tx.put_closed if closed else tx.put)(LEDGER, key, present)


def _genuine(row: Mapping[str, Any], staff: Directory, key: str) -> bool:
    try:
        verify_row(row, staff, LEDGER, key, WRITERS)
    except StorageError:
        return False
    return True


def newest_good(plan: Plan, store: str) -> Listed:
    """The newest backup, after its digests were checked. Raises NoBackup, BackupBroken."""
    for one in listed(plan.folder, store):
        if not one.damaged:
            read_contents(one.path, store)
            return one
    raise NoBackup(folder=plan.folder)
