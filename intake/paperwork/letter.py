"""The neutral letter to a client who could not be reached, or whom nobody tried to reach yet (P3 and practice).

Outside the closed letter stands the address and nothing else; inside, only that the OCMW wants to get in touch. Neither
says why, who sent the name, or a number: whoever else opens it learns nothing. Its words are for the client and stay
Dutch in every language.
"""

import io
from dataclasses import dataclass
from datetime import date

from intake.agreement import Agreement
from intake.client import Client
from intake.errors import ConfigurationError, WrongUse
from intake.formats import show_name, show_phone, show_street
from intake.texts import N_

WINDOW = (105.0, 45.0, 200.0, 90.0)
"""Where the window of a Belgian envelope (window at the right) shows the paper: left, top, right and bottom, mm."""
_ADDRESS = (112.0, 56.0)
"""Where the address begins: mm from the left and from the top; it stays within `WINDOW` if the sheet slides."""
_LEFT, _TOP, _TEXT_TOP = 25.0, 25.0, 115.0
_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip

_NOT_REACHED = "We konden u tot nu toe niet bereiken."
_IN_TOUCH = "We willen graag contact met u opnemen."


class NoAddress(WrongUse):
    """There is no address to write to."""

    template = N_(
        "%(reference)s has no address to write to: a street, and a postcode or municipality. Try another channel."
    )


class NoContactData(ConfigurationError):
    """The client would not know whom to call."""

    template = N_(
        "The settings do not say how a client reaches the OCMW. A team lead sets a telephone number or e-mail address "
        "under 'agreement', 'contact'."
    )


@dataclass(frozen=True, slots=True)
class Letter:
    """What stands on the paper, line by line."""

    address: tuple[str, ...]
    sender: tuple[str, ...]
    dated: str
    text: tuple[str, ...]
    signed: tuple[str, ...]

    def __repr__(self) -> str:
        return "Letter(…)"


def compose(
    reference: str, client: Client, agreement: Agreement, worker: str, today: date, *, tried: bool
) -> Letter:
    """The letter to this client; `tried`: an attempt to reach them failed. `worker` is the name of who signs it.

    Raises NoAddress, NoContactData.
    """
    place = " ".join(part for part in (client.postcode, client.municipality) if part)
    if not client.street or not place:
        raise NoAddress(reference=reference)
    contact = agreement.contact
    ways = [
        *([f"op het nummer {show_phone(contact.phone)}"] if contact.phone else []),
        *([f"via {contact.email}"] if contact.email else []),
    ]
    if not ways:
        raise NoContactData
    party = agreement.receiving_party
    town = party.address.rpartition(" ")[2]
    name = show_name(client)
    return Letter(
        address=(name, show_street(client, "bus"), place),
        sender=tuple(filter(None, [party.name or agreement.ocmw, *party.address.split(", ")])),
        dated=f"{town}, {_written(today)}" if town else _written(today),
        text=(
            f"Beste {name}",
            f"Graag maken we kennis met u. {_NOT_REACHED if tried else _IN_TOUCH}",
            f"U kunt ons bereiken {' of '.join(ways)}. Vraag naar {worker}. "
            "Zegt u liever zelf wanneer en hoe we contact opnemen? Laat het ons weten.",
            "Dit is vrijblijvend: u beslist zelf of u op deze brief ingaat.",
            "Met vriendelijke groeten",
        ),
        signed=tuple(filter(None, [worker, contact.name or party.name or agreement.ocmw])),
    )


def _written(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def letter_pdf(letter: Letter) -> bytes:
    """The letter on one page, to fold in three for an envelope with its window at the right. No title in the file."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.lib.utils import simpleSplit
    from reportlab.pdfgen.canvas import Canvas

    from intake.paperwork.pages import FONT, use_font

    use_font()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1, lang="nl-BE")

    def write(lines: tuple[str, ...], left: float, top: float, size: float, wide: float) -> float:
        """Write lines from `top` mm down, broken where they are wider than `wide` mm; returns where they end."""
        for line in lines:
            for part in simpleSplit(line, FONT, size, wide * mm) or [""]:
                canvas.setFont(FONT, size)
                canvas.drawString(left * mm, A4[1] - top * mm, part)
                top += size * 0.5
        return top

    write(letter.sender, _LEFT, _TOP, 9.5, 75)
    write(letter.address, *_ADDRESS, 11, WINDOW[2] - _ADDRESS[0] - 3)
    write((letter.dated,), _LEFT, _TEXT_TOP - 14, 10.5, 160)
    top = _TEXT_TOP
    for part in letter.text:
        top = write((part,), _LEFT, top, 10.5, 160) + 4
    write(letter.signed, _LEFT, top + 14, 10.5, 160)
    canvas.showPage()
    canvas.save()
    return out.getvalue()
