"""Giving fields to a partner from the referral's screen, and the list of what was given (P4)."""

from intake.desk.work import AttemptRequest
from intake.referral import Channel, Result, Step
from tests.tui.driving import Driver, app_of, fill, flat, hears, open_line, screens, seen, shows, until
from tests.tui.office import CLIENTS, HOSTILE, LEAD, TestOffice
from tui.dialogs.disclose import DiscloseDialog
from tui.dialogs.shown import ShownDialog
from tui.screens.referral import ReferralScreen
from tui.widgets.field import fields_of
from tui.widgets.several import Several

HOME = "Huis van het Kind"


def contacted(office: TestOffice, *partners: str) -> str:
    [reference] = office.receive(CLIENTS[:1])
    with office.desk(LEAD) as desk:
        desk.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.REACHED))
        settings = desk.settings.show()
        agreement = settings.agreement.model_copy(update={"partners": partners})
        desk.settings.change(settings.model_copy(update={"agreement": agreement}))
    return reference


async def opened(driver: Driver, reference: str) -> None:
    await open_line(driver, reference)
    await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))


async def test_p4_only_with_the_clients_agreement_and_then_exactly_the_fields(office: TestOffice) -> None:
    reference = contacted(office, HOSTILE, HOME)
    async with screens(office, LEAD) as driver:
        await opened(driver, reference)
        await driver.press("x", "p")
        await hears(driver, "Names are hidden now")
        await driver.press("x", "p")
        await until(driver, lambda: isinstance(driver.app.screen, DiscloseDialog))
        await shows(driver, HOSTILE)
        fields = fields_of(driver.app.screen)
        driver.app.screen.query_one("#field-partner OptionList").focus()
        await driver.press("down", "f2")
        await shows(driver, "✖ Tick at least one field.")
        assert isinstance(driver.app.focused, Several)
        await driver.press("space", "down", "enter")
        assert fields["fields"].text == "first_name,last_name"
        fields["fields"].text = "first_name,phone"
        await fill(driver, "why", "samen opvolgen van Fatima")
        await driver.press("f2")
        await shows(driver, "✖ Data go to a partner only with the client's agreement.")
        assert "P4" in flat(driver)
        with office.desk(LEAD) as desk:
            assert desk.disclosures.items() == []
            assert "export" not in [entry.action for entry in desk.log.entries()]
        fields["agrees"].text = "yes"
        await driver.press("f2")
        await shows(driver, "✖ The log keeps no names of clients.")
        await fill(driver, "why", "samen opvolgen van huisvesting")
        await fill(driver, "date", "17/11/2026")
        await driver.press("f2")
        await shows(driver, "✖ The client cannot have agreed before the first contact.")
        assert fields["fields"].text == "first_name,phone"
        await fill(driver, "date", "vandaag")
        await driver.press("f2")
        await until(driver, lambda: isinstance(driver.app.screen, ShownDialog))
        await shows(driver, HOME, "Fatima", "+32 470 12 34 56")
        shown = seen(driver)
        assert "Koestraat" not in shown and "Idrissi" not in shown
        await driver.press("escape")
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        await until(driver, lambda: "changed by a colleague" not in flat(driver).casefold())
        await app_of(driver).action_go("disclosures")
        await shows(driver, reference, HOME, "First name, Telephone", "samen opvolgen van huisvesting")
        assert "Fatima" not in flat(driver)
        await driver.press("enter")
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
    with office.desk(LEAD) as desk:
        (export,) = [entry for entry in desk.log.entries() if entry.action == "export"]
        assert set(export.fields) == {"first_name", "phone"}
        assert Step.DISCLOSE.value in [h.step for h in desk.work.open(reference).referral.timeline]


async def test_without_partners_the_setting_is_named_and_before_contact_the_article(
    office: TestOffice,
) -> None:
    reference = contacted(office)
    [fresh] = office.receive(CLIENTS[1:2])
    async with screens(office, LEAD) as driver:
        await opened(driver, reference)
        await driver.press("p")
        await hears(driver, "agreement.partners")
        await driver.press("escape")
        await opened(driver, fresh)
        await driver.press("p")
        await hears(driver, "First record the contact.")
