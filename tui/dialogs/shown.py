"""Something to read over the screen: lines under a heading, and one button."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from intake.texts import N_, _
from tui.commands import command


class ShownDialog(ModalScreen[None]):
    """Plain text, never markup; arrows scroll. The title names no client. What was shown is let go of at the end."""

    HELP: ClassVar[str] = "dialogs"
    CLOSE: ClassVar[str] = N_("Back")
    BINDINGS: ClassVar[list[BindingType]] = [
        command("escape", "close", N_("Back"), N_("Back to the screen"), bar=True, name="leave")
    ]

    def __init__(self, title: str, lines: Sequence[Content], *, above: str = "", below: str = "") -> None:
        super().__init__(classes="dialog")
        self._title = title
        self._lines = list(lines)
        self._above = above
        self._below = below

    def compose(self) -> ComposeResult:
        """Heading, lines, what to do with them."""
        with Vertical(classes="dialog-box"):
            yield Static(Content(self._title), classes="dialog-title")
            if self._above:
                yield Static(Content(self._above), classes="dialog-text")
            with VerticalScroll(classes="dialog-form", id="shown-lines"):
                for line in self._lines:
                    yield Static(line)
            if self._below:
                yield Static(Content(self._below), classes="dialog-text", id="shown-below")
            with Horizontal(classes="dialog-buttons"):
                yield Button(Content(_(self.CLOSE) + " (Esc)"), id="close", variant="primary", compact=True)

    def on_mount(self) -> None:
        """Arrows scroll at once."""
        self.query_one("#shown-lines").focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """The button does what the key does."""
        event.stop()
        self.action_close()

    def action_close(self) -> None:
        """Let go of the lines."""
        self._lines = []
        self.dismiss(None)
