"""Recording a contact attempt: channel, result, moment and a note."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input

from intake.errors import WrongUse
from intake.referral import CONTACT_RESULTS, RESULTS_BY_CHANNEL, Channel, Result
from intake.texts import _
from intake.words import CHANNEL_WORDS, result_words
from intake.workdays import PART_OF_DAY_WORDS, local, part_of_day
from storage.errors import Refusal
from tui.dialogs.base import Dialog, Mistake, Submit
from tui.dialogs.when import when_typed
from tui.widgets.choice import Choice
from tui.widgets.field import TICKED, Field, fields_of
from tui.widgets.note import NoteField
from tui.widgets.tick import Tick


@dataclass(frozen=True, slots=True)
class AttemptData:
    """What was recorded; `at` in UTC."""

    channel: Channel
    result: Result
    at: datetime
    note: str
    informed: bool = False

    def __repr__(self) -> str:
        return f"AttemptData({self.channel}, {self.result})"


def _results(channel: Channel) -> list[tuple[str, str]]:
    allowed = RESULTS_BY_CHANNEL[channel]
    return [(result.value, _(result_words(channel, result))) for result in Result if result in allowed]


class AttemptDialog(Dialog[AttemptData]):
    """Starts with now and the channel used last; offers the results that the channel can have."""

    HELP = "attempt"

    def __init__(
        self,
        submit: Submit[AttemptData],
        reference: str,
        *,
        now: datetime,
        channel: Channel = Channel.PHONE,
        informed: bool = False,
        draft: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(submit, draft)
        self._reference = reference
        self._now = now
        self._channel = channel
        self._informed = informed
        """Recorded already: then there is nothing to tick."""

    @property
    def title_text(self) -> str:
        """Names the referral."""
        return _("Contact attempt for %(reference)s") % {"reference": self._reference}

    def form(self) -> ComposeResult:
        """Channel beside result, then moment and note."""
        here = local(self._now)
        channels = [(channel.value, _(CHANNEL_WORDS[channel])) for channel in Channel]
        with Horizontal(classes="side-by-side"):
            yield Field("channel", _("Channel"), Choice(channels, self._channel.value), classes="narrow")
            yield Field(
                "result",
                _("Result"),
                Choice(_results(self._channel), Result.NO_ANSWER.value),
                classes="narrow",
            )
        yield Field(
            "date",
            _("Date"),
            Input(here.strftime("%d/%m/%Y"), max_length=20, compact=True),
            classes="tight",
        )
        yield Field(
            "time",
            _("Time"),
            Input(here.strftime("%H:%M"), max_length=10, compact=True),
            _(PART_OF_DAY_WORDS[part_of_day(self._now)]),
            classes="tight",
        )
        told = Tick(_("Client informed: the data come from Kind en Gezin"), disabled=True)
        told_field = Field("informed", "", told, classes="bare")
        told_field.display = not self._informed
        yield told_field
        yield NoteField("note", _("Note"), 3, classes="tight")

    def on_choice_changed(self, event: Choice.Changed) -> None:
        """Another channel has other results."""
        fields = fields_of(self)
        if event.choice is fields["channel"].control_widget and event.value:
            result = fields["result"].control_widget
            assert isinstance(result, Choice)
            result.offer(_results(Channel(event.value)), Result.NO_ANSWER.value)
        self._offer_informed(fields)

    def _offer_informed(self, fields: Mapping[str, Field]) -> None:
        """Only who was reached can have been told (GDPR 14)."""
        told = fields["informed"].control_widget
        assert isinstance(told, Tick)
        reached = self.text("result") in CONTACT_RESULTS
        told.disabled = self._informed or not reached
        if told.disabled:
            told.value = False

    def on_input_changed(self) -> None:
        """Show the part of the day as it is reckoned."""
        try:
            part = _(PART_OF_DAY_WORDS[part_of_day(when_typed(self, self._now))])
        except Mistake:
            part = ""
        if self.is_mounted:
            fields_of(self)["time"].say(part)

    def read(self) -> AttemptData:
        """The attempt as typed."""
        channel, result = Channel(self.text("channel")), Result(self.text("result"))
        informed = self.text("informed") == TICKED
        return AttemptData(channel, result, when_typed(self, self._now), self.text("note"), informed)

    def field_of(self, error: Refusal) -> str | None:
        """What the rules refuse here is nearly always the moment."""
        return "date" if isinstance(error, WrongUse) else None
