"""The last day of an archive passphrase."""

from datetime import date

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from intake.errors import WrongUse
from intake.formats import show_date
from intake.texts import N_, _
from storage.errors import Refusal
from tui.dialogs.base import Dialog, Submit
from tui.widgets.field import Field


class PassphraseEndDialog(Dialog[date]):
    """Today, when nothing else is typed."""

    HELP = "passphrases"
    SEND = N_("Set the last day")

    def __init__(self, submit: Submit[date], label: str, *, today: date) -> None:
        super().__init__(submit)
        self._label = label
        self._today = today

    @property
    def title_text(self) -> str:
        """Names the passphrase by its label."""
        return _("Last day of '%(label)s'") % {"label": self._label}

    def form(self) -> ComposeResult:
        """What follows, and the day."""
        yield Static(
            Content(
                _(
                    "From the day after, you send with another one. What comes in late is opened with it for two weeks more; "
                    "after a leak give a day more than two weeks ago, and it opens nothing from now on."
                )
            ),
            classes="dialog-text",
        )
        yield Field("until", _("Last day"), Input(show_date(self._today), max_length=20, compact=True))

    def read(self) -> date:
        """The day."""
        return self.day("until", self._today, ahead=True)

    def field_of(self, error: Refusal) -> str | None:
        """A day before its first."""
        return "until" if isinstance(error, WrongUse) else None
