"""First sign-in of a new colleague: one-time code, a passphrase of one's own, and professional secrecy (A2)."""

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from intake.errors import sentence
from intake.texts import N_, _
from storage.errors import (
    AccountNotActive,
    AlreadyActive,
    Refusal,
    UnknownUser,
    WeakPassphrase,
    WrongActivationCode,
    WrongUserName,
)
from tui.commands import command
from tui.screens.entering import EnteringScreen
from tui.widgets.field import Field, fields_of
from tui.widgets.keybar import KeyBar
from tui.widgets.newcomer import newcomer_fields, newcomer_problems


class FirstSignInScreen(EnteringScreen):
    """Activates an invited account and goes on to the worklist."""

    HELP = "signin"
    BINDINGS: ClassVar[list[BindingType]] = [
        command("escape", "back", N_("Back"), N_("Back to the ordinary sign-in"), bar=True),
        command("f2", "enter", N_("Sign in"), N_("Activate the account and sign in"), bar=True),
    ]

    def __init__(self, user: str = "") -> None:
        super().__init__()
        self._user = user

    def compose(self) -> ComposeResult:
        """A box in the middle."""
        with Vertical(classes="signin-box"):
            yield Static(Content(_("First sign-in")), classes="signin-title")
            yield Field("user", _("User name"), Input(self._user, max_length=80, compact=True))
            yield Field("code", _("One-time code"), Input(max_length=80, compact=True))
            yield from newcomer_fields(_("New passphrase"))
            yield from self.state_and_button(_("Sign in"))
        yield KeyBar()

    def on_mount(self) -> None:
        """The cursor where something is missing."""
        fields_of(self)["code" if self._user else "user"].focus_control()

    def on_input_submitted(self) -> None:
        """Enter goes on to the next field."""
        self.focus_next()

    def on_button_pressed(self) -> None:
        """The button does what F2 does."""
        self.action_enter()

    def action_back(self) -> None:
        """The ordinary sign-in."""
        if not self._busy:
            self.app.pop_screen()

    def action_enter(self) -> None:
        """Check what was typed and activate."""
        if self._busy:
            return
        fields = fields_of(self)
        for field in fields.values():
            field.clear_error()
        problems = {
            "user": "" if fields["user"].text.strip() else _("Give your user name."),
            "code": "" if fields["code"].text.strip() else _("Give the code that your team lead gave you."),
        } | newcomer_problems(fields)
        for name, problem in problems.items():
            if problem:
                fields[name].fail(problem)
                fields[name].focus_control()
                return
        self.set_busy(True)
        self._activate(fields["user"].text, fields["code"].text, fields["new"].text)

    @work(exclusive=True, group="signin")
    async def _activate(self, user: str, code: str, passphrase: str) -> None:
        try:
            await self.bridge.first_sign_in(self.intake.workstation, user, code, passphrase)
        except Refusal as error:
            self.set_busy(False)
            self._refused(error)
        else:
            self.intake.enter()

    def _refused(self, error: Refusal) -> None:
        fields = fields_of(self)
        match error:
            case WrongActivationCode():
                name = "code"
            case WeakPassphrase():
                name = "new"
            case UnknownUser() | AccountNotActive() | AlreadyActive() | WrongUserName():
                name = "user"
            case _:
                self.tell(f"✖ {sentence(error)}")
                return
        fields[name].fail(sentence(error))
        fields[name].focus_control()
