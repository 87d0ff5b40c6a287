"""Superfluous data of a form, shown this one time and kept nowhere (P3)."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content

from intake.plaintext import clean_line
from intake.texts import N_, _
from intake.words import PURPOSE
from tui.commands import command
from tui.dialogs.shown import ShownDialog


class SuperfluousDialog(ShownDialog):
    """Once closed it does not come back."""

    HELP = "superfluous"
    CLOSE = N_("Dismiss")
    BINDINGS: ClassVar[list[BindingType]] = [
        command("escape", "close", N_("Dismiss"), N_("Close; it is not shown again"), bar=True, name="leave")
    ]

    def __init__(self, reference: str, lines: Sequence[str]) -> None:
        super().__init__(
            _("Superfluous data of %(reference)s") % {"reference": reference},
            [Content(f"· {clean_line(line)}") for line in lines],
            above=_(PURPOSE),
            below=_("Shown once and kept nowhere. Report it to the sender with a data-quality notice."),
        )
