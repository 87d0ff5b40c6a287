"""A table of which each row has a key: drawing again keeps the cursor on its row and the scroll where it was.

Knows nothing of what the rows tell; cells are texts and never markup.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual.binding import BindingType
from textual.widgets import DataTable

from intake.texts import N_
from tui.commands import command

Cells = Sequence[str | Text]

_TAKEN_BY_FRAME = 3


@dataclass(frozen=True, slots=True)
class Heading:
    """A column as drawn: key, words in the user's language, width in cells, and its share of the cells left over."""

    key: str
    words: str
    width: int
    grows: int = 0


class Grid(DataTable[Text]):
    """Rows by key, one cell free between columns; too long a text ends in an ellipsis."""

    BINDINGS: ClassVar[list[BindingType]] = [
        command("j", "cursor_down", N_("Down"), "", palette=False),
        command("k", "cursor_up", N_("Up"), "", palette=False),
        command("g", "scroll_top", N_("First"), N_("To the first line")),
        command("G", "scroll_bottom", N_("Last"), N_("To the last line")),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(cursor_type="row", cell_padding=0, zebra_stripes=False, id=id)
        self._shown: tuple[tuple[str, str, int], ...] = ()
        self._cells: dict[str, tuple[Text, ...]] = {}
        self._pending: tuple[str | None, float] | None = None

    @property
    def current(self) -> str | None:
        """The key of the row under the cursor; None when there is no row."""
        if not self.row_count:
            return None
        return self.coordinate_to_cell_key(self.cursor_coordinate).row_key.value

    def show(self, headings: Sequence[Heading], rows: Mapping[str, Cells], width: int) -> None:
        """Draw these rows in this order, in `width` cells."""
        self._head(headings, width)
        wanted = {
            key: tuple(
                _cell(text, cells) for text, (_key, _words, cells) in zip(row, self._shown, strict=True)
            )
            for key, row in rows.items()
        }
        if list(wanted) == list(self._cells):
            for key, cells in wanted.items():
                for (column, _words, _width), new, old in zip(
                    self._shown, cells, self._cells[key], strict=True
                ):
                    if new != old or new.style != old.style:
                        self.update_cell(key, column, new)
        else:
            self._replace(wanted)
        self._cells = wanted

    def _head(self, headings: Sequence[Heading], width: int) -> None:
        spare = max(0, width - sum(heading.width for heading in headings) - _TAKEN_BY_FRAME)
        shares = sum(heading.grows for heading in headings) or 1
        wanted: list[tuple[str, str, int]] = []
        for heading in headings:
            cells = heading.width + spare * heading.grows // shares
            wanted.append((heading.key, heading.words[: cells - 1], cells))
        if tuple(wanted) == self._shown:
            return
        where, top = self.current, self.scroll_y
        self.clear(columns=True)
        for key, words, cells in wanted:
            self.add_column(Text(words), width=cells, key=key)
        old, self._cells, self._shown = self._cells, {}, tuple(wanted)
        self._pending = (where, top) if old else None

    def _replace(self, wanted: Mapping[str, tuple[Text, ...]]) -> None:
        where, top = self._pending or (self.current, self.scroll_y)
        row_before = self.cursor_row
        self._pending = None
        self.clear()
        for key, cells in wanted.items():
            self.add_row(*cells, key=key)
        if not wanted:
            return
        row = (
            self.get_row_index(where)
            if where is not None and where in wanted
            else min(row_before, len(wanted) - 1)
        )
        self.move_cursor(row=row, scroll=False)

        def settle() -> None:
            self.scroll_to(y=top, animate=False, immediate=True)
            self.move_cursor(row=self.cursor_row, scroll=True)

        self.call_after_refresh(settle)


def _cell(content: str | Text, width: int) -> Text:
    text = content.copy() if isinstance(content, Text) else Text(content)
    text.no_wrap = True
    text.truncate(width - 1, overflow="ellipsis")
    return text
