"""The first run: the demo, joining an office, and setting up a new one that is made whole or not at all."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.widgets import OptionList

import tui.screens.founding
from intake.cli import demo as demo_command
from intake.cli.main import run
from intake.config import load_workstation
from intake.desk import open_desk
from tests.dovecot import Dovecot
from tests.tui.driving import Driver, fill, flat, screens, seen, shows, until
from tests.tui.office import COST, ELS, LEAD, PASSPHRASES, TestOffice
from tui.commands import in_key_bar, key_word
from tui.dialogs.confirm import ConfirmDialog
from tui.dialogs.founding import AgreedStep, BoxStep, PlaceStep
from tui.dialogs.founding_lead import KeyBackStep, KeyStep, LeadStep
from tui.dialogs.join import JoinDialog
from tui.dialogs.mailbox_check import MailboxCheckDialog
from tui.first_run import StartApp
from tui.screens.signin import SignInScreen
from tui.screens.start import StartScreen
from tui.screens.worklist import WorklistScreen
from tui.widgets.choice import Choice
from tui.widgets.field import fields_of

GOOD = "vier blauwe stoelen dansen"


@pytest.fixture(autouse=True)
def _english_and_cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCMW_INTAKE_LANGUAGE", "en")
    monkeypatch.setattr(tui.screens.founding, "COST", COST)


@asynccontextmanager
async def first_run(config: Path) -> AsyncIterator[tuple[Driver, StartApp]]:
    app = StartApp(config)
    async with app.run_test(size=(80, 24), notifications=True) as driver:
        await front(driver, StartScreen)
        yield driver, app


async def front(driver: Driver, kind: type) -> None:
    await until(driver, lambda: isinstance(driver.app.screen, kind))


async def choose(driver: Driver, way: int) -> None:
    await driver.press(*["j"] * way, "enter")


def paths(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


async def test_the_demo_is_chosen_with_a_key_and_nothing_is_written(tmp_path: Path) -> None:
    async with first_run(tmp_path / "config.toml") as (driver, app):
        await shows(driver, "▸ Look at the demo", "Join an office", "Set up a new office", "made-up office")
        assert [key_word(app, b) for b in in_key_bar(app.screen)] == ["Enter", "Esc", "F1", "^P"]
        await driver.press("j", "down")
        await shows(driver, "▸ Set up a new office", "paper for the recovery key")
        await driver.press("k", "k", "enter")
        assert app.demo_wanted
    assert paths(tmp_path) == []


async def test_joining_an_office_looks_before_it_signs_in_and_writes_only_after_it(
    office: TestOffice, tmp_path: Path
) -> None:
    """A configuration for a wrong folder would send every later start to it."""
    (tmp_path / "leeg").mkdir()
    config = tmp_path / "own" / "config.toml"
    async with first_run(config) as (driver, app):
        await choose(driver, 1)
        await front(driver, JoinDialog)
        for typed, said in (
            ("opslag", "✖ Give the full path of the folder."),
            (str(tmp_path / "weg"), "is not there. Check how it is written"),
            (str(tmp_path / "leeg"), "✖ There is no store of this program in"),
        ):
            await fill(driver, "folder", typed)
            await driver.press("f2")
            await shows(driver, said)
            assert fields_of(app.screen)["folder"].text == typed
        await fill(driver, "folder", str(office.location))
        await driver.press("f2")
        await front(driver, ConfirmDialog)
        await shows(
            driver, "Is this your office: OCMW Wervik?", "Team leads: an.lead. Accounts: 3.", "Fingerprint:"
        )
        await driver.press("right", "enter")
        await front(driver, SignInScreen)
        await driver.press("escape")
        await front(driver, StartScreen)
        await choose(driver, 1)
        await front(driver, JoinDialog)
        assert fields_of(app.screen)["folder"].text == str(office.location), "what was typed stays"
        await driver.press("f2")
        await front(driver, ConfirmDialog)
        await driver.press("right", "enter")
        await front(driver, SignInScreen)
        await fill(driver, "user", ELS)
        await fill(driver, "passphrase", "dit is ze niet zeker")
        await driver.press("f2")
        await shows(driver, "✖ That passphrase is not right.")
        assert not config.exists()
        await fill(driver, "passphrase", PASSPHRASES[ELS])
        await driver.press("f2")
        await front(driver, WorklistScreen)
        known = load_workstation(config)
        with office.desk(LEAD) as desk:
            assert known.fingerprint == desk.office.directory.fingerprint
        assert (known.store, known.user, known.language) == (office.location, ELS, "en")
        assert not any(isinstance(one, StartScreen) for one in app.screen_stack)


async def test_a_new_office_is_set_up_step_by_step_and_its_team_lead_is_signed_in(
    tmp_path: Path, dovecot: Dovecot, mailbox_user: str, copied: list[str]
) -> None:
    store, config = tmp_path / "opslag", tmp_path / "own" / "config.toml"
    async with first_run(config) as (driver, app):
        await choose(driver, 2)
        await front(driver, PlaceStep)
        await driver.press("f2")
        await shows(driver, "✖ Give the name of the OCMW.")
        await fill(driver, "ocmw", "OCMW Wervik")
        await fill(driver, "folder", str(tmp_path))
        await fill(driver, "postcodes", "8940 89")
        await driver.press("f2")
        await shows(driver, "✖ A postcode has four digits")
        await fill(driver, "postcodes", "8940")
        await fill(driver, "folder", str(store))
        await driver.press("f2")
        await front(driver, BoxStep)
        await driver.press("f2")
        await shows(driver, "✖ Give the mail server.")
        for name, text in (
            ("host", dovecot.host),
            ("port", str(dovecot.port)),
            ("user", mailbox_user),
            ("password", "niet juist"),
            ("archive", "koffiekoek"),
            ("authority", str(dovecot.ca_file)),
        ):
            await fill(driver, name, text)
        await driver.press("f2")
        await front(driver, MailboxCheckDialog)
        await shows(driver, "✖ sign-in: The server does not accept this account and password.")
        await driver.press("escape")
        await shows(driver, "✖ Change what is not right, or test once more.")
        await fill(driver, "password", dovecot.password)
        await driver.press("f2")
        await front(driver, MailboxCheckDialog)
        await shows(driver, "✔ The program can work with this mailbox.", "✔ drafts (SPECIAL-USE)")
        await driver.press("f2")
        await front(driver, AgreedStep)
        await fill(driver, "start", "01/12/2023")
        await fill(driver, "until", "01/12/2022")
        await driver.press("f2")
        await shows(driver, "✖ The last day cannot lie before the first.")
        await fill(driver, "until", "30/11/2099")
        await driver.press("escape")
        await front(driver, BoxStep)
        assert fields_of(app.screen)["user"].text == mailbox_user
        await driver.press("f2")
        await front(driver, AgreedStep)
        assert fields_of(app.screen)["until"].text == "30/11/2099", "a test that went well is not run anew"
        await driver.press("f2")
        await front(driver, LeadStep)
        await fill(driver, "name", "Els Peeters")
        await fill(driver, "new", "wachtwoord123")
        await shows(driver, "✖ easily guessed")
        await fill(driver, "again", "anders")
        await driver.press("f2")
        await shows(driver, "✖ easily guessed: choose four words")
        assert driver.app.focused is fields_of(app.screen)["new"].control_widget
        assert not fields_of(app.screen)["again"].has_class("-wrong")
        await fill(driver, "again", "wachtwoord123")
        app.screen.query_one(Choice).highlighted = 1
        await driver.press("f2")
        await shows(driver, "✖ That passphrase is easily guessed.")
        await fill(driver, "new", GOOD)
        await shows(driver, "✔ very good")
        await driver.press("f2")
        await shows(driver, "✖ This is not the same passphrase.")
        await fill(driver, "again", GOOD)
        await driver.press("f2")
        await front(driver, KeyStep)
        groups = app.screen._key.split("-")  # type: ignore[attr-defined]
        await shows(driver, f"14 {groups[13]}", "nowhere")
        await driver.press("c")
        await shows(driver, "✔ Copied. Empty the clipboard once it is printed.")
        assert [app.clipboard, *copied] == ["-".join(groups)] * 2
        await driver.press("f2")
        await front(driver, KeyBackStep)
        asked = app.screen._asked  # type: ignore[attr-defined]
        assert len(asked) == 2 and groups[0] not in seen(driver)
        await fill(driver, f"group-{asked[0]}", "AAAA")
        await driver.press("f2")
        await shows(driver, f"✖ This is not group {asked[0]} of the key.")
        assert not store.exists() and not config.exists(), "nothing is made before the last step"
        for number in asked:
            await fill(driver, f"group-{number}", f" {groups[number - 1].lower()} ")
        await driver.press("f2")
        await front(driver, WorklistScreen)
        await shows(driver, "OCMW Wervik", "Els Peeters (team lead)")
        assert "-".join(groups) not in flat(driver)
    known = load_workstation(config)
    desk = open_desk(known.store, "els.peeters", GOOD, trusted=known.fingerprint)
    settings = desk.settings.show()
    desk.close()
    assert (settings.postcodes, settings.trusted_senders) == (("8940",), ("opgroeien.be",))
    assert str(settings.agreement.ends_on) == "2099-12-01", "the first day without flow"
    assert not any(
        groups[0] in path.read_text("utf-8", "ignore") for path in tmp_path.rglob("*") if path.is_file()
    )


async def test_stopping_on_the_way_leaves_nothing_and_a_mailbox_that_fails_can_wait(tmp_path: Path) -> None:
    async with first_run(tmp_path / "own" / "config.toml") as (driver, app):
        await choose(driver, 2)
        await front(driver, PlaceStep)
        await fill(driver, "ocmw", "OCMW Wervik")
        await fill(driver, "folder", str(tmp_path / "opslag"))
        await driver.press("f2")
        await front(driver, BoxStep)
        for name, text in (
            ("host", "127.0.0.1"),
            ("port", "1"),
            ("user", "box"),
            ("password", "x"),
            ("archive", "y"),
        ):
            await fill(driver, name, text)
        await driver.press("f2")
        await front(driver, MailboxCheckDialog)
        await shows(driver, "✖ connection: Nothing listens on port 1", "Go on anyway")
        await driver.press("f2")
        await front(driver, AgreedStep)
        await driver.press("escape", "escape", "escape")
        await front(driver, StartScreen)
        await driver.press("enter")
        await front(driver, PlaceStep)
        assert fields_of(app.screen)["ocmw"].text == "OCMW Wervik"
        await driver.press("ctrl+q")
        await front(driver, ConfirmDialog)
    assert paths(tmp_path) == []


def test_without_a_configuration_a_person_gets_the_first_run_and_a_script_the_refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A service that waited for somebody to choose would never end."""
    config = tmp_path / "config.toml"
    opened: list[Path] = []
    shown: list[object] = []

    def start(path: Path) -> int | None:
        opened.append(path)
        return None if len(opened) == 2 else 0

    def call() -> int:
        return run(["--config", str(config)], lambda *_a, **_k: 0, start)

    assert call() == 3
    assert "There is no configuration" in capsys.readouterr().err
    for stream in ("stdin", "stdout"):
        monkeypatch.setattr(f"sys.{stream}.isatty", lambda: True, raising=False)
    monkeypatch.setattr(demo_command, "show_demo", lambda context: shown.append(context) or 0)
    assert (call(), shown) == (0, [])
    assert call() == 0
    assert (opened, len(shown)) == ([config, config], 1)
    config.write_text("this is no configuration")
    assert call() == 3
    assert len(opened) == 2, "one that is broken is not written over"


async def test_with_a_configuration_the_sign_in_has_no_way_back(office: TestOffice) -> None:
    async with screens(office) as driver:
        await front(driver, SignInScreen)
        await driver.press("escape")
        assert isinstance(driver.app.screen, SignInScreen)
        assert "Esc" not in seen(driver).splitlines()[-1]
        assert not driver.app.screen.query(OptionList)
