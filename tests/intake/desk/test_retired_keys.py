"""A retired signing key, of an account that ended or was renewed, forges nothing; what it had signed stays in force."""

import pytest

from intake.desk.resealing import retired_rows
from intake.desk.staff import first_sign_in, recover
from intake.desk.work import AttemptRequest
from intake.referral import Channel, Result
from intake.rows import LEDGER, REFERRALS
from intake.staff import Role
from storage.directory import Directory
from storage.errors import RowNotGenuine
from storage.sealing import sign_row
from tests.intake.desk.conftest import CHEAP, DeskOffice


@pytest.fixture
def worked(office: DeskOffice):
    """A worker who polled, was assigned and worked a referral: rows of several tables carry that signature."""
    worker = office.add("jan", Role.SOCIAL_WORKER)
    office.send()
    (reference,) = worker.polling.poll().references
    office.lead.work.assign([reference], "jan")
    worker.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.NO_ANSWER))
    return worker, reference


def _nothing_rests_on_a_retired_key(office: DeskOffice) -> None:
    with office.store.transaction(office.lead.office.session.signer) as tx:
        assert list(retired_rows(tx, Directory.load(tx))) == []


def _forgery_is_refused(office: DeskOffice, worker, reference: str) -> None:
    row = dict(office.store.snapshot().get(REFERRALS, reference))
    row.pop("signed")
    forged = sign_row(
        {**row, "state": "declined", "closed_on": "2026-11-20"},
        worker.office.session.signer,
        REFERRALS,
        reference,
    )
    with office.store.transaction(office.lead.office.session.signer) as tx:
        tx.put(REFERRALS, reference, forged)
    for use in (office.lead.work.worklist, office.lead.retention.run):
        with pytest.raises(RowNotGenuine):
            use()


@pytest.mark.parametrize("act", ["disable", "reset"])
def test_the_old_key_signs_no_row_any_more_and_the_work_goes_on(office, worked, act) -> None:
    worker, reference = worked
    getattr(office.lead.staff, act)("jan", **({"cost": CHEAP} if act == "reset" else {}))
    _nothing_rests_on_a_retired_key(office)
    assert office.lead.work.worklist()[0].client is not None
    assert office.lead.polling.poll().found == 0
    assert office.lead.log.verify().entries > 0
    _forgery_is_refused(office, worker, reference)


def test_a_recovered_leads_old_key_signs_nothing_either(office, worked) -> None:
    _worker, reference = worked
    old = office.lead
    code = recover(office.store, "els", office.recovery_key, cost=CHEAP)
    session = first_sign_in(
        office.store, "els", code, "opnieuw vier fietsen bij nacht", office.now().date(), cost=CHEAP
    )
    office.lead = office.desk_of(session)
    _nothing_rests_on_a_retired_key(office)
    assert office.lead.work.worklist()[0].client is not None
    _forgery_is_refused(office, old, reference)


def test_an_altered_row_does_not_become_genuine_when_its_signer_is_disabled(office, worked) -> None:
    ((key, row),) = office.store.snapshot().rows(LEDGER)
    with office.store.transaction(office.lead.office.session.signer) as tx:
        tx.put(LEDGER, key, {**row, "deleted": True})
    with pytest.raises(RowNotGenuine):
        office.lead.staff.disable("jan")
    assert office.lead.office.directory.user("jan").status == "active"


def test_a_backup_from_before_comes_back_without_the_old_key(office, worked) -> None:
    worker, reference = worked
    made = office.lead.backups.create()
    office.lead.staff.disable("jan")
    from intake.desk.restoring import restore_backup

    restore_backup(
        office.store.location,
        made.path if hasattr(made, "path") else made,
        "els",
        "vier groene fietsen",
        clock=office.now,
    )
    _nothing_rests_on_a_retired_key(office)
    assert office.lead.work.worklist()[0].client is not None
    _forgery_is_refused(office, worker, reference)
