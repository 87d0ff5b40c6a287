"""Taking a closed referral up again, with the reason."""

from collections.abc import Mapping

from textual.app import ComposeResult

from intake.errors import WrongUse
from intake.texts import N_, _
from storage.errors import Refusal
from tui.dialogs.base import Dialog, Mistake, Submit
from tui.widgets.note import NoteField


class ReopenDialog(Dialog[str]):
    """Asks why."""

    HELP = "close"
    SEND = N_("Reopen")

    def __init__(self, submit: Submit[str], reference: str, draft: Mapping[str, str] | None = None) -> None:
        super().__init__(submit, draft)
        self._reference = reference

    @property
    def title_text(self) -> str:
        """Names the referral."""
        return _("Reopen %(reference)s") % {"reference": self._reference}

    def form(self) -> ComposeResult:
        """One field."""
        yield NoteField("why", _("Explanation"), 4, _("Kept with the client's data, for who may read them."))

    def read(self) -> str:
        """The explanation."""
        if not self.text("why").strip():
            raise Mistake("why", _("Say why, in a few words."))
        return self.text("why")

    def field_of(self, error: Refusal) -> str | None:
        """An explanation that cannot be used."""
        return "why" if isinstance(error, WrongUse) else None
