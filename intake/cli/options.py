"""Options of several commands: how those are read that give a day or a moment, and how those are declared once.

The forms of days and moments themselves are `intake.moments`'.
"""

import inspect
from collections.abc import Callable
from dataclasses import is_dataclass
from datetime import UTC, date, datetime
from functools import wraps
from typing import Annotated, Any, get_args, get_type_hints

import typer

from intake.errors import WrongUse
from intake.moments import NotADate, NotAMoment, read_date, read_moment
from intake.texts import _
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


def with_options(command: Callable[..., None]) -> Callable[..., None]:
    """The command as Typer takes it, made when it is registered: only then is the language of the help texts known.

    A parameter annotated with a text, as in `Annotated[str | None, N_("…")]`, becomes an option with that help. In place
    of a parameter that is a dataclass stand options for all its fields annotated so; the command gets them as one.
    """
    parameters: list[inspect.Parameter] = []
    gathered: dict[str, tuple[Any, list[str]]] = {}
    for parameter in inspect.signature(command, eval_str=True).parameters.values():
        kind = parameter.annotation
        if is_dataclass(kind):
            options = _options_of(kind)
            gathered[parameter.name] = kind, [option.name for option in options]
            parameters += options
        else:
            parameters.append(parameter.replace(annotation=_with_help(kind)))

    @wraps(command)
    def called(**values: Any) -> None:
        for name, (kind, fields) in gathered.items():
            values[name] = kind(**{field: values.pop(field) for field in fields})
        command(**values)

    called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # Typer reads it
    return called


def _options_of(kind: Any) -> list[inspect.Parameter]:
    """Nothing given is None in all of them."""
    hints = get_type_hints(kind, include_extras=True).items()
    return [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=_with_help(hint))
        for name, hint in hints
        if _help_of(hint)
    ]


def _help_of(hint: Any) -> str | None:
    """The text that a type is annotated with."""
    return next((part for part in getattr(hint, "__metadata__", ()) if isinstance(part, str)), None)


def _with_help(hint: Any) -> Any:
    text = _help_of(hint)
    return hint if text is None else Annotated[get_args(hint)[0], typer.Option(help=_(text))]
