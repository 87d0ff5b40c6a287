"""Leaving a dialog loses no text without a question, and a notice neither repeats itself nor lies over the buttons."""

from textual.widgets import Button, TextArea
from textual.widgets._toast import Toast

from tests.tui.driving import Driver, app_of, hears, notices, open_line, screens, shows, until
from tests.tui.office import CLIENTS, ELS, LEAD, TestOffice
from tui.dialogs.attempt import AttemptDialog
from tui.dialogs.confirm import ConfirmDialog
from tui.screens.referral import ReferralScreen


async def attempt(driver: Driver, reference: str) -> AttemptDialog:
    """The dialog for an attempt on this referral."""
    await open_line(driver, reference)
    await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
    await driver.press("c")
    await until(driver, lambda: isinstance(driver.app.screen, AttemptDialog))
    dialog = driver.app.screen
    assert isinstance(dialog, AttemptDialog)
    return dialog


def given_to_els(office: TestOffice) -> str:
    (reference,) = office.receive(CLIENTS[:1])
    with office.desk(LEAD) as desk:
        desk.work.assign([reference], ELS)
    return reference


async def test_escape_asks_before_a_text_is_lost(office: TestOffice) -> None:
    reference = given_to_els(office)
    async with screens(office, ELS) as driver:
        dialog = await attempt(driver, reference)
        dialog.query_one(TextArea).focus()
        await driver.press(*"belt terug", "escape")
        await until(driver, lambda: isinstance(driver.app.screen, ConfirmDialog))
        await shows(driver, "Close without saving?", "What you typed here has not been saved.")
        await driver.press("escape")
        await until(driver, lambda: driver.app.screen is dialog)
        assert dialog.text("note") == "belt terug"
        await driver.press("escape")
        await until(driver, lambda: isinstance(driver.app.screen, ConfirmDialog))
        await driver.press("tab", "enter")
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        assert not dialog.is_attached


async def test_what_was_only_chosen_is_left_without_a_question(office: TestOffice) -> None:
    reference = given_to_els(office)
    async with screens(office, ELS) as driver:
        dialog = await attempt(driver, reference)
        await driver.press("tab", "up")
        assert dialog.touched
        await driver.press("escape")
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))


async def test_a_notice_is_said_once_while_it_stands(office: TestOffice) -> None:
    async with screens(office, ELS) as driver:
        for _ in range(3):
            app_of(driver).say("Dat kan nu niet.", bad=True)
        app_of(driver).say("Iets anders.")
        await hears(driver, "Iets anders.")
        assert notices(driver).count("Dat kan nu niet.") == 1


async def test_a_notice_over_a_dialog_leaves_its_buttons_free(office: TestOffice) -> None:
    reference = given_to_els(office)
    async with screens(office, ELS) as driver:
        dialog = await attempt(driver, reference)
        app_of(driver).say("Dat kan nu niet, want er is iets waarvan hier wat meer te zeggen is.", bad=True)
        await until(driver, lambda: dialog.query(Toast))
        await until(driver, lambda: all(toast.region.height for toast in dialog.query(Toast)))
        for button in dialog.query(Button):
            assert not any(toast.region.overlaps(button.region) for toast in dialog.query(Toast))


async def test_signing_out_asks_first_where_something_typed_would_be_lost(office: TestOffice) -> None:
    reference = given_to_els(office)
    async with screens(office, ELS) as driver:
        dialog = await attempt(driver, reference)
        dialog.query_one(TextArea).focus()
        await driver.press(*"belt terug", "ctrl+o")
        await shows(driver, "Sign out without saving?")
        await driver.press("escape")
        await until(driver, lambda: driver.app.screen is dialog)
        await driver.press("ctrl+o")
        await until(driver, lambda: isinstance(driver.app.screen, ConfirmDialog))
        await driver.press("tab", "enter")
        await until(driver, lambda: not driver.app.is_running)
        assert app_of(driver).signed_out


async def test_nobody_signs_out_before_signing_in(office: TestOffice) -> None:
    async with screens(office) as driver:
        await driver.press("ctrl+o")
        await driver.pause()
        assert driver.app.is_running
        assert not app_of(driver).signed_out
