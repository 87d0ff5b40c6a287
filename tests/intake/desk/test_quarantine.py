"""Deciding on what is in quarantine, on a real mailbox: nothing is lost, nothing comes in twice, what is rejected goes."""

import os
from datetime import timedelta

import pytest

from intake.archive import Member, pack
from intake.causes import Cause
from intake.client import Client, Consent
from intake.desk.breaches import Account
from intake.desk.desk import open_desk
from intake.desk.logged import PersonNamed
from intake.desk.office import PASSPHRASES_SECRET
from intake.desk.outgoing import DraftToPlace, drafts
from intake.desk.passphrases import LabelUnusable, NewPassphrase, PassphraseUnusable, outgoing
from intake.desk.quarantine import NotInQuarantine, Person
from intake.desk.rereading import MessageGone, PassphraseFitsNothing
from intake.desk.restoring import restore_backup
from intake.desk.work import AttemptRequest
from intake.entry import FieldsWrong
from intake.errors import MailboxError, NotLawful, WrongUse
from intake.referral import Channel, Flag, Result, Wish
from intake.rejecting import Because
from intake.rows import LEDGER, QUARANTINE
from intake.staff import Role
from storage.backup import listed, read_contents
from storage.directory import RECOVERY
from storage.sealing import receivers_of
from tests.intake.desk.conftest import SECRET, DeskOffice
from tests.journeys.mails import CANARY, form, mail

OTHER = "heel andere zin 99"
BY_HAND = Person(Client("An", "Maes", phone="0470 12 34 56", postcode="8500"), Consent.CONFIRMED)


def _sealed_otherwise(office: DeskOffice, **options: str) -> bytes:
    raw = mail(("fiche.7z", pack([Member(*form())], OTHER)), **options)
    office.server.deliver(office.mailbox, raw)
    return raw


def _new(office: DeskOffice, secret: str = OTHER, label: str = "winter") -> NewPassphrase:
    return NewPassphrase(label, secret, office.lead.office.today())


def _one(office: DeskOffice, cause: Cause) -> str:
    office.lead.polling.poll()
    (item,) = office.lead.quarantine.items()
    assert item.cause is cause
    return item.id


def _actions(office: DeskOffice, reference: str) -> list[str]:
    return [e.action for e in office.lead.log.entries(reference=reference)]


def _decline(office: DeskOffice, reference: str) -> None:
    office.lead.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.REACHED))
    office.lead.work.wish(reference, Wish.NO)


# -- trying again -----------------------------------------------------------------------------------------------------


def test_a_new_passphrase_makes_a_referral_of_what_it_opens(office: DeskOffice) -> None:
    _sealed_otherwise(office)
    _sealed_otherwise(office)
    office.lead.polling.poll()
    first, second = office.lead.quarantine.items()
    quarantine = office.lead.quarantine
    (stayed,) = quarantine.retry([first.id])
    assert (stayed.cause, stayed.references) == (Cause.UNKNOWN_PASSPHRASE, ())
    assert quarantine.items()[0].attempts == 2
    with pytest.raises(PassphraseFitsNothing):
        quarantine.retry([first.id], _new(office, "verkeerd geraden"))
    for wrong, refused in (
        (_new(office, label=""), LabelUnusable),
        (_new(office, label="eerste"), LabelUnusable),
        (_new(office, label=f"zin {OTHER}"), LabelUnusable),
        (_new(office, SECRET), PassphraseUnusable),
        (_new(office, " "), PassphraseUnusable),
    ):
        with pytest.raises(refused):
            quarantine.retry([first.id], wrong)
    assert len(office.lead.office.secret(PASSPHRASES_SECRET)) == 1  # nothing that fits nothing is kept
    office.ahead = timedelta(hours=3)
    (became,) = quarantine.retry([first.id], _new(office))
    (reference,) = became.references
    assert quarantine.show(second.id).cause is Cause.UNKNOWN_PASSPHRASE
    (also,) = quarantine.retry(cause=Cause.UNKNOWN_PASSPHRASE)
    assert also.references
    referral = office.lead.work.open(reference).referral
    assert referral.received_at == first.received_at  # and not the moment of the new try
    assert referral.likeness
    assert quarantine.items() == []
    assert (len(office.in_folder("Verwerkt")), office.in_folder("Quarantaine")) == (2, [])
    assert "quarantine-retry" in _actions(office, reference)
    told = str(list(office.lead.log.entries()))
    assert "winter" in told and OTHER not in told
    _decline(office, reference)
    _decline(office, also.references[0])
    assert set(office.lead.retention.run().discarded) == {reference, also.references[0]}
    assert office.everywhere() == []


def test_the_newest_passphrase_in_force_is_the_one_to_send_with(office: DeskOffice) -> None:
    today = office.lead.office.today()
    stored = [
        {"label": "oud", "secret": "a"},
        {"label": "straks", "secret": "b", "valid_from": (today + timedelta(days=3)).isoformat()},
        {"label": "nu", "secret": "c", "valid_from": today.isoformat()},
    ]
    assert outgoing(stored, today) is stored[2]
    assert outgoing(stored, today + timedelta(days=3)) is stored[1]
    assert outgoing(stored[:2], today) is stored[0]
    assert outgoing([], today) is None


def test_a_message_is_found_in_a_renamed_folder_and_after_uids_began_anew(office: DeskOffice) -> None:
    """Stops a colleague's tidying of the mailbox from losing a referral that could be read now."""
    _sealed_otherwise(office)
    item = _one(office, Cause.UNKNOWN_PASSPHRASE)
    (stored,) = office.in_folder("Quarantaine")
    elsewhere = office.server.maildir(office.mailbox, "Oude quarantaine")
    stored.rename(elsewhere / "cur" / (stored.name.split(":")[0] + ":2,S"))
    (became,) = office.lead.quarantine.retry([item], _new(office))
    assert became.references
    assert (len(office.in_folder("Verwerkt")), office.in_folder("Oude quarantaine")) == (1, [])


def test_without_a_message_id_it_is_known_by_what_it_holds(office: DeskOffice) -> None:
    raw = mail(("fiche.7z", pack([Member(*form())], OTHER)))
    bare = b"\r\n".join(line for line in raw.split(b"\r\n") if not line.startswith(b"Message-ID"))
    office.server.deliver(office.mailbox, bare)
    item = _one(office, Cause.UNKNOWN_PASSPHRASE)
    (stored,) = office.in_folder("Quarantaine")
    elsewhere = office.server.maildir(office.mailbox, "Archief")
    stored.rename(elsewhere / "cur" / (stored.name.split(":")[0] + ":2,S"))
    (became,) = office.lead.quarantine.retry([item], _new(office))
    assert became.references


def test_a_mailbox_that_is_down_loses_nothing(office: DeskOffice) -> None:
    _sealed_otherwise(office)
    item = _one(office, Cause.UNKNOWN_PASSPHRASE)
    office.server.stop()
    with pytest.raises(MailboxError):
        office.lead.quarantine.retry([item], _new(office))
    assert office.lead.quarantine.items()[0].attempts == 1
    assert len(office.lead.office.secret(PASSPHRASES_SECRET)) == 1
    # Registering needs no mailbox; the next poll moves the mail.
    (referral,) = office.lead.quarantine.register(item, [BY_HAND])
    office.server.start()
    assert len(office.in_folder("Quarantaine")) == 1
    office.lead.polling.poll()
    assert (len(office.in_folder("Verwerkt")), office.in_folder("Quarantaine")) == (1, [])
    _decline(office, referral.reference)
    assert office.lead.retention.run().discarded == (referral.reference,)
    assert office.everywhere() == []


def test_a_message_that_is_gone_is_said_and_does_not_stop_the_others(office: DeskOffice) -> None:
    _sealed_otherwise(office)
    _sealed_otherwise(office)
    office.lead.polling.poll()
    office.in_folder("Quarantaine")[0].unlink()
    results = {type(one.problem): one for one in office.lead.quarantine.retry(new=_new(office))}
    assert set(results) == {MessageGone, type(None)}
    assert results[type(None)].references
    assert [item.id for item in office.lead.quarantine.items()] == [results[MessageGone].id]


def test_only_the_part_that_was_in_quarantine_is_read_again(office: DeskOffice) -> None:
    """Stops a second referral of the forms in the same message that came in at once."""
    good, bad = (
        pack([Member(*form())], SECRET),
        pack([Member(*form(kind="txt")), Member("leeg.txt", b"x")], OTHER),
    )
    office.server.deliver(office.mailbox, mail(("a.7z", good), ("b.7z", bad)))
    polled = office.lead.polling.poll()
    assert polled.quarantined == 1 and len(polled.references) == 1
    (item,) = office.lead.quarantine.items()
    (again,) = office.lead.quarantine.retry([item.id], _new(office))
    # One form of its archive is read, the other has no name: the item stays for that one.
    assert len(again.references) == 1 and again.cause is not None
    assert len(office.lead.work.worklist()) == 2
    (left,) = office.lead.quarantine.items()
    assert left.id == item.id
    assert office.lead.quarantine.retry([item.id])[0].references == ()
    assert len(office.in_folder("Quarantaine")) == 1
    office.lead.quarantine.reject(item.id, "leeg blad", Because.OTHER)
    office.lead.polling.poll()
    assert len(office.in_folder("Verwerkt")) == 1  # the referrals' own message is not removed with it
    references = [line.referral.reference for line in office.lead.work.worklist()]
    for reference in references:
        _decline(office, reference)
    assert set(office.lead.retention.run().discarded) == set(references)
    assert office.everywhere() == []


def test_what_was_sent_again_rightly_does_not_come_in_twice(office: DeskOffice) -> None:
    archive = pack([Member(*form())], SECRET)
    office.server.deliver(office.mailbox, mail(("fiche.7z", archive), sender="lien@elders.example"))
    item = _one(office, Cause.UNKNOWN_SENDER)
    office.server.deliver(office.mailbox, mail(("fiche.7z", archive)))
    (reference,) = office.lead.polling.poll().references
    settings = office.lead.settings.show()
    trusted = (*settings.trusted_senders, "elders.example")
    office.lead.settings.change(settings.model_copy(update={"trusted_senders": trusted}))
    (again,) = office.lead.quarantine.retry([item])
    assert again.references == (reference,)
    assert len(office.lead.work.worklist()) == 1
    _decline(office, reference)
    office.lead.retention.run()
    assert office.everywhere() == []


def test_outside_the_agreement_nothing_comes_in_from_quarantine_either(office: DeskOffice) -> None:
    _sealed_otherwise(office)
    item = _one(office, Cause.UNKNOWN_PASSPHRASE)
    settings = office.lead.settings.show()
    ended = settings.agreement.model_copy(update={"ended_on": office.lead.office.today()})
    office.lead.settings.change(settings.model_copy(update={"agreement": ended}))
    with pytest.raises(NotLawful):
        office.lead.quarantine.retry([item])
    with pytest.raises(NotLawful):
        office.lead.quarantine.register(item, [BY_HAND])
    office.lead.quarantine.reject(item, "overeenkomst voorbij", Because.OTHER)


# -- by hand ----------------------------------------------------------------------------------------------------------


def test_what_is_registered_by_hand_is_a_referral_like_any_other(office: DeskOffice) -> None:
    office.server.deliver(
        office.mailbox, mail(("scan.7z", pack([Member("a.png", b"\x89PNG" + bytes(40))], SECRET)))
    )
    item = _one(office, Cause.SCAN)
    received = office.lead.quarantine.items()[0].received_at
    wrong = Person(Client("An", None, phone="12", email="x@"), Consent.CONFIRMED)
    with pytest.raises(FieldsWrong) as refused:
        office.lead.quarantine.register(item, [wrong])
    assert set(refused.value.fields) == {"last_name", "phone", "email"}
    assert "12" not in str(refused.value.fields["phone"]).replace("0470 12 34 56", "")
    (first,) = office.lead.quarantine.register(item, [BY_HAND], more=True)
    (second,) = office.lead.quarantine.register(
        item, [Person(Client("Bo", "Maes", phone="0470123456"), Consent.NOT_STATED)]
    )
    assert first.flags == (Flag.BY_HAND, Flag.FOREIGN_POSTCODE)
    assert first.received_at == second.received_at == received
    view = office.lead.work.open(first.reference)
    assert view.payload.client.phone == "+32470123456"
    assert set(first.likeness) & set(second.likeness)
    assert view.referral.timeline[0].step == "register"
    with pytest.raises(NotInQuarantine):
        office.lead.quarantine.show(item)
    with pytest.raises(NotInQuarantine):
        office.lead.quarantine.register(item, [BY_HAND])
    assert _actions(office, item) == [
        "quarantine", "quarantine-list", "quarantine-list", "import", "quarantine-register", "import", "quarantine-register"
    ]  # fmt: skip
    assert "Maes" not in str(list(office.lead.log.entries()))


def test_a_service_account_puts_in_quarantine_what_it_cannot_read(office: DeskOffice) -> None:
    service = office.add("nacht", Role.SERVICE)
    office.server.deliver(office.mailbox, mail(form()))
    assert service.polling.poll().quarantined == 1
    (row,) = [row for _key, row in office.store.snapshot().rows(QUARANTINE)]
    assert receivers_of(row["sealed"]) == {"els", RECOVERY}
    assert office.lead.quarantine.show(row["id"]).sender == "lien.claes@opgroeien.be"


# -- rejecting --------------------------------------------------------------------------------------------------------


def _drafts(office: DeskOffice) -> list[bytes]:
    return [path.read_bytes() for path in office.in_folder("Drafts")]


def test_a_rejected_message_goes_everywhere_and_the_sender_is_told(office: DeskOffice) -> None:
    office.server.deliver(office.mailbox, mail(form(), message_id="<bloot@opgroeien.be>"))
    item = _one(office, Cause.NOT_ENCRYPTED)
    office.lead.backups.create()
    with pytest.raises(WrongUse):
        office.lead.quarantine.reject(item, " ")
    rejected = office.lead.quarantine.reject(item, "niet versleuteld, afzender gebeld")
    assert rejected.because is Because.NOT_ENCRYPTED
    assert rejected.draft and rejected.incident
    (draft,) = _drafts(office)
    assert b"lien.claes@opgroeien.be" in draft and item.encode() in draft
    for word in (CANARY.first_name, CANARY.last_name, CANARY.street, form()[0]):
        assert str(word).encode() not in draft
    # Decided is not forgotten: it stays a breach to record.
    assert [p.item for p in office.lead.breaches.proposals()] == [item]
    assert len(office.in_folder("Quarantaine")) == 1
    assert [(w.reference, w.untried) for w in office.lead.retention.waiting()] == [(item, True)]
    office.server.stop()
    result = office.lead.retention.run()
    assert [(w.reference, w.cause, w.untried) for w in result.waiting] == [(item, "mailbox-down", False)]
    assert result.removed == ()
    office.server.start()
    result = office.lead.retention.run()
    assert (result.waiting, result.removed, result.discarded) == ((), (item,), ())
    assert [p for p in office.everywhere() if p.parent.parent.name != ".Drafts"] == []
    assert [p.item for p in office.lead.breaches.proposals()] == [item]
    office.lead.breaches.open(Account(), quarantine=item)
    assert office.lead.breaches.proposals() == []
    assert _actions(office, item)[-4:] == [
        "draft",
        "quarantine-reject",
        "draft-placed",
        "quarantine-gone",
    ]
    with pytest.raises(NotInQuarantine):
        office.lead.quarantine.reject(item, "nog eens")
    assert office.store.snapshot().rows(QUARANTINE) == []
    assert all(row["message_id"] is None for _k, row in office.store.closed().rows(LEDGER))
    plan = office.lead.backups.plan
    for one in listed(plan.folder, office.store.identity):
        rows = read_contents(one.path, office.store.identity).active.get(QUARANTINE, {})
        assert not any("sealed" in row for row in rows.values())


def test_a_rejected_message_that_is_sent_again_is_a_new_one(office: DeskOffice) -> None:
    raw = _sealed_otherwise(office)
    item = _one(office, Cause.UNKNOWN_PASSPHRASE)
    office.lead.quarantine.reject(item, "niet te openen", draft=False)
    office.server.deliver(office.mailbox, raw)
    assert office.lead.polling.poll().quarantined == 1
    office.lead.retention.run()
    (left,) = office.lead.quarantine.items()
    assert left.id != item
    assert len(office.in_folder("Quarantaine")) == 1


def test_a_draft_that_the_mailbox_did_not_take_is_placed_later(office: DeskOffice) -> None:
    _sealed_otherwise(office)
    item = _one(office, Cause.UNKNOWN_PASSPHRASE)
    office.server.stop()
    with pytest.raises(DraftToPlace):
        office.lead.quarantine.reject(item, "niet te openen")
    assert office.lead.quarantine.items() == []
    office.server.start()
    office.lead.quarantine.draft(item)
    assert len(_drafts(office)) == 1
    assert all("sealed" not in row for _k, row in office.store.snapshot().rows("drafts"))
    assert [d.placed_at is not None for d in drafts(office.lead.office)] == [True]


def test_an_unknown_sender_gets_no_mail(office: DeskOffice) -> None:
    office.server.deliver(office.mailbox, mail(form(), sender="list@evil.example"))
    item = _one(office, Cause.UNKNOWN_SENDER)
    assert office.lead.quarantine.reject(item, "reclame").draft is False
    assert _drafts(office) == []


def test_the_reason_in_the_log_names_no_client(office: DeskOffice) -> None:
    office.server.deliver(
        office.mailbox,
        mail(("a.7z", pack([Member("f.txt", b"Voornaam: Zwaantje\nNaam: Kwispelaere\n")], SECRET))),
    )
    item = _one(office, Cause.MISSING_CONTACT)
    with pytest.raises(PersonNamed):
        office.lead.quarantine.reject(item, "Kwispelaere is al gekend")
    assert [one.id for one in office.lead.quarantine.items()] == [item]


# -- its own retention ------------------------------------------------------------------------------------------------


def test_what_nobody_decides_on_goes_after_the_offices_period(office: DeskOffice) -> None:
    """GDPR 5.1(e): quarantine is no place to keep things; the nightly run needs no reader's key for it."""
    service = office.add("nacht", Role.SERVICE)
    _sealed_otherwise(office)
    item = _one(office, Cause.UNKNOWN_PASSPHRASE)
    days = office.lead.settings.show().keep_quarantine_days
    office.ahead = timedelta(days=days - 1)
    assert service.retention.run().expired == ()
    assert [one.id for one in office.lead.quarantine.items()] == [item]
    office.ahead = timedelta(days=days)
    assert service.retention.run(dry_run=True).expired == (item,)
    assert len(office.everywhere()) == 1
    assert service.retention.run().expired == (item,)
    assert office.everywhere() == []
    assert office.lead.quarantine.items() == []
    kept = office.store.closed().get(QUARANTINE, item)
    assert kept is not None and "sealed" not in kept and kept["because"] == "expired"


def test_hostile_bytes_end_as_an_item_that_can_be_rejected(office: DeskOffice) -> None:
    office.server.deliver(office.mailbox, mail(("a.7z", b"7z\xbc\xaf\x27\x1c" + os.urandom(400))))
    office.lead.polling.poll()
    (item,) = office.lead.quarantine.items()
    assert office.lead.quarantine.show(item.id).text == ""
    (referral,) = office.lead.quarantine.register(item.id, [BY_HAND])
    assert office.lead.work.open(referral.reference).payload.client.last_name == "Maes"


@pytest.mark.parametrize("broken", [False, True])
@pytest.mark.parametrize("finished", [False, True])
def test_a_restore_brings_nothing_back_that_was_rejected(
    office: DeskOffice, broken: bool, finished: bool
) -> None:
    _sealed_otherwise(office)
    item = _one(office, Cause.UNKNOWN_PASSPHRASE)
    trusted = office.lead.office.directory.fingerprint
    path = office.lead.backups.create()
    raw = path.read_bytes()
    office.lead.quarantine.reject(item, "niet te openen", draft=False)
    if finished:
        assert office.lead.retention.run().waiting == ()
    path.write_bytes(raw)  # as someone would who kept a copy elsewhere
    if broken:
        active = office.store.location / "active.json"
        active.write_bytes(active.read_bytes()[:-100])
    lead = ("els", "vier groene fietsen")
    restore_backup(office.store.location, path, *lead, clock=office.now, trusted=trusted)
    office.store.close()
    desk = open_desk(office.store.location, *lead, clock=office.now)
    office.store, office.lead = desk.office.store, desk
    assert desk.quarantine.items() == []
    assert desk.retention.run().waiting == ()
    assert office.everywhere() == []
    assert desk.office.store.snapshot().rows(QUARANTINE) == []


def test_a_folder_that_was_made_anew_has_the_message_under_another_number(office: DeskOffice) -> None:
    """Stops a new UIDVALIDITY from losing a message, or from taking the one that has its old number now."""
    _sealed_otherwise(office)
    item = _one(office, Cause.UNKNOWN_PASSPHRASE)
    (stored,) = office.in_folder("Quarantaine")
    raw = stored.read_bytes()
    with office.lead.polling.connect() as mailbox:
        mailbox.connection.select_folder("INBOX")
        mailbox.connection.delete_folder("Quarantaine")
        mailbox.connection.create_folder("Quarantaine")
    office.server.deliver(office.mailbox, mail(form()), folder="Quarantaine")
    office.server.deliver(office.mailbox, raw, folder="Quarantaine")
    (became,) = office.lead.quarantine.retry([item], _new(office))
    assert len(became.references) == 1
    assert (len(office.in_folder("Verwerkt")), len(office.in_folder("Quarantaine"))) == (1, 1)
    _decline(office, became.references[0])
    office.lead.retention.run()
    assert len(office.everywhere()) == 1
