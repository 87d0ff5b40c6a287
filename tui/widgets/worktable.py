"""The worklist's table: its columns, their order, and rows that stay where they are when data change."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from rich.text import Text
from textual.binding import BindingType
from textual.widgets import DataTable

from intake.desk.reading import Line
from intake.formats import show_date, show_name
from intake.plaintext import clean_line
from intake.texts import N_, _
from intake.workdays import local_date
from tui.commands import command
from tui.shown import STATE_ORDER, due_text, late, name_text, state_text, worker_text


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a line needs besides itself to be written."""

    names: Mapping[str, str]
    today: date
    masked: bool
    late_style: str = "bold"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, width in cells, what is written, and what it is sorted by. Narrow screens drop some."""

    key: str
    heading: str
    width: int
    write: Callable[[Line, Drawing], str]
    order: Callable[[Line, Drawing], Any]
    wide_only: bool = False
    grows: int = 0
    """Its share of the cells that are left over."""


def plain(text: str) -> str:
    """For comparing: without case and accents."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in split if not unicodedata.combining(c))


def _name(line: Line, drawing: Drawing) -> str:
    name = None if line.client is None else show_name(line.client)
    return name_text(name, masked=drawing.masked)


def _municipality(line: Line, _drawing: Drawing) -> str:
    return clean_line((line.client.municipality if line.client else None) or "")


def urgency(line: Line) -> tuple[date, datetime]:
    """The most urgent first: what is due soonest, then what waits longest."""
    goes = line.discard.goes_on if line.discard else None
    return line.due_on or goes or date.max, line.referral.received_at


COLUMNS: tuple[Column, ...] = (
    Column(
        "state",
        N_("State"),
        16,
        lambda line, _d: state_text(line.referral.state),
        lambda line, _d: STATE_ORDER.index(line.referral.state),
    ),
    Column(
        "reference",
        N_("Reference"),
        11,
        lambda line, _d: line.referral.reference,
        lambda line, _d: line.referral.reference,
    ),
    Column("name", N_("Name"), 15, _name, lambda line, d: plain(_name(line, d)), grows=3),
    Column(
        "municipality",
        N_("Municipality"),
        14,
        _municipality,
        lambda line, d: plain(_municipality(line, d)),
        wide_only=True,
        grows=1,
    ),
    Column(
        "received",
        N_("Received"),
        15,
        lambda line, _d: show_date(local_date(line.referral.received_at)),
        lambda line, _d: line.referral.received_at,
        wide_only=True,
    ),
    Column(
        "due",
        N_("Due"),
        21,
        lambda line, d: due_text(line.referral, line.due_on, d.today),
        lambda line, _d: urgency(line),
    ),
    Column(
        "attempts",
        N_("Tries"),
        5,
        lambda line, _d: str(len(line.referral.attempts) or ""),
        lambda line, _d: len(line.referral.attempts),
    ),
    Column(
        "worker",
        N_("Worker"),
        9,
        lambda line, d: worker_text(line, d.names),
        lambda line, d: plain(worker_text(line, d.names)),
        grows=2,
    ),
)
WIDE = 116
"""From this many cells all columns are shown."""

_TAKEN_BY_FRAME = 3


def columns_for(width: int) -> tuple[Column, ...]:
    """The columns that fit: on a narrow screen without municipality and receipt, which the line below the table tells."""
    return tuple(c for c in COLUMNS if width >= WIDE or not c.wide_only)


class WorkTable(DataTable[Text]):
    """Rows by reference. Drawing again keeps the cursor on its referral and the scroll where it was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        command("enter", "select_cursor", N_("Open it"), N_("Open the referral under the cursor"), bar=True),
        command("j", "cursor_down", N_("Down"), "", palette=False),
        command("k", "cursor_up", N_("Up"), "", palette=False),
        command("g", "scroll_top", N_("First"), N_("To the first line")),
        command("G", "scroll_bottom", N_("Last"), N_("To the last line")),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(cursor_type="row", cell_padding=0, zebra_stripes=False, id=id)
        self._shown: tuple[tuple[str, str, int], ...] = ()
        self._cells: dict[str, tuple[Text, ...]] = {}

    @property
    def current(self) -> str | None:
        """The reference under the cursor."""
        if not self.row_count:
            return None
        return self.coordinate_to_cell_key(self.cursor_coordinate).row_key.value

    def show(
        self, lines: Sequence[Line], drawing: Drawing, width: int, sorted_by: str, backwards: bool
    ) -> None:
        """Draw these lines in this order."""
        columns = columns_for(width)
        self._head(columns, width, sorted_by, backwards)
        widths = [cells for _key, _heading, cells in self._shown]
        wanted = {
            line.referral.reference: tuple(
                _cell(column, line, drawing, cells) for column, cells in zip(columns, widths, strict=True)
            )
            for line in lines
        }
        if list(wanted) == list(self._cells):
            for key, cells in wanted.items():
                for column, new, old in zip(columns, cells, self._cells[key], strict=True):
                    if new != old or new.style != old.style:
                        self.update_cell(key, column.key, new)
        else:
            self._replace(wanted)
        self._cells = wanted

    def _head(self, columns: Sequence[Column], width: int, sorted_by: str, backwards: bool) -> None:
        spare = max(0, width - sum(column.width for column in columns) - _TAKEN_BY_FRAME)
        shares = sum(column.grows for column in columns)
        headings: list[tuple[str, str, int]] = []
        for column in columns:
            arrow = ("▼" if backwards else "▲") if column.key == sorted_by else ""
            cells = column.width + spare * column.grows // shares
            headings.append((column.key, f"{arrow}{_(column.heading)}"[: cells - 1], cells))
        if tuple(headings) == self._shown:
            return
        where, top = self.current, self.scroll_y
        self.clear(columns=True)
        for key, heading, cells in headings:
            self.add_column(Text(heading), width=cells, key=key)
        old, self._cells, self._shown = self._cells, {}, tuple(headings)
        self._pending = (where, top) if old else None

    _pending: tuple[str | None, float] | None = None

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


def _cell(column: Column, line: Line, drawing: Drawing, width: int) -> Text:
    style = ""
    if column.key == "due" and late(line.referral, line.due_on, drawing.today):
        style = drawing.late_style
    elif column.key == "state" and line.referral.on_hold:
        style = "italic"
    text = Text(column.write(line, drawing), style=style, no_wrap=True)
    # One cell stays free before the next column.
    text.truncate(width - 1, overflow="ellipsis")
    return text
