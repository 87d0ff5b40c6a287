"""Informing, notices, questions to the sender, confirming a hand-over and holds, on the referral's screen."""

from pathlib import Path

import pytest

from intake.client import Consent
from intake.desk.work import AttemptRequest
from intake.referral import Channel, Result, State, Step, Wish
from tests.tui.driving import Driver, fill, open_line, screens, seen, shows, until
from tests.tui.office import CLIENTS, ELS, LEAD, TestOffice
from tui.dialogs.base import Dialog
from tui.dialogs.confirm import ConfirmDialog
from tui.dialogs.day import DayDialog
from tui.dialogs.hold import HoldDialog
from tui.dialogs.quality import QualityDialog
from tui.screens.referral import ReferralScreen
from tui.widgets.field import fields_of
from tui.widgets.steps import STEP_KEYS


async def opened(driver: Driver, reference: str) -> None:
    await open_line(driver, reference)
    await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))


def contacted(office: TestOffice, wish: Wish | None = None) -> str:
    [reference] = office.receive(CLIENTS[:1])
    with office.desk(LEAD) as desk:
        desk.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.REACHED))
        if wish is not None:
            desk.work.wish(reference, wish)
    return reference


def test_every_step_has_a_key_of_its_own() -> None:
    assert len(set(STEP_KEYS.values())) == len(STEP_KEYS)
    assert set(Step) == set(STEP_KEYS)


async def test_informing_the_client_asks_a_day_that_can_be(office: TestOffice) -> None:
    """GDPR 14: not in the future, and once."""
    reference = contacted(office)
    async with screens(office, LEAD) as driver:
        await opened(driver, reference)
        await driver.press("i")
        await until(driver, lambda: isinstance(driver.app.screen, DayDialog))
        await fill(driver, "date", "25/12/2026")
        await driver.press("f2")
        await shows(driver, "✖ The day lies in the future.")
        await fill(driver, "date", "vandaag")
        await driver.press("f2")
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        await shows(driver, "on 18/11/2026")
    with office.desk(LEAD) as desk:
        assert desk.work.open(reference, "nazicht").referral.informed_on is not None


async def test_a_hand_over_is_confirmed_with_the_safe_answer_first(
    office: TestOffice, tmp_path: Path
) -> None:
    """P3: only a confirmed hand-over lets the copy go."""
    reference = contacted(office, Wish.YES)
    with office.desk(LEAD) as desk:
        desk.cases.open(reference, "2026/17")
        desk.cases.hand_over(reference, tmp_path / "uit")
    async with screens(office, LEAD) as driver:
        await driver.press("l")
        await opened(driver, reference)
        await driver.press("b")
        await until(driver, lambda: isinstance(driver.app.screen, ConfirmDialog))
        await driver.press("enter")
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        with office.desk(LEAD) as desk:
            assert desk.work.open(reference, "nazicht").referral.hand_over_confirmed_on is None
        await driver.press("b")
        await until(driver, lambda: isinstance(driver.app.screen, ConfirmDialog))
        await shows(driver, "It holds it (F2)")
        await driver.press("f2")
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        await shows(driver, "Confirm hand-over")
    with office.desk(LEAD) as desk:
        assert desk.work.open(reference, "nazicht").referral.hand_over_confirmed_on is not None


async def test_a_team_lead_keeps_one_longer_and_ends_it(office: TestOffice) -> None:
    """P3: a hold has a reason and an end; what is typed stays when the day cannot be."""
    reference = contacted(office, Wish.NO)
    async with screens(office, LEAD) as driver:
        await driver.press("l")
        await opened(driver, reference)
        await driver.press("l")
        await until(driver, lambda: isinstance(driver.app.screen, HoldDialog))
        dialog = driver.app.screen
        fields_of(dialog)["why"].text = "klacht loopt"
        await fill(driver, "until", "01/01/2029")
        await driver.press("f2")
        await shows(driver, "✖ A hold ends on a day from today on")
        assert fields_of(dialog)["why"].text == "klacht loopt"
        await fill(driver, "until", "01/12/2026")
        await driver.press("f2")
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        await shows(driver, "End the hold")
        with office.desk(LEAD) as desk:
            assert [due.reference for due in desk.retention.plan().held] == [reference]
        await driver.press("u")
        await until(driver, lambda: isinstance(driver.app.screen, Dialog))
        fields_of(driver.app.screen)["why"].text = "afgehandeld"
        await driver.press("f2")
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
    with office.desk(LEAD) as desk:
        assert [due.reference for due in desk.retention.plan().due] == [reference]


async def test_a_worker_cannot_hold_and_is_told_so(office: TestOffice) -> None:
    [reference] = office.receive(CLIENTS[:1])
    with office.desk(LEAD) as desk:
        desk.work.assign([reference], ELS)
    async with screens(office, ELS) as driver:
        await opened(driver, reference)
        await driver.press("l")
        await until(driver, lambda: any("team lead" in n.message for n in driver.app._notifications))
        assert isinstance(driver.app.screen, ReferralScreen)


@pytest.mark.parametrize("key", ["m", "z"])
async def test_without_an_address_of_the_local_team_no_draft_is_made_and_nothing_changed(
    office: TestOffice, key: str
) -> None:
    """P7, recital C: the setting is named, and what was typed stays."""
    [reference] = office.receive(CLIENTS[:1], consent=Consent.NOT_STATED)
    async with screens(office, LEAD) as driver:
        await opened(driver, reference)
        await driver.press(key)
        if key == "m":
            await until(driver, lambda: isinstance(driver.app.screen, QualityDialog))
            fields_of(driver.app.screen)["value"].text = "Zoë"
            await driver.press("f2")
            await shows(driver, "✖", "agreement.team.email")
            assert fields_of(driver.app.screen)["value"].text == "Zoë"
        else:
            await until(driver, lambda: isinstance(driver.app.screen, ConfirmDialog))
            await driver.press("right", "enter")
            await shows(driver, "✖", "agreement.team.email")
        assert "Traceback" not in seen(driver)
    with office.desk(LEAD) as desk:
        assert desk.work.open(reference, "nazicht").referral.state is State.RECEIVED
        assert desk.quality.items() == []
