"""Renewing accounts: new keys behind a one-time code for who forgot a passphrase, and ending an account.

Each act is a statement in the directory and changes the keyring; what the user could read is sealed anew by the
caller, in the same transaction. Founding, inviting and signing in are in `directory.py`.
"""

from dataclasses import replace

from storage.directory import KEYRINGS, Directory, Session, certify, state
from storage.errors import AccountDisabled, NotRecoverable, WrongRecoveryKey
from storage.keys import (
    RECOVERY,
    STANDARD_COST,
    Argon2Cost,
    KeyRing,
    new_activation_code,
    new_key_ring,
    wrap,
)
from storage.store import Transaction
from storage.users import DISABLED, INVITED, Kind, User, recoverable

__all__ = ["disable_user", "recover_user", "reset_user"]


def _present(directory: Directory, name: str) -> User:
    user = directory.user(name)
    if user.status == DISABLED:
        raise AccountDisabled(name=name)
    return user


def reset_user(tx: Transaction, lead: Session, name: str, *, cost: Argon2Cost = STANDARD_COST) -> str:
    """Give a user, as a team lead, new keys behind a new one-time code, which is returned to be handed over.

    The old keys and passphrase are worth nothing from then on. Raises UnknownUser, AccountDisabled, NotAuthorised,
    LastTeamLead.
    """
    user = _present(Directory.load(tx), name)
    ring, code = new_key_ring(name), new_activation_code()
    certify(tx, lead, replace(user.with_keys(ring.public), status=INVITED))
    tx.put(KEYRINGS, name, wrap(ring, code, cost=cost))
    return code


def recover_user(
    tx: Transaction,
    recovery: KeyRing,
    name: str,
    *,
    trusted: str | None = None,
    cost: Argon2Cost = STANDARD_COST,
) -> str:
    """As `reset_user`, with the printed recovery key in a team lead's place, for a team lead who forgot.

    The recovery key can state nothing else: roles, name and the rest stay. Raises UnknownUser, WrongRecoveryKey,
    NotRecoverable, and DirectoryNotGenuine when the directory is not the `trusted` one.
    """
    directory = Directory.load(tx, trusted=trusted)
    if recovery.user != RECOVERY or recovery.public != directory.recovery:
        raise WrongRecoveryKey
    user = directory.user(name)
    if not recoverable(user):
        raise NotRecoverable(name=name)
    ring, code = new_key_ring(name), new_activation_code()
    invited = replace(user.with_keys(ring.public), status=INVITED)
    state(tx, directory, Kind.RECOVER, invited, recovery.signer(RECOVERY))
    tx.put(KEYRINGS, name, wrap(ring, code, cost=cost))
    return code


def disable_user(tx: Transaction, lead: Session, name: str) -> None:
    """End an account for good, and every standing-in by it. The wrapped private keys go too.

    Raises UnknownUser, AccountDisabled when it ended before, NotAuthorised, LastTeamLead.
    """
    directory = Directory.load(tx)
    user = _present(directory, name)
    for other in directory.users:
        if other.substitute == name and other.status != DISABLED:
            certify(tx, lead, replace(other, substitute=None, absent_until=None))
    certify(tx, lead, replace(user, status=DISABLED, substitute=None, absent_until=None))
    tx.delete(KEYRINGS, name)
