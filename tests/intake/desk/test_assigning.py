"""Spreading referrals over workers, taking an assignment back, and what a proposal may look at."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from intake.config import OfficeSettings, WorkerTerms, checked_use
from intake.desk import Desk
from intake.desk.refusals import NotAssignedToYou
from intake.desk.work import AttemptRequest
from intake.errors import NotAllowed, NotLawful, Stale, WrongUse
from intake.proposals import Reason
from intake.referral import Channel, Result, State
from intake.rows import REFERRALS
from intake.workload import Workload
from storage.sealing import receivers_of
from tests.tui.office import CLIENTS, ELS, LEAD, TOM, TestOffice, found_office


@pytest.fixture
def office(tmp_path: Path) -> TestOffice:
    return found_office(tmp_path)


@pytest.fixture
def lead(office: TestOffice) -> Iterator[Desk]:
    with office.desk(LEAD) as desk:
        yield desk


def readers(desk: Desk, reference: str) -> frozenset[str]:
    row = desk.office.store.snapshot().get(REFERRALS, reference)
    assert row is not None
    return receivers_of(row["sealed"])


def terms(desk: Desk, **workers: WorkerTerms) -> None:
    desk.settings.change(desk.settings.show().model_copy(update={"workers": workers}))


def test_an_assignment_that_is_taken_back_is_nobodys_with_new_keys_and_on_record(
    office: TestOffice, lead: Desk
) -> None:
    one, two = office.receive(CLIENTS[:2])
    lead.work.assign([one, two], ELS)
    with office.desk(ELS) as els:
        els.work.attempt(AttemptRequest(two, Channel.PHONE, Result.REACHED))
        before = dict(lead.office.row_of(lead.office.snapshot(), one))["sealed"]
        done = lead.work.unassign([one, two])
        assert [(r.assigned_to, r.state) for r in done] == [(None, State.RECEIVED), (None, State.CONTACTED)]
        assert ELS not in readers(lead, one) | readers(lead, two)
        assert dict(lead.office.row_of(lead.office.snapshot(), one))["sealed"] != before
        with pytest.raises(NotAssignedToYou):
            els.work.open(one)
    [entry] = [e for e in lead.log.entries(reference=one) if e.action == "unassign"]
    assert (entry.user, dict(entry.detail)) == (LEAD, {"from": ELS})
    view = lead.work.open(one)
    assert (view.referral.timeline[-1].step, view.referral.timeline[-1].detail) == ("unassign", ELS)
    with pytest.raises(NotLawful) as refused:
        lead.work.unassign([one])
    assert refused.value.values["article"] == "P4"


def test_each_gets_its_own_worker_or_none_does(office: TestOffice, lead: Desk) -> None:
    one, two, three = office.receive(CLIENTS[:3])
    versions = dict.fromkeys((one, two, three), 1)
    with office.desk(LEAD) as colleague:
        colleague.work.assign([two], TOM)
    with pytest.raises(Stale) as stale:
        lead.work.distribute({one: ELS, two: ELS}, versions)
    assert stale.value.values["reference"] == two
    with pytest.raises(WrongUse):
        lead.work.distribute({one: ELS, three: "niemand"}, versions)
    assert lead.work.open(one).referral.assigned_to is None
    done = lead.work.distribute({one: ELS, two: None, three: TOM})
    assert [r.assigned_to for r in done] == [ELS, None, TOM]
    told = {e.references[0]: (e.action, dict(e.detail)) for e in list(lead.log.entries())[-3:]}
    assert told == {
        one: ("assign", {"to": ELS}),
        two: ("unassign", {"from": TOM}),
        three: ("assign", {"to": TOM}),
    }


def test_the_board_counts_the_work_and_says_who_is_away(office: TestOffice, lead: Desk) -> None:
    references = office.receive(CLIENTS)
    lead.work.assign(references[:3], ELS)
    lead.staff.absent(ELS, date(2026, 11, 20), TOM)
    board = lead.assigning.board()
    found = {worker.account: worker for worker in board.workers}
    assert list(found) == [LEAD, ELS, TOM]
    assert found[ELS].load == Workload(open=3, overdue=0, to_try=3, lately=3)
    assert (found[ELS].absent_until, found[ELS].substitute) == (date(2026, 11, 20), TOM)
    [proposed] = lead.assigning.proposal()
    assert (proposed.reference, proposed.to) == (references[3], TOM), "who is absent is not proposed"
    office.clock.forward(days=3)
    assert {w.account: w.absent_until for w in lead.assigning.board().workers}[ELS] is None


def test_a_proposal_knows_areas_and_languages_and_keeps_neither(office: TestOffice, lead: Desk) -> None:
    """The log tells that clients were listed; a postcode or a language stands nowhere."""
    references = office.receive(CLIENTS[:3])
    terms(lead, els=WorkerTerms(languages=("tr",)), tom=WorkerTerms(postcodes=("8930",)))
    lead.work.assign([office.receive(CLIENTS[:1])[0]], TOM)
    found = {
        p.reference: (p.to, p.because[0]) for p in lead.assigning.proposal(languages={references[1]: "tr"})
    }
    assert found == {
        references[0]: (ELS, Reason.WORKLOAD),
        references[1]: (ELS, Reason.LANGUAGE),
        references[2]: (TOM, Reason.AREA),
    }
    offered = lead.assigning.offer([references[2]])
    assert (offered.to, offered.because) == (TOM, (Reason.AREA,))
    lead.work.assign([references[2]], TOM)
    again = lead.assigning.offer([references[2]])
    assert (again.to, again.because) == (ELS, (Reason.WORKLOAD,)), "not who works it already"
    listed = [e for e in lead.log.entries() if e.action == "list"]
    assert set(references) <= {r for e in listed for r in e.references}
    told = [(e.references, e.fields, e.reason, e.detail) for e in lead.log.entries()]
    assert "8930" not in repr(told), "signatures may hold any letters"


def test_what_a_worker_is_for_is_checked_and_a_team_leads_to_say(office: TestOffice, lead: Desk) -> None:
    values = lead.settings.show().model_dump(mode="json")
    for wrong in (
        {"els": {"postcodes": ["geen"]}},
        {"els": {"languages": ["Frans"]}},
        {"Els M": {}},
        {"els": {"phone": "1"}},
    ):
        with pytest.raises(WrongUse):
            checked_use(OfficeSettings, {**values, "workers": wrong})
    with pytest.raises(WrongUse):
        terms(lead, iemand=WorkerTerms())
    terms(lead, els=WorkerTerms(postcodes=("8940", "8940"), languages=("fr",)))
    assert lead.settings.show().workers["els"].postcodes == ("8940",)
    assert lead.settings.show().model_dump(mode="json")["workers"] == {
        "els": {"postcodes": ["8940"], "languages": ["fr"]}
    }
    with office.desk(ELS) as els, pytest.raises(NotAllowed):
        terms(els)
