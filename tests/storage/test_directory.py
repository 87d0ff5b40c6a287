"""Who the users are: only what a team lead signed counts, and each user's keys are the user's own."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from storage.directory import (
    AUTHORITY,
    Directory,
    Session,
    activate,
    add_user,
    certify,
    change_passphrase,
    confirm_secrecy,
    found_office,
    sign_in,
)
from storage.errors import (
    AccountNotActive,
    AlreadyActive,
    DirectoryNotGenuine,
    LastTeamLead,
    NotAReceiver,
    NotAuthorised,
    RowNotGenuine,
    StoreExists,
    UnknownUser,
    UserExists,
    WeakPassphrase,
    WrongActivationCode,
    WrongDisplayName,
    WrongPassphrase,
    WrongUserName,
)
from storage.keys import Argon2Cost, KeyRing, new_key_ring, read_activation_code, unwrap, wrap
from storage.rows import Row, encoded
from storage.sealing import Context, open_sealed, seal
from storage.store import Store, Transaction
from storage.users import Chain, Kind
from tests.storage.support import CHEAP, DAY, LEAD_PASSPHRASE, Office

SECRET = Context("secret", "mailbox")


def load(store: Store, trusted: str | None = None) -> Directory:
    return Directory.load(store.snapshot(), trusted=trusted)


def change(office: Office, name: str, **changes: Any) -> None:
    with office.store.transaction(office.lead.signer) as tx:
        certify(tx, office.lead, dataclasses.replace(Directory.load(tx).user(name), **changes))


def invite(office: Office, name: str, *roles: str) -> str:
    with office.store.transaction(office.lead.signer) as tx:
        return add_user(tx, office.lead, name, name.title(), roles, cost=CHEAP)


def test_an_office_has_its_people(office: Office) -> None:
    directory = load(office.store)
    assert [user.name for user in directory.users] == ["ann", "bob", "eva"]
    assert [user.name for user in directory.with_role("social-worker")] == ["bob", "eva"]
    assert [user.name for user in directory.with_role(AUTHORITY)] == ["ann"]
    assert directory.user("bob").secrecy_confirmed_on == "2026-11-02"
    assert directory.user("bob").status == "active"
    assert office.store.journal.verify(directory.signing_key).entries == 3
    with pytest.raises(UnknownUser):
        directory.user("jan")


def test_signing_in_opens_ones_own_keys(office: Office) -> None:
    session = sign_in(office.store, "bob", "wachtwoordzin van bob")
    assert session.user == load(office.store).user("bob")
    assert session.ring.public == office.bob.ring.public
    assert session.signer.name == "Bob"
    assert "PrivateKey" not in repr(session)


def test_signing_in_is_refused_with_a_reason(office: Office) -> None:
    with pytest.raises(WrongPassphrase):
        sign_in(office.store, "bob", "wachtwoordzin van eva")
    with pytest.raises(UnknownUser):
        sign_in(office.store, "jan", "wachtwoordzin van jan")
    code = invite(office, "jan", "dpo")
    with pytest.raises(AccountNotActive):
        sign_in(office.store, "jan", code)
    change(office, "bob", status="disabled")
    with pytest.raises(AccountNotActive):
        sign_in(office.store, "bob", "wachtwoordzin van bob")


def test_an_office_is_founded_once(office: Office) -> None:
    with pytest.raises(StoreExists):
        found_office(office.store, "jan", "Jan", "wachtwoordzin van jan", cost=CHEAP)
    assert len(load(office.store).users) == 3


@pytest.mark.parametrize("name", ["", "Ann", "1ann", "ann maes", "a" * 33, "*recovery*", "ann\n", "ánn"])
def test_a_user_name_is_plain(office: Office, name: str) -> None:
    with pytest.raises(WrongUserName):
        invite(office, name, "dpo")


@pytest.mark.parametrize("shown", ["", "Ann\nMaes", "\u202eseaM nnA", "A" * 201])
def test_a_shown_name_is_one_readable_line(office: Office, shown: str) -> None:
    with pytest.raises(WrongDisplayName), office.store.transaction(office.lead.signer) as tx:
        add_user(tx, office.lead, "jan", shown, {"dpo"}, cost=CHEAP)


def test_a_name_is_given_out_once(office: Office) -> None:
    change(office, "bob", status="disabled")
    with pytest.raises(UserExists):
        invite(office, "bob", "dpo")


@pytest.mark.parametrize("passphrase", ["", "elf tekens.", "x" * 1025])
def test_a_weak_passphrase_is_refused(office: Office, passphrase: str) -> None:
    code = invite(office, "jan", "dpo")
    with pytest.raises(WeakPassphrase):
        activate(office.store, "jan", code, passphrase, DAY, cost=CHEAP)
    with pytest.raises(WeakPassphrase):
        change_passphrase(office.store, office.bob, passphrase, cost=CHEAP)
    assert load(office.store).user("jan").status == "invited"


def test_a_wrong_code_activates_nothing(office: Office) -> None:
    code = invite(office, "jan", "dpo")
    wrong = ("B" if code[0] == "A" else "A") + code[1:]
    with pytest.raises(WrongActivationCode):
        activate(office.store, "jan", wrong, "wachtwoordzin van jan", DAY, cost=CHEAP)
    activate(office.store, "jan", code.lower().replace("-", " "), "wachtwoordzin van jan", DAY, cost=CHEAP)
    assert sign_in(office.store, "jan", "wachtwoordzin van jan").user.roles == {"dpo"}


def test_a_code_is_worth_nothing_after_activation_even_with_an_old_copy_of_the_store(office: Office) -> None:
    code = invite(office, "jan", "admin")
    copy = office.store.snapshot()
    sealed = seal(b"mailbox password", load(office.store).receivers(["jan"]), SECRET)
    with office.store.transaction(office.lead.signer) as tx:
        tx.put("secrets", "mailbox", sealed)

    def reseal(tx: Transaction, old: KeyRing, session: Session) -> None:
        row = tx.get("secrets", "mailbox")
        assert row is not None
        plain = open_sealed(row, "jan", old.reading, SECRET)
        tx.put("secrets", "mailbox", seal(plain, Directory.load(tx).receivers(["jan"]), SECRET))

    session = activate(office.store, "jan", code, "wachtwoordzin van jan", DAY, cost=CHEAP, reseal=reseal)
    now = office.store.snapshot().get("secrets", "mailbox")
    assert now is not None
    assert open_sealed(now, "jan", session.ring.reading, SECRET) == b"mailbox password"

    with pytest.raises(AlreadyActive):
        activate(office.store, "jan", code, "wachtwoordzin van een ander", DAY, cost=CHEAP)
    with pytest.raises(WrongPassphrase):
        sign_in(office.store, "jan", code)
    old_row = copy.get("keyrings", "jan")
    assert old_row is not None
    stolen = unwrap(old_row, read_activation_code(code))
    with pytest.raises((RowNotGenuine, NotAReceiver)):
        open_sealed(now, "jan", stolen.reading, SECRET)
    assert load(office.store).user("jan").key_id != stolen.key_id
    known = load(office.store).known_key(stolen.key_id)
    assert known is not None
    assert known.roles == frozenset(), "what the code's key signs counts for no role"
    with office.store.transaction(stolen.signer("Jan")) as tx:
        tx.put("keyrings", "jan", old_row)
    with pytest.raises(DirectoryNotGenuine):
        sign_in(office.store, "jan", read_activation_code(code))


def test_a_code_that_is_replaced_while_it_is_used_is_refused(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = invite(office, "jan", "dpo")

    def meanwhile(ring: KeyRing, passphrase: str, *, cost: Argon2Cost) -> Row:
        keys = new_key_ring("jan").public
        change(office, "jan", reading_key=keys.reading, signing_key=keys.signing)
        return wrap(ring, passphrase, cost=cost)

    monkeypatch.setattr("storage.directory.wrap", meanwhile)
    with pytest.raises(WrongActivationCode):
        activate(office.store, "jan", code, "wachtwoordzin van jan", DAY, cost=CHEAP)
    assert load(office.store).user("jan").status == "invited"


def test_statements_of_two_histories_do_not_mix(office: Office) -> None:
    """A statement of a copy of the store fits in number and signature, but not in what came before."""
    chains = []
    for shown in ("Bob de eerste", "Bob de tweede"):
        chain = Chain()
        for key, row in office.store.snapshot().rows("directory"):
            chain.accept(key, row)
        bob = dataclasses.replace(chain.users["bob"], display_name=shown)
        rows = {}
        for user in (bob, dataclasses.replace(bob, absent_until="2026-12-01")):
            key, row = chain.next_key, chain.state(Kind.CERTIFY, user, office.lead.signer)
            chain.accept(key, row)
            rows[key] = row
        chains.append(rows)
    (sixth, seventh), (_, other_seventh) = (list(rows.values()) for rows in chains)
    tampered(office, lambda rows: rows.update({"000006": sixth, "000007": seventh}))
    assert load(office.store).user("bob").display_name == "Bob de eerste"
    tampered(office, lambda rows: rows.update({"000006": sixth, "000007": other_seventh}))
    with pytest.raises(DirectoryNotGenuine):
        load(office.store)


def test_an_activation_that_fails_in_resealing_changes_nothing(office: Office) -> None:
    code = invite(office, "jan", "dpo")

    def fail(tx: Transaction, old: KeyRing, session: Session) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        activate(office.store, "jan", code, "wachtwoordzin van jan", DAY, cost=CHEAP, reseal=fail)
    activate(office.store, "jan", code, "wachtwoordzin van jan", DAY, cost=CHEAP)


def test_a_new_passphrase_takes_the_place_of_the_old(office: Office) -> None:
    change_passphrase(office.store, office.bob, "een heel andere zin", cost=CHEAP)
    assert sign_in(office.store, "bob", "een heel andere zin").ring.public == office.bob.ring.public
    with pytest.raises(WrongPassphrase):
        sign_in(office.store, "bob", "wachtwoordzin van bob")
    change(office, "bob", status="disabled")
    with pytest.raises(AccountNotActive):
        change_passphrase(office.store, office.bob, "nog een andere zin", cost=CHEAP)


def test_secrecy_is_confirmed_by_the_user(office: Office) -> None:
    with office.store.transaction(office.bob.signer) as tx:
        confirm_secrecy(tx, office.bob, DAY.replace(year=2027))
    assert load(office.store).user("bob").secrecy_confirmed_on == "2027-11-02"


def test_only_a_team_lead_changes_the_list(office: Office) -> None:
    with pytest.raises(NotAuthorised), office.store.transaction(office.bob.signer) as tx:
        add_user(tx, office.bob, "jan", "Jan", {AUTHORITY}, cost=CHEAP)
    with pytest.raises(NotAuthorised), office.store.transaction(office.bob.signer) as tx:
        bob = Directory.load(tx).user("bob")
        certify(tx, office.bob, dataclasses.replace(bob, roles=frozenset({AUTHORITY})))
    assert [user.name for user in load(office.store).with_role(AUTHORITY)] == ["ann"]


def test_the_last_team_lead_stays(office: Office) -> None:
    with pytest.raises(LastTeamLead):
        change(office, "ann", status="disabled")
    with pytest.raises(LastTeamLead):
        change(office, "ann", roles=frozenset({"dpo"}))


def test_the_founder_can_leave_and_no_longer_speaks(office: Office) -> None:
    trusted = load(office.store).fingerprint
    change(office, "bob", roles=frozenset({AUTHORITY}))
    with office.store.transaction(office.bob.signer) as tx:
        certify(tx, office.bob, dataclasses.replace(Directory.load(tx).user("ann"), status="disabled"))
    directory = load(office.store, trusted)
    assert directory.fingerprint == trusted
    assert directory.user("ann").status == "disabled"
    with pytest.raises(NotAuthorised):
        change(office, "eva", roles=frozenset({AUTHORITY}))
    assert office.store.journal.verify(directory.signing_key).entries == 3, "what ann did stays provable"
    state_unchecked(office, Kind.CERTIFY, office.lead, "eva", roles=frozenset({AUTHORITY}))
    with pytest.raises(DirectoryNotGenuine):
        load(office.store)


def test_receivers_have_the_keys_of_the_moment(office: Office) -> None:
    directory = load(office.store)
    assert directory.receivers(["bob"]) == {"bob": office.bob.ring.public.reading}
    with pytest.raises(UnknownUser):
        directory.receivers(["jan"])
    change(office, "bob", status="disabled")
    with pytest.raises(AccountNotActive):
        load(office.store).receivers(["bob"])


def test_another_founder_than_the_remembered_is_refused(office: Office) -> None:
    trusted = load(office.store).fingerprint
    assert load(office.store, trusted).fingerprint == trusted
    with pytest.raises(DirectoryNotGenuine):
        load(office.store, "0" * 40)
    with pytest.raises(DirectoryNotGenuine):
        sign_in(office.store, "ann", LEAD_PASSPHRASE, trusted="0" * 40)


def state_unchecked(office: Office, kind: Kind, by: Session, name: str, **changes: Any) -> None:
    """Write a statement as someone with a key and the folder, but without this program's scruples, could."""
    with office.store.transaction(by.signer) as tx:
        chain = Chain()
        for key, row in tx.rows("directory"):
            chain.accept(key, row)
        user = dataclasses.replace(chain.users[name], **changes)
        tx.put("directory", chain.next_key, chain.state(kind, user, by.signer))


UNLAWFUL: dict[str, Callable[[Office], None]] = {
    "a worker certifies": lambda o: state_unchecked(o, Kind.CERTIFY, o.bob, "eva", display_name="Else"),
    "a worker takes a role": lambda o: state_unchecked(
        o, Kind.OWN, o.bob, "bob", roles=frozenset({AUTHORITY})
    ),
    "a worker speaks for another": lambda o: state_unchecked(o, Kind.OWN, o.bob, "eva", status="active"),
    "a second founder": lambda o: state_unchecked(o, Kind.FOUND, o.bob, "bob", roles=frozenset({AUTHORITY})),
    "a lead gives an active user keys": lambda o: state_unchecked(
        o, Kind.CERTIFY, o.lead, "bob", signing_key=new_key_ring("bob").public.signing
    ),
    "the last lead goes": lambda o: state_unchecked(o, Kind.CERTIFY, o.lead, "ann", status="disabled"),
    "a name with a line break": lambda o: state_unchecked(
        o, Kind.CERTIFY, o.lead, "bob", display_name="a\nb"
    ),
}


@pytest.mark.parametrize("what", UNLAWFUL)
def test_a_signed_statement_that_its_signer_may_not_make_is_refused(office: Office, what: str) -> None:
    UNLAWFUL[what](office)
    with pytest.raises(DirectoryNotGenuine):
        load(office.store)


def tampered(office: Office, change_rows: Callable[[dict[str, dict[str, Any]]], None]) -> None:
    """Change the rows of the directory as anyone who can write the folder could."""
    rows = {key: dict(office.store.snapshot().get("directory", key) or {}) for key in keys(office)}
    change_rows(rows)
    with office.store.transaction(office.bob.signer) as tx:
        for key in keys(office):
            tx.delete("directory", key)
        for key, row in rows.items():
            tx.put("directory", key, row)


def keys(office: Office) -> list[str]:
    return [key for key, _ in office.store.snapshot().rows("directory")]


def replace_public_key(rows: dict[str, dict[str, Any]]) -> None:
    rows["000003"]["user"]["reading_key"] = encoded(new_key_ring("bob").public.reading)


def replace_founder(rows: dict[str, dict[str, Any]]) -> None:
    ring = new_key_ring("ann")
    user = rows["000001"]["user"]
    user["signing_key"] = encoded(ring.public.signing)


def swap(rows: dict[str, dict[str, Any]]) -> None:
    rows["000002"], rows["000004"] = rows["000004"], rows["000002"]


TAMPERINGS: dict[str, Callable[[dict[str, dict[str, Any]]], None]] = {
    "a public key replaced": replace_public_key,
    "the founder's key replaced": replace_founder,
    "the recovery key replaced": lambda rows: rows["000001"].update(recovery_key=encoded(bytes(32))),
    "a role added": lambda rows: rows["000002"]["user"]["roles"].append(AUTHORITY),
    "a status changed": lambda rows: rows["000002"]["user"].update(status="active"),
    "a statement removed": lambda rows: rows.__delitem__("000003"),
    "the first removed": lambda rows: rows.__delitem__("000001"),
    "an old statement put back": lambda rows: rows.update({"000006": rows["000002"]}),
    "two swapped": swap,
    "a field added": lambda rows: rows["000002"].update(extra=1),
    "a signature of nothing": lambda rows: rows["000002"].update(signature=""),
    "no statement": lambda rows: rows.update({"000002": {}}),
    "all removed": lambda rows: rows.clear(),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_a_directory_changed_from_outside_is_refused(office: Office, what: str) -> None:
    tampered(office, TAMPERINGS[what])
    with pytest.raises(DirectoryNotGenuine):
        load(office.store)
    with pytest.raises(DirectoryNotGenuine):
        sign_in(office.store, "bob", "wachtwoordzin van bob")


def test_a_key_ring_put_in_anothers_place_is_refused(office: Office) -> None:
    with office.store.transaction(office.eva.signer) as tx:
        tx.put("keyrings", "bob", wrap(new_key_ring("bob"), "die van de indringer", cost=CHEAP))
    with pytest.raises(DirectoryNotGenuine):
        sign_in(office.store, "bob", "die van de indringer")
    with office.store.transaction(office.eva.signer) as tx:
        tx.delete("keyrings", "bob")
    with pytest.raises(DirectoryNotGenuine):
        sign_in(office.store, "bob", "wachtwoordzin van bob")
