"""Reporting a datum to the sender: which field, what is amiss, what it should be (P7)."""

from collections.abc import Mapping
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input

from intake.errors import WrongUse
from intake.registers import NOTICE_WORDS, WHAT_WORDS, What
from intake.texts import N_, _
from storage.errors import Refusal
from tui.dialogs.base import Dialog, Submit
from tui.widgets.choice import Choice
from tui.widgets.field import Field


@dataclass(frozen=True, slots=True)
class QualityData:
    """A notice; `value` only goes into the draft's encrypted archive."""

    field: str
    what: What
    value: str | None

    def __repr__(self) -> str:
        return f"QualityData({self.field}, {self.what})"


class QualityDialog(Dialog[QualityData]):
    """Makes a draft that a person reads and sends; it tells nothing of how the referral goes on."""

    HELP = "quality"
    SEND = N_("Make the draft")

    def __init__(
        self, submit: Submit[QualityData], reference: str, draft: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(submit, draft)
        self._reference = reference

    @property
    def title_text(self) -> str:
        """Names the referral."""
        return _("Notice to the sender about %(reference)s") % {"reference": self._reference}

    def form(self) -> ComposeResult:
        """What is amiss with which field, and what it should be."""
        kinds = [(what.value, _(WHAT_WORDS[what])) for what in What]
        names = [(name, _(words)) for name, words in NOTICE_WORDS.items()]
        with Horizontal(classes="side-by-side"):
            yield Field("what", _("What"), Choice(kinds), classes="narrow")
            yield Field("field", _("Field"), Choice(names), classes="narrow")
        yield Field(
            "value",
            _("Should be"),
            Input(max_length=300, compact=True),
            _("Optional. It only goes into the draft's encrypted archive, and is kept nowhere else."),
        )

    def read(self) -> QualityData:
        """The notice."""
        value = self.text("value").strip() or None
        return QualityData(self.text("field"), What(self.text("what")), value)

    def field_of(self, error: Refusal) -> str | None:
        """What cannot be reported of a field."""
        return "field" if isinstance(error, WrongUse) else None
