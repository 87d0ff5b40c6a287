"""What asks for a few words and nothing else: reopening a referral, ending a hold, the measures after a breach."""

from collections.abc import Mapping
from dataclasses import dataclass

from textual.app import ComposeResult

from intake.desk.logged import PersonNamed
from intake.errors import WrongUse
from intake.texts import N_, _
from storage.errors import Refusal
from tui.dialogs.base import Dialog, Mistake, Submit
from tui.widgets.note import NoteField


@dataclass(frozen=True, slots=True)
class Words:
    """What such a dialog says besides its title; message ids. `missing`: of a text that says something else than why."""

    label: str = N_("Explanation")
    hint: str = N_("Kept with the client's data, for who may read them.")
    missing: str | None = None
    help: str = "close"


EXPLANATION = Words()


class WhyDialog(Dialog[str]):
    """Asks for a text. `title` names what it is about; `send` is the message id of the button."""

    HELP = "close"

    def __init__(
        self,
        submit: Submit[str],
        title: str,
        send: str,
        draft: Mapping[str, str] | None = None,
        words: Words = EXPLANATION,
    ) -> None:
        super().__init__(submit, draft)
        self._title_text = title
        self._said = words
        self.SEND = send  # type: ignore[misc]  # of this dialog, where a class has one for all
        self.HELP = words.help  # type: ignore[misc]  # as SEND

    @property
    def title_text(self) -> str:
        """Names what it is about."""
        return self._title_text

    def form(self) -> ComposeResult:
        """One field."""
        yield NoteField("why", _(self._said.label), 4, _(self._said.hint))

    def read(self) -> str:
        """The text."""
        if self._said.missing is None:
            return self.reason("why")
        if not self.text("why").strip():
            raise Mistake("why", _(self._said.missing))
        return self.text("why")

    def field_of(self, error: Refusal) -> str | None:
        """A text that cannot be used."""
        return "why" if isinstance(error, PersonNamed | WrongUse) else None
