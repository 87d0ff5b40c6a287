"""Staff: who works here, inviting a user, and first sign-in with the one-time code."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

from intake.config import OfficeSettings
from intake.desk.office import SECRET_READERS, SIGNING_ROLES, Office
from intake.errors import WrongUse
from intake.plaintext import clean_line
from intake.referral import State
from intake.rows import QUARANTINE, REFERRALS, SECRETS
from intake.staff import WRITERS, Right, Role
from intake.texts import _
from storage.directory import Directory, Session, User, activate, add_user, change_passphrase
from storage.journal import Event
from storage.keys import STANDARD_COST, Argon2Cost, KeyRing
from storage.sealing import Context, open_sealed, receivers_of, seal, sign_row, verify_row
from storage.store import Store, Transaction


def account_name(text: str) -> str:
    """The account name of a person's name as it was typed: "Els Peeters" is els.peeters."""
    plain = unicodedata.normalize("NFKD", text.strip()).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9.-]+", ".", plain).strip(".-")[:32]


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
        found = [u for u in self._office.directory.users if u.status == "active"]
        found = [u for u in found if u.roles & {Role.SOCIAL_WORKER, Role.TEAM_LEAD}]
        return tuple(sorted(found, key=lambda u: u.display_name.casefold()))

    def display_name(self, name: str | None) -> str:
        """How a user is shown; an empty string for nobody."""
        return self._office.directory.user(name).display_name if name else ""

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
            directory = Directory.load(tx)
            self.seal_again(tx, directory)
            detail: dict[str, str | int] = {"roles": "+".join(sorted(roles))}
            tx.record(Event("user-invited", references=(account,), detail=detail))
        return code

    def seal_again(
        self, tx: Transaction, directory: Directory, settings: OfficeSettings | None = None
    ) -> None:
        """Seal for the staff and settings as they are now whatever the signed-in team lead can open."""
        office = self._office
        for name in SECRET_READERS:
            if tx.get(SECRETS, name) is not None:
                office.put_secret(tx, name, office.secret(name), directory)
        for key, row in tx.rows(REFERRALS):
            if row["state"] == State.DISCARDING.value:
                continue
            referral = office.facts(row, key)
            if frozenset(office.receivers_for(referral, directory, settings)) != receivers_of(row["sealed"]):
                payload = office.payload(row, key)
                sealed = office.seal_payload(payload, referral, directory, settings)
                office.put_referral(tx, referral, sealed)
        wanted = office.quarantine_receivers(directory)
        for key, row in tx.rows(QUARANTINE):
            office.verify(row, QUARANTINE, key, directory)
            if frozenset(wanted) != receivers_of(row["sealed"]):
                context = Context("quarantine", key)
                data = open_sealed(row["sealed"], office.name, office.session.ring.reading, context)
                unsigned = {k: v for k, v in row.items() if k != "signed"}
                tx.put(
                    QUARANTINE,
                    key,
                    sign_row(
                        unsigned | {"sealed": seal(data, wanted, context)},
                        office.session.signer,
                        QUARANTINE,
                        key,
                    ),
                )

    def change_passphrase(self, new: str, *, cost: Argon2Cost = STANDARD_COST) -> None:
        """Guard one's own keys with another passphrase."""
        change_passphrase(self._office.store, self._office.session, new, cost=cost)


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
    return activate(store, name, code, passphrase, on, cost=cost, reseal=_move_to_new_keys, trusted=trusted)


def _move_to_new_keys(tx: Transaction, old: KeyRing, session: Session) -> None:
    directory = Directory.load(tx)
    for table, purpose in ((SECRETS, "secret"), (REFERRALS, "referral"), (QUARANTINE, "quarantine")):
        for key, row in tx.rows(table):
            readers = receivers_of(row["sealed"]) if "sealed" in row else frozenset()
            if old.user not in readers:
                continue
            # What is signed anew must be genuine first: otherwise an altered row would become so here.
            verify_row(row, directory, table, key, SIGNING_ROLES.get(table, WRITERS))
            context = Context(purpose, key)
            data = open_sealed(row["sealed"], old.user, old.reading, context)
            unsigned = {k: v for k, v in row.items() if k != "signed"}
            unsigned["sealed"] = seal(data, directory.receivers(readers), context)
            tx.put(table, key, sign_row(unsigned, session.signer, table, key))
