"""Asking why a colleague's referral is read; the reason stands in the access log (A12)."""

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from intake.desk.logged import PersonNamed
from intake.errors import WrongUse
from intake.texts import N_, _
from storage.errors import Refusal
from tui.dialogs.base import Dialog, Submit
from tui.widgets.field import Field


class ReasonDialog(Dialog[str]):
    """Asks a reason before anything is shown."""

    HELP = "reason"
    SEND = N_("Open it")

    def __init__(self, submit: Submit[str], reference: str, worker: str) -> None:
        super().__init__(submit)
        self._reference = reference
        self._worker = worker

    @property
    def title_text(self) -> str:
        """Names the referral."""
        return _("Why do you read %(reference)s?") % {"reference": self._reference}

    def form(self) -> ComposeResult:
        """Whose it is, and the reason."""
        text = _(
            "This referral is assigned to %(worker)s. Your reason is kept in the access log with your name."
        )
        yield Static(Content(text % {"worker": self._worker}), classes="dialog-text")
        yield Field(
            "reason",
            _("Reason"),
            Input(max_length=300, compact=True),
            _("Without the client's name, address or number, for example: replacing during sick leave"),
        )

    def read(self) -> str:
        """The reason as typed."""
        return self.reason("reason")

    def field_of(self, error: Refusal) -> str | None:
        """A reason that names the client, or none at all."""
        return "reason" if isinstance(error, PersonNamed | WrongUse) else None
