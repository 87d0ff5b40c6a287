"""A screen as text that a person can read in a diff: what stands on it line by line, and in which styles.

What differs from run to run is made the same here and nowhere else.
"""

import re
from collections.abc import Iterator
from string import ascii_lowercase, ascii_uppercase

from rich.style import Style
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from textual.color import Color

from tests.tui.driving import Driver, painted, seen

LETTERS = ascii_lowercase + ascii_uppercase
_CHANGING = (
    (re.compile(r"Bestand:.*?(?= Bewaard gedurende)", re.DOTALL), "Bestand: ~.zip\n"),
    (re.compile(r"\bbackup-[0-9a-f]{8}-"), "backup-########-"),
    (re.compile(r"\b[0-9a-f]{32,64}\b"), lambda found: "#" * len(found[0])),
    (re.compile(r"(?:\b[0-9a-f]{4} ){6,}[0-9a-f]{4}\b"), lambda found: re.sub(r"\w", "#", found[0])),
    (re.compile(r"(?:\b[A-Z2-9]{4}-){5}[A-Z2-9]{4}\b"), lambda found: re.sub(r"\w", "#", found[0])),
    (re.compile(r"(?<=\d )[A-Z2-7]{4}(?= )"), "####"),
    (re.compile(r"\bGroep \d+ *"), "Groep ##   "),
    (re.compile(r"\b\d+ kB *"), "## kB     "),
)
"""Fingerprints, hashes, one-time codes, the recovery key, where the office lies, and how large its backups are."""


class Picture(SingleFileSnapshotExtension):
    """One file for each picture."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


def steady(text: str) -> str:
    """The text without what differs from run to run."""
    for pattern, instead in _CHANGING:
        text = pattern.sub(instead, text)
    return text


def picture(driver: Driver) -> str:
    """What stands on the screen."""
    return steady(seen(driver)) + "\n"


def _runs(driver: Driver) -> Iterator[list[tuple[str, Style]]]:
    for strip in painted(driver):
        yield [(segment.text, segment.style or Style()) for segment in strip]


def _named(style: Style) -> str:
    words = [
        word for word in ("bold", "dim", "italic", "underline", "reverse", "strike") if getattr(style, word)
    ]
    words += [str(style.color.name) if style.color else "default"]
    words += [f"on {style.bgcolor.name}"] if style.bgcolor else []
    return " ".join(words)


def coloured_picture(driver: Driver) -> str:
    """What stands on the screen; below it, at the same places, a letter for the style; and what each letter stands for."""
    known: dict[str, str] = {}
    rows = []
    for runs in _runs(driver):
        row = ""
        for text, style in runs:
            letter = known.setdefault(_named(style), LETTERS[len(known) % len(LETTERS)])
            row += letter * len(text)
        rows.append(row)
    told = [f"{letter} = {style}" for style, letter in known.items()]
    return "\n".join([steady(seen(driver)), "", *rows, "", *told, ""])


def weakest_contrast(driver: Driver) -> tuple[float, str]:
    """The least contrast (WCAG, 1 to 21) of text against what is behind it, and that text. Dim text counts as it is seen."""
    weakest = (21.0, "")
    for runs in _runs(driver):
        for text, style in runs:
            if not re.search(r"\w", text) or style.color is None or style.bgcolor is None:
                continue
            front, back = (Color.from_rich_color(one) for one in (style.color, style.bgcolor))
            lights = sorted((_light(front), _light(back)))
            weakest = min(
                weakest, ((lights[1] + 0.05) / (lights[0] + 0.05), f"{text.strip()} ({_named(style)})")
            )
    return weakest


def _light(color: Color) -> float:
    parts = [part / 255 for part in color.rgb]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
