"""Staff: who works here, accounts from invitation to end, absences, and professional secrecy."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from intake.desk.backups import guard
from intake.desk.office import Office
from intake.desk.resealing import move_to_new_keys, seal_again, sign_for_retired
from intake.desk.standing import WORKERS, can_work
from intake.errors import WrongUse
from intake.plaintext import clean_line
from intake.referral import State
from intake.rows import REFERRALS
from intake.staff import Right, Role
from intake.steps import assign, unassign
from intake.texts import _
from storage.directory import (
    ACTIVE,
    Directory,
    Session,
    User,
    activate,
    add_user,
    certify,
    change_passphrase,
    confirm_secrecy,
)
from storage.journal import Event
from storage.keys import RECOVERY, STANDARD_COST, Argon2Cost, KeyRing, read_recovery_key
from storage.renewal import disable_user, recover_user, reset_user
from storage.store import Store, Transaction


def account_name(text: str) -> str:
    """The account name of a person's name as it was typed: "Els Peeters" is els.peeters."""
    plain = unicodedata.normalize("NFKD", text.strip()).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9.-]+", ".", plain).strip(".-")[:32]


@dataclass(frozen=True, slots=True)
class Disabled:
    """An account that ended: its open referrals by their new worker, None for nobody yet.

    `knew_secrets` tells that its bearer could read the mailbox's password and the archives' passphrases, which are
    then to be changed at their source.
    """

    name: str
    handed_over: tuple[str, ...]
    to: str | None
    knew_secrets: bool


class Staff:
    """Use cases on accounts."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def users(self) -> tuple[User, ...]:
        """All accounts, former ones too."""
        self._office.require(Right.USERS_LIST)
        return self._office.directory.users

    def workers(self) -> tuple[User, ...]:
        """Those a referral can be assigned to, by display name."""
        self._office.require(Right.USERS_LIST)
        found = [user for user in self._office.directory.users if can_work(user)]
        return tuple(sorted(found, key=lambda u: u.display_name.casefold()))

    def open_referrals(self) -> Mapping[str, int]:
        """How many open referrals each account has, where it has any: what is to be handed over when it ends."""
        office = self._office
        office.require(Right.USERS_MANAGE)
        counts: dict[str, int] = {}
        for key, row in office.store.snapshot().rows(REFERRALS):
            if row["state"] == State.DISCARDING.value or row["assigned_to"] is None:
                continue
            if office.facts(row, key).is_open:
                worker = row["assigned_to"]
                counts[worker] = counts.get(worker, 0) + 1
        return counts

    def display_name(self, name: str | None) -> str:
        """How a user is shown; an empty string for nobody."""
        self._office.require(Right.USERS_LIST)
        return self._office.directory.user(name).display_name if name else ""

    # -- accounts -------------------------------------------------------------------------------------------------

    def add(
        self, name: str, roles: Sequence[Role], *, display_name: str = "", cost: Argon2Cost = STANDARD_COST
    ) -> str:
        """Invite a user; returns the one-time code. What the new role may read is sealed for it at once.

        `name` is an account name or a person's name, from which the account name is made.
        """
        office = self._office
        office.require(Right.USERS_MANAGE)
        if not roles:
            raise WrongUse(problem=_("Give at least one role."))
        with office.store.transaction(office.session.signer) as tx:
            account = account_name(name)
            shown = clean_line(display_name or name).strip()
            code = add_user(tx, office.session, account, shown, [role.value for role in roles], cost=cost)
            seal_again(office, tx, Directory.load(tx))
            detail: dict[str, str | int] = {"roles": "+".join(sorted(roles))}
            tx.record(Event("user-invited", references=(account,), detail=detail))
        return code

    def reset(self, name: str, *, cost: Argon2Cost = STANDARD_COST) -> str:
        """Give a colleague who forgot the passphrase new keys behind a new one-time code, which is returned.

        What that user could read is sealed for the new keys at once; the old ones open nothing any more.
        """
        office = self._office
        office.require(Right.USERS_MANAGE)
        account = account_name(name)
        if account == office.name:
            raise WrongUse(
                problem=_("You are signed in: change your own passphrase with 'ocmw-intake passphrase'.")
            )
        with office.store.transaction(office.session.signer) as tx:
            before = Directory.load(tx)
            code = reset_user(tx, office.session, account, cost=cost)
            sign_for_retired(tx, before, office.session.signer)
            seal_again(office, tx, Directory.load(tx), renewed=frozenset({account}))
            tx.record(Event("user-reset", references=(account,)))
        return code

    def disable(self, name: str, to: str | None = None) -> Disabled:
        """End an account: everything it could read gets new keys, its open referrals go to `to` or to nobody.

        Raises UnknownUser, AccountDisabled, LastTeamLead, WrongUse when `to` cannot work referrals.
        """
        office = self._office
        office.require(Right.USERS_MANAGE)
        account, heir = account_name(name), account_name(to) if to else None
        with office.store.transaction(office.session.signer) as tx:
            user = Directory.load(tx).user(account)
            if heir is not None and (heir == account or not can_work(Directory.load(tx).user(heir))):
                raise WrongUse(
                    problem=_("Referrals can only be assigned to an active social worker or team lead.")
                )
            before = Directory.load(tx)
            disable_user(tx, office.session, account)
            sign_for_retired(tx, before, office.session.signer)
            directory = Directory.load(tx)
            handed = self._hand_over(tx, directory, account, heir)
            seal_again(office, tx, directory)
            detail: dict[str, str | int] = {"referrals": len(handed), "to": heir or ""}
            tx.record(Event("user-disabled", references=(account,), detail=detail))
        knew = bool(user.roles & (WORKERS | {Role.SERVICE, Role.ADMIN}))
        return Disabled(account, tuple(handed), heir, knew)

    def _hand_over(self, tx: Transaction, directory: Directory, name: str, to: str | None) -> list[str]:
        office = self._office
        handed: list[str] = []
        for key, row in tx.rows(REFERRALS):
            if row["state"] == State.DISCARDING.value or row["assigned_to"] != name:
                continue
            before = office.facts(row, key)
            if not before.is_open:
                continue
            now = office.now()
            after = assign(before, to, office.name, now) if to else unassign(before, office.name, now)
            payload = office.payload(row, key)
            office.put_referral(tx, after, office.seal_payload(payload, after, directory))
            step = after.timeline[-1].step
            tx.record(
                Event(step, references=(key,), detail={"to": to} if to else {}, reason="=user-disabled")
            )
            handed.append(key)
        return handed

    # -- absences -------------------------------------------------------------------------------------------------

    def absent(self, name: str, until: date, substitute: str) -> User:
        """Let `substitute` read and work the open referrals of an absent colleague, up to and including `until`.

        They are sealed for the substitute at once. Deadlines go on. From the day after the program shows them no more,
        and the keys are taken away at the next sign-in of a team lead (`tidy`). Raises WrongUse.
        """
        office = self._office
        office.require(Right.USERS_MANAGE)
        if until < office.today():
            raise WrongUse(problem=_("Give a last day of absence that is today or later."))
        account, other = account_name(name), account_name(substitute)
        with office.store.transaction(office.session.signer) as tx:
            directory = Directory.load(tx)
            user, standing_in = directory.user(account), directory.user(other)
            if account == other or not can_work(standing_in):
                raise WrongUse(problem=_("The substitute is another active social worker or team lead."))
            if not can_work(user):
                raise WrongUse(problem=_("Only an active social worker or team lead has a substitute."))
            changed = replace(user, absent_until=until.isoformat(), substitute=other)
            certify(tx, office.session, changed)
            seal_again(office, tx, Directory.load(tx))
            detail: dict[str, str | int] = {"until": until.isoformat(), "substitute": other}
            tx.record(Event("absence", references=(account,), detail=detail))
        return changed

    def back(self, name: str) -> User:
        """End an absence before its date; the substitute's keys are taken away at once."""
        office = self._office
        office.require(Right.USERS_MANAGE)
        account = account_name(name)
        if office.directory.user(account).substitute is None:
            raise WrongUse(problem=_("%(user)s has no substitute.") % {"user": account})
        self._end_absences(lambda user: user.name == account)
        return office.directory.user(account)

    def tidy(self) -> tuple[str, ...]:
        """Take away the keys of substitutes whose time is over; the names of those who were absent.

        Done at every sign-in of a team lead, who alone can open what is to be sealed anew. For others it does nothing.
        """
        office = self._office
        if not office.may(Right.USERS_MANAGE):
            return ()
        today = office.today().isoformat()
        return self._end_absences(lambda user: user.absent_until is not None and user.absent_until < today)

    def _end_absences(self, which: Callable[[User], bool]) -> tuple[str, ...]:
        office = self._office

        def over(directory: Directory) -> list[User]:
            return [u for u in directory.users if u.status == ACTIVE and u.substitute and which(u)]

        if not over(office.directory):
            return ()
        with office.store.transaction(office.session.signer) as tx:
            ended = over(Directory.load(tx))
            for user in ended:
                certify(tx, office.session, replace(user, substitute=None, absent_until=None))
                tx.record(Event("absence-ended", references=(user.name,)))
            seal_again(office, tx, Directory.load(tx))
        return tuple(user.name for user in ended)

    # -- one's own account ----------------------------------------------------------------------------------------

    def change_passphrase(self, new: str, *, cost: Argon2Cost = STANDARD_COST) -> None:
        """Guard one's own keys with another passphrase."""
        change_passphrase(self._office.store, self._office.session, new, cost=cost)

    def secrecy_due(self) -> bool:
        """Whether the signed-in user must confirm professional secrecy (again) before reading anything (A2)."""
        return self._office.secrecy_due

    def confirm_secrecy(self) -> date:
        """Confirm, as oneself and from today for a year, to be bound by professional secrecy (A2)."""
        office = self._office
        today = office.today()
        with office.store.transaction(office.session.signer) as tx:
            confirm_secrecy(tx, office.session, today)
            tx.record(Event("secrecy-confirmed", references=(office.name,)))
        return today


def first_sign_in(
    store: Store,
    name: str,
    code: str,
    passphrase: str,
    on: date,
    *,
    cost: Argon2Cost = STANDARD_COST,
    trusted: str | None = None,
) -> Session:
    """Activate an invited account with its one-time code; the user confirms professional secrecy on that day (A2).

    What was sealed to the code is sealed to the user's own new keys in the same transaction.
    """

    def reseal(tx: Transaction, old: KeyRing, session: Session) -> None:
        move_to_new_keys(tx, old, session.signer, old.user)

    guard(store, trusted)
    return activate(store, name, code, passphrase, on, cost=cost, reseal=reseal, trusted=trusted)


def recover(
    store: Store,
    name: str,
    recovery_key: str,
    *,
    cost: Argon2Cost = STANDARD_COST,
    trusted: str | None = None,
) -> str:
    """Give a team lead who forgot the passphrase new keys with the printed recovery key; returns the one-time code.

    Nobody needs to be signed in. What the team lead could read is opened with the recovery key and sealed for the
    new keys. Raises RecoveryKeyUnreadable, WrongRecoveryKey, NotRecoverable, UnknownUser.
    """
    guard(store, trusted)
    ring = read_recovery_key(recovery_key)
    signer = ring.signer(RECOVERY)
    account = account_name(name)
    with store.transaction(signer) as tx:
        before = Directory.load(tx, trusted=trusted)
        code = recover_user(tx, ring, account, trusted=trusted, cost=cost)
        sign_for_retired(tx, before, signer)
        move_to_new_keys(tx, ring, signer, account)
        tx.record(Event("user-recovered", references=(account,)))
    return code
