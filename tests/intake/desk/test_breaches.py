"""The breach register: 72 hours, both DPOs, nothing forgotten (P9, GDPR 33)."""

from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from intake.causes import Cause
from intake.desk.breaches import Account
from intake.desk.logged import PersonNamed
from intake.desk.outgoing import ContactMissing, DraftToPlace
from intake.errors import NotAllowed, NotFound, NotLawful, WrongUse, sentence
from intake.register_rows import BREACHES
from intake.registers import BreachKind
from intake.staff import Role
from storage.backup import Purpose, create
from tests.intake.desk.conftest import DeskOffice
from tests.intake.desk.registers import (
    DPO,
    SENDER_DPO,
    agree,
    draft_files,
    everything_said,
    opened,
    referral,
)
from tests.journeys.mails import CANARY, form, mail
from tests.tui.office import LEAD, found_office

LOST = Account(
    what="Een laptop met de werklijst werd gestolen.",
    categories="contactgegevens van cliënten",
    people=12,
    records=14,
    consequences="onbevoegden kunnen de gegevens zien",
    measures="toestel op afstand gewist",
)


def test_p9_both_dpos_get_one_draft_with_the_facts_of_article_33(office: DeskOffice) -> None:
    agree(office)
    breach = office.lead.breaches.open(LOST, office.lead.office.now(), kind=BreachKind.LOST)
    office.lead.breaches.notice(breach.id)
    (file,) = draft_files(office)
    message, text, archives = opened(file.read_bytes())
    assert (message["To"], breach.id in message["Subject"], archives) == (f"{DPO}, {SENDER_DPO}", True, [])
    for said in (
        *[t for t in (LOST.what, LOST.categories, LOST.consequences, LOST.measures) if t],
        "12",
        "14",
        DPO,
    ):
        assert said in text
    with pytest.raises(WrongUse):
        office.lead.breaches.notice(breach.id)
    assert len(draft_files(office)) == 1


def test_gdpr_33_a_draft_in_the_mailbox_tells_nobody_and_only_sending_it_stops_the_clock(
    office: DeskOffice,
) -> None:
    """A draft stopped the clock although nobody had sent it: the 72 hours went by unseen."""
    agree(office)
    lead, dirk = office.lead, office.add("dirk", Role.DPO)
    known = lead.office.now() - timedelta(hours=70)
    breach = lead.breaches.open(LOST, known)
    with pytest.raises(WrongUse):
        lead.breaches.sent(breach.id, lead.office.now())
    assert lead.breaches.notice(breach.id).noticed_at is None
    (one,) = lead.breaches.items()
    assert (one.hours_left in (1, 2), one.draft_waits) == (True, False)
    ready = one.ready_since
    assert ready is not None
    with pytest.raises(NotLawful) as refused:
        lead.breaches.close(breach.id, "versleutelde schijven")
    assert "--sent-at" in sentence(refused.value)
    office.ahead = timedelta(hours=5)
    (reminder,) = lead.reminders.items()
    assert (reminder.kind.value, reminder.id, reminder.overdue) == ("breach-send", breach.id, True)
    for impossible in (ready - timedelta(minutes=2), lead.office.now() + timedelta(hours=1)):
        with pytest.raises(WrongUse):
            dirk.breaches.sent(breach.id, impossible)
    told = dirk.breaches.sent(breach.id, ready.replace(second=0, microsecond=0))
    assert (told.noticed_by, told.hours_left(lead.office.now())) == ("dirk", None)
    assert (lead.reminders.items(), lead.breaches.items()[0].ready_since) == ([], None)
    for again in (lambda: lead.breaches.sent(breach.id, ready), lambda: lead.breaches.notice(breach.id)):
        with pytest.raises(NotLawful):
            again()
    lead.breaches.close(breach.id, "versleutelde schijven")


def test_gdpr_33_the_clock_of_72_hours_runs_from_the_moment_it_is_known(office: DeskOffice) -> None:
    agree(office)
    known = office.lead.office.now() - timedelta(hours=70)
    breach = office.lead.breaches.open(LOST, known)
    assert breach.due_at == known + timedelta(hours=72)
    (one,) = office.lead.breaches.items()
    assert one.hours_left in (1, 2)
    office.ahead = timedelta(hours=5)
    (one,) = office.lead.breaches.items()
    assert one.hours_left in (-4, -3)
    (reminder,) = office.lead.reminders.items()
    assert (reminder.kind.value, reminder.id, reminder.overdue) == ("breach", breach.id, True)
    office.lead.breaches.notice(breach.id, office.lead.office.now())
    assert office.lead.breaches.items()[0].hours_left is None
    assert office.lead.reminders.items() == []


def test_p9_it_is_closed_with_measures_after_the_dpos_were_told_and_stays(office: DeskOffice) -> None:
    agree(office)
    lead = office.lead
    breach = lead.breaches.open(LOST, lead.office.now())
    with pytest.raises(NotLawful) as refused:
        lead.breaches.close(breach.id, "versleutelde schijven")
    assert refused.value.values["article"] == "P9"
    lead.breaches.notice(breach.id, lead.office.now())
    with pytest.raises(WrongUse):
        lead.breaches.close(breach.id, "  ")
    closed = lead.breaches.close(breach.id, "versleutelde schijven")
    assert closed.closed_on == lead.office.today()
    (kept,) = lead.breaches.items()
    assert kept.text is not None
    assert (kept.text.what, kept.text.closing) == (LOST.what, "versleutelde schijven")
    with pytest.raises(NotLawful):
        lead.breaches.update(breach.id, Account(people=3))
    assert lead.breaches.items(every=False) == []


def test_p9_every_one_of_the_staff_can_report_and_only_lead_and_dpo_read(office: DeskOffice) -> None:
    agree(office)
    jan, dirk = office.add("jan", Role.SOCIAL_WORKER), office.add("dirk", Role.DPO)
    beheer, robot = office.add("beheer", Role.ADMIN), office.add("robot", Role.SERVICE)
    for desk in (jan, beheer):
        desk.breaches.open(LOST, desk.office.now())
        with pytest.raises(NotAllowed):
            desk.breaches.items()
    with pytest.raises(NotAllowed):
        robot.breaches.open(LOST, robot.office.now())
    assert [one.text.what for one in dirk.breaches.items() if one.text] == [LOST.what] * 2
    assert str(LOST.what) not in repr(office.store.snapshot().rows(BREACHES))
    later = office.add("nieuw", Role.DPO)
    assert [one.text.what for one in later.breaches.items() if one.text] == [LOST.what] * 2


def test_a_dpo_has_no_mailbox_and_is_told_who_has_or_records_that_it_was_told_otherwise(
    office: DeskOffice,
) -> None:
    agree(office)
    dirk = office.add("dirk", Role.DPO)
    breach = dirk.breaches.open(LOST, dirk.office.now())
    with pytest.raises(NotAllowed):
        dirk.breaches.notice(breach.id)
    assert draft_files(office) == []
    with pytest.raises(WrongUse):
        dirk.breaches.notice(breach.id, dirk.office.now() + timedelta(hours=1))
    office.ahead = timedelta(hours=2)
    told = dirk.breaches.notice(breach.id, dirk.office.now() - timedelta(hours=1))
    assert told.noticed_by == "dirk"
    dirk.breaches.close(breach.id, "besproken met Opgroeien")


def test_p9_no_text_names_the_client_of_a_referral_it_touches(office: DeskOffice) -> None:
    agree(office)
    reference = referral(office)
    lead = office.lead
    naming = Account(what=f"De fiche van {CANARY.first_name} ging naar een ander adres.")
    with pytest.raises(PersonNamed):
        lead.breaches.open(naming, lead.office.now(), references=[reference])
    # Who cannot read the referral cannot be stopped at once; nothing leaves before a team lead's look.
    jan = office.add("jan", Role.SOCIAL_WORKER)
    breach = jan.breaches.open(naming, jan.office.now(), references=[reference])
    with pytest.raises(PersonNamed):
        lead.breaches.notice(breach.id)
    assert draft_files(office) == []
    lead.breaches.update(breach.id, Account(what="Een fiche ging naar een ander adres."))
    lead.breaches.notice(breach.id)
    said = everything_said(draft_files(office)[0].read_bytes())
    assert [v for v in CANARY.as_dict().values() if v and len(v) > 4 and v in said] == []
    with pytest.raises(NotFound):
        lead.breaches.open(LOST, lead.office.now(), references=["D2026-9999"])


def test_p6_a_message_that_came_unencrypted_is_proposed_as_a_breach(office: DeskOffice) -> None:
    agree(office)
    office.server.deliver(office.mailbox, mail(form()))
    office.server.deliver(office.mailbox, mail(("fiche.7z", b"7z\xbc\xaf\x27\x1c" + bytes(60))))
    office.server.deliver(office.mailbox, mail())
    assert office.lead.polling.poll().quarantined == 3
    (proposal,) = office.lead.breaches.proposals()
    assert proposal.cause is Cause.NOT_ENCRYPTED
    breach = office.lead.breaches.open(Account(), quarantine=proposal.item)
    assert (breach.kind, breach.known_at) == (BreachKind.UNENCRYPTED, proposal.known_at)
    (one,) = office.lead.breaches.items()
    assert one.text is not None
    assert proposal.item in one.text.what
    assert office.lead.breaches.proposals() == []
    with pytest.raises(NotFound):
        office.lead.breaches.open(Account(), quarantine="Q2026-9999")


def test_p6_a_fiche_in_the_text_of_the_mail_is_an_incident_too(office: DeskOffice) -> None:
    _name, text = form(kind="txt")
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = "lien.claes@opgroeien.be", "kindengezin@ocmw.example"
    message["Subject"], message["Message-ID"] = "Doorverwijzing", "<open@mail.opgroeien.be>"
    message.set_content(text.decode("cp1252"))
    office.server.deliver(office.mailbox, message.as_bytes())
    assert office.lead.polling.poll().quarantined == 1
    assert [one.cause for one in office.lead.breaches.proposals()] == [Cause.NOT_ENCRYPTED]


def test_what_cannot_be_a_breach_is_refused(office: DeskOffice) -> None:
    now = office.lead.office.now()
    for account, known in (
        (LOST, None),
        (LOST, now + timedelta(hours=1)),
        (Account(what=" "), now),
        (Account(what="iets", people=-1), now),
        (Account(what="85.07.30-033.28"), now),
        (Account(what="iets", measures="x" * 1900 + " 85.07.30-033.28"), now),
    ):
        with pytest.raises(WrongUse):
            office.lead.breaches.open(account, known)
    assert office.lead.breaches.items() == []


def test_without_both_addresses_the_setting_is_named(office: DeskOffice) -> None:
    agree(office, sender_dpo={"name": "DPO"})
    breach = office.lead.breaches.open(LOST, office.lead.office.now())
    with pytest.raises(ContactMissing) as refused:
        office.lead.breaches.notice(breach.id)
    assert "agreement.sender_dpo.email" in sentence(refused.value)


def test_a_mailbox_that_is_down_leaves_the_clock_running_and_a_retry_makes_one_draft(
    office: DeskOffice,
) -> None:
    agree(office)
    breach = office.lead.breaches.open(LOST, office.lead.office.now())
    office.server.stop()
    try:
        for _again in range(2):
            with pytest.raises(DraftToPlace):
                office.lead.breaches.notice(breach.id)
    finally:
        office.server.start()
    (one,) = office.lead.breaches.items()
    assert (one.breach.noticed_at, one.draft_waits) == (None, True)
    office.lead.breaches.notice(breach.id)
    assert len(draft_files(office)) == 1
    assert not office.lead.breaches.items()[0].draft_waits


def test_p9_a_restore_does_not_forget_a_breach_that_was_recorded_after_the_backup(office: DeskOffice) -> None:
    from intake.desk.desk import open_desk
    from intake.desk.restoring import restore_backup

    agree(office)
    store = office.store
    path = create(store.location, office.folder / "elders", office.now(), Purpose.MANUAL)
    breach = office.lead.breaches.open(LOST, office.lead.office.now())
    store.close()
    restore_backup(store.location, path, "els", "vier groene fietsen", clock=office.now)
    desk = open_desk(store.location, "els", "vier groene fietsen", clock=office.now)
    try:
        (one,) = desk.breaches.items()
        assert (one.breach.id, one.text is not None and one.text.what) == (breach.id, LOST.what)
        assert desk.breaches.open(LOST, desk.office.now()).id != breach.id
        desk.log.verify()
    finally:
        desk.close()


def test_what_is_told_of_a_message_names_its_cause_in_dutch_words(tmp_path: Path) -> None:
    office = found_office(tmp_path)
    item = office.quarantine(Cause.NOT_ENCRYPTED, "tekst", "iemand@opgroeien.be")
    with office.desk(LEAD) as lead:
        lead.breaches.open(Account(), quarantine=item)
        (listed,) = lead.breaches.items()
    assert listed.text is not None
    assert "niet versleuteld" in listed.text.what and "not-encrypted" not in listed.text.what
