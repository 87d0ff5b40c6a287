"""A client's requests on the screen: what is held, a copy, erasure (GDPR 15, 17, 19)."""

from pathlib import Path

from intake.desk.work import AttemptRequest
from intake.referral import Channel, Closure, Result, State
from tests.tui.driving import Driver, app_of, fill, flat, hears, screens, seen, shows, until
from tests.tui.office import CLIENTS, ELS, HOSTILE_CLIENT, LEAD, TestOffice
from tui.dialogs.confirm import ConfirmDialog
from tui.dialogs.export import ExportDialog
from tui.dialogs.shown import ShownDialog
from tui.dialogs.why import WhyDialog
from tui.screens.referral import ReferralScreen
from tui.screens.subjects import SubjectsScreen
from tui.widgets.field import fields_of


async def sought(driver: Driver, text: str) -> None:
    await until(driver, lambda: app_of(driver).rights)
    await app_of(driver).action_go("subjects")
    await until(driver, lambda: getattr(driver.app.screen, "found", None) is not None)
    await again(driver, text)


async def again(driver: Driver, text: str) -> None:
    box = driver.app.screen.query_one("#seek")
    box.focus()
    box.value = text  # type: ignore[attr-defined]
    await driver.pause()
    await driver.press("enter")


async def test_gdpr_15_what_is_held_on_someone_is_found_and_what_was_typed_is_kept_nowhere(
    office: TestOffice,
) -> None:
    first, second, *_rest = office.receive([*CLIENTS, HOSTILE_CLIENT])
    with office.desk(LEAD) as desk:
        desk.work.close(second, Closure.WRONG_OCMW, "verkeerd")
    async with screens(office, LEAD) as driver:
        await until(driver, lambda: app_of(driver).rights)
        await app_of(driver).action_go("subjects")
        await shows(driver, "Whose data are asked for?")
        assert driver.app.focused is driver.app.screen.query_one("#seek")
        await again(driver, "a")
        await hears(driver, "Give a name, a telephone number")
        await again(driver, "jan peeters")
        await shows(driver, second, "Jan Peeters", "Name", "closed")
        for key in ("Enter Open", "z Search", "e Export", "w Erase"):
            assert key in seen(driver).splitlines()[-1]
        await driver.press("x")
        await shows(driver, "•••")
        assert "Jan Peeters" not in seen(driver)
        await driver.press("x", "z")
        await again(driver, "0470 12 34 56")
        await shows(driver, first, "Telephone")
        await driver.press("z")
        await again(driver, "red")
        await shows(driver, "[/] [red]x")
        await driver.press("z")
        await again(driver, "niemandsnaam")
        await shows(driver, "Nobody in the referrals that you may read fits this.")
        await driver.press("z")
        await again(driver, "jan peeters")
        await shows(driver, second)
        await driver.press("enter")
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
    with office.desk(LEAD) as desk:
        searches = [entry for entry in desk.log.entries() if entry.action == "subject-find"]
        assert len(searches) == 5, "each search once, and none by itself when the store changes"
        assert "peeters" not in repr(searches).casefold() and "niemandsnaam" not in repr(searches)


async def test_gdpr_20_a_copy_is_written_to_a_file_that_does_not_name_the_client(
    office: TestOffice, tmp_path: Path
) -> None:
    [reference] = office.receive(CLIENTS[:1])
    with office.desk(LEAD) as desk:
        desk.work.assign([reference], ELS)
    async with screens(office, ELS) as driver:
        await sought(driver, "el idrissi")
        await shows(driver, reference)
        await driver.press("w")
        assert isinstance(driver.app.screen, SubjectsScreen), "only a team lead erases"
        await driver.press("e")
        await until(driver, lambda: isinstance(driver.app.screen, ExportDialog))
        assert reference in fields_of(driver.app.screen)["file"].text
        await fill(driver, "file", "kopie.json")
        await driver.press("f2")
        await shows(driver, "✖ Give the full path of the file.")
        await fill(driver, "file", str(tmp_path / "fatima.json"))
        await driver.press("f2")
        await shows(driver, "✖ The file name must not name the client.")
        await fill(driver, "file", str(tmp_path / f"{reference}.json"))
        await driver.press("f2")
        await until(driver, lambda: isinstance(driver.app.screen, ShownDialog))
        await shows(driver, f"The copy of {reference} is written")
    assert b"Idrissi" in (tmp_path / f"{reference}.json").read_bytes()
    assert (tmp_path / f"{reference}.pdf").exists()


async def test_gdpr_17_erasure_asks_first_says_why_and_names_the_partners_to_tell(
    office: TestOffice,
) -> None:
    [reference] = office.receive(CLIENTS[:1])
    with office.desk(LEAD) as desk:
        settings = desk.settings.show()
        agreement = settings.agreement.model_copy(update={"partners": ("Huis van het Kind",)})
        desk.settings.change(settings.model_copy(update={"agreement": agreement}))
        desk.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.REACHED))
        desk.disclosures.disclose(reference, "Huis van het Kind", ["phone"], "wonen", client_agrees=True)
    async with screens(office, LEAD) as driver:
        await sought(driver, "el idrissi")
        await shows(driver, reference)
        await driver.press("w")
        await until(driver, lambda: isinstance(driver.app.screen, ConfirmDialog))
        await shows(driver, "Until that run a team lead can reopen it; afterwards nobody can.")
        await driver.press("enter")
        await until(driver, lambda: isinstance(driver.app.screen, SubjectsScreen))
        with office.desk(LEAD) as desk:
            assert desk.work.open(reference, "nazicht").referral.is_open, "the safe answer comes first"
        await driver.press("w")
        await until(driver, lambda: isinstance(driver.app.screen, ConfirmDialog))
        await driver.press("right", "enter")
        await until(driver, lambda: isinstance(driver.app.screen, WhyDialog))
        await driver.press("f2")
        await shows(driver, "✖ Say how and when the client asked.")
        fields_of(driver.app.screen)["why"].text = "brief van 17 november"
        await driver.press("f2")
        await until(driver, lambda: isinstance(driver.app.screen, ShownDialog))
        await shows(driver, "is closed", "18/11/2026", "· Huis van het Kind")
        assert "Idrissi" not in flat(driver)
    with office.desk(LEAD) as desk:
        assert desk.work.open(reference, "nazicht").referral.state is State.CLOSED
