"""A step that asks for a reason and nothing else: reopening a referral, ending a hold."""

from collections.abc import Mapping

from textual.app import ComposeResult

from intake.errors import WrongUse
from intake.texts import _
from storage.errors import Refusal
from tui.dialogs.base import Dialog, Mistake, Submit
from tui.widgets.note import NoteField


class WhyDialog(Dialog[str]):
    """Asks why. `title` names the referral; `send` is the message id of the button."""

    HELP = "close"

    def __init__(
        self, submit: Submit[str], title: str, send: str, draft: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(submit, draft)
        self._title_text = title
        self.SEND = send  # type: ignore[misc]  # of this dialog, where a class has one for all

    @property
    def title_text(self) -> str:
        """Names the referral."""
        return self._title_text

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
