"""Keys that arrive together, as from a password manager or over a slow line: each goes where it was meant to go."""

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest
from textual import events
from textual.widgets import Input

from intake.referral import Channel, Result
from tests.tui.driving import Driver, app_of, open_line, references, screens, shows, until
from tests.tui.office import CLIENTS, ELS, LEAD, PASSPHRASES, TestOffice
from tui import typeahead
from tui.bridge import Bridge
from tui.dialogs.attempt import AttemptDialog
from tui.screens.referral import ReferralScreen
from tui.screens.worklist import WorklistScreen
from tui.widgets.worktable import WorkTable


def at_once(driver: Driver, *typed: str) -> None:
    """Keys, named or a text, without a pause between them."""
    for one in typed:
        named = one in ("tab", "enter", "slash", "space", "escape", "home", "up")
        for key in [one] if named else one:
            character = {"slash": "/", "space": " "}.get(key, None if named else key)
            app_of(driver).post_message(events.Key("space" if key == " " else key, character))


def assigned(office: TestOffice) -> str:
    """A referral that is els's."""
    (reference,) = office.receive(CLIENTS[:1])
    with office.desk(LEAD) as desk:
        desk.work.assign([reference], ELS)
    return reference


def boxes(driver: Driver, names: Iterable[str]) -> list[str]:
    return [driver.app.screen.query_one(f"#field-{name} Input", Input).value for name in names]


async def test_a_passphrase_typed_at_once_after_the_name_never_stands_in_the_field_of_the_name(
    office: TestOffice,
) -> None:
    async with screens(office) as driver:
        await until(driver, lambda: isinstance(driver.app.focused, Input))
        at_once(driver, ELS, "tab", PASSPHRASES[ELS])
        await until(driver, lambda: boxes(driver, ["passphrase"]) == [PASSPHRASES[ELS]])
        assert boxes(driver, ["user"]) == [ELS]
        at_once(driver, "enter")
        await until(driver, lambda: isinstance(driver.app.screen, WorklistScreen))


async def test_enter_goes_on_to_the_next_field_before_what_follows_is_typed(office: TestOffice) -> None:
    async with screens(office) as driver:
        await until(driver, lambda: isinstance(driver.app.focused, Input))
        at_once(driver, ELS, "enter", PASSPHRASES[ELS])
        await until(driver, lambda: boxes(driver, ["user", "passphrase"]) == [ELS, PASSPHRASES[ELS]])


async def test_a_filter_typed_at_once_is_a_filter_whole(office: TestOffice) -> None:
    office.receive(CLIENTS[:3])
    async with screens(office, LEAD) as driver:
        at_once(driver, "slash", "peeters", "enter", "space")
        await until(driver, lambda: len(references(driver)) == 1)
        await until(driver, lambda: driver.app.screen.query_one(WorkTable).chosen)
        assert driver.app.screen.query_one("#filter", Input).value == "peeters"
        await shows(driver, "Jan Peeters", "☑ 1 chosen")


async def test_a_key_whose_widget_is_gone_holds_up_no_other(office: TestOffice) -> None:
    office.receive(CLIENTS[:3])
    async with screens(office, LEAD) as driver:
        at_once(driver, "a")
        await shows(driver, "Assign D")
        at_once(driver, "escape", "slash", "peeters")
        await until(driver, lambda: isinstance(driver.app.screen, WorklistScreen))
        await until(driver, lambda: len(references(driver)) == 1)


async def test_what_is_typed_while_a_dialog_is_on_its_way_goes_into_the_dialog(
    office: TestOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = assigned(office)
    ask = Bridge.ask

    async def slow(self: Bridge, *question: Any, **more: Any) -> Any:
        await asyncio.sleep(0.3)
        return await ask(self, *question, **more)

    async with screens(office, ELS) as driver:
        await open_line(driver, reference)
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        monkeypatch.setattr(Bridge, "ask", slow)
        at_once(driver, "c", "tab", "up")
        await until(driver, lambda: isinstance(driver.app.screen, AttemptDialog))
        dialog = driver.app.screen
        assert isinstance(dialog, AttemptDialog)
        await until(driver, lambda: dialog.text("result") != Result.NO_ANSWER)
        assert dialog.text("channel") == Channel.PHONE
        at_once(driver, "tab", "tab", "tab", "tab", "belt terug")
        await until(driver, lambda: dialog.text("note") == "belt terug")


async def test_a_key_does_not_wait_for_ever_for_a_dialog_that_does_not_come(
    office: TestOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = assigned(office)
    go_on = asyncio.Event()
    ask = Bridge.ask

    async def hangs(self: Bridge, *question: Any, **more: Any) -> Any:
        await go_on.wait()
        return await ask(self, *question, **more)

    monkeypatch.setattr(typeahead, "OPENING_SECONDS", 0.2)
    async with screens(office, ELS) as driver:
        await open_line(driver, reference)
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        monkeypatch.setattr(Bridge, "ask", hangs)
        at_once(driver, "c", "escape")
        await until(driver, lambda: isinstance(driver.app.screen, WorklistScreen))
        monkeypatch.setattr(Bridge, "ask", ask)
        go_on.set()
