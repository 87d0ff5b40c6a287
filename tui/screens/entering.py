"""What the screens before the work share: the line that says what goes on or went wrong, and the button that goes in."""

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Button, Label

from intake.texts import _
from tui.screens.base import IntakeScreen


class EnteringScreen(IntakeScreen):
    """Is busy while the desk is opened: then nothing else can be asked of it."""

    def __init__(self) -> None:
        super().__init__(classes="signin")
        self._busy = False

    def state_and_button(self, words: str) -> ComposeResult:
        """The line, hidden while there is nothing to say, and the button."""
        state = Label("", classes="dialog-error", id="signin-state")
        state.display = False
        yield state
        yield Button(Content(words), id="enter", variant="primary", compact=True)

    def set_busy(self, busy: bool) -> None:
        """Signing in takes a second or two."""
        self._busy = busy
        self.query_one("#enter", Button).disabled = busy
        self.tell("◌ " + _("Signing in…") if busy else "", plain=busy)

    def tell(self, text: str, *, plain: bool = False) -> None:
        """On the line; `plain` for what is not an error."""
        state = self.query_one("#signin-state", Label)
        state.update(Content(text))
        state.set_class(plain, "-plain")
        state.display = bool(text)
