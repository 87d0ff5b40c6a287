"""Reminders reckoned from facts alone: what is due, what is overdue, what is done (P5, P6, P7, P9, GDPR 33)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from intake.agreement import Agreement, Processor, Publication
from intake.registers import Breach, BreachKind, Draft, DraftKind, Notice, Subject, Task, What
from intake.reminders import (
    Kind,
    of_agreement,
    of_breaches,
    of_drafts,
    of_quality,
    of_quarantine,
    of_tasks,
    soonest_first,
)

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
TODAY = date(2026, 11, 18)


def notice(due: date, answered: date | None = None) -> Notice:
    return Notice("K2026-0001", "D2026-0001", "phone", What.WRONG, NOW, "els", due, answered)


def test_p7_a_notice_is_overdue_the_day_after_its_day():
    assert [r.overdue for r in of_quality([notice(TODAY)], TODAY)] == [False]
    assert [r.overdue for r in of_quality([notice(TODAY)], TODAY + timedelta(days=1))] == [True]
    assert of_quality([notice(TODAY, TODAY)], TODAY) == []


@pytest.mark.parametrize(("hours", "overdue"), [(71, False), (72, False), (73, True)])
def test_gdpr_33_seventy_two_hours_also_over_the_change_to_winter_time(hours: int, overdue: bool):
    known = datetime(2026, 10, 24, 12, tzinfo=UTC)
    breach = Breach("L2026-0001", BreachKind.LOST, known, known, "els")
    (reminder,) = of_breaches([breach], known + timedelta(hours=hours))
    assert (reminder.overdue, reminder.due_at) == (overdue, datetime(2026, 10, 27, 12, tzinfo=UTC))
    assert breach.hours_left(known + timedelta(hours=hours)) == 72 - hours


def test_p9_a_breach_of_which_the_dpos_were_told_reminds_no_more():
    told = Breach("L2026-0001", BreachKind.LOST, NOW, NOW, "els", noticed_at=NOW)
    assert of_breaches([told], NOW) == []
    assert told.hours_left(NOW) is None


def test_gdpr_33_a_draft_that_lies_in_the_mailbox_tells_nobody_yet():
    """A draft stopped the clock although nobody had sent it."""
    breach = Breach("L2026-0001", BreachKind.LOST, NOW, NOW, "els")
    (reminder,) = of_breaches([breach], NOW, {breach.id})
    assert (reminder.kind, reminder.due_at) == (Kind.BREACH_SEND, breach.due_at)


def test_a_draft_that_waits_and_a_task_that_is_not_done():
    draft = Draft("B2026-0001", DraftKind.QUALITY, "K2026-0001", (), NOW, "els", "<x@y>")
    task = Task("T2026-0001", Subject.LAW, "decreet", TODAY, NOW, "els")
    found = soonest_first([*of_tasks([task], TODAY), *of_drafts([draft], TODAY)])
    assert [(r.kind, r.id, r.due_on) for r in found] == [
        (Kind.DRAFT, "K2026-0001", TODAY),
        (Kind.TASK, "T2026-0001", TODAY),
    ]


@pytest.mark.parametrize(("days", "shown"), [(61, False), (60, True), (1, True), (0, False)])
def test_p5_the_end_is_told_sixty_days_ahead(days: int, shown: bool):
    agreement = Agreement(in_force_from=date(2024, 1, 1), ended_on=TODAY + timedelta(days=days))
    assert [r.kind for r in of_agreement(agreement, TODAY)] == [Kind.AGREEMENT] * shown


def test_p1_a_notice_tells_its_end_six_months_later():
    agreement = Agreement(in_force_from=date(2024, 1, 1), notice_given_on=date(2026, 6, 1))
    (reminder,) = of_agreement(agreement, TODAY)
    assert reminder.due_on == date(2026, 12, 1)


def test_p6_a_list_of_processors_that_was_not_sent_is_due_today():
    agreement = Agreement(processors=(Processor(name="Postvak BV"),), processors_version=3)
    (reminder,) = of_agreement(agreement, TODAY)
    assert (reminder.kind, reminder.id, reminder.due_on, reminder.overdue) == (
        Kind.PROCESSORS,
        "3",
        TODAY,
        False,
    )
    sent = agreement.model_copy(update={"processors_sent_on": TODAY})
    assert of_agreement(sent, TODAY) == []


def test_the_advice_a_publication_is_looked_at_every_year():
    looked = Publication(by="Opgroeien", url="https://o.example", checked_on=date(2025, 11, 17))
    never = Publication(by="OCMW", url="https://w.example")
    recent = Publication(by="Gemeente", url="https://g.example", checked_on=date(2025, 11, 18))
    found = of_agreement(Agreement(publications=(looked, never, recent)), TODAY)
    assert [(r.id, r.due_on) for r in found] == [("Opgroeien", date(2026, 11, 17)), ("OCMW", TODAY)]


def test_a_message_on_which_nobody_decided_is_told_a_week_before_it_goes():
    goes = [("Q2026-0001", TODAY + timedelta(days=8)), ("Q2026-0002", TODAY + timedelta(days=7))]
    (one,) = of_quarantine(goes, TODAY)
    assert (one.kind, one.id, one.due_on) == (Kind.QUARANTINE, "Q2026-0002", TODAY + timedelta(days=6))
    assert not one.overdue
