"""The office that the screens' tests work in."""

from pathlib import Path

import pytest

from intake.texts import language, set_language
from tests.tui.office import TestOffice, found_office


@pytest.fixture(autouse=True)
def _language() -> object:
    before = language()
    yield
    set_language(before)


@pytest.fixture
def office(tmp_path: Path) -> TestOffice:
    """A team lead, two social workers, no referral yet, and a mailbox that nobody answers."""
    return found_office(tmp_path)
