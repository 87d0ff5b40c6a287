"""Signing in, and the desk that is open then."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from intake.desk.office import Office, utc_now
from intake.desk.refusals import KeysRenewed
from intake.errors import NotAllowed, NotLawful
from intake.staff import Right
from intake.workdays import local_date
from storage.directory import Session, User, sign_in
from storage.errors import StorageError
from storage.journal import Checkpoint, Event
from storage.patience import Patience
from storage.store import Store, open_store
from storage.witness import note, read_witness, trouble_with, witness_file, write_witness

if TYPE_CHECKING:
    from intake.desk.assigning import Assigning
    from intake.desk.backups import Backups
    from intake.desk.breaches import Breaches
    from intake.desk.cases import Cases
    from intake.desk.destruction import Destruction
    from intake.desk.discarding import Retention
    from intake.desk.disclosures import Disclosures
    from intake.desk.papers import Papers
    from intake.desk.passphrases import Passphrases
    from intake.desk.polling import Polling
    from intake.desk.proof import Proof
    from intake.desk.quality import Quality
    from intake.desk.quarantine import Quarantine
    from intake.desk.records import Log
    from intake.desk.reminders import Reminders
    from intake.desk.settings import OfficeDesk
    from intake.desk.staff import Staff
    from intake.desk.subjects import Subjects
    from intake.desk.superfluous import Superfluous
    from intake.desk.tasks import Tasks
    from intake.desk.work import Work

SIGN_INS_FILE = "sign-in.json"
"""In the workstation's memory: the wrong passphrases of late."""


class Desk:
    """Every use case, grouped. One desk serves one signed-in user, from one thread at a time.

    The groups are made when first asked for, so that a command that lists referrals loads neither the mail
    library nor a document reader.
    """

    def __init__(self, office: Office) -> None:
        self.office = office
        self.warning: StorageError | None = None
        office.store.guard(lambda now: self.backups.before_write(now))

    @property
    def user(self) -> User:
        """The signed-in user as the directory knows them now."""
        return self.office.user

    @cached_property
    def work(self) -> "Work":
        """Referrals: the worklist and every step."""
        from intake.desk.work import Work

        return Work(self.office)

    @cached_property
    def assigning(self) -> "Assigning":
        """The workers with their work, and proposals."""
        from intake.desk.assigning import Assigning

        return Assigning(self.office, self.work)

    @cached_property
    def cases(self) -> "Cases":
        """Case files."""
        from intake.desk.cases import Cases

        return Cases(self.office, self.work)

    @cached_property
    def polling(self) -> "Polling":
        """The mailbox."""
        from intake.desk.polling import Polling

        return Polling(self.office)

    @cached_property
    def quarantine(self) -> "Quarantine":
        """Messages that became no referral."""
        from intake.desk.quarantine import Quarantine

        return Quarantine(self.office, lambda: self.polling)

    @cached_property
    def retention(self) -> "Retention":
        """What is due, and discarding it."""
        from intake.desk.discarding import Retention

        return Retention(self.office, lambda: self.work, lambda: self.polling, lambda: self.backups)

    @cached_property
    def destruction(self) -> "Destruction":
        """Lists of case files that a second person approves."""
        from intake.desk.destruction import Destruction

        return Destruction(self.office)

    @cached_property
    def proof(self) -> "Proof":
        """Proving that what was discarded is gone."""
        from intake.desk.proof import Proof

        return Proof(self.office, lambda: self.polling, lambda: self.backups)

    @cached_property
    def backups(self) -> "Backups":
        """Backups, of which one is made each day."""
        from intake.desk.backups import Backups

        return Backups(self.office)

    @cached_property
    def staff(self) -> "Staff":
        """Accounts."""
        from intake.desk.staff import Staff

        return Staff(self.office)

    @cached_property
    def subjects(self) -> "Subjects":
        """What a client may ask: which data, a copy, erasure."""
        from intake.desk.subjects import Subjects

        return Subjects(self.office, self.work)

    @cached_property
    def superfluous(self) -> "Superfluous":
        """What a form held besides the agreed data."""
        from intake.desk.superfluous import Superfluous

        return Superfluous(self.office, self.work, lambda: self.polling)

    @cached_property
    def log(self) -> "Log":
        """The access log."""
        from intake.desk.records import Log

        return Log(self.office, self)

    @cached_property
    def papers(self) -> "Papers":
        """Statistics, evidence, register entry, letters."""
        from intake.desk.papers import Papers

        return Papers(self.office, self)

    @cached_property
    def settings(self) -> "OfficeDesk":
        """The office's settings."""
        from intake.desk.settings import OfficeDesk

        return OfficeDesk(self.office)

    @cached_property
    def passphrases(self) -> "Passphrases":
        """The archive passphrases."""
        from intake.desk.passphrases import Passphrases

        return Passphrases(self.office)

    @cached_property
    def quality(self) -> "Quality":
        """Notices of data quality, and asking the sender."""
        from intake.desk.quality import Quality

        return Quality(self.office, self.work, lambda: self.polling)

    @cached_property
    def breaches(self) -> "Breaches":
        """The breach register."""
        from intake.desk.breaches import Breaches

        return Breaches(self.office, lambda: self.polling)

    @cached_property
    def disclosures(self) -> "Disclosures":
        """What was given to partners."""
        from intake.desk.disclosures import Disclosures

        return Disclosures(self.office, self.work)

    @cached_property
    def tasks(self) -> "Tasks":
        """Tasks of the agreement."""
        from intake.desk.tasks import Tasks

        return Tasks(self.office)

    @cached_property
    def reminders(self) -> "Reminders":
        """What the signed-in user should look at."""
        from intake.desk.reminders import Reminders

        return Reminders(self.office)

    @property
    def witness(self) -> Path | None:
        """The file in which this workstation remembers the store; None when it remembers nothing."""
        memory = self.office.memory
        return None if memory is None else witness_file(memory, self.office.store.location)

    def compare(self) -> StorageError | None:
        """What is wrong with the store in the light of what this workstation saw; also kept as `warning`.

        An older copy of the whole folder, another store, a log that was cut or replaced. None when all is well, or
        nothing is remembered.
        """
        if self.office.memory is not None:
            found = _compared(self.office.store, self.office.memory)
            # What was found first tells the cause; after it the user's own work adds to the store.
            self.warning = found and (self.warning or found)
        return self.warning

    def remember(self, verified: Checkpoint | None = None) -> None:
        """Remember the store as it is now, unless it is not what was seen: that stays until someone accepts it.

        `verified` is how far the log was verified; without it what was known stays known.
        """
        if self.witness is None or self.compare() is not None:
            return
        with suppress(StorageError):
            seen = read_witness(self.witness)
            known = verified or (seen.verified if seen is not None else None)
            write_witness(self.witness, note(self.office.store, self.office.now(), known))

    def prove(self, passphrase: str, patience: Patience | None = None) -> None:
        """Have the signed-in user prove again who sits here, by the passphrase; logged as `unlock`.

        Raises the errors of `storage.directory.sign_in`, and KeysRenewed when the account was reset meanwhile.
        """
        office = self.office
        failed = patience.failures(office.name) if patience is not None else 0
        again = sign_in(office.store, office.name, passphrase, trusted=office.trusted, patience=patience)
        if again.signer.key_id != office.session.signer.key_id:
            raise KeysRenewed
        detail: dict[str, str | int] = {"failed-before": failed} if failed else {}
        office.store.journal.append(office.session.signer, [Event("unlock", detail=detail)])

    def tidy(self) -> None:
        """What a team lead's sign-in does in passing: take away the keys of substitutes whose time is over.

        What stands in the way stops nobody's work: it is tried again at the next sign-in, and `doctor` tells of it.
        """
        if self.office.may(Right.USERS_MANAGE):
            with suppress(StorageError, NotAllowed, NotLawful):
                self.staff.tidy()

    def close(self) -> None:
        """Let go of the store and of the keys in memory; what the store is like is remembered first."""
        with suppress(StorageError):
            self.remember()
            self.office.book.save(at_once=True)
        self.office.store.close()


def _compared(store: Store, memory: Path) -> StorageError | None:
    """See `Desk.compare`; it needs nobody signed in."""
    try:
        seen = read_witness(witness_file(memory, store.location))
        return trouble_with(store, seen) if seen is not None else None
    except StorageError as error:
        return error


def desk_for(
    store: Store,
    session: Session,
    clock: Callable[[], datetime] = utc_now,
    *,
    trusted: str | None = None,
    memory: Path | None = None,
) -> Desk:
    """The desk of someone already signed in; `trusted` and `memory` as for `open_desk`."""
    return Desk(Office(store, session, clock, trusted, memory))


def open_desk(
    location: Path,
    user: str,
    passphrase: str,
    *,
    clock: Callable[[], datetime] = utc_now,
    trusted: str | None = None,
    memory: Path | None = None,
    patience: Patience | None = None,
) -> Desk:
    """Sign in at the store in `location`; the sign-in is logged.

    `memory` is the folder in which this workstation remembers the store (`intake.memory`): an older or another one than
    it saw is told in `Desk.warning`, before the sign-in adds anything.

    `trusted` is the fingerprint of the list of users that this workstation remembers (`Workstation.fingerprint`):
    a list that begins with another founder is refused.

    A store of an older format is backed up and migrated first.

    `patience` counts wrong passphrases; without one they are counted in the `memory`. How many went before is in the
    log's entry of the sign-in: whoever fails cannot sign one.

    Raises the errors of `storage.directory.sign_in` and `storage.store.open_store`.
    """
    from intake.desk.staff import account_name

    account = account_name(user)
    if patience is None and memory is not None:
        patience = Patience(memory / SIGN_INS_FILE, clock)
    store = open_store(location, clock=clock, make_backup=lambda folder: _before_migration(folder, clock))
    try:
        failed = patience.failures(account) if patience is not None else 0
        session = sign_in(store, account, passphrase, trusted=trusted, patience=patience)
        desk = desk_for(store, session, clock, trusted=trusted, memory=memory)
        warning = desk.compare()
        detail: dict[str, str | int] = {"failed-before": failed} if failed else {}
        detail |= {"warning": type(warning).__name__} if warning is not None else {}
        store.journal.append(session.signer, [Event("sign-in", detail=detail)])
        desk.remember()
    except BaseException:
        store.close()
        raise
    return desk


def first_desk(
    location: Path,
    user: str,
    code: str,
    passphrase: str,
    *,
    clock: Callable[[], datetime] = utc_now,
    trusted: str | None = None,
    memory: Path | None = None,
) -> Desk:
    """Activate an account by its one-time code, and its desk; store, `trusted` and `memory` as for `open_desk`.

    Raises the errors of `intake.desk.staff.first_sign_in` and `storage.store.open_store`.
    """
    from intake.desk.staff import account_name, first_sign_in

    store = open_store(location, clock=clock, make_backup=lambda folder: _before_migration(folder, clock))
    try:
        # Before the activation adds anything: one commit more could hide that one was taken away.
        warning = _compared(store, memory) if memory is not None else None
        session = first_sign_in(
            store, account_name(user), code, passphrase, local_date(clock()), trusted=trusted
        )
        desk = desk_for(store, session, clock, trusted=trusted, memory=memory)
        if warning is None:
            desk.remember()
        else:
            desk.warning = warning
    except BaseException:
        store.close()
        raise
    return desk


def _before_migration(location: Path, clock: Callable[[], datetime]) -> None:
    """Back up a store of an older format, whose settings cannot be read yet: into the folder inside it."""
    from intake.desk.backups import folder_of
    from storage.backup import Purpose, create

    create(location, folder_of(location, None), clock(), Purpose.BEFORE_MIGRATION)
