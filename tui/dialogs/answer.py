"""The answer of the sender to a notice of data quality: the day it came, and a word for the log (P7)."""

from dataclasses import dataclass
from datetime import date

from textual.app import ComposeResult
from textual.widgets import Input

from intake.desk.logged import PersonNamed
from intake.errors import WrongUse
from intake.formats import show_date
from intake.registers import Notice
from intake.texts import _
from intake.workdays import local_date
from storage.errors import Refusal
from tui.dialogs.base import Dialog, Submit
from tui.widgets.field import Field


@dataclass(frozen=True, slots=True)
class AnswerData:
    """The day and the word."""

    on: date
    note: str

    def __repr__(self) -> str:
        return f"AnswerData({self.on})"


class AnswerDialog(Dialog[AnswerData]):
    """Today, when nothing else is typed."""

    HELP = "quality-list"

    def __init__(self, submit: Submit[AnswerData], notice: Notice, *, today: date) -> None:
        super().__init__(submit)
        self._notice = notice
        self._today = today

    @property
    def title_text(self) -> str:
        """Names the notice and the referral."""
        named = {"id": self._notice.id, "reference": self._notice.reference}
        return _("Answer to %(id)s about %(reference)s") % named

    def form(self) -> ComposeResult:
        """The day and the word."""
        yield Field("date", _("Answered on"), Input(show_date(self._today), max_length=20, compact=True))
        yield Field(
            "note",
            _("Note"),
            Input(max_length=300, compact=True),
            _("Optional. It stands in the log, so without the client's name, address or number."),
        )

    def read(self) -> AnswerData:
        """The answer."""
        return AnswerData(self.day("date", self._today), self.text("note").strip())

    def field_of(self, error: Refusal) -> str | None:
        """A day that cannot be, or a note that names the client."""
        day = self.day("date", self._today)
        can_be = local_date(self._notice.opened_at) <= day <= self._today
        if isinstance(error, WrongUse) and not can_be:
            return "date"
        return "note" if isinstance(error, PersonNamed | WrongUse) else None
