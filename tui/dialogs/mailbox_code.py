"""The code by which a person signs the program in to the mailbox, shown until it is confirmed in a browser."""

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from intake.errors import sentence
from intake.mail.code import Code, CodeSignIn, Waiting
from intake.mail.ways import MailboxSecret
from intake.texts import N_, _
from storage.errors import Refusal
from tui.bridge import Bridge
from tui.commands import command


class MailboxCodeDialog(ModalScreen[MailboxSecret | None]):
    """Runs the sign-in and ends with its secret; None when it was stopped or did not come about."""

    HELP: ClassVar[str] = "mailbox"
    BINDINGS: ClassVar[list[BindingType]] = [
        command("escape", "leave", N_("Dismiss"), N_("Close; nothing is signed in"), bar=True),
    ]

    def __init__(self, sign_in: CodeSignIn) -> None:
        super().__init__(classes="dialog")
        self._sign_in = sign_in

    def compose(self) -> ComposeResult:
        """Address, code, and how long is left."""
        with Vertical(classes="dialog-box"):
            yield Static(Content(_("Sign in to the mailbox with a code")), classes="dialog-title")
            yield Static(Content(_("Asking for a code…")), id="code", classes="dialog-text")
            yield Static("", id="code-left", classes="dialog-text")
            with Horizontal(classes="dialog-buttons"):
                yield Button(Content(_("Dismiss") + " (Esc)"), id="leave", variant="primary", compact=True)

    def on_mount(self) -> None:
        """Begin."""
        self.query_one("#leave").focus()
        self.run_sign_in()

    @work(exclusive=True)
    async def run_sign_in(self) -> None:
        """In a thread of its own."""
        bridge: Bridge = self.app.bridge  # type: ignore[attr-defined]  # of this program's application
        try:
            await bridge.beside(self._sign_in.run, self._hear)
        except Refusal as error:
            self.query_one("#code-left", Static).update(
                Content.styled(f"✖ {sentence(error)}", "$text-error bold")
            )

    def _hear(self, told: Code | Waiting | MailboxSecret) -> None:
        if isinstance(told, MailboxSecret):
            self.dismiss(told)
            return
        if isinstance(told, Code):
            words = _("1. Open %(address)s in a browser, on any machine.") % {"address": told.address}
            words += "\n" + _("2. Type this code:") + " "
            after = "\n" + _("3. Sign in as someone who may open the mailbox.")
            self.query_one("#code", Static).update(
                Content(words) + Content.styled(told.code, "bold") + Content(after)
            )
        left = _("Waiting for the confirmation; at most %(minutes)d minutes. Esc stops it.")
        self.query_one("#code-left", Static).update(Content(left % {"minutes": max(1, told.seconds // 60)}))

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """The only one."""
        event.stop()
        self.action_leave()

    def action_leave(self) -> None:
        """Stop waiting."""
        self._sign_in.cancel()
        self.dismiss(None)
