"""Tasks with a proof, and the one list of reminders (P9, second paragraph; P5, P6; A, advice)."""

from datetime import date, timedelta

import pytest

from intake.agreement import Publication
from intake.errors import NotAllowed, NotFound, WrongUse
from intake.registers import LIST_CHANGED, Subject
from intake.staff import Role
from tests.intake.desk.conftest import DeskOffice
from tests.intake.desk.registers import agree, processor, referral


def kinds(office: DeskOffice) -> list[str]:
    return [item.kind.value for item in office.lead.reminders.items()]


def test_p9_a_changed_list_of_processors_opens_a_task_once(office: DeskOffice) -> None:
    agree(office)
    assert office.lead.tasks.items() == []
    agree(office, processors=(processor(),))
    agree(office, processors=(processor(), processor("Back-up BV")))
    (task,) = office.lead.tasks.items()
    assert (task.subject, task.why) == (Subject.PROCESSORS, LIST_CHANGED)
    calendar, today = office.lead.office.calendar, office.lead.office.today()
    assert task.due_on == calendar.add_working_days(today, 1)
    assert sorted(kinds(office)) == ["processors", "task"]
    done = office.lead.tasks.done(task.id, "gemaild naar de DPO van Opgroeien")
    assert (done.done_on, done.proof) == (today, "gemaild naar de DPO van Opgroeien")
    assert office.lead.tasks.items() == []
    assert office.lead.tasks.items(every=True) == [done]
    with pytest.raises(WrongUse):
        office.lead.tasks.done(task.id, "nog eens")


def test_p9_a_list_that_was_sent_along_opens_none(office: DeskOffice) -> None:
    agree(office)
    agree(office, processors=(processor(),), processors_sent_on=office.lead.office.today())
    assert office.lead.tasks.items() == []
    assert kinds(office) == []


def test_p9_a_task_asks_a_reason_a_day_and_a_proof(office: DeskOffice) -> None:
    agree(office)
    today = office.lead.office.today()
    for why, due in (("", today), ("nieuw decreet", today - timedelta(days=1)), ("iets", date(2199, 1, 1))):
        with pytest.raises(WrongUse):
            office.lead.tasks.open(Subject.LAW, why, due)
    dirk, jan = office.add("dirk", Role.DPO), office.add("jan", Role.SOCIAL_WORKER)
    task = dirk.tasks.open(Subject.LAW, "nieuw decreet", today + timedelta(days=5))
    with pytest.raises(NotAllowed):
        jan.tasks.items()
    with pytest.raises(WrongUse):
        office.lead.tasks.done(task.id, " ")
    with pytest.raises(NotFound):
        office.lead.tasks.done("T2026-0099", "brief")
    assert [item.id for item in dirk.reminders.items()] == [task.id]
    assert jan.reminders.items() == []


def test_a_referral_that_is_nobodys_after_a_working_day_is_shown_to_team_leads(office: DeskOffice) -> None:
    agree(office)
    reference = referral(office)
    jan = office.add("jan", Role.SOCIAL_WORKER)
    today = office.lead.office.today()
    due = office.lead.office.calendar.add_working_days(today, 1)
    office.ahead = timedelta(days=(due - today).days)
    assert [(item.id, item.overdue) for item in office.lead.reminders.items()] == [(reference, False)]
    office.ahead += timedelta(days=1)
    assert [(item.id, item.overdue) for item in office.lead.reminders.items()] == [(reference, True)]
    assert jan.reminders.items() == []
    jan_takes = office.lead.work.assign([reference], "jan")
    assert jan_takes[0].assigned_to == "jan"
    assert office.lead.reminders.items() == []


def test_p5_and_the_advice_the_end_of_the_agreement_and_the_publication_are_in_the_list(
    office: DeskOffice,
) -> None:
    today = office.lead.office.today()
    site = Publication(by="OCMW", url="https://ocmw.example", checked_on=today - timedelta(days=370))
    agree(office, ended_on=today + timedelta(days=30), publications=(site,))
    assert kinds(office) == ["publication", "agreement"], "soonest first"
