"""A field for a free note, which says while one types when it looks like data that are not needed (P3, A3)."""

from textual.app import ComposeResult
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Label, TextArea

from intake.special import warning
from tui.widgets.field import Field

PAUSE_SECONDS = 0.25
"""So long after the last key the note is looked at: not at each letter of a word."""


class NoteField(Field):
    """Some lines of text. The warning stands under them and stops nothing: the worker knows what is needed."""

    def __init__(self, name: str, label: str, height: int, hint: str = "", *, classes: str = "") -> None:
        note = TextArea(compact=True)
        note.styles.height = height
        super().__init__(name, label, note, hint, classes=classes)
        self._waiting: Timer | None = None

    def beneath(self) -> ComposeResult:
        """The line for the warning."""
        warned = Label("", classes="field-warning")
        warned.display = False
        yield warned

    def on_text_area_changed(self) -> None:
        """Look at it when the typing pauses."""
        if self._waiting is not None:
            self._waiting.stop()
        self._waiting = self.set_timer(PAUSE_SECONDS, self._look)

    def _look(self) -> None:
        said = warning(self.text)
        warned = self.query_one(".field-warning", Label)
        warned.update(Content(f"⚠ {said}" if said else ""))
        if warned.display != bool(said):
            warned.display = bool(said)
            # The line must be seen where the form is longer than the dialog.
            self.call_after_refresh(warned.scroll_visible, animate=False)
