"""What a user's workstation need not do twice: the rows whose signature it verified, and the record keys it opened.

Kept in one small file, sealed under the user's own reading key, so that five thousand rows are on the screen at once
after sign-in. It holds no plaintext and adds no power: a record key opens nothing without the row's sealed data, and
whoever has the user's key opens these anyway. A discarded row's data are gone, so its key here opens nothing; it
leaves the file at the next save.
"""

import secrets
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.files import patiently, readable, replace_durably, writable
from storage.keys import KeyRing
from storage.rows import canonical

__all__ = ["KeyBook", "book_file", "digest_of"]

_DOMAIN = "ocmw-intake key book 1"
_DIGEST, _KEY, _NONCE = 32, 32, 12
_NO_KEY = bytes(_KEY)
_LONGEST = 64 << 20
_SAVE_FROM = 64


def digest_of(table: str, key: str, row: Mapping[str, Any]) -> bytes:
    """What stands for a row with its signature and its place: with any change it is another."""
    return sha256(canonical([table, key, row])).digest()


def book_file(folder: Path, location: Path, user: str) -> Path:
    """The file in `folder` for a user at the store in `location`; names and paths are not told in it."""
    return folder / f"keys-{sha256(canonical([_DOMAIN, str(location), user])).hexdigest()[:24]}.bin"


class KeyBook:
    """The digests of verified rows, each with its record key where the user has opened it.

    Without a `file` it lives as long as the program. A file that is damaged, or another's, is as good as none.
    """

    def __init__(self, ring: KeyRing, store: str, file: Path | None = None) -> None:
        self.file = file
        self._associated = canonical([_DOMAIN, store, ring.user, ring.key_id])
        secret = HKDF(algorithm=SHA256(), length=32, salt=None, info=self._associated)
        self._cipher = AESGCM(secret.derive(ring.reading.private_bytes_raw()))
        self.damaged = False
        """Whether there is a file that these keys do not open: a changed one, or one from before they were renewed."""
        self._known: dict[bytes, bytes] = self._read()
        self._used: dict[bytes, bytes] = {}
        self._new = 0

    def __repr__(self) -> str:
        return "KeyBook(…)"

    def __contains__(self, digest: bytes) -> bool:
        """Whether the row of that digest was verified before."""
        return digest in self._known

    def key(self, digest: bytes) -> bytes | None:
        """The record key of a row that was verified; None when it was not opened."""
        key = self._known.get(digest, _NO_KEY)
        self._used[digest] = key
        return None if key == _NO_KEY else key

    def note(self, digest: bytes, key: bytes | None = None) -> None:
        """The row of that digest was verified just now, and opened by `key`."""
        self._known[digest] = self._used[digest] = key or _NO_KEY
        self._new += 1

    def save(self, *, at_once: bool = False) -> None:
        """Keep what was used since the start, when enough is new or `at_once`. Raises DiskFull, StoreNotWritable."""
        changed = self._used.keys() != self._known.keys() or self._new > 0
        if self.file is None or not self._used or not (changed if at_once else self._new >= _SAVE_FROM):
            return
        nonce = secrets.token_bytes(_NONCE)
        body = b"".join(digest + key for digest, key in self._used.items())
        with writable(self.file.parent):
            self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        replace_durably(self.file, nonce + self._cipher.encrypt(nonce, body, self._associated))
        self._new = 0

    def _read(self) -> dict[bytes, bytes]:
        if self.file is None:
            return {}
        file = self.file
        try:
            with readable(file):
                data = patiently(lambda: _bounded(file))
            body = self._cipher.decrypt(data[:_NONCE], data[_NONCE:], self._associated)
        except FileNotFoundError:
            return {}
        except (InvalidTag, ValueError):
            self.damaged = True
            return {}
        step = _DIGEST + _KEY
        return {body[i : i + _DIGEST]: body[i + _DIGEST : i + step] for i in range(0, len(body), step)}


def _bounded(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(_LONGEST)
