"""Composing a draft: a mail that every program reads, and that an address cannot break out of."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest

from intake.mail.drafts import compose, new_message_id, sender_of
from intake.mail.headers import message_id_of

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)


def made(**more: object) -> bytes:
    values: dict[str, object] = {
        "sender": "kindengezin@ocmw.example",
        "to": ["menen@opgroeien.example"],
        "subject": "Melding K2026-0001",
        "body": "Beste collega,\n\nGeachte mevrouw Ömer – één regel\n" + "lang " * 400 + "\n",
        "message_id": new_message_id("kindengezin@ocmw.example"),
        "at": NOW,
    }
    return compose(**(values | more))  # type: ignore[arg-type]


def test_it_is_read_back_as_it_was_written() -> None:
    raw = made(archive=("K2026-0001.7z", b"7z\x00inhoud"))
    message = message_from_bytes(raw, policy=default)
    assert (message["From"], message["To"]) == ("kindengezin@ocmw.example", "menen@opgroeien.example")
    assert message["Date"].datetime == NOW
    body = message.get_body(("plain",))
    assert body is not None
    assert "Ömer – één regel" in body.get_content()
    (archive,) = message.iter_attachments()
    assert (archive.get_filename(), archive.get_content()) == ("K2026-0001.7z", b"7z\x00inhoud")
    lines = raw.split(b"\r\n")
    assert all(b"\n" not in line and len(line) < 998 for line in lines)


def test_the_message_id_tells_neither_machine_nor_moment_and_is_found_again() -> None:
    one, two = new_message_id("a@ocmw.example"), new_message_id("a@ocmw.example")
    assert one != two
    assert one.endswith("@ocmw.example>")
    assert message_id_of(made(message_id=one).partition(b"\r\n\r\n")[0]) == one


def test_a_user_name_that_is_no_address_is_completed() -> None:
    assert sender_of("kindengezin", "imap.ocmw.example") == "kindengezin@imap.ocmw.example"
    assert sender_of("k@ocmw.example", "imap.ocmw.example") == "k@ocmw.example"


@pytest.mark.parametrize("field", ["sender", "subject"])
def test_a_line_break_adds_no_header(field: str) -> None:
    with pytest.raises(ValueError, match=r"linefeed|header|carriage"):
        made(**{field: "a@ocmw.example\r\nBcc: iedereen@elders.example"})
