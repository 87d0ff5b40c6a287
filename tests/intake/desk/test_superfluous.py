"""Superfluous data (P3): flagged at import, stored nowhere, fetched from the mail again and shown once."""

import random

import pytest

from intake.archive import Member, pack
from intake.client import Consent
from intake.demo.forms import make_form
from intake.desk.refusals import NotAssignedToYou
from intake.desk.superfluous import NothingSuperfluous, SeenAlready, SourceGone
from intake.errors import MailboxError, Stale, sentence
from intake.referral import Flag
from intake.staff import Role
from tests.intake.desk.conftest import SECRET
from tests.journeys.mails import CANARY, mail

REMARK = "Het gezin verhuist in Kwakkelmaand naar Oudenbos."


def receive(office, remark=REMARK):
    form = make_form("docx", CANARY, Consent.CONFIRMED, random.Random(3), remark=remark)
    office.server.deliver(office.mailbox, mail(("fiche.7z", pack([Member(*form)], SECRET))))
    (reference,) = office.lead.polling.poll().references
    return reference


def flags(office, reference):
    return office.lead.work.open(reference, "controle").referral.flags


def stored(office):
    """Whether a word of the remark stands in any file of the store."""
    return any(b"Kwakkelmaand" in p.read_bytes() for p in office.folder.rglob("*") if p.is_file())


def test_what_is_superfluous_is_shown_once_logged_before_and_stored_nowhere(office):
    reference = receive(office)
    assert flags(office, reference) == (Flag.SUPERFLUOUS,)
    version = office.lead.work.open(reference).referral.version
    shown = office.lead.superfluous.show(reference)
    assert any("Kwakkelmaand" in line for line in shown.lines)
    assert "Kwakkelmaand" not in repr(shown)
    assert (shown.referral.flags, shown.referral.version) == ((Flag.SUPERFLUOUS_SEEN,), version + 1)
    reads = [e for e in office.lead.log.entries(reference=reference) if e.fields == ("superfluous",)]
    assert [(e.action, e.reason) for e in reads] == [("read", "=unassigned")]
    with pytest.raises(SeenAlready) as again:
        office.lead.superfluous.show(reference)
    assert f"quality open {reference} --field other --what superfluous" in sentence(again.value)
    assert not stored(office)
    assert [h.step for h in shown.referral.timeline] == ["import"]


def test_a_form_as_agreed_is_not_flagged_and_has_nothing_to_show(office):
    reference = receive(office, remark=None)
    assert flags(office, reference) == ()
    with pytest.raises(NothingSuperfluous):
        office.lead.superfluous.show(reference)


def test_a_message_that_a_colleague_moved_is_found_again(office):
    reference = receive(office)
    [path] = office.in_folder("Verwerkt")
    with office.lead.polling.connect() as mailbox:
        mailbox.move(mailbox.scan("Verwerkt"), "Elders")
    assert not path.exists()
    assert office.lead.superfluous.show(reference).lines


def test_when_the_mail_is_gone_nothing_is_shown_and_nothing_marked(office):
    reference = receive(office)
    with office.lead.polling.connect() as mailbox:
        mailbox.delete(mailbox.scan("Verwerkt"))
    with pytest.raises(SourceGone):
        office.lead.superfluous.show(reference)
    assert flags(office, reference) == (Flag.SUPERFLUOUS,)
    assert not [e for e in office.lead.log.entries(reference=reference) if e.fields == ("superfluous",)]


def test_when_the_mailbox_does_not_answer_nothing_is_marked(office):
    reference = receive(office)
    settings = office.lead.settings.show()
    down = settings.mailbox.model_copy(update={"port": 1})
    office.lead.settings.change(settings.model_copy(update={"mailbox": down}))
    with pytest.raises(MailboxError):
        office.lead.superfluous.show(reference)
    assert flags(office, reference) == (Flag.SUPERFLUOUS,)


def test_only_who_can_read_the_referral_sees_them(office):
    reference = receive(office)
    worker = office.add("jan", Role.SOCIAL_WORKER)
    with pytest.raises(NotAssignedToYou):
        worker.superfluous.show(reference)
    office.lead.work.assign([reference], "jan")
    assert worker.superfluous.show(reference).lines


def test_of_two_who_look_at_the_same_moment_only_one_sees_them(office):
    """The second would have seen them too, had the mark not been set on the version that was looked at."""
    reference = receive(office)
    before = office.lead.work.open(reference).referral.version
    office.lead.superfluous.show(reference, before)
    office.lead.work.take(reference)
    with pytest.raises((SeenAlready, Stale)):
        office.lead.superfluous.show(reference, before)


def test_looking_leaves_the_mail_unread_and_where_it_was(office):
    reference = receive(office)
    before = [path.name for path in office.in_folder("Verwerkt")]
    office.lead.superfluous.show(reference)
    assert [path.name for path in office.in_folder("Verwerkt")] == before
