"""Joining an office: the folder of its store."""

from collections.abc import Mapping
from pathlib import Path

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from intake.desk.starting import full_path
from intake.errors import WrongUse
from intake.texts import N_, _
from storage.errors import Refusal
from tui.dialogs.base import Dialog, Mistake, Submit
from tui.widgets.field import Field


class JoinDialog(Dialog[Path]):
    """Asks the folder; whether a store is there is seen before it closes."""

    HELP = "start"
    SEND = N_("Look")

    def __init__(self, submit: Submit[Path], draft: Mapping[str, str]) -> None:
        super().__init__(submit, draft)

    @property
    def title_text(self) -> str:
        """What it is about."""
        return _("Join an office")

    def form(self) -> ComposeResult:
        """One field."""
        text = _(
            "The store is a folder that all workstations reach, most often on a network drive. Your team lead knows its "
            "name. Nothing is changed in it before you sign in."
        )
        yield Static(Content(text), classes="dialog-text")
        yield Field("folder", _("Folder"), Input(max_length=1000, compact=True))

    def read(self) -> Path:
        """The folder's full path."""
        self.left_over = self.values()
        try:
            return full_path(self.text("folder"))
        except WrongUse as error:
            raise Mistake("folder", str(error.values["problem"])) from None

    def field_of(self, error: Refusal) -> str | None:
        """Whatever is wrong is wrong with the folder."""
        del error
        return "folder"

    def action_leave(self) -> None:
        """What was typed stays for the next time: nothing to ask."""
        self.left_over = self.values()
        self.dismiss(None)
