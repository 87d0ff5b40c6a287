"""The registers' rows are signed and sealed as all others are: altered ones are noticed, renewed keys lose nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from intake.desk import Desk
from intake.desk.breaches import Account
from intake.desk.desk import open_desk
from intake.desk.outgoing import DraftToPlace
from intake.desk.resealing import PURPOSES, SIGNED
from intake.desk.restoring import restore_backup
from intake.desk.staff import first_sign_in
from intake.referral import Closure
from intake.register_rows import BREACHES, DISCLOSURES, DRAFTS, QUALITY, REGISTER_SIGNERS, REGISTERS, TASKS
from intake.registers import Subject, What
from intake.rows import LEDGER
from intake.staff import Role
from storage.backup import Purpose, create
from storage.errors import RowNotGenuine
from storage.keys import RECOVERY
from storage.sealing import receivers_of
from tests.intake.desk.conftest import CHEAP, DeskOffice
from tests.intake.desk.registers import PARTNERS, agree, draft_files, reach, referral


def _fill(office: DeskOffice) -> str:
    """A row in every register, a draft that waits with a value, and its reference."""
    agree(office)
    reference = referral(office)
    reach(office, reference)
    lead = office.lead
    lead.breaches.open(Account(what="laptop gestolen"), lead.office.now())
    lead.tasks.open(Subject.LAW, "nieuw decreet", lead.office.today())
    lead.disclosures.disclose(reference, PARTNERS[0], ["phone"], "huisvesting", client_agrees=True)
    office.server.stop()
    try:
        with pytest.raises(DraftToPlace):
            lead.quality.open(reference, "phone", What.WRONG, "+32499887766")
    finally:
        office.server.start()
    return reference


def _alter(office: DeskOffice, table: str, change: dict[str, Any]) -> None:
    with office.store.transaction(office.lead.office.session.signer) as tx:
        key, row = tx.rows(table)[0]
        tx.put(table, key, dict(row) | change)


@pytest.mark.parametrize(
    ("table", "change"),
    [
        (QUALITY, {"answered_on": "2026-11-18"}),
        (BREACHES, {"known_at": "2030-01-01T00:00:00Z"}),
        (DISCLOSURES, {"partner": "Iemand anders"}),
        (TASKS, {"done_on": "2026-11-18"}),
        (DRAFTS, {"about": "K2026-0099"}),
    ],
)
def test_a_row_that_was_altered_is_refused(office: DeskOffice, table: str, change: dict[str, Any]) -> None:
    _fill(office)
    _alter(office, table, change)
    lead = office.lead
    look = {
        QUALITY: lead.quality.items,
        BREACHES: lead.breaches.items,
        DISCLOSURES: lead.disclosures.items,
        TASKS: lead.tasks.items,
        DRAFTS: lead.reminders.items,
    }
    with pytest.raises(RowNotGenuine):
        look[table]()


def test_every_register_is_signed_sealed_and_known_to_who_seals_anew() -> None:
    assert set(SIGNED) >= {*REGISTERS, DRAFTS}
    assert set(PURPOSES) >= {BREACHES, DRAFTS}
    assert set(REGISTER_SIGNERS) == {*REGISTERS, DRAFTS}


def test_a_role_that_may_not_write_a_register_cannot_sign_one(office: DeskOffice) -> None:
    _fill(office)
    robot = office.add("robot", Role.SERVICE)
    from storage.sealing import sign_row

    signer = robot.office.session.signer
    with office.store.transaction(signer) as tx:
        key, row = tx.rows(BREACHES)[0]
        tx.put(BREACHES, key, sign_row(dict(row), signer, BREACHES, key))
    with pytest.raises(RowNotGenuine):
        office.lead.breaches.items()


def test_who_gets_new_keys_and_who_comes_or_goes_changes_who_reads_and_loses_nothing(
    office: DeskOffice,
) -> None:
    _fill(office)
    dirk = office.add("dirk", Role.DPO)
    an = office.add("an", Role.TEAM_LEAD)
    assert [one.text is not None for one in dirk.breaches.items()] == [True]
    code = office.lead.staff.reset("dirk", cost=CHEAP)
    session = first_sign_in(
        office.store, "dirk", code, "een heel andere zin", office.now().date(), cost=CHEAP
    )
    assert [one.text is not None for one in office.desk_of(session).breaches.items()] == [True]
    office.lead.staff.disable("dirk")
    (row,) = [row for _key, row in office.store.snapshot().rows(BREACHES)]
    assert receivers_of(row["sealed"]) == {"els", "an", RECOVERY}
    (waiting,) = [row for _key, row in office.store.snapshot().rows(DRAFTS)]
    assert receivers_of(waiting["sealed"]) == {"els", "an", RECOVERY}
    (one,) = an.quality.items()
    an.quality.draft(one.notice.id)
    assert len(draft_files(office)) == 1
    an.log.verify()


def test_what_a_worker_who_left_had_signed_is_still_genuine(office: DeskOffice) -> None:
    agree(office)
    jan = office.add("jan", Role.SOCIAL_WORKER)
    reference = referral(office)
    office.lead.work.assign([reference], "jan")
    notice = jan.quality.open(reference, "phone", What.WRONG)
    breach = jan.breaches.open(Account(what="laptop gestolen"), jan.office.now())
    office.lead.staff.disable("jan", "els")
    assert [one.notice.id for one in office.lead.quality.items()] == [notice.id]
    assert [one.breach.id for one in office.lead.breaches.items()] == [breach.id]


@contextmanager
def restored(office: DeskOffice, path: Path) -> Iterator[Desk]:
    """The desk of the team lead after that backup was put back."""
    office.store.close()
    restore_backup(office.store.location, path, "els", "vier groene fietsen", clock=office.now)
    desk = open_desk(office.store.location, "els", "vier groene fietsen", clock=office.now)
    try:
        yield desk
    finally:
        desk.close()


def test_p3_a_draft_that_was_placed_after_the_backup_still_goes_with_its_referral(office: DeskOffice) -> None:
    agree(office)
    reference = referral(office)
    path = create(office.store.location, office.folder / "elders", office.now(), Purpose.MANUAL)
    notice = office.lead.quality.open(reference, "phone", What.WRONG)
    office.lead.disclosures.items()
    with restored(office, path) as desk:
        assert [(one.notice.id, one.draft_waits) for one in desk.quality.items()] == [(notice.id, False)]
        desk.work.close(reference, Closure.WRONG_OCMW, "andere gemeente")
        assert desk.retention.run().discarded == (reference,)
        assert office.everywhere() == []


def test_p3_a_restore_brings_no_draft_of_a_discarded_referral_back(office: DeskOffice) -> None:
    reference = _fill(office)
    path = create(office.store.location, office.folder / "elders", office.now(), Purpose.MANUAL)
    office.lead.work.close(reference, Closure.WRONG_OCMW, "andere gemeente")
    assert office.lead.retention.run().discarded == (reference,)
    with restored(office, path) as desk:
        snapshot = desk.office.store.snapshot()
        assert (snapshot.rows(DRAFTS), snapshot.rows(LEDGER)) == ([], [])
        assert [one.notice.reference for one in desk.quality.items()] == [reference]
        assert [r.kind.value for r in desk.reminders.items()] == ["task", "breach", "quality"]
