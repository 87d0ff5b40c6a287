"""Recording what the sender or the client said about consent (recital C)."""

from collections.abc import Mapping
from dataclasses import dataclass

from textual.app import ComposeResult

from intake.client import Consent
from intake.errors import WrongUse
from intake.texts import _
from intake.words import CONSENT_WORDS
from storage.errors import Refusal
from tui.dialogs.base import Dialog, Submit
from tui.widgets.choice import Choice
from tui.widgets.field import Field, fields_of
from tui.widgets.note import NoteField


@dataclass(frozen=True, slots=True)
class ConsentData:
    """The consent and who said so, how and when."""

    consent: Consent
    why: str

    def __repr__(self) -> str:
        return f"ConsentData({self.consent})"


def _consequence(consent: Consent) -> str:
    match consent:
        case Consent.CONFIRMED:
            return _("Contact with the client may begin.")
        case Consent.NOT_STATED:
            return _("No contact until the sender has answered.")
    return _("This closes the referral at once; it is then discarded.")


class ConsentDialog(Dialog[ConsentData]):
    """Says what each answer leads to."""

    HELP = "consent"

    def __init__(
        self,
        submit: Submit[ConsentData],
        reference: str,
        current: Consent,
        draft: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(submit, draft)
        self._reference = reference
        self._current = current

    @property
    def title_text(self) -> str:
        """Names the referral."""
        return _("Consent of the client of %(reference)s") % {"reference": self._reference}

    def form(self) -> ComposeResult:
        """The answers and who gave it."""
        answers = [(consent.value, _(CONSENT_WORDS[consent])) for consent in Consent]
        yield Field(
            "consent", _("Consent"), Choice(answers, self._current.value), _consequence(self._current)
        )
        yield NoteField("why", _("Explanation"), 3, _("Who said so, how and when"))

    def on_choice_changed(self, event: Choice.Changed) -> None:
        """What the answer leads to."""
        if event.value:
            fields_of(self)["consent"].say(_consequence(Consent(event.value)))

    def read(self) -> ConsentData:
        """The answer."""
        why = self.reason("why")
        return ConsentData(Consent(self.text("consent")), why)

    def field_of(self, error: Refusal) -> str | None:
        """An explanation that cannot be used."""
        return "why" if isinstance(error, WrongUse) else None
