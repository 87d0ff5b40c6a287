"""An archive passphrase agreed with the senders, or with one team: its label, for whom, from when and until when."""

from dataclasses import replace

from textual.app import ComposeResult
from textual.widgets import Input

from intake.desk.passphrases import LONGEST_TEAM, DayUnusable, NewPassphrase, TeamUnusable
from intake.texts import N_, _
from storage.errors import Refusal
from tui.dialogs.passphrase_form import PassphraseForm
from tui.widgets.field import Field


class PassphraseAddDialog(PassphraseForm):
    """It is of all teams or of one, and may have an end."""

    HELP = "passphrases"
    SEND = N_("Keep")
    SECRET_HINT = N_("As agreed with the sender by telephone or in person.")
    LABEL_HINT = N_("Lists and the log name it so.")
    FROM_HINT = N_("From this day on you send with it.")

    @property
    def title_text(self) -> str:
        """A heading."""
        return _("New archive passphrase")

    def form(self) -> ComposeResult:
        """Passphrase, label, team, first and last day."""
        yield from super().form()
        yield Field(
            "team",
            _("Team"),
            Input(
                max_length=LONGEST_TEAM, compact=True, placeholder=_("an address or domain; empty for all")
            ),
            _("Only mails of this team are tried with it."),
        )
        yield self.first_day()
        yield Field(
            "valid_until",
            _("Valid until"),
            Input(max_length=20, compact=True, placeholder=_("empty: no end yet")),
            _("Late mails are read for two weeks more."),
        )

    def read(self) -> NewPassphrase:
        """What was filled in."""
        typed = super().read()
        last = self.day_if_any("valid_until", self._today, ahead=True)
        return replace(typed, team=self.text("team"), valid_until=last)

    def field_of(self, error: Refusal) -> str | None:
        """Beside what it is about."""
        for kind, name in ((TeamUnusable, "team"), (DayUnusable, "valid_until")):
            if isinstance(error, kind):
                return name
        return super().field_of(error)
