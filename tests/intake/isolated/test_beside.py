"""Two readers beside each other: every message is read once, and told in its place."""

from datetime import UTC, datetime

from intake.causes import Cause
from intake.isolated import beside, reading_many
from intake.mail.message import Location, parse_message
from intake.receive import Terms


def test_messages_read_by_two_come_back_in_their_order() -> None:
    good = b"From: a@opgroeien.be\r\n\r\nBeste\r\n"
    strange = b"From: b@elders.example\r\n\r\nBeste\r\n"
    raws = [strange if number % 3 == 1 else good for number in range(beside.MANY)]
    messages = [
        parse_message(
            raw, location=Location("INBOX", 1, number), received_at=datetime(2026, 11, 20, tzinfo=UTC)
        )
        for number, raw in enumerate(raws)
    ]
    with reading_many(len(messages)) as readers:
        pending = readers.begin(messages, Terms((), ("opgroeien.be",), frozenset()))
        rest = readers.begin(messages[:1], Terms((), ("opgroeien.be",), frozenset()))
        causes = [judgement.rejected[0].cause for judgement in pending.wait()]
        assert [judgement.rejected[0].cause for judgement in rest.wait()] == [Cause.NO_ARCHIVE]
    expected = [Cause.UNKNOWN_SENDER if raw is strange else Cause.NO_ARCHIVE for raw in raws]
    assert causes == expected
