"""The office of a journey, on a mailbox that no other test has."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.texts import language, set_language
from tests.dovecot import Dovecot
from tests.journeys.inside import ProtocolOffice
from tests.journeys.office import JourneyOffice


@pytest.fixture
def outside(tmp_path: Path, dovecot: Dovecot, mailbox_user: str) -> JourneyOffice:
    """An office that `init` set up, with one team lead; its commands are programs of their own."""
    office = JourneyOffice(tmp_path, dovecot, mailbox_user)
    office.init()
    return office


@pytest.fixture
def office(tmp_path: Path, dovecot: Dovecot, mailbox_user: str) -> Iterator[ProtocolOffice]:
    """An office with the demo's agreement and one team lead, whose commands are run in this process."""
    office = ProtocolOffice(tmp_path, dovecot, mailbox_user)
    before = language()
    office.found()
    yield office
    set_language(before)


@pytest.fixture
def protocol(office: ProtocolOffice) -> ProtocolOffice:
    """The office, where an obligation of the protocol is shown on it."""
    return office
