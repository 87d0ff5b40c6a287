"""A one-time code, shown once: it is kept nowhere in clear, and whoever closes this has to make a new one."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Label, Static

from intake.texts import N_, _
from tui.clipboard import copy
from tui.commands import command


class CodeDialog(ModalScreen[None]):
    """Shows the code of a colleague, named by display name."""

    HELP: ClassVar[str] = "office"
    BINDINGS: ClassVar[list[BindingType]] = [
        command("escape", "leave", N_("Dismiss"), N_("You noted the code; it is not shown again"), bar=True),
        command("c", "copy", N_("Copy"), N_("Copy the code to the clipboard"), bar=True),
    ]

    def __init__(self, name: str, code: str) -> None:
        super().__init__(classes="dialog")
        self._who = name
        self._code = code

    def compose(self) -> ComposeResult:
        """Whose it is, the code, and how to give it."""
        with Vertical(classes="dialog-box"):
            title = _("One-time code of %(user)s") % {"user": self._who}
            yield Static(Content(title), classes="dialog-title")
            yield Static(Content(self._code), id="code", classes="secret")
            yield Static(
                Content(
                    _(
                        "Give it personally: by word of mouth or on paper, never by mail. It works once, at the first "
                        "sign-in (F3), and then a passphrase is chosen. It is shown only now; if it is lost, make a new one "
                        "with R."
                    )
                ),
                classes="dialog-text",
            )
            copied = Label("", id="copied", classes="dialog-error -plain")
            copied.display = False
            yield copied
            with Horizontal(classes="dialog-buttons"):
                yield Button(
                    Content(_("I have noted it") + " (Esc)"), id="leave", variant="primary", compact=True
                )
                yield Button(Content(_("Copy") + " (c)"), id="copy", compact=True)

    def on_mount(self) -> None:
        """The button that copies has the focus: Enter must not close what is shown once."""
        self.query_one("#copy", Button).focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """The buttons do what the keys do."""
        event.stop()
        if event.button.id == "copy":
            self.action_copy()
        else:
            self.action_leave()

    def action_copy(self) -> None:
        """To the clipboard, and say so."""
        # Of the program: leaving at once must not stop it.
        self.app.run_worker(self._copy(self._code), group="copy", exclusive=True)

    async def _copy(self, code: str) -> None:
        await copy(self.app, code)
        if self.is_attached:
            copied = self.query_one("#copied", Label)
            copied.update(Content("✔ " + _("Copied. Empty the clipboard once you have given it.")))
            copied.display = True

    def action_leave(self) -> None:
        """Forget it."""
        self._code = ""
        self.dismiss(None)
