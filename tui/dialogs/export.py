"""Writing something to a new file: asks where, and says what is written and that it is logged."""

from dataclasses import dataclass
from pathlib import Path

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from intake.errors import WrongUse
from intake.texts import N_, _
from storage.errors import Refusal
from tui.dialogs.base import Dialog, Mistake, Submit
from tui.widgets.field import Field


@dataclass(frozen=True, slots=True)
class Written:
    """What is to be written: the dialog's title, what stands in the file, the name that is proposed, a hint on it."""

    title: str
    text: str
    name: str
    hint: str = ""


class ExportDialog(Dialog[Path]):
    """Asks for a new file; one that exists or cannot be written is refused beside the field."""

    HELP = "export"
    SEND = N_("Write")

    def __init__(self, submit: Submit[Path], written: Written, *, folder: Path) -> None:
        super().__init__(submit)
        self._written = written
        self._folder = folder

    @property
    def title_text(self) -> str:
        """What is written."""
        return self._written.title

    def form(self) -> ComposeResult:
        """What stands in it, and where it goes."""
        yield Static(Content(self._written.text), classes="dialog-text")
        proposed = str(self._folder / self._written.name)
        yield Field(
            "file",
            _("File"),
            Input(proposed, max_length=1000, compact=True),
            self._written.hint or _("A new file; give its full path."),
        )

    def read(self) -> Path:
        """The file, `~` resolved."""
        text = self.text("file").strip()
        if not text:
            raise Mistake("file", _("Give the name of a new file."))
        try:
            file = Path(text).expanduser()
        except (RuntimeError, ValueError):
            raise Mistake("file", _("That folder cannot be found. Give its full path.")) from None
        if not file.is_absolute():
            raise Mistake("file", _("Give the full path of the file."))
        return file

    def field_of(self, error: Refusal) -> str | None:
        """A file that exists, or that cannot be written there."""
        return "file" if isinstance(error, WrongUse) else None
