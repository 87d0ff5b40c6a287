"""Finds tables with a heading row: one column a person, or one row a person. Decides nothing about their values."""

from dataclasses import dataclass

from intake.form.labels import Label
from intake.form.model import Row
from intake.form.segments import segments_of
from intake.form.words import Field

__all__ = ["Grid", "grid_at"]

_PEOPLE = frozenset({Field.PERSON, Field.HEADING})
_VALUES = frozenset({Field.CONSENT, Field.PERSON, Field.ROLE})
"""Labels that can be the content of a cell under a heading: "cliënt" under "Relatie"."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A heading row, and the numbers of the rows below that belong to it."""

    by_column: bool
    """True when each column is a person, False when each row is."""
    heads: tuple[Label | None, ...]
    block: tuple[int, ...]


def grid_at(rows: list[Row], index: int) -> Grid | None:
    """The table whose heading row is at `index`, or None."""
    row = rows[index]
    if len(row.cells) < 2 or index + 1 >= len(rows):
        return None
    heads: list[Label | None] = []
    for cell in row.cells:
        label = _alone(cell)
        if cell.strip() and label is None:
            return None
        heads.append(label)
    block = _block(rows, index + 1, len(heads), exact=row.table == 0)
    labels = [head for head in heads if head is not None]
    people = [head for head in labels if head.party is not None and head.field in _PEOPLE]
    below = rows[block[0]].cells if block else ()
    aside = bool(below) and heads[0] is None and any(part.label for part in segments_of(below[:1]))
    # "Dienst | Kind en Gezin" is a label with its value: without an empty corner the rows below must be wider.
    wider = row.table == 0 and len(people) > 1 and len(below) == len(people) + 1
    if people and len(people) == len(labels) and (aside or wider):
        return Grid(True, tuple(heads), tuple(block))
    if block and sum(head.field not in _PEOPLE for head in labels) > 1:
        first = segments_of(rows[block[0]].cells)
        if all(part.label is None or part.label.field in _VALUES for part in first):
            return Grid(False, tuple(heads), tuple(block))
    return None


def _alone(cell: str) -> Label | None:
    """The label a cell is, when it holds nothing else."""
    parts = segments_of((cell,)) if cell.strip() else []
    return parts[0].label if len(parts) == 1 and not parts[0].value else None


def _block(rows: list[Row], start: int, width: int, *, exact: bool) -> list[int]:
    """The rows under a heading row; running text must keep the number of cells, a table may leave some empty."""
    table = rows[start].table
    taken: list[int] = []
    for index in range(start, len(rows)):
        row = rows[index]
        if row.table != table or (exact and (len(row.cells) < 2 or (row.gap and index > start))):
            break
        if not exact and (len(row.cells) > width + 1 or (width > 2 and sum(map(bool, row.cells)) == 1)):
            break
        if index > start and _begins_anew(row):
            break
        taken.append(index)
    return taken


def _begins_anew(row: Row) -> bool:
    """Whether a row is a heading row of its own, so that the table above ends before it."""
    filled = [cell for cell in row.cells if cell.strip()]
    asked = [
        label for cell in filled if (label := _alone(cell)) and label.field not in _PEOPLE | {Field.ROLE}
    ]
    return len(asked) > 1 and len(asked) == len(filled)
