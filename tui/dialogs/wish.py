"""Recording whether the client wants help (P3)."""

from collections.abc import Mapping
from dataclasses import dataclass

from textual.app import ComposeResult

from intake.referral import Wish
from intake.texts import _
from intake.words import WISH_WORDS
from tui.dialogs.base import Dialog, Submit
from tui.widgets.choice import Choice
from tui.widgets.field import TICKED, Field, fields_of
from tui.widgets.note import NoteField
from tui.widgets.tick import Tick


@dataclass(frozen=True, slots=True)
class WishData:
    """The client's wish and a note; `informed` tells that the client was informed just now (GDPR 14)."""

    wish: Wish
    note: str
    informed: bool = False

    def __repr__(self) -> str:
        return f"WishData({self.wish})"


def _consequence(wish: Wish) -> str:
    match wish:
        case Wish.YES:
            return _("Next: open a case file.")
        case Wish.NO:
            return _(
                "This closes the referral; it is then discarded. A team lead can undo it until then. (P3)"
            )
    return _("You are reminded in due time.")


class WishDialog(Dialog[WishData]):
    """Says what each answer leads to."""

    HELP = "wish"

    def __init__(
        self,
        submit: Submit[WishData],
        reference: str,
        draft: Mapping[str, str] | None = None,
        *,
        informed: bool = True,
    ) -> None:
        super().__init__(submit, draft)
        self._reference = reference
        self._informed = informed
        """Recorded already: then there is nothing to tick."""

    @property
    def title_text(self) -> str:
        """Names the referral."""
        return _("Wish of the client of %(reference)s") % {"reference": self._reference}

    def form(self) -> ComposeResult:
        """The three answers, their consequence, whether the client was informed, a note."""
        # Undecided first: the answer that a slip of the finger does least with.
        answers = [(wish.value, _(WISH_WORDS[wish])) for wish in (Wish.UNDECIDED, Wish.YES, Wish.NO)]
        yield Field("wish", _("Wish"), Choice(answers), _consequence(Wish.UNDECIDED))
        if not self._informed:
            yield Field(
                "informed",
                "",
                Tick(_("Client informed: the data come from Kind en Gezin")),
                _("The client has not been informed yet; tick this if you did so now. (GDPR 14)"),
                classes="bare",
            )
        yield NoteField("note", _("Note"), 4)

    def on_choice_changed(self, event: Choice.Changed) -> None:
        """What the answer leads to."""
        if event.value:
            fields_of(self)["wish"].say(_consequence(Wish(event.value)))

    def read(self) -> WishData:
        """The answer."""
        informed = not self._informed and self.text("informed") == TICKED
        return WishData(Wish(self.text("wish")), self.text("note"), informed)
