"""Moving and removing on a real server that lacks UIDPLUS, and MOVE: nobody else's message goes, ours go when they can."""

from collections.abc import Iterator
from typing import Any

import pytest

from intake.mail.errors import MailboxNotRemoved, MailboxWaitsToRemove
from intake.mail.mailbox import Location, Mailbox
from intake.mail.removing import OWN_MARK
from tests.dovecot import PASSWORD, Dovecot
from tests.intake.mail.shapes import ordinary


@pytest.fixture(scope="module")
def plain() -> Iterator[Dovecot]:
    """A server as of 1996: it says it has nothing beside IMAP4rev1."""
    with Dovecot(capability="IMAP4rev1 AUTH=PLAIN") as server:
        yield server


@pytest.fixture
def mailbox(plain: Dovecot, mailbox_user: str, dovecot: Dovecot) -> Iterator[Mailbox]:
    with Mailbox.open(plain.settings(mailbox_user), PASSWORD) as mailbox:
        assert not any(mailbox.connection.has_capability(name) for name in ("MOVE", "UIDPLUS", "IDLE"))
        yield mailbox


def colleague(plain: Dovecot, user: str, *marked: Location, unmark: bool = False) -> None:
    """Someone marks messages as deleted in a mail program, and does not remove them."""
    with Mailbox.open(plain.settings(user), PASSWORD) as other:
        other._session.select("INBOX", readonly=False)
        step = other.connection.remove_flags if unmark else other.connection.add_flags
        step([where.uid for where in marked], [rb"\Deleted"])


def test_a_message_is_copied_marked_and_expunged_alone(
    plain: Dovecot, mailbox_user: str, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox.connection, "taken", lambda code: [])  # such a server tells no COPYUID
    plain.deliver(mailbox_user, ordinary(1), ordinary(2), ordinary(3))
    one, two, three = mailbox.scan("INBOX")
    moved = mailbox.move([one, three], "Verwerkt")
    assert mailbox.scan("INBOX") == [two]
    assert list(moved.values()) == mailbox.scan("Verwerkt")


def test_what_a_colleague_marked_is_never_expunged_and_ours_waits(
    plain: Dovecot, mailbox_user: str, mailbox: Mailbox
) -> None:
    plain.deliver(mailbox_user, ordinary(1), ordinary(2), ordinary(3))
    one, two, three = mailbox.scan("INBOX")
    colleague(plain, mailbox_user, two)
    with pytest.raises(MailboxWaitsToRemove) as told:
        mailbox.delete([one])
    assert isinstance(told.value, MailboxNotRemoved), "retention must keep it on its list"
    assert told.value.values == {"count": 1}
    moved = mailbox.move([three], "Verwerkt")
    assert moved[three] is not None
    assert mailbox.scan("INBOX") == [one, two, three]
    # The colleague thinks better of it: everything of ours goes at the next attempt, also what another call marked.
    colleague(plain, mailbox_user, two, unmark=True)
    assert mailbox.delete([one]) == set()
    assert mailbox.scan("INBOX") == [two]
    assert mailbox.delete([three]) == {three}


@pytest.mark.parametrize("look", [1, 2])
def test_a_colleague_who_marks_in_between_is_noticed(
    plain: Dovecot, mailbox_user: str, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, look: int
) -> None:
    plain.deliver(mailbox_user, ordinary(1), ordinary(2))
    one, two = mailbox.scan("INBOX")
    noop, looks = mailbox.connection.noop, []

    def before_the_look() -> Any:
        looks.append(1)
        if len(looks) == look:
            colleague(plain, mailbox_user, two)
        return noop()

    monkeypatch.setattr(mailbox.connection, "noop", before_the_look)
    with pytest.raises(MailboxWaitsToRemove):
        mailbox.delete([one])
    assert mailbox.scan("INBOX") == [one, two]


def test_a_folder_that_keeps_no_keywords_counts_only_what_is_removed_now(
    plain: Dovecot, mailbox_user: str, mailbox: Mailbox
) -> None:
    plain.deliver(mailbox_user, ordinary(1), ordinary(2))
    one, two = mailbox.scan("INBOX")
    plain.restrict(mailbox_user, "lrstei")  # without w, the right to set keywords
    with Mailbox.open(plain.settings(mailbox_user), PASSWORD) as limited:
        limited._session.select("INBOX", readonly=False)
        assert not limited._session.keeps_marks
        colleague(plain, mailbox_user, two)
        with pytest.raises(MailboxWaitsToRemove):
            limited.delete([one])
        assert limited.delete([one, two]) == set()
        assert limited.scan("INBOX") == []


def test_the_mark_is_one_that_a_server_keeps(plain: Dovecot, mailbox_user: str, mailbox: Mailbox) -> None:
    plain.deliver(mailbox_user, ordinary(1), ordinary(2))
    one, two = mailbox.scan("INBOX")
    colleague(plain, mailbox_user, two)
    with pytest.raises(MailboxWaitsToRemove):
        mailbox.delete([one])
    assert mailbox._session.search(f"KEYWORD {OWN_MARK}") == [one.uid]
    health = mailbox.check()
    assert (health.can_move, health.can_delete, health.removes_alone) == (True, True, False)
