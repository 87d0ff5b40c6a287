"""An archive passphrase agreed with the senders, or with one team: its label, for whom, from when and until when."""

from collections.abc import Mapping
from datetime import date

from textual.app import ComposeResult
from textual.widgets import Input

from intake.desk.passphrases import (
    LONGEST,
    LONGEST_LABEL,
    LONGEST_TEAM,
    DayUnusable,
    LabelUnusable,
    NewPassphrase,
    TeamUnusable,
)
from intake.errors import WrongUse
from intake.formats import show_date
from intake.moments import NotADate, read_date
from intake.texts import N_, _
from storage.errors import Refusal
from tui.dialogs.base import Dialog, Mistake, Submit
from tui.widgets.field import Field


class PassphraseAddDialog(Dialog[NewPassphrase]):
    """The passphrase is hidden while it is typed, stands in no log and in no notice."""

    HELP = "passphrases"
    SEND = N_("Keep")

    def __init__(
        self, submit: Submit[NewPassphrase], *, today: date, draft: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(submit, draft)
        self._today = today

    @property
    def title_text(self) -> str:
        """A heading."""
        return _("New archive passphrase")

    def form(self) -> ComposeResult:
        """Passphrase, label, team, first and last day."""
        yield Field(
            "secret",
            _("Passphrase"),
            Input(password=True, max_length=LONGEST, compact=True),
            _("As agreed with the sender by telephone or in person."),
        )
        yield Field(
            "label",
            _("Label"),
            Input(max_length=LONGEST_LABEL, compact=True, placeholder=_("such as: winter 2026")),
            _("Lists and the log name it so."),
        )
        yield Field(
            "team",
            _("Team"),
            Input(
                max_length=LONGEST_TEAM, compact=True, placeholder=_("an address or domain; empty for all")
            ),
            _("Only mails of this team are tried with it."),
        )
        yield Field(
            "valid_from",
            _("Valid from"),
            Input(show_date(self._today), max_length=20, compact=True),
            _("From this day on you send with it."),
        )
        yield Field(
            "valid_until",
            _("Valid until"),
            Input(max_length=20, compact=True, placeholder=_("empty: no end yet")),
            _("Late mails are read for two weeks more."),
        )

    def read(self) -> NewPassphrase:
        """What was filled in."""
        if not self.text("secret").strip():
            raise Mistake("secret", _("Give the passphrase."))
        if not self.text("label").strip():
            raise Mistake("label", _("Give it a label."))
        first = self._day("valid_from")
        last = self._day("valid_until", ahead=True) if self.text("valid_until").strip() else None
        return NewPassphrase(self.text("label"), self.text("secret"), first, self.text("team"), last)

    def _day(self, name: str, *, ahead: bool = False) -> date:
        try:
            return read_date(self.text(name), self._today, ahead=ahead)
        except NotADate as error:
            raise Mistake(name, str(error)) from None

    def field_of(self, error: Refusal) -> str | None:
        """Beside what it is about; all else is about the passphrase."""
        for kind, name in (
            (LabelUnusable, "label"),
            (TeamUnusable, "team"),
            (DayUnusable, "valid_until"),
            (WrongUse, "secret"),
        ):
            if isinstance(error, kind):
                return name
        return None
