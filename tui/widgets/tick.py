"""A box to tick: a sign shows whether it is, with or without colour."""

from textual.content import Content
from textual.widgets import Checkbox

TICKED, UNTICKED = "☒", "☐"


class Tick(Checkbox):
    """Space or a click ticks it."""

    BUTTON_LEFT = ""
    BUTTON_INNER = ""
    BUTTON_RIGHT = ""

    def __init__(self, words: str, *, disabled: bool = False) -> None:
        self._words = words
        super().__init__(Content(f"{UNTICKED} {words}"), disabled=disabled, compact=True)

    def watch_value(self) -> None:
        """Another sign."""
        super().watch_value()
        self.label = Content(f"{TICKED if self.value else UNTICKED} {self._words}")
