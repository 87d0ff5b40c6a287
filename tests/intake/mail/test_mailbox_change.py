"""Moving, removing, finding and drafting on a real server: every change verified, nobody else's message touched."""

from collections.abc import Iterator

import pytest

from intake.errors import MailboxError
from intake.mail.errors import MailboxNotMoved, MailboxNotRemoved, MailboxReadOnly
from intake.mail.mailbox import Location, Mailbox
from tests.dovecot import PASSWORD, Dovecot
from tests.intake.mail.proxy import Misbehaving
from tests.intake.mail.shapes import ordinary


@pytest.fixture
def mailbox(dovecot: Dovecot, mailbox_user: str) -> Iterator[Mailbox]:
    with Mailbox.open(dovecot.settings(mailbox_user), PASSWORD) as mailbox:
        yield mailbox


def without(mailbox: Mailbox, *capabilities: bytes) -> None:
    """As if the server could not do this."""
    left = tuple(c for c in mailbox.connection.capabilities() if c not in capabilities)
    mailbox.connection._cached_capabilities = left


def ids(mailbox: Mailbox, folder: str) -> list[str | None]:
    return [i.message_id for i in mailbox.fetch(mailbox.scan(folder, optional=True))]


def test_move_makes_the_folder_and_tells_the_new_place_of_each(
    dovecot: Dovecot, mailbox_user: str, mailbox: Mailbox
) -> None:
    dovecot.deliver(mailbox_user, *(ordinary(n) for n in range(5)))
    there = mailbox.scan("INBOX")
    moved = mailbox.move([there[3], there[1]], "Verwerkt")
    assert set(moved) == {there[3], there[1]}
    for old, new in moved.items():
        assert new is not None
        (incoming,) = mailbox.fetch([new])
        assert incoming.message_id == f"<m{old.uid - 1}@kindengezin.example>"
    assert mailbox.scan("INBOX") == [there[0], there[2], there[4]]


@pytest.mark.parametrize("lacking", [(b"MOVE",), (b"UIDPLUS",)], ids=["no MOVE", "no UIDPLUS"])
def test_move_works_and_is_verified_where_the_server_can_do_less(
    dovecot: Dovecot,
    mailbox_user: str,
    mailbox: Mailbox,
    lacking: tuple[bytes, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dovecot.deliver(
        mailbox_user, ordinary(1), ordinary(2), ordinary(3, message_id=None), ordinary(4), flags="T"
    )
    without(mailbox, *lacking)
    if b"UIDPLUS" in lacking:
        monkeypatch.setattr(mailbox.connection, "taken", lambda code: [])
    there = mailbox.scan("INBOX")
    moved = mailbox.move(there[:3], "Verwerkt")
    assert mailbox.scan("INBOX") == there[3:], "a colleague's message marked as deleted was removed too"
    processed = mailbox.scan("Verwerkt")
    nameless = None if b"UIDPLUS" in lacking else processed[2]
    assert moved == {there[0]: processed[0], there[1]: processed[1], there[2]: nameless}


def test_a_second_copy_of_a_message_moved_without_uidplus_gets_its_own_new_place(
    dovecot: Dovecot, mailbox_user: str, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.deliver(mailbox_user, ordinary(1), ordinary(1))
    without(mailbox, b"UIDPLUS")
    monkeypatch.setattr(mailbox.connection, "taken", lambda code: [])
    moved = mailbox.move(mailbox.scan("INBOX"), "Verwerkt")
    assert set(moved.values()) == set(mailbox.scan("Verwerkt"))


def test_delete_removes_exactly_these_and_leaves_what_others_marked_as_deleted(
    dovecot: Dovecot, mailbox_user: str, mailbox: Mailbox
) -> None:
    dovecot.deliver(mailbox_user, ordinary(1))
    dovecot.deliver(mailbox_user, ordinary(2), flags="T")
    dovecot.deliver(mailbox_user, ordinary(3))
    one, two, three = mailbox.scan("INBOX")
    assert mailbox.delete([three]) == set()
    assert mailbox.scan("INBOX") == [one, two]


def test_delete_reports_what_was_not_there(dovecot: Dovecot, mailbox_user: str, mailbox: Mailbox) -> None:
    dovecot.deliver(mailbox_user, ordinary(1))
    (here,) = mailbox.scan("INBOX")
    absent = {
        Location(here.folder, here.uid_validity, 99),
        Location(here.folder, here.uid_validity + 1, 1),
        Location("Weg", 1, 1),
    }
    assert mailbox.delete([here, *absent]) == absent
    assert mailbox.delete([here]) == {here}


def test_a_message_a_colleague_moved_is_found_by_its_message_id(
    dovecot: Dovecot, mailbox_user: str, mailbox: Mailbox
) -> None:
    dovecot.deliver(mailbox_user, ordinary(1), ordinary(12), ordinary(2))
    there = mailbox.scan("INBOX")
    with Mailbox.open(dovecot.settings(mailbox_user), PASSWORD) as colleague:
        colleague.move(there[:1], "Dossiers/Één & twee")
    assert mailbox.move(there[:1], "Verwerkt") == {}
    (found,) = mailbox.find("<m1@kindengezin.example>")
    assert found.folder == "Dossiers/Één & twee"
    assert mailbox.find("<m1@kindengezin.example>", ["INBOX"]) == []
    assert mailbox.delete([found]) == set()
    assert mailbox.find("<m1@kindengezin.example>") == []


@pytest.mark.parametrize(
    "hostile",
    ["", "@", "<m1@", 'x" ALL', "a\r\nb1 LOGOUT", "<é@x>", "<a(b)c{3}@x>", "\\", "<x" * 800, "{3+}"],
)
def test_a_hostile_message_id_finds_nothing_and_breaks_nothing(
    dovecot: Dovecot, mailbox_user: str, mailbox: Mailbox, hostile: str
) -> None:
    dovecot.deliver(mailbox_user, ordinary(1))
    assert mailbox.find(hostile) == []
    assert len(mailbox.find("<m1@kindengezin.example>")) == 1


def test_odd_but_lawful_message_ids_are_found(dovecot: Dovecot, mailbox_user: str, mailbox: Mailbox) -> None:
    odd = '<a"(b)\\{3}%*@x>'
    dovecot.deliver(mailbox_user, f"From: a@b.example\r\nMessage-ID: {odd}\r\n\r\nhallo\r\n".encode())
    (incoming,) = mailbox.fetch(mailbox.scan("INBOX"))
    assert incoming.message_id == odd
    assert mailbox.find(odd) == [incoming.location]


def test_a_mailbox_that_may_only_be_read_says_so_and_keeps_its_messages(
    dovecot: Dovecot, mailbox_user: str
) -> None:
    dovecot.deliver(mailbox_user, ordinary(1))
    dovecot.restrict(mailbox_user, "lrk")
    with Mailbox.open(dovecot.settings(mailbox_user), PASSWORD) as mailbox:
        there = mailbox.scan("INBOX")
        for change in (lambda: mailbox.delete(there), lambda: mailbox.move(there, "Verwerkt")):
            with pytest.raises(MailboxReadOnly):
                change()
        assert mailbox.scan("INBOX") == there
        health = mailbox.check()
        assert (health.can_move, health.can_delete) == (False, False)


def test_a_right_to_mark_without_the_right_to_expunge_is_noticed(dovecot: Dovecot, mailbox_user: str) -> None:
    dovecot.deliver(mailbox_user, ordinary(1))
    dovecot.restrict(mailbox_user, "lrswtik")
    with Mailbox.open(dovecot.settings(mailbox_user), PASSWORD) as mailbox:
        there = mailbox.scan("INBOX")
        with pytest.raises(MailboxError):
            mailbox.delete(there)
        assert mailbox.scan("INBOX") == there
        assert not mailbox.check().can_delete


@pytest.mark.parametrize("command", [b"MOVE", b"EXPUNGE"])
def test_a_server_that_says_ok_and_does_nothing_is_not_believed(
    dovecot: Dovecot, mailbox_user: str, mailbox: Mailbox, command: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.deliver(mailbox_user, ordinary(1))
    there = mailbox.scan("INBOX")
    nothing = lambda *arguments: None  # noqa: E731 - stands for a command that a server answers with OK only
    if command == b"MOVE":
        monkeypatch.setattr(mailbox.connection, "move", nothing)
        with pytest.raises(MailboxNotMoved):
            mailbox.move(there, "Verwerkt")
    else:
        monkeypatch.setattr(mailbox.connection, "uid_expunge", nothing)
        with pytest.raises(MailboxNotRemoved):
            mailbox.delete(there)


def test_a_draft_lands_in_the_folder_for_drafts(mailbox: Mailbox) -> None:
    assert mailbox.drafts_folder() == "Drafts"
    place = mailbox.append_draft(ordinary(8))
    assert place is not None
    (incoming,) = mailbox.fetch([place])
    assert (place.folder, incoming.message_id) == ("Drafts", "<m8@kindengezin.example>")


def test_a_draft_is_found_where_the_server_does_not_tell(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox.connection, "taken", lambda code: [])
    place = mailbox.append_draft(ordinary(8))
    assert place == mailbox.scan("Drafts")[0]
    assert mailbox.append_draft(ordinary(9, message_id=None)) is None


def test_check_tells_what_is_there_and_what_is_allowed(
    dovecot: Dovecot, mailbox_user: str, mailbox: Mailbox
) -> None:
    dovecot.deliver(mailbox_user, ordinary(1))
    health = mailbox.check()
    assert health.tls_version.startswith("TLS")
    assert {"IDLE", "MOVE", "UIDPLUS"} <= set(health.capabilities)
    assert health.missing == ("Verwerkt", "Quarantaine")
    assert (health.can_move, health.can_delete, health.drafts) == (True, True, "Drafts")
    assert mailbox.folders() == list(health.folders), "looking made a folder"
    assert len(mailbox.scan("INBOX")) == 1


def test_a_folder_that_is_listed_but_closed_is_named_and_does_not_stop_a_search(
    dovecot: Dovecot, mailbox_user: str, mailbox: Mailbox
) -> None:
    dovecot.deliver(mailbox_user, ordinary(1))
    mailbox.connection.create_folder("Directie")
    dovecot.restrict(mailbox_user, "l", "Directie")
    with Mailbox.open(dovecot.settings(mailbox_user), PASSWORD) as fresh:
        assert fresh.check().unreadable == ("Directie",)
        assert len(fresh.find("<m1@kindengezin.example>")) == 1


def test_folders_lie_under_the_servers_prefix_with_its_separator(mailbox_user: str, dovecot: Dovecot) -> None:
    with Dovecot(prefix="INBOX.", separator=".") as server:
        server.deliver(mailbox_user, ordinary(1))
        with Mailbox.open(server.settings(mailbox_user), PASSWORD) as mailbox:
            (moved,) = mailbox.move(mailbox.scan("INBOX"), "Team/Verwerkt").values()
            assert moved is not None
            assert moved.folder == "INBOX.Team.Verwerkt"
            assert ids(mailbox, "Team/Verwerkt") == ["<m1@kindengezin.example>"]
            assert mailbox.resolve("INBOX.Team.Verwerkt") == "INBOX.Team.Verwerkt"
            assert mailbox.drafts_folder() == "INBOX.Drafts"
            assert mailbox.check().can_delete


def test_a_connection_cut_in_the_middle_of_a_move_leaves_the_message_in_one_of_both_folders(
    dovecot: Dovecot, mailbox_user: str
) -> None:
    dovecot.deliver(mailbox_user, ordinary(1))
    with (
        Misbehaving(dovecot, lambda line: None if b"COPYUID" in line else line) as server,
        Mailbox.open(server.settings(mailbox_user), PASSWORD) as cut,
    ):
        there = cut.scan("INBOX")
        with pytest.raises(MailboxError):
            cut.move(there, "Verwerkt")
    with Mailbox.open(dovecot.settings(mailbox_user), PASSWORD) as mailbox:
        assert len(mailbox.find("<m1@kindengezin.example>")) == 1
