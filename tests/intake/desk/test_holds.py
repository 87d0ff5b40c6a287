"""What keeps a due referral, and what is told before one goes: holds, confirmations, warnings (P3)."""

from datetime import timedelta
from pathlib import Path

import pytest

from intake.desk.work import AttemptRequest
from intake.errors import NotAllowed, NotLawful, WrongUse
from intake.referral import Channel, Closure, Result, State, Wish
from intake.rows import REFERRALS
from intake.staff import Role
from tests.intake.desk.conftest import DeskOffice

WHY = "klacht van kanarie lopende"


def polled(office: DeskOffice) -> str:
    office.send()
    (reference,) = office.lead.polling.poll().references
    return reference


def declined(office: DeskOffice) -> str:
    reference = polled(office)
    office.lead.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.REACHED))
    office.lead.work.wish(reference, Wish.NO)
    return reference


def handed_over(office: DeskOffice, *, confirm: bool = False) -> str:
    reference = polled(office)
    office.lead.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.REACHED))
    office.lead.work.wish(reference, Wish.YES)
    office.lead.cases.open(reference, "2026/17")
    office.lead.cases.hand_over(reference, office.folder / f"uit-{reference}", confirm=confirm)
    return reference


# -- holds ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [declined, handed_over])
def test_a_held_referral_is_kept_to_the_end_of_its_day_and_then_goes(office, ending):
    reference = ending(office)
    if ending is handed_over:
        office.lead.cases.confirm(reference)
    today = office.lead.office.today()
    office.lead.retention.hold(reference, today + timedelta(days=3), WHY)
    plan = office.lead.retention.plan()
    assert ([(d.reference, d.held_until) for d in plan.held], plan.due) == (
        [(reference, today + timedelta(days=3))],
        (),
    )
    result = office.lead.retention.run()
    assert (result.discarded, result.held) == ((), (reference,))
    office.ahead = timedelta(days=3)
    assert office.lead.retention.run().discarded == ()
    office.ahead = timedelta(days=4)
    assert office.lead.retention.run().discarded == (reference,)
    assert office.everywhere() == []


def test_a_hold_that_was_released_keeps_nothing(office):
    reference = declined(office)
    office.lead.retention.hold(reference, office.lead.office.today() + timedelta(days=30), WHY)
    office.lead.retention.release(reference, "klacht afgehandeld")
    with pytest.raises(NotLawful):
        office.lead.retention.release(reference, "nog eens")
    assert office.lead.retention.run().discarded == (reference,)


def test_the_reason_of_a_hold_is_sealed_and_neither_in_the_log_nor_in_the_folder(office):
    reference = declined(office)
    office.lead.retention.hold(reference, office.lead.office.today(), WHY)
    with pytest.raises(WrongUse):
        office.lead.retention.hold(reference, office.lead.office.today(), "  ")
    assert office.lead.work.open(reference).payload.notes[-1].text == WHY
    files = [p for p in Path(office.store.location).rglob("*") if p.is_file()]
    assert [p for p in files if b"kanarie" in p.read_bytes()] == []
    (entry,) = [e for e in office.lead.log.entries(reference=reference) if e.action == "hold"]
    assert dict(entry.detail) == {"until": office.lead.office.today().isoformat()}


def test_only_a_team_lead_holds_and_releases(office):
    worker = office.add("jan", Role.SOCIAL_WORKER)
    reference = declined(office)
    office.lead.retention.hold(reference, office.lead.office.today(), WHY)
    with pytest.raises(NotAllowed):
        worker.retention.hold(reference, office.lead.office.today(), WHY)
    with pytest.raises(NotAllowed):
        worker.retention.release(reference, WHY)
    referral = office.lead.work.open(reference).referral
    shown = {verdict.step.value: verdict.allowed for verdict in worker.work.steps(referral)}
    assert (shown["hold"], shown["release"]) == (False, False)


def test_a_hold_on_an_open_referral_counts_once_it_ends(office):
    reference = polled(office)
    office.lead.retention.hold(reference, office.lead.office.today() + timedelta(days=2), WHY)
    assert office.lead.retention.plan().held == ()
    office.lead.work.close(reference, Closure.WRONG_OCMW, "verhuisd")
    assert office.lead.retention.run().discarded == ()
    assert [d.reference for d in office.lead.retention.plan().held] == [reference]


def test_a_hold_set_by_a_colleague_between_plan_and_run_keeps_the_referral(office, monkeypatch):
    """The plan is only a look: what counts is the row at the moment of the discard."""
    reference = declined(office)
    plan = office.lead.retention.plan()
    office.lead.retention.hold(reference, office.lead.office.today(), WHY)
    monkeypatch.setattr(office.lead.retention, "plan", lambda _on=None: plan)
    assert office.lead.retention.run().discarded == ()
    row = office.store.snapshot().get(REFERRALS, reference)
    assert (row["state"], "sealed" in row) == (State.DECLINED.value, True)


# -- confirmed hand-overs ---------------------------------------------------------------------------------------------


def test_an_unconfirmed_hand_over_is_listed_and_never_discarded(office):
    reference = handed_over(office)
    office.ahead = timedelta(days=300)
    plan = office.lead.retention.plan()
    assert ([d.reference for d in plan.unconfirmed], plan.due, plan.blocked) == ([reference], (), ())
    assert office.lead.retention.run().discarded == ()
    office.lead.cases.confirm(reference)
    with pytest.raises(NotLawful):
        office.lead.cases.confirm(reference)
    assert office.lead.retention.run().discarded == (reference,)


def test_a_script_may_confirm_with_the_hand_over_itself_and_both_steps_are_logged(office):
    reference = handed_over(office, confirm=True)
    referral = office.lead.work.open(reference).referral
    assert referral.hand_over_confirmed_on == referral.handed_over_on
    actions = [e.action for e in office.lead.log.entries(reference=reference)]
    assert actions[-4:] == ["export", "case-hand-over", "case-confirm", "read"]
    assert [d.reference for d in office.lead.retention.plan().due] == [reference]


# -- warnings ---------------------------------------------------------------------------------------------------------


def test_a_referral_that_is_read_after_its_ending_is_pointed_out_and_goes_all_the_same(office):
    quiet, read = declined(office), declined(office)
    office.ahead = timedelta(minutes=1)
    office.lead.work.open(read)
    tomorrow = office.lead.office.today() + timedelta(days=1)
    for recent in (
        office.lead.retention.plan().recent,
        office.lead.retention.plan(tomorrow).recent,
        office.lead.retention.run(dry_run=True).recent,
    ):
        assert [(one.reference, one.what) for one in recent] == [(read, "read")]
    assert office.lead.retention.run().discarded == (quiet, read)


def test_a_look_at_the_worklist_points_nothing_out(office):
    from intake.desk.reading import Scope

    declined(office)
    office.ahead = timedelta(minutes=1)
    assert office.lead.work.worklist(Scope.ALL)
    assert office.lead.retention.plan().recent == ()


def test_the_number_of_days_to_look_back_is_the_offices(office):
    reference = declined(office)
    assert office.lead.retention.plan().recent == ()
    settings = office.lead.settings.show()
    office.lead.settings.change(settings.model_copy(update={"recent_activity_days": 2}))
    assert [(r.reference, r.what) for r in office.lead.retention.plan().recent] == [(reference, "attempt")]
    assert office.lead.retention.plan(office.lead.office.today() + timedelta(days=5)).recent == ()


def test_what_goes_within_a_week_is_told_beforehand(office):
    settings = office.lead.settings.show()
    office.lead.settings.change(settings.model_copy(update={"keep_after_declined_days": 8}))
    reference = declined(office)
    today = office.lead.office.today()
    assert office.lead.retention.plan().soon == ()
    assert [d.reference for d in office.lead.retention.plan(today + timedelta(days=1)).soon] == [reference]
    assert [d.reference for d in office.lead.retention.plan(today + timedelta(days=7)).soon] == [reference]
    assert office.lead.retention.plan(today + timedelta(days=8)).soon == ()
