"""Why something was refused: the root of the program's error tree, and the causes that lie in storage.

A refusal carries a sentence (`template`, an English message id) and the values for it. `str()` of one is only
its class name, so that neither a log line nor a traceback can hold what a person typed. The floor above turns
template and values into the sentence in the user's language.
"""

from typing import ClassVar


def N_(message: str) -> str:  # noqa: N802 - the gettext convention for "translate later"
    """Mark a message id for the catalogue without translating it here."""
    return message


class Refusal(Exception):
    """Base of every error a user may meet. Subclasses set `template` and `exit_code` (see `cli.md`)."""

    template: ClassVar[str] = N_("Something went wrong. Try again, or run 'ocmw-intake doctor'.")
    exit_code: ClassVar[int] = 1

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(type(self).__name__)


class StorageError(Refusal):
    """The store cannot be used."""

    template = N_("The store cannot be used. Run 'ocmw-intake doctor' to see why.")
    exit_code = 6
