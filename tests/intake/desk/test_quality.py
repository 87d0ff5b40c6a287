"""Notices of data quality and questions to the sender: drafts on a real server, archives opened by a real 7-Zip (P7, recital C)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from intake.archive import Member, pack
from intake.client import Consent
from intake.desk.logged import PersonNamed
from intake.desk.outgoing import ContactMissing, DraftToPlace
from intake.desk.refusals import NotAssignedToYou
from intake.errors import NotAllowed, NotFound, NotLawful, WrongUse, sentence
from intake.mail.errors import MailboxLost
from intake.mail.mailbox import Mailbox
from intake.referral import Step, Wish
from intake.register_rows import DRAFTS, QUALITY
from intake.registers import What
from intake.rows import LEDGER
from intake.staff import Role
from tests.intake.desk.conftest import SECRET, DeskOffice
from tests.intake.desk.registers import (
    TEAM,
    agree,
    draft_files,
    everything_said,
    opened,
    reach,
    referral,
)
from tests.journeys.mails import CANARY, form, mail
from tests.sevenzip import SevenZip

CORRECT = "+32499887766"
PERSONAL = [value for value in CANARY.as_dict().values() if value and len(value) > 3] + [CORRECT]


def without_consent(office: DeskOffice) -> str:
    archive = pack([Member(*form(consent=Consent.NOT_STATED))], SECRET)
    office.server.deliver(office.mailbox, mail(("fiche.7z", archive)))
    (reference,) = office.lead.polling.poll().references
    return reference


def test_p7_a_notice_is_a_draft_whose_client_stands_only_in_the_encrypted_archive(
    office: DeskOffice, sevenzip: SevenZip
) -> None:
    agree(office)
    reference = referral(office)
    notice = office.lead.quality.open(reference, "phone", What.WRONG, CORRECT)
    (file,) = draft_files(office)
    assert "D" in file.name.rpartition(",")[2], "it does not lie there as a draft"
    raw = file.read_bytes()
    message, text, (archive,) = opened(raw)
    assert (message["To"], notice.id in message["Subject"]) == (TEAM, True)
    assert message["Message-ID"]
    said = everything_said(raw)
    assert [value for value in PERSONAL if value in said] == []
    assert reference not in text
    assert [value for value in PERSONAL if value.encode() in archive] == []
    (inside,) = sevenzip.unpack(archive, SECRET).values()
    told = inside.decode("utf-8")
    assert f"{CANARY.first_name} {CANARY.last_name}" in told
    assert CORRECT in told
    assert CANARY.street not in told, "the notice is about the telephone"


def test_p6_not_even_the_file_name_in_the_archive_can_be_read(office: DeskOffice, sevenzip: SevenZip) -> None:
    agree(office)
    office.lead.quality.open(referral(office), "email", What.OUTDATED)
    _message, _text, (archive,) = opened(draft_files(office)[0].read_bytes())
    with pytest.raises(AssertionError, match=r"Wrong password|Cannot open encrypted archive"):
        sevenzip.listing(archive, "een andere zin")
    assert "7zAES" in sevenzip.listing(archive, SECRET)


def test_p7_no_draft_tells_state_wish_outcome_or_case_number(office: DeskOffice, sevenzip: SevenZip) -> None:
    """Nothing ever reports an outcome to Kind en Gezin (protocol, last line of the table)."""
    agree(office)
    reference = referral(office)
    reach(office, reference)
    lead = office.lead
    lead.work.wish(reference, Wish.YES, note="wil graag hulp")
    lead.cases.open(reference, "DOSSIER-7731")
    lead.quality.open(reference, "street", What.WRONG, "Kerkstraat")
    (file,) = draft_files(office)
    message, text, (archive,) = opened(file.read_bytes())
    (inside,) = sevenzip.unpack(archive, SECRET).values()
    said = "\n".join((*map(str, message.values()), text, inside.decode())).casefold()
    referred = lead.work.open(reference).referral
    told = (
        referred.state.value,
        "dossier",
        "7731",
        "wenst",
        "wants help",
        "case file",
        "hulp",
        "bereikt",
        "reached",
    )
    assert [word for word in told if word in said] == []


def test_p7_the_notice_names_the_field_and_stands_in_the_timeline_without_a_value(office: DeskOffice) -> None:
    agree(office)
    reference = referral(office)
    notice = office.lead.quality.open(reference, "phone", What.WRONG, CORRECT)
    last = office.lead.work.open(reference).referral.timeline[-1]
    assert (last.step, last.detail) == (Step.QUALITY.value, notice.id)
    rows = office.store.snapshot().rows(QUALITY) + office.store.snapshot().rows(DRAFTS)
    assert [value for value in PERSONAL if value in repr(rows)] == []
    assert all("sealed" not in row for _key, row in office.store.snapshot().rows(DRAFTS))
    logged = [e for e in office.lead.log.entries() if notice.id in e.references or reference in e.references]
    assert [value for value in PERSONAL if value in repr(logged)] == []
    export = next(e for e in logged if e.action == "export")
    assert export.fields == ("first_name", "last_name", "phone"), "reading the client was not logged"


def test_p7_reminds_after_ten_working_days_until_it_is_answered(office: DeskOffice) -> None:
    agree(office)
    reference = referral(office)
    notice = office.lead.quality.open(reference, "postcode", What.MISSING)
    today = office.lead.office.today()
    assert notice.due_on == office.lead.office.calendar.add_working_days(today, 10)
    office.ahead = timedelta(days=(notice.due_on - today).days + 1)
    (reminder,) = [r for r in office.lead.reminders.items() if r.id == notice.id]
    assert (reminder.due_on, reminder.overdue) == (notice.due_on, True)
    with pytest.raises(WrongUse):
        office.lead.quality.answer(notice.id, today - timedelta(days=1))
    with pytest.raises(PersonNamed):
        office.lead.quality.answer(notice.id, note=f"{CANARY.last_name} is verhuisd")
    office.lead.quality.answer(notice.id, today, "aangepast bij de afzender")
    assert [r for r in office.lead.reminders.items() if r.id == notice.id] == []
    assert office.lead.quality.items() == []
    assert [one.notice.answered_on for one in office.lead.quality.items(every=True)] == [today]
    with pytest.raises(WrongUse):
        office.lead.quality.answer(notice.id)


def test_a_notice_without_an_address_of_the_team_names_the_setting_and_records_nothing(
    office: DeskOffice,
) -> None:
    reference = referral(office)
    with pytest.raises(ContactMissing) as refused:
        office.lead.quality.open(reference, "phone", What.WRONG)
    assert refused.value.exit_code == 3
    assert "agreement.team.email" in sentence(refused.value)
    assert office.lead.quality.items() == []
    assert office.lead.work.open(reference).referral.timeline[-1].step == "import"


def test_only_who_may_read_the_referral_reports_on_it(office: DeskOffice) -> None:
    agree(office)
    reference = referral(office)
    jan = office.add("jan", Role.SOCIAL_WORKER)
    with pytest.raises(NotAssignedToYou):
        jan.quality.open(reference, "phone", What.WRONG)
    office.lead.work.assign([reference], "jan")
    notice = jan.quality.open(reference, "phone", What.WRONG, CORRECT)
    assert [r.id for r in jan.reminders.items()] == [notice.id]
    fatima = office.add("fatima", Role.SOCIAL_WORKER)
    assert fatima.reminders.items() == []
    with pytest.raises(NotAssignedToYou):
        fatima.quality.answer(notice.id)
    dirk = office.add("dirk", Role.DPO)
    assert [one.notice.id for one in dirk.quality.items()] == [notice.id]
    with pytest.raises(NotAllowed):
        dirk.quality.answer(notice.id)


@pytest.mark.parametrize(
    ("field", "what", "value", "refusal"),
    [
        ("rijksregisternummer", What.WRONG, None, WrongUse),
        ("other", What.WRONG, None, WrongUse),
        ("other", What.SUPERFLUOUS, "schulden", NotLawful),
        ("phone", What.WRONG, "x" * 201, WrongUse),
        ("last_name", What.WRONG, "85.07.30-033.28", WrongUse),
    ],
)
def test_what_a_notice_cannot_be_is_refused(
    office: DeskOffice, field: str, what: What, value: str | None, refusal: Any
) -> None:
    agree(office)
    reference = referral(office)
    with pytest.raises(refusal):
        office.lead.quality.open(reference, field, what, value)
    assert draft_files(office) == []
    with pytest.raises(NotFound):
        office.lead.quality.draft("K2026-0099")


# -- the mailbox does not take it ---------------------------------------------------------------------------------------


@dataclass
class Cut:
    """Breaks the connection right after the server took the draft, as often as `times`."""

    times: int = 1


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cut]:
    cut = Cut()
    append = Mailbox.append_draft

    def appended_and_lost(self: Mailbox, message: bytes) -> Any:
        where = append(self, message)
        if cut.times:
            cut.times -= 1
            raise MailboxLost
        return where

    monkeypatch.setattr(Mailbox, "append_draft", appended_and_lost)
    yield cut


@contextmanager
def mailbox_down(office: DeskOffice) -> Iterator[None]:
    office.server.stop()
    try:
        yield
    finally:
        office.server.start()


def test_a_mailbox_that_is_down_loses_no_notice_and_a_retry_places_its_draft(
    office: DeskOffice, sevenzip: SevenZip
) -> None:
    agree(office)
    reference = referral(office)
    with mailbox_down(office), pytest.raises(DraftToPlace) as refused:
        office.lead.quality.open(reference, "phone", What.WRONG, CORRECT)
    assert refused.value.exit_code == 5
    (one,) = office.lead.quality.items()
    assert one.draft_waits
    assert f"quality draft {one.notice.id}" in sentence(refused.value)
    assert CORRECT not in repr(office.store.snapshot().rows(DRAFTS)), "the value waits in clear"
    office.lead.quality.draft(one.notice.id)
    _message, _text, (archive,) = opened(draft_files(office)[0].read_bytes())
    (inside,) = sevenzip.unpack(archive, SECRET).values()
    assert CORRECT in inside.decode()
    assert not office.lead.quality.items()[0].draft_waits
    with pytest.raises(WrongUse):
        office.lead.quality.draft(one.notice.id)


def test_a_crash_after_the_server_took_the_draft_leaves_it_there_once(office: DeskOffice, cut: Cut) -> None:
    agree(office)
    reference = referral(office)
    with pytest.raises(DraftToPlace):
        office.lead.quality.open(reference, "phone", What.WRONG)
    (one,) = office.lead.quality.items()
    assert one.draft_waits
    office.lead.quality.draft(one.notice.id)
    assert len(draft_files(office)) == 1
    assert not office.lead.quality.items()[0].draft_waits


def test_a_colleague_learns_whose_draft_it_is(office: DeskOffice) -> None:
    agree(office)
    settings = office.lead.settings.show()
    office.lead.settings.change(settings.model_copy(update={"visibility": "team"}))
    jan, fatima = office.add("jan", Role.SOCIAL_WORKER), office.add("fatima", Role.SOCIAL_WORKER)
    reference = referral(office)
    with mailbox_down(office), pytest.raises(DraftToPlace):
        jan.quality.open(reference, "phone", What.WRONG, CORRECT)
    (one,) = jan.quality.items()
    with pytest.raises(NotAllowed):
        fatima.quality.draft(one.notice.id)
    office.lead.quality.draft(one.notice.id)
    assert len(draft_files(office)) == 1


# -- discarding ---------------------------------------------------------------------------------------------------------


def _discard(office: DeskOffice, reference: str) -> None:
    reach(office, reference)
    office.lead.work.wish(reference, Wish.NO)
    assert office.lead.retention.run().discarded == (reference,)


def test_p3_the_discard_takes_the_draft_too_and_leaves_the_notice_without_a_value(office: DeskOffice) -> None:
    agree(office)
    reference = referral(office)
    notice = office.lead.quality.open(reference, "phone", What.WRONG, CORRECT)
    assert len(office.everywhere()) == 2
    _discard(office, reference)
    assert office.everywhere() == []
    assert office.store.snapshot().rows(DRAFTS) == []
    assert office.store.snapshot().rows(LEDGER) == []
    (one,) = office.lead.quality.items()
    assert (one.notice.reference, one.notice.field, one.notice.what) == (reference, "phone", What.WRONG)
    with pytest.raises(WrongUse):
        office.lead.quality.answer(notice.id, note="aangepast")
    assert office.lead.quality.answer(notice.id).answered_on == office.lead.office.today()


def test_p3_a_draft_that_was_sent_is_discarded_from_the_sent_mails(office: DeskOffice) -> None:
    """A mail program moves it, or sends a new message with the same archive and its own signature picture."""
    agree(office)
    reference = referral(office)
    office.lead.quality.open(reference, "phone", What.WRONG)
    (file,) = draft_files(office)
    message, _text, _archives = opened(file.read_bytes())
    del message["Message-ID"]
    message["Message-ID"] = "<anders@mailprogramma.example>"
    message.replace_header("Subject", f"RE: {message['Subject']}")
    message.add_attachment(b"\x89PNG handtekening", maintype="image", subtype="png", filename="logo.png")
    with office.lead.polling.connect() as mailbox:
        mailbox.connection.create_folder("Verzonden items")
        mailbox.connection.append("Verzonden items", message.as_bytes())
        mailbox.move(mailbox.scan("Drafts"), "Verzonden items")
        # Someone else's mail with the same number in its subject is none of ours.
        mailbox.connection.append("INBOX", mail(subject=str(message["Subject"])))
    _discard(office, reference)
    assert [path for path in office.everywhere() if b"7z-compressed" in path.read_bytes()] == []
    assert len(office.everywhere()) == 1


def test_p3_a_draft_in_the_mailbox_that_was_never_recorded_as_placed_goes_too(
    office: DeskOffice, cut: Cut
) -> None:
    agree(office)
    reference = referral(office)
    with pytest.raises(DraftToPlace):
        office.lead.quality.open(reference, "phone", What.WRONG, CORRECT)
    assert len(draft_files(office)) == 1
    _discard(office, reference)
    assert office.everywhere() == []
    assert office.store.snapshot().rows(DRAFTS) == []


def test_p3_cut_off_before_its_place_was_recorded_and_sent_anew_it_is_found_by_its_archive(
    office: DeskOffice, cut: Cut
) -> None:
    """Stops a client's archive from staying among the sent mails while `retention verify` calls it clean."""
    agree(office)
    reference = referral(office)
    with pytest.raises(DraftToPlace):
        office.lead.quality.open(reference, "phone", What.WRONG, CORRECT)
    (file,) = draft_files(office)
    message, _text, _archives = opened(file.read_bytes())
    message.replace_header("Message-ID", "<anders@mailprogramma.example>")
    message.add_attachment(b"\x89PNG handtekening", maintype="image", subtype="png", filename="logo.png")
    file.unlink()
    office.server.deliver(office.mailbox, message.as_bytes(), folder="Sent")
    _discard(office, reference)
    assert office.everywhere() == []
    office.server.deliver(office.mailbox, message.as_bytes(), folder="Archief")
    assert not office.lead.proof.verify(reference).clean, "what a colleague puts back is seen"


def test_what_waits_for_the_mailbox_is_not_in_the_backups_after_the_discard(office: DeskOffice) -> None:
    agree(office)
    reference = referral(office)
    with mailbox_down(office), pytest.raises(DraftToPlace):
        office.lead.quality.open(reference, "phone", What.WRONG, CORRECT)
    path = office.lead.backups.create()
    _discard(office, reference)
    from storage.backup import verify

    rows = verify(path, office.store.identity).snapshot()
    assert rows.rows(DRAFTS) == []
    assert len(rows.rows(QUALITY)) == 1


# -- asking -------------------------------------------------------------------------------------------------------------


def test_recital_c_the_sender_is_asked_and_the_referral_stays_on_hold(
    office: DeskOffice, sevenzip: SevenZip
) -> None:
    agree(office)
    reference = without_consent(office)
    asked = office.lead.quality.ask(reference)
    assert (asked.asked_on, asked.on_hold, asked.consent) == (
        office.lead.office.today(),
        True,
        Consent.NOT_STATED,
    )
    raw = draft_files(office)[0].read_bytes()
    message, _text, (archive,) = opened(raw)
    assert message["To"] == TEAM
    said = everything_said(raw)
    assert [value for value in (*PERSONAL, reference) if value in said] == []
    (inside,) = sevenzip.unpack(archive, SECRET).values()
    assert CANARY.last_name is not None
    assert CANARY.last_name in inside.decode()
    assert [v for v in (CANARY.phone, CANARY.street, CANARY.email) if str(v) in inside.decode()] == []


def test_recital_c_nothing_is_asked_when_the_consent_is_known(office: DeskOffice) -> None:
    agree(office)
    reference = referral(office)
    with pytest.raises(NotLawful) as refused:
        office.lead.quality.ask(reference)
    assert refused.value.exit_code == 7
    assert draft_files(office) == []


def test_a_question_that_could_not_be_placed_is_placed_and_not_asked_twice(
    office: DeskOffice, cut: Cut
) -> None:
    agree(office)
    reference = without_consent(office)
    with pytest.raises(DraftToPlace):
        office.lead.quality.ask(reference)
    assert [(r.kind.value, r.id) for r in office.lead.reminders.items()] == [("draft", reference)]
    office.lead.quality.ask(reference)
    assert len(draft_files(office)) == 1
    steps = [line.step for line in office.lead.work.open(reference).referral.timeline]
    assert steps.count("ask") == 1
    assert office.lead.reminders.items() == []


def test_a_question_that_is_answered_meanwhile_reminds_nobody(office: DeskOffice) -> None:
    agree(office)
    reference = without_consent(office)
    with mailbox_down(office), pytest.raises(DraftToPlace):
        office.lead.quality.ask(reference)
    office.lead.work.consent(reference, Consent.CONFIRMED, "telefonisch bevestigd")
    assert office.lead.reminders.items() == []
