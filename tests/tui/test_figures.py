"""The figures' screen: what it draws and tells, its period, its export, and that small numbers stay hidden."""

from datetime import timedelta
from pathlib import Path

import pytest
from textual.content import Content
from textual.widgets import Static

from intake.desk.work import AttemptRequest
from intake.referral import Channel, Result
from intake.staff import Right
from tests.tui.driving import Driver, app_of, fill, hears, screens, seen, shows, until
from tests.tui.office import CLIENTS, ELS, LEAD, START, TestOffice
from tui.asks_figures import Period
from tui.dialogs.export import ExportDialog
from tui.dialogs.period import PeriodDialog
from tui.screens.figures import FiguresScreen
from tui.screens.worklist import WorklistScreen
from tui.themes import DARK, LIGHT
from tui.widgets.chart import ChartPlot
from tui.widgets.field import fields_of
from tui.widgets.grid import Grid

PLOT = "█"


def filled(office: TestOffice) -> None:
    """Nine referrals in September and two in November; four of September's reached after three days."""
    office.clock.now = START - timedelta(days=60)
    references = office.receive([CLIENTS[number % 4] for number in range(9)])
    with office.desk(LEAD) as desk:
        desk.work.assign(references[:6], ELS)
        office.clock.forward(days=3)
        for reference in references[:4]:
            desk.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.REACHED))
    office.clock.now = START
    office.receive(CLIENTS[:2])


async def figures(driver: Driver) -> FiguresScreen:
    """The screen, its first count done."""
    await until(driver, lambda: app_of(driver).rights)
    await driver.press("f8")
    await until(driver, lambda: isinstance(driver.app.screen, FiguresScreen))
    screen = driver.app.screen
    assert isinstance(screen, FiguresScreen)
    await until(driver, lambda: screen.found is not None)
    return screen


async def test_four_charts_as_a_drawing_and_as_a_table(office: TestOffice) -> None:
    filled(office)
    async with screens(office, ELS) as driver:
        screen = await figures(driver)
        await shows(
            driver, "01/12/2025 – 18/11/2026", "● all numbers, for inside the office", "9/26", "11/26"
        )
        assert PLOT in seen(driver)
        await driver.press("t")
        await shows(driver, "09/2026 9 4 0 0", "10/2026 0 0 0 0", "2026 11 4 0 0")
        assert PLOT not in seen(driver)
        await driver.press("d")
        await shows(driver, "Days to contact by month", "09/2026 3 3 3 3", "Calendar days from receipt")
        await driver.press("u")
        await shows(driver, "How they ended", "Received 11 11", "Contact made 4 4")
        await driver.press("t")
        await shows(driver, "Not ended 11┤")
        await driver.press("w")
        await shows(driver, "Open referrals of each worker now", "els 6┤", "nobody 5┤")
        for name in ("Fatima", "Peeters", "Koestraat"):
            assert name not in seen(driver)
        await driver.press("escape")
        await until(driver, lambda: isinstance(driver.app.screen, WorklistScreen))
        assert not screen.is_attached


async def test_small_numbers_are_hidden_on_a_key_and_drawn_without_height(office: TestOffice) -> None:
    """P2: as in what may leave the office."""
    filled(office)
    async with screens(office, LEAD) as driver:
        await figures(driver)
        await driver.press("h")
        await shows(driver, "⊘ small numbers hidden, as they may leave the office", "<5")
        assert "9/26" in seen(driver)
        await driver.press("t")
        await shows(driver, "11/2026 <5 – – <5", "2026 11 <5 <5 <5")
        await driver.press("w")
        await shows(driver, "What each worker has stays inside the office.")
        assert "els" not in seen(driver)
        await driver.press("h")
        await shows(driver, "els 6")


async def test_the_period_is_chosen_and_what_cannot_be_is_said_beside_the_field(office: TestOffice) -> None:
    filled(office)
    async with screens(office, LEAD) as driver:
        screen = await figures(driver)
        await driver.press("p")
        await until(driver, lambda: isinstance(driver.app.screen, PeriodDialog))
        dialog = driver.app.screen
        await fill(driver, "until", "31/02/2026")
        await driver.press("f2")
        await shows(driver, "✖ Give a date as dd/mm/yyyy")
        await fill(driver, "until", "01/01/2020")
        await driver.press("f2")
        await shows(driver, "✖ The last day lies before the first. Turn them round.")
        assert fields_of(dialog)["until"].text == "01/01/2020"
        fields_of(dialog)["preset"].text = "before"
        await until(driver, lambda: fields_of(dialog)["since"].text == "01/01/2025")
        assert fields_of(dialog)["until"].text == "31/12/2025"
        await driver.press("f2")
        await shows(
            driver, "01/01/2025 – 31/12/2025", "Nothing came in in this period. Press p for another period"
        )
        await driver.press("l")
        await shows(driver, "01/01/2026 – 31/12/2026", "9/26")
        office.receive(CLIENTS[:4])
        await driver.press("r")
        await until(
            driver, lambda: screen.found is not None and screen.found.statistics.total.cells["received"] == 15
        )
        await driver.press("v", "v")
        await shows(driver, "01/01/2024 – 31/12/2024")
        screen._wanted = Period(None, None)
        await driver.press("r")
        await shows(driver, "… – …")
        await driver.press("v")
        await hears(driver, "This period has no first and last day")


async def test_the_export_refuses_a_file_that_is_there_and_is_logged(
    office: TestOffice, tmp_path: Path
) -> None:
    filled(office)
    there = tmp_path / "there.csv"
    there.write_text("kept")
    async with screens(office, LEAD) as driver:
        await figures(driver)
        await driver.press("e")
        await until(driver, lambda: isinstance(driver.app.screen, ExportDialog))
        for name, refusal in (
            ("", "Give the name of a new file."),
            ("cijfers.csv", "Give the full path of the file."),
            (str(there), "That file exists already. Choose another name."),
            (str(tmp_path / "no" / "x.csv"), "The file cannot be written there."),
        ):
            await fill(driver, "file", name)
            await driver.press("f2")
            await shows(driver, f"✖ {refusal}")
            assert fields_of(driver.app.screen)["file"].text == name
        await fill(driver, "file", str(tmp_path / "cijfers.csv"))
        await driver.press("f2")
        await hears(driver, "The figures are written; the export is in the log.")
    assert there.read_text() == "kept"
    lines = (tmp_path / "cijfers.csv").read_text().splitlines()
    assert lines[1].split(",")[:2] == ["2026", "11"]
    assert ["2026-11", "<5"] in [line.split(",")[:2] for line in lines]
    with office.desk(LEAD) as desk:
        exports = [e for e in desk.log.entries() if e.action == "export"]
    assert [dict(e.detail) for e in exports] == [{"what": "statistics"}]


async def test_on_a_wide_screen_drawing_and_table_stand_side_by_side_in_the_theme_s_colours(
    office: TestOffice,
) -> None:
    filled(office)
    async with screens(office, LEAD, size=(120, 36)) as driver:
        await figures(driver)
        await shows(driver, "09/2026 9 4 0 0", "9/26", "counted on 18/11/2026 10:00")
        plot, grid = driver.app.screen.query_one(ChartPlot), driver.app.screen.query_one(Grid)
        assert plot.display and grid.display and plot.region.right <= grid.region.x

        def bars() -> set[str]:
            return {str(span.style.color) for span in plot.render().spans if span.style.color is not None}  # type: ignore[union-attr]

        dark = bars()
        await driver.press("f9")
        await until(driver, lambda: driver.app.theme == LIGHT)
        assert driver.app.theme != DARK and bars().isdisjoint(dark)
        await driver.resize_terminal(60, 20)
        await until(driver, lambda: not grid.display)
        await driver.press("t")
        await until(driver, lambda: grid.display and not plot.display)


async def test_an_empty_office_is_told_what_to_do_and_who_may_not_does_not_get_there(
    office: TestOffice,
) -> None:
    async with screens(office, ELS) as driver:
        app = app_of(driver)
        await figures(driver)
        await shows(driver, "Nothing came in in this period. Press p for another period, or Esc to go back.")
        await driver.press("w")
        await shows(driver, "No referral is open now.")
        await driver.press("escape")
        app.rights -= {Right.STATISTICS}
        await driver.press("f8")
        await hears(driver, "Your role has nothing on that screen; ask a team lead.")
        assert isinstance(driver.app.screen, WorklistScreen)


async def test_every_key_of_the_bar_fits_in_eighty_columns(office: TestOffice) -> None:
    async with screens(office, LEAD, language="nl") as driver:
        await figures(driver)
        bar = driver.app.screen.query_one("KeyBar", Static)
        assert isinstance(bar.content, Content)
        assert bar.content.cell_length <= 80


@pytest.mark.parametrize("no_color", ["1"])
async def test_without_colour_bars_and_marks_are_told_apart_by_their_signs(
    office: TestOffice, monkeypatch: pytest.MonkeyPatch, no_color: str
) -> None:
    monkeypatch.setenv("NO_COLOR", no_color)
    filled(office)
    async with screens(office, LEAD) as driver:
        await figures(driver)
        await driver.press("d")
        await shows(driver, "█ half of them within ▲ nine of ten within")
        assert driver.app.no_color
        assert "▲" in driver.app.screen.query_one(ChartPlot).render().plain
