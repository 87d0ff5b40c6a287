"""Closing a referral without a case file, with the reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.widgets import Input

from intake.errors import NotFound, WrongUse
from intake.referral import Closure
from intake.texts import N_, _
from intake.words import CLOSURE_WORDS
from storage.errors import Refusal
from tui.dialogs.base import Dialog, Mistake, Submit
from tui.widgets.choice import Choice
from tui.widgets.field import Field, fields_of
from tui.widgets.note import NoteField


@dataclass(frozen=True, slots=True)
class CloseData:
    """Why it is closed; `of` is the referral it duplicates."""

    because: Closure
    why: str
    of: str | None

    def __repr__(self) -> str:
        return f"CloseData({self.because})"


class CloseDialog(Dialog[CloseData]):
    """Offers the reasons that this user may give."""

    HELP = "close"
    SEND = N_("Close referral")

    def __init__(
        self,
        submit: Submit[CloseData],
        reference: str,
        closures: Sequence[Closure],
        draft: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(submit, draft)
        self._reference = reference
        self._closures = closures

    @property
    def title_text(self) -> str:
        """Names the referral."""
        return _("Close %(reference)s without a case file") % {"reference": self._reference}

    def form(self) -> ComposeResult:
        """Reason, the other referral for a duplicate, explanation."""
        reasons = [(closure.value, _(CLOSURE_WORDS[closure])) for closure in self._closures]
        yield Field(
            "because",
            _("Reason"),
            Choice(reasons),
            _("A closed referral is discarded in due time. A team lead can reopen it until then."),
        )
        yield Field("of", _("Duplicate of"), Input(max_length=20, placeholder="D2026-0042", compact=True))
        yield NoteField("why", _("Explanation"), 3)

    def on_mount(self) -> None:
        """The other referral is asked for a duplicate only."""
        super().on_mount()
        self._show_of(self.text("because"))

    def on_choice_changed(self, event: Choice.Changed) -> None:
        """As `on_mount`."""
        self._show_of(event.value)

    def _show_of(self, code: str | None) -> None:
        fields_of(self)["of"].display = code == Closure.DUPLICATE.value

    def read(self) -> CloseData:
        """What was filled in."""
        because = Closure(self.text("because"))
        of = self.text("of").strip().upper() or None
        if because is Closure.DUPLICATE and not of:
            raise Mistake("of", _("Say of which referral this is a duplicate."))
        if not self.text("why").strip():
            raise Mistake("why", _("Say why, in a few words."))
        return CloseData(because, self.text("why"), of if because is Closure.DUPLICATE else None)

    def field_of(self, error: Refusal) -> str | None:
        """An unknown referral beside its field, a forbidden reason beside the reason."""
        duplicate = self.text("because") == Closure.DUPLICATE.value
        if isinstance(error, NotFound) or (duplicate and isinstance(error, WrongUse)):
            return "of"
        return "why" if isinstance(error, WrongUse) else "because"
