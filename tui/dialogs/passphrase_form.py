"""What every form for a new archive passphrase asks and checks; for whom it is and until when, only `passphrase_add.py`."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from textual.app import ComposeResult
from textual.widgets import Input

from intake.desk.passphrases import LONGEST, LONGEST_LABEL, LabelUnusable, NewPassphrase
from intake.errors import WrongUse
from intake.formats import show_date
from intake.texts import _
from storage.errors import Refusal
from tui.dialogs.base import Dialog, Mistake, Submit
from tui.widgets.field import Field


class PassphraseForm(Dialog[NewPassphrase]):
    """The passphrase is hidden while it is typed, stands in no log and in no notice. Subclasses say what is told beneath."""

    SECRET_HINT: ClassVar[str]
    LABEL_HINT: ClassVar[str]
    FROM_HINT: ClassVar[str]

    def __init__(
        self, submit: Submit[NewPassphrase], today: date, draft: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(submit, draft)
        self._today = today

    def form(self) -> ComposeResult:
        """Passphrase and label."""
        yield Field(
            "secret",
            _("Passphrase"),
            Input(password=True, max_length=LONGEST, compact=True),
            _(self.SECRET_HINT),
        )
        yield Field(
            "label",
            _("Label"),
            Input(max_length=LONGEST_LABEL, compact=True, placeholder=_("such as: winter 2026")),
            _(self.LABEL_HINT),
        )

    def first_day(self) -> Field:
        """From when one sends with it."""
        day = Input(show_date(self._today), max_length=20, compact=True)
        return Field("valid_from", _("Valid from"), day, _(self.FROM_HINT))

    def read(self) -> NewPassphrase:
        """What was filled in, for all teams and without an end."""
        if not self.text("secret").strip():
            raise Mistake("secret", _("Give the passphrase."))
        if not self.text("label").strip():
            raise Mistake("label", _("Give it a label."))
        first = self.day("valid_from", self._today)
        return NewPassphrase(self.text("label"), self.text("secret"), first)

    def field_of(self, error: Refusal) -> str | None:
        """What is wrong with the label beside it; all else is about the passphrase."""
        if isinstance(error, LabelUnusable):
            return "label"
        return "secret" if isinstance(error, WrongUse) else None
