"""Assigning a referral to a colleague."""

from collections.abc import Mapping, Sequence

from textual.app import ComposeResult

from intake.plaintext import clean_line
from intake.texts import N_, _
from storage.directory import User
from tui.dialogs.base import Dialog, Mistake, Submit
from tui.widgets.choice import Choice
from tui.widgets.field import Field


class AssignDialog(Dialog[str]):
    """Offers who can be assigned; yields the account name."""

    HELP = "assign"
    SEND = N_("Assign")

    def __init__(
        self,
        submit: Submit[str],
        reference: str,
        workers: Sequence[User],
        current: str | None,
        draft: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(submit, draft)
        self._reference = reference
        self._people = workers
        self._current = current

    @property
    def title_text(self) -> str:
        """Names the referral."""
        return _("Assign %(reference)s") % {"reference": self._reference}

    def form(self) -> ComposeResult:
        """The colleagues."""
        people = [(user.name, self._words(user)) for user in self._people]
        yield Field(
            "worker",
            _("Worker"),
            Choice(people, self._current),
            _("The data are sealed anew for the colleague you choose."),
        )

    def _words(self, user: User) -> str:
        name = clean_line(user.display_name)
        now = _("assigned now")
        return f"{name} ({now})" if user.name == self._current else name

    def read(self) -> str:
        """The account chosen."""
        chosen = self.text("worker")
        if not chosen:
            raise Mistake("worker", _("There is nobody to assign it to. A team lead can invite a colleague."))
        return chosen
