"""What holds on every screen: hostile text, keys, palette, help, language, colours, and how the program ends."""

import importlib
import pkgutil
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console
from textual.app import App
from textual.binding import Binding
from textual.command import CommandPalette
from textual.widgets import OptionList
from textual.worker import WorkerFailed

import tui
from intake.causes import Cause
from intake.desk.staff import first_sign_in
from intake.desk.work import AttemptRequest
from intake.referral import Channel, Result
from intake.staff import Role
from storage.store import open_store
from tests.tui.driving import app_of, flat, hears, open_line, screens, seen, shows, until
from tests.tui.office import CLIENTS, COST, ELS, HOSTILE, HOSTILE_CLIENT, LEAD, PASSPHRASES, TestOffice
from tui.bridge import GOODBYE_SECONDS, Bridge
from tui.commands import MOST_IN_KEY_BAR, PREFIX, in_key_bar
from tui.places import PLACES
from tui.screens.referral import ReferralScreen
from tui.themes import DARK, LIGHT

HELP = Path(__file__).parent.parent.parent / "tui" / "help"


@pytest.mark.parametrize("language", ["en", "nl"])
async def test_text_from_outside_is_shown_as_it_is_and_never_taken_for_markup(
    office: TestOffice, language: str
) -> None:
    [reference] = office.receive([HOSTILE_CLIENT])
    with office.desk(LEAD) as desk:
        desk.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.REACHED, note=f"{HOSTILE}\n[/b]"))
    async with screens(office, LEAD, language=language, size=(160, 40)) as driver:
        await shows(driver, HOSTILE[:20])
        await open_line(driver, reference)
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        await shows(driver, f"{HOSTILE} {HOSTILE}", f"“{HOSTILE}", "[/b]”")
        await driver.press("escape", "slash", *"[/]")
        await shows(driver, HOSTILE[:20])


async def test_every_screen_has_at_most_seven_keys_in_its_bar_and_they_fit(office: TestOffice) -> None:
    [reference] = office.receive(CLIENTS[:1])
    office.quarantine(Cause.SCAN, "")
    for language in ("nl", "en"):
        async with screens(office, LEAD, language=language) as driver:
            await until(driver, lambda: app_of(driver).rights)
            for keys in ([], ["f6"], ["f3"], ["tab"], ["escape", "enter"]):
                await driver.press(*keys)
                await driver.pause()
                await until(driver, lambda: driver.app.focused is not None)
                bar = in_key_bar(driver.app.screen)
                assert 3 <= len(bar) <= MOST_IN_KEY_BAR
                last = seen(driver).split("\n")[-1]
                assert last.strip().endswith("Acties" if language == "nl" else "Actions"), last
            assert isinstance(driver.app.screen, ReferralScreen), reference


def bound() -> Iterator[type]:
    """Every class of the screens that has keys of its own."""
    for found in pkgutil.walk_packages(tui.__path__, "tui."):
        module = importlib.import_module(found.name)
        for kind in vars(module).values():
            if isinstance(kind, type) and kind.__module__ == found.name and vars(kind).get("BINDINGS"):
                yield kind


def test_no_key_is_a_digit_or_needs_altgr() -> None:
    named = r"escape|enter|space|slash|question_mark|f[0-9]{1,2}|ctrl\+[a-z]|left|right|up|down|home|end|page(?:up|down)"
    places = list(bound())
    assert len(places) >= 10
    for place in places:
        for binding in place.BINDINGS:  # type: ignore[attr-defined]
            assert isinstance(binding, Binding)
            # What only moves within a widget is no command and stands nowhere.
            assert (binding.id or "").startswith(PREFIX) or not binding.show
            for key in binding.key.split(","):
                assert re.fullmatch(rf"[A-Za-z]|{named}", key), (place.__name__, key)


async def test_the_palette_holds_every_action_of_the_screen_and_no_screenshot(
    office: TestOffice,
) -> None:
    office.receive(CLIENTS[:1])
    async with screens(office, LEAD, language="en") as driver:
        await driver.press("ctrl+p")
        await until(driver, lambda: isinstance(driver.app.screen, CommandPalette))
        options = driver.app.screen.query_one(OptionList)
        await until(driver, lambda: options.option_count >= 15)
        entries = " ".join(str(option.prompt) for option in options.options)
        for wanted in (
            "Poll",
            "Quarantine",
            "Sort",
            "My referrals",
            "Names",
            "Quit",
            "Assign",
            "Colours",
        ):
            assert wanted in entries
        for unwanted in ("Screenshot", "Maximize", "Keys", "Change theme"):
            assert unwanted not in entries
        await driver.press(*"quarant", "enter")
        await shows(driver, "The quarantine is empty")


async def test_a_search_without_result_says_so(office: TestOffice) -> None:
    async with screens(office, LEAD) as driver:
        await driver.press("ctrl+p")
        await until(driver, lambda: isinstance(driver.app.screen, CommandPalette))
        await driver.press(*"zzzz")
        await until(
            driver,
            lambda: any(
                "There is no such action here." in str(option.prompt)
                for option in driver.app.screen.query_one(OptionList).options
            ),
        )


def _help_names() -> set[str]:
    names: set[str] = set()
    for found in pkgutil.walk_packages(tui.__path__, "tui."):
        for kind in vars(importlib.import_module(found.name)).values():
            if isinstance(kind, type) and kind.__module__ == found.name and "HELP" in vars(kind):
                names.add(kind.HELP)
    return names


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_screen_and_dialog_has_a_page_of_help(language: str) -> None:
    pages = {path.stem for path in (HELP / language).glob("*.md")}
    assert pages == _help_names()
    for path in (HELP / language).glob("*.md"):
        assert len(path.read_text(encoding="utf-8").splitlines()) >= 4, path


async def test_f1_shows_the_help_of_what_is_in_front_and_escape_goes_back(office: TestOffice) -> None:
    [reference] = office.receive(CLIENTS[:1])
    async with screens(office, LEAD) as driver:
        await driver.press("question_mark")
        await shows(driver, "All referrals you may see")
        await driver.press("escape")
        await open_line(driver, reference)
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        await driver.press("c", "f1")
        await shows(driver, "only the results that go with the channel")
        await driver.press("escape")
        await shows(driver, f"Contact attempt for {reference}")


async def test_colours_change_with_one_key_and_state_is_told_without_them(
    office: TestOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    office.receive(CLIENTS[:1])
    office.clock.forward(days=9)
    async with screens(office, LEAD) as driver:
        assert app_of(driver).no_color
        await shows(driver, "○ received", "‼ overdue")
        assert driver.app.theme == DARK
        await driver.press("f9")
        assert driver.app.theme == LIGHT


async def test_a_fault_leaves_one_sentence_its_class_and_its_place_and_no_value(office: TestOffice) -> None:
    printed: list[str] = []
    with pytest.raises(WorkerFailed):
        async with screens(office, LEAD) as driver:
            app = app_of(driver)

            def fault(_desk: object) -> None:
                private = "Fatima El Idrissi"
                raise ValueError(f"cannot parse {private}")

            async def ask() -> None:
                await app.bridge.ask(fault)

            app.run_worker(ask())
            await until(driver, lambda: app._exit_renderables)
            console = Console(width=200)
            for renderable in app._exit_renderables:
                with console.capture() as capture:
                    console.print(renderable)
                printed.append(capture.get())
    [line] = printed
    assert "The program met a fault and stopped." in line
    assert re.search(r"ValueError, \S+\.py:\d+", line)
    assert "Fatima" not in line
    sentence, file = line.split("Give this file to your administrator")
    assert len(sentence.strip().split("\n")) <= 2
    assert "fault-" in file.replace("\n", "")


def test_leaving_does_not_wait_for_what_stands_still() -> None:
    stuck = threading.Event()
    bridge = Bridge(lambda _message: None)

    def stand_still() -> None:
        stuck.wait(30)

    bridge._lane.do(stand_still)
    started = time.monotonic()
    bridge.close()
    assert time.monotonic() - started < GOODBYE_SECONDS + 1
    assert bridge._lane._thread.daemon
    stuck.set()


async def test_no_notice_and_no_title_names_a_client(office: TestOffice) -> None:
    [reference] = office.receive(CLIENTS[:1])
    async with screens(office, LEAD) as driver:
        await open_line(driver, reference)
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        app: App[int] = driver.app
        assert "Fatima" in flat(driver)
        told = " ".join([app.title, app.sub_title, *(n.message + n.title for n in app._notifications)])
        assert not re.search("Fatima|Idrissi|Koestraat|470", told)


async def test_dutch_is_spoken_when_the_workstation_says_so(office: TestOffice) -> None:
    office.receive(CLIENTS[:1])
    async with screens(office, ELS, language="nl") as driver:
        from intake.texts import language

        assert language() == "nl"
        assert "Worklist" not in flat(driver)
        await shows(driver, "Werklijst", "binnengekomen", "Openen")


def test_no_handler_calls_that_of_its_base_which_textual_calls_as_well() -> None:
    """A list was asked for twice at each start, and a draft put back in a dialog passed for untouched."""
    for path in (HELP.parent).rglob("*.py"):
        found = re.findall(r"super\(\)\.(on_\w+)\(", path.read_text(encoding="utf-8"))
        assert set(found) <= {"on_event"}, path  # a method of `App` of its own, and no handler


async def test_help_is_in_every_bar_of_eighty_columns_and_what_a_role_cannot_do_is_not(
    office: TestOffice,
) -> None:
    office.receive(CLIENTS[:1])
    for language in ("nl", "en"):
        async with screens(office, LEAD, language=language) as driver:
            await until(driver, lambda: app_of(driver).rights)
            for place in PLACES:
                await app_of(driver).action_go(place.code)
                await driver.pause()
                last = seen(driver).split("\n")[-1]
                assert " F1 " in last, (place.code, last)
                assert "…" not in last, (place.code, last)
    with office.desk(LEAD) as desk:
        code = desk.staff.add("dirk", [Role.DPO], cost=COST)
    store = open_store(office.location, clock=office.clock)
    first_sign_in(store, "dirk", code, "een lange zin voor dirk", office.clock().date(), cost=COST)
    store.close()
    PASSPHRASES["dirk"] = "een lange zin voor dirk"
    async with screens(office, "dirk") as driver:
        await until(driver, lambda: "Enter" not in seen(driver).split("\n")[-1])
        await driver.press("enter")
        await hears(driver, "may not")
