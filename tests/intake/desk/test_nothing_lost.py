"""What could lose a referral, or discard it too early; each test names what it stops."""

from datetime import UTC, datetime

import pytest

from intake.archive import Member, pack
from intake.client import Consent
from intake.desk.hindrances import MAIL_STILL_THERE, OTHER_MAILBOX
from intake.desk.work import AttemptRequest
from intake.errors import NotLawful, WrongUse
from intake.mail.errors import MailboxCertificate
from intake.mail.mailbox import Mailbox
from intake.referral import Channel, Closure, Result, Wish
from tests.intake.desk.conftest import SECRET, DeskOffice
from tests.journeys.mails import form, mail


def _declined(office: DeskOffice, reference: str) -> None:
    office.lead.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.REACHED))
    office.lead.work.wish(reference, Wish.NO)


def test_a_clock_that_runs_back_over_new_year_gives_no_number_twice(office):
    polling = office.lead.polling
    references = []
    for year, month in ((2026, 12), (2027, 1), (2026, 12), (2027, 1)):
        office.ahead = datetime(year, month, 15, 12, tzinfo=UTC) - datetime.now(UTC)
        office.send()
        references += polling.poll().references
    assert len(set(references)) == 4
    assert len(office.lead.work.worklist()) == 4


def test_what_was_quarantined_and_is_sent_again_rightly_comes_in(office):
    archive = pack([Member(*form())], SECRET)
    wrong = mail(("fiche.7z", archive), sender="lien@elders.example", message_id="<een@elders.example>")
    office.server.deliver(office.mailbox, wrong)
    assert office.lead.polling.poll().quarantined == 1
    office.server.deliver(office.mailbox, mail(("fiche.7z", archive)))
    result = office.lead.polling.poll()
    assert (result.imported, result.known) == (1, 0)


def test_two_referrals_are_not_each_others_duplicate(office):
    office.send()
    office.send()
    one, two = office.lead.polling.poll().references
    office.lead.work.close(one, Closure.DUPLICATE, "dezelfde persoon", two)
    with pytest.raises(WrongUse):
        office.lead.work.close(two, Closure.DUPLICATE, "dezelfde persoon", one)
    with pytest.raises(WrongUse):
        office.lead.work.close(two, Closure.DUPLICATE, "dezelfde persoon", two)
    assert office.lead.retention.run().discarded == (one,)
    assert [line.referral.reference for line in office.lead.work.worklist()] == [two]


def test_an_open_case_file_cannot_be_closed_away(office):
    office.send()
    (reference,) = office.lead.polling.poll().references
    work = office.lead.work
    work.attempt(AttemptRequest(reference, Channel.PHONE, Result.REACHED))
    work.wish(reference, Wish.YES)
    office.lead.cases.open(reference, "2026/17")
    with pytest.raises(NotLawful):
        work.close(reference, Closure.WRONG_OCMW, "vergissing")
    with pytest.raises(NotLawful):
        work.consent(reference, Consent.WITHDRAWN, "vergissing")
    settings = office.lead.settings.show()
    office.lead.settings.change(settings.model_copy(update={"case_files": "local"}))
    with pytest.raises(NotLawful):
        office.lead.cases.hand_over(reference, office.folder / "uit")
    assert office.lead.retention.run().discarded == ()


def test_another_mail_with_the_same_message_id_is_left_alone(office):
    office.send(message_id="<zelfde@opgroeien.be>")
    office.send(message_id="<zelfde@opgroeien.be>")
    one, _two = office.lead.polling.poll().references
    _declined(office, one)
    assert office.lead.retention.run().discarded == (one,)
    assert len(office.everywhere()) == 1


def test_a_mail_without_message_id_is_found_where_a_colleague_put_it(office):
    raw = mail(("fiche.7z", pack([Member(*form())], SECRET)))
    office.server.deliver(
        office.mailbox, b"\r\n".join(h for h in raw.split(b"\r\n") if b"Message-ID" not in h)
    )
    (reference,) = office.lead.polling.poll().references
    (stored,) = office.in_folder("Verwerkt")
    stored.rename(
        office.server.maildir(office.mailbox, "Archief") / "cur" / (stored.name.split(":")[0] + ":2,")
    )
    _declined(office, reference)
    assert office.lead.retention.run().discarded == (reference,)
    assert office.everywhere() == []


def test_a_copy_that_comes_in_during_a_discard_goes_too(office):
    raw = office.send()
    (reference,) = office.lead.polling.poll().references
    _declined(office, reference)
    office.server.stop()
    assert office.lead.retention.run().discarded == ()
    office.server.start()
    office.server.deliver(office.mailbox, raw.replace(b"Message-ID: <", b"Message-ID: <opnieuw-"))
    assert office.lead.polling.poll().known == 1
    assert office.lead.retention.run().discarded == (reference,)
    assert office.everywhere() == []


def test_one_mail_that_cannot_be_removed_does_not_stop_the_others(office):
    for _ in range(3):
        office.send()
    references = office.lead.polling.poll().references
    stored = office.in_folder("Verwerkt")[0]
    locked = office.server.maildir(office.mailbox, "Alleen-lezen")
    stored.rename(locked / "cur" / (stored.name.split(":")[0] + ":2,"))
    office.server.restrict(office.mailbox, "lr", "Alleen-lezen")
    for reference in references:
        _declined(office, reference)
    result = office.lead.retention.run()
    assert len(result.discarded) == 2
    assert [w.cause for w in result.waiting] == [MAIL_STILL_THERE]
    office.server.restrict(office.mailbox, "lrswite", "Alleen-lezen")
    assert len(office.lead.retention.run().discarded) == 1
    assert office.everywhere() == []


def test_a_discard_does_not_look_in_another_mailbox_than_the_mail_came_from(office):
    office.send()
    (reference,) = office.lead.polling.poll().references
    _declined(office, reference)
    settings = office.lead.settings.show()
    other = settings.mailbox.model_copy(update={"user": f"{office.mailbox}-ander"})
    office.lead.settings.change(settings.model_copy(update={"mailbox": other}))
    result = office.lead.retention.run()
    assert [w.cause for w in result.waiting] == [OTHER_MAILBOX]


def test_every_step_on_what_is_being_discarded_is_refused_with_a_sentence(office):
    office.send()
    (reference,) = office.lead.polling.poll().references
    _declined(office, reference)
    office.server.stop()
    office.lead.retention.run()
    office.server.start()
    for step in (
        lambda: office.lead.work.open(reference),
        lambda: office.lead.work.reopen(reference, "toch"),
        lambda: office.lead.work.assign([reference], "els"),
    ):
        with pytest.raises(NotLawful):
            step()
    assert office.lead.work.worklist() == []


def test_an_attempt_in_summer_time_keeps_its_moment(office):
    office.send()
    (reference,) = office.lead.polling.poll().references
    at = office.now()
    office.lead.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.NO_ANSWER, at))
    assert office.lead.work.open(reference).referral.attempts[0].at == at.replace(microsecond=0)


def test_whatever_is_wrong_with_the_mailbox_what_needs_none_goes_on(office, monkeypatch):
    """Stops an expired certificate from leaving discards half done that no longer need the mailbox."""
    office.send()
    office.send()
    first, second = office.lead.polling.poll().references
    for reference in (first, second):
        office.lead.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.REACHED))
        office.lead.work.wish(reference, Wish.NO)
    forget = office.lead.backups.forget
    monkeypatch.setattr(office.lead.backups, "forget", lambda gone: not gone and forget(gone))
    assert {w.cause for w in office.lead.retention.run().waiting} == {"backup-unreachable"}
    monkeypatch.undo()
    office.send()
    (third,) = office.lead.polling.poll().references
    office.lead.work.attempt(AttemptRequest(third, Channel.PHONE, Result.REACHED))
    office.lead.work.wish(third, Wish.NO)

    def refused(*_given):
        raise MailboxCertificate(host="127.0.0.1")

    monkeypatch.setattr(Mailbox, "open", refused)
    result = office.lead.retention.run()
    assert set(result.discarded) == {first, second}
    assert [(w.reference, w.cause) for w in result.waiting] == [(third, "mailbox-down")]


def test_two_copies_in_one_poll_are_one_referral(office):
    """Stops a second copy in the same batch from being measured against a row that was not signed yet."""
    raw = office.send()
    office.server.deliver(office.mailbox, raw)
    result = office.lead.polling.poll()
    assert (result.found, result.imported, result.known) == (2, 1, 1)
    assert office.in_folder() == []
