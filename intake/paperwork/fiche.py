"""The blank fiche for the sending team: a fillable PDF with the fields of P3, the consent, and nothing else.

What is printed on it is in `intake/form/own.py`, beside the reader that must know it again.
"""

import io

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from intake.form.own import (
    CONSENTS,
    FIELDS,
    HEADING,
    HOW_TO_FILL,
    HOW_TO_SEND,
    INFORMED,
    TITLE,
)
from intake.paperwork.pages import FONT, MARGIN, WIDTH, use_font

INFORMED_BOX, CONSENT_BOX = "informed", "consent"
"""The names of the two boxes; the other fields are named as `intake.client.Client` has them."""
LONGEST = 120
"""Characters of one field."""
_LABEL = 45 * mm
_ROW = 9 * mm
_NARROW = frozenset({"house_number", "box", "postcode"})


class _Sheet:
    """A page written from top to bottom."""

    def __init__(self) -> None:
        use_font()
        self.out = io.BytesIO()
        self.canvas = Canvas(self.out, pagesize=A4, invariant=1, lang="nl-BE")
        self.canvas.setTitle(TITLE)
        self.y = A4[1] - MARGIN - 16

    def line(self, words: str, size: float, step: float) -> None:
        """One line of print, and the way down to the next."""
        self.canvas.setFont(FONT, size)
        self.canvas.drawString(MARGIN, self.y, words)
        self.y -= step

    def field(self, name: str, label: str) -> None:
        """A field to type in, beside its label."""
        self.canvas.setFont(FONT, 10.5)
        self.canvas.drawString(MARGIN, self.y, label)
        self.canvas.acroForm.textfield(
            name=name,
            tooltip=label,
            x=MARGIN + _LABEL,
            y=self.y - 5,
            width=30 * mm if name in _NARROW else WIDTH - _LABEL,
            height=18,
            fontName="Helvetica",
            fontSize=11,
            borderWidth=0.5,
            borderColor=colors.grey,
            fillColor=colors.white,
            maxlen=LONGEST,
            fieldFlags="",
        )
        self.y -= _ROW

    def box(self, name: str, words: str) -> None:
        """A box to tick, before its statement."""
        self.canvas.acroForm.checkbox(
            name=name,
            tooltip=words,
            x=MARGIN,
            y=self.y - 2.5,
            size=13,
            borderWidth=0.7,
            borderColor=colors.grey,
            fillColor=colors.white,
            fieldFlags="",
        )
        self.canvas.setFont(FONT, 10.5)
        self.canvas.drawString(MARGIN + 8 * mm, self.y, words)
        self.y -= _ROW


def blank_fiche() -> bytes:
    """The PDF; the same bytes each time."""
    sheet = _Sheet()
    sheet.line(TITLE, 17, 10 * mm)
    for words in HOW_TO_FILL:
        sheet.line(words, 9.2, 5 * mm)
    sheet.y -= 6 * mm
    sheet.line(HEADING, 12, 10 * mm)
    for name, label in FIELDS.items():
        sheet.field(name, label)
    sheet.y -= 6 * mm
    sheet.box(INFORMED_BOX, INFORMED)
    sheet.box(CONSENT_BOX, CONSENTS)
    sheet.y -= 8 * mm
    for words in HOW_TO_SEND:
        sheet.line(words, 8.5, 5 * mm)
    sheet.canvas.showPage()
    sheet.canvas.save()
    return sheet.out.getvalue()
