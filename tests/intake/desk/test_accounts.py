"""Accounts at work: resetting, recovering and disabling."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.causes import Cause
from intake.desk import Desk
from intake.desk.desk import desk_for, open_desk
from intake.desk.office import LEDGER_SECRET, MAILBOX_SECRET, PASSPHRASES_SECRET
from intake.desk.reading import Scope
from intake.desk.refusals import KeysRenewed, NotAssignedToYou
from intake.desk.settings import Founding, found
from intake.desk.staff import first_sign_in, recover
from intake.desk.work import AttemptRequest
from intake.errors import NotAllowed, WrongUse
from intake.referral import Channel, Result, State, Wish
from intake.rows import REFERRALS, SECRETS
from intake.staff import Role
from storage.directory import RECOVERY, Directory
from storage.errors import (
    AccountDisabled,
    AccountNotActive,
    GuessablePassphrase,
    LastTeamLead,
    NotAReceiver,
    RecoveryKeyUnreadable,
    RowNotGenuine,
    UnknownUser,
    WrongRecoveryKey,
)
from storage.keys import new_recovery_key
from storage.sealing import Context, open_sealed, receivers_of
from storage.store import Store, open_store
from tests.tui.office import CLIENTS, COST, ELS, LEAD, PASSPHRASES, START, TOM, TestOffice, found_office

NEW = "zeven stille kaden"


@pytest.fixture
def office(tmp_path: Path) -> TestOffice:
    """A team lead, an.lead, two social workers, els and tom, and three referrals."""
    office = found_office(tmp_path)
    office.receive(CLIENTS[:3])
    return office


@pytest.fixture
def store(office: TestOffice) -> Iterator[Store]:
    store = open_store(office.location, clock=office.clock)
    yield store
    store.close()


ONE, TWO, THREE = "D2026-0001", "D2026-0002", "D2026-0003"


def readers(store: Store, table: str, key: str) -> set[str]:
    row = store.snapshot().get(table, key)
    assert row is not None
    return set(receivers_of(row["sealed"]))


def assign(office: TestOffice, to: str, *references: str) -> None:
    with office.desk(LEAD) as lead:
        lead.work.assign(references, to)


def opens(session_of: Desk, store: Store, table: str, key: str, purpose: str) -> bool:
    """Whether these keys open that row as it stands today."""
    row = store.snapshot().get(table, key)
    assert row is not None
    ring = session_of.office.session.ring
    try:
        open_sealed(row["sealed"], ring.user, ring.reading, Context(purpose, key))
    except (NotAReceiver, RowNotGenuine):
        return False
    return True


# -- reset ------------------------------------------------------------------------------------------------------------


def test_after_a_reset_the_user_reads_what_was_readable_before_and_the_old_keys_nothing(
    office: TestOffice, store: Store
) -> None:
    assign(office, ELS, ONE)
    with office.desk(ELS) as old:
        with office.desk(LEAD) as lead:
            code = lead.staff.reset(ELS, cost=COST)
            assert [e.action for e in lead.log.entries(reference=ELS)][-1] == "user-reset"
        assert not opens(old, store, REFERRALS, ONE, "referral")
        assert not opens(old, store, SECRETS, PASSPHRASES_SECRET, "secret")
        with pytest.raises(NotAllowed):
            old.work.open(ONE)
        session = first_sign_in(store, ELS, code, NEW, START.date(), cost=COST)
        with pytest.raises(KeysRenewed):
            old.work.open(ONE)
    new = desk_for(store, session, office.clock)
    assert new.work.open(ONE).payload.client == CLIENTS[0]
    assert new.office.secret(MAILBOX_SECRET) == {"password": "x"}
    with pytest.raises(NotAssignedToYou):
        new.work.open(TWO)


def test_a_team_lead_is_reset_by_another_and_reads_quarantine_again(office: TestOffice, store: Store) -> None:
    with office.desk(LEAD) as lead:
        code = lead.staff.add("mia", [Role.TEAM_LEAD], cost=COST)
    first_sign_in(store, "mia", code, "mia heeft drie wafels", START.date(), cost=COST)
    item = office.quarantine(Cause.NOT_ENCRYPTED, "wat er stond")
    with office.desk(LEAD) as lead:
        code = lead.staff.reset("Mia", cost=COST)
        with pytest.raises(WrongUse):
            lead.staff.reset(LEAD, cost=COST)
    session = first_sign_in(store, "mia", code, NEW, START.date(), cost=COST)
    mia = desk_for(store, session, office.clock)
    assert mia.quarantine.show(item).text == "wat er stond"
    assert mia.work.open(THREE).payload.client == CLIENTS[2]


def test_a_guessable_passphrase_is_refused_at_the_first_sign_in_and_when_changing(
    office: TestOffice, store: Store
) -> None:
    with office.desk(LEAD) as lead:
        code = lead.staff.reset(ELS, cost=COST)
        with pytest.raises(GuessablePassphrase):
            lead.staff.change_passphrase("welkomwelkom01", cost=COST)
    with pytest.raises(GuessablePassphrase):
        first_sign_in(store, ELS, code, "els els els els", START.date(), cost=COST)
    first_sign_in(store, ELS, code, NEW, START.date(), cost=COST)


# -- recovery ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def forgotten(tmp_path: Path, office: TestOffice) -> tuple[Path, str]:
    """Another office, whose only team lead forgot; its folder and printed recovery key."""
    settings = office.settings.model_copy(update={"visibility": "assigned"})
    made = found(
        Founding(tmp_path / "two", LEAD, PASSPHRASES[LEAD], settings, "geheim", [("een", "sesam")]),
        clock=office.clock,
        cost=COST,
    )
    made.store.close()
    other = TestOffice(tmp_path / "two", settings, office.clock)
    other.receive(CLIENTS[:2])
    other.quarantine(Cause.DAMAGED, "halve tekst")
    return tmp_path / "two", made.recovery_key


def test_the_last_team_lead_who_forgot_is_back_with_the_recovery_key_and_everything_is_there(
    office: TestOffice, forgotten: tuple[Path, str]
) -> None:
    folder, key = forgotten
    store = open_store(folder, clock=office.clock)
    trusted = Directory.load(store.snapshot()).fingerprint
    code = recover(store, "An.Lead", key.lower(), trusted=trusted, cost=COST)
    with pytest.raises(AccountNotActive):
        open_desk(folder, LEAD, PASSPHRASES[LEAD], clock=office.clock)
    session = first_sign_in(store, LEAD, code, NEW, START.date(), cost=COST, trusted=trusted)
    lead = desk_for(store, session, office.clock, trusted=trusted)
    assert [line.client for line in lead.work.worklist(Scope.ALL)] == list(CLIENTS[:2])
    assert lead.quarantine.show("Q2026-0001").text == "halve tekst"
    assert lead.office.secret(MAILBOX_SECRET) == {"password": "geheim"}
    assert lead.office.secret(PASSPHRASES_SECRET) == [{"label": "een", "secret": "sesam"}]
    assert lead.office.secret(LEDGER_SECRET)["key"]
    entry = next(e for e in lead.log.entries() if e.action == "user-recovered")
    assert (entry.user, entry.references) == (RECOVERY, (LEAD,))
    lead.log.verify()
    lead.staff.add("mia", [Role.TEAM_LEAD], cost=COST)
    store.close()


def test_a_wrong_or_mistyped_recovery_key_changes_nothing(
    office: TestOffice, forgotten: tuple[Path, str]
) -> None:
    folder, key = forgotten
    store = open_store(folder, clock=office.clock)
    before = store.generation
    mistyped = ("A" if key[0] != "A" else "B") + key[1:]
    for wrong, error in ((mistyped, RecoveryKeyUnreadable), (new_recovery_key()[0], WrongRecoveryKey)):
        with pytest.raises(error):
            recover(store, LEAD, wrong, cost=COST)
    with pytest.raises(UnknownUser):
        recover(store, "niemand", key, cost=COST)
    assert store.generation == before
    store.close()
    open_desk(folder, LEAD, PASSPHRASES[LEAD], clock=office.clock).close()


def test_an_altered_row_does_not_become_genuine_by_a_recovery(
    office: TestOffice, forgotten: tuple[Path, str]
) -> None:
    folder, key = forgotten
    desk = open_desk(folder, LEAD, PASSPHRASES[LEAD], clock=office.clock)
    with desk.office.store.transaction(desk.office.session.signer) as tx:
        tx.put(REFERRALS, ONE, {**(tx.get(REFERRALS, ONE) or {}), "state": "declined"})
    with pytest.raises(RowNotGenuine):
        recover(desk.office.store, LEAD, key, cost=COST)
    desk.close()


# -- disabling --------------------------------------------------------------------------------------------------------


def test_a_disabled_users_keys_open_nothing_on_todays_store(office: TestOffice, store: Store) -> None:
    assign(office, ELS, ONE, TWO)
    with office.desk(ELS) as gone:
        gone.work.attempt(AttemptRequest(TWO, Channel.PHONE, Result.NO_ANSWER))
        with office.desk(LEAD) as lead:
            done = lead.staff.disable(ELS)
        assert (done.handed_over, done.to, done.knew_secrets) == ((ONE, TWO), None, True)
        for key in (ONE, TWO, THREE):
            assert not opens(gone, store, REFERRALS, key, "referral")
        for secret in (MAILBOX_SECRET, PASSPHRASES_SECRET, LEDGER_SECRET):
            assert not opens(gone, store, SECRETS, secret, "secret")
        with pytest.raises(NotAllowed):
            gone.work.worklist()
    with pytest.raises(AccountNotActive), office.desk(ELS):
        pass
    with office.desk(LEAD) as lead:
        view = lead.work.open(TWO)
        assert (view.referral.assigned_to, len(view.referral.attempts)) == (None, 1)
        assert view.referral.timeline[-1].step == "unassign"
        assert lead.work.open(ONE).referral.state is State.RECEIVED
        assert [e.reason for e in lead.log.entries(reference=ONE) if e.action == "unassign"] == [
            "=user-disabled"
        ]
        lead.log.verify()
        with pytest.raises(AccountDisabled):
            lead.staff.disable(ELS)


def test_record_keys_are_new_after_disabling(office: TestOffice, store: Store) -> None:
    assign(office, ELS, ONE)
    before = store.snapshot().get(REFERRALS, ONE)
    secret = store.snapshot().get(SECRETS, MAILBOX_SECRET)
    with office.desk(LEAD) as lead:
        lead.staff.disable(ELS)
    for table, key, old in ((REFERRALS, ONE, before), (SECRETS, MAILBOX_SECRET, secret)):
        now = store.snapshot().get(table, key)
        assert old is not None
        assert now is not None
        assert now["sealed"]["data"] != old["sealed"]["data"]
        assert now["sealed"]["nonce"] != old["sealed"]["nonce"]


def test_open_referrals_go_to_the_colleague_who_is_named(office: TestOffice, store: Store) -> None:
    assign(office, ELS, ONE, TWO)
    with office.desk(ELS) as els:
        els.work.attempt(AttemptRequest(TWO, Channel.PHONE, Result.REACHED))
        els.work.wish(TWO, Wish.NO)
    with office.desk(LEAD) as lead:
        for heir in (ELS, "niemand"):
            with pytest.raises((WrongUse, UnknownUser)):
                lead.staff.disable(ELS, heir)
        assert lead.staff.disable(ELS, "Tom").handed_over == (ONE,)
    with office.desk(TOM) as tom:
        assert tom.work.open(ONE).referral.assigned_to == TOM
        with pytest.raises(NotAssignedToYou):
            tom.work.open(TWO)
    assert readers(store, REFERRALS, TWO) == {LEAD, RECOVERY}, "a closed one keeps the name and not the key"
    with office.desk(LEAD) as lead:
        assert lead.work.reopen(TWO, "toch nog").assigned_to == ELS
        lead.work.assign([TWO], TOM)


def test_the_last_team_lead_cannot_be_disabled(office: TestOffice) -> None:
    with office.desk(LEAD) as lead:
        with pytest.raises(LastTeamLead):
            lead.staff.disable(LEAD)
        assert lead.work.open(ONE).payload.client == CLIENTS[0]
