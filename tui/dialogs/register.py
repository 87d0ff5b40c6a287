"""Registering by hand: the text of the form beside the client's fields, the consent chosen in so many words."""

from collections.abc import Mapping
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from intake.client import CLIENT_FIELDS, Client, Consent
from intake.desk.quarantine import Person, QuarantineItem
from intake.entry import LONGEST, FieldsWrong, entered
from intake.formats import show_phone
from intake.plaintext import clean_line, clean_lines
from intake.texts import N_, _
from intake.words import CONSENT_WORDS, FIELD_WORDS, PURPOSE
from storage.errors import Refusal
from tui.dialogs.base import Dialog, Mistake, Submit
from tui.widgets.choice import Choice
from tui.widgets.field import Field, fields_of
from tui.widgets.tick import Tick

NOT_CHOSEN = ""
WIDE = 100
"""Columns from which the text stands beside the fields and not above them."""


@dataclass(frozen=True, slots=True)
class RegisterData:
    """Who is on the form; `more`: another person is on it too."""

    person: Person
    more: bool

    def __repr__(self) -> str:
        return "RegisterData(…)"


class RegisterDialog(Dialog[RegisterData]):
    """Opened once the reading of the item is logged. What the reader found is filled in, never the consent."""

    HELP = "register"
    SEND = N_("Record it")
    AUTO_FOCUS = "Input"

    def __init__(
        self, submit: Submit[RegisterData], item: QuarantineItem, draft: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(submit, draft)
        self._item = item
        self.HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]

    @property
    def title_text(self) -> str:
        """Names the item."""
        return _("Register %(item)s by hand") % {"item": self._item.id}

    def compose(self) -> ComposeResult:
        """As every dialog, with the text beside or above the form."""
        text = clean_lines(self._item.text or "")
        with Vertical(classes="dialog-box register-box"):
            yield Static(Content(self.title_text), classes="dialog-title")
            with Container(classes="register-panes"):
                with VerticalScroll(classes="register-text"):
                    yield Static(Content.styled(_(PURPOSE), "dim"))
                    yield Static(
                        Content(text)
                        if text
                        else Content.styled(
                            _("No text could be read from it. Call the sender and type what you hear."), "dim"
                        )
                    )
                with VerticalScroll(classes="dialog-form", can_focus=False):
                    yield from self.form()
            yield from self.foot()

    def form(self) -> ComposeResult:
        """The fields of P3, the consent, and whether someone else is on the form."""
        found = self._item.found or Client()
        for name, value in found.as_dict().items():
            given = show_phone(value) if name == "phone" else clean_line(value or "")
            box = Input(given[:LONGEST], max_length=LONGEST, compact=True)
            yield Field(name, _(FIELD_WORDS[name]), box)
        consents = [(NOT_CHOSEN, _("choose what the sender says"))]
        consents += [(consent.value, _(CONSENT_WORDS[consent])) for consent in Consent]
        yield Field("consent", _("Consent"), Choice(consents))
        yield Field(
            "more",
            "",
            Tick(_("Another person is on this form too")),
            _("The message then stays here until that one is registered."),
        )

    def read(self) -> RegisterData:
        """What was filled in; every field that is wrong says so."""
        values = self.values()
        chosen = values["consent"]
        wrong: dict[str, str] = {}
        client = Client()
        try:
            client = entered({name: values[name] for name in CLIENT_FIELDS})
        except FieldsWrong as error:
            wrong = error.fields
        if chosen == NOT_CHOSEN:
            wrong = {
                **wrong,
                "consent": _("Choose what the sender says of the client's consent (recital C)."),
            }
        for name, problem in list(wrong.items())[1:]:
            fields_of(self)[name].fail(problem)
        for name, problem in wrong.items():
            raise Mistake(name, problem)
        return RegisterData(Person(client, Consent(chosen)), bool(values["more"]))

    def field_of(self, error: Refusal) -> str | None:
        """What the desk finds wrong of a field beside it."""
        return next(iter(error.fields)) if isinstance(error, FieldsWrong) else None
