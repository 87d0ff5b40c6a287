"""Keys that arrive together, as from a password manager or over a slow line: each goes where it was meant to go."""

from collections.abc import Iterable

from textual import events
from textual.widgets import Input

from tests.tui.driving import Driver, app_of, references, screens, shows, until
from tests.tui.office import CLIENTS, ELS, LEAD, PASSPHRASES, TestOffice
from tui.screens.worklist import WorklistScreen
from tui.widgets.worktable import WorkTable


def at_once(driver: Driver, *typed: str) -> None:
    """Keys, named or a text, without a pause between them."""
    for one in typed:
        named = one in ("tab", "enter", "slash", "space", "escape", "home")
        for key in [one] if named else one:
            character = {"slash": "/", "space": " "}.get(key, None if named else key)
            app_of(driver).post_message(events.Key("space" if key == " " else key, character))


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
