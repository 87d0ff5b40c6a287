"""Where a paper of the office is written: a new file, which nobody else may read."""

from pathlib import Path

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from intake.errors import WrongUse
from intake.texts import N_, _
from storage.errors import Refusal
from tui.dialogs.base import Dialog, Mistake, Submit
from tui.widgets.field import Field


class PaperDialog(Dialog[Path]):
    """Asks the file's full name."""

    HELP = "office"
    SEND = N_("Save as file")

    def __init__(self, submit: Submit[Path], title: str, file: Path) -> None:
        super().__init__(submit)
        self._title_text = title
        self._file = file

    @property
    def title_text(self) -> str:
        """The paper's name."""
        return self._title_text

    def form(self) -> ComposeResult:
        """One field."""
        text = _(
            "Nothing is overwritten, and only you may read the file. That it was made stands in the log."
        )
        yield Static(Content(text), classes="dialog-text")
        yield Field(
            "file",
            _("File"),
            Input(str(self._file), max_length=1000, compact=True),
            _("A full path that ends in .pdf or .json"),
        )

    def read(self) -> Path:
        """The file, `~` resolved."""
        text = self.text("file").strip()
        try:
            file = Path(text).expanduser()
        except (RuntimeError, ValueError):
            file = Path()
        if not text or "\x00" in text or not file.is_absolute():
            raise Mistake("file", _("Give the full path of the file."))
        return file

    def field_of(self, error: Refusal) -> str | None:
        """A file that cannot be written."""
        return "file" if isinstance(error, WrongUse) else None
