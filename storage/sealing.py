"""Seal a record for its receivers, open it again; sign a row and verify it.

A record key is fresh at every sealing: changing the receivers is sealing anew. Who the receivers are, and what the
plaintext means, is decided above.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.errors import NotAReceiver, RowNotGenuine
from storage.keys import Signer
from storage.rows import Row, canonical, decoded, encoded

if TYPE_CHECKING:
    from storage.directory import Directory

__all__ = [
    "Context",
    "check_signer",
    "genuine",
    "open_sealed",
    "open_with",
    "receivers_of",
    "record_key_of",
    "seal",
    "sign_row",
    "verify_row",
]

_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
_SEAL_DOMAIN = "ocmw-intake sealed record 1"
_KEY_DOMAIN = "ocmw-intake record key 1"
_ROW_DOMAIN = b"ocmw-intake row 1\x00"
_BLOCK = 512
_LENGTH = 4
_MOST_RECEIVERS = 1000


@dataclass(frozen=True, slots=True)
class Context:
    """What a sealed record is for and about: ("referral", "D2026-0042"). Elsewhere it does not open."""

    purpose: str
    subject: str


def _associated(context: Context, receivers: frozenset[str] | set[str]) -> bytes:
    return canonical([_SEAL_DOMAIN, context.purpose, context.subject, sorted(receivers)])


def _info(context: Context, receiver: str, public: bytes) -> bytes:
    return canonical([_KEY_DOMAIN, context.purpose, context.subject, receiver, encoded(public)])


def seal(plaintext: bytes, receivers: Mapping[str, bytes], context: Context) -> Row:
    """`plaintext` under a new key, that key sealed for each receiver (name: public reading key of 32 bytes).

    The length is padded to multiples of 512 bytes, so that it does not tell who is meant. Raises ValueError when
    there is no receiver, or one with a key that is none.
    """
    if not 0 < len(receivers) <= _MOST_RECEIVERS:
        raise ValueError("a record needs between 1 and 1000 receivers")
    key, nonce = secrets.token_bytes(32), secrets.token_bytes(12)
    body = len(plaintext).to_bytes(_LENGTH, "big") + plaintext
    body += bytes(-len(body) % _BLOCK)
    keys = {
        name: encoded(_SUITE.encrypt(key, _reading_key(public), _info(context, name, public)))
        for name, public in receivers.items()
    }
    data = AESGCM(key).encrypt(nonce, body, _associated(context, set(keys)))
    return {"nonce": encoded(nonce), "data": encoded(data), "keys": keys}


@lru_cache(maxsize=256)
def _reading_key(public: bytes) -> X25519PublicKey:
    """Remembered: the same few receive nearly everything."""
    return X25519PublicKey.from_public_bytes(public)


def receivers_of(sealed: Mapping[str, Any]) -> frozenset[str]:
    """The names it is sealed for; none when it is not a sealed record."""
    keys = sealed.get("keys")
    return frozenset(keys) if isinstance(keys, dict) else frozenset()


def open_sealed(sealed: Mapping[str, Any], receiver: str, key: X25519PrivateKey, context: Context) -> bytes:
    """What was sealed.

    Raises NotAReceiver when it was not sealed for `receiver`; RowNotGenuine when a key, the data, the receivers or
    the place it stands in are not those of the sealing.
    """
    return open_with(sealed, record_key_of(sealed, receiver, key, context), context)


def record_key_of(sealed: Mapping[str, Any], receiver: str, key: X25519PrivateKey, context: Context) -> bytes:
    """The key under which it was sealed. Raises as `open_sealed` does; nothing is known of the data yet."""
    if receiver not in receivers_of(sealed):
        raise NotAReceiver(purpose=context.purpose, subject=context.subject)
    public = key.public_key().public_bytes_raw()
    try:
        return _SUITE.decrypt(decoded(sealed["keys"][receiver]), key, _info(context, receiver, public))
    except (InvalidTag, KeyError, TypeError, ValueError):
        raise RowNotGenuine(table=context.purpose, key=context.subject) from None


def open_with(sealed: Mapping[str, Any], record_key: bytes, context: Context) -> bytes:
    """What was sealed under `record_key`. Raises RowNotGenuine when data, receivers or place are others."""
    try:
        body = AESGCM(record_key).decrypt(
            decoded(sealed["nonce"]), decoded(sealed["data"]), _associated(context, receivers_of(sealed))
        )
        length = int.from_bytes(body[:_LENGTH], "big")
        if len(body) < _LENGTH + length:
            raise ValueError("shorter than it says")
    except (InvalidTag, KeyError, TypeError, ValueError):
        raise RowNotGenuine(table=context.purpose, key=context.subject) from None
    return body[_LENGTH : _LENGTH + length]


@lru_cache(maxsize=16384)
def genuine(key: bytes, signature: bytes, data: bytes) -> bool:
    """Whether `signature` is that of the Ed25519 public `key` over `data`. Remembered: rows are read often."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def _signed_bytes(row: Mapping[str, Any], table: str, key: str, by: str, key_id: str) -> bytes:
    rest = {name: value for name, value in row.items() if name != "signed"}
    return _ROW_DOMAIN + sha256(canonical([table, key, by, key_id, rest])).digest()


def sign_row(row: Mapping[str, Any], signer: Signer, table: str, key: str) -> Row:
    """A copy of `row` with `signed`: whose signature, over all the rest and the place it stands in."""
    data = _signed_bytes(row, table, key, signer.user, signer.key_id)
    signed = {"by": signer.user, "key_id": signer.key_id, "signature": encoded(signer.sign(data))}
    return {**{name: value for name, value in row.items() if name != "signed"}, "signed": signed}


def verify_row(
    row: Mapping[str, Any], directory: "Directory", table: str, key: str, roles: frozenset[str]
) -> None:
    """Raise RowNotGenuine unless the row stands here as someone with one of `roles` signed it.

    A signer whose roles have changed since still vouches for what was signed then; a retired key for nothing.
    """
    check_signer(row, directory, table, key, roles)
    try:
        signed = row["signed"]
        known = directory.known_key(str(signed["key_id"]))
        data = _signed_bytes(row, table, key, str(signed["by"]), str(signed["key_id"]))
        good = known is not None and genuine(known.signing_key, decoded(signed["signature"]), data)
    except (KeyError, TypeError, ValueError):
        good = False
    if not good:
        raise RowNotGenuine(table=table, key=key)


def check_signer(
    row: Mapping[str, Any], directory: "Directory", table: str, key: str, roles: frozenset[str]
) -> None:
    """Raise RowNotGenuine unless the row names a signer with one of `roles`; the signature is not looked at."""
    try:
        signed = row["signed"]
        known = directory.known_key(str(signed["key_id"]))
        good = (
            known is not None
            and not known.retired
            and known.user == signed["by"]
            and not roles.isdisjoint(known.roles)
        )
    except (KeyError, TypeError, ValueError):
        good = False
    if not good:
        raise RowNotGenuine(table=table, key=key)
