"""A dialog that tells something in lines: at once, or after work that one may stop. It asks nothing back."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from intake.errors import sentence
from intake.texts import N_, _
from storage.errors import Refusal
from tui.commands import command


class ToldDialog(ModalScreen[None]):
    """Title and lines, which the arrows scroll. No client is named in it."""

    HELP: ClassVar[str] = "retention"
    BINDINGS: ClassVar[list[BindingType]] = [
        command(
            "escape", "close", N_("Dismiss"), N_("Close, or stop what is under way"), bar=True, name="leave"
        ),
        command("j", "further(1)", N_("Down"), "", palette=False, name="down"),
        command("k", "further(-1)", N_("Up"), "", palette=False, name="up"),
    ]

    def __init__(self, title: str, lines: Sequence[Content] = ()) -> None:
        super().__init__(classes="dialog")
        self._title = title
        self._lines = tuple(lines)
        self.busy = False

    def compose(self) -> ComposeResult:
        """Title, what is under way, lines, one button."""
        with Vertical(classes="dialog-box told-box"):
            yield Static(Content(self._title), classes="dialog-title")
            yield Static("", id="told-busy")
            with VerticalScroll(classes="dialog-form", id="told-lines"):
                yield Static(_joined(self._lines), id="told-text")
            with Horizontal(classes="dialog-buttons"):
                yield Button(Content(self.button_words()), id="close", variant="primary", compact=True)

    def on_mount(self) -> None:
        """Arrows scroll at once."""
        self.query_one("#told-busy").display = False
        self.query_one("#told-lines").focus()
        self.begin()

    def begin(self) -> None:
        """What it does besides telling; nothing."""

    def button_words(self) -> str:
        """What the button says now."""
        return _("Dismiss") + " (Esc)"

    def tell(self, lines: Sequence[Content]) -> None:
        """Other lines."""
        if self.is_attached:
            self.query_one("#told-text", Static).update(_joined(lines))
            self.query_one("#told-lines").display = bool(lines)

    def say_busy(self, content: Content | None) -> None:
        """What is under way; None when nothing is."""
        if self.is_attached:
            line = self.query_one("#told-busy", Static)
            line.display = content is not None
            line.update(content or Content(""))

    def draw_button(self) -> None:
        """The button as it is now."""
        if self.is_attached:
            button = self.query_one("#close", Button)
            button.label = Content(self.button_words())
            button.refresh(layout=True)  # its words may be longer than before

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """The button does what the key does."""
        event.stop()
        self.action_close()

    def action_further(self, lines: int) -> None:
        """Scroll."""
        self.query_one("#told-lines", VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_close(self) -> None:
        """Away with it."""
        self.dismiss(None)


class WorkDialog(ToldDialog):
    """Does something at the desk, and tells what came of it. Subclasses give `do`; a refusal is told in words."""

    async def do(self) -> Sequence[Content]:
        """The work; the lines that tell what came of it."""
        raise NotImplementedError

    def after_refusal(self) -> Sequence[Content]:
        """What more to tell when it was refused."""
        return ()

    def begin(self) -> None:
        """Do it."""
        self.busy = True
        self.tell(())
        self.draw_button()
        self.run_worker(self._work(), exclusive=True)

    async def _work(self) -> None:
        try:
            lines = await self.do()
        except Refusal as error:
            lines = [Content.styled(f"✖ {sentence(error)}", "$text-error"), *self.after_refusal()]
        self.busy = False
        self.say_busy(None)
        self.tell(lines)
        self.draw_button()
        if self.is_attached:
            self.query_one("#close", Button).focus()


def _joined(lines: Sequence[Content]) -> Content:
    return Content("\n").join(lines)
