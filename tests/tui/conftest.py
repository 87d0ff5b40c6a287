"""The office that the screens' tests work in."""

from pathlib import Path

import pytest
import textual._wait

from intake.texts import language, set_language
from tests.tui.office import TestOffice, found_office

# After each key Textual's pilot waits until the program does next to nothing for 20 ms. The tests wait for what they
# want to see (`driving.until`), so that half of it is enough: it is much of the time of these tests.
textual._wait.SLEEP_GRANULARITY = 1 / 100
textual._wait.SLEEP_IDLE = 1 / 2000


@pytest.fixture(autouse=True)
def _language() -> object:
    before = language()
    yield
    set_language(before)


@pytest.fixture
def office(tmp_path: Path) -> TestOffice:
    """A team lead, two social workers, no referral yet, and a mailbox that nobody answers."""
    return found_office(tmp_path)
