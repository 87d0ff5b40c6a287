"""Who saw a referral: the entries of the access log in which someone read it or took its data along (A12)."""

from typing import TYPE_CHECKING, ClassVar, cast

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from intake.errors import sentence
from intake.formats import show_moment
from intake.logwords import entry_words, field_words, reason_words
from intake.plaintext import clean_line
from intake.rows import moment_of
from intake.texts import N_, _
from storage.errors import Refusal
from tui.asks_log import seen_by
from tui.commands import command
from tui.widgets.grid import Grid, Heading

if TYPE_CHECKING:
    from tui.app import IntakeApp

_WIDTH = 74


class SeenByDialog(ModalScreen[None]):
    """A line for each time, the newest first. Esc goes back."""

    HELP: ClassVar[str] = "log"
    BINDINGS: ClassVar[list[BindingType]] = [
        command("escape,enter", "back", N_("Back"), N_("Close the list"), bar=True)
    ]

    def __init__(self, reference: str) -> None:
        super().__init__(classes="dialog")
        self._reference = reference

    def compose(self) -> ComposeResult:
        """Title, table, one button."""
        title = _("Who saw %(reference)s") % {"reference": clean_line(self._reference)}
        with Vertical(classes="dialog-box seen-by"):
            yield Static(Content(title), classes="dialog-title")
            yield Static(Content(_("Reading the log…")), id="seen-by-said")
            yield Grid(id="seen-by-rows")
            with Horizontal(classes="dialog-buttons"):
                yield Button(Content(_("Back") + " (Esc)"), id="back", variant="primary", compact=True)

    def on_mount(self) -> None:
        """Ask the desk."""
        self.query_one(Grid).display = False
        self._load()

    @work(exclusive=True)
    async def _load(self) -> None:
        said, reference = self.query_one("#seen-by-said", Static), self._reference
        try:
            entries, _names = await cast("IntakeApp", self.app).bridge.ask(
                lambda desk: seen_by(desk, reference)
            )
        except Refusal as error:
            said.update(Content(f"✖ {sentence(error)}"))
            return
        rows = {
            str(entry.seq): (
                show_moment(moment_of(entry.at)),
                clean_line(entry.name),
                entry_words(entry.action, entry.detail),
                clean_line(reason_words(entry.reason)) or ", ".join(map(field_words, entry.fields)),
            )
            for entry in entries
        }
        if not rows:
            said.update(Content(_("Nobody has read it yet.")))
            return
        said.update(Content(_("%(count)d times, the newest first.") % {"count": len(rows)}))
        grid = self.query_one(Grid)
        grid.display = True
        grid.show(
            [
                Heading("when", _("When"), 17),
                Heading("who", _("Who"), 14),
                Heading("what", _("What"), 22),
                Heading("why", _("Why"), 12, 1),
            ],
            rows,
            min(_WIDTH, self.size.width) - 6,
        )
        grid.focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Close."""
        event.stop()
        self.dismiss(None)

    def on_data_table_row_selected(self) -> None:
        """Enter on a line closes as well."""
        self.dismiss(None)

    def action_back(self) -> None:
        """Close."""
        self.dismiss(None)


def seen_by_dialog(reference: str) -> SeenByDialog:
    """The dialog for one referral, for whoever may read it or the log."""
    return SeenByDialog(reference)
