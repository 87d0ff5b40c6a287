"""Driving the screens in a test: signing in, waiting for something to be true, and reading what is on the screen."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from textual._context import visible_screen_stack
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widgets import Input, Static

from tests.tui.office import PASSPHRASES, TestOffice
from tui.app import IntakeApp
from tui.dialogs.confirm import ConfirmDialog
from tui.screens.worklist import WorklistScreen
from tui.widgets.worktable import WorkTable

SIZE = (80, 24)
Driver = Pilot[int]


def app_of(driver: Driver) -> IntakeApp:
    assert isinstance(driver.app, IntakeApp)
    return driver.app


def seen(driver: Driver) -> str:
    """The text on the screen, dialogs included, line by line."""
    return "\n".join(strip.text.rstrip() for strip in painted(driver))


def painted(driver: Driver) -> list[Strip]:
    """The lines of the screen as they would be sent to a terminal, with what shows through a dialog."""
    visible_screen_stack.set(list(driver.app._background_screens))
    return driver.app.screen._compositor.render_strips()


async def until(driver: Driver, true: Callable[[], object], seconds: float = 20.0) -> None:
    """Go on as soon as something is true; what is on the screen tells why it never was."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s; on the screen is:\n{seen(driver)}")
        await driver.pause(0.01)
    await driver.pause()


async def shows(driver: Driver, *texts: str) -> None:
    """Wait until all of these are on the screen."""
    await until(driver, lambda: all(map(flat(driver).__contains__, texts)))


async def hears(driver: Driver, text: str) -> None:
    """Wait for a notice that holds this."""
    await until(driver, lambda: any(text in notice for notice in notices(driver)))


def notices(driver: Driver) -> list[str]:
    """The notices that stand on the screen now."""
    return [notice.message for notice in driver.app._notifications]


def flat(driver: Driver) -> str:
    """The text on the screen and, so that a sentence is found where it wraps, of each part in front by itself."""
    parts = [seen(driver)]
    parts += [str(part.content) for part in driver.app.screen.query(Static) if part.display]
    return "\n".join(" ".join(part.replace("│", " ").split()) for part in parts)


async def leave_unsaved(driver: Driver) -> None:
    """Esc in a dialog in which a text was typed, and yes to the question."""
    dialog = driver.app.screen
    await driver.press("escape")
    await until(driver, lambda: isinstance(driver.app.screen, ConfirmDialog))
    await driver.press("tab", "enter")
    await until(driver, lambda: not dialog.is_attached)


async def fill(driver: Driver, name: str, text: str) -> None:
    """Put a text into a one-line field, in place of what stands there, and the cursor in it."""
    box = driver.app.screen.query_one(f"#field-{name} Input", Input)
    box.focus()
    box.value = text
    await driver.pause()


@asynccontextmanager
async def screens(
    office: TestOffice, user: str | None = None, *, language: str = "en", size: tuple[int, int] = SIZE
) -> AsyncIterator[Driver]:
    """The program at its sign-in, or with `user` at the worklist."""
    app = IntakeApp(
        office.workstation(user, language),
        passphrase=PASSPHRASES[user] if user else None,
        clock=office.clock,
    )
    async with app.run_test(size=size, notifications=True) as driver:
        if user:
            await until(driver, lambda: isinstance(app.screen, WorklistScreen))
            await until(driver, lambda: app.screen._listed is not None)  # type: ignore[attr-defined]
        yield driver


def references(driver: Driver) -> list[str]:
    """The references in the worklist's table, from top to bottom."""
    table = driver.app.screen.query_one(WorkTable)
    return list(table.keys)


async def open_line(driver: Driver, reference: str) -> None:
    """Put the cursor on a line and press Enter."""
    table = driver.app.screen.query_one(WorkTable)
    await until(driver, lambda: reference in references(driver))
    table.focus()
    table.move_cursor(row=table.get_row_index(reference))
    await driver.pause()
    await driver.press("enter")
