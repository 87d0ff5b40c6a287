"""New keys for who forgot, by a team lead or by the printed recovery key, and the end of an account."""

import dataclasses
from collections.abc import Callable

import pytest

from storage.directory import (
    AUTHORITY,
    RECOVERY,
    Directory,
    Session,
    activate,
    certify,
    confirm_secrecy,
    sign_in,
)
from storage.errors import (
    AccountDisabled,
    AccountNotActive,
    DirectoryNotGenuine,
    LastTeamLead,
    NotAuthorised,
    NotRecoverable,
    RowNotGenuine,
    UnknownUser,
    WrongPassphrase,
    WrongRecoveryKey,
)
from storage.keys import (
    KeyRing,
    new_key_ring,
    new_recovery_key,
    read_activation_code,
    read_recovery_key,
    unwrap,
)
from storage.renewal import disable_user, recover_user, reset_user
from storage.sealing import Context, open_sealed, seal, sign_row, verify_row
from storage.store import Store
from storage.users import INVITED, Chain, Kind, User
from tests.storage.support import CHEAP, DAY, LEAD_PASSPHRASE, Office

NEW = "zeven stille kaden"


def load(store: Store, trusted: str | None = None) -> Directory:
    return Directory.load(store.snapshot(), trusted=trusted)


def reset(office: Office, name: str, by: Session | None = None) -> str:
    lead = by or office.lead
    with office.store.transaction(lead.signer) as tx:
        return reset_user(tx, lead, name, cost=CHEAP)


def recover(office: Office, name: str, ring: KeyRing | None = None) -> str:
    recovery = ring or read_recovery_key(office.recovery_text)
    with office.store.transaction(recovery.signer(RECOVERY)) as tx:
        return recover_user(tx, recovery, name, cost=CHEAP)


def disable(office: Office, name: str, by: Session | None = None) -> None:
    lead = by or office.lead
    with office.store.transaction(lead.signer) as tx:
        disable_user(tx, lead, name)


def make_lead(office: Office, name: str) -> None:
    with office.store.transaction(office.lead.signer) as tx:
        user = Directory.load(tx).user(name)
        certify(tx, office.lead, dataclasses.replace(user, roles=user.roles | {AUTHORITY}))


def test_who_forgot_begins_again_with_a_code_and_keeps_name_and_roles(office: Office) -> None:
    before = load(office.store).user("bob")
    code = reset(office, "bob")
    with pytest.raises(AccountNotActive):
        sign_in(office.store, "bob", "wachtwoordzin van bob")
    session = activate(office.store, "bob", code, NEW, DAY, cost=CHEAP)
    after = load(office.store).user("bob")
    assert (after.roles, after.display_name, after.status) == (before.roles, before.display_name, "active")
    assert {before.reading_key, before.signing_key}.isdisjoint({after.reading_key, after.signing_key})
    assert sign_in(office.store, "bob", NEW).ring.public == session.ring.public
    with pytest.raises(WrongPassphrase):
        sign_in(office.store, "bob", "wachtwoordzin van bob")


def test_the_old_keys_say_and_open_nothing_after_a_reset(office: Office) -> None:
    copy = office.store.snapshot().get("keyrings", "bob")
    assert copy is not None
    code = reset(office, "bob")
    activate(office.store, "bob", code, NEW, DAY, cost=CHEAP)
    with pytest.raises(AccountNotActive), office.store.transaction(office.bob.signer) as tx:
        confirm_secrecy(tx, office.bob, DAY)
    context = Context("secret", "mailbox")
    sealed = seal(b"x", load(office.store).receivers(["bob"]), context)
    with pytest.raises(RowNotGenuine):
        open_sealed(sealed, "bob", office.bob.ring.reading, context)
    with office.store.transaction(office.bob.signer) as tx:
        tx.put("keyrings", "bob", copy)
    with pytest.raises(DirectoryNotGenuine):
        sign_in(office.store, "bob", "wachtwoordzin van bob")


def test_a_lost_code_is_replaced(office: Office) -> None:
    lost = reset(office, "bob")
    code = reset(office, "bob")
    with pytest.raises(WrongPassphrase):
        activate(office.store, "bob", lost, NEW, DAY, cost=CHEAP)
    activate(office.store, "bob", code, NEW, DAY, cost=CHEAP)


def test_only_a_team_lead_resets_and_disables(office: Office) -> None:
    for act in (reset, disable):
        with pytest.raises(NotAuthorised):
            act(office, "eva", office.bob)
    assert load(office.store).user("eva").status == "active"


def test_the_last_team_lead_is_neither_reset_nor_disabled(office: Office) -> None:
    for act in (reset, disable):
        with pytest.raises(LastTeamLead):
            act(office, "ann")
    assert sign_in(office.store, "ann", LEAD_PASSPHRASE).user.status == "active"


def test_a_disabled_account_stays_so(office: Office) -> None:
    disable(office, "bob")
    assert office.store.snapshot().get("keyrings", "bob") is None
    with pytest.raises(AccountNotActive):
        sign_in(office.store, "bob", "wachtwoordzin van bob")
    for act in (reset, disable):
        with pytest.raises(AccountDisabled):
            act(office, "bob")
    with pytest.raises(UnknownUser):
        reset(office, "jan")


def test_who_stood_in_does_so_no_more_when_disabled(office: Office) -> None:
    with office.store.transaction(office.lead.signer) as tx:
        eva = Directory.load(tx).user("eva")
        certify(tx, office.lead, dataclasses.replace(eva, substitute="bob", absent_until="2026-12-24"))
    disable(office, "bob")
    assert (load(office.store).user("eva").substitute, load(office.store).user("eva").absent_until) == (
        None,
        None,
    )


def test_the_recovery_key_helps_the_last_team_lead_who_forgot(office: Office) -> None:
    trusted = load(office.store).fingerprint
    code = recover(office, "ann")
    assert load(office.store, trusted).with_role(AUTHORITY) == (), "nobody leads until the code is used"
    with office.store.transaction(office.bob.signer) as tx:
        confirm_secrecy(tx, office.bob, DAY)
    session = activate(office.store, "ann", code, NEW, DAY, cost=CHEAP)
    directory = load(office.store, trusted)
    assert directory.fingerprint == trusted, "no workstation needs to trust anything new"
    assert [user.name for user in directory.with_role(AUTHORITY)] == ["ann"]
    reset(office, "bob", session)
    with pytest.raises(NotAuthorised):
        reset(office, "eva", office.lead)


def test_what_the_recovery_key_signed_is_genuine_and_stands_in_the_log_under_its_name(office: Office) -> None:
    ring = read_recovery_key(office.recovery_text)
    row = sign_row({"x": 1}, ring.signer(RECOVERY), "referrals", "D2026-0001")
    verify_row(row, load(office.store), "referrals", "D2026-0001", frozenset({AUTHORITY}))
    other = read_recovery_key(new_recovery_key()[0])
    row = sign_row({"x": 1}, other.signer(RECOVERY), "referrals", "D2026-0001")
    with pytest.raises(RowNotGenuine):
        verify_row(row, load(office.store), "referrals", "D2026-0001", frozenset({AUTHORITY}))


def test_another_offices_recovery_key_is_refused(office: Office) -> None:
    with pytest.raises(WrongRecoveryKey):
        recover(office, "ann", read_recovery_key(new_recovery_key()[0]))
    with pytest.raises(WrongRecoveryKey):
        recover(office, "ann", new_key_ring("ann"))
    assert sign_in(office.store, "ann", LEAD_PASSPHRASE)


@pytest.mark.parametrize("name", ["bob", "eva"])
def test_the_recovery_key_helps_team_leads_alone(office: Office, name: str) -> None:
    with pytest.raises(NotRecoverable):
        recover(office, name)


def test_the_recovery_key_brings_no_former_team_lead_back(office: Office) -> None:
    make_lead(office, "bob")
    disable(office, "bob")
    with pytest.raises(NotRecoverable):
        recover(office, "bob")


def test_recovery_checks_the_directory_that_is_trusted(office: Office) -> None:
    ring = read_recovery_key(office.recovery_text)
    with pytest.raises(DirectoryNotGenuine), office.store.transaction(ring.signer(RECOVERY)) as tx:
        recover_user(tx, ring, "ann", trusted="0" * 40, cost=CHEAP)


def _with(user: User, **changes: object) -> User:
    ring = new_key_ring(user.name)
    return dataclasses.replace(user.with_keys(ring.public), **{"status": INVITED, **changes})  # type: ignore[arg-type]


UNLAWFUL: dict[str, Callable[[dict[str, User]], User]] = {
    "makes a worker a lead": lambda u: _with(u["bob"], roles=frozenset({AUTHORITY})),
    "gives a worker keys": lambda u: _with(u["bob"]),
    "activates at once": lambda u: _with(u["ann"], status="active"),
    "disables": lambda u: dataclasses.replace(u["ann"], status="disabled"),
    "keeps a key": lambda u: dataclasses.replace(_with(u["ann"]), reading_key=u["ann"].reading_key),
    "changes a name": lambda u: _with(u["ann"], display_name="Iemand anders"),
    "adds a role": lambda u: _with(u["ann"], roles=frozenset({AUTHORITY, "dpo"})),
    "sets a substitute": lambda u: _with(u["ann"], substitute="bob", absent_until="2026-12-24"),
    "makes up a user": lambda u: _with(dataclasses.replace(u["ann"], name="jan")),
}


@pytest.mark.parametrize("what", UNLAWFUL)
@pytest.mark.parametrize("kind", [Kind.RECOVER, Kind.CERTIFY])
def test_a_statement_that_the_recovery_key_may_not_make_is_refused(
    office: Office, what: str, kind: Kind
) -> None:
    ring = read_recovery_key(office.recovery_text)
    with office.store.transaction(office.bob.signer) as tx:
        chain = Chain()
        for key, row in tx.rows("directory"):
            chain.accept(key, row)
        user = UNLAWFUL[what](chain.users)
        tx.put("directory", chain.next_key, chain.state(kind, user, ring.signer(RECOVERY)))
    with pytest.raises(DirectoryNotGenuine):
        load(office.store)


@pytest.mark.parametrize("by", ["ann", "bob", "new"])
def test_nobody_but_the_recovery_key_states_a_recovery(office: Office, by: str) -> None:
    signer = {
        "ann": office.lead.signer,
        "bob": office.bob.signer,
        "new": new_key_ring(RECOVERY).signer(RECOVERY),
    }
    with office.store.transaction(office.bob.signer) as tx:
        chain = Chain()
        for key, row in tx.rows("directory"):
            chain.accept(key, row)
        tx.put("directory", chain.next_key, chain.state(Kind.RECOVER, _with(chain.users["ann"]), signer[by]))
    with pytest.raises(DirectoryNotGenuine):
        load(office.store)


def test_a_recovery_cannot_be_stated_before_there_is_a_founder(office: Office) -> None:
    ring = read_recovery_key(office.recovery_text)
    chain = Chain()
    user = _with(load(office.store).user("ann"))
    with pytest.raises(DirectoryNotGenuine):
        chain.accept("000001", chain.state(Kind.RECOVER, user, ring.signer(RECOVERY)))


def test_the_code_of_a_recovery_opens_no_more_than_an_invitation(office: Office) -> None:
    code = recover(office, "ann")
    row = office.store.snapshot().get("keyrings", "ann")
    assert row is not None
    invited = unwrap(row, read_activation_code(code))
    known = load(office.store).known_key(invited.key_id)
    assert known is not None
    assert known.roles == frozenset()
    with pytest.raises(NotAuthorised):
        reset(office, "bob", Session(load(office.store).user("ann"), invited, invited.signer("Ann Maes")))
