"""A question with two answers; the safe one comes first and has the focus, the other has the key that sends a dialog.

Where something would be lost or done for good the other answer has no key: one that was pressed twice gives it not.
"""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from intake.texts import N_, _
from tui.commands import command, send_key


class ConfirmDialog(ModalScreen[bool]):
    """True when the user chose to go on. The text names the object, by reference and never by client."""

    HELP: ClassVar[str] = "dialogs"
    BINDINGS: ClassVar[list[BindingType]] = [
        command("escape", "keep", N_("Back"), N_("Change nothing"), bar=True),
        command("f2,ctrl+s", "go_on", N_("Go on"), N_("Do what is asked"), bar=True, name="send"),
        command("left,right,up,down", "app.focus_next", N_("Other button"), "", palette=False),
    ]

    def __init__(self, title: str, text: str, *, keep: str, go_on: str, for_good: bool = False) -> None:
        super().__init__(classes="dialog")
        self._title = title
        self._text = text
        self._keep = keep
        self._go_on = go_on
        self._for_good = for_good

    def compose(self) -> ComposeResult:
        """Title, text, buttons."""
        with Vertical(classes="dialog-box"):
            yield Static(Content(self._title), classes="dialog-title")
            yield Static(Content(self._text), classes="dialog-text")
            with Horizontal(classes="dialog-buttons"):
                yield Button(Content(f"{self._keep} (Esc)"), id="keep", variant="primary", compact=True)
                key = "" if self._for_good else f" ({send_key(self.app)})"
                yield Button(Content(_(self._go_on) + key), id="go-on", compact=True)

    def on_mount(self) -> None:
        """The safe answer has the focus."""
        self.query_one("#keep", Button).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """No key for what is done for good."""
        del parameters
        return action != "go_on" or not self._for_good

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """The answer."""
        event.stop()
        self.dismiss(event.button.id == "go-on")

    def action_go_on(self) -> None:
        """The other answer."""
        self.dismiss(True)

    def action_keep(self) -> None:
        """The safe answer."""
        self.dismiss(False)
