"""Absences and substitutes, the yearly confirmation of secrecy, and wrong passphrases at the desk."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from intake.desk import Desk
from intake.desk.desk import desk_for, open_desk
from intake.desk.refusals import NotAssignedToYou, SecrecyNotConfirmed
from intake.desk.staff import first_sign_in
from intake.desk.work import AttemptRequest
from intake.errors import WrongUse
from intake.referral import Channel, Result, Wish
from intake.rows import REFERRALS
from intake.staff import Role
from storage.directory import RECOVERY, Directory
from storage.errors import (
    SignInSlowed,
    WrongPassphrase,
)
from storage.store import Store, open_store
from tests.intake.desk.test_accounts import NEW, ONE, THREE, TWO, assign, opens, readers
from tests.tui.office import CLIENTS, COST, ELS, LEAD, PASSPHRASES, START, TOM, TestOffice, found_office


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


# -- absences ---------------------------------------------------------------------------------------------------------


def test_a_substitute_reads_and_works_open_referrals_until_that_day(office: TestOffice, store: Store) -> None:
    assign(office, ELS, ONE, TWO)
    with office.desk(ELS) as els:
        els.work.attempt(AttemptRequest(TWO, Channel.PHONE, Result.REACHED))
        els.work.wish(TWO, Wish.NO)
    until = START.date() + timedelta(days=7)
    with office.desk(LEAD) as lead:
        due = {line.referral.reference: line.due_on for line in lead.work.worklist()}
        lead.staff.absent(ELS, until, TOM)
        assert {line.referral.reference: line.due_on for line in lead.work.worklist()} == due, (
            "deadlines go on"
        )
    assert readers(store, REFERRALS, ONE) == {LEAD, ELS, TOM, RECOVERY}
    assert readers(store, REFERRALS, TWO) == {LEAD, ELS, RECOVERY}, "closed"
    assert readers(store, REFERRALS, THREE) == {LEAD, RECOVERY}
    office.clock.forward(days=7)
    with office.desk(TOM) as tom:
        assert tom.work.open(ONE).reason == "=substitute"
        tom.work.attempt(AttemptRequest(ONE, Channel.PHONE, Result.NO_ANSWER))
    with office.desk(LEAD) as lead:
        lead.work.assign([THREE], ELS)
    assert TOM in readers(store, REFERRALS, THREE), "what is assigned during the absence as well"


def test_after_the_last_day_the_program_shows_no_more_and_a_team_leads_sign_in_takes_the_key(
    office: TestOffice, store: Store
) -> None:
    assign(office, ELS, ONE)
    with office.desk(LEAD) as lead:
        lead.staff.absent(ELS, START.date(), TOM)
    office.clock.forward(days=1)
    with office.desk(TOM) as tom:
        assert opens(tom, store, REFERRALS, ONE, "referral"), "the key is still there"
        with pytest.raises(NotAssignedToYou):
            tom.work.open(ONE)
        assert [line.client for line in tom.work.worklist()] == [None, None, None]
        with pytest.raises(NotAssignedToYou):
            tom.work.attempt(AttemptRequest(ONE, Channel.PHONE, Result.NO_ANSWER))
        tom.tidy()
        assert opens(tom, store, REFERRALS, ONE, "referral")
        with office.desk(LEAD) as lead:
            lead.tidy()
            assert [e.action for e in lead.log.entries(reference=ELS)][-1] == "absence-ended"
            generation = store.generation
            lead.tidy()
        assert not opens(tom, store, REFERRALS, ONE, "referral")
    assert store.generation == generation, "nothing is left to tidy"
    assert Directory.load(store.snapshot()).user(ELS).substitute is None


def test_who_comes_back_early_works_alone_again(office: TestOffice, store: Store) -> None:
    assign(office, ELS, ONE)
    with office.desk(LEAD) as lead:
        lead.staff.absent(ELS, START.date() + timedelta(days=30), TOM)
        assert lead.staff.back(ELS).absent_until is None
        with pytest.raises(WrongUse):
            lead.staff.back(ELS)
    assert readers(store, REFERRALS, ONE) == {LEAD, ELS, RECOVERY}


def test_an_absence_that_makes_no_sense_is_refused(office: TestOffice, store: Store) -> None:
    with office.desk(LEAD) as lead:
        code = lead.staff.add("dirk", [Role.DPO], cost=COST)
        first_sign_in(store, "dirk", code, NEW, START.date(), cost=COST)
        today = START.date()
        for name, until, substitute in (
            (ELS, today - timedelta(days=1), TOM),
            (ELS, today, ELS),
            (ELS, today, "dirk"),
            ("dirk", today, TOM),
        ):
            with pytest.raises(WrongUse):
                lead.staff.absent(name, until, substitute)
        lead.staff.disable(TOM)
        with pytest.raises(WrongUse):
            lead.staff.absent(ELS, today, TOM)


def test_a_substitute_who_is_disabled_stands_in_no_more(office: TestOffice, store: Store) -> None:
    assign(office, ELS, ONE)
    with office.desk(LEAD) as lead:
        lead.staff.absent(ELS, START.date() + timedelta(days=30), TOM)
        lead.staff.disable(TOM)
    assert readers(store, REFERRALS, ONE) == {LEAD, ELS, RECOVERY}


# -- professional secrecy -----------------------------------------------------------------------------------------------


def _a_year_and_a_day(office: TestOffice) -> None:
    office.clock.forward(days=366)


def test_secrecy_is_confirmed_again_after_a_year_and_until_then_nothing_is_read(office: TestOffice) -> None:
    assign(office, ELS, ONE)
    office.clock.forward(days=365)
    with office.desk(ELS) as els:
        assert not els.staff.secrecy_due()
        assert els.work.open(ONE).payload.client == CLIENTS[0]
    office.clock.forward(days=1)
    with office.desk(ELS) as els:
        assert els.staff.secrecy_due()
        for use in (
            els.work.worklist,
            lambda: els.work.open(ONE),
            lambda: els.log.seen_by(ONE),
            els.quarantine.items,
            lambda: els.work.attempt(AttemptRequest(ONE, Channel.PHONE, Result.NO_ANSWER)),
        ):
            with pytest.raises(SecrecyNotConfirmed):
                use()
        els.retention.plan()
        assert els.staff.confirm_secrecy() == date(2027, 11, 19)
        assert els.work.open(ONE).payload.client == CLIENTS[0]
    with office.desk(LEAD) as lead:
        with pytest.raises(SecrecyNotConfirmed):
            lead.log.verify()
        lead.staff.confirm_secrecy()
        assert [e.action for e in lead.log.entries(reference=ELS)][-1] == "secrecy-confirmed"
        lead.log.verify()


def test_a_service_account_promises_nothing(office: TestOffice, store: Store) -> None:
    with office.desk(LEAD) as lead:
        code = lead.staff.add("nacht", [Role.SERVICE], cost=COST)
    session = first_sign_in(store, "nacht", code, NEW, START.date(), cost=COST)
    _a_year_and_a_day(office)
    desk = desk_for(store, session, office.clock)
    assert not desk.staff.secrecy_due()
    assert len(desk.work.worklist()) == 3


# -- wrong passphrases --------------------------------------------------------------------------------------------------


def test_wrong_passphrases_slow_the_next_ones_and_stand_in_the_log_of_the_next_sign_in(
    office: TestOffice, tmp_path: Path
) -> None:
    def enter(passphrase: str) -> Desk:
        return open_desk(office.location, ELS, passphrase, clock=office.clock, memory=tmp_path / "state")

    for _ in range(3):
        with pytest.raises(WrongPassphrase):
            enter("een heel andere zin")
    with pytest.raises(SignInSlowed):
        enter(PASSPHRASES[ELS])
    office.clock.forward(seconds=5)
    enter(PASSPHRASES[ELS]).close()
    enter(PASSPHRASES[ELS]).close()
    with office.desk(LEAD) as lead:
        told = [e.detail for e in lead.log.entries(user=ELS) if e.action == "sign-in"]
    assert told == [{"failed-before": 3}, {}]


def test_a_failed_proof_at_the_lock_counts_too(office: TestOffice, tmp_path: Path) -> None:
    from storage.patience import Patience

    patience = Patience(tmp_path / "sign-in.json", office.clock)
    with office.desk(ELS) as els:
        for _ in range(3):
            with pytest.raises(WrongPassphrase):
                els.prove("een heel andere zin", patience)
        with pytest.raises(SignInSlowed):
            els.prove(PASSPHRASES[ELS], patience)
        office.clock.forward(seconds=5)
        els.prove(PASSPHRASES[ELS], patience)
    with office.desk(LEAD) as lead:
        assert [e.action for e in lead.log.entries(user=ELS)][-1] == "unlock"
