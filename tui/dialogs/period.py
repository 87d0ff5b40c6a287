"""A period: one of those that are often wanted, or from one day to another. What is counted in it is not here."""

from datetime import date
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from intake.formats import show_date
from intake.texts import N_, _
from tui.asks_figures import Period, last_months, last_year, this_year
from tui.dialogs.base import Dialog, Mistake, Submit
from tui.widgets.choice import Choice
from tui.widgets.field import Field, fields_of

_PRESETS = {"months": last_months, "year": this_year, "before": last_year}
_ALL, _OTHER = "all", "other"


def read_period(dialog: Dialog[Any], today: date) -> Period:
    """The days in the fields `since` and `until` of a dialog; an empty one is no bound. Raises Mistake."""
    since, until = dialog.day_if_any("since", today), dialog.day_if_any("until", today)
    if since is not None and until is not None and until < since:
        raise Mistake("until", _("The last day lies before the first. Turn them round."))
    return Period(since, until)


class PeriodDialog(Dialog[Period]):
    """Asks for a period; a choice fills in the days, which may be changed."""

    HELP = "figures"
    SEND = N_("Show")

    def __init__(self, submit: Submit[Period], period: Period, *, today: date) -> None:
        super().__init__(submit)
        self._period = period
        self._today = today

    @property
    def title_text(self) -> str:
        """What is asked."""
        return _("Figures of which period?")

    def form(self) -> ComposeResult:
        """Those that are often wanted, and the days."""
        options = [
            ("months", _("last twelve months")),
            ("year", _("this year")),
            ("before", _("last year")),
            (_ALL, _("everything")),
            (_OTHER, _("other days")),
        ]
        yield Field("preset", _("Period"), Choice(options, self._preset()))
        since = Input(show_date(self._period.since), max_length=20, compact=True)
        yield Field("since", _("From"), since, _("As 01/01/2026; empty for the first referral."))
        until = Input(show_date(self._period.until), max_length=20, compact=True)
        yield Field("until", _("Up to"), until, _("This day included; empty for the last referral."))

    def _preset(self) -> str:
        for code, make in _PRESETS.items():
            if make(self._today) == self._period:
                return code
        return _ALL if self._period == Period(None, None) else _OTHER

    @on(Choice.Changed)
    def _chosen(self, event: Choice.Changed) -> None:
        """Fill in the days that belong to it."""
        event.stop()
        if event.value in _PRESETS or event.value == _ALL:
            made = _PRESETS[event.value](self._today) if event.value in _PRESETS else Period(None, None)
            fields = fields_of(self)
            fields["since"].text, fields["until"].text = show_date(made.since), show_date(made.until)

    def read(self) -> Period:
        """The period."""
        return read_period(self, self._today)
