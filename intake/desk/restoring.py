"""Putting a backup back, so that what was discarded since does not come back.

Rows come from the backup; who the users are, the secrets, the counters and all that was discarded come from what
stands there, as far as it can be read. Where it cannot, the log tells what was discarded.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from intake.config import OfficeSettings, checked
from intake.counts import remains
from intake.desk.backups import folder_of, known_plan, plan_of
from intake.desk.office import OFFICE_KEY, SIGNING_ROLES, Office, utc_now
from intake.desk.outgoing import DRAFT_OUTCOME
from intake.desk.placing import place_referral, referral_row
from intake.desk.refusals import NotAssignedToYou
from intake.desk.resealing import retired_rows, seal_again, sign_for_retired
from intake.desk.restoring_items import keep_rejected
from intake.errors import NotAllowed
from intake.referral import State
from intake.register_rows import DRAFTS, REGISTERS, drop_drafts
from intake.rows import (
    APPROVALS,
    COUNTERS,
    DESTRUCTIONS,
    LEDGER,
    QUARANTINE,
    QUARANTINE_DISCARDED,
    REFERRALS,
    SECRETS,
    SETTINGS,
    TOMBSTONES,
    Row,
    from_row,
    iso,
)
from intake.staff import ROLE_WORDS, WRITERS, Right, Role, holders, may
from intake.texts import N_, _
from storage.backup import Contents, verify
from storage.directory import KEYRINGS, STATEMENTS, Directory, Session, sign_in
from storage.document import Tables
from storage.draft import Draft
from storage.errors import DirectoryNotGenuine, RowNotGenuine, StorageError, StoreBroken, StoreMissing
from storage.patience import Patience
from storage.restoring import Present, Restored, restore
from storage.sealing import sign_row, verify_row
from storage.store import Store, Transaction, open_store

_SERIES = re.compile(r"([A-Z][0-9]{4})-([0-9]{4,9})")
_ACCOUNTS = ("user-", "passphrase-", "secrecy-")


class TeamLeadNeeded(NotAllowed):
    """What has to be signed anew only counts from a team lead."""

    template = N_(
        "The store is damaged and referrals were discarded after this backup was made. A team lead has to restore it."
    )


@dataclass(frozen=True)
class Outcome:
    """What a restore did, for who asked for it.

    `discards` did not come back. `accounts` changed after the backup, where the list of users had to come from it:
    look at each. `unsealed` tells that some rows are still sealed as they were in the backup.
    """

    restored: Restored
    made_at: datetime
    discards: tuple[str, ...]
    accounts: tuple[str, ...]
    unsealed: bool


def restore_backup(
    location: Path,
    path: Path,
    user: str,
    passphrase: str,
    *,
    clock: Callable[[], datetime] = utc_now,
    trusted: str | None = None,
    patience: Patience | None = None,
) -> Outcome:
    """Put the backup in `path` back. Whoever signs in must be a team lead or administrator now, or, where the store
    cannot be read, at the time of the backup.

    Raises BackupMissing, BackupBroken, BackupNewer, BackupOfAnother, NotAllowed, the errors of `sign_in` and of
    `storage.restoring.restore`; then the store is as it was.
    """
    from intake.desk.staff import account_name

    plan, identity = known_plan(location, trusted)
    contents = verify(path, identity, trusted=trusted)
    session = _signed_in(location, contents, account_name(user), passphrase, trusted, patience)
    if not may(session.user.roles, Right.BACKUP):
        who = ", ".join(sorted(_(ROLE_WORDS[role]) for role in holders(Right.BACKUP)))
        raise NotAllowed(problem=_("Your account may not do this. It is for: %(who)s.") % {"who": who})
    folder = plan.folder if plan is not None else plan_of(location, _settings_of(contents)).folder
    merge = _Merge(contents, session, location, clock)
    done = restore(location, path, folder, session.signer, merge, clock=clock)
    accounts = tuple(sorted(merge.accounts))
    return Outcome(done, contents.manifest.made_at, tuple(sorted(merge.gone)), accounts, merge.unsealed)


class _Held:
    """A store that is only looked at: rows in memory."""

    def __init__(self, draft: Draft, location: Path) -> None:
        self.location = location
        self._draft = draft

    def snapshot(self) -> Draft:
        return self._draft

    def closed(self) -> Draft:
        return Draft(self._draft.closed, {}, self._draft.generation)


def _signed_in(
    location: Path,
    contents: Contents,
    user: str,
    passphrase: str,
    trusted: str | None,
    patience: Patience | None,
) -> Session:
    """Sign in at the store as it is; where it cannot be read, at the backup."""
    try:
        store = open_store(location)
        try:
            Directory.load(store.snapshot(), trusted=trusted)
            return sign_in(store, user, passphrase, trusted=trusted, patience=patience)
        finally:
            store.close()
    except (StoreBroken, StoreMissing, DirectoryNotGenuine):
        held = cast(Store, _Held(contents.snapshot(), location))
        return sign_in(held, user, passphrase, trusted=trusted, patience=patience)


def _settings_of(contents: Contents) -> OfficeSettings:
    row = contents.snapshot().get(SETTINGS, OFFICE_KEY)
    values = row["values"] if row is not None else {}
    return checked(OfficeSettings, values, _("office settings"))


@dataclass
class _Merge:
    """`storage.restoring.Merge`: turns the rows of the backup into those that come back."""

    contents: Contents
    session: Session
    location: Path
    clock: Callable[[], datetime]
    gone: dict[str, str] = field(default_factory=dict)
    """References of what was discarded, or begun to be, with the outcome that the log tells."""
    accounts: set[str] = field(default_factory=set)
    unsealed: bool = False

    def __call__(self, tx: Draft, present: Present) -> None:
        """Merge; raises TeamLeadNeeded."""
        before = Directory.load(tx)
        self._users(tx, present, before)
        staff = Directory.load(tx)
        if next(retired_rows(tx, staff), None) is not None:
            # Keys that were retired since: what they signed in the backup is signed anew, by one who may.
            if Role.TEAM_LEAD not in self.session.user.roles:
                raise TeamLeadNeeded
            sign_for_retired(tx, before, self.session.signer)
        finished = self._gone(tx, present)
        self._discarded(tx, present, staff, finished)
        keep_rejected(tx, present, lambda row, table, key: _genuine(row, staff, table, key), self._signed)
        self._registers(tx, present, staff)
        self._counters(tx, present)
        self._office(tx, present, staff)
        if staff.users != before.users:
            self._seal_again(tx, before, staff)

    # -- users and what is theirs -------------------------------------------------------------------------------------

    def _users(self, tx: Draft, present: Present, before: Directory) -> None:
        """The list of users goes on from the backup's: nobody who was disabled comes back, no passphrase either."""
        later = (present.active or {}).get(STATEMENTS, {})
        if all(later.get(key) == row for key, row in tx.rows(STATEMENTS)):
            try:
                Directory.load(Draft({STATEMENTS: later}, {}, 0), trusted=before.fingerprint)
            except DirectoryNotGenuine:
                later = {}
        else:
            later = {}
        if later:
            keyrings = (present.active or {}).get(KEYRINGS, {})
            for table, rows in ((STATEMENTS, later), (KEYRINGS, keyrings)):
                for key, row in rows.items():
                    tx.put(table, key, row)
            for key, _row in tx.rows(KEYRINGS):
                if key not in keyrings:
                    tx.delete(KEYRINGS, key)
            return
        for entry in present.later:
            if entry.action.startswith(_ACCOUNTS):
                self.accounts.update(entry.references)

    def _office(self, tx: Draft, present: Present, staff: Directory) -> None:
        """The mailbox's password and the like as they are now; backups in the present folder are not forgotten."""
        active = present.active or {}
        for key, row in active.get(SECRETS, {}).items():
            if _genuine(row, staff, SECRETS, key):
                tx.put(SECRETS, key, row)
        now, then = active.get(SETTINGS, {}).get(OFFICE_KEY), tx.get(SETTINGS, OFFICE_KEY)
        if now is None or then is None or not _genuine(now, staff, SETTINGS, OFFICE_KEY):
            return
        newer = checked(OfficeSettings, now["values"], _("office settings"))
        older = checked(OfficeSettings, then["values"], _("office settings"))
        known = (*older.former_backup_folders, *newer.former_backup_folders, newer.backup_folder)
        former = tuple(dict.fromkeys(name for name in known if name != older.backup_folder))
        version = max(newer.version, older.version) + 1
        settings = older.model_copy(update={"former_backup_folders": former, "version": version})
        values = {"values": settings.model_dump(mode="json")}
        tx.put(SETTINGS, OFFICE_KEY, sign_row(values, self.session.signer, SETTINGS, OFFICE_KEY))

    def _seal_again(self, tx: Draft, before: Directory, staff: Directory) -> None:
        """What comes back is sealed for those who may read it now; a team lead can, an administrator cannot."""
        keys = {user.name: user.reading_key for user in before.users}
        renewed = frozenset(u.name for u in staff.users if keys.get(u.name) != u.reading_key)
        self.unsealed = True
        if Role.TEAM_LEAD not in self.session.user.roles:
            return
        office = Office(cast(Store, _Held(tx, self.location)), self.session, self.clock)
        try:
            seal_again(office, tx, staff, office.settings, renewed)
        except (NotAssignedToYou, StorageError):
            return  # of a lead with new keys nothing in the backup was sealed for them
        self.unsealed = False

    # -- what was discarded -------------------------------------------------------------------------------------------

    def _gone(self, tx: Transaction, present: Present) -> set[str]:
        """Fill `gone`; returns those of which the discard was finished."""
        finished: set[str] = set()
        for entry in present.later:
            if entry.action in ("discard-begin", "discarded"):
                outcome = str(entry.detail.get("outcome", ""))
                for reference in entry.references:
                    self.gone[reference] = outcome or self.gone.get(reference, "")
                    if entry.action == "discarded":
                        finished.add(reference)
        for tombstones in ((present.closed or {}).get(TOMBSTONES, {}), dict(tx.rows_closed(TOMBSTONES))):
            for reference in tombstones:
                finished.add(reference)
                if referral_row(tx, reference) is not None or tx.get_closed(TOMBSTONES, reference) is None:
                    self.gone.setdefault(reference, "")
        for tables in (present.active, present.closed):
            for reference, row in (tables or {}).get(REFERRALS, {}).items():
                if row.get("state") == State.DISCARDING.value:
                    self.gone.setdefault(reference, "")
        return finished

    def _discarded(self, tx: Draft, present: Present, staff: Directory, finished: set[str]) -> None:
        for table in (TOMBSTONES, LEDGER, DESTRUCTIONS, APPROVALS):
            for key, row in (present.closed or {}).get(table, {}).items():
                if _genuine(row, staff, table, key):
                    tx.put_closed(table, key, row)
                    tx.delete(table, key)
        for entry in present.later:
            if entry.action == QUARANTINE_DISCARDED:
                for item in entry.references:
                    tx.delete(QUARANTINE, item)
        jobs = {**(present.active or {}).get(REFERRALS, {}), **(present.closed or {}).get(REFERRALS, {})}
        for reference in self.gone:
            held = referral_row(tx, reference)
            tx.delete(REFERRALS, reference)
            tx.delete_closed(REFERRALS, reference)
            job = jobs.get(reference, {})
            if job.get("state") == State.DISCARDING.value and _genuine(job, staff, REFERRALS, reference):
                place_referral(tx, reference, job)
            elif held is not None and (
                reference not in finished or tx.get_closed(TOMBSTONES, reference) is None
            ):
                self._made_anew(tx, reference, held, reference in finished)
        self._mails(tx, present, staff, finished)

    def _made_anew(self, tx: Transaction, reference: str, row: Mapping[str, Any], finished: bool) -> None:
        """The job or tombstone of a discard that only the log tells of, signed by who restores."""
        kept = self._remains(reference, row)
        if finished:
            kept |= {
                "state": State.DISCARDED.value,
                "discarded_at": iso(self.clock()),
                "discarded_by": self.session.user.name,
            }
            tx.put_closed(TOMBSTONES, reference, self._signed(kept, TOMBSTONES, reference))
        else:
            kept |= {"state": State.DISCARDING.value, "version": row["version"] + 1, "cause": ""}
            place_referral(tx, reference, self._signed(kept, REFERRALS, reference))

    def _remains(self, reference: str, row: Mapping[str, Any]) -> Row:
        """What stays of a referral as the backup has it; of one that was being discarded already, what the job says."""
        if row["state"] == State.DISCARDING.value:
            return {k: v for k, v in row.items() if k not in ("signed", "state", "version", "cause")}
        facts = remains(from_row(row), self.gone[reference], "", None)
        return facts | {"mail": row["mail"], "list": None}

    def _signed(self, row: Row, table: str, key: str) -> Row:
        if not self.session.user.roles & WRITERS:
            raise TeamLeadNeeded
        return sign_row(row, self.session.signer, table, key)

    def _mails(self, tx: Draft, present: Present, staff: Directory, finished: set[str]) -> None:
        """The ledger rows of what was discarded: as they are now, or closed where only the log tells it."""
        now = (present.active or {}).get(LEDGER, {})
        for key, row in sorted(now.items()):
            if set(row.get("references", ())) & set(self.gone) and _genuine(row, staff, LEDGER, key):
                tx.put(LEDGER, key, row)
        for key, held in tx.rows(LEDGER):
            references = set(held["references"])
            if key in now or not references & finished & set(self.gone):
                continue
            pending = {r for r in references if r in self.gone and r not in finished}
            if pending:
                continue  # its mail is still to be looked for
            for item in held["quarantine"]:
                tx.delete(QUARANTINE, item)
            kept = {k: v for k, v in held.items() if k != "signed"} | {"deleted": True, "message_id": None}
            if any(referral_row(tx, r) is not None for r in references):
                tx.put(LEDGER, key, self._signed(kept, LEDGER, key))
                continue
            kept |= {"discarded": True, "moved": None}
            tx.delete(LEDGER, key)
            tx.put_closed(LEDGER, key, self._signed(kept, LEDGER, key))

    # -- registers ----------------------------------------------------------------------------------------------------

    def _registers(self, tx: Draft, present: Present, staff: Directory) -> None:
        """Registers go on from what stands there: a breach that was recorded after the backup is kept (P9).

        So are the mails that were prepared since, with what is needed to take them away again.
        """
        active = present.active or {}
        for table in (*REGISTERS, DRAFTS):
            for key, row in active.get(table, {}).items():
                if _genuine(row, staff, table, key):
                    tx.put(table, key, row)
        prepared = {reference for _key, row in tx.rows(DRAFTS) for reference in row["references"]}
        drop_drafts(tx, set(self.gone) | {r for r in prepared if referral_row(tx, r) is None})
        for key, row in active.get(LEDGER, {}).items():
            if row.get("outcome") == DRAFT_OUTCOME and _genuine(row, staff, LEDGER, key):
                tx.put(LEDGER, key, row)

    # -- numbers ------------------------------------------------------------------------------------------------------

    def _counters(self, tx: Transaction, present: Present) -> None:
        """A number is never given twice, not even one that was given after the backup."""
        last: dict[str, int] = {}

        def seen(series: str, number: object) -> None:
            if isinstance(number, int):
                last[series] = max(last.get(series, 0), number)

        for tables in (cast(Tables, {COUNTERS: dict(tx.rows(COUNTERS))}), present.active or {}):
            for series, row in tables.get(COUNTERS, {}).items():
                seen(series, row.get("last"))
        for entry in present.later:
            for reference in entry.references:
                if match := _SERIES.fullmatch(reference):
                    seen(match[1], int(match[2]))
        for series, number in last.items():
            tx.put(COUNTERS, series, {**(tx.get(COUNTERS, series) or {}), "last": number})


def _genuine(row: Mapping[str, Any], staff: Directory, table: str, key: str) -> bool:
    try:
        verify_row(row, staff, table, key, SIGNING_ROLES.get(table, WRITERS))
    except RowNotGenuine:
        return False
    return True


def find(location: Path, given: Path, trusted: str | None = None) -> Path:
    """The backup that was meant: a path, or a name in the folder of backups."""
    if given.name != str(given) or given.exists():
        return given
    plan, _identity = known_plan(location, trusted)
    return (plan.folder if plan is not None else folder_of(location, None)) / given


__all__ = ["Outcome", "TeamLeadNeeded", "find", "folder_of", "restore_backup"]
