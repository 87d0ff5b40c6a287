"""Something that must be read before going on, with one button."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from intake.texts import N_, _
from tui.commands import command


class TellDialog(ModalScreen[None]):
    """Title, text, one button. Never with a client's data."""

    HELP: ClassVar[str] = "dialogs"
    BINDINGS: ClassVar[list[BindingType]] = [
        command("escape", "leave", N_("Dismiss"), N_("Close this"), bar=True),
    ]

    def __init__(self, title: str, text: str) -> None:
        super().__init__(classes="dialog")
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        """Title, text, button."""
        with Vertical(classes="dialog-box"):
            yield Static(Content(self._title), classes="dialog-title")
            yield Static(Content(self._text), classes="dialog-text")
            with Horizontal(classes="dialog-buttons"):
                yield Button(Content(_("Dismiss") + " (Esc)"), id="leave", variant="primary", compact=True)

    def on_mount(self) -> None:
        """Enter closes."""
        self.query_one("#leave", Button).focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Close."""
        event.stop()
        self.dismiss(None)

    def action_leave(self) -> None:
        """Close."""
        self.dismiss(None)
