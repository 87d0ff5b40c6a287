"""Giving fields of a client to a partner of the geïntegreerd breed onthaal, with the client's agreement (P4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input

from intake.desk.disclosures import Passed
from intake.desk.logged import PersonNamed
from intake.errors import NotLawful, WrongUse
from intake.formats import show_date, show_phone
from intake.plaintext import clean_line
from intake.special import is_national_number
from intake.texts import N_, _
from intake.words import FIELD_WORDS, PURPOSE
from storage.errors import Refusal
from tui.dialogs.base import Dialog, Mistake, Submit
from tui.dialogs.shown import ShownDialog
from tui.widgets.choice import Choice
from tui.widgets.field import TICKED, Field
from tui.widgets.several import Several
from tui.widgets.tick import Tick


@dataclass(frozen=True, slots=True)
class DiscloseData:
    """What goes to whom, why, and that the client agreed."""

    partner: str
    fields: tuple[str, ...]
    why: str
    client_agrees: bool
    agreed_on: date

    def __repr__(self) -> str:
        return f"DiscloseData({len(self.fields)} fields)"


class DiscloseDialog(Dialog[DiscloseData]):
    """Nothing is ticked beforehand. `passed` holds what is to be passed on, once it was sent."""

    HELP = "disclose"
    SEND = N_("Record and show")

    def __init__(
        self,
        submit: Submit[DiscloseData],
        reference: str,
        partners: Sequence[str],
        *,
        today: date,
        draft: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(submit, draft)
        self._reference = reference
        self._partners = tuple(partners)
        self._today = today
        self.passed: Passed | None = None

    @property
    def title_text(self) -> str:
        """Names the referral."""
        return _("Disclosure of %(reference)s to a partner") % {"reference": self._reference}

    def form(self) -> ComposeResult:
        """To whom, what, why, and the agreement."""
        partners = [(str(index), clean_line(name)) for index, name in enumerate(self._partners)]
        yield Field("partner", _("Given to"), Choice(partners))
        yield Field(
            "fields",
            _("Fields"),
            Several([(name, _(words)) for name, words in FIELD_WORDS.items()]),
            _("Space ticks; no more than is needed."),
        )
        yield Field(
            "why",
            _("Why"),
            Input(max_length=300, compact=True),
            _("What for, without the client's name."),
        )
        yield Field("agrees", "", Tick(_("The client agrees to this disclosure")), classes="bare")
        yield Field("date", _("Agreed on"), Input(show_date(self._today), max_length=20, compact=True))

    def read(self) -> DiscloseData:
        """The disclosure; whether it may be is the desk's to say."""
        fields = tuple(name for name in self.text("fields").split(",") if name)
        if not fields:
            raise Mistake("fields", _("Tick at least one field."))
        why = self.reason("why")
        return DiscloseData(
            self._partners[int(self.text("partner"))],
            fields,
            why,
            self.text("agrees") == TICKED,
            self.day("date", self._today),
        )

    def field_of(self, error: Refusal) -> str | None:
        """No agreement, a day that cannot be, or a reason that names the client."""
        if isinstance(error, NotLawful):
            return "agrees" if self.text("agrees") != TICKED else None
        if isinstance(error, PersonNamed) or is_national_number(self.text("why")):
            return "why"
        return "date" if isinstance(error, WrongUse) else None


def passed_dialog(passed: Passed) -> ShownDialog:
    """Exactly the fields that were recorded, to pass on."""
    told = passed.disclosure
    lines = []
    for name, value in passed.values.items():
        shown = show_phone(value) if name == "phone" else clean_line(value or "")
        lines.append(Content.styled(f"{_(FIELD_WORDS[name]):<16}", "$text-muted") + Content(shown or "—"))
    return ShownDialog(
        f"{told.id} · {told.reference} · {clean_line(told.partner)}",
        lines,
        above=_(PURPOSE),
        below=_("Pass on these fields and no others. The disclosure is recorded."),
    )
