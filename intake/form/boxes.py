"""Check boxes in a line of text: which are ticked, and which words belong to each. Decides nothing about consent."""

import itertools
import re

from intake.form.clean import fold
from intake.form.consent_words import BOX, ON, OPTION

__all__ = ["boxes_in", "only_options", "squared"]

_SHORT = re.compile(r"\b(ja|nee|neen|yes|no)$")
"""An answer right before a box: "Toestemming ja ☒ nee ☐"."""


def boxes_in(text: str) -> list[tuple[bool, str]]:
    """Every box with the words that belong to it: those behind it, or those before it when the text begins so."""
    text = squared(text)
    marks = list(BOX.finditer(text))
    if not marks:
        return []
    before = text[: marks[0].start()]
    head = fold(before.rpartition(":")[2])
    between = [text[a.end() : b.start()].strip() for a, b in itertools.pairwise(marks)]
    if not fold(text[marks[-1].end() :]):
        first = head if ":" in before and OPTION.match(head) else ""
        if not first and between and all(OPTION.match(fold(words)) for words in between):
            short = _SHORT.search(head)
            first = short.group() if short else ""
        if first:
            return [
                (_is_on(mark.group()), words) for mark, words in zip(marks, [first, *between], strict=True)
            ]
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return [
        (_is_on(mark.group()), text[mark.end() : end].strip()) for mark, end in zip(marks, ends, strict=True)
    ]


def squared(text: str) -> str:
    """The text with ■ beside □ as a tick; alone a filled square is a bullet."""
    return text.replace("■", "☒") if "□" in text else text


def only_options(text: str) -> bool:
    """Whether a line is nothing but boxes with an answer each."""
    boxes = boxes_in(text)
    return bool(boxes) and all(OPTION.match(fold(words)) for _, words in boxes)


def _is_on(mark: str) -> bool:
    return bool(ON.search(mark)) and mark not in "oO0"
