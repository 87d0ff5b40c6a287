"""The lock hides everything and loses nothing; and once a year professional secrecy comes before the worklist."""

import pytest
from textual.widgets import Input, TextArea

from intake.staff import Role
from tests.tui.driving import Driver, app_of, fill, flat, open_line, screens, shows, until
from tests.tui.office import CLIENTS, ELS, LEAD, PASSPHRASES, TestOffice
from tui.dialogs.base import Dialog
from tui.screens.lock import LockScreen
from tui.screens.referral import ReferralScreen
from tui.screens.signin import SignInScreen
from tui.screens.worklist import WorklistScreen


async def lock(driver: Driver) -> None:
    app_of(driver).lock_when_idle()
    await until(driver, lambda: isinstance(driver.app.screen, LockScreen))
    await shows(driver, "Locked")


async def idle(driver: Driver, office: TestOffice, minutes: int = 10) -> None:
    """Nobody touches the keyboard for so long, by the office's clock."""
    await until(driver, lambda: app_of(driver).idleness.limit is not None)
    office.clock.forward(minutes=minutes)
    await lock(driver)


async def unlock(driver: Driver, passphrase: str) -> None:
    await fill(driver, "passphrase", passphrase)
    await driver.press("enter")


def assigned(office: TestOffice) -> str:
    (reference,) = office.receive(CLIENTS[:1])
    with office.desk(LEAD) as desk:
        desk.work.assign([reference], ELS)
    return reference


async def test_after_ten_idle_minutes_nothing_of_a_client_is_to_be_seen(office: TestOffice) -> None:
    assigned(office)
    async with screens(office, ELS) as driver:
        await shows(driver, "El Id")
        office.clock.forward(minutes=9)
        app_of(driver).lock_when_idle()
        assert not app_of(driver).locked
        await driver.press("j")
        office.clock.forward(minutes=9)
        app_of(driver).lock_when_idle()
        assert not app_of(driver).locked, "a key was pressed"
        await idle(driver, office, 1)
        await shows(driver, "els is signed in.")
        assert "Idr" not in flat(driver)
        assert "D2026" not in flat(driver)
        await unlock(driver, PASSPHRASES[ELS])
        await shows(driver, "El Id")
        assert not app_of(driver).locked


async def test_a_wrong_passphrase_opens_nothing_and_the_third_makes_the_next_wait(office: TestOffice) -> None:
    assigned(office)
    async with screens(office, ELS) as driver:
        await shows(driver, "El Id")
        await idle(driver, office)
        for _ in range(3):
            await unlock(driver, "een heel andere zin")
            await shows(driver, "✖ That passphrase is not right.")
            assert driver.app.screen.query_one("#field-passphrase Input", Input).value == ""
        await unlock(driver, PASSPHRASES[ELS])
        await shows(driver, "✖ Too many wrong passphrases in a row. Wait 5 seconds")
        assert "Idr" not in flat(driver)
        office.clock.forward(seconds=5)
        await unlock(driver, PASSPHRASES[ELS])
        await shows(driver, "El Id")
    with office.desk(LEAD) as desk:
        (entry,) = [e for e in desk.log.entries(user=ELS) if e.action == "unlock"]
        assert entry.detail == {"failed-before": 3}


async def test_what_was_typed_in_a_dialog_is_still_there_after_the_lock(office: TestOffice) -> None:
    reference = assigned(office)
    async with screens(office, ELS) as driver:
        await open_line(driver, reference)
        await shows(driver, "El Id")
        await driver.press("c")
        await until(driver, lambda: isinstance(driver.app.screen, Dialog))
        driver.app.screen.query_one(TextArea).load_text("belt morgen terug")
        await driver.pause()
        await idle(driver, office)
        assert "belt morgen terug" not in flat(driver)
        await unlock(driver, PASSPHRASES[ELS])
        await until(driver, lambda: isinstance(driver.app.screen, Dialog))
        assert driver.app.screen.query_one(TextArea).text == "belt morgen terug"


async def test_what_was_asked_before_the_lock_is_answered_after_it(office: TestOffice) -> None:
    reference = assigned(office)
    async with screens(office, ELS) as driver:
        await shows(driver, "El Id")
        await until(driver, lambda: app_of(driver).idleness.limit is not None)
        app_of(driver).bridge.lock()
        await open_line(driver, reference)
        app_of(driver).action_lock()
        await until(driver, lambda: isinstance(driver.app.screen, LockScreen))
        await shows(driver, "Locked")
        with office.desk(LEAD) as desk:
            await until(
                driver, lambda: any(e.action == "read" for e in desk.log.entries(reference=reference))
            )
        assert isinstance(driver.app.screen, LockScreen), "the answer waits"
        assert "Idr" not in flat(driver)
        await unlock(driver, PASSPHRASES[ELS])
        await shows(driver, "Koestraat")


async def test_the_lock_can_be_called_and_the_palette_gives_no_way_round(office: TestOffice) -> None:
    assigned(office)
    async with screens(office, ELS) as driver:
        await shows(driver, "El Id")
        await until(driver, lambda: app_of(driver).idleness.limit is not None)
        await driver.press("ctrl+l")
        await shows(driver, "Locked")
        await driver.press("ctrl+p")
        await shows(driver, "Unlock")
        assert "Assign" not in flat(driver)
        await driver.press("escape", "escape")
        await until(driver, lambda: isinstance(driver.app.screen, LockScreen))
        await driver.press("escape", "x", "ctrl+l")
        assert isinstance(driver.app.screen, LockScreen)


async def test_the_office_sets_the_time_until_the_lock(office: TestOffice) -> None:
    with office.desk(LEAD) as desk:
        settings = desk.settings.show()
        desk.settings.change(settings.model_copy(update={"lock_minutes": 2}))
    async with screens(office, ELS) as driver:
        await idle(driver, office, 2)


async def test_nothing_locks_before_anyone_signed_in(office: TestOffice) -> None:
    async with screens(office) as driver:
        office.clock.forward(days=1)
        app_of(driver).lock_when_idle()
        await driver.press("ctrl+l")
        assert isinstance(driver.app.screen, SignInScreen)


async def test_who_was_reset_meanwhile_does_not_get_past_the_lock(office: TestOffice) -> None:
    assigned(office)
    async with screens(office, ELS) as driver:
        await shows(driver, "El Id")
        await idle(driver, office)
        with office.desk(LEAD) as desk:
            desk.staff.disable(ELS)
        await unlock(driver, PASSPHRASES[ELS])
        await shows(driver, "✖ The account els is not active.")
        assert isinstance(driver.app.screen, LockScreen)


async def test_after_a_year_secrecy_is_confirmed_before_anything_is_shown(office: TestOffice) -> None:
    assigned(office)
    office.clock.forward(days=366)
    async with screens(office) as driver:
        for answer in ("escape", "f2"):
            await fill(driver, "user", ELS)
            await fill(driver, "passphrase", PASSPHRASES[ELS])
            await driver.press("enter")
            await shows(driver, "Once a year you confirm")
            await driver.press("f2")
            await shows(driver, "✖ Without this confirmation you cannot sign in.")
            if answer == "escape":
                await driver.press("escape")
                await until(driver, lambda: isinstance(driver.app.screen, SignInScreen))
                assert not app_of(driver).bridge.signed_in
        driver.app.screen.query_one("#field-secrecy Choice").focus()
        await driver.press("down", "f2")
        await until(driver, lambda: isinstance(driver.app.screen, WorklistScreen))
        await shows(driver, "El Id")
    with office.desk(ELS) as desk:
        assert desk.user.secrecy_confirmed_on == "2027-11-19"
        assert not desk.staff.secrecy_due()
        assert Role.SOCIAL_WORKER in desk.user.roles


@pytest.mark.parametrize("key", ["c", "f1", "f2", "ctrl+p"])
async def test_ctrl_l_locks_over_whatever_is_in_front_and_what_was_typed_is_still_there(
    office: TestOffice, key: str
) -> None:
    reference = assigned(office)
    async with screens(office, ELS) as driver:
        await until(driver, lambda: app_of(driver).idleness.limit is not None)
        await open_line(driver, reference)
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        await driver.press(key)
        await until(driver, lambda: not isinstance(driver.app.screen, ReferralScreen))
        front = driver.app.screen
        if isinstance(front, Dialog):
            front.query_one(TextArea).focus()
            await driver.press(*"belt terug")
        await driver.press("ctrl+l")
        await until(driver, lambda: isinstance(driver.app.screen, LockScreen))
        await shows(driver, "els is signed in.")
        assert reference not in flat(driver)
        await unlock(driver, PASSPHRASES[ELS])
        await until(driver, lambda: not app_of(driver).locked)
        if isinstance(front, Dialog):
            assert driver.app.screen is front
            assert front.text("note") == "belt terug"
