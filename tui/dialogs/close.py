"""Closing a referral without a case file, with the reason."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from textual.app import ComposeResult
from textual.widgets import Input

from intake.desk.refusals import NotAssignedToYou
from intake.errors import NotFound, WrongUse
from intake.formats import show_date
from intake.likeness import Alike
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
    """Why it is closed; `of` is the referral it duplicates, `number` that of the file of a client who is known already."""

    because: Closure
    why: str
    of: str | None
    number: str | None = None

    def __repr__(self) -> str:
        return f"CloseData({self.because})"


class CloseDialog(Dialog[CloseData]):
    """Offers the reasons that this user may give; `alike` are referrals perhaps of the same client.

    Nothing is chosen beforehand: a reason stands in the register as the ground of the discard. `goes_on` tells the first
    day of that.
    """

    HELP = "close"
    SEND = N_("Close referral")

    def __init__(
        self,
        submit: Submit[CloseData],
        reference: str,
        closures: Sequence[Closure],
        alike: Sequence[Alike] = (),
        draft: Mapping[str, str] | None = None,
        *,
        goes_on: Callable[[Closure], date | None] = lambda _because: None,
    ) -> None:
        super().__init__(submit, draft)
        self._goes_on = goes_on
        self._double = alike[0].reference if alike else ""
        self._number = next((other.case_number for other in alike if other.case_number), None) or ""
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
            Choice(reasons, unasked=False),
            self._consequence(None),
        )
        yield Field(
            "of",
            _("Duplicate of"),
            Input(self._double, max_length=20, placeholder="D2026-0042", compact=True),
            _("That one stays, and takes over what only this one says."),
        )
        yield Field("number", _("Existing file"), Input(self._number, max_length=40, compact=True))
        yield NoteField("why", _("Explanation"), 3)

    def on_mount(self) -> None:
        """The other referral is asked for a duplicate only, the number for a known client only."""
        self._show_of(self.text("because"))

    def on_choice_changed(self, event: Choice.Changed) -> None:
        """As `on_mount`, and when it is discarded."""
        self._show_of(event.value)
        fields_of(self)["because"].say(self._consequence(event.value))

    def _consequence(self, code: str | None) -> str:
        day = self._goes_on(Closure(code)) if code else None
        if day is None:
            return _("A closed referral is discarded in due time. A team lead can reopen it until then.")
        return _("It is discarded from %(day)s on. A team lead can reopen it until then.") % {
            "day": show_date(day)
        }

    def _show_of(self, code: str | None) -> None:
        fields_of(self)["of"].display = code == Closure.DUPLICATE.value
        fields_of(self)["number"].display = code == Closure.ALREADY_KNOWN.value

    def read(self) -> CloseData:
        """What was filled in."""
        if not self.text("because"):
            raise Mistake("because", _("Choose the reason first."))
        because = Closure(self.text("because"))
        of = self.text("of").strip().upper() or None
        if because is Closure.DUPLICATE and not of:
            raise Mistake("of", _("Say of which referral this is a duplicate."))
        why = self.reason("why")
        number = self.text("number").strip() or None
        return CloseData(
            because,
            why,
            of if because is Closure.DUPLICATE else None,
            number if because is Closure.ALREADY_KNOWN else None,
        )

    def field_of(self, error: Refusal) -> str | None:
        """An unknown referral beside its field, a forbidden reason beside the reason."""
        because = self.text("because")
        if because == Closure.DUPLICATE.value and isinstance(error, NotFound | NotAssignedToYou | WrongUse):
            return "of"
        if because == Closure.ALREADY_KNOWN.value and isinstance(error, WrongUse):
            return "number"
        return "why" if isinstance(error, WrongUse) else "because"
