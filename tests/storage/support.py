"""What the tests of the ground floor share: a clock, people who sign, and cheap passphrases."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from storage.directory import Session
from storage.keys import Argon2Cost, KeyRing
from storage.store import Store

CHEAP = Argon2Cost(memory=32, passes=1, lanes=1)
LEAD_PASSPHRASE = "vier woorden op rij"
DAY = date(2026, 11, 2)


class Clock:
    """A clock that stands still until it is moved on."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, step: timedelta) -> None:
        self.now += step


def known_ring(user: str) -> KeyRing:
    """Keys that follow from the name, so that another process can have the same."""
    seed = sha256(user.encode()).digest()
    return KeyRing(
        user, X25519PrivateKey.from_private_bytes(seed), Ed25519PrivateKey.from_private_bytes(seed)
    )


def keys_of(*users: str) -> Callable[[str], Ed25519PublicKey | None]:
    """The signing keys of these users, by key id, as `Journal.verify` asks for them."""
    rings = [known_ring(user) for user in users]
    found = {ring.key_id: ring.signing.public_key() for ring in rings}
    return found.get


@dataclass
class Office:
    """A store with a team lead, ann, and two social workers, bob and eva."""

    store: Store
    lead: Session
    bob: Session
    eva: Session
    recovery_text: str
