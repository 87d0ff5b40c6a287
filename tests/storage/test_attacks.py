"""What someone can do who may write the store's folder, or holds keys of the past: each attempt is refused by name."""

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from storage.directory import DISABLED, RECOVERY, Directory, certify, sign_in
from storage.document import ClosedFile, compose, read_document
from storage.entries import Event, Head, first_head, next_entry
from storage.errors import (
    AccountNotActive,
    DirectoryNotGenuine,
    LogCut,
    LogEdited,
    LogReplaced,
    LogSignatureBad,
    NotAReceiver,
    NotAuthorised,
    RowNotGenuine,
    StoreBroken,
    StoreReplaced,
    StoreRolledBack,
    WitnessUnreadable,
)
from storage.sealing import Context, open_sealed, seal, sign_row, verify_row
from storage.store import Store, create_store, open_store
from storage.witness import Witness, note, read_witness, trouble_with, write_witness
from tests.storage.support import LEAD_PASSPHRASE, Office, known_ring

WORKERS = frozenset({"team-lead", "social-worker"})
NOW = datetime(2026, 11, 3, tzinfo=UTC)


def context(key: str) -> Context:
    return Context("referral", key)


def put(office: Office, key: str, *readers: str, state: str = "received") -> dict[str, Any]:
    """A referral's row, sealed for these users and the recovery key, signed by the team lead."""
    directory = Directory.load(office.store.snapshot())
    sealed = seal(f"client of {key}".encode(), directory.receivers({*readers, RECOVERY}), context(key))
    row = {"state": state, "received_at": "2026-11-01", "sealed": sealed}
    signed = sign_row(row, office.lead.signer, "referrals", key)
    with office.store.transaction(office.lead.signer) as tx:
        tx.put("referrals", key, signed)
        tx.record(Event("put", references=(key,)))
    return signed


def check(office: Office, row: dict[str, Any], key: str) -> None:
    verify_row(row, Directory.load(office.store.snapshot()), "referrals", key, WORKERS)


def test_a_sealed_key_does_not_open_another_referral(office: Office) -> None:
    one, two = put(office, "D1", "ann", "bob"), put(office, "D2", "ann")
    forged = {**two, "sealed": {**two["sealed"], "keys": one["sealed"]["keys"]}}
    with pytest.raises(RowNotGenuine):
        check(office, forged, "D2")
    with pytest.raises(RowNotGenuine):
        open_sealed(forged["sealed"], "bob", office.bob.ring.reading, context("D2"))


def test_a_sealed_key_does_not_open_for_another_user(office: Office) -> None:
    row = put(office, "D1", "ann", "bob")
    keys = row["sealed"]["keys"]
    forged = {**row, "sealed": {**row["sealed"], "keys": {**keys, "eva": keys["bob"]}}}
    with pytest.raises(RowNotGenuine):
        check(office, forged, "D1")
    with pytest.raises(RowNotGenuine):
        open_sealed(forged["sealed"], "eva", office.eva.ring.reading, context("D1"))
    with pytest.raises(RowNotGenuine):  # and the name of a receiver cannot be lent to another's key
        open_sealed(row["sealed"], "bob", office.eva.ring.reading, context("D1"))


@pytest.mark.parametrize("part", ["sealed", "data", "nonce"])
def test_ciphertext_swapped_between_rows_is_refused(office: Office, part: str) -> None:
    one, two = put(office, "D1", "bob"), put(office, "D2", "bob")
    sealed = two["sealed"] if part == "sealed" else {**one["sealed"], part: two["sealed"][part]}
    forged = {**one, "sealed": sealed}
    with pytest.raises(RowNotGenuine):
        check(office, forged, "D1")
    with pytest.raises(RowNotGenuine):
        open_sealed(forged["sealed"], "bob", office.bob.ring.reading, context("D1"))


def test_a_whole_row_in_the_place_of_another_is_refused(office: Office) -> None:
    one, two = put(office, "D1", "bob"), put(office, "D2", "bob")
    check(office, one, "D1")
    with pytest.raises(RowNotGenuine):
        check(office, two, "D1")
    with pytest.raises(RowNotGenuine):
        verify_row(one, Directory.load(office.store.snapshot()), "quarantine", "D1", WORKERS)


@pytest.mark.parametrize("change", [{"state": "declined"}, {"received_at": "2016-11-01"}, {"extra": 1}])
def test_an_edited_date_or_state_is_refused(office: Office, change: dict[str, Any]) -> None:
    row = put(office, "D1", "bob")
    with pytest.raises(RowNotGenuine):
        check(office, {**row, **change}, "D1")
    stranger = known_ring("bob").signer("Bob")  # another key under a known name
    with pytest.raises(RowNotGenuine):
        check(office, sign_row({**row, **change}, stranger, "referrals", "D1"), "D1")


@pytest.mark.parametrize("field", ["reading_key", "signing_key", "roles", "status"])
def test_a_public_key_or_role_replaced_in_the_directory_is_refused(office: Office, field: str) -> None:
    from storage.rows import encoded

    planted = known_ring("mallory").public
    value: Any = {"roles": ["team-lead"], "status": "disabled"}.get(field, encoded(planted.reading))
    with office.store.transaction(office.lead.signer) as tx:
        ((key, row),) = [(k, r) for k, r in tx.rows("directory") if r["seq"] == 3]
        tx.put("directory", key, {**row, "user": {**row["user"], field: value}})
    with pytest.raises(DirectoryNotGenuine):
        sign_in(office.store, "ann", LEAD_PASSPHRASE)


def test_a_statement_taken_away_is_refused(office: Office) -> None:
    with office.store.transaction(office.lead.signer) as tx:
        tx.delete("directory", "000002")
    with pytest.raises(DirectoryNotGenuine):
        Directory.load(office.store.snapshot())


# -- keys of the past -------------------------------------------------------------------------------------------------


def test_an_unassigned_workers_key_opens_nothing(office: Office) -> None:
    row = put(office, "D1", "ann", "bob")
    with pytest.raises(NotAReceiver):
        open_sealed(row["sealed"], "eva", office.eva.ring.reading, context("D1"))


def test_a_reassigned_workers_old_key_opens_nothing_new(office: Office) -> None:
    before = put(office, "D1", "ann", "bob")
    after = put(office, "D1", "ann", "eva")
    with pytest.raises(NotAReceiver):
        open_sealed(after["sealed"], "bob", office.bob.ring.reading, context("D1"))
    # The key that was his before does not fit what is sealed now, wherever he puts it.
    back = {**after["sealed"], "keys": {**after["sealed"]["keys"], "bob": before["sealed"]["keys"]["bob"]}}
    with pytest.raises(RowNotGenuine):
        open_sealed(back, "bob", office.bob.ring.reading, context("D1"))
    with pytest.raises(RowNotGenuine):
        check(office, {**after, "sealed": back}, "D1")


def test_a_disabled_users_key_is_worth_nothing_on_todays_store(office: Office) -> None:
    put(office, "D1", "ann", "bob")
    directory = Directory.load(office.store.snapshot())
    with office.store.transaction(office.lead.signer) as tx:
        certify(tx, office.lead, replace(directory.user("bob"), status=DISABLED))
    row = put(office, "D1", "ann")
    with pytest.raises(AccountNotActive):
        sign_in(office.store, "bob", "wachtwoordzin van bob")
    with pytest.raises(NotAReceiver):
        open_sealed(row["sealed"], "bob", office.bob.ring.reading, context("D1"))
    with pytest.raises(AccountNotActive):
        Directory.load(office.store.snapshot()).receivers({"bob"})
    with pytest.raises(NotAuthorised), office.store.transaction(office.bob.signer) as tx:
        certify(tx, office.bob, replace(directory.user("bob"), roles=frozenset({"team-lead"})))


# -- older and other files --------------------------------------------------------------------------------------------


def closed_file(store: Store) -> Path:
    (path,) = store.location.glob("closed-*.json")
    return path


def test_an_older_file_of_closed_matters_is_refused(office: Office) -> None:
    store = office.store
    with store.transaction(office.lead.signer) as tx:
        tx.put_closed("tombstones", "D0", {"state": "discarded"})
    old = closed_file(store).read_bytes()
    with store.transaction(office.lead.signer) as tx:
        tx.put_closed("tombstones", "D9", {"state": "discarded"})
    closed_file(store).write_bytes(old)
    with pytest.raises(StoreBroken):
        open_store(store.location).closed()


def older(folder: Path) -> Path:
    return folder.with_name(folder.name + "-older")


def put_back(folder: Path) -> None:
    shutil.rmtree(folder)
    shutil.copytree(older(folder), folder)


def seen_and_copied(office: Office) -> Witness:
    """A copy of the folder as it was, and what a workstation saw later."""
    put(office, "D1", "ann")
    shutil.copytree(office.store.location, older(office.store.location))
    put(office, "D2", "ann")
    office.store.journal.append(office.lead.signer, [Event("read", references=("D2",))])
    return note(office.store, NOW)


def test_an_older_copy_of_the_whole_folder_is_noticed(office: Office) -> None:
    seen = seen_and_copied(office)
    assert trouble_with(office.store, seen) is None
    put_back(office.store.location)
    store = open_store(office.store.location)
    store.journal.verify(Directory.load(store.snapshot()).signing_key)  # in itself it holds together
    assert isinstance(trouble_with(store, seen), StoreRolledBack)


def test_an_older_copy_that_others_worked_on_since_is_noticed(office: Office) -> None:
    seen = seen_and_copied(office)
    put_back(office.store.location)
    for number in range(5):
        put(replace(office, store=open_store(office.store.location)), f"D9{number}", "ann")
    store = open_store(office.store.location)
    assert store.generation > seen.mark.generation
    assert isinstance(trouble_with(store, seen), LogReplaced)


def test_an_older_active_file_beside_todays_log_is_noticed(office: Office) -> None:
    seen = seen_and_copied(office)
    shutil.copy(older(office.store.location) / "active.json", office.store.location / "active.json")
    assert isinstance(trouble_with(open_store(office.store.location), seen), StoreRolledBack)


def test_another_file_of_the_same_generation_is_noticed(office: Office) -> None:
    put(office, "D1", "ann")
    seen = note(office.store, NOW)
    path = office.store.location / "active.json"
    found = read_document(path)
    tables = {**found.tables, "counters": {"D2026": {"last": 0}}}
    named: ClosedFile | None = found.header.closed
    _, data = compose("active", seen.store, seen.mark.generation, tables, named, found.header.log, [])
    path.write_bytes(data)
    assert isinstance(trouble_with(open_store(office.store.location), seen), StoreReplaced)


def test_another_store_with_the_same_users_is_noticed(office: Office, tmp_path: Path) -> None:
    seen = note(office.store, NOW)
    with create_store(tmp_path / "made").transaction(office.lead.signer) as tx:
        for table in ("directory", "keyrings"):
            for key, row in office.store.snapshot().rows(table):
                tx.put(table, key, row)
    shutil.rmtree(office.store.location)
    shutil.copytree(tmp_path / "made", office.store.location)
    store = open_store(office.store.location)
    assert sign_in(store, "ann", LEAD_PASSPHRASE).user.name == "ann"
    assert isinstance(trouble_with(store, seen), StoreReplaced)


# -- the log ----------------------------------------------------------------------------------------------------------


def lines_of(store: Store) -> list[bytes]:
    return (store.location / "log" / "2026.jsonl").read_bytes().splitlines(keepends=True)


def rewrite(store: Store, lines: list[bytes], head: Head) -> None:
    """As someone would who knows how the files are made: log and anchor beside it agree."""
    (store.location / "log" / "2026.jsonl").write_bytes(b"".join(lines))
    (store.location / "log" / "head.json").write_bytes(head.written)


def cut(office: Office, lines: list[bytes]) -> list[bytes]:
    return lines[:-1]


def changed(office: Office, lines: list[bytes]) -> list[bytes]:
    return [*lines[:-1], lines[-1].replace(b'"D2"', b'"D3"')]


def written_anew(office: Office, lines: list[bytes]) -> list[bytes]:
    """The whole log anew, every entry signed by a real key, the clients' reader left out."""
    head = first_head(office.store.identity)
    made = []
    for _ in lines:
        entry = next_entry(head, Event("sign-in"), office.lead.signer, NOW, "host")
        made.append(entry.line)
        head = entry.head
    return made


@pytest.mark.parametrize(
    ("harm", "refusal"), [(cut, LogCut), (changed, LogEdited), (written_anew, LogReplaced)]
)
def test_a_harmed_log_is_named_and_nothing_added_to_it(
    office: Office, harm: Callable[[Office, list[bytes]], list[bytes]], refusal: type[Exception]
) -> None:
    put(office, "D2", "ann")
    store = office.store
    path = store.location / "log" / "2026.jsonl"
    store.journal.append(office.lead.signer, [Event("read", references=("D2",))])
    path.write_bytes(b"".join(harm(office, lines_of(store))))
    kept = path.read_bytes()
    fresh = open_store(store.location)
    with pytest.raises(refusal):
        fresh.journal.verify(Directory.load(fresh.snapshot()).signing_key)
    if refusal is not LogEdited:  # an edit further back is found by verifying, not by adding
        with pytest.raises(refusal):
            fresh.journal.append(office.lead.signer, [Event("read")])
        assert path.read_bytes() == kept


def test_a_tail_cut_with_its_anchor_made_to_match_is_known_to_the_workstation(office: Office) -> None:
    put(office, "D2", "ann")
    store = office.store
    before = store.journal.head
    store.journal.append(office.lead.signer, [Event("read", references=("D2",))])
    seen = note(store, NOW)
    rewrite(store, lines_of(store)[:-1], before)
    fresh = open_store(store.location)
    fresh.journal.verify(Directory.load(fresh.snapshot()).signing_key)  # in itself it holds together
    assert isinstance(trouble_with(fresh, seen), LogCut)


def test_an_end_written_anew_with_its_anchor_made_to_match_is_known_to_the_workstation(
    office: Office,
) -> None:
    put(office, "D2", "ann")
    store = office.store
    before = store.journal.head
    store.journal.append(office.lead.signer, [Event("read", references=("D2",))])
    seen = note(store, NOW)
    other = next_entry(before, Event("sign-in", reason="r" * 30), office.lead.signer, NOW, "host")
    more = next_entry(other.head, Event("sign-in"), office.lead.signer, NOW, "host")
    rewrite(store, [*lines_of(store)[:-1], other.line, more.line], more.head)
    fresh = open_store(store.location)
    fresh.journal.verify(Directory.load(fresh.snapshot()).signing_key)
    assert isinstance(trouble_with(fresh, seen), LogReplaced)


def test_what_was_verified_is_not_trusted_once_a_byte_of_it_changed(office: Office) -> None:
    store = office.store
    keys = Directory.load(store.snapshot()).signing_key
    verified = store.journal.verify(keys).checkpoint
    store.journal.append(office.lead.signer, [Event("read", references=("D1",))] * 3)
    asked: list[str] = []

    def counting(key_id: str) -> Any:
        asked.append(key_id)
        return keys(key_id)

    checked = store.journal.verify(counting, since=verified)
    assert len(asked) == 3, "only what came since is verified by signature"
    assert checked.entries == verified.place.head.seq + 3
    assert store.journal.verify(counting, since=checked.checkpoint).checkpoint == checked.checkpoint
    assert len(asked) == 3

    path = store.location / "log" / "2026.jsonl"
    data = path.read_bytes()
    places = [data.index(b'"signature":"') + 15, data.index(b'"name"') + 9, len(data) - 3, len(data) - 1]
    for place in places:
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        with pytest.raises((LogEdited, LogSignatureBad, LogCut)) as refusal:
            store.journal.verify(keys, since=checked.checkpoint)
        assert str(refusal.value.values["where"]).startswith("2026.jsonl")
    path.write_bytes(b"".join(lines_of_data(data)[:2]))
    with pytest.raises(LogCut):
        store.journal.verify(keys, since=checked.checkpoint)


def lines_of_data(data: bytes) -> list[bytes]:
    return data.splitlines(keepends=True)


def test_what_a_workstation_remembers_is_checked_itself(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "memory" / "store.json"
    assert read_witness(file) is None
    checkpoint = office.store.journal.verify(Directory.load(office.store.snapshot()).signing_key).checkpoint
    seen = note(office.store, NOW, checkpoint)
    write_witness(file, seen)
    assert read_witness(file) == seen
    data = file.read_bytes()
    for place in range(0, len(data), 7):
        file.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        with pytest.raises(WitnessUnreadable):
            read_witness(file)
    if os.name == "posix":
        assert file.parent.stat().st_mode & 0o077 == 0
