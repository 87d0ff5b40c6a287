"""The two fields of a moment, a day and a time of day, for the dialogs that ask for one."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from textual.widgets import Input

from intake.moments import NotATime, moment, read_time
from intake.texts import _
from intake.workdays import local
from tui.dialogs.base import Dialog, Mistake
from tui.widgets.field import Field

DAY, CLOCK = "date", "time"


def when_fields(at: datetime, label: str, hint: str = "") -> Iterator[Field]:
    """Filled in with a moment; `label` says of what."""
    here = local(at)
    yield Field(DAY, label, Input(here.strftime("%d/%m/%Y"), max_length=20, compact=True))
    yield Field(CLOCK, _("Time"), Input(here.strftime("%H:%M"), max_length=10, compact=True), hint)


def when_typed(dialog: Dialog[Any], now: datetime) -> datetime:
    """The moment as typed. Raises Mistake beside the field that cannot be read."""
    day = dialog.day(DAY, local(now).date())
    try:
        clock = read_time(dialog.text(CLOCK))
    except NotATime as error:
        raise Mistake(CLOCK, str(error)) from None
    return moment(day, clock)
