"""Users as facts, and the chain of statements that makes them so.

Each change of the user list is one signed statement that names the one before it. Read from the founder's on, they
give who is who now, and which key could speak for whom at any time. A statement that is changed, left out, moved, or
made by someone who might not at that moment, breaks the chain. Acts on accounts are in `directory.py`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Any

from storage.errors import DirectoryNotGenuine
from storage.keys import RECOVERY, PublicKeys, Signer, key_id_of
from storage.rows import Row, canonical, decoded, encoded
from storage.sealing import genuine

AUTHORITY = "team-lead"
"""The role that may change the list of users."""

NAME = re.compile(r"[a-z][a-z0-9.-]{0,31}")
ACTIVE, INVITED, DISABLED = "active", "invited", "disabled"

_DOMAIN = b"ocmw-intake user statement 1\x00"
_LONGEST = 200
_MOST_ROLES = 20
_NO_KEYS = PublicKeys(b"", b"")


class Kind(StrEnum):
    """Who speaks in a statement.

    The founder of all, a team lead about anyone, a user about the own keys, or the printed recovery key about a team
    lead who forgot.
    """

    FOUND = "found"
    CERTIFY = "certify"
    OWN = "own"
    RECOVER = "recover"


@dataclass(frozen=True, slots=True)
class User:
    """A user as the directory has it. Keys are 32 raw bytes; dates are ISO 8601 (YYYY-MM-DD)."""

    name: str
    display_name: str
    roles: frozenset[str]
    reading_key: bytes
    signing_key: bytes
    status: str = INVITED
    secrecy_confirmed_on: str | None = None
    substitute: str | None = None
    absent_until: str | None = None

    @property
    def key_id(self) -> str:
        """The short fingerprint of the signing key in use."""
        return key_id_of(self.name, self.signing_key)

    @property
    def leads(self) -> bool:
        """Whether this user may change the list of users."""
        return self.status == ACTIVE and AUTHORITY in self.roles

    @property
    def row(self) -> Row:
        """The user as JSON has it."""
        return {
            "name": self.name,
            "display_name": self.display_name,
            "roles": sorted(self.roles),
            "reading_key": encoded(self.reading_key),
            "signing_key": encoded(self.signing_key),
            "status": self.status,
            "secrecy_confirmed_on": self.secrecy_confirmed_on,
            "substitute": self.substitute,
            "absent_until": self.absent_until,
        }

    def with_keys(self, keys: PublicKeys) -> "User":
        """The same user with other keys."""
        return replace(self, reading_key=keys.reading, signing_key=keys.signing)


def fits(text: str) -> bool:
    """Whether a name, role or date has 1 to 200 characters, all of them printable."""
    return 0 < len(text) <= _LONGEST and text.isprintable()


def user_of(row: Mapping[str, Any]) -> User:
    """The user that `row` tells; raises KeyError, TypeError or ValueError when it tells none."""
    if not isinstance(row["roles"], list):
        raise ValueError("not a user")
    roles = frozenset(row["roles"])
    optional = {name: row[name] for name in ("secrecy_confirmed_on", "substitute", "absent_until")}
    texts = [row["name"], row["display_name"], *roles, *(v for v in optional.values() if v is not None)]
    if not all(isinstance(text, str) and fits(text) for text in texts):
        raise ValueError("not a user")
    if not NAME.fullmatch(row["name"]) or row["status"] not in (ACTIVE, INVITED, DISABLED):
        raise ValueError("not a user")
    for name in ("secrecy_confirmed_on", "absent_until"):
        if (day := optional[name]) is not None and date.fromisoformat(day).isoformat() != day:
            raise ValueError("not a day")
    reading, signing = decoded(row["reading_key"]), decoded(row["signing_key"])
    if len(reading) != 32 or len(signing) != 32 or len(roles) > _MOST_ROLES:
        raise ValueError("not a user")
    return User(row["name"], row["display_name"], roles, reading, signing, row["status"], **optional)


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A signing key that is or was a user's, and the roles the user had while active with it.

    A `retired` key, of an account that ended or got other keys, vouches for old entries of the log and for no row any
    more: what it signed was signed anew when it was retired. The recovery key counts as a team lead's: whoever holds it
    can become one.
    """

    user: str
    signing_key: bytes
    roles: frozenset[str]
    retired: bool = False


@dataclass
class Chain:
    """What the statements so far say. `fingerprint` is the founder's statement's: all else follows from it."""

    users: dict[str, User] = field(default_factory=dict)
    keys: dict[str, KnownKey] = field(default_factory=dict)
    recovery: PublicKeys = _NO_KEYS
    fingerprint: str = ""
    head: str = ""
    length: int = 0

    @property
    def next_key(self) -> str:
        """The key under which the next statement stands."""
        return f"{self.length + 1:06d}"

    def state(self, kind: Kind, user: User, signer: Signer, recovery: PublicKeys | None = None) -> Row:
        """The next statement, signed; it counts once it is accepted. The founder's names the recovery key."""
        content: Row = {
            "seq": self.length + 1,
            "prev": self.head,
            "kind": kind.value,
            "user": user.row,
            "recovery": [encoded(recovery.reading), encoded(recovery.signing)] if recovery else [],
            "by": signer.user,
            "key_id": signer.key_id,
        }
        return {**content, "signature": encoded(signer.sign(_DOMAIN + sha256(canonical(content)).digest()))}

    def accept(self, key: str, row: Mapping[str, Any]) -> None:
        """Take in the statement that stands under `key`; raises DirectoryNotGenuine when it does not follow."""
        try:
            user = user_of(row["user"])
            kind = Kind(row["kind"])
            content = {name: value for name, value in row.items() if name != "signature"}
            follows = key == self.next_key and row["seq"] == self.length + 1 and row["prev"] == self.head
            speaker = self._speaker(kind, user, row)
            recovery = [decoded(part) for part in row["recovery"]]
            good = (
                follows
                and speaker is not None
                and row["by"] == speaker[0]
                and row["key_id"] == key_id_of(*speaker)
                and [len(part) for part in recovery] == ([32, 32] if kind is Kind.FOUND else [])
                and genuine(
                    speaker[1],
                    decoded(row["signature"]),
                    _DOMAIN + sha256(canonical(content)).digest(),
                )
            )
        except (KeyError, TypeError, ValueError):
            good = False
        if not good:
            raise DirectoryNotGenuine(where=key[:32])
        before = self.users.get(user.name)
        self.users[user.name] = user
        # Only a team lead can take away the last one. Between a recovery and the sign-in that follows there is none.
        if kind is Kind.CERTIFY and not any(other.leads for other in self.users.values()):
            raise DirectoryNotGenuine(where=key[:32])
        self._remember_key(user)
        if before is not None and before.key_id != user.key_id:
            self.keys[before.key_id] = replace(self.keys[before.key_id], retired=True)
        self.length += 1
        self.head = sha256(canonical(row)).hexdigest()
        if kind is Kind.FOUND:
            self.fingerprint, self.recovery = self.head[:40], PublicKeys(*recovery)
            signing = self.recovery.signing
            self.keys[key_id_of(RECOVERY, signing)] = KnownKey(RECOVERY, signing, frozenset({AUTHORITY}))

    def _speaker(self, kind: Kind, user: User, row: Mapping[str, Any]) -> tuple[str, bytes] | None:
        """Whose name and key must have signed this; None when nobody may say it."""
        before = self.users.get(user.name)
        if kind is Kind.FOUND:
            return (user.name, user.signing_key) if self.length == 0 and user.leads else None
        if self.length == 0:
            return None
        if kind is Kind.OWN:
            if before is None or not _own_change(before, user):
                return None
            return before.name, before.signing_key
        if kind is Kind.RECOVER:
            if before is None or not recoverable(before) or not _recovery(before, user):
                return None
            return RECOVERY, self.recovery.signing
        lead = self.users.get(row["by"])
        if lead is None or not lead.leads or not _lawful_change(before, user):
            return None
        return lead.name, lead.signing_key

    def _remember_key(self, user: User) -> None:
        known = self.keys.get(user.key_id)
        roles = user.roles if user.status == ACTIVE else frozenset()
        earlier = known.roles if known is not None else frozenset()
        retired = user.status == DISABLED or (known is not None and known.retired)
        self.keys[user.key_id] = KnownKey(user.name, user.signing_key, earlier | roles, retired)


def _own_change(before: User, after: User) -> bool:
    """A user changes the own keys and confirms secrecy, and nothing else; a disabled one nothing at all."""
    same = replace(
        before,
        reading_key=after.reading_key,
        signing_key=after.signing_key,
        secrecy_confirmed_on=after.secrecy_confirmed_on,
        status=ACTIVE,
    )
    return (
        before.status != DISABLED
        and after == same
        and (before.status == ACTIVE or _other_keys(before, after))
    )


def _lawful_change(before: User | None, after: User) -> bool:
    """A team lead gives nobody keys but those of a one-time code: whoever gets new ones is invited."""
    if before is None or _other_keys(before, after):
        return after.status == INVITED
    return after.status != ACTIVE or before.status != INVITED


def recoverable(user: User) -> bool:
    """Whether the recovery key may give this user new keys: a team lead who was not disabled."""
    return user.status != DISABLED and AUTHORITY in user.roles


def _recovery(before: User, after: User) -> bool:
    """The recovery key gives new keys, those of a one-time code, and changes nothing else."""
    new = replace(before, reading_key=after.reading_key, signing_key=after.signing_key, status=INVITED)
    return (
        after == new and before.signing_key != after.signing_key and before.reading_key != after.reading_key
    )


def _other_keys(before: User, after: User) -> bool:
    return before.signing_key != after.signing_key or before.reading_key != after.reading_key
