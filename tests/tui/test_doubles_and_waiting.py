"""The same client twice, a client who is known already, and referrals that have had no worker too long."""

from textual.widgets import Input

from intake.client import Client
from intake.desk.work import AttemptRequest
from intake.referral import Channel, Closure, Result, State, Wish
from tests.tui.driving import open_line, references, screens, shows, until
from tests.tui.office import CLIENTS, LEAD, TestOffice
from tui.dialogs.close import CloseDialog
from tui.screens.referral import ReferralScreen
from tui.widgets.choice import Choice
from tui.widgets.field import fields_of

AGAIN = Client("Fatima", "El Idrissi", phone="+32470123456", email="f.elidrissi@example.com")


async def test_a_double_is_shown_and_proposed_in_the_dialog_and_merged_when_confirmed(
    office: TestOffice,
) -> None:
    """Practice: open referral of the same person, proposed as duplicate, merged on confirmation."""
    first, second = office.receive((CLIENTS[0], AGAIN))
    async with screens(office, LEAD) as driver:
        await open_line(driver, second)
        await shows(driver, f"≈ {first}: same name, same telephone")
        await driver.press("s")
        await until(driver, lambda: isinstance(driver.app.screen, CloseDialog))
        dialog = driver.app.screen
        dialog.query_one(Choice).value = Closure.DUPLICATE.value
        await until(driver, lambda: fields_of(dialog)["of"].display)
        assert dialog.query_one("#field-of Input", Input).value == first
        fields_of(dialog)["why"].query_one("TextArea").load_text("Zelfde cliënt.")  # type: ignore[attr-defined]
        await driver.press("f2")
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        await shows(driver, "closed", first)
    with office.desk(LEAD) as desk:
        assert desk.work.open(second, "nazicht").referral.state is State.CLOSED


async def test_the_number_of_the_existing_file_is_proposed_for_a_known_client(office: TestOffice) -> None:
    """Practice: *al gekend* is linked to the existing file number."""
    first, second = office.receive((CLIENTS[0], AGAIN))
    with office.desk(LEAD) as desk:
        desk.work.attempt(AttemptRequest(first, Channel.PHONE, Result.REACHED))
        desk.work.wish(first, Wish.YES)
        desk.cases.open(first, "2026/311")
    async with screens(office, LEAD) as driver:
        await open_line(driver, second)
        await shows(driver, "case file 2026/311")
        await driver.press("s")
        await until(driver, lambda: isinstance(driver.app.screen, CloseDialog))
        dialog = driver.app.screen
        dialog.query_one(Choice).value = Closure.ALREADY_KNOWN.value
        await until(driver, lambda: fields_of(dialog)["number"].display)
        assert dialog.query_one("#field-number Input", Input).value == "2026/311"


async def test_what_waits_for_a_worker_stands_first_for_who_assigns(office: TestOffice) -> None:
    """Practice: unassigned after one working day is shown to team leads first."""
    (older,) = office.receive(CLIENTS[:1])
    with office.desk(LEAD) as desk:
        desk.work.assign([older], LEAD)
    office.clock.forward(hours=1)
    (waiting,) = office.receive(CLIENTS[1:2])
    async with screens(office, LEAD) as driver:
        await until(driver, lambda: references(driver) == [older, waiting])
    office.clock.forward(days=5)
    async with screens(office, LEAD) as driver:
        await until(driver, lambda: references(driver) == [waiting, older])
        await shows(driver, "‼ nobody")
