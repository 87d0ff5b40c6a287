"""A new archive passphrase, tried at once on the message under the cursor and kept only when it opens it."""

from collections.abc import Mapping
from datetime import date

from textual.app import ComposeResult

from intake.desk.passphrases import NewPassphrase
from intake.texts import N_, _
from tui.dialogs.base import Submit
from tui.dialogs.passphrase_form import PassphraseForm


class PassphraseDialog(PassphraseForm):
    """Asks no more than what is needed to read the message."""

    HELP = "passphrase"
    SEND = N_("Try and keep")
    SECRET_HINT = N_("As the sender told it by telephone. It is kept only when it opens this message.")
    LABEL_HINT = N_("The log names the passphrase so.")
    FROM_HINT = N_("From this day on you send with it; what comes in is always tried with all.")

    def __init__(
        self, submit: Submit[NewPassphrase], item: str, today: date, draft: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(submit, today, draft)
        self._item = item

    @property
    def title_text(self) -> str:
        """Names the item."""
        return _("New archive passphrase for %(item)s") % {"item": self._item}

    def form(self) -> ComposeResult:
        """Passphrase, label, from when one sends with it."""
        yield from super().form()
        yield self.first_day()
