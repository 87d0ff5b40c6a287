"""A table of which each row has a key: only the rows in sight are written, and drawing again keeps cursor and scroll.

Knows nothing of what the rows tell; cells are texts and never markup. Textual's own table holds every cell of every row,
which with thousands of rows is a wait at each change; here a row is asked for when it comes into sight.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from intake.texts import N_
from tui.commands import command

Cells = Sequence[str | Text]

_TAKEN_BY_FRAME = 3
_HEAD = 1
"""Lines that the headings take."""
_MORE = "…"


@dataclass(frozen=True, slots=True)
class Heading:
    """A column as drawn: key, words in the user's language, width in cells, and its share of the cells left over."""

    key: str
    words: str
    width: int
    grows: int = 0


class Grid(ScrollView, can_focus=True):
    """Rows by key, one cell free between columns; too long a text ends in an ellipsis."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"grid--header", "grid--cursor"}
    BINDINGS: ClassVar[list[BindingType]] = [
        command("j,down", "cursor_down", N_("Down"), "", palette=False, name="down"),
        command("k,up", "cursor_up", N_("Up"), "", palette=False, name="up"),
        command("g,home", "first", N_("First"), N_("To the first line"), name="top"),
        command("G,end", "last", N_("Last"), N_("To the last line"), name="bottom"),
        command("pagedown", "page_down", N_("Down"), "", palette=False),
        command("pageup", "page_up", N_("Up"), "", palette=False),
        command("enter", "select", N_("Open"), N_("Open what is under the cursor"), palette=False),
    ]

    cursor_row: reactive[int] = reactive(0, repaint=False)

    class _OfRow(Message):
        def __init__(self, grid: "Grid", key: str | None) -> None:
            super().__init__()
            self.grid = grid
            self.key = key

        @property
        def control(self) -> "Grid":
            """The table."""
            return self.grid

    class Highlighted(_OfRow):
        """The cursor is on another row, or its row is another; `key` is None when there is none."""

    class Selected(_OfRow):
        """Enter, or a click on the row under the cursor."""

    class HeadingChosen(Message):
        """A click on a heading."""

        def __init__(self, grid: "Grid", key: str) -> None:
            super().__init__()
            self.grid = grid
            self.key = key

        @property
        def control(self) -> "Grid":
            """The table."""
            return self.grid

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._columns: tuple[tuple[str, str, int], ...] = ()
        self._keys: tuple[str, ...] = ()
        self._rows: dict[str, int] = {}
        self._cells: Callable[[str], Cells] = lambda _key: ()
        self._told: str | None = None
        self._high = 0

    # -- what it holds ----------------------------------------------------------------------------------------------

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all rows, from top to bottom."""
        return self._keys

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return len(self._keys)

    @property
    def current(self) -> str | None:
        """The key of the row under the cursor; None when there is no row."""
        return self._keys[self.cursor_row] if self.cursor_row < len(self._keys) else None

    @property
    def columns(self) -> tuple[str, ...]:
        """The keys of the columns, from left to right."""
        return tuple(key for key, _words, _width in self._columns)

    def get_row_index(self, key: str) -> int:
        """The number of a row, from 0. Raises KeyError."""
        return self._rows[key]

    def row_texts(self, key: str) -> list[str]:
        """What stands in a row, however much of it fits. Raises KeyError."""
        if key not in self._rows:
            raise KeyError(key)
        return [str(cell) for cell in self._cells(key)]

    def show(self, headings: Sequence[Heading], rows: Mapping[str, Cells], width: int) -> None:
        """Draw these rows in this order, in `width` cells."""
        self.show_lazily(headings, tuple(rows), rows.__getitem__, width)

    def show_lazily(
        self, headings: Sequence[Heading], keys: Sequence[str], cells: Callable[[str], Cells], width: int
    ) -> None:
        """As `show`; `cells` is asked for a row each time it is drawn."""
        where, before = self.current, self.cursor_row
        self._columns = _widths(headings, width)
        self._keys, self._cells = tuple(keys), cells
        self._rows = {key: number for number, key in enumerate(self._keys)}
        self.virtual_size = Size(sum(cells for _k, _w, cells in self._columns), len(self._keys) + _HEAD)
        kept = self._rows.get(where) if where is not None else None
        self.cursor_row = kept if kept is not None else max(0, min(before, len(self._keys) - 1))
        self.refresh()
        self.call_after_refresh(self._into_sight)
        self._tell()

    def _tell(self) -> None:
        if self.current != self._told:
            self._told = self.current
            self.post_message(self.Highlighted(self, self.current))

    # -- moving -----------------------------------------------------------------------------------------------------

    def move_cursor(self, *, row: int) -> None:
        """To a row, which is brought into sight."""
        before, top = self.current, self.scroll_y
        self.cursor_row = max(0, min(row, len(self._keys) - 1))
        self._into_sight()
        if self.scroll_y == top:
            # The two rows that look otherwise: a key held down is painted before its next repetition comes.
            self.refresh_rows(*(key for key in (before, self.current) if key is not None))
        else:
            self.refresh()
        self._tell()

    def on_resize(self) -> None:
        """A row that was in sight stays there when what stands below grows, such as what is told of that very row."""
        top = round(self.scroll_y)
        if top <= self.cursor_row < top + self._high:
            self._into_sight()
        self._high = self.scrollable_content_region.height - _HEAD

    def _into_sight(self) -> None:
        high = max(1, self.scrollable_content_region.height - _HEAD)
        top = round(self.scroll_y)
        if self.cursor_row < top:
            top = self.cursor_row
        elif self.cursor_row >= top + high:
            top = self.cursor_row - high + 1
        else:
            return
        self.scroll_to(y=top, animate=False, immediate=True)

    @property
    def _page(self) -> int:
        return max(1, self.scrollable_content_region.height - _HEAD - 1)

    def action_cursor_down(self) -> None:
        """One row down."""
        self.move_cursor(row=self.cursor_row + 1)

    def action_cursor_up(self) -> None:
        """One row up."""
        self.move_cursor(row=self.cursor_row - 1)

    def action_page_down(self) -> None:
        """As many rows down as are in sight."""
        self.move_cursor(row=self.cursor_row + self._page)

    def action_page_up(self) -> None:
        """As many rows up as are in sight."""
        self.move_cursor(row=self.cursor_row - self._page)

    def action_first(self) -> None:
        """To the first row."""
        self.move_cursor(row=0)

    def action_last(self) -> None:
        """To the last row."""
        self.move_cursor(row=len(self._keys) - 1)

    def action_select(self) -> None:
        """Choose the row under the cursor."""
        if self.current is not None:
            self.post_message(self.Selected(self, self.current))

    def on_click(self, event: events.Click) -> None:
        """A heading, a row, or the row under the cursor once more."""
        place = event.get_content_offset(self)
        if place is None:
            return
        event.stop()
        column = self._column_at(place.x + round(self.scroll_x))
        row = place.y - _HEAD + round(self.scroll_y)
        if place.y < _HEAD:
            if column is not None:
                self.heading_clicked(column)
        elif row < len(self._keys):
            self.row_clicked(row, column)

    def _column_at(self, x: int) -> str | None:
        left = 0
        for key, _words, width in self._columns:
            left += width
            if x < left:
                return key
        return None

    def heading_clicked(self, column: str) -> None:
        """A click on a heading."""
        self.post_message(self.HeadingChosen(self, column))

    def row_clicked(self, row: int, column: str | None) -> None:
        """A click on a row, in a column if it hit one."""
        del column
        if row == self.cursor_row:
            self.action_select()
        else:
            self.move_cursor(row=row)

    # -- drawing ----------------------------------------------------------------------------------------------------

    def watch_has_focus(self, value: bool) -> None:
        """The cursor looks otherwise."""
        super().watch_has_focus(value)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """The headings, a row, or nothing."""
        width = self.scrollable_content_region.width
        plain = self.rich_style
        if y < _HEAD:
            style = plain + self.get_component_rich_style("grid--header")
            strip = _strip([words for _key, words, _width in self._columns], self._columns, style)
        else:
            row = y - _HEAD + round(self.scroll_y)
            style = plain
            if row == self.cursor_row and row < len(self._keys):
                style = plain + self.get_component_rich_style("grid--cursor")
            cells = self._cells(self._keys[row]) if row < len(self._keys) else ()
            strip = _strip(cells, self._columns, style)
        left = round(self.scroll_x)
        return strip.extend_cell_length(left + width, style).crop(left, left + width)

    def refresh_rows(self, *keys: str) -> None:
        """Draw some rows again: what their cells are asked from has changed."""
        size = self.scrollable_content_region
        for key in keys:
            row = self._rows.get(key)
            if row is not None:
                self.refresh(Region(0, row - round(self.scroll_y) + _HEAD, size.width, 1))


def _widths(headings: Sequence[Heading], width: int) -> tuple[tuple[str, str, int], ...]:
    spare = max(0, width - sum(heading.width for heading in headings) - _TAKEN_BY_FRAME)
    shares = sum(heading.grows for heading in headings) or 1
    return tuple(
        (heading.key, heading.words, heading.width + spare * heading.grows // shares) for heading in headings
    )


def _strip(cells: Cells, columns: Sequence[tuple[str, str, int]], style: Style) -> Strip:
    segments: list[Segment] = []
    total = 0
    for cell, (_key, _words, width) in zip(cells, columns, strict=False):
        text, own = (cell.plain, cell.style) if isinstance(cell, Text) else (cell, "")
        look = style if not own else style + (own if isinstance(own, Style) else Style.parse(own))
        segments.append(Segment(_fit(text, width), look))
        total += width
    return Strip(segments, total)


def _fit(text: str, width: int) -> str:
    """In exactly `width` cells, the last of them free."""
    room = width - 1
    if cell_len(text) > room:
        text = set_cell_size(text, max(0, room - 1)) + _MORE
    return set_cell_size(text, width)
