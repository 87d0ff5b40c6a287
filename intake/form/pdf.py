"""PDF forms: fillable ones (AcroForm) and drawn text, laid out again by where the words stand on the page.

The order in which a PDF draws its words says nothing; their place does. Values of form fields are put back at their
place on the page, beside the printed label; where none is printed, the field's own name is the label.
A PDF with pictures and no text is a scan.
"""

import io
import logging
import re
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from intake.causes import Cause
from intake.form.clean import fold
from intake.form.consent_words import BOX, INFORMED, TOPIC
from intake.form.labels import classify
from intake.form.model import MAX_CELL, TICKED, UNTICKED, FormError, RowList, plain_text
from intake.form.segments import segments_of

if TYPE_CHECKING:
    from pypdf import PageObject

MAX_PAGES: Final = 30
MAX_PIECES: Final = 20_000
MAX_FIELDS: Final = 500
MAX_BOXES: Final = 20_000
MAX_CONTENT: Final = 4_000_000
"""Bytes of drawing instructions of one page, decompressed: beyond it a page is no form."""

logging.getLogger("pypdf").addHandler(logging.NullHandler())
logging.getLogger("pypdf").propagate = False  # its warnings can quote the document


@dataclass(frozen=True, slots=True)
class _Piece:
    x: float
    y: float
    size: float
    text: str
    label: str = ""
    """What the name of a filled field says it is, for where no label is printed beside it."""


def read_pdf(data: bytes, rows: RowList) -> None:
    """Add the rows of a PDF. Raises FormError (scan, too many pages, locked)."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data), strict=False, root_object_recovery_limit=1_000)
    if reader.is_encrypted and not reader.decrypt(""):
        raise FormError(Cause.UNREADABLE_FORM)
    if len(reader.pages) > MAX_PAGES:
        raise FormError(Cause.UNREADABLE_FORM)
    pictures = drawn = False
    for page in reader.pages:
        rows.blank()
        boxes: list[_Box] = []
        _lay_out(_pieces(page, boxes), rows)
        pictures = pictures or _has_picture(page)
        drawn = drawn or any(box.is_check_box for box in boxes)
    if not rows.rows:
        raise FormError(Cause.SCAN if pictures else Cause.UNREADABLE_FORM)
    if drawn and _rests_on_drawn_boxes(rows):
        raise FormError(Cause.UNCLEAR_CONSENT, plain_text(rows.rows))


@dataclass(slots=True)
class _Box:
    """What a path encloses, as far as it is a box with straight sides."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def is_check_box(self) -> bool:
        """Whether it has the size of a box to tick: a square of 6 to 18 points."""
        wide, high = abs(self.right - self.left), abs(self.top - self.bottom)
        return 6 <= wide <= 18 and 6 <= high <= 18 and abs(wide - high) <= 0.2 * wide


def _rests_on_drawn_boxes(rows: RowList) -> bool:
    """Whether the form speaks of consent beside boxes that are only drawn: their ticks are not text.

    A form with fields that was printed to PDF keeps its statements and loses its answers; "geeft toestemming" over an
    unticked box, or over a ticked "nee", would pass for a consent that nobody gave.
    """
    texts = [" ".join(row.cells) for row in rows.rows]
    if any(BOX.search(text) or re.search(r"(?:^|\s)[xX](?:\s|$)", text) for text in texts):
        return False
    return any(TOPIC.search(fold(text)) or INFORMED.search(fold(text)) for text in texts)


def _chain(widget: Any) -> tuple[str, str, Any, Any]:
    """Full name, tooltip, value and type of a form field, gathered from the widget and its parents."""
    names: list[str] = []
    tooltip, value, kind = "", None, None
    node, steps = widget, 0
    while node is not None and steps < 8:
        if "/T" in node:
            names.insert(0, str(node["/T"]))
        tooltip = tooltip or str(node.get("/TU", ""))
        value = node.get("/V") if value is None else value
        kind = node.get("/FT") if kind is None else kind
        parent = node.get("/Parent")
        node, steps = (parent.get_object() if parent is not None else None), steps + 1
    return ".".join(names), tooltip, value, kind


def _widgets(page: "PageObject") -> list[Any]:
    found = []
    for annotation in list(page.get("/Annots") or [])[:MAX_FIELDS]:
        widget = annotation.get_object()
        if widget is not None and widget.get("/Subtype") == "/Widget":
            found.append(widget)
    return found


def _wording(name: str) -> str:
    """A field's technical name as words: `txtNaamClient_1[0]` becomes "Naam Client 1"."""
    name = re.sub(r"\[\d+\]", " ", name.rpartition("].")[2] if "]." in name else name)
    name = re.sub(r"[._\-]+", " ", name)
    name = re.sub(r"[ #]+\d+\s*$", "", name)
    name = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", name)
    return re.sub(
        r"^\s*(txt|fld|veld|tekst|text|chk|cb|chkbox|field)\b\s*", "", name, flags=re.IGNORECASE
    ).strip()


def _label_of(name: str, tooltip: str) -> str:
    for words in (tooltip, _wording(name), _wording(name.rpartition(".")[2])):
        if words and len(words) < 200 and classify(words) is not None:
            return words
    return ""


def _state(widget: Any, value: Any) -> bool:
    shown = widget.get("/AS")
    return str(shown if shown is not None else value or "/Off") not in ("/Off", "Off", "None")


def _text_of(value: Any) -> str:
    if value is None:
        return ""
    text = " ".join(str(part) for part in value) if isinstance(value, list) else str(value)
    return text[: MAX_CELL + 1].replace("\r\n", "\n").replace("\r", "\n")


def _box_seen(
    boxes: list[_Box], path: list[tuple[float, float]], op: bytes, args: Any, cm: list[float]
) -> None:
    """Note the box that a drawing instruction encloses; `path` is the path under way."""
    if len(boxes) >= MAX_BOXES:
        return
    if op == b"re":
        x, y, wide, high = (float(arg) for arg in args[:4])
        corners = [(x, y), (x + wide, y + high)]
        boxes.append(_enclosing([_placed(corner, cm) for corner in corners]))
    elif op == b"m":
        path[:] = [_placed((float(args[0]), float(args[1])), cm)]
    elif op == b"l" and 0 < len(path) <= 5:
        path.append(_placed((float(args[0]), float(args[1])), cm))
    elif op in (b"c", b"v", b"y"):
        path.clear()  # round: no box
    elif op in (b"h", b"s", b"S", b"f", b"f*", b"B", b"b") and path:
        if 4 <= len(path) <= 5 and len({round(x) for x, _y in path}) == 2 == len(
            {round(y) for _x, y in path}
        ):
            boxes.append(_enclosing(path))
        path.clear()


def _placed(point: tuple[float, float], cm: list[float]) -> tuple[float, float]:
    x, y = point
    return x * cm[0] + y * cm[2] + cm[4], x * cm[1] + y * cm[3] + cm[5]


def _enclosing(points: list[tuple[float, float]]) -> _Box:
    across, up = [x for x, _y in points], [y for _x, y in points]
    return _Box(min(across), min(up), max(across), max(up))


def _pieces(page: "PageObject", boxes: list[_Box]) -> list[_Piece]:
    contents = page.get_contents()
    if contents is not None and len(contents.get_data()) > MAX_CONTENT:
        raise FormError(Cause.UNREADABLE_FORM)
    pieces: list[_Piece] = []

    def seen(text: str, cm: list[float], tm: list[float], _font: Any, size: float) -> None:
        if not text.strip():
            return
        if len(pieces) >= MAX_PIECES:
            raise FormError(Cause.UNREADABLE_FORM)
        x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        height = abs(size * (tm[3] or 1.0) * (cm[3] or 1.0)) or 10.0
        for line in text.strip("\n").split("\n"):
            if line.strip():
                pieces.append(_Piece(x, y, min(max(height, 4.0), 40.0), line))
            y -= height * 1.2

    path: list[tuple[float, float]] = []

    def drawn(op: Any, args: Any, cm: list[float], _tm: list[float]) -> None:
        with suppress(TypeError, ValueError, IndexError):  # a damaged instruction draws nothing
            _box_seen(boxes, path, op, args, cm)

    page.extract_text(visitor_text=seen, visitor_operand_before=drawn)
    boxes += _flattened(page)
    for widget in _widgets(page):
        name, tooltip, value, kind = _chain(widget)
        label = _label_of(name, tooltip)
        box = [float(edge) for edge in widget.get("/Rect", [0, 0, 0, 0])]
        text = (TICKED if _state(widget, value) else UNTICKED) if kind == "/Btn" else _text_of(value)
        middle = (box[1] + box[3]) / 2 - 3.5 if box[3] - box[1] < 40 else box[3] - 12
        for line in text.split("\n"):
            if line.strip():
                pieces.append(_Piece(box[0], middle, 10.0, line, label))
            middle -= 12
    return pieces


def _lay_out(pieces: list[_Piece], rows: RowList) -> None:
    """Rows from the top of the page down; a wide gap between words begins a new cell, a high one a blank line."""
    lines: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda p: (-p.y, p.x)):
        if lines and abs(lines[-1][0].y - piece.y) <= 0.45 * min(piece.size, lines[-1][0].size):
            lines[-1].append(piece)
        else:
            lines.append([piece])
    left = min((piece.x for piece in pieces), default=0.0)
    steps = sorted(one[0].y - two[0].y for one, two in pairwise(lines))
    usual = steps[len(steps) // 2] if steps else 0.0
    above: float | None = None
    for line in lines:
        line.sort(key=lambda p: p.x)
        size = max(p.size for p in line)
        if above is not None and above - line[0].y > max(2.1 * size, 1.4 * usual):
            rows.blank()
        above = line[0].y
        cells = [] if line[0].x - left < 4 * size else [""]
        end = -1e9
        boxes_only = all(piece.text in (TICKED, UNTICKED) for piece in line)
        for piece in line:
            text = piece.text.strip()
            if piece.label and (boxes_only if text in (TICKED, UNTICKED) else not _ends_in_label(cells)):
                cells.append(f"{piece.label}: {text}")
                end = piece.x + 0.5 * piece.size * len(text)
                continue
            # Pieces carry no width: half the type size per character is near enough to tell a blank from a column.
            if piece.x - end > 1.2 * piece.size or end < -1e8:
                cells.append(text)
            else:
                cells[-1] += " " + text
            end = piece.x + 0.5 * piece.size * len(piece.text.rstrip())
        rows.add([part for cell in cells for part in _columns(cell)])


def _ends_in_label(cells: list[str]) -> bool:
    """Whether the printed words left of a field are a label of their own."""
    parts = segments_of((cells[-1],)) if cells and cells[-1].strip() else []
    return bool(parts) and parts[-1].label is not None and not parts[-1].value


def _columns(cell: str) -> list[str]:
    return (
        [part.strip() for part in re.split(r" {4,}|\t", cell)] if "    " in cell or "\t" in cell else [cell]
    )


def _flattened(page: "PageObject") -> list[_Box]:
    """The boxes of forms within the page: a field that was made part of it has the size it had."""
    resources = page.get("/Resources")
    objects = resources.get_object().get("/XObject") if resources is not None else None
    found: list[_Box] = []
    for item in list(objects.get_object().values())[:MAX_FIELDS] if objects is not None else []:
        drawing = item.get_object()
        if drawing.get("/Subtype") == "/Form" and len(box := list(drawing.get("/BBox", []))) == 4:
            found.append(_Box(*(float(edge) for edge in box)))
    return found


def _has_picture(page: "PageObject") -> bool:
    resources = page.get("/Resources")
    objects = resources.get_object().get("/XObject") if resources is not None else None
    if objects is None:
        return False
    return any(
        item.get_object().get("/Subtype") == "/Image" for item in list(objects.get_object().values())[:50]
    )
