"""The real program in a real terminal, on a real mail server: a team lead's morning, the first run, a terminal that is closed."""

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

PROOF = re.compile(r"gevonden (40) = (\d+) \w+ \+ (\d+) quarantaine \+ (\d+) gekend")


@pytest.fixture(autouse=True)
def _dutch():
    set_language("nl")


def test_a_team_leads_morning_at_80x24() -> None:
    """From the passphrase to the retention run and out, by the keys alone."""
    with Terminal(["demo", "--seed", "2", "--messages", "40"]) as terminal:
        first, *others = _sign_in(terminal)
        _assign_three(terminal, [first, *others[:2]])
        worked, wrong = _listed(terminal)[:2]
        _to_a_case_file(terminal, worked)
        _sent_to_the_wrong_office(terminal, wrong)
        _quarantined_by_hand(terminal)
        _discarded(terminal, wrong)
        terminal.type("q")
        assert terminal.wait_closed() == 0


def _listed(terminal: Terminal) -> list[str]:
    """The references on the worklist, from top to bottom."""
    return re.findall(r"[☐☑] . \S.*?(D\d{4}-\d{4})", terminal.text())


def _sign_in(terminal: Terminal) -> list[str]:
    lead = STAFF[0]
    terminal.wait_for(lead.passphrase, "els")
    terminal.type(lead.passphrase)
    terminal.press("enter")
    # The first poll's referrals come without a key press, with the poll's proof.
    proof = PROOF.search(
        terminal.wait_until(lambda screen: PROOF.search(screen) is not None, what="the first poll's proof")
    )
    assert proof is not None
    terminal.wait_for("D2026-0012", "Els Maertens (teamverantwoordelijke)")
    found, *became = map(int, proof.groups())
    assert found == 40 == sum(became)
    return _listed(terminal)


def _assign_three(terminal: Terminal, references: list[str]) -> None:
    terminal.press("space", "space", "space")
    terminal.wait_for("☑ 3")
    terminal.wait_until(lambda screen: screen.count("☑ ○") == 3)
    terminal.type("a")
    terminal.wait_for(f"3 doorverwijzingen toewijzen: {', '.join(references)}", "● Fatima El Idrissi")
    terminal.press("down")
    terminal.wait_for("● Jan Declercq")
    terminal.press("f2")
    terminal.wait_for("3 doorverwijzingen zijn toegewezen.")
    terminal.wait_for("◔ toegewezen 3")
    terminal.wait_until(lambda screen: "☑" not in screen)
    # What is nobody's stands first.
    terminal.wait_until(lambda _screen: not {*_listed(terminal)[:2]} & {*references})


def _to_a_case_file(terminal: Terminal, reference: str) -> None:
    terminal.press("enter")
    terminal.wait_for(reference, "Doel: vraagverheldering", "○ binnengekomen", "c Contactpoging")
    terminal.type("c")
    terminal.wait_for(f"Contactpoging voor {reference}", "● geen gehoor")
    terminal.press("tab", "up")
    terminal.wait_for("● bereikt")
    terminal.press("f2")
    terminal.wait_for("◑ contactname", "w Wens van de cliënt", "Els Maertens")
    terminal.type("w")
    terminal.wait_for(f"Wens van de cliënt van {reference}", "● denkt nog na")
    terminal.press("down")
    terminal.wait_for("● wenst hulp")
    terminal.press("f2")
    terminal.wait_for("◕ wenst hulp", "d Cliëntdossier openen")
    terminal.type("d")
    terminal.wait_for(f"Een cliëntdossier openen voor {reference}")
    terminal.type("2026/0042")
    terminal.press("f2")
    terminal.wait_for("● cliëntdossier", "2026/0042, geopend op")
    terminal.press("escape")
    terminal.wait_for("Werklijst ·", "● cliëntdossier 1", "◔ toegewezen 3")


def _sent_to_the_wrong_office(terminal: Terminal, reference: str) -> None:
    """Something that a retention run discards today."""
    terminal.type(f"/{reference}")
    terminal.press("enter")
    terminal.wait_until(lambda _screen: _listed(terminal) == [reference])
    terminal.press("enter")
    terminal.wait_for("Doel: vraagverheldering", "s Afsluiten")
    terminal.type("s")
    terminal.wait_for(f"{reference} afsluiten zonder cliëntdossier", "○ onbereikbaar")
    terminal.press("down", "down", "down", "f2")
    terminal.wait_for("● verkeerd OCMW of verhuisd", "✖ Zeg in enkele woorden waarom.")
    terminal.type("woont in Menen")
    terminal.press("f2")
    terminal.wait_for("× afgesloten", "verkeerd OCMW of verhuisd,", "Wissen op", "(overweging C:")
    terminal.press("escape")
    terminal.wait_for("Geen regel past bij de filter.")
    terminal.press("escape")
    terminal.wait_for("◔ toegewezen 3")


def _quarantined_by_hand(terminal: Terminal) -> None:
    terminal.press("f6")
    terminal.wait_for("Quarantaine", "Q2026-0001", "Oorzaak")
    terminal.type("h")
    terminal.wait_for("Q2026-0001 met de hand registreren", "Voornaam", "● kies wat de afzender zegt")
    # All at once, as from a list that is pasted: every text goes into its own field.
    for text in ("Zwaantje", "Kwispelaere", "Krakelingstraat", "12", "", "8940", "Wervik"):
        terminal.clear_line()
        terminal.type(text)
        terminal.press("tab")
    terminal.clear_line()
    terminal.type("0470 12 34 56")
    terminal.wait_for(*(f"{name} " for name in ("Kwispelaere", "Krakelingstraat", "8940", "Wervik")))
    terminal.press("f2")
    # Nobody's consent is taken for granted; what was typed stays.
    terminal.wait_for("✖ Kies wat de afzender zegt", "Wervik")
    terminal.press("down")
    terminal.wait_for("● bevestigd")
    terminal.press("f2")
    terminal.wait_for("geregistreerd als")
    assert "Q2026-0002" in terminal.wait_gone("Q2026-0001")
    terminal.press("escape")
    terminal.wait_for("Werklijst ·")
    terminal.type("/kwispel")
    terminal.wait_for("Zwaantje", "Open ")
    terminal.wait_until(lambda _screen: len(_listed(terminal)) == 1)
    terminal.press("escape")
    terminal.wait_until(lambda _screen: len(_listed(terminal)) > 1)


def _discarded(terminal: Terminal, reference: str) -> None:
    terminal.press("f4")
    terminal.wait_for("Bewaartermijnen", reference, "naar het verkeerde OC")  # the column is narrow
    terminal.type("r")
    terminal.wait_for("Wissen wat aan de beurt is", "definitief gewist", reference, "niet ongedaan te maken")
    terminal.press("right", "enter")
    terminal.wait_for("Wisronde", "doorverwijzingen gewist", reference)
    terminal.press("escape")
    terminal.wait_gone("Wisronde")
    terminal.type("e")
    terminal.wait_for("▸ Verklaringen", reference)
    terminal.type(f"/{reference}")
    terminal.press("enter")
    terminal.wait_for(f"{reference} · naar het verkeerde OCMW", "∅ Gewist op", "1 bericht verwijderd")
    terminal.type("v")
    terminal.wait_for(f"✔ {reference}: er is niets meer van over.", "map van het postvak")
    terminal.press("escape")
    terminal.wait_for("▸ Verklaringen")


def test_without_a_configuration_the_program_asks_how_to_begin_and_leaves_nothing(tmp_path) -> None:
    with Terminal(["--config", str(tmp_path / "config.toml")]) as terminal:
        terminal.wait_for("▸", "Enter")
        terminal.press("escape")
        assert terminal.wait_closed() == 0
    assert list(tmp_path.iterdir()) == []


def test_who_signs_out_leaves_the_same_office_to_a_colleague() -> None:
    lead, worker = STAFF[0], STAFF[1]
    with Terminal(["demo", "--messages", "5"]) as terminal:
        terminal.wait_for(lead.passphrase, lead.name)
        terminal.type(lead.passphrase)
        terminal.press("enter")
        terminal.wait_for("D2026-0001", lead.shown)
        terminal.press("ctrl+o")
        terminal.wait_for("Gebruikersnaam", "F2 Aanmelden")
        assert "D2026" not in terminal.text()
        terminal.type(worker.name)
        terminal.press("tab")
        terminal.type(worker.passphrase)
        terminal.press("enter")
        terminal.wait_for(worker.shown, "Werklijst")
        terminal.type("q")
        assert terminal.wait_closed() == 0


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
