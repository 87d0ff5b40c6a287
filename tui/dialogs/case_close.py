"""Closing a case file that is kept here; ten years are kept from that day (P3)."""

from collections.abc import Mapping
from datetime import date

from textual.app import ComposeResult
from textual.widgets import Input

from intake.errors import WrongUse
from intake.moments import NotADate, read_date
from intake.texts import N_, _
from storage.errors import Refusal
from tui.dialogs.base import Dialog, Mistake, Submit
from tui.widgets.field import Field


class CaseCloseDialog(Dialog[date]):
    """Asks the closing date."""

    HELP = "case"
    SEND = N_("Close case file")

    def __init__(
        self,
        submit: Submit[date],
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
        return _("Close the case file of %(reference)s") % {"reference": self._reference}

    def form(self) -> ComposeResult:
        """One date."""
        yield Field(
            "date",
            _("Closed on"),
            Input(self._today.strftime("%d/%m/%Y"), max_length=20, compact=True),
            _("The ten years for which the file is kept run from this day. (P3)"),
        )

    def read(self) -> date:
        """The day."""
        try:
            return read_date(self.text("date"), self._today)
        except NotADate as error:
            raise Mistake("date", str(error)) from None

    def field_of(self, error: Refusal) -> str | None:
        """A day that cannot be."""
        return "date" if isinstance(error, WrongUse) else None
