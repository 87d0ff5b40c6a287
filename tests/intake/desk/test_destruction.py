"""A case file that was kept here goes after ten years, and only when two people looked at it (P3)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from intake.desk import Desk
from intake.desk.destruction import ListChanged, ListMissing, NobodyElse, OwnProposal, RuleMissing, Standing
from intake.desk.restoring import restore_backup
from intake.errors import NotAllowed, WrongUse, sentence
from intake.referral import State
from intake.rows import APPROVALS, DESTRUCTIONS, REFERRALS, TOMBSTONES
from intake.staff import Role
from storage.errors import RowNotGenuine
from storage.sealing import sign_row
from tests.intake.desk.conftest import DeskOffice

RECEIVED = datetime(2014, 1, 10, 9, tzinfo=UTC)
CLOSED_ON = date(2015, 6, 1)
NUMBER = "kanarie/0815"


@pytest.fixture
def second(office: DeskOffice) -> Desk:
    """A second team lead."""
    return office.add("mia", Role.TEAM_LEAD)


@pytest.fixture
def service(office: DeskOffice) -> Desk:
    return office.add("nacht", Role.SERVICE)


@pytest.fixture(autouse=True)
def local(office: DeskOffice) -> Iterator[None]:
    _set(office, case_files="local", selection_rule="B 12.3")
    return


def _set(office: DeskOffice, **values: object) -> None:
    settings = office.lead.settings.show()
    office.lead.settings.change(settings.model_copy(update=values))


def closed_file(office: DeskOffice, closed_on: date = CLOSED_ON, **changes: object) -> str:
    """A referral that came in by mail, as it is long after its case file was closed."""
    office.send()
    (reference,) = office.lead.polling.poll().references
    desk = office.lead.office
    with desk.store.transaction(desk.session.signer) as tx:
        row = desk.row_of(tx, reference)
        facts = replace(
            desk.facts(row, reference),
            received_at=RECEIVED,
            imported_at=RECEIVED,
            state=State.CASE_CLOSED,
            case_number=NUMBER,
            case_closed_on=closed_on,
            timeline=(),
            **changes,
        )
        desk.put_referral(tx, facts, desk.seal_payload(desk.payload(row, reference), facts))
    return reference


def test_without_an_approved_list_nothing_goes_however_long_ago(office, second):
    reference = closed_file(office)
    plan = office.lead.retention.plan()
    assert ([d.reference for d in plan.second_person], plan.due) == ([reference], ())
    result = office.lead.retention.run()
    assert (result.discarded, len(result.proposed)) == ((), 1)
    assert office.lead.retention.run().discarded == ()
    assert office.lead.retention.run().proposed == (), "what is on a list is not proposed again"


def test_two_people_and_then_the_run_destroys_and_the_list_stays_without_the_file_number(office, second):
    reference = closed_file(office)
    kept = closed_file(office, office.lead.office.today() - timedelta(days=365))
    (made,) = office.lead.destruction.propose()
    assert [(i.reference, i.number, i.closed_on, i.due_on) for i in made.items] == [
        (reference, NUMBER, CLOSED_ON, date(2025, 6, 1))
    ]
    approved = second.destruction.approve(made.id)
    assert (approved.standing, approved.rule, approved.approved_by) == (Standing.APPROVED, "B 12.3", "mia")
    assert [d.reference for d in second.retention.plan().due] == [reference]
    assert office.lead.retention.run().discarded == (reference,)
    (shown,) = office.lead.destruction.lists()
    assert (shown.standing, [i.destroyed for i in shown.items]) == (Standing.DONE, [True])
    assert office.store.closed().get(TOMBSTONES, reference)["list"] == made.id
    assert office.store.closed().get(REFERRALS, kept) is not None
    row = office.store.closed().get(DESTRUCTIONS, made.id)
    assert NUMBER not in str(row)
    assert [len(office.everywhere()), office.lead.retention.run().discarded] == [1, ()]


def test_who_proposed_does_not_approve_and_the_service_account_may_propose(office, second, service):
    closed_file(office)
    (made,) = second.destruction.propose()
    with pytest.raises(OwnProposal) as refusal:
        second.destruction.approve(made.id)
    assert refusal.value.exit_code == 4
    assert made.id in sentence(refusal.value)
    assert office.lead.destruction.approve(made.id).standing is Standing.APPROVED
    closed_file(office)
    (other,) = service.destruction.propose()
    with pytest.raises(NotAllowed):
        service.destruction.approve(other.id)
    assert second.destruction.approve(other.id).approved_by == "mia"
    with pytest.raises(WrongUse):
        office.lead.destruction.approve(other.id)


def test_a_lone_team_lead_proposes_nothing_that_nobody_could_approve(office, service):
    reference = closed_file(office)
    with pytest.raises(NobodyElse):
        office.lead.destruction.propose()
    assert office.lead.retention.run().proposed == ()
    (list_id,) = service.retention.run().proposed
    office.lead.destruction.approve(list_id)
    assert service.retention.run().discarded == (reference,)


def test_approving_needs_a_list_that_is_there_and_a_rule_of_the_selection_list(office, second):
    closed_file(office)
    _set(office, selection_rule="")
    (made,) = office.lead.destruction.propose()
    assert made.rule == ""
    with pytest.raises(ListMissing):
        second.destruction.approve("X2020-0001")
    with pytest.raises(RuleMissing) as refusal:
        second.destruction.approve(made.id)
    assert refusal.value.exit_code == 3
    _set(office, selection_rule="B 12.4")
    assert second.destruction.approve(made.id).rule == "B 12.4"


def test_a_list_whose_case_files_are_not_as_proposed_is_refused_and_proposed_anew(office, second):
    reference = closed_file(office)
    (made,) = office.lead.destruction.propose()
    desk = office.lead.office
    with desk.store.transaction(desk.session.signer) as tx:
        row = desk.row_of(tx, reference)
        facts = replace(desk.facts(row, reference), case_closed_on=date(2015, 7, 1))
        desk.put_referral(tx, facts, row["sealed"])
    with pytest.raises(ListChanged):
        second.destruction.approve(made.id)
    assert office.lead.destruction.lists()[0].standing is Standing.CHANGED
    (again,) = office.lead.destruction.propose()
    assert [i.closed_on for i in again.items] == [date(2015, 7, 1)]


def test_an_approval_for_another_closing_date_destroys_nothing(office, second):
    """Whoever changes the case file after the approval does not get it destroyed by that."""
    reference = closed_file(office)
    (made,) = office.lead.destruction.propose()
    second.destruction.approve(made.id)
    desk = office.lead.office
    with desk.store.transaction(desk.session.signer) as tx:
        row = desk.row_of(tx, reference)
        facts = replace(desk.facts(row, reference), case_closed_on=date(2015, 7, 1))
        desk.put_referral(tx, facts, row["sealed"])
    assert office.lead.retention.run().discarded == ()
    assert [d.reference for d in office.lead.retention.plan().second_person] == [reference]


def test_one_person_cannot_make_both_rows(office, second, service):
    """A team lead who signs the proposal in another's name, or the approval in another's, approves nothing."""
    reference = closed_file(office)
    (made,) = service.destruction.propose()
    signer = second.office.session.signer
    with office.store.transaction(signer) as tx:
        row = {k: v for k, v in tx.get_closed(DESTRUCTIONS, made.id).items() if k != "signed"}
        tx.put_closed(DESTRUCTIONS, made.id, sign_row(row, signer, DESTRUCTIONS, made.id))
    with pytest.raises(OwnProposal):
        second.destruction.approve(made.id)
    office.lead.destruction.approve(made.id)
    with office.store.transaction(signer) as tx:
        row = {k: v for k, v in tx.get_closed(APPROVALS, made.id).items() if k != "signed"}
        tx.put_closed(APPROVALS, made.id, sign_row(row, signer, APPROVALS, made.id))
    assert office.lead.retention.run().discarded == ()
    assert [d.reference for d in office.lead.retention.plan().second_person] == [reference]


def test_an_approval_counts_from_a_team_lead_and_an_altered_row_is_noticed(office, second, service):
    closed_file(office)
    (made,) = office.lead.destruction.propose()
    second.destruction.approve(made.id)
    row = dict(office.store.closed().get(APPROVALS, made.id))
    for forged in (
        {**row, "approved_by": "els"},
        sign_row(
            {k: v for k, v in row.items() if k != "signed"}, service.office.session.signer, APPROVALS, made.id
        ),
    ):
        with office.store.transaction(office.lead.office.session.signer) as tx:
            tx.put_closed(APPROVALS, made.id, forged)
        for use in (office.lead.retention.run, office.lead.destruction.lists):
            with pytest.raises(RowNotGenuine):
                use()


def test_a_held_case_file_on_an_approved_list_waits_for_the_end_of_the_hold(office, second):
    reference = closed_file(office)
    (made,) = office.lead.destruction.propose()
    second.destruction.approve(made.id)
    until = office.lead.office.today() + timedelta(days=10)
    office.lead.retention.hold(reference, until, "vraag van het Rijksarchief")
    assert office.store.snapshot().get(REFERRALS, reference) is None, "it stays in the second file"
    assert office.lead.retention.run().discarded == ()
    assert [d.held_until for d in office.lead.retention.plan().held] == [until]
    office.ahead = timedelta(days=11)
    assert office.lead.retention.run().discarded == (reference,)


def test_lists_outlive_the_account_that_made_them_and_a_restore(office, second, service, tmp_path):
    reference = closed_file(office)
    path = office.lead.backups.create()
    raw = path.read_bytes()
    (made,) = second.destruction.propose()
    office.lead.destruction.approve(made.id)
    assert office.lead.retention.run().discarded == (reference,)
    office.add("eva", Role.TEAM_LEAD)
    office.lead.staff.disable("mia")
    (shown,) = office.lead.destruction.lists()
    assert (shown.standing, shown.proposed_by, shown.approved_by) == (Standing.DONE, "mia", "els")
    (item,) = office.lead.proof.certificate([reference]).items
    assert (item.list_id, item.rule) == (made.id, "B 12.3")
    path.write_bytes(raw)  # as someone would who kept a copy elsewhere
    trusted = office.lead.office.directory.fingerprint
    done = restore_backup(
        office.store.location, path, "els", "vier groene fietsen", clock=office.now, trusted=trusted
    )
    assert done.discards == (reference,)
    assert office.lead.destruction.lists()[0].id == made.id
    assert office.store.closed().get(TOMBSTONES, reference)["list"] == made.id


def test_an_approved_list_whose_proposer_left_is_proposed_again_before_anything_goes(office, second, service):
    """Who ends an account signs its rows anew: one key then vouches for both, and that is not two people."""
    reference = closed_file(office)
    (made,) = second.destruction.propose()
    office.lead.destruction.approve(made.id)
    office.add("eva", Role.TEAM_LEAD)
    office.lead.staff.disable("mia")
    result = office.lead.retention.run()
    assert (result.discarded, len(result.proposed)) == ((), 1)
    assert [found.standing for found in office.lead.destruction.lists()] == [
        Standing.CHANGED,
        Standing.PROPOSED,
    ]
    assert [d.reference for d in office.lead.retention.plan().second_person] == [reference]
