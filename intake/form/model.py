"""What a form is read into: rows of cells on the way, readings at the end, and the one error.

The bounds that hold for every format stand here. Reading a format is in the modules named after it.
"""

from dataclasses import dataclass, field
from typing import Final

from intake.causes import CAUSE_WORDS, Cause
from intake.client import Client, Consent
from intake.errors import IntakeError
from intake.plaintext import clean_lines
from intake.texts import N_

MAX_FILE: Final = 10_000_000
"""Bytes of one form."""
MAX_UNPACKED: Final = 20_000_000
"""Bytes of all parts of a zipped document together."""
MAX_ROWS: Final = 3_000
MAX_CELLS: Final = 40
"""Cells of one row."""
MAX_CELL: Final = 4_000
"""Characters of one cell."""
MAX_TEXT: Final = 200_000
"""Characters of one form; beyond it the form is refused, never cut."""
MAX_SHOWN: Final = 20_000
"""Characters of text handed on for registering by hand, and of all leftovers together."""
MAX_LEFTOVERS: Final = 200
MAX_LEFTOVER: Final = 1_000
MAX_CLIENTS: Final = 50

TICKED: Final = "☒"
UNTICKED: Final = "☐"


class FormError(IntakeError):
    """The form cannot be turned into client data with certainty.

    `cause` says why (`intake.causes`); `text` is what could be read of the form (at most 20,000 characters), for
    registering it by hand. The text is personal data: it is not in `str()`, `repr()` or `args`.
    """

    template = N_("%(words)s")

    def __init__(self, cause: Cause, text: str = "") -> None:
        super().__init__(words=CAUSE_WORDS[cause])
        self.cause = cause
        self.text = text[:MAX_SHOWN]


@dataclass(frozen=True, slots=True)
class Reading:
    """One client found on a form, with what the sender stated about consent.

    `leftovers` is the other text of the form: never stored, shown once (P3). `kind` is the format it was read from.
    """

    client: Client = field(repr=False)
    consent: Consent
    leftovers: tuple[str, ...] = field(repr=False)
    kind: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of text or one row of a table: its cells from left to right.

    `table` is 0 for running text, otherwise the number of the table the row is in. `gap` tells that white space or
    the border of a table separates it from the row above.
    """

    cells: tuple[str, ...] = field(repr=False)
    table: int = 0
    gap: bool = False


class RowList:
    """Collects the rows of a document under the bounds above."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._size = 0
        self._gap = False
        self._tables = 0

    def new_table(self) -> int:
        """Begin a table (or leave one) and return its number."""
        self._tables += 1
        self._gap = True
        return self._tables

    def blank(self) -> None:
        """Note an empty line."""
        self._gap = True

    def add(self, cells: list[str], table: int = 0) -> None:
        """Add a row; an empty one only counts as white space. Raises FormError when the form is too large."""
        cleaned = [clean_lines(cell) for cell in cells[:MAX_CELLS]]
        while cleaned and not cleaned[-1].strip():
            cleaned.pop()
        if not cleaned:
            self._gap = True
            return
        self._size += sum(map(len, cleaned))
        if len(self.rows) >= MAX_ROWS or self._size > MAX_TEXT or len(cells) > 4 * MAX_CELLS:
            raise FormError(Cause.UNREADABLE_FORM, plain_text(self.rows))
        self.rows.append(Row(tuple(cleaned), table, self._gap))
        self._gap = False

    def add_text(self, text: str) -> None:
        """Add running text, line by line; a tab or three blanks begin a new cell."""
        for line in text.split("\n"):
            if line.strip():
                self.add(cells_of(line))
            else:
                self._gap = True


def cells_of(line: str) -> list[str]:
    """The cells of a line of running text, parted by a tab or by three blanks or more."""
    return (
        [part.strip() for part in line.replace("\t", "   ").rstrip().split("   ")]
        if "\t" in line
        else _spaced(line)
    )


def _spaced(line: str) -> list[str]:
    parts = line.rstrip().split("   ")
    cells = [parts[0].strip()]
    cells.extend(part.strip() for part in parts[1:] if part.strip())
    return cells


def plain_text(rows: list[Row]) -> str:
    """The rows as text for a person, bounded."""
    lines: list[str] = []
    size = 0
    for row in rows:
        line = " | ".join(" / ".join(cell.split("\n")) for cell in row.cells if cell.strip())
        if row.gap and lines:
            line = "\n" + line
        lines.append(line)
        size += len(line) + 1
        if size > MAX_SHOWN:
            break
    return "\n".join(lines)[:MAX_SHOWN]
