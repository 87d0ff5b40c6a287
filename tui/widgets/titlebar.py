"""The first line of a screen: where one is, and who is signed in. Never a client."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from intake.plaintext import clean_line


class TitleBar(Horizontal):
    """Left the place, right the user."""

    def __init__(self, left: str = "", right: str = "") -> None:
        super().__init__()
        self._left, self._right = clean_line(left), clean_line(right)

    def compose(self) -> ComposeResult:
        """Two texts."""
        yield Static(Content(self._left), classes="left")
        yield Static(Content(self._right), classes="right")

    def show(self, left: str, right: str) -> None:
        """Other texts."""
        self._left, self._right = clean_line(left), clean_line(right)
        if self.is_mounted:
            self.query_one(".left", Static).update(Content(self._left))
            self.query_one(".right", Static).update(Content(self._right))
