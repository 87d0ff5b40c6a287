"""What every use case stands on: the store, who is signed in, the staff, the settings and the clock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson

from intake.config import OfficeSettings, checked
from intake.desk.placing import place_referral
from intake.desk.refusals import (
    Discarded,
    KeysRenewed,
    NotAssignedToYou,
    SecrecyNotConfirmed,
    SettingsMissing,
)
from intake.desk.standing import READS_NOTHING, secrecy_due, stands_in
from intake.errors import NotAllowed, NotFound, NotLawful
from intake.formats import show_date
from intake.referral import Referral, State
from intake.register_rows import REGISTER_SIGNERS
from intake.rows import (
    APPROVALS,
    REFERRALS,
    SECRETS,
    SETTINGS,
    TOMBSTONES,
    Payload,
    Row,
    from_row,
    moment_of,
    to_row,
)
from intake.staff import ROLE_WORDS, WRITERS, Right, Role, holders, may
from intake.texts import _
from intake.workdays import Calendar, local_date
from storage.directory import ACTIVE, DISABLED, RECOVERY, Directory, Session, User
from storage.errors import StorageError, StoreMissing, StoreNotReadable
from storage.keybook import KeyBook, book_file, digest_of
from storage.sealing import (
    Context,
    check_signer,
    open_sealed,
    open_with,
    receivers_of,
    record_key_of,
    seal,
    sign_row,
    verify_row,
)
from storage.store import Snapshot, Store, Transaction

OFFICE_KEY = "office"
MAILBOX_SECRET = "mailbox"  # noqa: S105 - the name of a secret
PASSPHRASES_SECRET = "passphrases"  # noqa: S105 - the name of a secret
PASSPHRASES_USED = "passphrases-used"
LEDGER_SECRET = "ledger"  # noqa: S105 - the name of a secret

SECRET_READERS: Mapping[str, frozenset[Role]] = {
    MAILBOX_SECRET: holders(Right.MAILBOX),
    PASSPHRASES_SECRET: holders(Right.POLL),
    PASSPHRASES_USED: holders(Right.POLL),
    LEDGER_SECRET: holders(Right.POLL) | holders(Right.RETENTION_RUN),
}
"""Who needs which secret of the office for the work."""


def utc_now() -> datetime:
    """The moment now, in UTC."""
    return datetime.now(UTC)


def not_disabled(directory: Directory, role: str) -> tuple[User, ...]:
    """The active and invited users with a role."""
    return tuple(u for u in directory.users if u.status != DISABLED and role in u.roles)


SIGNING_ROLES: Mapping[str, frozenset[str]] = {
    SETTINGS: frozenset({Role.TEAM_LEAD, Role.ADMIN}),
    SECRETS: WRITERS | {Role.ADMIN},
    APPROVALS: frozenset({Role.TEAM_LEAD}),
    **REGISTER_SIGNERS,
}
"""Whose signature makes a row of these tables genuine; of all others, `WRITERS`."""


@dataclass
class Office:
    """One signed-in user at one store. Not shared between users; safe to use from one thread at a time."""

    store: Store
    session: Session
    clock: Callable[[], datetime] = utc_now
    trusted: str | None = None
    memory: Path | None = None
    _directory: Directory | None = field(default=None, repr=False)
    _settings: OfficeSettings | None = field(default=None, repr=False)
    _generation: int = -1
    trouble: StorageError | None = field(default=None, repr=False)
    _last: Snapshot | None = field(default=None, repr=False)
    _last_closed: Snapshot | None = field(default=None, repr=False)

    # -- who and when -------------------------------------------------------------------------------------------

    @property
    def user(self) -> User:
        """The signed-in user as the directory knows them now."""
        return self.directory.user(self.session.user.name)

    @property
    def name(self) -> str:
        """The signed-in user's account name."""
        return self.session.user.name

    def now(self) -> datetime:
        """The moment now, in UTC, without fractions: as it is stored."""
        return self.clock().astimezone(UTC).replace(microsecond=0)

    def today(self) -> date:
        """The Belgian calendar day now."""
        return local_date(self.now())

    def may(self, right: Right) -> bool:
        """Whether the signed-in user holds a right."""
        return may(self.user.roles, right)

    def require(self, right: Right) -> None:
        """Raise `NotAllowed` unless the signed-in user holds the right."""
        user = self.user
        if user.status == ACTIVE and user.key_id != self.session.signer.key_id:
            raise KeysRenewed
        if user.status != ACTIVE or not may(user.roles, right):
            who = ", ".join(sorted(_(ROLE_WORDS[role]) for role in holders(right)))
            raise NotAllowed(problem=_("Your account may not do this. It is for: %(who)s.") % {"who": who})
        if right not in READS_NOTHING and secrecy_due(user, self.today()):
            raise SecrecyNotConfirmed

    @property
    def secrecy_due(self) -> bool:
        """Whether the signed-in user must confirm professional secrecy before anything is shown (A2)."""
        return secrecy_due(self.user, self.today())

    # -- what is shared -----------------------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """The present state; when the folder cannot be reached, the last one seen, and `trouble` says so.

        Whoever begins a look of several parts sets `trouble` to None first.

        For looking only: what is changed goes through a transaction, which refuses then.
        """
        try:
            self._last = self.store.snapshot()
        except (StoreMissing, StoreNotReadable) as error:
            if self._last is None:
                raise
            self.trouble = error
        return self._last

    def closed(self) -> Snapshot:
        """The file of closed matters, as `snapshot`."""
        try:
            self._last_closed = self.store.closed()
        except (StoreMissing, StoreNotReadable) as error:
            if self._last_closed is None:
                raise
            self.trouble = error
        return self._last_closed

    def referrals(self, *, closed: bool) -> list[tuple[str, Mapping[str, Any]]]:
        """The rows of the referrals, with `closed` those in the file of closed matters too; by reference."""
        active = self.snapshot().rows(REFERRALS)
        if not closed:
            return active
        # A row that moves between the two looks is seen in the first: the active one counts.
        return sorted({**dict(self.closed().rows(REFERRALS)), **dict(active)}.items())

    def _refresh(self) -> None:
        snapshot = self.snapshot()
        if snapshot.generation == self._generation:
            return
        directory = Directory.load(snapshot, trusted=self.trusted)
        row = snapshot.get(SETTINGS, OFFICE_KEY)
        if row is None:
            raise SettingsMissing
        verify_row(row, directory, SETTINGS, OFFICE_KEY, SIGNING_ROLES[SETTINGS])
        self._directory = directory
        self._settings = checked(OfficeSettings, row["values"], _("office settings"))
        self._generation = snapshot.generation

    @property
    def directory(self) -> Directory:
        """Who the users are, verified, as of the newest generation."""
        self._refresh()
        assert self._directory is not None
        return self._directory

    @property
    def settings(self) -> OfficeSettings:
        """The office's settings, verified, as of the newest generation."""
        self._refresh()
        assert self._settings is not None
        return self._settings

    @property
    def calendar(self) -> Calendar:
        """The days on which this office works."""
        return Calendar.closed_on(self.settings.closing_days)

    # -- secrets ------------------------------------------------------------------------------------------------

    def secret(self, name: str, source: Snapshot | Transaction | None = None) -> Any:
        """A sealed secret of the office, as in `source` or in the newest state; NotAReceiver when not for us."""
        row = (source or self.store.snapshot()).get(SECRETS, name)
        if row is None:
            raise NotFound(what=name)
        verify_row(row, self.directory, SECRETS, name, SIGNING_ROLES[SECRETS])
        data = open_sealed(row["sealed"], self.name, self.session.ring.reading, Context("secret", name))
        return orjson.loads(data)

    def put_secret(self, tx: Transaction, name: str, value: Any, directory: Directory | None = None) -> None:
        """Seal a secret of the office for those whose roles need it (`SECRET_READERS`), and put it in the store."""
        wanted = self.secret_receivers(name, directory or self.directory)
        sealed = seal(orjson.dumps(value), wanted, Context("secret", name))
        tx.put(SECRETS, name, sign_row({"sealed": sealed}, self.session.signer, SECRETS, name))

    def secret_receivers(self, name: str, staff: Directory) -> Mapping[str, bytes]:
        """Who may read a secret of the office: those whose roles need it, and the recovery key."""
        names = {u.name for role in SECRET_READERS[name] for u in not_disabled(staff, role)}
        return staff.receivers(names | {RECOVERY})

    # -- referrals ----------------------------------------------------------------------------------------------

    def receivers_for(
        self, referral: Referral, staff: Directory | None = None, settings: OfficeSettings | None = None
    ) -> Mapping[str, bytes]:
        """Who may read this referral now: leads, worker, recovery; with `team` every social worker.

        While it is open also who stands in for an absent worker. Invited users count: what is sealed to their one-time code they seal anew when they activate.
        """
        directory = staff or self.directory
        names = {u.name for u in not_disabled(directory, Role.TEAM_LEAD)} | {RECOVERY}
        if referral.assigned_to:
            worker = directory.user(referral.assigned_to)
            names.add(worker.name)
            if referral.is_open and (substitute := stands_in(worker, self.today())):
                names.add(substitute)
            # Of a worker whose account ended the closed referrals keep the name, and not the key.
            names = {n for n in names if n == RECOVERY or directory.user(n).status != DISABLED}
        if (settings or self.settings).visibility == "team":
            names |= {u.name for u in not_disabled(directory, Role.SOCIAL_WORKER)}
        return directory.receivers(names)

    def quarantine_receivers(self, staff: Directory | None = None) -> Mapping[str, bytes]:
        """Who may read what is in quarantine: team leads and the recovery key."""
        directory = staff or self.directory
        return directory.receivers({u.name for u in not_disabled(directory, Role.TEAM_LEAD)} | {RECOVERY})

    def row_of(self, source: Snapshot | Transaction, reference: str) -> Mapping[str, Any]:
        """The row of a referral, in whichever file it lies; NotFound when there is none, Discarded when there was."""
        row = source.get(REFERRALS, reference)
        if row is not None:
            return row
        past = source.get_closed if isinstance(source, Transaction) else self.closed().get
        row = past(REFERRALS, reference)
        if row is not None:
            return row
        tombstone = past(TOMBSTONES, reference)
        if tombstone is None:
            raise NotFound(what=reference)
        self.verify(tombstone, TOMBSTONES, reference)
        day = show_date(local_date(moment_of(tombstone["discarded_at"])))
        raise Discarded(reference=reference, day=day)

    def verify(self, row: Mapping[str, Any], table: str, key: str, staff: Directory | None = None) -> None:
        """Raise RowNotGenuine when the row was not written as it stands by someone who may."""
        verify_row(row, staff or self.directory, table, key, SIGNING_ROLES.get(table, WRITERS))

    def can_read(self, row: Mapping[str, Any]) -> bool:
        """Whether the signed-in user is one of those the row is sealed for, and is not a substitute after the last day.

        The latter keeps the key until a team lead next signs in; until then the program uses it no more.
        """
        if "sealed" not in row or self.name not in receivers_of(row["sealed"]):
            return False
        staff = self._directory or self.directory
        worker = row["assigned_to"]
        if worker is None or worker == self.name or staff.user(worker).substitute != self.name:
            return True
        roles = staff.user(self.name).roles
        if Role.TEAM_LEAD in roles or (self.settings.visibility == "team" and Role.SOCIAL_WORKER in roles):
            return True
        return stands_in(staff.user(worker), self.today()) == self.name

    @cached_property
    def book(self) -> KeyBook:
        """What the signed-in user's workstation verified and opened before."""
        store = self.store
        file = None if self.memory is None else book_file(self.memory, store.location, self.name)
        return KeyBook(self.session.ring, store.identity, file)

    def verified(self, row: Mapping[str, Any], table: str, key: str, staff: Directory) -> bytes:
        """As `verify`, without doing again what was done for this very row; returns the row's digest for `book`.

        Whose signature it is, and the role, are looked at each time: the list of users changes.
        """
        digest = digest_of(table, key, row)
        if digest in self.book:
            check_signer(row, staff, table, key, WRITERS)
            self.book.key(digest)
        else:
            self.verify(row, table, key, staff)
            self.book.note(digest)
        return digest

    def readable(self, source: Snapshot | Transaction, reference: str) -> tuple[Mapping[str, Any], Referral]:
        """The row and facts of a referral that the signed-in user can read. Raises as `row_of`, `facts`, NotAssignedToYou."""
        row = self.row_of(source, reference)
        referral = self.facts(row, reference)
        self.require_readable(row, reference)
        return row, referral

    def require_readable(self, row: Mapping[str, Any], reference: str) -> None:
        """Raise NotAssignedToYou unless `can_read`."""
        if not self.can_read(row):
            raise NotAssignedToYou(reference=reference)

    def payload_of(self, row: Mapping[str, Any], reference: str, digest: bytes) -> Payload:
        """As `payload`, of a row that was `verified`; its record key is opened once."""
        self.require_readable(row, reference)
        return self.opened(row, reference, digest)

    def opened(self, row: Mapping[str, Any], reference: str, digest: bytes) -> Payload:
        """As `payload_of`, where the caller asked `can_read` already: a worklist asks it of thousands of rows."""
        context = Context("referral", reference)
        record_key = self.book.key(digest)
        if record_key is None:
            record_key = record_key_of(row["sealed"], self.name, self.session.ring.reading, context)
            self.book.note(digest, record_key)
        return Payload.from_bytes(open_with(row["sealed"], record_key, context))

    def payload(self, row: Mapping[str, Any], reference: str) -> Payload:
        """The opened payload of a referral. The caller has logged the reading before."""
        self.require_readable(row, reference)
        data = open_sealed(
            row["sealed"], self.name, self.session.ring.reading, Context("referral", reference)
        )
        return Payload.from_bytes(data)

    def seal_payload(
        self,
        payload: Payload,
        referral: Referral,
        staff: Directory | None = None,
        settings: OfficeSettings | None = None,
    ) -> Row:
        """Seal a payload under a new key for those who may read the referral now."""
        context = Context("referral", referral.reference)
        return seal(payload.to_bytes(), self.receivers_for(referral, staff, settings), context)

    def put_referral(self, tx: Transaction, referral: Referral, sealed: Mapping[str, Any]) -> None:
        """Sign and put a referral's row."""
        row = sign_row(to_row(referral, sealed), self.session.signer, REFERRALS, referral.reference)
        place_referral(tx, referral.reference, row)

    def facts(self, row: Mapping[str, Any], reference: str, staff: Directory | None = None) -> Referral:
        """The verified workflow facts of a row. NotLawful when it is being discarded: then there are none."""
        self.verify(row, REFERRALS, reference, staff)
        if row["state"] == State.DISCARDING.value:
            raise NotLawful(
                problem=_("The referral has been discarded; nothing can be done with it any more."),
                article="P3",
            )
        return from_row(row)
