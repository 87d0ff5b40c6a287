"""Keys of one's own: what may be changed, what is refused at the start, and where the key in force is told."""

import json
import re
from pathlib import Path

import pytest

from intake.config import ConfigurationUnusable, Workstation, load_workstation, save_workstation
from intake.errors import sentence
from intake.texts import set_language
from tests.intake.cli.test_contract import started
from tests.running import run_inside as run
from tests.tui.driving import app_of, screens, shows, until
from tests.tui.office import CLIENTS, LEAD, TestOffice
from tui.app import IntakeApp
from tui.dialogs.help import HelpDialog
from tui.dialogs.menu import MenuDialog
from tui.keymap import KeysUnusable, commands, in_force, own_keys
from tui.screens.board import BoardScreen
from tui.screens.referral import ReferralScreen


def _station(**keys: str) -> Workstation:
    return Workstation(store=Path("store"), keys={name.replace("__", "."): key for name, key in keys.items()})


def test_every_command_has_a_name_that_can_be_written_in_the_configuration():
    names = {command.name for command in commands()}
    assert {"assign", "go.board", "scope.open", "step.attempt", "command-palette", "send"} <= names
    for name in names:
        assert re.fullmatch(r"[a-z-]+(\.[a-z-]+)?", name), name
        assert not any(other.startswith(f"{name}.") for other in names), f"{name} could not be a key of TOML"
        assert len({c.stays for c in commands() if c.name == name}) == 1, f"{name} is two things"


def test_the_keys_of_the_program_need_no_digit_and_no_sign_behind_altgr():
    for command in commands():
        for key in command.keys:
            assert not key.isdigit(), command
            assert len(key) > 1 or (key.isascii() and key.isalpha()), command


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"asign": "t"}, "there is no command asign"),
        ({"assign": "5"}, "5 cannot be the key of assign. Give a letter"),
        ({"assign": "@"}, "@ cannot be the key of assign. Give a letter"),
        ({"assign": "é"}, "é cannot be the key of assign. Give a letter"),
        ({"assign": "f13"}, "f13 cannot be the key of assign"),
        ({"assign": "s"}, "sort and assign would both have the key s (Worklist)"),
        ({"assign": "j"}, "would both have the key j"),
        ({"go__board": "f4"}, "go.board and go.retention would both have the key F4"),
        ({"assign": "t", "sort": "t"}, "sort and assign would both have the key t (Worklist)"),
        ({"leave": "b"}, "leave keeps its key"),
        ({"down": "b"}, "down keeps its key"),
        ({"filter": "b"}, "filter keeps its key"),
        ({"lock": "ctrl+a"}, "Ctrl+A cannot be the key of lock: it is needed while typing"),
        ({"lock": "ctrl+m"}, "Ctrl+M cannot be the key of lock"),
        ({"command_palette": "p"}, "there is no command command_palette"),
        ({"command-palette": "y"}, "y cannot be the key of command-palette, which must work while typing"),
        ({"send": "y"}, "y cannot be the key of send, which must work while typing"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(keys: dict[str, str], said: str):
    set_language("en")
    try:
        with pytest.raises(KeysUnusable) as caught:
            own_keys(
                Workstation.model_construct(
                    store=Path("store"), keys={n.replace("__", "."): k for n, k in keys.items()}, file=None
                )
            )
        assert said in sentence(caught.value)
    finally:
        set_language("nl")
    assert caught.value.exit_code == 3


@pytest.mark.parametrize(
    "keys",
    [{"assign": "t"}, {"go__board": "F11"}, {"lock": "Ctrl+B"}, {"assign": "s", "sort": "a"}, {"send": "f4"}],
)
def test_what_can_be_is_taken(keys: dict[str, str]):
    own = own_keys(_station(**keys))
    assert list(own.values()) == [k if len(k) == 1 else k.lower() for k in keys.values()]


def test_the_configuration_keeps_the_keys_when_the_program_writes_it(tmp_path: Path):
    file = tmp_path / "config.toml"
    file.write_text('store = "store"\n[keys]\nassign = "t"\ngo.board = "f11"\n', encoding="utf-8")
    station = load_workstation(file)
    assert station.keys == {"assign": "t", "go.board": "f11"}
    save_workstation(file, station.remember("0" * 40, "els"))
    assert load_workstation(file).keys == station.keys
    file.write_text('store = "store"\n[keys]\nassign = 5\n', encoding="utf-8")
    with pytest.raises(ConfigurationUnusable):
        load_workstation(file)


def test_the_program_does_not_start_with_keys_that_cannot_be(tmp_path: Path):
    file = tmp_path / "config.toml"
    file.write_text('store = "store"\nlanguage = "en"\n[keys]\nassign = "s"\n', encoding="utf-8")
    for done in (run("--config", file, "keys"), started("--config", file)):
        assert (done.returncode, done.stdout) == (3, "")
        assert done.stderr.count("\n") == 1
        assert "sort and assign would both have the key s (Worklist)." in done.stderr


def test_the_command_tells_each_command_once_with_the_key_in_force(tmp_path: Path):
    file = tmp_path / "config.toml"
    file.write_text('store = "store"\nlanguage = "nl"\n[keys]\nassign = "t"\n', encoding="utf-8")
    done = run("--config", file, "keys", "--json")
    assert done.returncode == 0, done.stderr
    rows = {row["id"]: row for row in json.loads(done.stdout)}
    assert rows["assign"]["key"] == "t"
    assert rows["assign"]["default"] == "a"
    assert set(rows["assign"]["screens"]) == {"Werklijst", "Toewijzen"}
    assert rows["go.board"]["key"] == "F3"
    assert not rows["leave"]["changeable"]
    shown = run("--config", file, "keys").stdout
    assert re.search(r"^assign +t +Toewijzen +ja +\S.*$", shown, re.MULTILINE)
    assert "Opdracht" not in shown.splitlines()[0]
    # Also before there is an office.
    assert run("--config", tmp_path / "none.toml", "keys").returncode == 0


def test_sentences_name_the_key_in_force():
    own = {"scope.unassigned": "y", "scope.open": "f11"}
    text = "Press n to see what is unassigned, or o for all open ones."
    assert in_force(text, ["scope.unassigned", "scope.open"], own) == (
        "Press y to see what is unassigned, or F11 for all open ones."
    )
    assert in_force(text, ["assign"], own) == text
    assert in_force(text, ["scope.unassigned"], {}) == text


async def test_own_keys_work_and_stand_wherever_a_key_is_told(office: TestOffice):
    office.receive(CLIENTS[:2])
    keys = {"assign": "t", "go.board": "f11", "poll": "y", "step.attempt": "y", "scope.mine": "e"}
    station = office.workstation(LEAD, "en").model_copy(update={"keys": keys})
    plain = office.workstation
    office.workstation = lambda *_a, **_k: station  # type: ignore[method-assign]
    try:
        async with screens(office, LEAD, size=(120, 36)) as driver:
            app = app_of(driver)
            await shows(driver, "y Poll")
            # A tab whose own key is no letter of its words has it behind them.
            await until(driver, lambda: app.screen.own_keys_in("Press i") == "Press e")  # type: ignore[attr-defined]
            await driver.press("f1")
            await until(driver, lambda: isinstance(app.screen, HelpDialog))
            await shows(driver, "Your own keys:", "Poll: y in place of p", "Assign: t in place of a")
            await driver.press("escape", "f2")
            await until(driver, lambda: isinstance(app.screen, MenuDialog))
            assert any("F11" in str(o.prompt) for o in app.screen._list.options)  # type: ignore[attr-defined]
            await driver.press("escape", "ctrl+p")
            await driver.press(*"poll")
            await shows(driver, "Poll (y)")
            await driver.press("escape")
            assert "Assigning  (F11)" in [label for label, _tip, _run in app.more_commands()]
            await driver.press("f3")
            await driver.pause()
            assert not isinstance(app.screen, BoardScreen)
            await driver.press("f11")
            await until(driver, lambda: isinstance(app.screen, BoardScreen))
            await driver.press("escape", "enter")
            await until(driver, lambda: isinstance(app.screen, ReferralScreen))
            await shows(driver, "y Contact attempt")
    finally:
        office.workstation = plain  # type: ignore[method-assign]


def test_a_wrong_key_map_never_reaches_the_screens(office: TestOffice):
    station = office.workstation(LEAD, "nl").model_copy(update={"keys": {"assign": "s"}})
    with pytest.raises(KeysUnusable) as caught:
        IntakeApp(station)
    assert "zouden allebei de toets s hebben (Werklijst)" in sentence(caught.value)
