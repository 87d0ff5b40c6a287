"""What the lists of the registers share: opening a referral from a line, dialogs, and the detail of a line."""

from collections.abc import Sequence
from typing import Any, ClassVar

from textual import work
from textual.binding import BindingType
from textual.content import Content

from intake.errors import sentence
from intake.plaintext import clean_line, clean_lines
from intake.texts import N_
from tui.commands import command
from tui.dialogs.base import Dialog
from tui.opening import open_with_reason
from tui.screens.listing import ListScreen
from tui.screens.referral import ReferralScreen
from tui.widgets.grid import Grid

NARROW = 100
"""Below this many cells a list keeps to what matters most."""
_LABEL = 20


class OpeningGrid(Grid):
    """A table of which a line opens something."""

    BINDINGS: ClassVar[list[BindingType]] = [
        command("enter", "select", N_("Open it"), N_("Open what the line is about"), bar=True),
    ]


class RegisterScreen(ListScreen):
    """A list of one of the registers."""

    GRID = OpeningGrid

    def compose(self) -> Any:
        """As every list; without the tabs that the role has nothing on."""
        self.tabs_by_code = {c: tab for c, tab in self.tabs_by_code.items() if self.tab_open(c)}
        yield from super().compose()

    def tab_open(self, code: str) -> bool:
        """Whether the signed-in user finds something on a tab."""
        del code
        return True

    @work(exclusive=True, group="open")
    async def open_referral(self, reference: str) -> None:
        """Open a referral, after a reason where one is needed."""
        found = await open_with_reason(self.intake, reference)
        if found is not None:
            opened, reason = found
            self.app.push_screen(ReferralScreen(opened, reason))

    async def sent(self, dialog: Dialog[Any]) -> bool:
        """Show a dialog; whether it was sent. To be awaited in a worker."""
        went = await self.app.push_screen_wait(dialog) is not None
        if dialog.stale is not None:
            self.intake.say(sentence(dialog.stale), bad=True)
        if went or dialog.stale is not None:
            self.load()
        return went


def told(*facts: tuple[str, str]) -> list[Content]:
    """Label and value, a line each; a fact without a value is left out. Values may be longer than a line."""
    return [
        Content.styled(f"{label:<{_LABEL}}", "$text-muted") + Content(clean_lines(value))
        for label, value in facts
        if value
    ]


def detail(*facts: tuple[str, str]) -> Content:
    """As `told`, in one."""
    return Content("\n").join(told(*facts))


def short(text: str) -> str:
    """A text in one line."""
    return clean_line(text.replace("\n", " "))


def named(parts: Sequence[str]) -> str:
    """Parts that are there, with a dot between."""
    return " · ".join(part for part in parts if part)
