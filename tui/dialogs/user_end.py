"""Ending an account: to whom its open referrals go, and how many there are."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from intake.errors import WrongUse
from intake.texts import N_, _
from storage.errors import Refusal
from tui.dialogs.base import Dialog, Submit
from tui.widgets.choice import Choice
from tui.widgets.field import Field


class UserEndDialog(Dialog[str]):
    """The account of who takes over; "" for nobody."""

    HELP = "office"
    SEND = N_("Disable for good")

    def __init__(self, submit: Submit[str], name: str, count: int, heirs: Sequence[tuple[str, str]]) -> None:
        super().__init__(submit)
        self._who = name
        self._count = count
        self._heirs = heirs

    @property
    def title_text(self) -> str:
        """Names the account."""
        return _("Disable %(user)s") % {"user": self._who}

    def form(self) -> ComposeResult:
        """What follows, and who takes over."""
        text = _(
            "An account is disabled for good: who comes back is invited under another name. All that it could read gets "
            "new keys. Its entries in the log stay."
        )
        yield Static(Content(text), classes="dialog-text")
        count = _("Open referrals: %(count)d") % {"count": self._count}
        yield Static(Content(count), classes="dialog-text")
        choices = [("", _("nobody yet: they wait to be assigned")), *self._heirs]
        field = Field("to", _("They go to"), Choice(choices, ""))
        field.display = bool(self._count)
        yield field

    def read(self) -> str:
        """Who takes over."""
        return self.text("to")

    def field_of(self, error: Refusal) -> str | None:
        """Someone who cannot take over."""
        return "to" if isinstance(error, WrongUse) and self._count else None
