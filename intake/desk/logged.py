"""What the log is told besides what was done: reasons, and lists that are about to be shown. What it never holds: names of clients."""

from collections.abc import Sequence

from intake.client import Client
from intake.errors import WrongUse
from intake.formats import clean_note
from intake.naming import names_client
from intake.texts import N_
from storage.journal import Event

__all__ = ["PersonNamed", "TooFewWords", "check_reason", "given_reason", "listed_events"]

MOST_LISTED = 1000
LEAST_LETTERS = 4
"""Of a reason: fewer say nothing."""


class PersonNamed(WrongUse):
    """A reason for the log names the client."""

    template = N_(
        "The log keeps no names of clients. Write the reason without the client's name, address or number."
    )


class TooFewWords(WrongUse):
    """A reason says nothing: it is empty, or a letter or two."""

    template = N_("Say why, in a few words.")


def listed_events(action: str, references: Sequence[str], fields: tuple[str, ...]) -> list[Event]:
    """The log's entries for a list that is about to be shown, each of a bounded length."""
    return [
        Event(action, references=tuple(references[i : i + MOST_LISTED]), fields=fields, reason="=worklist")
        for i in range(0, len(references), MOST_LISTED)
    ]


def given_reason(text: str) -> str:
    """The reason that someone wrote, cleaned; whoever reads the log later must find one in it (A12). Raises TooFewWords."""
    reason = clean_note(text)
    if sum(letter.isalpha() for letter in reason) < LEAST_LETTERS:
        raise TooFewWords
    return reason


def check_reason(reason: str, client: Client) -> None:
    """Refuse a reason that names the client: the log holds references, never names (A12).

    Raises PersonNamed.
    """
    if names_client(reason, client):
        raise PersonNamed
