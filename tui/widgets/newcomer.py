"""What whoever comes in for the first time fills in: a passphrase of one's own, twice, and professional secrecy (A2).

The same for the first team lead and for an invited colleague; secrecy alone is confirmed anew once a year.
"""

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.widgets import Input

from intake.texts import N_, _
from tui.widgets.choice import Choice
from tui.widgets.field import Field

__all__ = ["NOT_CONFIRMED", "newcomer_fields", "newcomer_problems", "secrecy_field"]

NOT_CONFIRMED = N_("Without this confirmation you cannot sign in.")


def newcomer_fields(label: str) -> ComposeResult:
    """Passphrase, under this label, and secrecy."""
    yield Field(
        "new",
        label,
        Input(password=True, max_length=1024, compact=True),
        _("At least 12 characters, for example four words"),
    )
    yield Field("again", _("Once more"), Input(password=True, max_length=1024, compact=True))
    yield secrecy_field()


def secrecy_field() -> Field:
    """Nothing is confirmed beforehand."""
    answers = [("", _("not confirmed yet")), ("yes", _("yes, I confirm this"))]
    return Field(
        "secrecy",
        _("Secrecy"),
        Choice(answers, ""),
        _("I am bound by professional secrecy. The confirmation is kept with today's date. (A2)"),
    )


def newcomer_problems(fields: Mapping[str, Field]) -> dict[str, str]:
    """What is wrong with each of these fields, in their order; "" where nothing is."""
    new, again, secrecy = (fields[name].text for name in ("new", "again", "secrecy"))
    return {
        "new": "" if new else _("Choose a passphrase."),
        "again": "" if new == again else _("This is not the same passphrase. Type it once more."),
        "secrecy": "" if secrecy else _(NOT_CONFIRMED),
    }
