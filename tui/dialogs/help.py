"""Help on the screen in focus, from `help/<language>/<name>.md`."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Markdown, Static

from intake.texts import N_, _, language
from tui.commands import command

_FOLDER = Path(__file__).parent.parent / "help"


def help_text(name: str, code: str) -> str:
    """The help on a screen in a language."""
    return (_FOLDER / code / f"{name}.md").read_text(encoding="utf-8")


class HelpDialog(ModalScreen[None]):
    """Shows a page; Esc goes back."""

    HELP: ClassVar[str] = "dialogs"
    BINDINGS: ClassVar[list[BindingType]] = [
        command("escape,q,f1,question_mark", "back", N_("Back"), N_("Close the help"), bar=True)
    ]

    def __init__(self, name: str, changed: Sequence[tuple[str, str, str]] = ()) -> None:
        super().__init__(classes="dialog")
        self._page = name
        self._changed = changed

    def compose(self) -> ComposeResult:
        """The page."""
        with Vertical(classes="dialog-box help-box"), VerticalScroll(id="help-page"):
            if self._changed:
                yield Static(Content("\n".join(self._own_keys())), id="own-keys")
            yield Markdown(help_text(self._page, language()), open_links=False)

    def _own_keys(self) -> Iterator[str]:
        """What the user's own key map changes here, since the page tells of the program's keys."""
        yield _("Your own keys:")
        for words, key, before in self._changed:
            yield _("%(words)s: %(key)s in place of %(before)s") % {
                "words": words,
                "key": key,
                "before": before,
            }

    def on_mount(self) -> None:
        """Arrows scroll at once."""
        self.query_one("#help-page").focus()

    def action_back(self) -> None:
        """Close."""
        self.dismiss(None)
