"""The key derivation, against the format's description taken literally, and its cache."""

import pytest

from intake.archive import KeyCache
from intake.archive.keys import derive_key
from tests.intake.archive.composing import slow_key


@pytest.mark.parametrize("cycles", [0, 1, 7, 8, 9, 12, 16, 17])
@pytest.mark.parametrize("salt", [b"", b"s", bytes(range(16))])
@pytest.mark.parametrize("secret", ["", "x", "Zonnebloem-8940!", "ключ 🔑"])
def test_the_key_is_the_one_the_format_describes(secret: str, salt: bytes, cycles: int) -> None:
    assert derive_key(secret, salt, cycles) == slow_key(secret, salt, cycles)


def test_a_lone_surrogate_gives_a_key_and_no_exception() -> None:
    assert len(derive_key("a\ud800", b"", 4)) == 32


def test_passphrase_salt_and_cycles_each_have_keys_of_their_own() -> None:
    keys = KeyCache()
    asked = [("a", b"", 4), ("b", b"", 4), ("a", b"s", 4), ("a", b"", 5), ("a", b"", 4)]
    assert len({keys.key(*one) for one in asked}) == 4
    assert keys.derivations == 4
    assert len(keys) == 4


def test_the_cache_is_bounded_and_keeps_what_is_in_use() -> None:
    keys = KeyCache(most=3)
    for number in range(20):
        keys.key("kept", b"", 4)
        keys.key("other", number.to_bytes(2, "big"), 4)
    assert len(keys) == 3
    assert keys.derivations == 21
    keys.clear()
    assert len(keys) == 0
