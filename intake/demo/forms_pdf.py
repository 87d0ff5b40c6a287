"""The fiche as PDF: a fillable form, a printed page, and a scan of one (a picture without text)."""

import io
import random
from importlib.resources import files

from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader, simpleSplit
from reportlab.pdfgen.canvas import Canvas

from intake.demo.fiche import Fiche, Row
from intake.demo.forms_text import consent_lines

__all__ = ["fillable", "flat", "scan"]

_LEFT = 50.0  # points, as all lengths here but those of the scan
_WIDTH = A4[0] - 2 * _LEFT
_LINE = 16.0
_FONT, _BOLD = "Helvetica", "Helvetica-Bold"


class _Page:
    """A page that is written from top to bottom."""

    def __init__(self, title: str) -> None:
        self._out = io.BytesIO()
        # Without `invariant` the file would hold the time it was made.
        self.canvas = Canvas(self._out, pagesize=A4, invariant=1)
        self.canvas.setTitle(title)
        self.y = A4[1] - 50.0

    def text(self, words: str, *, font: str = _FONT, size: float = 10.0) -> None:
        """Write a paragraph, broken into lines that fit."""
        for line in simpleSplit(words, font, size, _WIDTH) or [""]:
            self.canvas.setFont(font, size)
            self.canvas.drawString(_LEFT, self.y, line)
            self.y -= _LINE

    def gap(self) -> None:
        """Leave half a line."""
        self.y -= _LINE / 2

    def head(self, fiche: Fiche) -> None:
        """Write letterhead and title."""
        for line in fiche.letterhead:
            self.text(line, size=8.5)
        self.gap()
        self.text(fiche.title, font=_BOLD, size=14)
        self.gap()

    def foot(self, fiche: Fiche) -> None:
        """Write the remark, if any, and the signature."""
        self.gap()
        if fiche.remark is not None:
            self.text(f"{fiche.remark.label}: {fiche.remark.value}")
            self.gap()
        for line in fiche.signature:
            self.text(line)

    def finish(self) -> bytes:
        """The PDF file."""
        self.canvas.showPage()
        self.canvas.save()
        return self._out.getvalue()


def fillable(fiche: Fiche, rng: random.Random) -> bytes:
    """A form with fields (AcroForm), filled in; boxes for the consent."""
    page = _Page(fiche.title)
    prefix = rng.choice(("", "", "client_", "txt_"))
    page.head(fiche)
    for heading, rows in fiche.sections:
        page.text(heading, font=_BOLD, size=11)
        of_client = rows is fiche.client_rows
        for row in rows:
            _field(page, row, prefix + row.field if of_client else row.field)
        page.gap()
    page.text(fiche.consent_heading, font=_BOLD, size=11)
    if fiche.consent_note is not None:
        page.text(fiche.consent_note)
    page.text(fiche.consent_text)
    for tick in fiche.consent_ticks:
        page.canvas.acroForm.checkbox(
            name=tick.field,
            tooltip=f"{fiche.consent_heading}: {tick.label}",
            checked=tick.ticked,
            x=_LEFT,
            y=page.y - 2,
            size=12,
            fieldFlags="",
        )
        page.canvas.setFont(_FONT, 10)
        page.canvas.drawString(_LEFT + 18, page.y, tick.label)
        page.y -= _LINE
    page.foot(fiche)
    return page.finish()


def flat(fiche: Fiche, rng: random.Random) -> bytes:
    """A page printed to PDF: labelled lines, two columns, or a ruled table."""
    page = _Page(fiche.title)
    layout = rng.choice(("lines", "columns", "table"))
    page.head(fiche)
    for heading, rows in fiche.sections:
        page.text(heading, font=_BOLD, size=11)
        for row in rows:
            if layout == "lines":
                page.text(f"{row.label}: {row.value}".rstrip())
            else:
                _two_columns(page, row, ruled=layout == "table")
        page.gap()
    page.text(fiche.consent_heading, font=_BOLD, size=11)
    # The standard fonts of PDF have no box characters.
    for line in consent_lines(fiche, rng, ascii_only=True):
        page.text(line)
    page.foot(fiche)
    return page.finish()


def scan(fiche: Fiche, rng: random.Random) -> bytes:
    """A page that was printed, signed and scanned: one picture, slightly askew, and no text."""
    sheet = Image.new("L", (1240, 1754), 250)  # pixels: A4 at 150 dots an inch
    draw = ImageDraw.Draw(sheet)
    # Pillow's own font lacks the accented letters; reportlab brings one that has them.
    font = ImageFont.truetype(io.BytesIO((files("reportlab") / "fonts" / "Vera.ttf").read_bytes()), 24)
    lines = [*fiche.letterhead, "", fiche.title, ""]
    for heading, rows in fiche.sections:
        lines += [heading, *(f"{row.label}: {row.value}" for row in rows), ""]
    lines += [fiche.consent_heading, *consent_lines(fiche, rng, ascii_only=True), "", *fiche.signature]
    for number, line in enumerate(lines):
        draw.text((100, 100 + 40 * number), line, fill=30, font=font)
    picture = sheet.rotate(rng.uniform(-0.8, 0.8), fillcolor=250)
    page = _Page("Scan")
    page.canvas.drawImage(ImageReader(picture), 0, 0, width=A4[0], height=A4[1])
    return page.finish()


def _field(page: _Page, row: Row, name: str) -> None:
    page.canvas.setFont(_FONT, 10)
    page.canvas.drawString(_LEFT, page.y, row.label)
    page.canvas.acroForm.textfield(
        name=name,
        tooltip=row.label,
        value=row.value,
        x=_LEFT + 140,
        y=page.y - 4,
        width=_WIDTH - 140,
        height=_LINE,
        fontName=_FONT,
        fontSize=10,
        borderWidth=0.5,
    )
    page.y -= _LINE + 4


def _two_columns(page: _Page, row: Row, *, ruled: bool) -> None:
    page.canvas.setFont(_FONT, 10)
    page.canvas.drawString(_LEFT + 4, page.y, row.label)
    page.canvas.drawString(_LEFT + 160, page.y, row.value)
    if ruled:
        page.canvas.setLineWidth(0.5)
        page.canvas.rect(_LEFT, page.y - 4, 155, _LINE)
        page.canvas.rect(_LEFT + 155, page.y - 4, _WIDTH - 155, _LINE)
    page.y -= _LINE
