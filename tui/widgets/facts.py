"""Labels with values beneath each other; a value may wrap, and a label without value is not shown."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

Fact = tuple[str, str, str | Content]
"""Code, label, value."""


class Facts(Vertical):
    """A block of facts under a heading. Which codes may occur is fixed when it is made."""

    def __init__(self, heading: str, codes: Sequence[str], *, id: str | None = None) -> None:
        super().__init__(id=id, classes="facts")
        self._heading = heading
        self._codes = codes

    def compose(self) -> ComposeResult:
        """One line a code."""
        yield Static(Content(self._heading), classes="facts-heading")
        for code in self._codes:
            with Horizontal(classes="fact", id=f"fact-{code}"):
                yield Static("", classes="fact-label")
                yield Static("", classes="fact-value")

    def show(self, facts: Sequence[Fact]) -> None:
        """Draw these."""
        given = {code: (label, value) for code, label, value in facts}
        for code in self._codes:
            row = self.query_one(f"#fact-{code}")
            label, value = given.get(code, ("", ""))
            content = value if isinstance(value, Content) else Content(value)
            row.display = bool(content.plain)
            row.query_one(".fact-label", Static).update(Content(label))
            row.query_one(".fact-value", Static).update(content)
