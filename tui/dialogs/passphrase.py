"""A new archive passphrase, tried at once on the message under the cursor and kept only when it opens it."""

from collections.abc import Mapping
from datetime import date

from textual.app import ComposeResult
from textual.widgets import Input

from intake.desk.passphrases import LONGEST, LONGEST_LABEL, LabelUnusable, NewPassphrase
from intake.errors import WrongUse
from intake.formats import show_date
from intake.moments import NotADate, read_date
from intake.texts import N_, _
from storage.errors import Refusal
from tui.dialogs.base import Dialog, Mistake, Submit
from tui.widgets.field import Field


class PassphraseDialog(Dialog[NewPassphrase]):
    """The passphrase is hidden while it is typed, stands in no log and in no notice."""

    HELP = "passphrase"
    SEND = N_("Try and keep")

    def __init__(
        self, submit: Submit[NewPassphrase], item: str, today: date, draft: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(submit, draft)
        self._item = item
        self._today = today

    @property
    def title_text(self) -> str:
        """Names the item."""
        return _("New archive passphrase for %(item)s") % {"item": self._item}

    def form(self) -> ComposeResult:
        """Passphrase, label, from when one sends with it."""
        yield Field(
            "secret",
            _("Passphrase"),
            Input(password=True, max_length=LONGEST, compact=True),
            _("As the sender told it by telephone. It is kept only when it opens this message."),
        )
        yield Field(
            "label",
            _("Label"),
            Input(max_length=LONGEST_LABEL, compact=True, placeholder=_("such as: winter 2026")),
            _("The log names the passphrase so."),
        )
        yield Field(
            "valid_from",
            _("Valid from"),
            Input(show_date(self._today), max_length=20, compact=True),
            _("From this day on you send with it; what comes in is always tried with all."),
        )

    def read(self) -> NewPassphrase:
        """What was filled in."""
        if not self.text("secret").strip():
            raise Mistake("secret", _("Give the passphrase."))
        if not self.text("label").strip():
            raise Mistake("label", _("Give it a label."))
        try:
            day = read_date(self.text("valid_from"), self._today)
        except NotADate as error:
            raise Mistake("valid_from", str(error)) from None
        return NewPassphrase(self.text("label"), self.text("secret"), day)

    def field_of(self, error: Refusal) -> str | None:
        """What is wrong with the label beside it; all else is about the passphrase."""
        if isinstance(error, LabelUnusable):
            return "label"
        return "secret" if isinstance(error, WrongUse) else None
