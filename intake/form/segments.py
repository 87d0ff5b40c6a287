"""Cuts a row into labels with their values, wherever they stand: one line, cells, dots, several on a line.

Knows nothing of whose data it is; that is decided in `fields.py`.
"""

import re
from dataclasses import dataclass

from intake.form.address import number_box_of, parse_address, postcode_of
from intake.form.clean import fold
from intake.form.contact import emails_in, phones_in
from intake.form.labels import Label, classify
from intake.form.names import clean_name
from intake.form.remembered import remembered
from intake.form.words import EMPTY_VALUES, FILLERS, Field

__all__ = ["NAMES", "Segment", "fits", "is_empty", "segments_of", "strip_value"]

_SEPARATOR = re.compile(r"\s*(?::|=|\.{3,}\s*:?|…+\s*:?|_{3,}\s*:?)\s*")
_SIGNS = (":", "=", "...", "…", "___")
"""One of these stands in every separator."""
_DASH = re.compile(r"\s+(?:[–-]{1,2}>?|=>|→)\s+")
_LONGEST_LABEL = 130
"""Characters; `classify` knows no label as long as that."""
_MOST_WORDS = 10
_WORD = re.compile(r"\S+")
_AROUND = re.compile(r"^[\s._…:=|]+|[\s_…|;,]+$|\s*\.{2,}\s*$")
_JOINED = frozenset(
    {
        Field.ADDRESS,
        Field.PLACE,
        Field.STREET,
        Field.CONTACT,
        Field.PHONE,
        Field.MOBILE,
        Field.NOTES,
        Field.OTHER,
        Field.CONSENT,
    }
)
NAMES = frozenset({Field.FIRST, Field.LAST, Field.NAME, Field.LAST_FIRST, Field.FIRST_LAST})


@dataclass(slots=True)
class Segment:
    """A label with its value, or plain text when `label` is None. `cell` is the column it began in."""

    label: Label | None
    value: str
    cell: int
    phrase: str = ""
    weak: bool = False
    """The label was followed by its value without colon, dots or cell border."""


@remembered
def strip_value(text: str) -> str:
    """A value without the dots, lines and strokes of the form around it."""
    return _AROUND.sub("", text).strip()


def is_empty(text: str) -> bool:
    """Whether a field was left blank, or filled in with "geen", "/" or "nvt"."""
    return fold(strip_value(text)) in EMPTY_VALUES


@remembered
def segments_of(cells: tuple[str, ...]) -> list[Segment]:
    """The labels and texts of a row, from left to right; the same list for the same row."""
    found: list[Segment] = []
    for index, cell in enumerate(cells):
        first_in_cell = len(found)
        for line in cell.split("\n"):
            if not line.strip():
                continue
            # A cell beside a label without value holds the value, even when it begins like a label ("Rue de …").
            waiting = (
                bool(found) and found[-1].label is not None and not found[-1].value and found[-1].cell < index
            )
            for segment in _of_line(line.strip(), index, weak=not waiting):
                last = found[-1] if found else None
                if segment.label is None and last is not None and last.label is not None:
                    if not last.value:
                        last.value = segment.value
                        continue
                    if (
                        len(found) > first_in_cell
                        or (last.label.field in _JOINED and last.cell == index - 1 and "\n" in cell)
                    ) and last.label.field in _JOINED:
                        last.value += "\n" + segment.value
                        continue
                found.append(segment)
    return found


def _of_line(line: str, cell: int, *, weak: bool) -> list[Segment]:
    found: list[Segment] = []
    start = 0
    for match in _SEPARATOR.finditer(line) if any(sign in line for sign in _SIGNS) else ():
        if match.start() < start:
            continue
        hit = _label_before(line, start, match.start(), at_start=not found and start == 0)
        if hit is None:
            continue
        at, label = hit
        _close(found, line[start:at], cell)
        found.append(Segment(label, "", cell, line[at : match.start()].strip()))
        start = match.end()
    if found:
        _close(found, line[start:], cell)
        return found
    label_alone = classify(line.strip(" :*"))
    if label_alone is not None and (weak or label_alone.field not in (Field.PERSON, Field.HEADING)):
        return [Segment(label_alone, "", cell, line.strip(" :*"))]
    dash = _DASH.search(line)
    if dash is not None and (before := classify(line[: dash.start()])) is not None and weak:
        return [Segment(before, strip_value(line[dash.end() :]), cell, line[: dash.start()])]
    hit_weak = _weak(line, cell) if weak else None
    return [hit_weak] if hit_weak else [Segment(None, line, cell)]


def _close(found: list[Segment], text: str, cell: int) -> None:
    value = strip_value(text)
    if found and found[-1].label is not None and not found[-1].value:
        found[-1].value = re.sub(r"(?<=[^\W_])\s*[-–/|•]+$", "", value)
    elif value.strip(" -–/|•,"):
        found.append(Segment(None, value, cell))


def _label_before(line: str, start: int, end: int, *, at_start: bool) -> tuple[int, Label] | None:
    """The longest label that ends at `end`."""
    # No label is longer: of a line without end only the last words are looked at, for each of its colons.
    begin = max(start, end - _LONGEST_LABEL)
    words = list(_WORD.finditer(line, begin, end))[-_MOST_WORDS:]
    more = begin > start and len(words) < _MOST_WORDS
    for i, word in enumerate(words):
        whole = at_start and word.start() == len(line) - len(line.lstrip())
        phrase = line[word.start() : end]
        # A filler in front belongs to the value before it: "Koestraat 12 A Tel: …".
        if not whole and (fold(word.group()) in FILLERS or not fold(word.group())):
            continue
        label = classify(phrase)
        if label is not None and (
            whole or label.field not in (Field.HEADING, Field.NUMBER) or (i == 0 and not more)
        ):
            return word.start(), label
    return None


def _weak(line: str, cell: int) -> Segment | None:
    words = line.split()
    for size in range(min(5, len(words) - 1), 0, -1):
        label = classify(" ".join(words[:size]))
        if label is None:
            continue
        rest = strip_value(" ".join(words[size:]))
        if _plausible(label.field, rest):
            return Segment(label, rest, cell, " ".join(words[:size]), weak=True)
    return None


def _plausible(field: Field, rest: str) -> bool:
    """Whether a text behind a bare label can only be its value."""
    if field in NAMES:
        words = rest.split()
        name = clean_name(rest)
        return (
            name is not None
            and len(words) <= 4
            and words[-1][:1].isupper()
            and not any(classify(word) for word in words)
        )
    if field in (Field.PHONE, Field.MOBILE):
        return bool(phones_in(rest).good) and sum(ch.isalpha() for ch in rest) <= 12
    if field is Field.EMAIL:
        return bool(emails_in(rest).good)
    if field is Field.POSTCODE:
        return postcode_of(rest) is not None
    if field is Field.POST_CITY:
        address = parse_address(rest)
        return address is not None and address.postcode is not None and address.street is None
    if field in (Field.ADDRESS, Field.STREET, Field.PLACE):
        address = parse_address(rest)
        return address is not None and address.house_number is not None
    if field in (Field.NUMBER, Field.BOX):
        return number_box_of(rest) is not None
    return False


def fits(field: Field, text: str) -> bool:
    """Whether a line below an empty label can be its value; a note or the next heading cannot."""
    if field in NAMES or field is Field.PERSON:
        return clean_name(text) is not None and len(text.split()) <= 6 and any(ch.isupper() for ch in text)
    if field is Field.CONTACT:
        return bool(phones_in(text).good or emails_in(text).good)
    if field is Field.CITY:
        return len(text.split()) <= 3 and text[:1].isupper() and not any(ch.isdigit() for ch in text)
    if field is Field.NUMBER_BOX:
        return number_box_of(text) is not None
    if field is Field.BOX:
        return text.strip().isalnum() and len(text.strip()) <= 5
    if field in (Field.ADDRESS, Field.STREET, Field.PLACE):
        address = parse_address(text)
        return address is not None and (
            address.house_number is not None or (field is not Field.ADDRESS and len(text.split()) <= 3)
        )
    return _plausible(field, text)
