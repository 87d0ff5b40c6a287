"""The menu: every screen that the signed-in user can go to, with the key that leads there."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from intake.texts import N_, _
from tui.commands import command, key_of, written
from tui.places import Place


class MenuDialog(ModalScreen["str | None"]):
    """The code of the place chosen, or None. Arrows and Enter, or a click."""

    HELP: ClassVar[str] = "menu"
    BINDINGS: ClassVar[list[BindingType]] = [
        command("escape,f2", "leave", N_("Back"), N_("Stay here"), bar=True),
        command("j", "down", N_("Down"), "", palette=False),
        command("k", "up", N_("Up"), "", palette=False),
    ]

    def __init__(self, places: Sequence[Place]) -> None:
        super().__init__(classes="dialog")
        self._places = tuple(places)

    def compose(self) -> ComposeResult:
        """A line for each place."""
        with Vertical(classes="dialog-box menu-box"):
            yield Static(Content(_("Go to")), classes="dialog-title")
            yield OptionList(
                *(Option(self._line(place), id=place.code) for place in self._places),
                id="places",
                compact=True,
            )

    def on_mount(self) -> None:
        """Arrows choose at once."""
        self._list.focus()

    @property
    def _list(self) -> OptionList:
        return self.query_one("#places", OptionList)

    def action_down(self) -> None:
        """One line down."""
        self._list.action_cursor_down()

    def action_up(self) -> None:
        """One line up."""
        self._list.action_cursor_up()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Go there."""
        event.stop()
        self.dismiss(event.option_id)

    def action_leave(self) -> None:
        """Stay."""
        self.dismiss(None)

    def _line(self, place: Place) -> Content:
        key = written(key_of(self.app, f"go.{place.code}", place.key)) if place.key else ""
        return Content.assemble((f"{key:>4}  ", "$footer-key-foreground bold"), _(place.words))
