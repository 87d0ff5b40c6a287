"""Who may read and do what, and that what was written by others is not taken for ours."""

import pytest

from intake.client import CLIENT_FIELDS
from intake.desk.desk import open_desk
from intake.desk.reading import Scope
from intake.desk.work import AttemptRequest
from intake.errors import NotAllowed, Stale, WrongUse
from intake.referral import Channel, Result, Wish
from intake.rows import LEDGER, REFERRALS
from intake.staff import Role
from storage.directory import found_office
from storage.errors import DirectoryNotGenuine, RowNotGenuine
from storage.sealing import receivers_of
from storage.store import create_store
from tests.intake.desk.conftest import CHEAP


def _tampered(office, table, key, **changes):
    """Put a row back altered, as someone with write access to the folder could."""
    with office.store.transaction(office.lead.office.session.signer) as tx:
        tx.put(table, key, {**tx.get(table, key), **changes})


def test_a_list_of_users_that_begins_with_another_founder_is_refused(office, tmp_path):
    trusted = office.lead.office.directory.fingerprint
    other = create_store(tmp_path / "ander")
    found_office(other, "els", "Els", "vier groene fietsen", cost=CHEAP)
    other.close()
    with pytest.raises(DirectoryNotGenuine):
        open_desk(tmp_path / "ander", "els", "vier groene fietsen", trusted=trusted)


def test_a_planted_discard_job_is_noticed(office):
    office.send()
    (reference,) = office.lead.polling.poll().references
    _tampered(office, REFERRALS, reference, state="discarding", cause="")
    for use in (office.lead.retention.plan, office.lead.retention.run, office.lead.work.worklist):
        with pytest.raises(RowNotGenuine):
            use()


def test_an_altered_state_does_not_become_genuine_when_someone_activates(office):
    office.send()
    (reference,) = office.lead.polling.poll().references
    code = office.lead.staff.add("mia", [Role.TEAM_LEAD], cost=CHEAP)
    _tampered(office, REFERRALS, reference, state="declined", closed_on="2026-11-01")
    from intake.desk.staff import first_sign_in

    with pytest.raises(RowNotGenuine):
        first_sign_in(office.store, "mia", code, "mia heeft drie wafels", office.now().date(), cost=CHEAP)


def test_an_altered_ledger_row_leads_no_discard_astray(office):
    office.send()
    office.send()
    one, two = office.lead.polling.poll().references
    keys = {row["references"][0]: key for key, row in office.store.snapshot().rows(LEDGER)}
    elsewhere = office.store.snapshot().get(LEDGER, keys[two])["moved"]
    office.lead.work.attempt(AttemptRequest(one, Channel.PHONE, Result.REACHED))
    office.lead.work.wish(one, Wish.NO)
    _tampered(office, LEDGER, keys[one], moved=elsewhere)
    with pytest.raises(RowNotGenuine):
        office.lead.retention.run()
    assert len(office.everywhere()) == 2


def test_a_removed_ledger_row_leaves_the_discard_waiting(office):
    office.send()
    (reference,) = office.lead.polling.poll().references
    office.lead.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.REACHED))
    office.lead.work.wish(reference, Wish.NO)
    ((key, _row),) = office.store.snapshot().rows(LEDGER)
    with office.store.transaction(office.lead.office.session.signer) as tx:
        tx.delete(LEDGER, key)
    result = office.lead.retention.run()
    assert [w.cause for w in result.waiting] == ["ledger-missing"]


def test_going_from_team_to_assigned_takes_the_keys_away(office):
    worker = office.add("jan", Role.SOCIAL_WORKER)
    settings = office.lead.settings.show()
    office.lead.settings.change(settings.model_copy(update={"visibility": "team"}))
    office.send()
    (reference,) = office.lead.polling.poll().references
    assert worker.work.worklist()[0].client is not None
    settings = office.lead.settings.show()
    office.lead.settings.change(settings.model_copy(update={"visibility": "assigned"}))
    row = office.store.snapshot().get(REFERRALS, reference)
    assert receivers_of(row["sealed"]) == {"els", "*recovery*"}
    worker.work._opened.clear()
    assert worker.work.worklist()[0].client is None


def test_an_administrator_sets_the_mailbox_and_not_the_terms(office):
    admin = office.add("anna", Role.ADMIN)
    settings = admin.settings.show()
    with pytest.raises(NotAllowed):
        admin.settings.change(settings.model_copy(update={"visibility": "team"}))
    with pytest.raises(NotAllowed):
        admin.settings.change(settings.model_copy(update={"keep_after_unreachable_days": 0}))
    box = settings.mailbox.model_copy(update={"poll_seconds": 30})
    admin.settings.change(settings.model_copy(update={"mailbox": box}))
    with pytest.raises(Stale):
        admin.settings.change(settings.model_copy(update={"mailbox": box}))


def test_a_case_number_tells_nothing_of_the_client(office):
    office.send()
    (reference,) = office.lead.polling.poll().references
    office.lead.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.REACHED))
    office.lead.work.wish(reference, Wish.YES)
    for number in ("Kwispelaere 1", "85.07.30-033.28"):
        with pytest.raises(WrongUse):
            office.lead.cases.open(reference, number)
    office.lead.cases.open(reference, "2026/17")


def test_a_step_that_a_colleague_overtook_is_shown_and_not_saved(office):
    office.send()
    (reference,) = office.lead.polling.poll().references
    seen = office.lead.work.open(reference).referral.version
    office.lead.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.NO_ANSWER, version=seen))
    with pytest.raises(Stale):
        office.lead.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.REACHED, version=seen))
    assert len(office.lead.work.open(reference).referral.attempts) == 1


def test_a_reading_is_in_the_log_with_fields_and_reason(office):
    worker = office.add("jan", Role.SOCIAL_WORKER)
    office.send()
    (reference,) = office.lead.polling.poll().references
    office.lead.work.assign([reference], "jan")
    worker.work.open(reference)
    (entry,) = [e for e in office.lead.log.entries(reference=reference) if e.action == "read"]
    assert (entry.user, entry.fields, entry.reason) == ("jan", CLIENT_FIELDS, "=assigned")
    assert [e.action for e in office.lead.log.seen_by(reference)] == ["read"]


def test_taking_by_a_first_attempt_is_in_the_log(office):
    office.send()
    (reference,) = office.lead.polling.poll().references
    office.lead.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.NO_ANSWER))
    actions = [e.action for e in office.lead.log.entries(reference=reference)]
    assert actions == ["import", "take", "attempt"]


def test_roles_without_clients_see_the_work_and_no_name(office):
    office.send()
    office.lead.polling.poll()
    for name, role in (("dirk", Role.DPO), ("anna", Role.ADMIN), ("nacht", Role.SERVICE)):
        desk = office.add(name, role)
        lines = desk.work.worklist(Scope.ALL)
        assert [line.client for line in lines] == [None]
        with pytest.raises(NotAllowed):
            desk.work.open(lines[0].referral.reference)


def test_the_service_account_polls_and_discards_without_reading(office):
    service = office.add("nacht", Role.SERVICE)
    office.send()
    (reference,) = service.polling.poll().references
    row = office.store.snapshot().get(REFERRALS, reference)
    assert "nacht" not in receivers_of(row["sealed"])
    office.lead.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.REACHED))
    office.lead.work.wish(reference, Wish.NO)
    assert service.retention.run().discarded == (reference,)
    assert office.everywhere() == []
