"""Keeping a referral from being discarded until a day, with the reason (P3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from textual.app import ComposeResult
from textual.widgets import Input

from intake.errors import WrongUse
from intake.formats import show_date
from intake.texts import N_, _
from storage.errors import Refusal
from tui.dialogs.base import Dialog, Submit
from tui.widgets.field import Field
from tui.widgets.note import NoteField


@dataclass(frozen=True, slots=True)
class HoldData:
    """The last day of the hold, and why."""

    until: date
    why: str

    def __repr__(self) -> str:
        return f"HoldData({self.until})"


class HoldDialog(Dialog[HoldData]):
    """A month from today, when nothing else is typed."""

    HELP = "retention"
    SEND = N_("Keep longer")

    def __init__(
        self,
        submit: Submit[HoldData],
        reference: str,
        *,
        today: date,
        draft: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(submit, draft)
        self._reference = reference
        self._today = today

    @property
    def title_text(self) -> str:
        """Names the referral."""
        return _("Keep %(reference)s longer") % {"reference": self._reference}

    def form(self) -> ComposeResult:
        """The day and the reason."""
        until = show_date(self._today + relativedelta(months=1))
        yield Field(
            "until",
            _("Until and including"),
            Input(until, max_length=20, compact=True),
            _("It is not discarded before this day is over; a year at most."),
        )
        yield NoteField("why", _("Explanation"), 3, _("For example: a complaint of the client is under way"))

    def read(self) -> HoldData:
        """The hold."""
        until = self.day("until", self._today, ahead=True)
        why = self.reason("why")
        return HoldData(until, why)

    def field_of(self, error: Refusal) -> str | None:
        """A day that cannot be."""
        return "until" if isinstance(error, WrongUse) else None
