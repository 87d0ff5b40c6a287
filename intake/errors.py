"""The tree of errors that people meet, one class a meaning, and the exit status of each (see `cli.md`).

A module raises its own subclass where it knows more; third-party errors are translated once, at the boundary.
"""

from contextlib import suppress
from datetime import datetime

from intake.texts import _
from intake.workdays import local
from storage.errors import N_, Refusal

_MOMENTS = frozenset({"since", "when"})

__all__ = [
    "ConfigurationError",
    "IntakeError",
    "MailboxError",
    "NotAllowed",
    "NotFound",
    "NotLawful",
    "Stale",
    "WrongUse",
    "sentence",
]


class IntakeError(Refusal):
    """Base of what can go wrong on this floor."""


class WrongUse(IntakeError):
    """An argument or field cannot be used as given."""

    template = N_("%(problem)s")
    exit_code = 2


class NotFound(IntakeError):
    """No such referral, user or item, or not one this user may know of."""

    template = N_("There is no %(what)s in the store. Check the spelling with 'ocmw-intake list'.")
    exit_code = 1


class ConfigurationError(IntakeError):
    """The configuration is missing or cannot be used."""

    template = N_("%(problem)s")
    exit_code = 3


class NotAllowed(IntakeError):
    """This user may not do this."""

    template = N_("%(problem)s")
    exit_code = 4


class MailboxError(IntakeError):
    """The mailbox cannot be reached or used."""

    template = N_("The mailbox cannot be reached. Check the connection and try again.")
    exit_code = 5


class NotLawful(IntakeError):
    """The protocol does not allow this step now."""

    template = N_("%(problem)s (%(article)s)")
    exit_code = 7


class Stale(IntakeError):
    """A colleague changed it after it was read."""

    template = N_(
        "%(reference)s was changed by a colleague just now. Look at it again, then repeat your step."
    )
    exit_code = 1


def sentence(error: Refusal) -> str:
    """What a person reads: the error's sentence in the language in use, without a final line break."""
    return _(error.template) % {name: _shown(name, value) for name, value in error.values.items()}


def _shown(name: str, value: object) -> object:
    """A moment, which the storage floor gives as ISO 8601 in UTC, as people here read one; all else as it is."""
    if name in _MOMENTS and isinstance(value, str):
        with suppress(ValueError):
            return local(datetime.fromisoformat(value)).strftime("%d/%m/%Y %H:%M")
    return value
