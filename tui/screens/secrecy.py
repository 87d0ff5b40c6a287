"""Once a year, after the passphrase and before anything is shown: confirming professional secrecy (A2)."""

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from intake.desk import Desk
from intake.errors import sentence
from intake.texts import N_, _
from storage.errors import Refusal
from tui.commands import command
from tui.screens.entering import EnteringScreen
from tui.widgets.field import fields_of
from tui.widgets.keybar import KeyBar
from tui.widgets.newcomer import NOT_CONFIRMED, secrecy_field


def _confirm(desk: Desk) -> None:
    desk.staff.confirm_secrecy()


class SecrecyScreen(EnteringScreen):
    """Confirms and goes on to the worklist, or leads back to the sign-in."""

    HELP = "signin"
    BINDINGS: ClassVar[list[BindingType]] = [
        command("escape", "back", N_("Back"), N_("Back to the ordinary sign-in"), bar=True),
        command("f2", "enter", N_("Confirm"), N_("Confirm professional secrecy and go on"), bar=True),
    ]

    def compose(self) -> ComposeResult:
        """A box in the middle."""
        with Vertical(classes="signin-box"):
            yield Static(Content(_("Professional secrecy")), classes="signin-title")
            text = _(
                "Once a year you confirm that you are bound by professional secrecy; nothing is shown before."
            )
            yield Static(Content(text), classes="signin-subtitle")
            yield secrecy_field()
            yield from self.state_and_button(_("Confirm"))
        yield KeyBar()

    def on_mount(self) -> None:
        """The cursor on the answer."""
        fields_of(self)["secrecy"].focus_control()

    def on_button_pressed(self) -> None:
        """The button does what F2 does."""
        self.action_enter()

    @work(exclusive=True, group="secrecy")
    async def action_back(self) -> None:
        """Not now: nobody is signed in any more."""
        if not self._busy:
            await self.bridge.sign_out()
            self.dismiss(None)

    def action_enter(self) -> None:
        """Confirm and go on."""
        if self._busy:
            return
        field = fields_of(self)["secrecy"]
        field.clear_error()
        if not field.text:
            field.fail(_(NOT_CONFIRMED))
            field.focus_control()
            return
        self._busy = True
        self._go_on()

    @work(exclusive=True, group="secrecy")
    async def _go_on(self) -> None:
        try:
            await self.bridge.ask(_confirm)
        except Refusal as error:
            self._busy = False
            self.tell(f"✖ {sentence(error)}")
        else:
            self.intake.enter()
