"""The worklist's table: its columns, their order, and rows that stay where they are when data change."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from rich.text import Text
from textual.binding import BindingType

from intake.desk.reading import Line, urgency
from intake.formats import show_date, show_name
from intake.plaintext import clean_line
from intake.texts import N_, _
from intake.workdays import local_date
from tui.commands import command
from tui.seen import MARK_GLYPHS, Mark
from tui.shown import WAITING, due_text, late, name_text, plain, standing_order, standing_text, worker_text
from tui.widgets.grid import Heading
from tui.widgets.selectable import MARK_WIDTH, SelectableGrid


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a line needs besides itself to be written."""

    names: Mapping[str, str]
    today: date
    masked: bool
    late_style: str = "bold"
    mark: Callable[[Line], Mark | None] = lambda _line: None


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


def _name(line: Line, drawing: Drawing) -> str:
    if line.waiting:
        return WAITING
    name = None if line.client is None else show_name(line.client)
    return name_text(name, masked=drawing.masked)


def _reference(line: Line, drawing: Drawing) -> str:
    mark = drawing.mark(line)
    return line.referral.reference + (MARK_GLYPHS[mark] if mark else "")


def _municipality(line: Line, _drawing: Drawing) -> str:
    return clean_line((line.client.municipality if line.client else None) or "")


COLUMNS: tuple[Column, ...] = (
    Column(
        "state",
        N_("State"),
        16,
        lambda line, _d: standing_text(line.referral),
        lambda line, _d: standing_order(line.referral),
    ),
    Column(
        "reference",
        N_("Reference"),
        12,
        _reference,
        lambda line, _d: line.referral.reference,
    ),
    Column("name", N_("Name"), 14, _name, lambda line, d: plain(_name(line, d)), grows=3),
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


def columns_for(width: int) -> tuple[Column, ...]:
    """The columns that fit: on a narrow screen without municipality and receipt, which the line below the table tells."""
    return tuple(c for c in COLUMNS if width >= WIDE or not c.wide_only)


class WorkTable(SelectableGrid):
    """Rows by reference; whoever assigns can choose several."""

    BINDINGS: ClassVar[list[BindingType]] = [
        command("enter", "select", N_("Open it"), N_("Open the referral under the cursor"), bar=True),
    ]

    def draw(
        self, lines: Sequence[Line], drawing: Drawing, width: int, sorted_by: str, backwards: bool
    ) -> None:
        """Draw these lines in this order."""
        columns = columns_for(width)
        arrow = "▼" if backwards else "▲"
        boxes = MARK_WIDTH if self.selectable else 0
        headings = [
            Heading(
                c.key,
                f"{arrow if c.key == sorted_by else ''}{_(c.heading)}",
                c.width - boxes if c.key == "name" else c.width,
                c.grows,
            )
            for c in columns
        ]
        by_reference = {line.referral.reference: line for line in lines}

        def cells(reference: str) -> list[Text]:
            line = by_reference[reference]
            return [_cell(column, line, drawing) for column in columns]

        self.show_lazily(headings, tuple(by_reference), cells, width)


def _cell(column: Column, line: Line, drawing: Drawing) -> Text:
    style = ""
    if column.key == "due" and late(line.referral, line.due_on, drawing.today):
        style = drawing.late_style
    elif column.key == "state" and line.referral.on_hold:
        style = "italic"
    return Text(column.write(line, drawing), style=style)
