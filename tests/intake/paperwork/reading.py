"""What tests read of a PDF: its text, where it stands, and every stream of it unpacked; and a fiche filled in."""

import io
import zlib
from dataclasses import dataclass

from pypdf import PdfReader, PdfWriter
from pypdf.generic import StreamObject

from intake.client import Client
from intake.paperwork.fiche import CONSENT_BOX, INFORMED_BOX, blank_fiche

BLANK = blank_fiche()


@dataclass(frozen=True)
class Piece:
    """Printed words; mm from the left and from the top of the page."""

    text: str
    left: float
    top: float


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def pieces_of(pdf: bytes) -> list[Piece]:
    page = PdfReader(io.BytesIO(pdf)).pages[0]
    height = float(page.mediabox.height)
    found: list[Piece] = []

    def seen(text: str, cm: list[float], tm: list[float], _font: object, _size: float) -> None:
        if text.strip():
            x, y = tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5]
            found.append(Piece(text.strip(), x / 72 * 25.4, (height - y) / 72 * 25.4))

    page.extract_text(visitor_text=seen)
    return found


def all_bytes(pdf: bytes) -> bytes:
    """The file, and each of its streams unpacked."""
    reader = PdfReader(io.BytesIO(pdf))
    parts = [pdf]
    for number in range(1, reader.trailer["/Size"]):
        found = reader.get_object(number)
        if isinstance(found, StreamObject):
            try:
                parts.append(found.get_data())
            except (zlib.error, ValueError):
                parts.append(found._data)
    return b"\n".join(parts)


def filled(client: Client, *, informed: bool = True, consents: bool = True) -> bytes:
    """The fiche as a PDF program fills it in."""
    writer = PdfWriter(clone_from=io.BytesIO(BLANK))
    values: dict[str, str] = {name: value for name, value in client.as_dict().items() if value}
    values |= {INFORMED_BOX: "/Yes"} if informed else {}
    values |= {CONSENT_BOX: "/Yes"} if consents else {}
    writer.update_page_form_field_values(writer.pages[0], values, auto_regenerate=False)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
