"""A social worker's walk in a real terminal: sign in, open a referral, an attempt, the wish, a case file."""

import re
import signal
import sys

import pytest

from intake.demo.office import STAFF
from intake.texts import set_language
from tests.journeys.terminal import Terminal

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no pseudo-terminal for this test"
)


@pytest.fixture(autouse=True)
def _dutch():
    set_language("nl")


def test_from_sign_in_to_a_case_file_at_80x24() -> None:
    lead = STAFF[0]
    with Terminal(["demo", "--seed", "2"]) as terminal:
        terminal.wait_for(lead.passphrase, "els")
        terminal.type(lead.passphrase)
        terminal.press("enter")
        screen = terminal.wait_for("D2026-0012")  # the first poll's referrals, without a key press
        assert "= " in terminal.wait_for("gevonden")
        # The most urgent is on top; the first that is not held for want of consent is worked.
        reference = re.search(r"D2026-\d{4}", screen)
        assert reference is not None
        terminal.press("enter")
        terminal.wait_for("+32", "Vraagverheldering".casefold()[:5])
        terminal.type("c")
        terminal.wait_for(f"Contactpoging voor {reference[0]}")
        terminal.press("tab", "up", "f2")
        terminal.wait_for("w Wens van de cliënt", "contactname")
        terminal.type("w")
        terminal.wait_for("wenst hulp", "denkt nog na")
        terminal.press("down", "f2")
        terminal.wait_for("d Cliëntdossier openen")
        terminal.type("d")
        terminal.wait_for(f"Een cliëntdossier openen voor {reference[0]}")
        terminal.type("2026/0042")
        terminal.press("f2")
        terminal.wait_for("cliëntdossier", "2026/0042")
        terminal.press("escape")
        terminal.wait_for("Werklijst ·", "● cliëntdossier")
        terminal.type("q")
        assert terminal.wait_closed() == 0


def test_without_a_configuration_the_program_asks_how_to_begin_and_leaves_nothing(tmp_path) -> None:
    with Terminal(["--config", str(tmp_path / "config.toml")]) as terminal:
        terminal.wait_for("▸", "Enter")
        terminal.press("escape")
        assert terminal.wait_closed() == 0
    assert list(tmp_path.iterdir()) == []


def test_a_demo_whose_terminal_is_closed_leaves_nothing_behind(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    lead = STAFF[0]
    with Terminal(["demo", "--messages", "5"]) as terminal:
        terminal.wait_for(lead.passphrase, "els")
        terminal.type(lead.passphrase)
        terminal.press("enter")
        terminal.wait_for("D2026-0001")
        assert list(tmp_path.iterdir())
        terminal.process.send_signal(signal.SIGHUP)
        terminal.wait_closed()
    assert list(tmp_path.iterdir()) == []
