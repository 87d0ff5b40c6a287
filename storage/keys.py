"""A user's key pairs and how a passphrase guards them; the office's recovery key; one-time codes.

X25519 reads, Ed25519 signs. Who holds which key is in `directory.py`; what is sealed with them in `sealing.py`.
"""

import secrets
import unicodedata
from base64 import b32decode, b32encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.errors import RecoveryKeyUnreadable, RowNotGenuine, WrongPassphrase
from storage.rows import Row, canonical, decoded, encoded

__all__ = [
    "RECOVERY",
    "STANDARD_COST",
    "Argon2Cost",
    "KeyRing",
    "PublicKeys",
    "Row",
    "Signer",
    "key_id_of",
    "new_activation_code",
    "new_key_ring",
    "new_recovery_key",
    "read_activation_code",
    "read_recovery_key",
    "unwrap",
    "wrap",
]

RECOVERY = "*recovery*"
"""The name of the printed recovery key: it reads all that is sealed, and can give a team lead new keys."""

_WRAP_DOMAIN = "ocmw-intake key ring 1"
_RECOVERY_DOMAIN = b"ocmw-intake recovery key 1"
_RECOVERY_READING = b"ocmw-intake recovery reading key 1"
_RECOVERY_SIGNING = b"ocmw-intake recovery signing key 1"
_RECOVERY_BYTES = 32
_CODE_BYTES = 15
_GROUP = 4
_CHECK_BYTES = 3
_LONGEST_SECRET = 4096


@dataclass(frozen=True, slots=True)
class Argon2Cost:
    """What one guess at a passphrase costs: `memory` in KiB, `passes` over it, `lanes` in parallel."""

    memory: int
    passes: int
    lanes: int

    def acceptable(self) -> bool:
        """Whether a row may ask for this much: at most 1 GiB, 16 passes and 16 lanes (a row is hostile)."""
        return 1 <= self.lanes <= 16 and 1 <= self.passes <= 16 and 8 * self.lanes <= self.memory <= 1 << 20


STANDARD_COST = Argon2Cost(memory=256 * 1024, passes=4, lanes=4)


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """The public halves, 32 raw bytes each."""

    reading: bytes
    signing: bytes


def key_id_of(user: str, signing: bytes) -> str:
    """The short fingerprint of a signing key. It covers the name, so nobody can sign as somebody else."""
    return sha256(canonical(["ocmw-intake key id 1", user, encoded(signing)])).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Signer:
    """Someone who signs rows and log entries, without the key being at hand for anything else."""

    user: str
    name: str
    key_id: str
    _key: Ed25519PrivateKey = field(repr=False, compare=False)

    def sign(self, data: bytes) -> bytes:
        """The Ed25519 signature (64 bytes) over `data`; the caller puts its domain in front."""
        return self._key.sign(data)


@dataclass(frozen=True, slots=True)
class KeyRing:
    """A user's private keys, in memory only. Its repr shows none of them."""

    user: str
    reading: X25519PrivateKey = field(repr=False, compare=False)
    signing: Ed25519PrivateKey = field(repr=False, compare=False)

    @property
    def public(self) -> PublicKeys:
        """The public halves."""
        return PublicKeys(
            self.reading.public_key().public_bytes_raw(), self.signing.public_key().public_bytes_raw()
        )

    @property
    def key_id(self) -> str:
        """The short fingerprint of the signing key."""
        return key_id_of(self.user, self.signing.public_key().public_bytes_raw())

    def signer(self, display_name: str) -> Signer:
        """The ring as a signer; `display_name` is the name written beside the user in the log."""
        return Signer(self.user, display_name, self.key_id, self.signing)


def new_key_ring(user: str) -> KeyRing:
    """Fresh keys for `user`."""
    return KeyRing(user, X25519PrivateKey.generate(), Ed25519PrivateKey.generate())


def _derive(passphrase: str, salt: bytes, cost: Argon2Cost) -> bytes:
    if len(passphrase) > _LONGEST_SECRET:
        raise WrongPassphrase
    # The same accented letter arrives composed or decomposed, by keyboard and system.
    typed = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    return Argon2id(
        salt=salt, length=32, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory
    ).derive(typed)


def _associated(user: str, key_id: str, cost: Argon2Cost) -> bytes:
    return canonical([_WRAP_DOMAIN, user, key_id, asdict(cost)])


def wrap(ring: KeyRing, passphrase: str, *, cost: Argon2Cost = STANDARD_COST) -> Row:
    """The ring as a row that only `passphrase` opens (Argon2id, AES-256-GCM), bound to the user's name."""
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    secret = ring.reading.private_bytes_raw() + ring.signing.private_bytes_raw()
    key = _derive(passphrase, salt, cost)
    data = AESGCM(key).encrypt(nonce, secret, _associated(ring.user, ring.key_id, cost))
    return {
        "user": ring.user,
        "key_id": ring.key_id,
        "cost": asdict(cost),
        "salt": encoded(salt),
        "nonce": encoded(nonce),
        "data": encoded(data),
    }


def unwrap(row: Mapping[str, Any], passphrase: str) -> KeyRing:
    """The ring in `row`.

    Raises WrongPassphrase when the passphrase does not open it, RowNotGenuine when the row cannot be one of ours
    (its costs are checked before any work is done).
    """
    try:
        user, key_id, cost = str(row["user"]), str(row["key_id"]), Argon2Cost(**row["cost"])
        salt, nonce, data = decoded(row["salt"]), decoded(row["nonce"]), decoded(row["data"])
        well_formed = cost.acceptable() and len(salt) == 16 and len(nonce) == 12 and len(data) == 80
    except (KeyError, TypeError, ValueError):
        well_formed = False
    if not well_formed:
        raise RowNotGenuine(table="keyrings", key=str(row.get("user"))[:32])
    try:
        secret = AESGCM(_derive(passphrase, salt, cost)).decrypt(nonce, data, _associated(user, key_id, cost))
    except InvalidTag:
        raise WrongPassphrase from None
    return KeyRing(
        user,
        X25519PrivateKey.from_private_bytes(secret[:32]),
        Ed25519PrivateKey.from_private_bytes(secret[32:]),
    )


def _grouped(data: bytes) -> str:
    text = b32encode(data).decode("ascii").rstrip("=")
    return "-".join(text[i : i + _GROUP] for i in range(0, len(text), _GROUP))


def _ungrouped(text: str) -> str:
    """What was meant: the alphabet has no 0, 1 or 8, so these can only be misread letters."""
    return "".join(text.split()).replace("-", "").upper().translate(str.maketrans("018", "OIB"))


def _check(secret: bytes) -> bytes:
    return sha256(_RECOVERY_DOMAIN + secret).digest()[:_CHECK_BYTES]


def _derived(secret: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(secret)


def _recovery_ring(secret: bytes) -> KeyRing:
    return KeyRing(
        RECOVERY,
        X25519PrivateKey.from_private_bytes(_derived(secret, _RECOVERY_READING)),
        Ed25519PrivateKey.from_private_bytes(_derived(secret, _RECOVERY_SIGNING)),
    )


def new_recovery_key() -> tuple[str, PublicKeys]:
    """A recovery key to print (14 groups of 4, with a checksum) and its public halves; stored nowhere."""
    secret = secrets.token_bytes(_RECOVERY_BYTES)
    return _grouped(secret + _check(secret)), _recovery_ring(secret).public


def read_recovery_key(text: str) -> KeyRing:
    """The keys that were printed; blanks, dashes and capitals do not matter. Raises RecoveryKeyUnreadable."""
    try:
        data = b32decode(_ungrouped(text[:_LONGEST_SECRET]))
    except ValueError:
        raise RecoveryKeyUnreadable from None
    secret, check = data[:_RECOVERY_BYTES], data[_RECOVERY_BYTES:]
    if len(secret) != _RECOVERY_BYTES or not secrets.compare_digest(check, _check(secret)):
        raise RecoveryKeyUnreadable
    return _recovery_ring(secret)


def new_activation_code() -> str:
    """A one-time code of 120 random bits: six groups of four letters and digits that cannot be misread."""
    return _grouped(secrets.token_bytes(_CODE_BYTES))


def read_activation_code(text: str) -> str:
    """The code as it was given out, however it was typed."""
    plain = _ungrouped(text[:_LONGEST_SECRET])
    return "-".join(plain[i : i + _GROUP] for i in range(0, len(plain), _GROUP))
