"""A task of the agreement: what it is about, why, and by when (P9)."""

from dataclasses import dataclass
from datetime import date, timedelta

from textual.app import ComposeResult
from textual.widgets import Input

from intake.desk.logged import PersonNamed
from intake.desk.tasks import FURTHEST
from intake.errors import WrongUse
from intake.formats import show_date
from intake.registers import SUBJECT_WORDS, Subject
from intake.texts import _
from storage.errors import Refusal
from tui.dialogs.base import Dialog, Submit
from tui.widgets.choice import Choice
from tui.widgets.field import Field
from tui.widgets.note import NoteField

PROPOSED = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class TaskData:
    """A task as typed."""

    subject: Subject
    why: str
    due_on: date

    def __repr__(self) -> str:
        return f"TaskData({self.subject}, {self.due_on})"


class TaskDialog(Dialog[TaskData]):
    """Two weeks from today, when nothing else is typed."""

    HELP = "tasks"

    def __init__(self, submit: Submit[TaskData], *, today: date) -> None:
        super().__init__(submit)
        self._today = today

    @property
    def title_text(self) -> str:
        """A heading."""
        return _("New task")

    def form(self) -> ComposeResult:
        """About what, why, by when."""
        subjects = [(subject.value, _(words)) for subject, words in SUBJECT_WORDS.items()]
        yield Field("subject", _("About"), Choice(subjects))
        yield NoteField("why", _("Why"), 3, _("In a few words, without a client's name."))
        yield Field("due", _("Due"), Input(show_date(self._today + PROPOSED), max_length=20, compact=True))

    def read(self) -> TaskData:
        """The task."""
        why = self.reason("why")
        return TaskData(Subject(self.text("subject")), why, self._due())

    def _due(self) -> date:
        return self.day("due", self._today, ahead=True)

    def field_of(self, error: Refusal) -> str | None:
        """A day that cannot be, or a text that tells too much."""
        if isinstance(error, WrongUse) and not self._today <= self._due() <= self._today + FURTHEST:
            return "due"
        return "why" if isinstance(error, PersonNamed | WrongUse) else None
