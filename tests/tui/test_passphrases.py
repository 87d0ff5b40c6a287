"""Archive passphrases in the administration: a list of labels, adding one, giving one its last day."""

from datetime import timedelta

from intake.desk.office import PASSPHRASES_SECRET
from tests.tui.driving import Driver, fill, flat, hears, notices, screens, seen, shows
from tests.tui.office import LEAD, TestOffice
from tests.tui.test_office import administration, bar, front, logged, on_row
from tui.dialogs.passphrase_add import PassphraseAddDialog
from tui.dialogs.passphrase_end import PassphraseEndDialog
from tui.screens.office import OfficeScreen

SECRET = "sneeuwvlok-8940-boom"


async def test_one_is_added_for_a_team_and_never_shown(office: TestOffice) -> None:
    async with screens(office, LEAD) as driver:
        await administration(driver, "c")
        await shows(driver, "● test", "all teams", "State: ● in force")
        assert bar(driver)[2:4] == ["a", "l"]
        await driver.press("a", "f2")
        await front(driver, PassphraseAddDialog)
        await shows(driver, "✖ Give the passphrase.")
        await fill(driver, "secret", SECRET)
        await driver.press("f2")
        await shows(driver, "✖ Give it a label.")
        await fill(driver, "label", "winter [/] 2026")
        await fill(driver, "team", "elders.example")
        await driver.press("f2")
        await shows(driver, "✖ No mail is taken from elders.example")
        await fill(driver, "team", "kindengezin.example")
        await fill(driver, "valid_until", "1/2/2020")
        await driver.press("f2")
        await shows(driver, "✖ The last day lies before the first")
        await fill(driver, "valid_until", "1/2/2027")
        assert SECRET not in flat(driver)
        _fits(driver)
        await driver.press("f2")
        await front(driver, OfficeScreen)
        await hears(driver, "The archive passphrase 'winter [/] 2026' is kept.")
        await on_row(driver, "winter [/] 2026")
        await shows(driver, "● winter [/] 2026", "Team: kindengezin.example", "01/02/2027")
        assert SECRET not in flat(driver) + "".join(notices(driver))
    assert SECRET not in str(logged(office))
    with office.desk(LEAD) as desk:
        assert SECRET in str(desk.office.secret(PASSPHRASES_SECRET))


async def test_one_is_given_its_last_day_and_that_none_follows_is_seen(office: TestOffice) -> None:
    async with screens(office, LEAD) as driver:
        await administration(driver, "c")
        await on_row(driver, "test")
        await driver.press("l")
        await front(driver, PassphraseEndDialog)
        await shows(driver, "Last day of 'test'")
        await fill(driver, "until", "31/31/2026")
        await driver.press("f2")
        await shows(driver, "✖")
        day = office.clock().date() + timedelta(days=10)
        await fill(driver, "until", day.strftime("%d/%m/%Y"))
        _fits(driver)
        await driver.press("f2")
        await front(driver, OfficeScreen)
        await shows(driver, f"‼ {day:%d/%m/%Y}", "It ends soon and none follows it")
    with office.desk(LEAD) as desk:
        (kept,) = desk.passphrases.items()
        assert kept.valid_until == day


def _fits(driver: Driver) -> None:
    lines = seen(driver).splitlines()
    assert len(lines) <= 24
    assert "F2" in lines[-1] or any("F2" in line for line in lines)
