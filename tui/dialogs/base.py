"""What all dialogs share: fields with their errors, sending, and leaving without losing what was typed.

A dialog sends its data itself (`submit`) and closes only when that went well: a refusal stands beside the field
or above the buttons, and what was typed stays.
"""

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, Static, TextArea
from textual.worker import Worker, WorkerState

from intake.desk.logged import TooFewWords, given_reason
from intake.errors import Stale, sentence
from intake.moments import NotADate, read_date
from intake.texts import N_, _
from storage.errors import Refusal
from tui.commands import command, send_key
from tui.dialogs.confirm import ConfirmDialog
from tui.widgets.field import Field, fields_of

D = TypeVar("D")
Submit = Callable[[D], Awaitable[object]]


class Mistake(Exception):
    """A field cannot be used as it was filled in. Holds the field's name and a sentence of ours, no value."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(field)
        self.field = field
        self.problem = problem


class Dialog(ModalScreen["D | None"], Generic[D]):
    """A form over the screen. Subclasses give `title`, `form()` and `read()`; the result is the data sent, or None."""

    HELP: ClassVar[str] = "dialogs"
    SEND: ClassVar[str] = N_("Save")
    BINDINGS: ClassVar[list[BindingType]] = [
        command("escape", "leave", N_("Cancel"), N_("Close without saving"), bar=True),
        command("f2,ctrl+s", "send", N_("Save"), N_("Save and close"), bar=True),
    ]

    def __init__(self, submit: Submit[D], draft: Mapping[str, str] | None = None) -> None:
        super().__init__(classes="dialog")
        self._submit = submit
        self._draft = dict(draft or {})
        self._blank: dict[str, str] = {}
        self.stale: Stale | None = None
        self.left_over: dict[str, str] = {}
        self._sending: Worker[D] | None = None

    # -- what a dialog is -------------------------------------------------------------------------------------------

    @property
    @abstractmethod
    def title_text(self) -> str:
        """The dialog's heading: names the reference, never the client."""

    @abstractmethod
    def form(self) -> ComposeResult:
        """The fields."""

    @abstractmethod
    def read(self) -> D:
        """The data as typed. Raises `Mistake`."""

    def field_of(self, error: Refusal) -> str | None:
        """The field beside which an error belongs; None for the line above the buttons."""
        del error
        return None

    # -- drawing ----------------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Heading, fields, the general error, buttons."""
        with Vertical(classes="dialog-box"):
            yield Static(Content(self.title_text), classes="dialog-title")
            with VerticalScroll(classes="dialog-form", can_focus=False):
                yield from self.form()
            yield from self.foot()

    def foot(self) -> ComposeResult:
        """The general error, buttons."""
        trouble = Label("", classes="dialog-error")
        trouble.display = False
        yield trouble
        with Horizontal(classes="dialog-buttons"):
            yield from self.buttons()

    def buttons(self) -> ComposeResult:
        """The safe one first."""
        yield Button(Content(_("Cancel") + " (Esc)"), id="leave", compact=True)
        yield Button(
            Content(f"{_(self.SEND)} ({send_key(self.app)})"), id="send", variant="primary", compact=True
        )

    def on_mount(self) -> None:
        """Remember the untouched form, put back a draft."""
        self._blank = self.values()
        for name, field in fields_of(self).items():
            if name in self._draft:
                field.text = self._draft[name]

    # -- what was typed ---------------------------------------------------------------------------------------------

    def values(self) -> dict[str, str]:
        """What stands in the fields, by name."""
        return {name: field.text for name, field in fields_of(self).items()}

    @property
    def touched(self) -> bool:
        """Whether closing now would lose something."""
        return self.values() != self._blank

    @property
    def has_text(self) -> bool:
        """Whether a text was typed that is not saved; what was only chosen is soon chosen again."""
        return any(
            isinstance(field.control_widget, Input | TextArea)
            and field.text.strip()
            and field.text != self._blank.get(name, "")
            for name, field in fields_of(self).items()
        )

    @property
    def typed(self) -> dict[str, str]:
        """Of what was left over, the fields that were changed: to be put into the form anew on a newer version."""
        return {name: text for name, text in self.left_over.items() if text != self._blank.get(name)}

    def text(self, name: str) -> str:
        """What stands in a field."""
        return fields_of(self)[name].text

    def day(self, name: str, today: date, *, ahead: bool = False) -> date:
        """The day in a field, in any form that `read_date` takes. Raises `Mistake`."""
        try:
            return read_date(self.text(name), today, ahead=ahead)
        except NotADate as error:
            raise Mistake(name, str(error)) from None

    def day_if_any(self, name: str, today: date, *, ahead: bool = False) -> date | None:
        """As `day`; None where the field is empty."""
        return self.day(name, today, ahead=ahead) if self.text(name).strip() else None

    def reason(self, name: str) -> str:
        """The reason in a field. Raises `Mistake`."""
        try:
            return given_reason(self.text(name))
        except TooFewWords as error:
            raise Mistake(name, sentence(error)) from None

    # -- doing ------------------------------------------------------------------------------------------------------

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """The buttons do what the keys do."""
        event.stop()
        if event.button.id == "send":
            self.action_send()
        else:
            self.action_leave()

    def on_input_submitted(self) -> None:
        """Enter in a one-line field goes on to the next; in the last one it sends."""
        self.focus_next()
        if isinstance(self.focused, Button):
            self.action_send()

    def action_leave(self) -> None:
        """Close without saving; asks first when a text would be lost."""
        if not self.has_text:
            self.dismiss(None)
            return

        def answered(go: bool | None) -> None:
            if go and self.is_attached:
                self.dismiss(None)

        self.app.push_screen(
            ConfirmDialog(
                _("Close without saving?"),
                _("What you typed here has not been saved."),
                keep=_("Back to the dialog"),
                go_on=_("Do not keep it"),
                for_good=True,
            ),
            answered,
        )

    def action_send(self) -> None:
        """Read the form and send it."""
        if self._sending is not None:
            return
        self._clear_errors()
        try:
            data = self.read()
        except Mistake as mistake:
            self._show_mistake(mistake.field, mistake.problem)
            return
        self._busy(True)
        self._sending = self.run_worker(self._send(data), exit_on_error=True)

    async def _send(self, data: D) -> D:
        try:
            await self._submit(data)
        except Stale as error:
            # What was typed is put back when the dialog is opened again on the newer version.
            self.stale = error
            self.left_over = self.values()
            self.dismiss(None)
        except Refusal as error:
            self._show_refusal(error)
        else:
            self.dismiss(data)
        return data

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Sending is over."""
        if event.worker is self._sending and event.state not in (WorkerState.PENDING, WorkerState.RUNNING):
            self._sending = None
            if self.is_attached:
                self._busy(False)

    def _busy(self, busy: bool) -> None:
        for button in self.query(Button):
            if button.id == "send":
                button.disabled = busy

    # -- errors -----------------------------------------------------------------------------------------------------

    def _clear_errors(self) -> None:
        self.query_one(".dialog-error", Label).display = False
        for field in fields_of(self).values():
            field.clear_error()

    def _show_refusal(self, error: Refusal) -> None:
        name = self.field_of(error)
        if name is not None and name in fields_of(self):
            self._show_mistake(name, sentence(error))
            return
        trouble = self.query_one(".dialog-error", Label)
        trouble.update(Content(f"✖ {sentence(error)}"))
        trouble.display = True

    def _show_mistake(self, name: str, problem: str) -> None:
        field: Field = fields_of(self)[name]
        field.fail(problem)
        field.focus_control()
        field.scroll_visible(animate=False)
