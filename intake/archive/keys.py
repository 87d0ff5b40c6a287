"""The key derivation of 7-Zip, and the cache that makes one poll derive once. No archive is read here."""

import hashlib
from collections import OrderedDict

_BLOCK = 256


def derive_key(secret: str, salt: bytes, cycles: int) -> bytes:
    """The AES-256 key of 7-Zip: SHA-256 over 2**`cycles` times salt, UTF-16 passphrase and 64-bit round number.

    The caller bounds `cycles`. Rounds are laid out 256 at a time in one buffer of which only the changed bytes
    of the round numbers are rewritten, so nearly all the time goes to the hashing itself.
    """
    # A lone surrogate cannot be typed into 7-Zip; it must give a key that fits nothing, not an exception.
    seed = salt + secret.encode("utf-16-le", "surrogatepass")
    rounds = 1 << cycles
    block = min(rounds, _BLOCK)
    width = len(seed) + 8
    counter = len(seed)
    buffer = bytearray((seed + bytes(8)) * block)
    buffer[counter::width] = bytes(range(block))
    digest = hashlib.sha256(buffer)
    written = bytes(7)
    for high in range(1, rounds // block):
        wanted = high.to_bytes(7, "little")
        for place in range(7):
            if wanted[place] != written[place]:
                buffer[counter + 1 + place :: width] = wanted[place : place + 1] * block
        written = wanted
        digest.update(buffer)
    return digest.digest()


class KeyCache:
    """Derived keys by passphrase, salt and cycles. Bounded: the key unused for longest is dropped first.

    Hold one for as long as one poll, in one thread, and `clear` it after; `derivations` counts the keys derived since it was made.
    """

    def __init__(self, most: int = 64) -> None:
        self.derivations = 0
        self._most = most
        self._keys: OrderedDict[tuple[str, bytes, int], bytes] = OrderedDict()

    def key(self, secret: str, salt: bytes, cycles: int) -> bytes:
        """The key for these three, derived now or before."""
        asked = (secret, salt, cycles)
        found = self._keys.get(asked)
        if found is None:
            found = derive_key(secret, salt, cycles)
            self.derivations += 1
            self._keys[asked] = found
            while len(self._keys) > self._most:
                self._keys.popitem(last=False)
        else:
            self._keys.move_to_end(asked)
        return found

    def clear(self) -> None:
        """Forget every key."""
        self._keys.clear()

    def __len__(self) -> int:
        return len(self._keys)

    def __repr__(self) -> str:
        return f"KeyCache({len(self._keys)} keys)"
