"""A fillable form that was printed to PDF: its boxes are drawings, its letters may be torn; neither is guessed at."""

import io
import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from intake.causes import Cause
from intake.client import Consent
from intake.demo.forms import make_form
from intake.demo.people import make_clients
from intake.form import FormError, read_form

CLIENTS = make_clients(12, 5)


def fillable(number: int, consent: Consent) -> bytes:
    return make_form("pdf-form", CLIENTS[number], consent, random.Random(number))[1]


def _rectangle(canvas: Canvas, x: float, y: float) -> None:
    canvas.rect(x, y, 12, 12)


def _lines(canvas: Canvas, x: float, y: float) -> None:
    path = canvas.beginPath()
    path.moveTo(x, y)
    for dx, dy in ((12, 0), (12, 12), (0, 12)):
        path.lineTo(x + dx, y + dy)
    path.close()
    canvas.drawPath(path)


def _scaled(canvas: Canvas, x: float, y: float) -> None:
    canvas.saveState()
    canvas.translate(x, y)
    canvas.scale(0.12, 0.12)
    canvas.rect(0, 0, 100, 100)
    canvas.restoreState()


def _form_within(canvas: Canvas, x: float, y: float) -> None:
    name = f"box{x:.0f}-{y:.0f}"
    canvas.beginForm(name, 0, 0, 12, 12)
    canvas.line(0, 0, 12, 12)
    canvas.endForm()
    canvas.saveState()
    canvas.translate(x, y)
    canvas.doForm(name)
    canvas.restoreState()


def printed(draw: Callable[[Canvas, float, float], None]) -> bytes:
    """A form as a printer leaves it: a statement, two drawn boxes of which "nee" is crossed, and their words."""
    out = io.BytesIO()
    canvas = Canvas(out)
    lines = ["Voornaam: An", "Naam: Maes", "Telefoon: 0470 12 34 56", "Toestemming"]
    lines.append("De cliënt geeft toestemming om deze gegevens door te geven aan het OCMW")
    for number, line in enumerate(lines):
        canvas.drawString(60, 700 - 20 * number, line)
    for y, word in ((580, "ja"), (560, "nee")):
        draw(canvas, 60, y)
        canvas.drawString(80, y + 2, word)
    canvas.line(60, 560, 72, 572)
    canvas.save()
    return out.getvalue()


def cause_of(form: bytes) -> Cause | Consent:
    try:
        return read_form("fiche", form)[0].consent
    except FormError as error:
        return error.cause


@pytest.mark.parametrize("draw", [_rectangle, _lines, _scaled, _form_within])
def test_a_drawn_box_is_no_consent(draw):
    """Recital C: a crossed "nee" once came through as *confirmed*, for only the statement above it is text."""
    assert cause_of(printed(draw)) is Cause.UNCLEAR_CONSENT


def test_nor_is_one_of_a_real_printer(tmp_path: Path, pdftocairo: str):
    source, target = tmp_path / "fiche.pdf", tmp_path / "afdruk.pdf"
    for number in range(6):
        source.write_bytes(fillable(number, Consent.DISPUTED))
        subprocess.run([pdftocairo, "-pdf", source, target], check=True)
        assert cause_of(target.read_bytes()) is Cause.UNCLEAR_CONSENT


def test_the_form_itself_is_read_as_before():
    for consent in (Consent.CONFIRMED, Consent.NOT_STATED, Consent.DISPUTED):
        assert cause_of(fillable(1, consent)) is consent


@pytest.mark.parametrize(
    "lines",
    [
        "Voornaam: F atima\nNaam: Deprez\nTelefoon: 0470 12 34 56",
        "Naam: V alérie K ovacs\nTelefoon: 0470 12 34 56",
        "Voornaam: An\nNaam: Maes\nStraat: N ieuwstraat\nNummer: 4\nPostcode: 8940\nGemeente: Wervik",
        "Voornaam: An\nNaam: Maes\nStraat: Koestraat\nNummer: 4\nPostcode: 8940\nGemeente: W ervik",
    ],
)
def test_a_torn_word_makes_the_form_unclear(lines):
    """Printers that place letters one by one tear words; half a name must not stand on the worklist."""
    assert cause_of(lines.encode()) is Cause.UNCLEAR_FORM


def test_initials_and_short_words_are_not_torn():
    (reading,) = read_form(
        "fiche", b"Voornaam: Jo\nNaam: Van den Broeck\nAdres: Rue de la Lys 4 bus B, 8940 Wervik\n"
    )
    assert (reading.client.last_name, reading.client.box) == ("Van den Broeck", "B")
