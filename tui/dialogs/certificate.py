"""The certificate of destruction: which file it is written to (P3, P6)."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from intake.desk.proof import CertificateNotWritten
from intake.errors import WrongUse, sentence
from intake.paperwork.files import check_ending
from intake.texts import N_, _, ngettext
from storage.errors import Refusal
from tui.dialogs.base import Dialog, Mistake, Submit
from tui.retention_words import some
from tui.widgets.field import Field


class CertificateDialog(Dialog[Path]):
    """Asks for a new file. The references are named, and nobody else."""

    HELP = "certificate"
    SEND = N_("Write")

    def __init__(
        self,
        submit: Submit[Path],
        references: Sequence[str],
        *,
        file: Path,
        draft: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(submit, draft)
        self._references = tuple(references)
        self._file = file

    @property
    def title_text(self) -> str:
        """Says of how many."""
        count = len(self._references)
        if count == 1:
            return _("Certificate of destruction of %(reference)s") % {"reference": self._references[0]}
        return ngettext(
            "Certificate of destruction of %(count)d referral",
            "Certificate of destruction of %(count)d referrals",
            count,
        ) % {"count": count}

    def form(self) -> ComposeResult:
        """Which ones, and the file."""
        told = _(
            "The certificate tells when and why each of them was discarded, and from where. Nothing on it leads to a client."
        )
        if len(self._references) > 1:
            told = f"{some(self._references, 12)}\n{told}"
        yield Static(Content(told), classes="dialog-text")
        yield Field(
            "file",
            _("File"),
            Input(str(self._file), max_length=1000, compact=True),
            _("A new PDF file, with its full path."),
        )

    def read(self) -> Path:
        """The file, `~` resolved."""
        text = self.text("file").strip()
        if not text:
            raise Mistake("file", _("Give a file."))
        try:
            file = Path(text).expanduser()
            check_ending(file, ".pdf")
        except WrongUse as error:
            raise Mistake("file", sentence(error)) from None
        except (RuntimeError, ValueError):
            raise Mistake("file", _("That file cannot be used. Give its full path.")) from None
        if not file.is_absolute():
            raise Mistake("file", _("That file cannot be used. Give its full path."))
        return file

    def field_of(self, error: Refusal) -> str | None:
        """A file that exists or cannot be written."""
        return "file" if isinstance(error, WrongUse | CertificateNotWritten) else None
