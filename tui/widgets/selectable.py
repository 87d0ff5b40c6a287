"""A table in which several rows can be chosen: a box before each, the space bar, and all or none at once.

What is done with the chosen rows is for the screen. A chosen row that a filter hides stays chosen; one that is gone
does not (`keep`).
"""

from collections.abc import Callable, Container, Iterable, Sequence
from typing import ClassVar

from rich.text import Text
from textual.binding import BindingType
from textual.message import Message

from intake.texts import N_, ngettext
from tui.commands import command
from tui.widgets.grid import Cells, Grid, Heading

CHOSEN, NOT_CHOSEN = "☑", "☐"
MARK = "mark"
MARK_WIDTH = 2


class SelectableGrid(Grid):
    """Rows by key, of which `chosen` are marked. With `selectable` off it is a plain grid."""

    BINDINGS: ClassVar[list[BindingType]] = [
        command("space", "choose", N_("Choose"), N_("Choose this line, or no longer; then to the next")),
        command("A", "choose_all", N_("Choose all or none"), N_("Choose all lines that are shown, or none")),
    ]

    class Changed(Message):
        """Other rows are chosen."""

        def __init__(self, grid: "SelectableGrid") -> None:
            super().__init__()
            self.grid = grid

        @property
        def control(self) -> "SelectableGrid":
            """The table."""
            return self.grid

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.selectable = True
        self._chosen: dict[str, None] = {}

    @property
    def chosen(self) -> tuple[str, ...]:
        """The keys of the chosen rows, in the order in which they were chosen."""
        return tuple(self._chosen) if self.selectable else ()

    @property
    def chosen_unseen(self) -> int:
        """How many of them a filter hides."""
        return sum(key not in self._rows for key in self.chosen)

    def drop(self, keys: Iterable[str]) -> None:
        """Choose these no longer."""
        dropped = [key for key in keys if key in self._chosen]
        for key in dropped:
            del self._chosen[key]
        if dropped:
            self.refresh()
            self.post_message(self.Changed(self))

    def keep(self, known: Container[str]) -> None:
        """Choose none that is not there any more."""
        self.drop([key for key in self._chosen if key not in known])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """No boxes, no keys for them."""
        if action in ("choose", "choose_all") and not self.selectable:
            return False
        return super().check_action(action, parameters)

    def show_lazily(
        self, headings: Sequence[Heading], keys: Sequence[str], cells: Callable[[str], Cells], width: int
    ) -> None:
        """As a grid does, with the boxes first."""
        if not self.selectable:
            super().show_lazily(headings, keys, cells, width)
            return
        boxed = [Heading(MARK, "", MARK_WIDTH), *headings]
        super().show_lazily(boxed, keys, lambda key: [self._box(key), *cells(key)], width)

    def _box(self, key: str) -> Text:
        chosen = key in self._chosen
        return Text(CHOSEN if chosen else NOT_CHOSEN, style="bold" if chosen else "")

    def _turn(self, key: str) -> None:
        if key in self._chosen:
            del self._chosen[key]
        else:
            self._chosen[key] = None
        self.refresh_rows(key)
        self.post_message(self.Changed(self))

    def action_choose(self) -> None:
        """The row under the cursor, and on to the next."""
        key = self.current
        if key is not None:
            self._turn(key)
            self.action_cursor_down()

    def action_choose_all(self) -> None:
        """All that are shown; none when they are chosen already."""
        shown = list(self.keys)
        if all(key in self._chosen for key in shown):
            self.drop(shown)
            return
        for key in shown:
            self._chosen.setdefault(key)
        self.refresh()
        self.post_message(self.Changed(self))

    def heading_clicked(self, column: str) -> None:
        """Above the boxes: all or none."""
        if column == MARK:
            self.action_choose_all()
        else:
            super().heading_clicked(column)

    def row_clicked(self, row: int, column: str | None) -> None:
        """On a box: this one, or no longer; elsewhere as in every table."""
        if column != MARK:
            super().row_clicked(row, column)
            return
        self.move_cursor(row=row)
        if self.current is not None:
            self._turn(self.current)


def chosen_text(grid: SelectableGrid) -> str:
    """How many rows are chosen, for the first line of a screen; nothing when none is."""
    count = len(grid.chosen)
    if not count:
        return ""
    said = ngettext("☑ %(count)d chosen", "☑ %(count)d chosen", count) % {"count": count}
    unseen = grid.chosen_unseen
    if unseen:
        said += " " + ngettext("(%(count)d not shown)", "(%(count)d not shown)", unseen) % {"count": unseen}
    return said
