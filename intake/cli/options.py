"""How the options of all commands are read that give a day or a moment; the forms themselves are `intake.moments`'."""

from datetime import UTC, date, datetime

from intake.errors import WrongUse
from intake.moments import NotADate, NotAMoment, read_date, read_moment
from intake.workdays import local_date


def day_option(text: str | None, *, ahead: bool = False) -> date | None:
    """A day in any form that `read_date` takes; with `ahead` one without a year is the next such day.

    Raises WrongUse naming the accepted forms.
    """
    if text is None:
        return None
    try:
        return read_date(text, local_date(datetime.now(UTC)), ahead=ahead)
    except NotADate as error:
        raise WrongUse(problem=str(error)) from None


def moment_option(text: str | None) -> datetime | None:
    """A moment in any form that `read_moment` takes. Raises WrongUse naming the accepted forms."""
    if text is None:
        return None
    try:
        return read_moment(text, local_date(datetime.now(UTC)))
    except NotAMoment as error:
        raise WrongUse(problem=str(error)) from None
