"""Rejecting a message in quarantine: the reason from a list, a word for the log, and whether the sender is told."""

from collections.abc import Mapping
from dataclasses import dataclass

from textual.app import ComposeResult

from intake.causes import Cause
from intake.errors import ConfigurationError, WrongUse
from intake.rejecting import BECAUSE_WORDS, CHOICES, UNANSWERED, Because, is_told, usual
from intake.texts import N_, _
from storage.errors import Refusal
from tui.dialogs.base import Dialog, Submit
from tui.widgets.choice import Choice
from tui.widgets.field import TICKED, Field, fields_of
from tui.widgets.note import NoteField
from tui.widgets.tick import Tick


@dataclass(frozen=True, slots=True)
class RejectData:
    """Why it is rejected; with `draft` a mail to the sender is prepared."""

    because: Because
    why: str
    draft: bool

    def __repr__(self) -> str:
        return f"RejectData({self.because})"


class RejectDialog(Dialog[RejectData]):
    """The usual reason of the cause stands first chosen; the draft follows the reason until someone decides otherwise."""

    HELP = "reject"
    SEND = N_("Reject")

    def __init__(
        self, submit: Submit[RejectData], item: str, cause: Cause, draft: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(submit, draft)
        self._item = item
        self._cause = cause

    @property
    def title_text(self) -> str:
        """Names the item."""
        return _("Reject %(item)s") % {"item": self._item}

    def form(self) -> ComposeResult:
        """Reason, explanation, draft."""
        first = usual(self._cause)
        reasons = [(because.value, _(BECAUSE_WORDS[because])) for because in CHOICES]
        yield Field("because", _("Reason"), Choice(reasons, first.value))
        yield NoteField("why", _("Explanation"), 2, _("For the log, without the client's name."))
        if self._cause in UNANSWERED:
            return
        yield Field(
            "draft",
            "",
            Tick(_("Prepare a mail to the sender")),
            _("It holds no client data; read it among the drafts and send it."),
        )

    def on_mount(self) -> None:
        """The draft as the usual reason has it."""
        self._follow(usual(self._cause))

    def on_choice_changed(self, event: Choice.Changed) -> None:
        """The sender is told where that is fitting."""
        if event.value:
            self._follow(Because(event.value))

    def _follow(self, because: Because) -> None:
        if "draft" in (fields := fields_of(self)):
            fields["draft"].text = TICKED if is_told(self._cause, because) else ""

    def read(self) -> RejectData:
        """What was filled in."""
        why = self.reason("why")
        return RejectData(
            Because(self.text("because")),
            why,
            self._cause not in UNANSWERED and bool(self.text("draft")),
        )

    def field_of(self, error: Refusal) -> str | None:
        """A reason that names the client; a mail that has no address."""
        if isinstance(error, ConfigurationError):
            return "draft"
        return "why" if isinstance(error, WrongUse) else None
