"""A discard is proven by searching every place, and its certificate leads to nobody (P3, P6)."""

import pytest
from pypdf import PdfReader

from intake.archive import Member, pack
from intake.desk.desk import open_desk
from intake.desk.hindrances import WAITING_FOR_QUARANTINE
from intake.desk.office import LEDGER_SECRET
from intake.desk.outgoing import DRAFT_OUTCOME
from intake.desk.proof import CertificateNotWritten, Search
from intake.desk.restoring import restore_backup
from intake.desk.work import AttemptRequest
from intake.errors import NotFound, NotLawful, WrongUse
from intake.mail.ledger import LedgerKey, place
from intake.mail.message import parse_message
from intake.paperwork.certificate import certificate_json
from intake.referral import Channel, Result, Wish
from intake.rows import LEDGER, QUARANTINE, TOMBSTONES
from intake.staff import Role
from storage.sealing import sign_row
from tests.intake.desk.conftest import SECRET, DeskOffice
from tests.journeys.mails import CANARY, form, mail


def polled(office: DeskOffice, count: int = 1) -> tuple[str, ...]:
    for _ in range(count):
        office.send()
    return office.lead.polling.poll().references


def decline(office: DeskOffice, reference: str) -> None:
    office.lead.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.REACHED))
    office.lead.work.wish(reference, Wish.NO)


def discarded(office: DeskOffice) -> str:
    (reference,) = polled(office)
    decline(office, reference)
    assert office.lead.retention.run().discarded == (reference,)
    return reference


def put_draft(office: DeskOffice, reference: str, *attachments: tuple[str, bytes], **options: str) -> bytes:
    """Put a notice among the drafts as the program does, with its row in the ledger; returns the draft."""
    raw = mail(*attachments, subject="Melding gegevenskwaliteit", **options)
    key = LedgerKey.of(office.lead.office.secret(LEDGER_SECRET)["key"])
    box = office.lead.polling.settings()
    with office.lead.polling.connect() as mailbox:
        where = mailbox.append_draft(raw)
    assert where is not None
    seen = parse_message(raw, location=where, received_at=office.now())
    account = key.account(box.host, box.user)
    row = {
        "at": place(where),
        "moved": None,
        "message": key.message(seen.message_id),
        "message_id": key.hide(seen.message_id),
        "attachments": key.attachments(seen.parts),
        "outcome": DRAFT_OUTCOME,
        "account": account,
        "references": [reference],
        "quarantine": [],
        "deleted": False,
        "discarded": False,
    }
    signer = office.lead.office.session.signer
    at = key.location(account, where)
    with office.store.transaction(signer) as tx:
        tx.put(LEDGER, at, sign_row(row, signer, LEDGER, at))
    return raw


def found_in(search: Search) -> dict[str, int]:
    return {one.name.partition(":")[0]: one.found for one in search.places if one.found}


# -- the discard reaches drafts and quarantine --------------------------------------------------------------------------


@pytest.mark.parametrize("attachments", [(), (("gegevens.7z", b"versleuteld"),)], ids=["plain", "archive"])
@pytest.mark.parametrize("sent", [False, True])
def test_drafts_the_program_made_go_with_the_referral_also_when_they_were_sent(office, attachments, sent):
    reference, kept = polled(office, 2)
    put_draft(office, reference, *attachments)
    drafts = office.server.maildir(office.mailbox, "Drafts")
    (first,) = (p for part in ("cur", "new") for p in (drafts / part).iterdir())
    put_draft(office, kept, *attachments)
    if sent:
        folder = office.server.maildir(office.mailbox, "Verzonden")
        first.rename(folder / "cur" / (first.name.split(":")[0] + ":2,S"))
    decline(office, reference)
    assert office.lead.retention.run().discarded == (reference,)
    assert len(office.everywhere()) == 2, "the other referral's mail and draft are left alone"
    tombstone = office.store.closed().get(TOMBSTONES, reference)
    assert (tombstone["mails"], tombstone["drafts"]) == (2, 1)
    search = office.lead.proof.verify(reference)
    assert found_in(search) == {} and search.clean, search.places


def test_a_draft_that_can_be_known_by_nothing_takes_no_other_mail_along(office):
    """Without Message-ID and attachments every plain mail in the box would have looked the same."""
    (reference,) = polled(office)
    put_draft(office, reference)
    ((at, row),) = [(k, r) for k, r in office.store.snapshot().rows(LEDGER) if r["outcome"] == DRAFT_OUTCOME]
    signer = office.lead.office.session.signer
    with office.store.transaction(signer) as tx:
        bare = {k: v for k, v in row.items() if k != "signed"} | {"message": None, "message_id": None}
        tx.put(LEDGER, at, sign_row(bare, signer, LEDGER, at))
    office.server.deliver(office.mailbox, mail(subject="Vergadering"), folder="Archief")
    (draft,) = office.in_folder("Drafts")
    draft.unlink()
    decline(office, reference)
    assert office.lead.retention.run().discarded == (reference,)
    assert len(office.everywhere()) == 1


def test_the_same_message_in_quarantine_from_before_it_could_be_read_goes_too(office):
    archive = pack([Member(*form())], SECRET)
    office.server.deliver(office.mailbox, mail(("fiche.7z", archive), sender="lien@elders.example"))
    assert office.lead.polling.poll().quarantined == 1
    other = pack([Member(*form())], "een andere zin")
    office.server.deliver(office.mailbox, mail(("fiche.7z", other)))
    office.server.deliver(office.mailbox, mail(("fiche.7z", archive)))
    (reference,) = office.lead.polling.poll().references
    office.lead.backups.create()
    decline(office, reference)
    assert office.lead.retention.run().discarded == (reference,)
    items = office.store.snapshot().rows(QUARANTINE)
    assert [row["cause"] for _key, row in items] == ["unknown-passphrase"]
    assert [path.parent.parent.name for path in office.everywhere()] == [".Quarantaine"]
    assert office.lead.proof.verify(reference).clean
    (entry,) = [e for e in office.lead.log.entries(reference=reference) if e.action == "quarantine-discarded"]
    assert entry.references[-1] == reference


@pytest.mark.parametrize("broken", [False, True])
def test_a_restore_brings_no_copy_back_into_quarantine(office, broken):
    archive = pack([Member(*form())], SECRET)
    office.server.deliver(office.mailbox, mail(("fiche.7z", archive), sender="lien@elders.example"))
    office.lead.polling.poll()
    office.server.deliver(office.mailbox, mail(("fiche.7z", archive)))
    (reference,) = office.lead.polling.poll().references
    trusted = office.lead.office.directory.fingerprint
    path = office.lead.backups.create()
    raw = path.read_bytes()
    decline(office, reference)
    assert office.lead.retention.run().discarded == (reference,)
    path.write_bytes(raw)  # as someone would who kept a copy elsewhere
    if broken:
        active = office.store.location / "active.json"
        active.write_bytes(active.read_bytes()[:-100])
    lead = ("els", "vier groene fietsen")
    done = restore_backup(office.store.location, path, *lead, clock=office.now, trusted=trusted)
    assert done.discards == (reference,)
    office.store.close()
    desk = open_desk(office.store.location, *lead, clock=office.now)
    office.store, office.lead = desk.office.store, desk
    assert desk.office.store.snapshot().rows(QUARANTINE) == []


# -- the search -----------------------------------------------------------------------------------------------------------


def test_after_a_discard_every_place_is_searched_and_clean(office):
    office.lead.backups.create()
    reference = discarded(office)
    search = office.lead.proof.verify(reference)
    assert search.clean
    names = {place.name.partition(":")[0] for place in search.places}
    assert names >= {"store", "closed-matters", "quarantine", "backup", "folder"}
    folders = {place.name for place in search.places if place.name.startswith("folder:")}
    assert {"folder:INBOX", "folder:Verwerkt"} <= folders
    (entry,) = [e for e in office.lead.log.entries(reference=reference) if e.action == "discard-verify"]
    assert entry.detail["clean"] == "yes"


@pytest.mark.parametrize("folder", ["INBOX", "Archief", "Drafts"])
def test_a_mail_that_someone_put_back_is_found_in_whatever_folder(office, folder):
    raw = office.send()
    (reference,) = office.lead.polling.poll().references
    decline(office, reference)
    office.lead.retention.run()
    office.server.deliver(office.mailbox, raw, folder=folder)
    # Forwarded by a colleague: another Message-ID, the same archive.
    again = raw.replace(b"Message-ID: <", b"Message-ID: <door-")
    office.server.deliver(office.mailbox, again, folder="Archief")
    office.server.deliver(office.mailbox, mail(subject="Vergadering"), folder=folder)
    search = office.lead.proof.verify(reference)
    assert not search.clean
    assert sum(place.found for place in search.places) == 2
    (hit,) = [p for p in search.places if p.found and p.name.partition(":")[2] == folder]
    assert hit.name.startswith("drafts:" if folder == "Drafts" else "folder:")


def test_what_another_referral_came_from_is_not_held_against_a_discarded_one(office):
    archive = pack([Member(*form())], SECRET)
    office.server.deliver(office.mailbox, mail(("fiche.7z", archive)))
    (reference,) = office.lead.polling.poll().references
    decline(office, reference)
    office.lead.retention.run()
    office.server.deliver(office.mailbox, mail(("fiche.7z", archive)))
    (again,) = office.lead.polling.poll().references
    assert again != reference
    assert office.lead.proof.verify(reference).clean


def test_a_backup_from_elsewhere_that_still_holds_it_is_found(office):
    (reference,) = polled(office)
    path = office.lead.backups.create()
    raw = path.read_bytes()
    decline(office, reference)
    office.lead.retention.run()
    assert office.lead.proof.verify(reference).clean
    path.write_bytes(raw)
    search = office.lead.proof.verify(reference)
    assert found_in(search) == {"backup": 2}, "the referral, and the way to its mail"
    assert not search.only_mailbox_missing


def test_a_backup_that_cannot_be_read_leaves_it_unproven(office):
    reference = discarded(office)
    path = office.lead.backups.create()
    path.write_bytes(path.read_bytes()[:-10])
    search = office.lead.proof.verify(reference)
    assert not search.clean
    assert [p.name for p in search.places if not p.searched] == [f"backup:{path.name}"]


def test_with_the_mailbox_down_only_the_mailbox_is_unproven(office):
    reference = discarded(office)
    office.server.stop()
    search = office.lead.proof.verify(reference)
    office.server.start()
    assert (search.clean, search.only_mailbox_missing) == (False, True)


def test_a_mailbox_that_was_changed_since_cannot_be_searched_for_it(office):
    reference = discarded(office)
    settings = office.lead.settings.show()
    other = settings.mailbox.model_copy(update={"user": f"{office.mailbox}-ander"})
    office.lead.settings.change(settings.model_copy(update={"mailbox": other}))
    search = office.lead.proof.verify(reference)
    assert [p.name for p in search.places if not p.searched] == ["other-mailbox"]
    assert not search.only_mailbox_missing


def test_a_discard_that_waits_is_not_proven_and_gets_no_certificate(office):
    (reference,) = polled(office)
    decline(office, reference)
    office.server.stop()
    office.lead.retention.run()
    office.server.start()
    search = office.lead.proof.verify(reference)
    assert not search.clean
    assert found_in(search) == {"store": 2, "folder": 1}, "the job, the way to its mail, and the mail"
    with pytest.raises(NotLawful):
        office.lead.proof.certificate([reference])
    office.lead.retention.run()
    assert office.lead.proof.verify(reference).clean
    assert office.lead.proof.certificate([reference]).items[0].reference == reference


def test_what_is_kept_or_never_was_is_told_apart(office):
    (reference,) = polled(office)
    for use in (office.lead.proof.verify, lambda r: office.lead.proof.certificate([r])):
        with pytest.raises(NotLawful) as refusal:
            use(reference)
        assert (refusal.value.exit_code, refusal.value.values["article"]) == (7, "P3")
        with pytest.raises(NotFound):
            use("D2020-0001")


def test_the_service_account_proves_its_own_work(office):
    service = office.add("nacht", Role.SERVICE)
    reference = discarded(office)
    assert service.proof.verify(reference).clean


# -- the certificate --------------------------------------------------------------------------------------------------------


def test_a_certificate_says_what_was_discarded_and_leads_to_nobody(office, tmp_path):
    one, two = polled(office, 2)
    for reference in (one, two):
        decline(office, reference)
    office.lead.retention.run()
    path = tmp_path / "verklaring.pdf"
    made = office.lead.proof.certificate([one, two, one], path)
    assert [item.reference for item in made.items] == [one, two]
    text = " ".join(page.extract_text() for page in PdfReader(path).pages)
    assert one in text
    assert two in text
    assert "Exchange Online" in text
    said = text + str(certificate_json(made))
    for value in CANARY.as_dict().values():
        assert value is None or len(value) < 4 or value not in said
    assert made.items[0].outcome == "declined"
    assert made.items[0].mails == 1
    with pytest.raises(WrongUse):
        office.lead.proof.certificate([one], path)
    with pytest.raises(CertificateNotWritten):
        office.lead.proof.certificate([one], tmp_path / "nergens" / "x.pdf")


def test_a_form_in_quarantine_of_the_same_message_still_holds_its_discard(office):
    """Two forms in one mail, of which one could not be read: that one is a person's to decide on first."""
    name, data = form()
    archive = pack([Member(name, data), Member("tweede.docx", b"geen docx")], SECRET)
    office.server.deliver(office.mailbox, mail(("fiche.7z", archive)))
    (reference,) = office.lead.polling.poll().references
    decline(office, reference)
    assert [w.cause for w in office.lead.retention.run().waiting] == [WAITING_FOR_QUARANTINE]
    assert len(office.store.snapshot().rows(QUARANTINE)) == 1


def test_the_dpo_searches_all_but_the_mailbox_and_takes_no_proof_back(office):
    """A DPO reads no client data, and so has no key to the mailbox; what was proven stays proven."""
    reference = discarded(office)
    dpo = office.add("dirk", Role.DPO)
    search = dpo.proof.verify(reference)
    assert not search.clean
    assert search.only_mailbox_missing
    assert {place.name for place in search.places} >= {"store", "closed-matters", "quarantine"}
    assert [(gone.searched.clean, gone.searched.by) for gone in dpo.proof.discarded()] == [(False, "dirk")]
    assert office.lead.proof.verify(reference).clean
    dpo.proof.verify(reference)
    assert [(gone.searched.clean, gone.searched.by) for gone in dpo.proof.discarded()] == [(True, "els")]
