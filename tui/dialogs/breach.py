"""A data breach: recording one, completing it, and telling the DPOs of it (P9, GDPR 33)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from intake.desk.breaches import MOST, Account, Listed, Proposal
from intake.desk.logged import PersonNamed
from intake.errors import NotFound, WrongUse
from intake.formats import show_moment
from intake.registers import BREACH_WORDS, BreachKind, BreachText
from intake.texts import N_, _
from storage.errors import Refusal
from tui.dialogs.base import Dialog, Mistake, Submit
from tui.dialogs.when import CLOCK, DAY, when_fields, when_typed
from tui.widgets.choice import Choice
from tui.widgets.field import Field, fields_of
from tui.widgets.note import NoteField

A_MINUTE_OR_TWO = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, repr=False)
class BreachData:
    """A breach as typed; what was left as it is, is None in the account."""

    account: Account
    known_at: datetime | None = None
    references: tuple[str, ...] = ()
    kind: BreachKind | None = None

    def __repr__(self) -> str:
        return "BreachData(…)"


class BreachDialog(Dialog[BreachData]):
    """A new breach, one of a message in quarantine (`proposal`), or one that is there (`known`) completed."""

    HELP = "breaches"

    def __init__(
        self,
        submit: Submit[BreachData],
        *,
        now: datetime,
        known: Listed | None = None,
        proposal: Proposal | None = None,
    ) -> None:
        super().__init__(submit)
        self._now = now
        self._known = known
        self._proposal = proposal

    @property
    def title_text(self) -> str:
        """Names the breach or the message."""
        if self._known is not None:
            return _("Data breach %(id)s") % {"id": self._known.breach.id}
        if self._proposal is not None:
            return _("New data breach: message %(item)s") % {"item": self._proposal.item}
        return _("New data breach")

    def form(self) -> ComposeResult:
        """What it is, when it became known, and what article 33 asks to tell."""
        text = (self._known.text if self._known else None) or BreachText()
        if self._known is None:
            kind = BreachKind.UNENCRYPTED if self._proposal else BreachKind.OTHER
            kinds = [(one.value, _(words)) for one, words in BREACH_WORDS.items()]
            yield Field("kind", _("Kind"), Choice(kinds, kind.value))
            at = self._proposal.known_at if self._proposal else self._now
            yield from when_fields(at, _("Known since"), _("The 72 hours run from this moment."))
        hint = _("Left empty: what is known of the message.") if self._proposal else ""
        yield _note(
            "what", _("What happened"), text.what, hint or _("In a few words, without anyone's name.")
        )
        yield Field(
            "categories",
            _("Which data"),
            Input(text.categories, max_length=2000, compact=True),
            _("Which kinds of data and of people."),
        )
        with Horizontal(classes="side-by-side"):
            yield Field("people", _("People"), _number(text.people), classes="narrow")
            yield Field("records", _("Records"), _number(text.records), classes="narrow")
        yield _note("consequences", _("Consequences"), text.consequences, "")
        yield _note("measures", _("Measures"), text.measures, _("What was or will be done about it."))
        if self._known is None:
            yield Field(
                "references",
                _("Referrals"),
                Input(max_length=500, compact=True, placeholder="D2026-0042"),
                _("Optional: those that it touches, with spaces between."),
            )

    def read(self) -> BreachData:
        """What was typed; of a breach that is there only what is otherwise than before."""
        before = (self._known.text if self._known else None) or BreachText()
        what = self.text("what").strip()
        if not what and self._proposal is None:
            raise Mistake("what", _("Say what happened, in a few words."))
        account = Account(
            what=_changed(what, before.what),
            categories=_changed(self.text("categories").strip(), before.categories),
            people=_count(self, "people", before.people),
            records=_count(self, "records", before.records),
            consequences=_changed(self.text("consequences").strip(), before.consequences),
            measures=_changed(self.text("measures").strip(), before.measures),
        )
        if self._known is not None:
            return BreachData(account)
        at = when_typed(self, self._now)
        if at > self._now + A_MINUTE_OR_TWO:
            raise Mistake(DAY, _("The moment lies in the future. Give the moment at which it became known."))
        references = tuple(self.text("references").replace(",", " ").upper().split())
        return BreachData(account, at, references, BreachKind(self.text("kind")))

    def field_of(self, error: Refusal) -> str | None:
        """A referral that is not there, or a text that tells too much."""
        if isinstance(error, NotFound):
            return "references"
        return "what" if isinstance(error, PersonNamed | WrongUse) else None


def _note(name: str, label: str, text: str, hint: str) -> NoteField:
    field = NoteField(name, label, 2, hint)
    if text:
        field.text = text
    return field


def _number(count: int | None) -> Input:
    return Input("" if count is None else str(count), max_length=9, compact=True)


def _changed(now: str, before: str) -> str | None:
    return None if now == before.strip() else now


def _count(dialog: BreachDialog, name: str, before: int | None) -> int | None:
    given = dialog.text(name).strip()
    if not given:
        return None
    if not (given.isascii() and given.isdigit()) or int(given) > MOST:
        raise Mistake(name, _("Give a number, or leave it empty."))
    return None if int(given) == before else int(given)


class How(StrEnum):
    """How the DPOs are told."""

    DRAFT = "draft"
    SENT = "sent"
    OTHERWISE = "otherwise"


@dataclass(frozen=True, slots=True)
class NoticeData:
    """How they are told, and when they were; None for a draft, which tells nobody yet."""

    how: How
    at: datetime | None


class BreachNoticeDialog(Dialog[NoticeData]):
    """Makes the draft, or records that it was sent or that they were told otherwise; only that stops the clock."""

    HELP = "breaches"
    SEND = N_("Save")

    def __init__(self, submit: Submit[NoticeData], listed: Listed, *, now: datetime, may_place: bool) -> None:
        super().__init__(submit)
        self._listed = listed
        self._now = now
        self._may_place = may_place

    @property
    def title_text(self) -> str:
        """Names the breach."""
        return _("Tell the DPOs of %(id)s") % {"id": self._listed.breach.id}

    def form(self) -> ComposeResult:
        """How, and when unless it is a draft."""
        ready = self._listed.ready_since
        options: list[tuple[str, str]] = []
        if ready is not None:
            said = _(
                "The draft to both DPOs lies in the mailbox since %(when)s. The 72 hours run until it was sent."
            )
            yield Static(Content(said % {"when": show_moment(ready)}), classes="dialog-text")
            options.append((How.SENT, _("The draft was sent")))
        elif self._may_place:
            options.append((How.DRAFT, _("Make a draft to both DPOs in the mailbox")))
        else:
            yield Static(
                Content(_("A team lead makes the draft in the shared mailbox; the breach is recorded.")),
                classes="dialog-text",
            )
        options.append((How.OTHERWISE, _("They were told by telephone or otherwise")))
        yield Field("how", _("How"), Choice([(str(how), words) for how, words in options]))
        for field in when_fields(self._now, _("Told on"), _("This moment stops the 72 hours. (GDPR 33)")):
            field.display = options[0][0] is not How.DRAFT
            yield field

    def on_choice_changed(self, event: Choice.Changed) -> None:
        """A draft has no moment yet."""
        fields = fields_of(self)
        for name in (DAY, CLOCK):
            fields[name].display = event.value != How.DRAFT

    def read(self) -> NoticeData:
        """How and when."""
        how = How(self.text("how"))
        return NoticeData(how, None if how is How.DRAFT else when_typed(self, self._now))

    def field_of(self, error: Refusal) -> str | None:
        """A moment that cannot be."""
        told = self.text("how") != How.DRAFT
        return DAY if isinstance(error, WrongUse) and told else None
