"""Superfluous data of a form, shown this one time and kept nowhere (P3)."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from intake.plaintext import clean_line
from intake.texts import N_, _
from intake.words import PURPOSE
from tui.commands import command


class SuperfluousDialog(ModalScreen[None]):
    """Plain text, never markup; once closed it does not come back."""

    HELP: ClassVar[str] = "superfluous"
    BINDINGS: ClassVar[list[BindingType]] = [
        command("escape", "close", N_("Close"), N_("Close; it is not shown again"), bar=True)
    ]

    def __init__(self, reference: str, lines: Sequence[str]) -> None:
        super().__init__(classes="dialog")
        self._reference = reference
        self._lines = [clean_line(line) for line in lines]

    def compose(self) -> ComposeResult:
        """What it is, the lines, what to do with it."""
        title = _("Superfluous data of %(reference)s") % {"reference": self._reference}
        with Vertical(classes="dialog-box"):
            yield Static(Content(title), classes="dialog-title")
            yield Static(Content(_(PURPOSE)), classes="dialog-text")
            with VerticalScroll(classes="dialog-form", id="superfluous-lines"):
                for line in self._lines:
                    yield Static(Content(f"· {line}"))
            yield Static(
                Content(
                    _("Shown once and kept nowhere. Report it to the sender with a data-quality notice.")
                ),
                classes="dialog-text",
            )
            with Horizontal(classes="dialog-buttons"):
                yield Button(Content(_("Close") + " (Esc)"), id="close", variant="primary", compact=True)

    def on_mount(self) -> None:
        """Arrows scroll at once."""
        self.query_one("#superfluous-lines").focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """The button does what the key does."""
        event.stop()
        self.action_close()

    def action_close(self) -> None:
        """Let go of the lines."""
        self._lines = []
        self.dismiss(None)
