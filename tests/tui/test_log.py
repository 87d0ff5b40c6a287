"""The log's screen: newest first, page by page, searched, verified, exported; damage is shown at its place."""

import threading
from pathlib import Path

import pytest
from textual.content import Content
from textual.widgets import Static

from intake.desk import Desk
from intake.desk.work import AttemptRequest
from intake.referral import Channel, Result
from intake.staff import Right, Role, may
from storage.extract import read_extract
from storage.files import replace_durably
from storage.journal import Event
from tests.tui.driving import Driver, app_of, fill, flat, hears, screens, seen, shows, until
from tests.tui.office import CLIENTS, ELS, HOSTILE, LEAD, TestOffice
from tui.dialogs.export import ExportDialog
from tui.dialogs.log_search import LogSearchDialog, WhichDialog
from tui.dialogs.reading import ReadingDialog
from tui.dialogs.seen_by import SeenByDialog, seen_by_dialog
from tui.places import places_for
from tui.screens.log import LogScreen
from tui.screens.worklist import WorklistScreen
from tui.widgets.field import fields_of
from tui.widgets.verifyline import VerifyLine


def log_file(office: TestOffice) -> Path:
    return office.location / "log" / "2026.jsonl"


def rights_of(role: Role) -> frozenset[Right]:
    return frozenset(right for right in Right if may({role}, right))


def write(desk: Desk, *events: Event) -> None:
    desk.office.store.journal.append(desk.office.session.signer, events)


async def log(driver: Driver) -> LogScreen:
    """The screen, its first page read."""
    await until(driver, lambda: app_of(driver).rights)
    await driver.press("f5")
    await until(driver, lambda: isinstance(driver.app.screen, LogScreen))
    screen = driver.app.screen
    assert isinstance(screen, LogScreen)
    await until(driver, lambda: screen.found is not None and not screen._reading)
    return screen


def column(screen: LogScreen, number: int) -> list[str]:
    return [screen.grid.row_texts(key)[number] for key in screen.grid.keys]


async def test_who_did_what_when_and_why_newest_first_and_no_client(office: TestOffice) -> None:
    [reference] = office.receive(CLIENTS[:1])
    with office.desk(LEAD) as desk:
        desk.work.assign([reference], ELS)
        desk.work.open(reference, "vraag van de cliënt")
        desk.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.NO_ANSWER))
        write(
            desk,
            Event("later-code", references=(HOSTILE,), reason=f"{HOSTILE}\u202e\x1b[2J", fields=(HOSTILE,)),
        )
    async with screens(office, LEAD, size=(120, 36)) as driver:
        screen = await log(driver)
        await shows(driver, "each signed and in its place · up to its start", "From where")
        actions = column(screen, 2)
        assert actions[:2] == ["Name seen on a list", "Signed in"]
        first = actions.index("later-code")
        assert actions[first : first + 4] == ["later-code", "Contact attempt", "Referral read", "Assigned"]
        assert column(screen, 4)[first + 1 : first + 3] == ["team lead", "vraag van de cliënt"]
        await driver.press(*["j"] * first)
        await shows(
            driver,
            f"Why: {HOSTILE}",
            f"Fields: {HOSTILE}",
            "✔ signed, unaltered and in its place",
            "Digest: ",
        )
        assert not {"\u202e", "\x1b"} & set(seen(driver))
        await driver.press("j")
        await shows(
            driver,
            "What: Contact attempt (attempt)",
            "channel: phone · result: no answer",
            f"Reference: {reference}",
        )
        await driver.press("enter")
        await until(driver, lambda: isinstance(driver.app.screen, ReadingDialog))
        await shows(driver, "Key: ")
        await driver.press("j", "k", "escape")
        await until(driver, lambda: driver.app.screen is screen)
        for name in ("Fatima", "El Idrissi", "Koestraat"):
            assert name not in seen(driver)
        # What a colleague does meanwhile comes on top, and the cursor stays on its line.
        where = screen.current
        with office.desk(ELS) as desk:
            desk.work.attempt(AttemptRequest(reference, Channel.EMAIL, Result.NO_ANSWER))
        await until(driver, lambda: column(screen, 2)[:2] == ["Contact attempt", "Signed in"])
        assert screen.current == where


async def test_tabs_the_filter_and_esc_step_by_step(office: TestOffice) -> None:
    office.receive(CLIENTS[:1])
    with office.desk(LEAD) as desk:
        write(desk, Event("export", detail={"what": "log"}), Event("settings", detail={"changed": "mailbox"}))
    async with screens(office, LEAD) as driver:
        screen = await log(driver)
        await driver.press("p")
        await until(driver, lambda: column(screen, 2) == ["Exported"])
        await shows(driver, "what: the access log")
        await driver.press("i")
        await until(driver, lambda: column(screen, 2) == ["Name seen on a list"])
        await driver.press("b")
        await until(driver, lambda: "Settings changed" in column(screen, 2))
        assert set(column(screen, 2)).isdisjoint({"Exported", "Name seen on a list", "Received"})
        await driver.press("slash", *"settings", "enter")
        await until(driver, lambda: column(screen, 2) == ["Settings changed"] * 2)
        await driver.press("escape")
        await until(driver, lambda: len(column(screen, 2)) > 1)
        await driver.press("a")
        await until(driver, lambda: "Received" in column(screen, 2))
        await driver.press("escape")
        await until(driver, lambda: isinstance(driver.app.screen, WorklistScreen))


async def test_the_whole_log_is_searched_and_what_cannot_be_is_said_beside_the_field(
    office: TestOffice,
) -> None:
    references = office.receive(CLIENTS[:2])
    with office.desk(LEAD) as desk:
        desk.work.assign(references, ELS)
    office.clock.forward(days=2)
    with office.desk(ELS) as desk:
        desk.work.open(references[0], None)
    async with screens(office, LEAD) as driver:
        screen = await log(driver)
        await driver.press("f")
        await until(driver, lambda: isinstance(driver.app.screen, LogSearchDialog))
        dialog = driver.app.screen
        for field, text, refusal in (
            ("user", "nobody", "Nobody here has that account or name."),
            ("user", "e", "That fits several: "),
            ("since", "32/01/2026", "Give a date as dd/mm/yyyy"),
            ("until", "01/01/2026", "The last day lies before the first. Turn them round."),
        ):
            await fill(driver, field, text)
            await driver.press("f2")
            await shows(driver, f"✖ {refusal}")
            assert fields_of(dialog)[field].text == text
            await fill(driver, field, {"user": "ELS", "since": "20/11/2026", "until": "20/11/2026"}[field])
        await fill(driver, "reference", references[0])
        await driver.press("f2")
        await shows(driver, f"els · {references[0]} · from 20/11/2026 · up to 20/11/2026", "Referral read")
        assert set(column(screen, 1)) == {"els"} and "Referral read" in column(screen, 2)
        await driver.press("f")
        await until(driver, lambda: isinstance(driver.app.screen, LogSearchDialog))
        assert fields_of(driver.app.screen)["until"].text == "20/11/2026"
        fields_of(driver.app.screen)["action"].text = "backup"
        await driver.press("f2")
        await shows(driver, "No entry of the log fits this. Press f to search otherwise")
        await driver.press("escape")
        await until(driver, lambda: "Assigned" in column(screen, 2))


async def test_a_long_log_comes_a_page_at_a_time(office: TestOffice) -> None:
    with office.desk(LEAD) as desk:
        write(desk, *(Event("task-done", references=(f"T{number}",)) for number in range(1200)))
    async with screens(office, LEAD) as driver:
        screen = await log(driver)
        await shows(
            driver, "✔ 500 shown, each signed and in its place · back to 18/11/2026 10:00, n for older"
        )
        assert screen.grid.row_count == 500
        await driver.press("n")
        await until(driver, lambda: screen.grid.row_count == 1000)
        await driver.press("G")
        await until(driver, lambda: screen.grid.row_count > 1200)
        await shows(driver, "up to its start")
        assert len(set(column(screen, 3))) > 1200
        await driver.press("n")
        await hears(driver, "This is the start of the log: there is nothing older.")


async def test_what_stands_far_back_is_looked_for_until_it_is_found(
    office: TestOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody presses a key again and again for an entry of last year."""
    monkeypatch.setattr("storage.journal._MOST_READ", 100)
    with office.desk(LEAD) as desk:
        write(desk, Event("task-done", references=("T-far",)))
        write(desk, *(Event("task-done", references=(f"T{number}",)) for number in range(450)))
    async with screens(office, LEAD) as driver:
        screen = await log(driver)
        await driver.press("f")
        await until(driver, lambda: isinstance(driver.app.screen, LogSearchDialog))
        await fill(driver, "reference", "T-far")
        await driver.press("f2")
        await until(driver, lambda: column(screen, 3) == ["T-far"])
        await fill_search(driver, "T-none")
        await shows(driver, "No entry of the log fits this.", "up to its start")


async def fill_search(driver: Driver, reference: str) -> None:
    """Search for another reference."""
    await driver.press("f")
    await until(driver, lambda: isinstance(driver.app.screen, LogSearchDialog))
    await fill(driver, "reference", reference)
    await driver.press("f2")


async def test_damage_is_shown_at_its_place_and_verifying_says_what_is_wrong(office: TestOffice) -> None:
    """A12: whoever looks sees it, before anyone thinks of verifying."""
    with office.desk(LEAD) as desk:
        write(desk, *(Event("task-done", references=(f"T{number}",)) for number in range(3)))
    async with screens(office, LEAD) as driver:
        await log(driver)
        await driver.press("v")
        await shows(driver, "✔ The log is whole: ")
        await driver.press("escape")
        await until(driver, lambda: isinstance(driver.app.screen, WorklistScreen))
        replace_durably(log_file(office), log_file(office).read_bytes().replace(b'"T1"', b'"T7"'))
        screen = await log(driver)
        await shows(driver, "✖ 1 places do not hold; press V")
        [wrong] = [row for row, when in enumerate(column(screen, 0)) if when.startswith("✖")]
        await driver.press(*["j"] * wrong)
        await shows(driver, "✖ not what was written: someone edited it")
        await driver.press("V")
        await shows(driver, "✖ The access log was edited: the entry at 2026.jsonl:")
        # Who searches for something else is told of it as well.
        await driver.press("p")
        await until(driver, lambda: column(screen, 0) and column(screen, 0)[0].startswith("✖"))


async def test_verifying_tells_how_far_it_is_and_esc_stops_it(
    office: TestOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.journal._TELL_EVERY", 1)
    shown = threading.Event()
    posted = VerifyLine.post_message

    def post(self: VerifyLine, message: object) -> bool:
        went = posted(self, message)  # type: ignore[arg-type]
        if isinstance(message, VerifyLine.Verifying) and message.count == 2:
            assert shown.wait(20)
        return went

    async with screens(office, LEAD) as driver:
        screen = await log(driver)
        monkeypatch.setattr(VerifyLine, "post_message", post)
        await driver.press("V")
        await shows(driver, "◌ Verifying: 2 of ")
        await driver.press("escape")
        shown.set()
        await shows(driver, "◌ Verifying was stopped; nothing was found out.")
        assert driver.app.screen is screen
        await driver.press("v")
        await shows(driver, "✔ The log is whole: ")


async def test_the_export_refuses_a_file_that_is_there_and_is_itself_in_the_log(
    office: TestOffice, tmp_path: Path
) -> None:
    there = tmp_path / "there.jsonl"
    there.write_text("kept")
    async with screens(office, LEAD) as driver:
        await log(driver)
        await driver.press("e")
        await until(driver, lambda: isinstance(driver.app.screen, ExportDialog))
        await fill(driver, "file", str(there))
        await driver.press("f2")
        await shows(driver, "✖ That file exists already. Choose another name.")
        await fill(driver, "file", str(tmp_path / "logboek.jsonl"))
        await driver.press("f2")
        await hears(driver, "The log is written; check the file with 'ocmw-intake log verify --file'.")
    assert there.read_text() == "kept"
    assert read_extract(tmp_path / "logboek.jsonl").entries > 3
    with office.desk(LEAD) as desk:
        assert dict(list(desk.log.entries())[-2].detail) == {"what": "log"}


async def test_who_saw_a_referral(office: TestOffice) -> None:
    references = office.receive(CLIENTS[:2])
    with office.desk(LEAD) as desk:
        desk.work.assign(references[:1], ELS)
    with office.desk(ELS) as desk:
        desk.work.open(references[0], None)
    async with screens(office, LEAD) as driver:
        screen = await log(driver)
        await until(driver, lambda: "+1" in column(screen, 3)[0])
        await driver.press("w")
        await until(driver, lambda: isinstance(driver.app.screen, WhichDialog))
        await driver.press("f2")
        await until(driver, lambda: isinstance(driver.app.screen, SeenByDialog))
        await shows(
            driver, f"Who saw {references[0]}", "els Referral read assigned", "times, the newest first."
        )
        assert "Assigned" not in flat(driver).split("Who saw")[1].split("Back (Esc)")[0]
        await driver.press("escape")
        await until(driver, lambda: driver.app.screen is screen)
        screen.grid.move_cursor(row=column(screen, 3).index(""))
        await driver.press("w")
        await hears(driver, "This line is of no referral.")
    # For whoever may read the referral, without a right to the log; and not for another's.
    async with screens(office, ELS) as driver:
        driver.app.push_screen(seen_by_dialog(references[0]))
        await shows(driver, "els Referral read assigned")
        await driver.press("enter")
        driver.app.push_screen(seen_by_dialog("D2026-0999"))
        await shows(driver, "✖ ")
        assert "D2026-0999" in seen(driver)


async def test_who_may_not_read_the_log_does_not_get_there_and_a_dpo_does(office: TestOffice) -> None:
    async with screens(office, ELS) as driver:
        await until(driver, lambda: app_of(driver).rights)
        assert Right.LOG not in app_of(driver).rights
        await driver.press("f5")
        await hears(driver, "Your role has nothing on that screen; ask a team lead.")
        assert isinstance(driver.app.screen, WorklistScreen)
    assert "log" in [place.code for place in places_for(rights_of(Role.DPO))]


async def test_it_fits_in_every_width_in_dutch(office: TestOffice) -> None:
    async with screens(office, LEAD, language="nl") as driver:
        screen = await log(driver)
        bar = screen.query_one("KeyBar", Static)
        assert isinstance(bar.content, Content)
        assert bar.content.cell_length <= 81
        await driver.resize_terminal(60, 20)
        await driver.resize_terminal(200, 60)
        await until(driver, lambda: len(screen.grid.columns) == 6)
