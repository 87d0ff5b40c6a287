"""Looking and downloading on a real server: complete, in order, without a trace in the mailbox."""

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from intake.errors import MailboxError
from intake.mail import connection
from intake.mail.errors import MailboxFolder, MailboxLost, MailboxRenumbered
from intake.mail.mailbox import Location, Mailbox
from intake.mail.message import NO_DATE, Incoming, parse_message
from tests.dovecot import PASSWORD, Dovecot
from tests.intake.mail.proxy import Misbehaving
from tests.intake.mail.shapes import ARCHIVE, SHAPES, ordinary


def flags(mailbox: Mailbox, folder: str = "INBOX") -> dict[int, set[bytes]]:
    mailbox.connection.select_folder(folder, readonly=True)
    uids = mailbox.connection.search("ALL")
    mailbox._session.forget()
    return {uid: set(found) - {b"\\Recent"} for uid, found in mailbox.connection.get_flags(uids).items()}


def test_scan_sees_every_message_whatever_its_flags(dovecot: Dovecot, mailbox_user: str) -> None:
    for letters in ("", "S", "T", "RS"):
        dovecot.deliver(mailbox_user, ordinary(), flags=letters)
    with Mailbox.open(dovecot.settings(mailbox_user), PASSWORD) as mailbox:
        assert [location.uid for location in mailbox.scan("INBOX")] == [1, 2, 3, 4]


def test_scan_of_a_missing_folder_is_an_error_unless_it_may_be_missing(
    dovecot: Dovecot, mailbox_user: str
) -> None:
    with Mailbox.open(dovecot.settings(mailbox_user), PASSWORD) as mailbox:
        with pytest.raises(MailboxFolder):
            mailbox.scan("Verwerkt")
        assert mailbox.scan("Verwerkt", optional=True) == []
        assert mailbox.scan("INBOX") == []


def test_fetching_three_hundred_messages_leaves_every_flag_as_it_was(
    dovecot: Dovecot, mailbox_user: str
) -> None:
    dovecot.deliver(mailbox_user, *(ordinary(n) for n in range(299)))
    dovecot.deliver(mailbox_user, ordinary(299), flags="S")
    with Mailbox.open(dovecot.settings(mailbox_user), PASSWORD) as mailbox:
        before = flags(mailbox)
        locations = mailbox.scan("INBOX")
        fetched = list(mailbox.fetch(locations))
        assert [incoming.location for incoming in fetched] == locations
        assert [i.message_id for i in fetched] == [f"<m{n}@kindengezin.example>" for n in range(300)]
        assert all(i.attachments[0].data == ARCHIVE and i.problem is None for i in fetched)
        assert flags(mailbox) == before
        assert sum(b"\\Seen" in found for found in before.values()) == 1


@pytest.mark.parametrize("shape", SHAPES)
def test_fetching_parts_gives_the_same_as_reading_the_whole_message(
    dovecot: Dovecot, mailbox_user: str, shape: str
) -> None:
    raw, names = SHAPES[shape]
    dovecot.deliver(mailbox_user, raw)
    with Mailbox.open(dovecot.settings(mailbox_user), PASSWORD) as mailbox:
        (incoming,) = mailbox.fetch(mailbox.scan("INBOX"))
    whole = parse_message(
        raw, location=incoming.location, received_at=incoming.received_at, size=incoming.size
    )
    assert incoming.problem is None
    assert [a.name for a in incoming.attachments] == names
    assert [a.data for a in incoming.attachments] == [ARCHIVE] * len(names)
    assert incoming.body_text == whole.body_text
    assert (incoming.sender, incoming.message_id) == (whole.sender, whole.message_id)


def test_shapes_mixed_in_one_batch_stay_with_their_message_and_in_order(
    dovecot: Dovecot, mailbox_user: str
) -> None:
    dovecot.deliver(mailbox_user, *(raw for raw, _names in SHAPES.values()))
    with Mailbox.open(dovecot.settings(mailbox_user), PASSWORD) as mailbox:
        locations = mailbox.scan("INBOX")
        order = [*reversed(locations)]
        found = {i.location: [a.name for a in i.attachments] for i in mailbox.fetch(order, batch=7)}
    assert list(found) == order
    assert [found[location] for location in locations] == [names for _raw, names in SHAPES.values()]


def test_the_date_is_the_servers_and_in_utc(dovecot: Dovecot, mailbox_user: str) -> None:
    moment = datetime(2026, 7, 1, 14, 30, 5, tzinfo=timezone(timedelta(hours=2)))
    dovecot.deliver(mailbox_user, ordinary(), received_at=moment)
    with Mailbox.open(dovecot.settings(mailbox_user), PASSWORD) as mailbox:
        (incoming,) = mailbox.fetch(mailbox.scan("INBOX"))
    assert incoming.received_at == moment
    assert incoming.received_at.tzinfo is UTC


def test_a_message_over_the_size_limit_is_not_downloaded(dovecot: Dovecot, mailbox_user: str) -> None:
    dovecot.deliver(mailbox_user, ordinary(1, size=24 * 1024 * 1024), ordinary(2))
    received = 0

    def count(line: bytes) -> bytes:
        nonlocal received
        received += len(line)
        return line

    with (
        Misbehaving(dovecot, count) as server,
        Mailbox.open(server.settings(mailbox_user), PASSWORD) as mailbox,
    ):
        large, small = mailbox.fetch(mailbox.scan("INBOX"))
    assert large.too_large
    assert large.size > 30 * 1024 * 1024
    assert large.attachments == ()
    assert large.message_id == "<m1@kindengezin.example>"
    assert small.attachments[0].data == ARCHIVE
    assert received < 200_000


def test_a_message_that_is_gone_is_left_out_and_the_others_come(dovecot: Dovecot, mailbox_user: str) -> None:
    dovecot.deliver(mailbox_user, ordinary(1), ordinary(2), ordinary(3))
    with (
        Mailbox.open(dovecot.settings(mailbox_user), PASSWORD) as mailbox,
        Mailbox.open(dovecot.settings(mailbox_user), PASSWORD) as colleague,
    ):
        locations = mailbox.scan("INBOX")
        colleague.delete(locations[1:2])
        assert [i.location for i in mailbox.fetch(locations)] == [locations[0], locations[2]]


def test_moving_between_two_batches_does_not_disturb_the_fetch(dovecot: Dovecot, mailbox_user: str) -> None:
    dovecot.deliver(mailbox_user, *(ordinary(n) for n in range(6)))
    with Mailbox.open(dovecot.settings(mailbox_user), PASSWORD) as mailbox:
        seen = []
        for incoming in mailbox.fetch(mailbox.scan("INBOX"), batch=2):
            seen.append(incoming.location.uid)
            mailbox.move([incoming.location], "Verwerkt")
        assert seen == [1, 2, 3, 4, 5, 6]
        assert len(mailbox.scan("Verwerkt")) == 6


def test_a_folder_made_anew_is_noticed_by_its_uidvalidity(dovecot: Dovecot, mailbox_user: str) -> None:
    with Mailbox.open(dovecot.settings(mailbox_user), PASSWORD) as mailbox:
        mailbox.connection.create_folder("Post")
        dovecot.deliver(mailbox_user, ordinary(1), folder="Post")
        (old,) = mailbox.scan("Post")
        mailbox.connection.unselect_folder()
        mailbox.connection.delete_folder("Post")
        mailbox.connection.create_folder("Post")
        dovecot.deliver(mailbox_user, ordinary(2), folder="Post")
        (new,) = mailbox.scan("Post")
        assert (old.uid, new.uid) == (1, 1)
        with pytest.raises(MailboxRenumbered):
            list(mailbox.fetch([old]))
        assert mailbox.move([old], "Verwerkt") == {}
        assert mailbox.delete([old]) == {old}
        assert mailbox.scan("Post") == [new]


def test_a_server_that_stops_during_a_fetch_is_an_error_and_no_hang(
    mailbox_user: str, dovecot: Dovecot
) -> None:
    with Dovecot() as server:
        server.deliver(mailbox_user, *(ordinary(n) for n in range(20)))
        with Mailbox.open(server.settings(mailbox_user), PASSWORD) as mailbox:
            fetch = mailbox.fetch(mailbox.scan("INBOX"), batch=5)
            assert next(fetch).problem is None
            server.stop()
            began = time.monotonic()
            with pytest.raises(MailboxError):
                list(fetch)
            assert time.monotonic() - began < 5
        server.start()
        with Mailbox.open(server.settings(mailbox_user), PASSWORD) as again:
            assert len(list(again.fetch(again.scan("INBOX")))) == 20


def fetch_through(dovecot: Dovecot, user: str, alter: "dict[bytes, bytes]") -> tuple[list[Incoming], int]:
    """Three messages through a server that replaces what is in its answers; and how often we connected."""
    dovecot.deliver(user, *(ordinary(n) for n in (1, 2, 3)))

    def replaced(line: bytes) -> bytes:
        if b"UID 2 " in line and b"BODYSTRUCTURE" in line:
            for old, new in alter.items():
                line = line.replace(old, new)
        return line

    with Misbehaving(dovecot, replaced) as server:
        with Mailbox.open(server.settings(user), PASSWORD) as mailbox:
            fetched = list(mailbox.fetch(mailbox.scan("INBOX")))
        return fetched, server.connections


@pytest.mark.parametrize(
    ("harm", "connections"),
    [
        ({b"BODYSTRUCTURE (": b"BODYSTRUCTURE (" + b"(" * 50_000}, 1),
        ({b"BODYSTRUCTURE (": b'BODYSTRUCTURE (" '}, 1),
        ({b"BODYSTRUCTURE (": b"BODYSTRUCTURE () X ("}, 1),
        ({b"BODYSTRUCTURE (": b"BODYSTRUCTURE (" + b"x" * 2_000_000}, 3),
        ({b"BODYSTRUCTURE (": b"BODYSTRUCTURE {99999999999}\r\n("}, 3),
    ],
    ids=["brackets without end", "open quote", "empty", "endless line", "huge literal"],
)
def test_one_poisonous_structure_does_not_stop_the_other_messages(
    dovecot: Dovecot, mailbox_user: str, harm: dict[bytes, bytes], connections: int
) -> None:
    fetched, connected = fetch_through(dovecot, mailbox_user, harm)
    assert [i.location.uid for i in fetched] == [1, 2, 3]
    assert all(i.attachments[0].data == ARCHIVE and i.problem is None for i in fetched)
    assert connected == connections


def test_a_date_that_is_none_is_a_problem_and_not_today(dovecot: Dovecot, mailbox_user: str) -> None:
    dovecot.deliver(mailbox_user, ordinary(1), received_at=datetime(2026, 3, 2, tzinfo=UTC))

    def undated(line: bytes) -> bytes:
        return line.replace(b"-Mar-2026", b"-Foo-2026")

    with (
        Misbehaving(dovecot, undated) as server,
        Mailbox.open(server.settings(mailbox_user), PASSWORD) as mailbox,
    ):
        (incoming,) = mailbox.fetch(mailbox.scan("INBOX"))
    assert (incoming.problem, incoming.received_at) == ("date", NO_DATE)


def test_an_answer_that_takes_too_long_ends_even_though_bytes_keep_coming(
    dovecot: Dovecot, mailbox_user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Mailbox.open(dovecot.settings(mailbox_user), PASSWORD) as mailbox:
        monkeypatch.setattr(connection, "ANSWER_SECONDS", 0.0)
        with pytest.raises(MailboxLost):
            mailbox.noop()


def test_a_message_whose_parts_are_over_the_limit_of_an_answer_is_a_problem_of_its_own(
    dovecot: Dovecot, mailbox_user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.deliver(mailbox_user, ordinary(1), ordinary(2, size=60_000), ordinary(3))
    monkeypatch.setattr(connection, "ANSWER_LIMIT", 40_000)
    with Mailbox.open(dovecot.settings(mailbox_user), PASSWORD) as mailbox:
        one, two, three = mailbox.fetch(mailbox.scan("INBOX"))
    assert (one.problem, two.problem, three.problem) == (None, "structure", None)
    assert two.message_id == "<m2@kindengezin.example>"


def test_locations_of_a_folder_that_is_no_more_are_an_error(dovecot: Dovecot, mailbox_user: str) -> None:
    with (
        Mailbox.open(dovecot.settings(mailbox_user), PASSWORD) as mailbox,
        pytest.raises(MailboxFolder),
    ):
        list(mailbox.fetch([Location("Weg", 1, 1)]))


def test_messages_are_never_written_out_for_the_librarys_trace(
    dovecot: Dovecot, mailbox_user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They once were, each twice, for a trace that nobody keeps: a tenth of a poll."""
    written: list[str] = []
    monkeypatch.setattr(connection, "_unsaid", lambda text, *_more: written.append(text))
    dovecot.deliver(mailbox_user, ordinary(1, size=60_000))
    with Mailbox.open(dovecot.settings(mailbox_user), PASSWORD) as mailbox:
        (fetched,) = mailbox.fetch(mailbox.scan("INBOX"))
        assert len(fetched.attachments[0].data) == 60_000
        assert sum(map(len, written)) < 30_000
        # Nor are the last lines, the sign-in among them, kept in memory.
        assert PASSWORD not in str(mailbox.connection._imap._cmd_log)
