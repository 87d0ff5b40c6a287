"""A step that asks for a day and nothing else: closing a case file that is kept here, informing the client."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from textual.app import ComposeResult
from textual.widgets import Input

from intake.errors import WrongUse
from intake.formats import show_date
from intake.texts import N_, _
from storage.errors import Refusal
from tui.dialogs.base import Dialog, Submit
from tui.widgets.field import Field


@dataclass(frozen=True, slots=True)
class Asked:
    """What a dialog for a day says. `send` is a message id; the help is that of the step's kind."""

    title: str
    label: str
    hint: str
    send: str
    help: str


def case_closing(reference: str) -> Asked:
    """Closing a case file (P3)."""
    return Asked(
        _("Close the case file of %(reference)s") % {"reference": reference},
        _("Closed on"),
        _("The ten years for which the file is kept run from this day. (P3)"),
        N_("Close case file"),
        "case",
    )


def informing(reference: str) -> Asked:
    """Telling the client what is held (GDPR 14)."""
    return Asked(
        _("The client of %(reference)s was informed") % {"reference": reference},
        _("Told on"),
        _("What is held, what for, and that Kind en Gezin sent it; within a month of receipt. (GDPR 14)"),
        N_("Save"),
        "attempt",
    )


class DayDialog(Dialog[date]):
    """Asks for a day, today when nothing else is typed."""

    def __init__(
        self, submit: Submit[date], asked: Asked, *, today: date, draft: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(submit, draft)
        self._asked = asked
        self._today = today
        self.SEND = asked.send  # type: ignore[misc]  # of this dialog, where a class has one for all
        self.HELP = asked.help  # type: ignore[misc]  # as SEND

    @property
    def title_text(self) -> str:
        """Names the referral."""
        return self._asked.title

    def form(self) -> ComposeResult:
        """One date."""
        day = Input(show_date(self._today), max_length=20, compact=True)
        yield Field("date", self._asked.label, day, self._asked.hint)

    def read(self) -> date:
        """The day."""
        return self.day("date", self._today)

    def field_of(self, error: Refusal) -> str | None:
        """A day that cannot be."""
        return "date" if isinstance(error, WrongUse) else None
