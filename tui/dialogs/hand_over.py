"""Handing a case file over to the OCMW's own social-file system: where its sheet is written (P3)."""

from collections.abc import Mapping
from pathlib import Path

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from intake.errors import WrongUse
from intake.texts import N_, _
from storage.errors import Refusal
from tui.dialogs.base import Dialog, Mistake, Submit
from tui.widgets.field import Field


class HandOverDialog(Dialog[Path]):
    """Asks the folder, and says what is written there and what follows."""

    HELP = "case"
    SEND = N_("Hand over")

    def __init__(
        self,
        submit: Submit[Path],
        reference: str,
        *,
        folder: Path,
        draft: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(submit, draft)
        self._reference = reference
        self._folder = folder

    @property
    def title_text(self) -> str:
        """Names the referral."""
        return _("Hand over the case file of %(reference)s") % {"reference": self._reference}

    def form(self) -> ComposeResult:
        """What happens, and the folder."""
        yield Static(
            Content(
                _(
                    "The hand-over sheet is written as PDF, JSON and CSV, with the client's data in clear. "
                    "Choose a folder that only the social-file system and you can read. After that the copy "
                    "kept here is discarded. (P3)"
                )
            ),
            classes="dialog-text",
        )
        yield Field("folder", _("Folder"), Input(str(self._folder), max_length=1000, compact=True))

    def read(self) -> Path:
        """The folder, `~` resolved."""
        text = self.text("folder").strip()
        if not text:
            raise Mistake("folder", _("Give a folder."))
        try:
            folder = Path(text).expanduser()
        except (RuntimeError, ValueError):
            raise Mistake("folder", _("That folder cannot be found. Give its full path.")) from None
        if not folder.is_absolute():
            raise Mistake("folder", _("That folder cannot be found. Give its full path."))
        return folder

    def field_of(self, error: Refusal) -> str | None:
        """A folder that cannot be written."""
        return "folder" if isinstance(error, WrongUse) else None
