"""Who the users are, and the acts that change it: founding, inviting, activating, signing in.

Resetting, recovering and disabling are in `renewal.py`. Roles are plain words here; what a role may do is decided
above, save that only AUTHORITY changes this list. The chain of statements that vouches for each user is in
`users.py`. Tables: `directory` (statements, in order) and `keyrings` (private keys by user, wrapped).
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from storage.errors import (
    AccountNotActive,
    AlreadyActive,
    DirectoryForeign,
    DirectoryNotGenuine,
    LastTeamLead,
    NotAuthorised,
    StoreExists,
    UnknownUser,
    UserExists,
    WrongActivationCode,
    WrongDisplayName,
    WrongPassphrase,
    WrongUserName,
)
from storage.journal import Event
from storage.keys import (
    RECOVERY,
    STANDARD_COST,
    Argon2Cost,
    KeyRing,
    PublicKeys,
    Signer,
    new_activation_code,
    new_key_ring,
    new_recovery_key,
    read_activation_code,
    read_recovery_key,
    unwrap,
    wrap,
)
from storage.passphrases import check_passphrase
from storage.patience import Patience
from storage.store import Snapshot, Store, Transaction
from storage.users import ACTIVE, AUTHORITY, DISABLED, INVITED, NAME, Chain, Kind, KnownKey, User, fits

__all__ = [
    "ACTIVE",
    "AUTHORITY",
    "DISABLED",
    "INVITED",
    "RECOVERY",
    "Directory",
    "KnownKey",
    "Session",
    "User",
    "activate",
    "add_user",
    "certify",
    "change_passphrase",
    "check_names",
    "check_passphrase",
    "confirm_secrecy",
    "found_office",
    "sign_in",
    "state",
]

STATEMENTS = "directory"
KEYRINGS = "keyrings"

Reseal = Callable[[Transaction, KeyRing, "Session"], None]
"""What is sealed to the old ring's user is sealed anew for the session's keys, in the same transaction."""


class Directory:
    """The users at one moment, every statement about them verified."""

    def __init__(self, chain: Chain) -> None:
        self._chain = chain

    @classmethod
    def load(cls, snapshot: Snapshot, *, trusted: str | None = None) -> "Directory":
        """Read and verify. `trusted` is the `fingerprint` that the workstation remembers.

        Raises DirectoryNotGenuine when there is no directory, when it does not follow from its founder, or when
        the founder is another than the remembered one.
        """
        chain = Chain()
        for key, row in snapshot.rows(STATEMENTS):
            chain.accept(key, row)
        if not chain.length:
            raise DirectoryNotGenuine(where="000001")
        if trusted is not None and trusted != chain.fingerprint:
            raise DirectoryForeign(where="fingerprint")
        return cls(chain)

    @property
    def fingerprint(self) -> str:
        """What a workstation remembers: 40 hexadecimal digits of the founder's statement."""
        return self._chain.fingerprint

    @property
    def recovery(self) -> PublicKeys:
        """The public halves of the office's recovery key."""
        return self._chain.recovery

    @property
    def users(self) -> tuple[User, ...]:
        """All users, those of the past too, by name."""
        return tuple(self._chain.users[name] for name in sorted(self._chain.users))

    def user(self, name: str) -> User:
        """The user of that name; raises UnknownUser."""
        try:
            return self._chain.users[name]
        except KeyError:
            raise UnknownUser(name=name[:32]) from None

    def with_role(self, role: str) -> tuple[User, ...]:
        """The active users who have `role`, by name."""
        return tuple(user for user in self.users if user.status == ACTIVE and role in user.roles)

    def known_key(self, key_id: str) -> KnownKey | None:
        """The signing key of that id, a former one or a former user's too, and what its owner was then."""
        return self._chain.keys.get(key_id)

    def signing_key(self, key_id: str) -> Ed25519PublicKey | None:
        """As `known_key`, the key alone: what `Journal.verify` asks for."""
        known = self.known_key(key_id)
        return None if known is None else Ed25519PublicKey.from_public_bytes(known.signing_key)

    def receivers(self, names: Iterable[str]) -> Mapping[str, bytes]:
        """Names to public reading keys, as `seal` takes them; RECOVERY is the office's recovery key.

        Invited users are sealed for under the key of their one-time code. Raises UnknownUser, and AccountNotActive
        for a disabled user.
        """
        found: dict[str, bytes] = {}
        for name in names:
            if name == RECOVERY:
                found[name] = self._chain.recovery.reading
                continue
            user = self.user(name)
            if user.status == DISABLED:
                raise AccountNotActive(name=name)
            found[name] = user.reading_key
        return found


@dataclass(frozen=True, slots=True)
class Session:
    """Someone who is signed in: the user as known then, the private keys, and the signer for log and rows."""

    user: User
    ring: KeyRing
    signer: Signer


def _session(user: User, ring: KeyRing) -> Session:
    return Session(user, ring, ring.signer(user.display_name))


def check_names(name: str, display_name: str) -> None:
    """Raise WrongUserName or WrongDisplayName unless they can be an account's (see `users.py`)."""
    if not NAME.fullmatch(name):
        raise WrongUserName
    if not fits(display_name):
        raise WrongDisplayName


def _state(
    tx: Transaction,
    chain: Chain,
    kind: Kind,
    user: User,
    signer: Signer,
    recovery: PublicKeys | None = None,
) -> None:
    key = chain.next_key
    row = chain.state(kind, user, signer, recovery)
    chain.accept(key, row)
    tx.put(STATEMENTS, key, row)


def state(tx: Transaction, directory: Directory, kind: Kind, user: User, signer: Signer) -> None:
    """Add a statement to a directory that was loaded in `tx`. Raises DirectoryNotGenuine when it is no lawful one."""
    _state(tx, directory._chain, kind, user, signer)


def found_office(
    store: Store,
    name: str,
    display_name: str,
    passphrase: str,
    *,
    extra_roles: Iterable[str] = (),
    on: date | None = None,
    cost: Argon2Cost = STANDARD_COST,
    recovery: str | None = None,
) -> tuple[Session, str]:
    """Make the first team lead and the recovery key of an empty store; returns the key's text, kept nowhere.

    `recovery` is a key that was made (`new_recovery_key`) and written down before; without it a new one is made.
    `on` is the day on which the founder confirms professional secrecy (A2). Logged as `office-founded`. Raises WrongUserName, WrongDisplayName, WeakPassphrase, or StoreExists when the store has users.
    """
    check_names(name, display_name)
    check_passphrase(passphrase, name, display_name)
    ring = new_key_ring(name)
    if recovery is None:
        recovery_text, recovery_key = new_recovery_key()
    else:
        recovery_text, recovery_key = recovery, read_recovery_key(recovery).public
    roles = frozenset({AUTHORITY, *extra_roles})
    confirmed = None if on is None else on.isoformat()
    keys = ring.public
    user = User(name, display_name, roles, keys.reading, keys.signing, ACTIVE, confirmed)
    session = _session(user, ring)
    wrapped = wrap(ring, passphrase, cost=cost)
    with store.transaction(session.signer) as tx:
        if tx.rows(STATEMENTS):
            raise StoreExists(location=str(store.location))
        _state(tx, Chain(), Kind.FOUND, user, session.signer, recovery_key)
        tx.put(KEYRINGS, name, wrapped)
        tx.record(Event("office-founded", references=(name,)))
    return session, recovery_text


def certify(tx: Transaction, lead: Session, user: User) -> None:
    """State, as a team lead, what `user` is from now on; the caller records it in the log.

    For roles, name, absence and status: take `Directory.user`, `dataclasses.replace` what changes. New keys make the
    user invited. Raises NotAuthorised, LastTeamLead, or DirectoryNotGenuine when the change is no lawful one.
    """
    chain = Directory.load(tx)._chain
    known = chain.users.get(lead.user.name)
    if known is None or not known.leads or known.key_id != lead.signer.key_id:
        raise NotAuthorised
    if not any(other.leads for other in chain.users.values() if other.name != user.name) and not user.leads:
        raise LastTeamLead
    _state(tx, chain, Kind.CERTIFY, user, lead.signer)


def add_user(
    tx: Transaction,
    lead: Session,
    name: str,
    display_name: str,
    roles: Iterable[str],
    *,
    cost: Argon2Cost = STANDARD_COST,
) -> str:
    """Invite a user; returns the one-time code to hand over. The caller records it in the log.

    Raises WrongUserName, WrongDisplayName, UserExists (a name is never given twice), NotAuthorised.
    """
    check_names(name, display_name)
    if name in {user.name for user in Directory.load(tx).users}:
        raise UserExists(name=name)
    ring, code = new_key_ring(name), new_activation_code()
    keys = ring.public
    certify(tx, lead, User(name, display_name, frozenset(roles), keys.reading, keys.signing))
    tx.put(KEYRINGS, name, wrap(ring, code, cost=cost))
    return code


def _unwrapped(snapshot: Snapshot, user: User, secret: str) -> KeyRing:
    """The ring of `user`; one that does not have the user's keys was put there by another."""
    row: Mapping[str, Any] | None = snapshot.get(KEYRINGS, user.name)
    if row is None:
        raise DirectoryNotGenuine(where=user.name)
    ring = unwrap(row, secret)
    if ring.user != user.name or (ring.public.reading, ring.public.signing) != (
        user.reading_key,
        user.signing_key,
    ):
        raise DirectoryNotGenuine(where=user.name)
    return ring


def activate(
    store: Store,
    name: str,
    code: str,
    passphrase: str,
    on: date,
    *,
    cost: Argon2Cost = STANDARD_COST,
    reseal: Reseal | None = None,
    trusted: str | None = None,
) -> Session:
    """Turn an invitation into an account with new keys and a passphrase; secrecy is confirmed on that date.

    The keys of the code certify the new ones and are worth nothing afterwards. `reseal(tx, old ring, session)` is
    called in the same transaction for what was sealed to the old ones. Logged as `user-activated`. Raises
    WeakPassphrase, UnknownUser, AlreadyActive, AccountNotActive (disabled), WrongActivationCode.
    """
    snapshot = store.snapshot()
    invited = _awaiting(Directory.load(snapshot, trusted=trusted), name)
    check_passphrase(passphrase, name, invited.display_name)
    try:
        old = _unwrapped(snapshot, invited, read_activation_code(code))
    except WrongPassphrase:
        raise WrongActivationCode from None
    ring = new_key_ring(name)
    wrapped = wrap(ring, passphrase, cost=cost)
    with store.transaction(ring.signer(invited.display_name)) as tx:
        chain = Directory.load(tx, trusted=trusted)._chain
        now = _awaiting(Directory(chain), name)
        if now.key_id != old.key_id:
            raise WrongActivationCode
        user = replace(now.with_keys(ring.public), status=ACTIVE, secrecy_confirmed_on=on.isoformat())
        _state(tx, chain, Kind.OWN, user, old.signer(now.display_name))
        tx.put(KEYRINGS, name, wrapped)
        session = _session(user, ring)
        if reseal is not None:
            reseal(tx, old, session)
        tx.record(Event("user-activated", references=(name,)))
    return session


def _awaiting(directory: Directory, name: str) -> User:
    user = directory.user(name)
    if user.status == ACTIVE:
        raise AlreadyActive(name=name)
    if user.status != INVITED:
        raise AccountNotActive(name=name)
    return user


def sign_in(
    store: Store,
    name: str,
    passphrase: str,
    *,
    trusted: str | None = None,
    patience: Patience | None = None,
) -> Session:
    """Open a user's keys. Logging it is the caller's, who knows what it is for.

    With `patience`, wrong passphrases make the next ones wait. Raises UnknownUser, AccountNotActive, WrongPassphrase,
    SignInSlowed, DirectoryNotGenuine.
    """
    snapshot = store.snapshot()
    user = Directory.load(snapshot, trusted=trusted).user(name)
    if user.status != ACTIVE:
        raise AccountNotActive(name=name)
    with nullcontext() if patience is None else patience.attempt(name):
        ring = _unwrapped(snapshot, user, passphrase)
    return _session(user, ring)


def _still(tx: Transaction, session: Session) -> Chain:
    """The present chain, in which the session's keys are still the user's."""
    chain = Directory.load(tx)._chain
    user = chain.users.get(session.user.name)
    if user is None or user.status != ACTIVE or user.key_id != session.signer.key_id:
        raise AccountNotActive(name=session.user.name)
    return chain


def change_passphrase(store: Store, session: Session, new: str, *, cost: Argon2Cost = STANDARD_COST) -> None:
    """Guard the same keys with a new passphrase. Logged as `passphrase-changed`.

    Raises WeakPassphrase, and AccountNotActive when the account was reset or disabled meanwhile.
    """
    check_passphrase(new, session.user.name, session.user.display_name)
    wrapped = wrap(session.ring, new, cost=cost)
    with store.transaction(session.signer) as tx:
        _still(tx, session)
        tx.put(KEYRINGS, session.user.name, wrapped)
        tx.record(Event("passphrase-changed", references=(session.user.name,)))


def confirm_secrecy(tx: Transaction, session: Session, on: date) -> None:
    """State, as the user, that professional secrecy is confirmed on that date (A2); the caller records it."""
    chain = _still(tx, session)
    user = replace(chain.users[session.user.name], secrecy_confirmed_on=on.isoformat())
    _state(tx, chain, Kind.OWN, user, session.signer)
