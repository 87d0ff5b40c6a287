"""What all our papers share as PDF: the letters, the page, headings, tables. What a paper says is in its own module.

Noto Sans has the letters of all European languages; the fonts that every PDF reader has do not. The same content gives
the same bytes: a PDF made here holds no moment of its own making.
"""

import io
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import StyleSheet1, getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table

from intake.texts import _

FONT = "Noto"
MARGIN = 20 * mm
WIDTH = A4[0] - 2 * MARGIN
"""Points between the margins."""


@cache
def use_font() -> None:
    """Make `FONT` known to reportlab."""
    registerFont(TTFont(FONT, str(files("fontpkg_noto_sans") / "files" / "NotoSans[wdth,wght].ttf")))


@cache
def _styles() -> StyleSheet1:
    use_font()
    styles = getSampleStyleSheet()
    for style in styles.byName.values():
        style.fontName = FONT
        style.splitLongWords = 1
    styles["Title"].fontSize, styles["Title"].leading, styles["Title"].alignment = 17, 22, 0
    styles["Heading2"].fontSize, styles["Heading2"].spaceBefore, styles["Heading2"].keepWithNext = 12, 14, 1
    return styles


def paragraph(text: str, style: str = "BodyText") -> Paragraph:
    """Running text, a "Title" or a "Heading2"; nothing in the text is markup, and a line break is one."""
    return Paragraph(escape(text).replace("\n", "<br/>"), _styles()[style])


def gap(millimetres: float) -> Flowable:
    """White space."""
    return Spacer(1, millimetres * mm)


def facts(rows: Iterable[tuple[str, str]]) -> Table:
    """Two columns: what, and what it is."""
    return grid(rows, (0.36, 0.64))


def grid(rows: Iterable[Sequence[str]], widths: Sequence[float], *, head: bool = False) -> Table:
    """A ruled table; `widths` are shares of the page's width, `head` says that the first row names the columns."""
    style: list[tuple[Any, ...]] = [
        ("GRID", (0, 0), (-1, -1), 0.3, colors.grey),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
    if head:
        style.append(("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke))
    cells = [[paragraph(cell) for cell in row] for row in rows]
    total = sum(widths)
    return Table(
        cells, colWidths=[WIDTH * share / total for share in widths], style=style, repeatRows=int(head)
    )


def made(story: Sequence[Flowable], title: str, author: str) -> bytes:
    """The PDF of a paper of any length, its pages numbered."""
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        title=title,
        author=author,
        lang="nl-BE",
        invariant=1,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
    )
    document.build(list(story), onFirstPage=_number, onLaterPages=_number)
    return out.getvalue()


def _number(canvas: Canvas, _document: SimpleDocTemplate) -> None:
    canvas.setFont(FONT, 8)
    canvas.drawRightString(A4[0] - MARGIN, 10 * mm, _("Page %(page)d") % {"page": canvas.getPageNumber()})
