"""The copy for a client of all that is held on them: the file in which it is written (GDPR 15, 20)."""

from pathlib import Path

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from intake.errors import WrongUse
from intake.texts import N_, _
from storage.errors import Refusal
from tui.dialogs.base import Dialog, Mistake, Submit
from tui.widgets.field import Field


class ExportDialog(Dialog[Path]):
    """Asks the file; a PDF comes beside it."""

    HELP = "subjects"
    SEND = N_("Write the copy")

    def __init__(self, submit: Submit[Path], reference: str, *, folder: Path) -> None:
        super().__init__(submit)
        self._reference = reference
        self._folder = folder

    @property
    def title_text(self) -> str:
        """Names the referral."""
        return _("Copy of all that is held: %(reference)s") % {"reference": self._reference}

    def form(self) -> ComposeResult:
        """What is written, and where."""
        said = _(
            "All data of the client and all steps are written in clear: as JSON to this file, and as PDF beside it. "
            "Give them to the client, then delete them. (GDPR 15, 20)"
        )
        yield Static(Content(said), classes="dialog-text")
        file = self._folder / f"{self._reference}.json"
        yield Field(
            "file",
            _("File"),
            Input(str(file), max_length=1000, compact=True),
            _("Named after the reference, never after the client."),
        )

    def read(self) -> Path:
        """The file, `~` resolved."""
        text = self.text("file").strip()
        try:
            file = Path(text).expanduser()
        except (RuntimeError, ValueError):
            file = Path()
        if not text or not file.is_absolute() or not file.name:
            raise Mistake("file", _("Give the full path of a new file."))
        return file

    def field_of(self, error: Refusal) -> str | None:
        """A file that is there, cannot be written, or names the client."""
        return "file" if isinstance(error, WrongUse) else None
