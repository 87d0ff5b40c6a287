"""A value that goes on in the next row: "8940 Wervik" below a street, an e-mail address below contact data."""

import re
from dataclasses import replace

from intake.form.address import parse_address
from intake.form.entries import Entry
from intake.form.labels import party_in
from intake.form.model import Row
from intake.form.segments import NAMES, fits, segments_of
from intake.form.words import Field
from intake.plaintext import clean_line

__all__ = ["continued", "with_doubt"]

_LINES = frozenset({Field.ADDRESS, Field.STREET, Field.PLACE, Field.CITY, Field.POST_CITY})


def continued(last: Entry, text: str, row: int) -> Entry | None:
    """The entry with `text` of row number `row` added, or None when the text is no part of it."""
    if last.field is Field.CONTACT and last.row >= row - 3 and fits(Field.CONTACT, text):
        return replace(last, value=f"{last.value}\n{clean_line(text)}")
    if last.field not in (Field.ADDRESS, Field.STREET, Field.PLACE):
        return None
    above, here = parse_address(last.value), parse_address(text)
    if above and here and above.street and not above.postcode and here.postcode and not here.street:
        return replace(last, value=f"{last.value}, {text}")
    return None


def with_doubt(entries: list[Entry], rows: list[Row]) -> list[Entry]:
    """The entries, those not sure that a narrow column seems to have cut: "an@telenet" with "t.be" on the line below."""
    return [replace(entry, sure=False) if _is_cut(entry, rows) else entry for entry in entries]


def _is_cut(entry: Entry, rows: list[Row]) -> bool:
    if not entry.sure or not 0 <= entry.row < len(rows) - 1:
        return False
    row, below = rows[entry.row], rows[entry.row + 1]
    # Only running text: the cells of a true table hold their whole text. A line that begins in the first column is
    # a line of its own.
    if row.table or below.table or below.gap or len(row.cells) < 2 or below.cells[0].strip():
        return False
    # Two letters at the end of a word may be a label as well ("m", "pc").
    if any(part.label and len(part.phrase) > 3 for part in segments_of(below.cells)):
        return False
    return any(_could_end(entry, cell.strip()) for cell in below.cells[1:] if cell.strip())


def _could_end(entry: Entry, text: str) -> bool:
    """Whether a text can be the end of this value."""
    if text in entry.value:
        return False  # already taken as its second line
    words = text.split()
    if entry.field is Field.EMAIL:
        return len(words) <= 2 and any(re.fullmatch(r"[\w.@+-]+", word) for word in words)
    if entry.field in (Field.PHONE, Field.MOBILE):
        return any(ch.isdigit() for ch in text) or party_in(text) is not None
    if entry.field in NAMES:
        return len(words) <= 3 and all(word[:1].isalpha() for word in words)
    return entry.field in _LINES and len(words) <= 4
