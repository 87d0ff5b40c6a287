"""A text to read over the screen, with keys to scroll it. What it says is made elsewhere."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from intake.texts import N_, _
from tui.commands import command


class ReadingDialog(ModalScreen[None]):
    """Shows a text; Esc goes back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        command("escape,enter", "back", N_("Back"), N_("Close the text"), bar=True),
        command("j", "scroll(1)", N_("Down"), "", palette=False, name="down"),
        command("k", "scroll(-1)", N_("Up"), "", palette=False, name="up"),
    ]

    def __init__(self, title: str, text: Content, *, help: str) -> None:
        super().__init__(classes="dialog")
        self.HELP = help  # type: ignore[misc]  # of this dialog, where a class has one for all
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        """Title, text, one button."""
        with Vertical(classes="dialog-box"):
            yield Static(Content(self._title), classes="dialog-title")
            with VerticalScroll(classes="dialog-form", id="reading"):
                yield Static(self._text)
            with Horizontal(classes="dialog-buttons"):
                yield Button(Content(_("Back") + " (Esc)"), id="back", variant="primary", compact=True)

    def on_mount(self) -> None:
        """Arrows scroll at once."""
        self.query_one("#reading").focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Close."""
        event.stop()
        self.dismiss(None)

    def action_scroll(self, lines: int) -> None:
        """Some lines down, or up."""
        self.query_one("#reading").scroll_relative(y=lines, animate=False)

    def action_back(self) -> None:
        """Close."""
        self.dismiss(None)
