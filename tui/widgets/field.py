"""A field of a form: its label, its control, and beside it what is wrong with what was typed."""

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Checkbox, Input, Label, TextArea

from intake.plaintext import clean_line
from tui.widgets.choice import Choice
from tui.widgets.several import Several

Control = Input | TextArea | Choice | Several | Checkbox

TICKED = "yes"
"""The text of a ticked box; an empty one has none."""


class Field(Horizontal):
    """Label, control and error line. `hint` stands under the control while nothing is wrong."""

    def __init__(self, name: str, label: str, control: Control, hint: str = "", *, classes: str = "") -> None:
        super().__init__(id=f"field-{name}", classes=f"field {classes}")
        if isinstance(control, Input) and control.value:
            # What stands in it to begin with may be a setting that came from elsewhere.
            control.value = clean_line(control.value)
        self.control_widget = control
        self._label = label
        self._hint = hint

    def compose(self) -> ComposeResult:
        """Label at the left, the rest at the right."""
        yield Label(Content(self._label), classes="field-label")
        with Vertical(classes="field-body"):
            yield self.control_widget
            yield from self.beneath()
            hint = Label(Content(self._hint), classes="field-hint")
            hint.display = bool(self._hint)
            yield hint
            error = Label("", classes="field-error")
            error.display = False
            yield error

    def beneath(self) -> ComposeResult:
        """What more stands right under the control; nothing for most fields."""
        yield from ()

    @property
    def text(self) -> str:
        """What was typed or chosen."""
        control = self.control_widget
        if isinstance(control, TextArea):
            return control.text
        if isinstance(control, Checkbox):
            return TICKED if control.value else ""
        return control.value or ""

    @text.setter
    def text(self, text: str) -> None:
        control = self.control_widget
        if isinstance(control, TextArea):
            control.load_text(text)
        elif isinstance(control, Checkbox):
            control.value = text == TICKED
        else:
            control.value = text

    def say(self, hint: str) -> None:
        """Another hint."""
        self._hint = hint
        label = self.query_one(".field-hint", Label)
        label.update(Content(hint))
        label.display = bool(hint)

    def fail(self, sentence: str) -> None:
        """Say what is wrong, with a sign and not by colour alone; what was typed stays."""
        error = self.query_one(".field-error", Label)
        error.update(Content(f"✖ {sentence}"))
        error.display = True
        self.add_class("-wrong")

    def clear_error(self) -> None:
        """Nothing is wrong (any more)."""
        self.query_one(".field-error", Label).display = False
        self.remove_class("-wrong")

    def focus_control(self) -> None:
        """Put the cursor in the control."""
        self.control_widget.focus()


def fields_of(widget: Widget) -> dict[str, Field]:
    """The fields under a widget by name."""
    return {(f.id or "").removeprefix("field-"): f for f in widget.query(Field)}
