"""Forms that call their client "ouder", "moeder" or "vader": tells whose labels those are, on good ground only.

Asked only of a form that names nobody as client. One kind of parent must be named; a form that names mother and father
alike leaves open who asks for help, and stays with a person.
"""

import re
from dataclasses import replace

from intake.form.clean import fold
from intake.form.labels import Label
from intake.form.model import Row
from intake.form.segments import NAMES, segments_of, strip_value
from intake.form.words import OTHER_WORDS, Field, Party

__all__ = ["of_all", "of_parent", "parents_as_clients", "said_of_clients"]

_KINDS: tuple[set[str], ...] = ({"ouder", "ouders"}, {"moeder", "mama"}, {"vader", "papa"})
_CLIENT = "cliënt"
_ALL = re.compile(r"\b(beide\w*|allebei|alle|clienten|ouders)\b")


def parents_as_clients(rows: list[Row]) -> tuple[list[Row], frozenset[str]]:
    """The rows with the parent's labels reading "cliënt", and the words the form has for that parent; or none."""
    strong: set[int] = set()
    weak: set[int] = set()
    for row in rows:
        for part in segments_of(row.cells):
            kind = _kind(part.label, part.phrase)
            if kind is None or part.label is None:
                continue
            blank = not strip_value(part.value)
            if part.label.field in NAMES or (part.label.field in (Field.PERSON, Field.HEADING) and blank):
                strong.add(kind)
            elif part.label.field is Field.PERSON:
                weak.add(kind)
    # "Ouder" goes with either: "Voornaam ouder" beside "Naam moeder".
    found = strong or weak
    if not found or {1, 2} <= found:
        return rows, frozenset()
    own = frozenset().union(*(_KINDS[kind] for kind in found))
    return [_renamed(row, found, _any_of(own)) for row in rows], own


def said_of_clients(rows: list[Row], own: frozenset[str]) -> list[Row]:
    """The rows with all the words for the parent reading "cliënt", for what they state about consent."""
    if not own:
        return rows
    words = _any_of(own)
    return [replace(row, cells=tuple(words.sub(_CLIENT, cell) for cell in row.cells)) for row in rows]


def of_parent(label: Label, phrase: str) -> bool:
    """Whether a label is about a parent and nobody else."""
    return _kind(label, phrase) is not None


def of_all(row: Row) -> bool:
    """Whether a statement is about all clients of the form, wherever it stands: "Beide ouders gaan akkoord"."""
    return bool(_ALL.search(fold(" ".join(row.cells))))


def _any_of(own: frozenset[str]) -> "re.Pattern[str]":
    return re.compile(rf"\b(?:{'|'.join(sorted(own, reverse=True))})\b(?:\(s\))?", re.IGNORECASE)


def _kind(label: Label | None, phrase: str) -> int | None:
    if label is None or label.party is not Party.OTHER:
        return None
    others = set(fold(phrase).split()) & OTHER_WORDS
    return next((number for number, kind in enumerate(_KINDS) if others and others <= kind), None)


def _renamed(row: Row, kinds: set[int], words: "re.Pattern[str]") -> Row:
    cells = list(row.cells)
    for part in segments_of(row.cells):
        if _kind(part.label, part.phrase) in kinds:
            cell = cells[part.cell]
            cells[part.cell] = cell.replace(part.phrase, words.sub(_CLIENT, part.phrase), 1)
    return replace(row, cells=tuple(cells))
