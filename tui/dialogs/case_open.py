"""Opening a case file under the OCMW's own number (P3)."""

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.widgets import Input

from intake.errors import WrongUse
from intake.texts import N_, _
from storage.errors import Refusal
from tui.dialogs.base import Dialog, Mistake, Submit
from tui.widgets.field import Field


class CaseOpenDialog(Dialog[str]):
    """Asks the number."""

    HELP = "case"
    SEND = N_("Open case file")

    def __init__(self, submit: Submit[str], reference: str, draft: Mapping[str, str] | None = None) -> None:
        super().__init__(submit, draft)
        self._reference = reference

    @property
    def title_text(self) -> str:
        """Names the referral."""
        return _("Open a case file for %(reference)s") % {"reference": self._reference}

    def form(self) -> ComposeResult:
        """One field."""
        yield Field(
            "number",
            _("File number"),
            Input(max_length=60, compact=True),
            _("The OCMW's own number, for example 2026/0117"),
        )

    def read(self) -> str:
        """The number as typed."""
        number = self.text("number").strip()
        if not number:
            raise Mistake("number", _("Give the case file's number."))
        return number

    def field_of(self, error: Refusal) -> str | None:
        """A number that cannot be used."""
        return "number" if isinstance(error, WrongUse) else None
