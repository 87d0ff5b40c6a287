"""Signing in: user name and passphrase, errors beside the field."""

from collections.abc import Callable
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
    Refusal,
    SignInSlowed,
    UnknownUser,
    WrongPassphrase,
    WrongUserName,
)
from tui.commands import command
from tui.screens.entering import EnteringScreen
from tui.screens.first import FirstSignInScreen
from tui.screens.secrecy import SecrecyScreen
from tui.widgets.field import Field, fields_of
from tui.widgets.keybar import KeyBar


class SignInScreen(EnteringScreen):
    """The first screen. With a passphrase given it signs in at once."""

    HELP = "signin"
    BINDINGS: ClassVar[list[BindingType]] = [
        command("f2", "enter", N_("Sign in"), N_("Sign in with this name and passphrase"), bar=True),
        command(
            "f3", "first", N_("First sign-in"), N_("You have a one-time code from your team lead"), bar=True
        ),
        command("escape", "back", N_("Back"), N_("Back to the choice of how to begin"), bar=True),
    ]

    def __init__(
        self,
        user: str = "",
        passphrase: str | None = None,
        banner: str | None = None,
        back: Callable[[], object] | None = None,
    ) -> None:
        super().__init__()
        self._back = back
        self._user = user
        self._passphrase = passphrase
        # From the start: what is typed before the screen has settled would else stand in clear as the user name.
        self.AUTO_FOCUS = (  # type: ignore[misc]  # Textual reads it of each screen
            "#field-passphrase Input" if user else "#field-user Input"
        )
        self._banner = banner

    def compose(self) -> ComposeResult:
        """A box in the middle."""
        with Vertical(classes="signin-box"):
            yield Static(Content("ocmw-intake"), classes="signin-title")
            yield Static(Content(_("Referrals from Kind en Gezin to the OCMW")), classes="signin-subtitle")
            if self._banner:
                yield Static(Content(self._banner), classes="signin-banner")
            yield Field("user", _("User name"), Input(self._user, max_length=80, compact=True))
            yield Field(
                "passphrase",
                _("Passphrase"),
                Input(self._passphrase or "", password=True, max_length=1024, compact=True),
            )
            yield from self.state_and_button(_("Sign in"))
            yield Static(
                Content(_("First time here? F3 signs you in with the code of your team lead.")),
                classes="signin-hint",
            )
        yield KeyBar()

    def on_mount(self) -> None:
        """The cursor where something is missing."""
        fields_of(self)["passphrase" if self._user else "user"].focus_control()
        if self._user and self._passphrase:
            self.action_enter()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes on, and in the last field signs in."""
        if event.input is fields_of(self)["user"].control_widget:
            fields_of(self)["passphrase"].focus_control()
        else:
            self.action_enter()

    def on_button_pressed(self) -> None:
        """The button does what F2 does."""
        self.action_enter()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is a way back in the first run alone."""
        del parameters
        return action != "back" or self._back is not None

    def action_back(self) -> None:
        """Where one came from."""
        if self._back is not None and not self._busy:
            self._back()

    def action_first(self) -> None:
        """The way in for a new colleague."""
        if not self._busy:
            self.app.push_screen(FirstSignInScreen(fields_of(self)["user"].text))

    def action_enter(self) -> None:
        """Check what was typed and sign in."""
        if self._busy:
            return
        fields = fields_of(self)
        for field in fields.values():
            field.clear_error()
        self.tell("")
        for name, problem in (
            ("user", _("Give your user name.")),
            ("passphrase", _("Give your passphrase.")),
        ):
            if not fields[name].text.strip():
                fields[name].fail(problem)
                fields[name].focus_control()
                return
        self.set_busy(True)
        self._sign_in(fields["user"].text, fields["passphrase"].text)

    @work(exclusive=True, group="signin")
    async def _sign_in(self, user: str, passphrase: str) -> None:
        try:
            secrecy_due = await self.bridge.sign_in(self.intake.workstation, user, passphrase)
        except Refusal as error:
            self.set_busy(False)
            self._refused(error)
        else:
            if secrecy_due:
                self.set_busy(False)
                fields_of(self)["passphrase"].text = ""
                self.app.push_screen(SecrecyScreen())
            else:
                self.intake.enter()

    def _refused(self, error: Refusal) -> None:
        fields = fields_of(self)
        if isinstance(error, WrongPassphrase | SignInSlowed):
            field = fields["passphrase"]
            assert isinstance(field.control_widget, Input)
            field.control_widget.select_all()
        elif isinstance(error, UnknownUser | AccountNotActive | WrongUserName):
            field = fields["user"]
        else:
            self.tell(f"✖ {sentence(error)}")
            return
        field.fail(sentence(error))
        field.focus_control()
