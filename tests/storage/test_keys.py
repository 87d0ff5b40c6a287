"""Key rings and passphrases, the printed recovery key, one-time codes."""

import pytest

from storage.errors import RecoveryKeyUnreadable, RowNotGenuine, WrongPassphrase
from storage.keys import (
    STANDARD_COST,
    Argon2Cost,
    key_id_of,
    new_activation_code,
    new_key_ring,
    new_recovery_key,
    read_activation_code,
    read_recovery_key,
    unwrap,
    wrap,
)
from tests.storage.support import CHEAP


def test_a_ring_comes_back_with_its_passphrase() -> None:
    ring = new_key_ring("bob")
    again = unwrap(wrap(ring, "vier woorden op rij", cost=CHEAP), "vier woorden op rij")
    assert again.user == "bob"
    assert again.public == ring.public
    assert again.key_id == ring.key_id


def test_an_accented_letter_is_the_same_however_it_was_typed() -> None:
    row = wrap(new_key_ring("bob"), "cafe\u0301 in de straat", cost=CHEAP)
    assert unwrap(row, "caf\u00e9 in de straat").user == "bob"


@pytest.mark.parametrize("wrong", ["vier woorden op rij ", "", "x" * 100_000, "\ud800"])
def test_a_wrong_passphrase_is_refused(wrong: str) -> None:
    row = wrap(new_key_ring("bob"), "vier woorden op rij", cost=CHEAP)
    with pytest.raises(WrongPassphrase):
        unwrap(row, wrong)


def test_a_ring_under_another_name_does_not_open() -> None:
    row = wrap(new_key_ring("bob"), "vier woorden op rij", cost=CHEAP)
    with pytest.raises(WrongPassphrase):
        unwrap({**row, "user": "eva"}, "vier woorden op rij")


@pytest.mark.parametrize(
    "harm",
    [
        {"cost": {"memory": 1 << 30, "passes": 1, "lanes": 1}},
        {"cost": {"memory": 32, "passes": 1_000_000, "lanes": 1}},
        {"cost": {"memory": 32, "passes": 1, "lanes": 1000}},
        {"cost": {"memory": "32", "passes": 1, "lanes": 1}},
        {"cost": {}},
        {"salt": "AAAA"},
        {"nonce": None},
        {"data": "%%%"},
    ],
)
def test_a_row_that_asks_too_much_or_is_none_is_refused_before_any_work(harm: dict[str, object]) -> None:
    row = wrap(new_key_ring("bob"), "vier woorden op rij", cost=CHEAP)
    with pytest.raises(RowNotGenuine):
        unwrap({**row, **harm}, "vier woorden op rij")


def test_the_standard_cost_is_256_mib_four_passes_four_lanes() -> None:
    assert Argon2Cost(memory=262_144, passes=4, lanes=4) == STANDARD_COST
    assert STANDARD_COST.acceptable()


def test_no_private_key_shows_in_a_repr() -> None:
    ring = new_key_ring("bob")
    assert repr(ring) == "KeyRing(user='bob')"
    assert repr(ring.signer("Bob")) == f"Signer(user='bob', name='Bob', key_id='{ring.key_id}')"


def test_a_key_id_belongs_to_one_name() -> None:
    ring = new_key_ring("bob")
    assert ring.key_id == key_id_of("bob", ring.public.signing) != key_id_of("eva", ring.public.signing)


def test_the_printed_recovery_key_reads_back_however_it_is_typed() -> None:
    text, public = new_recovery_key()
    groups = text.split("-")
    assert [len(group) for group in groups] == [4] * 14
    for typed in (text, text.lower(), " ".join(groups), text.replace("-", "\n"), text.replace("O", "0")):
        assert read_recovery_key(typed).public == public
    assert public.reading != public.signing


def test_every_single_typing_mistake_in_a_recovery_key_is_noticed() -> None:
    text, _ = new_recovery_key()
    for place, letter in enumerate(text):
        if letter != "-":
            wrong = text[:place] + ("A" if letter != "A" else "B") + text[place + 1 :]
            with pytest.raises(RecoveryKeyUnreadable):
                read_recovery_key(wrong)


@pytest.mark.parametrize("text", ["", "AAAA", "é" * 56, "A" * 56, "A" * 1_000_000])
def test_what_is_no_recovery_key_is_refused(text: str) -> None:
    with pytest.raises(RecoveryKeyUnreadable):
        read_recovery_key(text)


def test_one_time_codes_have_120_bits_and_read_back() -> None:
    codes = {new_activation_code() for _ in range(50)}
    assert len(codes) == 50
    for code in codes:
        assert [len(group) for group in code.split("-")] == [4] * 6
        assert read_activation_code(f" {code.lower().replace('-', ' ')}\n") == code
