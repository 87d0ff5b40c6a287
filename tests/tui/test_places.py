"""Going from screen to screen: the menu, the keys, the palette, and what a role does not see."""

from textual.command import CommandPalette
from textual.widgets import OptionList

from intake.staff import Right
from tests.tui.driving import app_of, flat, hears, open_line, screens, shows, until
from tests.tui.office import CLIENTS, ELS, LEAD, TestOffice
from tui.dialogs.menu import MenuDialog
from tui.places import PLACES, places_for
from tui.screens.quarantine import QuarantineScreen
from tui.screens.referral import ReferralScreen
from tui.screens.worklist import WorklistScreen


async def test_the_menu_lists_what_the_role_has_and_leads_there(office: TestOffice) -> None:
    async with screens(office, LEAD) as driver:
        await until(driver, lambda: app_of(driver).rights)
        await driver.press("f2")
        await until(driver, lambda: isinstance(driver.app.screen, MenuDialog))
        offered = [option.id for option in driver.app.screen.query_one(OptionList).options]
        assert offered == [place.code for place in PLACES]
        for _step in range(offered.index("quarantine")):
            await driver.press("j")
        await driver.press("enter")
        await until(driver, lambda: isinstance(driver.app.screen, QuarantineScreen))


async def test_from_a_referral_a_key_leads_to_another_screen_and_esc_back_to_the_worklist(
    office: TestOffice,
) -> None:
    [reference] = office.receive(CLIENTS[:1])
    async with screens(office, LEAD) as driver:
        await open_line(driver, reference)
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        await driver.press("f6")
        await until(driver, lambda: isinstance(driver.app.screen, QuarantineScreen))
        await driver.press("escape")
        await until(driver, lambda: isinstance(driver.app.screen, WorklistScreen))


async def test_neither_a_lock_nor_a_dialog_is_left_by_such_a_key(office: TestOffice) -> None:
    [reference] = office.receive(CLIENTS[:1])
    async with screens(office, LEAD) as driver:
        await until(driver, lambda: app_of(driver).rights)
        await open_line(driver, reference)
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        await driver.press("c")
        await shows(driver, "Contact attempt")
        before = len(driver.app.screen_stack)
        await app_of(driver).action_go("quarantine")
        assert len(driver.app.screen_stack) == before
        await driver.press("escape", "ctrl+l")
        await until(driver, lambda: app_of(driver).locked)
        for key in ("f2", "f6"):
            await driver.press(key)
        await driver.pause()
        assert app_of(driver).locked and not isinstance(driver.app.screen, MenuDialog | QuarantineScreen)
        assert "Quarantine" not in flat(driver)


async def test_a_place_that_is_not_of_the_role_is_neither_offered_nor_opened(office: TestOffice) -> None:
    assert [place.code for place in places_for(frozenset())] == ["worklist", "tasks"]
    async with screens(office, ELS) as driver:
        app = app_of(driver)
        await until(driver, lambda: app.rights)
        app.rights -= {Right.QUARANTINE_LIST}
        await driver.press("f6")
        await hears(driver, "Your role has nothing on that screen; ask a team lead.")
        assert isinstance(driver.app.screen, WorklistScreen)
        await driver.press("ctrl+p")
        await until(driver, lambda: isinstance(driver.app.screen, CommandPalette))
        options = driver.app.screen.query_one(OptionList)
        await until(driver, lambda: options.option_count >= 10)
        assert "Quarantine" not in " ".join(str(option.prompt) for option in options.options)
