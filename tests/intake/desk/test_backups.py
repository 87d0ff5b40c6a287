"""Backups of an office: what was discarded is in none of them and comes back from none of them."""

import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from intake.desk.backup_checks import VERIFIED_FILE
from intake.desk.backups import NoBackup, known_plan, newest_good
from intake.desk.desk import open_desk
from intake.desk.hindrances import BACKUP_UNREACHABLE, MAILBOX_DOWN
from intake.desk.restoring import Outcome, TeamLeadNeeded, restore_backup
from intake.desk.work import AttemptRequest
from intake.errors import NotAllowed
from intake.referral import Channel, Result, Wish
from intake.rows import COUNTERS, LEDGER, REFERRALS, TOMBSTONES
from intake.staff import Role
from storage.backup import BackupBroken, BackupOfAnother, Purpose, create, listed, verify
from storage.errors import AccountNotActive, WrongPassphrase
from storage.noted import write_note
from storage.sealing import receivers_of, verify_row
from storage.store import create_store
from tests.intake.desk.conftest import DeskOffice

LEAD = ("els", "vier groene fietsen")


@pytest.fixture(autouse=True)
def remembered(office: DeskOffice) -> None:
    """What a workstation remembers of the office, also when its store breaks."""
    office.trusted = office.lead.office.directory.fingerprint


def poll(office: DeskOffice, count: int = 1) -> tuple[str, ...]:
    for _ in range(count):
        office.send()
    return office.lead.polling.poll().references


def decline(office: DeskOffice, *references: str) -> None:
    for reference in references:
        office.lead.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.REACHED))
        office.lead.work.wish(reference, Wish.NO)


def folder(office: DeskOffice) -> Path:
    return office.store.location / "backups"


def traces(office: DeskOffice, reference: str) -> list[bytes]:
    """What only the sealed row, its keys and its ledger row hold."""
    row = office.store.snapshot().get(REFERRALS, reference)
    mails = [r for _, r in office.store.snapshot().rows(LEDGER) if reference in r["references"]]
    texts = [row["sealed"]["data"], row["sealed"]["nonce"], *row["sealed"]["keys"].values()]
    return [text.encode() for text in [*texts, *(mail["message_id"] for mail in mails)]]


def found_in_backups(office: DeskOffice, needles: list[bytes]) -> list[str]:
    found = []
    for path in folder(office).rglob("*"):
        with zipfile.ZipFile(path) as archive:
            parts = [path.read_bytes(), *(archive.read(name) for name in archive.namelist())]
        if any(needle in part for needle in needles for part in parts):
            found.append(path.name)
    return found


def restore(office: DeskOffice, path: Path, who: tuple[str, str] = LEAD) -> Outcome:
    return restore_backup(office.store.location, path, *who, clock=office.now, trusted=office.trusted)


def after(office: DeskOffice) -> DeskOffice:
    """The office as a workstation sees it that starts now."""
    office.store.close()
    desk = open_desk(office.store.location, *LEAD, clock=office.now)
    office.store, office.lead = desk.office.store, desk
    desk.log.verify()
    return office


def break_active(office: DeskOffice) -> bytes:
    path = office.store.location / "active.json"
    broken = path.read_bytes()[:-100]
    path.write_bytes(broken)
    return broken


def test_each_day_has_one_backup_of_the_state_before_its_first_change(office: DeskOffice) -> None:
    poll(office)
    poll(office)
    (first,) = listed(folder(office), office.store.identity)
    assert REFERRALS not in verify(first.path).active
    office.ahead = timedelta(days=1)
    poll(office)
    second, _ = listed(folder(office), office.store.identity)
    assert len(verify(second.path).active[REFERRALS]) == 2


def test_after_a_discard_no_backup_holds_a_byte_of_it_and_all_hold_together(office: DeskOffice) -> None:
    gone, kept = poll(office, 2)
    needles, others = traces(office, gone), traces(office, kept)
    for _ in range(3):
        office.ahead += timedelta(hours=1)
        office.lead.backups.create()
    decline(office, gone)
    assert len(found_in_backups(office, needles)) == 3
    assert office.lead.retention.run().discarded == (gone,)
    assert found_in_backups(office, needles) == []
    assert len(found_in_backups(office, others)) == 3
    for one in listed(folder(office)):
        verify(one.path, office.store.identity)


def test_a_backup_that_cannot_be_rewritten_leaves_the_discard_waiting_until_it_can(
    office: DeskOffice,
) -> None:
    (reference,) = poll(office)
    needles = traces(office, reference)
    path = office.lead.backups.create()
    whole = path.read_bytes()
    path.write_bytes(whole[:-30])
    decline(office, reference)
    result = office.lead.retention.run()
    assert (result.discarded, [w.cause for w in result.waiting]) == ((), [BACKUP_UNREACHABLE])
    assert [one.path for one in office.lead.backups.unreachable] == [path]
    assert office.everywhere() == [], "the mail is gone all the same"
    path.write_bytes(whole)
    assert office.lead.retention.run().discarded == (reference,)
    assert found_in_backups(office, needles) == []


def test_a_backup_made_while_a_discard_waits_for_the_mailbox_is_cleared_too(office: DeskOffice) -> None:
    (reference,) = poll(office)
    ((_, row),) = office.store.snapshot().rows(LEDGER)
    decline(office, reference)
    office.server.stop()
    assert [w.cause for w in office.lead.retention.run().waiting] == [MAILBOX_DOWN]
    office.lead.backups.create()
    needle = [row["message_id"].encode()]
    assert found_in_backups(office, needle)
    office.server.start()
    assert office.lead.retention.run().discarded == (reference,)
    assert found_in_backups(office, needle) == []


def test_backups_in_a_folder_of_before_are_cleared_as_well(office: DeskOffice, tmp_path: Path) -> None:
    (reference,) = poll(office)
    needles = traces(office, reference)
    office.lead.backups.create()
    settings = office.lead.settings.show()
    office.lead.settings.change(settings.model_copy(update={"backup_folder": str(tmp_path / "nas")}))
    office.ahead = timedelta(minutes=1)
    decline(office, reference)
    office.lead.backups.create()
    assert found_in_backups(office, needles)
    assert office.lead.retention.run().discarded == (reference,)
    assert found_in_backups(office, needles) == []
    assert office.lead.settings.show().former_backup_folders == (None,)


def test_what_was_discarded_does_not_come_back_from_a_backup_of_before(office: DeskOffice) -> None:
    gone, kept = poll(office, 2)
    path = office.lead.backups.create()
    raw = path.read_bytes()
    decline(office, gone)
    assert office.lead.retention.run().discarded == (gone,)
    (later,) = poll(office)
    path.write_bytes(raw)  # as someone would who kept a copy elsewhere
    log = [entry.digest for entry in office.store.journal.entries()]
    done = restore(office, path)
    assert (done.discards, done.unsealed, done.accounts) == ((gone,), False, ())
    office = after(office)
    assert [line.referral.reference for line in office.lead.work.worklist()] == [kept]
    tombstone = office.store.closed().get(TOMBSTONES, gone)
    verify_row(tombstone, office.lead.office.directory, TOMBSTONES, gone, frozenset({Role.TEAM_LEAD}))
    assert [row["discarded"] for _, row in office.store.closed().rows(LEDGER)] == [True]
    assert [entry.digest for entry in office.store.journal.entries()][: len(log)] == log
    assert "restore" in {entry.action for entry in office.lead.log.entries()}
    assert office.store.snapshot().get(REFERRALS, later) is None
    assert poll(office)[0] > later, "a number is never given twice"


def test_a_broken_store_is_restored_by_the_log_alone(office: DeskOffice) -> None:
    gone, kept = poll(office, 2)
    path = office.lead.backups.create()
    raw = path.read_bytes()
    decline(office, gone)
    assert office.lead.retention.run().discarded == (gone,)
    path.write_bytes(raw)
    broken = break_active(office)
    done = restore(office, path)
    assert done.restored.was_damaged
    with zipfile.ZipFile(done.restored.aside) as archive:
        assert archive.read("active.json") == broken
    office = after(office)
    assert [line.referral.reference for line in office.lead.work.worklist()] == [kept]
    assert office.store.closed().get(TOMBSTONES, gone)["discarded_by"] == "els"
    assert len(office.store.closed().rows(LEDGER)) == 1
    assert office.lead.retention.plan().waiting == ()


def test_a_discard_that_had_only_begun_goes_on_after_the_restore_of_a_broken_store(
    office: DeskOffice,
) -> None:
    (reference,) = poll(office)
    path = office.lead.backups.create()
    decline(office, reference)
    office.server.stop()
    office.lead.retention.run()
    office.server.start()
    break_active(office)
    restore(office, path)
    office = after(office)
    assert office.lead.work.worklist() == []
    assert [w.reference for w in office.lead.retention.plan().waiting] == [reference]
    assert office.lead.retention.run().discarded == (reference,)
    assert office.everywhere() == []
    for one in listed(folder(office)):
        assert not one.damaged, "damaged files that were set aside go at the next discard"


def test_an_administrator_restores_but_signs_no_discard_anew(office: DeskOffice) -> None:
    office.add("anna", Role.ADMIN)
    admin = ("anna", "anna heeft drie wafels")
    gone, _kept = poll(office, 2)
    path = office.lead.backups.create()
    raw = path.read_bytes()
    restore(office, path, admin)
    office = after(office)
    decline(office, gone)
    office.lead.retention.run()
    path.write_bytes(raw)
    break_active(office)
    with pytest.raises(TeamLeadNeeded):
        restore(office, path, admin)
    restore(office, path)


def test_only_team_leads_and_administrators_make_and_restore_backups(office: DeskOffice) -> None:
    worker = office.add("jan", Role.SOCIAL_WORKER)
    with pytest.raises(NotAllowed):
        worker.backups.create()
    path = office.lead.backups.create()
    before = (office.store.location / "active.json").read_bytes()
    with pytest.raises(NotAllowed):
        restore(office, path, ("jan", "jan heeft drie wafels"))
    with pytest.raises(WrongPassphrase):
        restore(office, path, ("els", "geen groene fietsen"))
    break_active(office)
    with pytest.raises(NotAllowed):
        restore(office, path, ("jan", "jan heeft drie wafels"))
    with pytest.raises(WrongPassphrase):
        restore(office, path, ("els", "geen groene fietsen"))
    (office.store.location / "active.json").write_bytes(before)


def test_who_was_disabled_after_the_backup_stays_out_and_gets_no_key_back(office: DeskOffice) -> None:
    office.add("jan", Role.SOCIAL_WORKER)
    (reference,) = poll(office)
    office.lead.work.assign([reference], "jan")
    path = office.lead.backups.create()
    assert "jan" in receivers_of(office.store.snapshot().get(REFERRALS, reference)["sealed"])
    office.lead.staff.disable("jan")
    done = restore(office, path)
    assert not done.unsealed
    office = after(office)
    row = office.store.snapshot().get(REFERRALS, reference)
    assert "jan" not in receivers_of(row["sealed"])
    assert office.lead.work.open(reference, "nagaan wat terugkwam").payload.client.last_name == "Kwispelaere"
    with pytest.raises(AccountNotActive):
        open_desk(office.store.location, "jan", "jan heeft drie wafels", clock=office.now)


def test_accounts_that_changed_after_the_backup_of_a_broken_store_are_named(office: DeskOffice) -> None:
    office.add("jan", Role.SOCIAL_WORKER)
    path = office.lead.backups.create()
    office.lead.staff.disable("jan")
    break_active(office)
    assert restore(office, path).accounts == ("jan",)


def test_another_stores_backup_is_refused_also_by_its_users(office: DeskOffice, tmp_path: Path) -> None:
    other = create_store(tmp_path / "ander")
    theirs = create(other.location, tmp_path, office.now(), Purpose.MANUAL)
    other.close()
    before = (office.store.location / "active.json").read_bytes()
    with pytest.raises(BackupOfAnother):
        restore(office, theirs)
    assert (office.store.location / "active.json").read_bytes() == before


def test_where_backups_go_is_known_without_signing_in(office: DeskOffice, tmp_path: Path) -> None:
    settings = office.lead.settings.show()
    change = {"backup_folder": str(tmp_path / "nas"), "backup_days": 7}
    office.lead.settings.change(settings.model_copy(update=change))
    plan, identity = known_plan(office.store.location)
    assert (plan.folder, plan.days, identity) == (tmp_path / "nas", 7, office.store.identity)
    with pytest.raises(NoBackup):
        newest_good(plan, office.store.identity)
    office.lead.backups.create()
    newest_good(plan, office.store.identity)
    break_active(office)
    assert known_plan(office.store.location) == (None, office.store.identity)
    (office.store.location / "active.json").unlink()
    assert known_plan(office.store.location) == (None, None)


def test_counters_go_back_for_nobody(office: DeskOffice) -> None:
    path = office.lead.backups.create()
    first = poll(office, 2)
    break_active(office)
    restore(office, path)
    office = after(office)
    year = office.now().year
    assert office.store.snapshot().get(COUNTERS, f"D{year}") == {"last": len(first)}


def test_a_backup_that_was_verified_is_marked_until_it_is_written_anew(
    office: DeskOffice, tmp_path: Path
) -> None:
    """A mark on a file that changed since would tell that something was checked that nobody looked at."""
    lead = office.lead
    lead.office.memory = tmp_path / "memory"
    path = lead.backups.create()
    assert [kept.verified_at for kept in lead.backups.items() if kept.listed.path == path] == [None]
    lead.backups.verify(path)
    [at] = [kept.verified_at for kept in lead.backups.items() if kept.listed.path == path]
    assert at is not None
    data = path.read_bytes()
    path.write_bytes(data[:-30])
    assert [kept.verified_at for kept in lead.backups.items() if kept.listed.path == path] == [None]
    with pytest.raises(BackupBroken):
        lead.backups.verify(path)
    write_note(tmp_path / "memory" / VERIFIED_FILE, b"[1]")
    assert lead.backups.items()
