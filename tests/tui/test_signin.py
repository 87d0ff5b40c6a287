"""Signing in: the right passphrase, a wrong one, and the first time."""

from textual.widgets import Input

from intake.staff import Role
from tests.tui.driving import app_of, fill, flat, screens, shows, until
from tests.tui.office import COST, ELS, LEAD, PASSPHRASES, TestOffice
from tui.app import IntakeApp
from tui.screens.signin import SignInScreen
from tui.screens.worklist import WorklistScreen


async def test_the_right_passphrase_leads_to_the_worklist(office: TestOffice) -> None:
    async with screens(office) as driver:
        await fill(driver, "user", "Els")
        await fill(driver, "passphrase", PASSPHRASES[ELS])
        await driver.press("enter")
        await until(driver, lambda: isinstance(driver.app.screen, WorklistScreen))
        await shows(driver, "Worklist · OCMW Wervik", "els (social worker)")


async def test_a_wrong_passphrase_is_said_beside_its_field_and_what_was_typed_stays(
    office: TestOffice,
) -> None:
    async with screens(office) as driver:
        await fill(driver, "user", "els")
        await fill(driver, "passphrase", "een andere lange zin")
        await driver.press("f2")
        await shows(driver, "✖ That passphrase is not right.")
        assert isinstance(driver.app.screen, SignInScreen)
        assert driver.app.screen.query_one("#field-passphrase").has_class("-wrong")
        assert driver.app.screen.query_one("#field-user Input", Input).value == "els"
        assert driver.app.screen.query_one("#field-passphrase Input", Input).value == "een andere lange zin"
        assert "een andere" not in flat(driver)


async def test_an_unknown_user_is_said_beside_the_user_name(office: TestOffice) -> None:
    async with screens(office) as driver:
        await fill(driver, "user", "nobody")
        await fill(driver, "passphrase", "een andere lange zin")
        await driver.press("enter")
        await shows(driver, "✖ There is no user nobody.")
        assert driver.app.screen.query_one("#field-user").has_class("-wrong")


async def test_the_workstations_user_is_filled_in_and_the_banner_is_shown(office: TestOffice) -> None:
    app = IntakeApp(office.workstation(ELS), banner="els: [b]vier woorden[/]", clock=office.clock)
    async with app.run_test(size=(80, 24)) as driver:
        await shows(driver, "els: [b]vier woorden[/]")
        assert driver.app.screen.query_one("#field-user Input", Input).value == ELS
        assert driver.app.screen.focused is driver.app.screen.query_one("#field-passphrase Input")


async def test_a_new_colleague_signs_in_with_the_code_a_passphrase_and_professional_secrecy(
    office: TestOffice,
) -> None:
    with office.desk(LEAD) as desk:
        code = desk.staff.add("nieuw", [Role.SOCIAL_WORKER], cost=COST)
    async with screens(office) as driver:
        await driver.press("f3")
        await shows(driver, "First sign-in")
        await fill(driver, "user", "nieuw")
        await fill(driver, "code", code)
        await fill(driver, "new", "kort")
        await fill(driver, "again", "anders")
        await driver.press("f2")
        await shows(driver, "✖ This is not the same passphrase.")
        await fill(driver, "again", "kort")
        await driver.press("f2")
        await shows(driver, "✖ Without this confirmation you cannot sign in.")
        driver.app.screen.query_one("#field-secrecy Choice").focus()
        await driver.press("down", "f2")
        await shows(driver, "✖ Choose a passphrase of 12 to 1024 characters")
        await fill(driver, "new", "vier woorden met zin")
        await fill(driver, "again", "vier woorden met zin")
        await driver.press("f2")
        await until(driver, lambda: isinstance(driver.app.screen, WorklistScreen))
        assert len(app_of(driver).screen_stack) == 2
    with office.desk(LEAD) as desk:
        user = desk.office.directory.user("nieuw")
        assert (user.status, user.secrecy_confirmed_on) == ("active", "2026-11-18")
