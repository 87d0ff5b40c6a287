"""Which messages of a real mailbox are ours, and that what is known is known again wherever a colleague put it."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from intake.archive import Member, pack
from intake.causes import Cause
from intake.desk.unread import missed_lately
from intake.errors import MailboxError, WrongUse
from intake.mail.errors import MailboxReadOnly
from intake.mail.mailbox import Mailbox
from intake.referral import Flag
from intake.reminders import Kind
from intake.rows import UNREAD
from intake.staff import Role
from tests.intake.desk.conftest import SECRET, DeskOffice
from tests.intake.mail.proxy import Misbehaving
from tests.journeys.mails import form, mail


def good(**options: str) -> bytes:
    return mail(("fiche.7z", pack([Member(*form())], SECRET)), **options)


def counts(office: DeskOffice) -> tuple[int, int, int, int]:
    result = office.lead.polling.poll()
    assert result.adds_up and not result.unmoved
    return result.found, result.imported, result.quarantined, result.known


def set_mailbox(office: DeskOffice, **values: object) -> None:
    settings = office.lead.settings.show()
    office.lead.settings.change(
        settings.model_copy(update={"mailbox": settings.mailbox.model_copy(update=values)})
    )


def made_anew(office: DeskOffice) -> None:
    """The polled folder "Post" is deleted and made again: empty, with other numbers."""
    with office.lead.polling.connect() as mailbox:
        mailbox.connection.select_folder("INBOX")
        mailbox.connection.delete_folder("Post")
        mailbox.connection.create_folder("Post")


# -- the folder for spam ------------------------------------------------------------------------------------------------


def test_from_the_spam_folder_only_trusted_senders_come_in_and_the_rest_stays_as_it_was(office):
    spam = [mail(subject="Gewonnen!", sender=f"x{n}@spam.example") for n in range(3)]
    forged = good(sender="lien@opgroeien.be, x@spam.example")
    office.server.deliver(office.mailbox, *spam, forged, good(), folder="Junk")
    before = {path.name for path in office.in_folder("Junk")}
    assert counts(office) == (1, 1, 0, 0)
    assert counts(office) == (0, 0, 0, 0)
    left = {path.name for path in office.in_folder("Junk")}
    assert len(left) == 4 and {name.partition(":")[0] for name in left} <= {
        n.partition(":")[0] for n in before
    }
    assert not any(name.rpartition(",")[2].count("S") for name in left), "nothing was marked as read"
    assert len(office.in_folder("Verwerkt")) == 1


def test_a_newly_trusted_sender_is_found_among_spam_that_was_seen_before(office):
    office.server.deliver(office.mailbox, good(sender="lien@elders.example"), folder="Junk")
    assert counts(office) == (0, 0, 0, 0)
    settings = office.lead.settings.show()
    office.lead.settings.change(
        settings.model_copy(update={"trusted_senders": (*settings.trusted_senders, "elders.example")})
    )
    assert counts(office) == (1, 1, 0, 0)


def test_the_spam_folder_is_left_alone_or_named_as_the_office_says(office):
    office.server.deliver(office.mailbox, good(), folder="Junk")
    set_mailbox(office, junk=False)
    assert counts(office) == (0, 0, 0, 0)
    office.server.deliver(office.mailbox, good(), folder="Filter")
    set_mailbox(office, junk="Filter")
    assert counts(office) == (1, 1, 0, 0)
    set_mailbox(office, junk="Verwerkt")
    assert counts(office) == (0, 0, 0, 0), "the folder of what was taken in is not polled"


def test_a_known_referral_that_a_colleague_calls_spam_goes_back_to_where_it_belongs(office):
    office.send()
    assert counts(office) == (1, 1, 0, 0)
    with office.lead.polling.connect() as mailbox:
        mailbox.move(mailbox.scan("Verwerkt"), "Junk")
    assert counts(office) == (1, 0, 0, 1)
    assert len(office.in_folder("Verwerkt")) == 1


def test_a_spam_folder_that_may_not_be_changed_does_not_hold_up_the_inbox(office, monkeypatch):
    move = Mailbox.move

    def refused(self, locations, folder):
        if any(where.folder == "Junk" for where in locations):
            raise MailboxReadOnly(folder="Junk")
        return move(self, locations, folder)

    monkeypatch.setattr(Mailbox, "move", refused)
    office.server.deliver(office.mailbox, good(), folder="Junk")
    for new in (1, 0, 1):
        if new:
            office.send()
        result = office.lead.polling.poll()
        assert (result.adds_up, result.unmoved, office.in_folder()) == (True, 1, [])
    assert len(office.lead.work.worklist()) == 3


# -- known again -------------------------------------------------------------------------------------------------------


def test_read_flagged_moved_back_and_doubled_mails_come_in_once(office):
    raw = good(message_id="<een@opgroeien.be>")
    office.server.deliver(office.mailbox, raw, flags="FS")
    office.server.deliver(office.mailbox, raw)
    assert counts(office) == (2, 1, 0, 1)
    with office.lead.polling.connect() as mailbox:
        mailbox.move(mailbox.scan("Verwerkt"), "INBOX")
    assert counts(office) == (2, 0, 0, 2)
    assert (len(office.in_folder()), len(office.in_folder("Verwerkt"))) == (0, 2)


def test_an_inbox_that_was_made_anew_is_imported_no_second_time(office):
    set_mailbox(office, inbox="Post")
    raw = [good(message_id=f"<{n}@opgroeien.be>") for n in range(2)]
    office.server.deliver(office.mailbox, raw[0], folder="Post")
    assert counts(office) == (1, 1, 0, 0)
    made_anew(office)
    office.server.deliver(office.mailbox, *raw, folder="Post")
    assert counts(office) == (2, 1, 0, 1)


def test_what_waits_in_quarantine_is_known_when_it_is_put_back_and_goes_with_its_item(office):
    raw = good(sender="lien@elders.example", message_id="<een@elders.example>")
    office.server.deliver(office.mailbox, raw, raw)
    assert counts(office) == (2, 0, 1, 1)
    with office.lead.polling.connect() as mailbox:
        mailbox.move(mailbox.scan("Quarantaine"), "INBOX")
    assert counts(office) == (2, 0, 0, 2)
    (item,) = office.lead.quarantine.items()
    assert len(office.in_folder("Quarantaine")) == 2
    office.lead.quarantine.reject(item.id, "geen doorverwijzing")
    office.lead.retention.run()
    assert office.everywhere() == []
    office.server.deliver(office.mailbox, raw)
    assert counts(office) == (1, 0, 1, 0), "after the decision it is a new message"


# -- taken away unread -------------------------------------------------------------------------------------------------


@contextmanager
def cut_after_the_scan(office: DeskOffice):
    """The connection breaks when the messages themselves are fetched."""
    whole = office.lead.settings.show().mailbox.port
    with Misbehaving(
        office.server, lambda line: None if b"BODY[1]" in line or b"BODY[2]" in line else line
    ) as proxy:
        set_mailbox(office, port=proxy.port)
        yield
    set_mailbox(office, port=whole)


def unread_rows(office: DeskOffice) -> list[dict[str, object]]:
    return [dict(row) for _key, row in office.store.snapshot().rows(UNREAD)]


def test_a_mail_that_was_seen_and_is_gone_unread_is_told_for_a_week(office):
    office.send()
    office.send()
    with cut_after_the_scan(office), pytest.raises(MailboxError):
        office.lead.polling.poll()
    (row,) = unread_rows(office)
    assert len(row["seen"]) == 2 and row["gone"] == []
    office.in_folder()[0].unlink()
    result = office.lead.polling.poll()
    assert (result.found, result.imported, result.missed) == (1, 1, 1)
    assert len(missed_lately(office.lead.office)) == 1
    told = [one for one in office.lead.reminders.items() if one.kind is Kind.MISSED]
    assert len(told) == 1
    entries = [e for e in office.lead.log.entries() if e.action == "mail-missed"]
    assert [(dict(e.detail), e.references) for e in entries] == [({"count": 1}, ())]
    assert office.lead.polling.poll().missed == 0, "once"
    office.ahead = timedelta(days=8)
    assert not [one for one in office.lead.reminders.items() if one.kind is Kind.MISSED]


def test_what_was_only_delayed_is_not_told_and_leaves_nothing_behind(office):
    office.send()
    with cut_after_the_scan(office), pytest.raises(MailboxError):
        office.lead.polling.poll()
    result = office.lead.polling.poll()
    assert (result.imported, result.missed) == (1, 0)
    assert unread_rows(office) == []


def test_a_mail_that_goes_between_the_look_and_the_fetch_is_told(office, monkeypatch):
    office.send()
    office.send()
    look = Mailbox.fetch

    def late(self, locations, **more):
        if len(locations) == 2:
            office.in_folder()[0].unlink()
        return look(self, locations, **more)

    monkeypatch.setattr(Mailbox, "fetch", late)
    result = office.lead.polling.poll()
    assert (result.found, result.imported, result.missed) == (1, 1, 1)
    assert result.adds_up


def test_a_stopped_poll_misses_nothing(office, monkeypatch):
    monkeypatch.setattr("intake.desk.polled.BATCH_MESSAGES", 1)
    for _number in range(3):
        office.send()
    first = office.lead.polling.poll(stop=lambda: True)
    assert (first.imported, first.missed, first.stopped) == (1, 0, True)
    (row,) = unread_rows(office)
    assert len(row["seen"]) == 2
    again = office.lead.polling.poll()
    assert (again.imported, again.missed) == (2, 0)
    assert unread_rows(office) == []


def test_a_renumbered_inbox_is_another_and_nothing_of_it_is_missed(office):
    set_mailbox(office, inbox="Post")
    office.server.deliver(office.mailbox, good(), folder="Post")
    with cut_after_the_scan(office), pytest.raises(MailboxError):
        office.lead.polling.poll()
    assert len(unread_rows(office)) == 1
    made_anew(office)
    assert office.lead.polling.poll().missed == 0
    assert unread_rows(office) == []


def test_the_service_account_keeps_and_tells_it_too(office):
    desk = office.add("nacht", Role.SERVICE)
    office.send()
    with cut_after_the_scan(office), pytest.raises(MailboxError):
        desk.polling.poll()
    office.in_folder()[0].unlink()
    assert desk.polling.poll().missed == 1
    assert len([one for one in office.lead.reminders.items() if one.kind is Kind.MISSED]) == 1


# -- who may send ------------------------------------------------------------------------------------------------------

RECEIVED = (
    b"Received: from mail.opgroeien.be by mx.ocmw.example with ESMTPS; Fri, 20 Nov 2026 10:00:00 +0100\r\n"
)


def stamped(result: str, **options: str) -> bytes:
    own = f"Authentication-Results: mx.ocmw.example;\r\n {result}\r\n".encode()
    return own + RECEIVED + good(**options)


PASSED, FAILED = "dmarc=pass header.from=opgroeien.be", "dmarc=fail header.from=opgroeien.be"


def judge_by(office: DeskOffice, policy: str, server: str = "mx.ocmw.example") -> None:
    settings = office.lead.settings.show()
    update = {"authenticity": policy, "authentication_server": server}
    office.lead.settings.change(settings.model_copy(update=update))


def flags(office: DeskOffice) -> list[tuple[str, ...]]:
    return [line.referral.flags for line in office.lead.work.worklist()]


def test_a_sender_that_is_not_confirmed_is_remarked_on(office):
    judge_by(office, "warn")
    office.server.deliver(
        office.mailbox, stamped(PASSED), stamped(FAILED), stamped("none"), RECEIVED + good()
    )
    assert counts(office) == (4, 4, 0, 0)
    assert sorted(flags(office)) == sorted(
        [(), (Flag.SENDER_DENIED,), (Flag.SENDER_UNCONFIRMED,), (Flag.SENDER_UNCONFIRMED,)]
    )


@pytest.mark.parametrize(("policy", "server"), [("off", "mx.ocmw.example"), ("warn", "")])
def test_where_nothing_is_judged_nothing_is_said(office, policy, server):
    judge_by(office, policy, server)
    office.server.deliver(office.mailbox, stamped(FAILED))
    assert counts(office) == (1, 1, 0, 0)
    assert flags(office) == [()]


def test_where_it_is_required_only_what_is_confirmed_comes_in_and_the_rest_can_be_read_again(office):
    judge_by(office, "require")
    office.server.deliver(office.mailbox, stamped(PASSED), stamped(FAILED), stamped("none"))
    assert counts(office) == (3, 1, 2, 0)
    items = office.lead.quarantine.items()
    assert {item.cause for item in items} == {Cause.NOT_AUTHENTIC}
    assert len({item.seen for item in items}) == 2
    judge_by(office, "warn")
    results = office.lead.quarantine.retry()
    assert all(one.references for one in results)
    assert sorted(flags(office)) == sorted([(), (Flag.SENDER_DENIED,), (Flag.SENDER_UNCONFIRMED,)])


def test_answers_that_go_elsewhere_are_remarked_on(office):
    elsewhere = b"Reply-To: lien@elders.example\r\n"
    office.server.deliver(office.mailbox, elsewhere + good(), b"Reply-To: team@opgroeien.be\r\n" + good())
    assert counts(office) == (2, 2, 0, 0)
    assert sorted(flags(office)) == [(), (Flag.ANSWERS_ELSEWHERE,)]


@pytest.mark.parametrize("sender", ["lien@opgroelen.be", "lien@opgroeien.be, x@spam.example"])
def test_nobody_is_written_to_about_who_is_not_who_it_seems(office, sender):
    office.server.deliver(office.mailbox, good(sender=sender))
    assert counts(office) == (1, 0, 1, 0)
    (item,) = office.lead.quarantine.items()
    with pytest.raises(WrongUse):
        office.lead.quarantine.reject(item.id, "vals", draft=True)
    assert office.lead.quarantine.reject(item.id, "vals").draft is False
    assert office.in_folder("Drafts") == []


def test_what_was_seen_of_a_sender_is_sealed_and_shown_to_who_decides(office):
    office.server.deliver(office.mailbox, good(sender="lien@opgroelen.be"))
    office.lead.polling.poll()
    (item,) = office.lead.quarantine.items()
    assert item.seen is not None and "opgroelen.be" in item.seen
    assert "opgroelen" not in repr(item)
    (worker,) = office.add("jan", Role.SOCIAL_WORKER).quarantine.items()
    assert worker.seen is None and worker == replace(worker, sender=None, text=None)
    assert not any("opgroelen" in repr(dict(row)) for _key, row in office.store.snapshot().rows("quarantine"))
