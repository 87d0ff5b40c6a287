"""Messages for a reader, and one process that breaks on demand for all tests of this folder."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from intake.archive import Member, Passphrase, pack
from intake.isolated import Reader
from intake.mail.message import Incoming, Location, parse_message
from intake.receive import Terms
from tests.intake.isolated import breaking
from tests.journeys.mails import form, mail

SECRET = "koffiekoek-regenboog-17"
TERMS = Terms((Passphrase("herfst", SECRET),), ("opgroeien.be",), frozenset({"8940"}))


@pytest.fixture(scope="session")
def referral() -> Incoming:
    """A message with one good referral."""
    raw = mail(("fiche.7z", pack([Member(*form())], SECRET)))
    return parse_message(raw, location=Location("INBOX", 1, 1), received_at=datetime.now(UTC))


@pytest.fixture(scope="session")
def _breaking() -> Iterator[Reader]:
    with Reader(breaking.command()) as reader:
        yield reader


@pytest.fixture
def reader(_breaking: Reader) -> Reader:
    """A reader that does what a message says; after a test that broke it, it starts again by itself."""
    assert not _breaking.busy
    return _breaking


def asks(word: str) -> Incoming:
    """A message that makes the reader break in this way."""
    raw = mail(("fiche.txt", b"niets"))
    found = parse_message(raw, location=Location("INBOX", 1, 2), received_at=datetime.now(UTC))
    return replace(found, body_text=word)
