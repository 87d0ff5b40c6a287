"""The locked screen: hides everything until the passphrase of who is signed in is given. What was typed below stays."""

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from intake.errors import sentence
from intake.texts import N_, _
from storage.errors import Refusal, SignInSlowed, WrongPassphrase
from tui.commands import command
from tui.screens.entering import EnteringScreen
from tui.widgets.field import Field, fields_of
from tui.widgets.keybar import KeyBar


class LockScreen(EnteringScreen):
    """Shows who is signed in, and nothing of the work."""

    HELP = "signin"
    BINDINGS: ClassVar[list[BindingType]] = [
        command("f2", "unlock", N_("Unlock"), N_("Go on where you were"), bar=True),
    ]

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def compose(self) -> ComposeResult:
        """A box in the middle."""
        with Vertical(classes="signin-box"):
            yield Static(Content(_("Locked")), classes="signin-title")
            said = _("%(user)s is signed in. What was typed is still there.") % {"user": self._name}
            yield Static(Content(said), classes="signin-subtitle")
            yield Field("passphrase", _("Passphrase"), Input(password=True, max_length=1024, compact=True))
            yield from self.state_and_button(_("Unlock"))
            yield Static(
                Content(_("Someone else? Ctrl+O signs out; what was typed is lost then.")),
                classes="signin-hint",
            )
        yield KeyBar()

    def on_mount(self) -> None:
        """The cursor where the passphrase goes."""
        fields_of(self)["passphrase"].focus_control()

    def on_input_submitted(self) -> None:
        """Enter unlocks."""
        self.action_unlock()

    def on_button_pressed(self) -> None:
        """The button does what F2 does."""
        self.action_unlock()

    def action_unlock(self) -> None:
        """Have the passphrase checked."""
        field = fields_of(self)["passphrase"]
        field.clear_error()
        if self._busy:
            return
        if not field.text:
            field.fail(_("Give your passphrase."))
            field.focus_control()
            return
        self.set_busy(True)
        self._unlock(field.text)

    @work(exclusive=True, group="unlock")
    async def _unlock(self, passphrase: str) -> None:
        try:
            await self.bridge.unlock(passphrase)
        except Refusal as error:
            self.set_busy(False)
            field = fields_of(self)["passphrase"]
            if isinstance(error, WrongPassphrase | SignInSlowed):
                field.text = ""
                field.fail(sentence(error))
                field.focus_control()
            else:
                self.tell(f"✖ {sentence(error)}")
        else:
            self.dismiss(None)
