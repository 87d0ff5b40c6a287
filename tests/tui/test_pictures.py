"""How every screen and dialog looks, on 80x24 and 120x36, and the main ones in each theme and without colour.

`pytest tests/tui/test_pictures.py --snapshot-update` draws them anew; look at what git then shows to be changed.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.screen import ModalScreen

import tui
from tests.tui.driving import Driver, app_of, screens
from tests.tui.office import LEAD
from tests.tui.pictures import Picture, coloured_picture, picture, weakest_contrast
from tests.tui.rounds import (
    LEAD_ROUNDS,
    OFFICE_CLASSES,
    START_CLASSES,
    WORK_CLASSES,
    Filled,
    at_rest,
    main_round,
    start_round,
    steady_office,
)
from tui.first_run import StartApp
from tui.screens.base import IntakeScreen
from tui.themes import DARK, THEMES

SMALL, LARGE = (80, 24), (120, 36)


@pytest.fixture
def pictures(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(Picture)


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Filled]:
    yield from steady_office(tmp_path, monkeypatch)


class Album:
    """Compares pictures; a round goes on to its end, so that one run tells all that look otherwise."""

    def __init__(self, driver: Driver, pictures: SnapshotAssertion) -> None:
        self.driver = driver
        self.pictures = pictures
        self.otherwise: list[str] = []

    def compare(self, name: str, seen: str) -> None:
        if not seen == self.pictures(name=name):  # noqa: SIM201 - syrupy knows `==` alone
            self.otherwise.append(name)

    async def in_both_sizes(self, stop: str) -> None:
        """The next stop opens in the size in which this one ends: half as much to draw."""
        first = (self.driver.app.size.width, self.driver.app.size.height)
        for width, height in (first, SMALL if first == LARGE else LARGE):
            if (width, height) != first:
                await self.driver.resize_terminal(width, height)
                await at_rest(self.driver)
            self.compare(f"{stop}-{width}x{height}", picture(self.driver))


@pytest.mark.timeout(300)
@pytest.mark.parametrize("which", LEAD_ROUNDS)
async def test_every_screen_after_the_sign_in(
    filled: Filled, pictures: SnapshotAssertion, which: str
) -> None:
    walk, expected = LEAD_ROUNDS[which]
    async with screens(filled.office, LEAD, language="nl", size=SMALL) as driver:
        album = Album(driver, pictures)
        assert await walk(driver, filled, album.in_both_sizes) == expected
        assert album.otherwise == []


async def test_every_screen_before_the_sign_in(
    filled: Filled, pictures: SnapshotAssertion, tmp_path: Path
) -> None:
    app = StartApp(tmp_path / "own" / "config.toml")
    app._clock = filled.office.clock
    async with app.run_test(size=SMALL, notifications=True) as driver:
        album = Album(driver, pictures)
        assert await start_round(driver, filled, album.in_both_sizes) == START_CLASSES
        assert album.otherwise == []


def test_there_is_no_screen_and_no_dialog_without_a_picture() -> None:
    found = set()
    for module in pkgutil.walk_packages(tui.__path__, "tui."):
        for kind in vars(importlib.import_module(module.name)).values():
            if isinstance(kind, type) and kind.__module__ == module.name:
                found |= {kind} if issubclass(kind, IntakeScreen | ModalScreen) else set()
    # What others are made of is seen in them.
    bases = {base for kind in found for base in kind.__mro__[1:]}
    pictured = WORK_CLASSES | OFFICE_CLASSES | START_CLASSES
    assert len(found) > 60
    assert {kind.__name__ for kind in found - bases - pictured} == set()


@pytest.mark.parametrize("theme", [theme.name for theme in THEMES if theme.name != DARK])
async def test_the_main_screens_in_each_theme(
    filled: Filled, pictures: SnapshotAssertion, theme: str
) -> None:
    least = 7.0 if "contrast" in theme else 4.5
    """WCAG 2.2, 1.4.6 and 1.4.3."""
    async with screens(filled.office, LEAD, language="nl", size=SMALL) as driver:
        album = Album(driver, pictures)
        weak: list[str] = []

        async def visit(stop: str) -> None:
            album.compare(stop, coloured_picture(driver))
            contrast, text = weakest_contrast(driver)
            if contrast < least:
                weak.append(f"{stop}: {contrast:.1f} {text}")

        while driver.app.theme != theme:
            await driver.press("f9")
        await main_round(driver, filled, visit)
        assert album.otherwise == []
        assert weak == [], weak


async def test_the_main_screens_without_colour(
    filled: Filled, pictures: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with screens(filled.office, LEAD, language="nl", size=SMALL) as driver:
        assert app_of(driver).no_color
        album = Album(driver, pictures)

        async def visit(stop: str) -> None:
            album.compare(stop, coloured_picture(driver))

        await main_round(driver, filled, visit)
        assert album.otherwise == []
