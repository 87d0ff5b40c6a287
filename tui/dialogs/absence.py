"""An absence: until when, and who reads and works the open referrals meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from intake.errors import WrongUse
from intake.formats import show_date
from intake.texts import N_, _
from storage.errors import Refusal
from tui.dialogs.base import Dialog, Mistake, Submit
from tui.widgets.choice import Choice
from tui.widgets.field import Field


@dataclass(frozen=True, slots=True)
class AbsenceData:
    """The last day, included, and the substitute's account."""

    until: date
    substitute: str


class AbsenceDialog(Dialog[AbsenceData]):
    """A week, when nothing else is typed."""

    HELP = "office"
    SEND = N_("Note absence")

    def __init__(
        self, submit: Submit[AbsenceData], name: str, others: Sequence[tuple[str, str]], *, today: date
    ) -> None:
        super().__init__(submit)
        self._who = name
        self._others = others
        self._today = today

    @property
    def title_text(self) -> str:
        """Names the colleague."""
        return _("Absence of %(user)s") % {"user": self._who}

    def form(self) -> ComposeResult:
        """The last day and the substitute."""
        yield Static(
            Content(
                _(
                    "Until that day, included, the substitute reads and works the open referrals. Deadlines go on."
                )
            ),
            classes="dialog-text",
        )
        until = show_date(self._today + timedelta(days=7))
        yield Field("until", _("Last day"), Input(until, max_length=20, compact=True))
        yield Field("substitute", _("Substitute"), Choice(self._others))

    def read(self) -> AbsenceData:
        """The absence."""
        until = self.day("until", self._today, ahead=True)
        if until < self._today:
            raise Mistake("until", _("Give a last day of absence that is today or later."))
        if not self.text("substitute"):
            raise Mistake("substitute", _("There is nobody who could stand in. Invite a colleague first."))
        return AbsenceData(until, self.text("substitute"))

    def field_of(self, error: Refusal) -> str | None:
        """Someone who cannot be, or have, a substitute."""
        return "substitute" if isinstance(error, WrongUse) else None
