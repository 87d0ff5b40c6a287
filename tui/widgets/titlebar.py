"""The first line of a screen: where one is, and who is signed in. Never a client."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static


class TitleBar(Horizontal):
    """Left the place, right the user."""

    def __init__(self, left: str = "", right: str = "") -> None:
        super().__init__()
        self._left = left
        self._right = right

    def compose(self) -> ComposeResult:
        """Two texts."""
        yield Static(Content(self._left), classes="left")
        yield Static(Content(self._right), classes="right")

    def show(self, left: str, right: str) -> None:
        """Other texts."""
        self._left, self._right = left, right
        if self.is_mounted:
            self.query_one(".left", Static).update(Content(left))
            self.query_one(".right", Static).update(Content(right))
