"""Sealed records open for their receivers, in their place, and nowhere else; signed rows stand as they were signed."""

import dataclasses

import pytest

from storage.directory import AUTHORITY, RECOVERY, Directory, certify
from storage.errors import NotAReceiver, RowNotGenuine
from storage.keys import new_key_ring, read_recovery_key
from storage.rows import decoded
from storage.sealing import Context, open_sealed, receivers_of, seal, sign_row, verify_row
from tests.storage.support import Office, known_ring

HERE = Context("referral", "D2026-0042")
BOB, EVA = known_ring("bob"), known_ring("eva")
RECEIVERS = {"bob": BOB.public.reading, "eva": EVA.public.reading}
TEXT = b"first name, name, telephone"
WORKERS = frozenset({"social-worker"})


def test_each_receiver_opens_it() -> None:
    sealed = seal(TEXT, RECEIVERS, HERE)
    assert receivers_of(sealed) == {"bob", "eva"}
    assert open_sealed(sealed, "bob", BOB.reading, HERE) == TEXT
    assert open_sealed(sealed, "eva", EVA.reading, HERE) == TEXT


@pytest.mark.parametrize("size", [0, 1, 507, 508, 509, 4096, 100_000])
def test_any_length_comes_back_and_shows_only_its_block(size: int) -> None:
    sealed = seal(b"x" * size, RECEIVERS, HERE)
    assert open_sealed(sealed, "bob", BOB.reading, HERE) == b"x" * size
    blocks = (size + 4 + 511) // 512
    assert len(decoded(sealed["data"])) == blocks * 512 + 16


def test_texts_of_about_the_same_length_look_equally_long() -> None:
    assert len({len(seal(b"x" * size, RECEIVERS, HERE)["data"]) for size in range(0, 509, 20)}) == 1


def test_every_sealing_has_a_new_key() -> None:
    first, second = seal(TEXT, RECEIVERS, HERE), seal(TEXT, RECEIVERS, HERE)
    assert first["data"] != second["data"]
    with pytest.raises(RowNotGenuine):
        open_sealed({**first, "keys": second["keys"]}, "bob", BOB.reading, HERE)


def test_who_is_no_receiver_does_not_open_it() -> None:
    sealed = seal(TEXT, {"bob": BOB.public.reading}, HERE)
    with pytest.raises(NotAReceiver) as refusal:
        open_sealed(sealed, "eva", EVA.reading, HERE)
    assert refusal.value.values == {"purpose": "referral", "subject": "D2026-0042"}
    with pytest.raises(RowNotGenuine):
        open_sealed(sealed, "bob", EVA.reading, HERE)


def test_a_key_moved_to_another_user_is_refused() -> None:
    sealed = seal(TEXT, RECEIVERS, HERE)
    moved = {**sealed, "keys": {"bob": sealed["keys"]["bob"], "eva": sealed["keys"]["bob"]}}
    for name, ring in (("eva", EVA), ("eva", BOB)):
        with pytest.raises(RowNotGenuine):
            open_sealed(moved, name, ring.reading, HERE)


def test_a_record_or_key_moved_to_another_referral_is_refused() -> None:
    there = Context("referral", "D2026-0043")
    sealed, other = seal(TEXT, RECEIVERS, HERE), seal(TEXT, RECEIVERS, there)
    for moved in (
        sealed,
        {**other, "keys": sealed["keys"]},
        {**other, "data": sealed["data"], "nonce": sealed["nonce"]},
    ):
        with pytest.raises(RowNotGenuine):
            open_sealed(moved, "bob", BOB.reading, there)
    with pytest.raises(RowNotGenuine):
        open_sealed(sealed, "bob", BOB.reading, Context("quarantine", HERE.subject))


def test_ciphertext_swapped_between_rows_is_refused() -> None:
    mine, other = seal(TEXT, RECEIVERS, HERE), seal(b"other", RECEIVERS, HERE)
    with pytest.raises(RowNotGenuine):
        open_sealed({**mine, "data": other["data"]}, "bob", BOB.reading, HERE)


def test_a_receiver_added_or_removed_without_sealing_is_refused() -> None:
    sealed = seal(TEXT, RECEIVERS, HERE)
    fewer = {**sealed, "keys": {"bob": sealed["keys"]["bob"]}}
    more = {**sealed, "keys": {**sealed["keys"], "jan": sealed["keys"]["bob"]}}
    for changed in (fewer, more):
        with pytest.raises(RowNotGenuine):
            open_sealed(changed, "bob", BOB.reading, HERE)


@pytest.mark.parametrize("field", ["data", "nonce", "keys"])
@pytest.mark.parametrize("value", [None, "", "%%", "AAAA", 5, {"bob": ""}, {"bob": 3}])
def test_what_is_no_sealed_record_is_refused(field: str, value: object) -> None:
    sealed = {**seal(TEXT, RECEIVERS, HERE), field: value}
    with pytest.raises((RowNotGenuine, NotAReceiver)):
        open_sealed(sealed, "bob", BOB.reading, HERE)


def test_sealing_for_nobody_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="receivers"):
        seal(TEXT, {}, HERE)


def test_the_office_seals_for_its_recovery_key(office: Office) -> None:
    directory = Directory.load(office.store.snapshot())
    sealed = seal(TEXT, directory.receivers(["bob", RECOVERY]), HERE)
    assert open_sealed(sealed, RECOVERY, read_recovery_key(office.recovery_text).reading, HERE) == TEXT
    assert open_sealed(sealed, "bob", office.bob.ring.reading, HERE) == TEXT


ROW = {
    "state": "received",
    "received_at": "2026-11-02T08:00:00+00:00",
    "due": {"on": "2026-11-05"},
    "attempts": 0,
}


def test_a_signed_row_is_genuine_where_it_was_signed(office: Office) -> None:
    directory = Directory.load(office.store.snapshot())
    row = sign_row(ROW, office.bob.signer, "referrals", "D2026-0042")
    assert row["signed"]["by"] == "bob"
    verify_row(row, directory, "referrals", "D2026-0042", WORKERS)
    with office.store.transaction(office.bob.signer) as tx:
        tx.put("referrals", "D2026-0042", row)
    stored = office.store.snapshot().get("referrals", "D2026-0042")
    assert stored is not None
    verify_row(stored, directory, "referrals", "D2026-0042", WORKERS)
    again = sign_row(stored, office.eva.signer, "referrals", "D2026-0042")
    verify_row(again, directory, "referrals", "D2026-0042", WORKERS)


def refused(
    office: Office, row: dict[str, object], key: str = "D2026-0042", table: str = "referrals"
) -> None:
    directory = Directory.load(office.store.snapshot())
    with pytest.raises(RowNotGenuine) as refusal:
        verify_row(row, directory, table, key, WORKERS)
    assert refusal.value.values == {"table": table, "key": key}


def test_an_edited_date_is_noticed(office: Office) -> None:
    row = sign_row(ROW, office.bob.signer, "referrals", "D2026-0042")
    refused(office, {**row, "received_at": "2026-11-03T08:00:00+00:00"})
    refused(office, {**row, "due": {"on": "2027-11-05"}})
    refused(office, {**row, "extra": None})
    refused(office, {name: value for name, value in row.items() if name != "attempts"})


def test_a_moved_row_is_noticed(office: Office) -> None:
    row = sign_row(ROW, office.bob.signer, "referrals", "D2026-0042")
    refused(office, row, key="D2026-0043")
    refused(office, row, table="cases")


def test_a_row_signed_by_nobody_or_somebody_else_is_noticed(office: Office) -> None:
    row = sign_row(ROW, office.bob.signer, "referrals", "D2026-0042")
    refused(office, dict(ROW))
    refused(office, {**row, "signed": None})
    refused(office, {**row, "signed": {**row["signed"], "by": "eva"}})
    refused(office, {**row, "signed": {**row["signed"], "key_id": office.eva.signer.key_id}})
    refused(office, {**row, "signed": {**row["signed"], "signature": "AAAA"}})
    refused(office, sign_row(ROW, new_key_ring("bob").signer("Bob"), "referrals", "D2026-0042"))


def test_a_signer_without_the_role_is_refused(office: Office) -> None:
    row = sign_row(ROW, office.lead.signer, "referrals", "D2026-0042")
    refused(office, row)
    directory = Directory.load(office.store.snapshot())
    verify_row(row, directory, "referrals", "D2026-0042", WORKERS | {AUTHORITY})


def test_who_left_vouches_for_old_log_entries_and_for_no_row(office: Office) -> None:
    row = sign_row(ROW, office.bob.signer, "referrals", "D2026-0042")
    with office.store.transaction(office.lead.signer) as tx:
        bob = Directory.load(tx).user("bob")
        certify(tx, office.lead, dataclasses.replace(bob, status="disabled"))
    directory = Directory.load(office.store.snapshot())
    with pytest.raises(RowNotGenuine):
        verify_row(row, directory, "referrals", "D2026-0042", WORKERS)
    assert directory.signing_key(office.bob.signer.key_id) is not None
