"""A dialog that tells what came of some work."""

import asyncio
from collections.abc import Sequence

from textual.content import Content

from tests.tui.driving import screens, shows
from tests.tui.office import TestOffice
from tui.dialogs.told import WorkDialog


class Slow(WorkDialog):
    """Work that ends when it is told to; its button says more then than while it goes on."""

    def __init__(self) -> None:
        super().__init__("Work")
        self.end = asyncio.Event()

    async def do(self) -> Sequence[Content]:
        await self.end.wait()
        return [Content("It is done.")]

    def button_words(self) -> str:
        return "Ha" if self.busy else "Something much longer (Esc)"


async def test_the_button_shows_all_its_words_when_there_are_more_of_them_than_before(
    office: TestOffice,
) -> None:
    async with screens(office) as driver:
        dialog = Slow()
        driver.app.push_screen(dialog)
        await shows(driver, "Work", "Ha")
        dialog.end.set()
        await shows(driver, "It is done.", "Something much longer (Esc)")
