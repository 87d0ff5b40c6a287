"""The table of which only the rows in sight are drawn: keys, mouse, what is too long, and data that change under it."""

from collections.abc import Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from rich.text import Text
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tests.tui.driving import painted
from tests.tui.office import HOSTILE
from tui.widgets.grid import Grid, Heading

HEADINGS = (Heading("a", "First", 10), Heading("b", "Second", 12, 1))


class Shown(App[None]):
    """A table, and what it told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[str, str | None]] = []

    def compose(self) -> ComposeResult:
        yield Grid(id="rows")

    def on_mount(self) -> None:
        self.query_one(Grid).focus()

    def on_grid_highlighted(self, event: Grid.Highlighted) -> None:
        self.told.append(("on", event.key))

    def on_grid_selected(self, event: Grid.Selected) -> None:
        self.told.append(("chosen", event.key))

    def on_grid_heading_chosen(self, event: Grid.HeadingChosen) -> None:
        self.told.append(("heading", event.key))


def rows(*numbers: int) -> dict[str, list[str | Text]]:
    return {f"k{n}": [f"row {n}", Text(f"text {n}", style="bold")] for n in numbers}


def lines(grid: Grid) -> list[str]:
    return [grid.render_line(y).text.rstrip() for y in range(grid.size.height)]


@asynccontextmanager
async def shown(*numbers: int, size: tuple[int, int] = (40, 10)) -> Any:
    app = Shown()
    async with app.run_test(size=size) as driver:
        grid = app.query_one(Grid)
        grid.show(HEADINGS, rows(*numbers), size[0])
        await driver.pause()
        yield driver, grid, app


def told(app: Shown) -> Iterator[tuple[str, str | None]]:
    found, app.told = app.told, []
    return iter(found)


async def press(driver: Pilot[None], *keys: str) -> None:
    await driver.press(*keys)
    await driver.pause()


async def test_keys_move_the_cursor_and_bring_it_into_sight() -> None:
    async with shown(*range(100)) as (driver, grid, app):
        assert lines(grid)[:2] == ["First     Second", "row 0     text 0"]
        for keys, row in (
            (("down", "j"), 2),
            (("k",), 1),
            (("G",), 99),
            (("up",), 98),
            (("pageup",), 90),
            (("pagedown", "pagedown"), 99),
            (("g",), 0),
            (("up",), 0),
            (("end",), 99),
            (("home",), 0),
        ):
            await press(driver, *keys)
            assert (grid.cursor_row, grid.current) == (row, f"k{row}"), keys
            assert any(line.startswith(f"row {row} ") for line in lines(grid)), keys
        assert ("on", "k99") in told(app)
        await press(driver, "enter")
        assert list(told(app))[-1] == ("chosen", "k0")


async def test_a_click_chooses_a_row_a_second_opens_it_and_a_heading_is_told() -> None:
    async with shown(*range(100)) as (driver, grid, app):
        await press(driver, "G")
        await driver.click(Grid, offset=(3, 4))
        await driver.pause()
        assert grid.current == "k94"
        await driver.click(Grid, offset=(3, 4))
        await driver.click(Grid, offset=(15, 0))
        await driver.pause()
        assert list(told(app))[-2:] == [("chosen", "k94"), ("heading", "b")]
        grid.show(HEADINGS, rows(1), 40)
        await driver.click(Grid, offset=(3, 6))
        assert grid.current == "k1"


async def test_the_cursor_stays_on_its_row_when_rows_come_and_go() -> None:
    async with shown(*range(100)) as (driver, grid, app):
        grid.move_cursor(row=50)
        await driver.pause()
        grid.scroll_to(y=47, animate=False, immediate=True)
        grid.show(HEADINGS, rows(-1, *range(100)), 40)
        await driver.pause()
        assert (grid.current, grid.cursor_row, round(grid.scroll_y)) == ("k50", 51, 47)
        grid.show(HEADINGS, rows(*(n for n in range(100) if n != 50)), 40)
        await driver.pause()
        assert (grid.current, grid.cursor_row) == ("k52", 51)
        grid.show(HEADINGS, {}, 40)
        await driver.pause()
        assert (grid.current, grid.row_count) == (None, 0)
        assert list(told(app))[-1] == ("on", None)
        await press(driver, "enter", "j", "k", "G", "pagedown")
        assert not list(told(app))
        grid.show(HEADINGS, rows(7), 40)
        assert grid.current == "k7" and grid.row_texts("k7") == ["row 7", "text 7"]
        with pytest.raises(KeyError):
            grid.row_texts("k8")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x" * 30, "xxxxxxxx… "),
        ("x" * 9, "xxxxxxxxx "),
        ("日本語日本語", "日本語日… "),
        ("日本語日本", "日本語日… "),
        (HOSTILE, "[/] [red… "),
        ("", " " * 10),
    ],
)
async def test_what_is_too_long_ends_in_an_ellipsis_and_nothing_is_markup(text: str, expected: str) -> None:
    async with shown() as (driver, grid, _app):
        grid.show(HEADINGS, {"k": [text, "|"]}, 40)
        await driver.pause()
        assert grid.render_line(1).text.startswith(f"{expected}|")
        assert grid.render_line(1).cell_length == 40


async def test_only_the_rows_in_sight_are_asked_for() -> None:
    asked: list[str] = []

    def cells(key: str) -> list[str]:
        asked.append(key)
        return [key, ""]

    async with shown() as (driver, grid, _app):
        grid.show_lazily(HEADINGS, [str(n) for n in range(5_000)], cells, 40)
        await driver.pause()
        painted(driver)
        assert set(asked) == {str(n) for n in range(9)}
        asked.clear()
        grid.refresh_rows("3", "4000")
        await driver.pause()
        painted(driver)
        assert "4000" not in asked and "3" in asked


async def test_it_can_be_narrower_than_its_columns() -> None:
    async with shown(1, 2, size=(15, 5)) as (driver, grid, _app):
        assert grid.render_line(1).text == "row 1     text "
        grid.scroll_to(x=7, animate=False, immediate=True)
        await driver.pause()
        assert grid.render_line(1).text == "   text 1      "


async def test_a_row_in_sight_stays_so_when_the_table_gets_lower_and_one_that_was_scrolled_away_is_left() -> (
    None
):
    async with shown(*range(30), size=(40, 12)) as (driver, grid, _app):
        grid.move_cursor(row=10)
        await driver.resize_terminal(40, 6)
        await driver.pause()
        assert grid.scroll_y == 6, "rows 6 to 10"
        grid.scroll_to(y=20, animate=False, immediate=True)
        await driver.resize_terminal(40, 5)
        await driver.pause()
        assert grid.scroll_y == 20
