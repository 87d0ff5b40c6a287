"""The fiche: only what P3 lets through, filled in by a PDF program and read back without loss."""

import io
import os

import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

from intake.causes import Cause
from intake.client import CLIENT_FIELDS, Client, Consent
from intake.demo.people import make_clients
from intake.form import FormError, read_form
from intake.paperwork.fiche import CONSENT_BOX, INFORMED_BOX, blank_fiche
from tests.intake.paperwork.reading import BLANK, filled, text_of

ODD = (
    Client(
        "Zoë-Lynn", "D'hoore-'t Jonck", "Rue de l'Église", "12-14", "A/3", "59560", "Comines", "+33612345678"
    ),
    Client(
        "Łukasz", "Wiśniewski", "Sint-Maartensplein", "1", "0201", "8940", "Wervik", None, "l.w@example.be"
    ),
    Client("Ömer", "Yılmaz", "1 Meistraat", "240B", None, "8940", "Geluwe", "+32470123456"),
    Client(
        "Thi Lan", "Nguyễn", "Nieuwe Kerkstraat", "7", "b", "8940", "Wervik", "+3256300200", "tl@example.org"
    ),
    Client(
        "Ștefan", "Țurcanu", "Koestraat", "3bis", None, "8940", "Wervik", None, "stefan_t+ocmw@example.com"
    ),
    Client("Jo", "Maes", phone="+32470000001"),
    Client("An", "De Smet", email="an@example.be"),
)


def test_it_asks_the_fields_of_article_3_and_the_consent_and_nothing_else():
    fields = PdfReader(io.BytesIO(BLANK)).get_fields() or {}
    assert set(fields) == {*CLIENT_FIELDS, INFORMED_BOX, CONSENT_BOX}
    multiline = 1 << 12
    assert not any(int(field.get("/Ff", 0)) & multiline for field in fields.values())


def test_it_says_how_to_send_it():
    said = " ".join(text_of(BLANK).split())
    assert "AES-256" in said
    assert "afgesproken postvak" in said


def test_it_is_the_same_each_time():
    assert blank_fiche() == BLANK


MANY = 240 if os.environ.get("OCMW_INTAKE_ROUNDS") == "all" else 60


def test_filled_fiches_are_read_without_loss():
    lost = []
    for number, client in enumerate(make_clients(MANY, 1973)):
        consents = number % 3 != 0
        (reading,) = read_form("fiche", filled(client, informed=consents, consents=consents))
        wanted = Consent.CONFIRMED if consents else Consent.NOT_STATED
        if (reading.client, reading.consent, reading.leftovers) != (client, wanted, ()):
            lost.append(number)
    assert lost == []


@pytest.mark.parametrize("client", ODD, ids=lambda c: c.first_name)
def test_odd_values_are_read_letter_for_letter(client):
    (reading,) = read_form("fiche", filled(client))
    assert reading.client == client
    assert reading.consent is Consent.CONFIRMED
    assert reading.leftovers == ()


@pytest.mark.parametrize(("informed", "consents"), [(False, False), (True, False), (False, True)])
def test_an_unticked_box_is_not_stated(informed, consents):
    """Recital C asks both; a half answer lets nobody be called."""
    (reading,) = read_form("fiche", filled(ODD[0], informed=informed, consents=consents))
    assert reading.consent is Consent.NOT_STATED


def test_a_blank_fiche_is_no_referral():
    with pytest.raises(FormError):
        read_form("fiche", BLANK)


@pytest.mark.parametrize("ticked", [False, True])
def test_a_print_of_it_goes_to_a_person(ticked):
    """Printed to PDF the boxes are drawings: the bare statement once passed for a consent that nobody gave."""
    writer = PdfWriter(clone_from=io.BytesIO(filled(ODD[0], informed=ticked, consents=ticked)))
    writer.update_page_form_field_values(writer.pages[0], {}, auto_regenerate=False, flatten=True)
    writer.remove_annotations("/Widget")
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(FormError) as refused:
        read_form("fiche", out.getvalue())
    assert refused.value.cause is Cause.SCAN


def test_words_that_someone_adds_are_noticed():
    """Only our own print is passed over: P3's superfluous data must not hide behind it."""
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawString(60, 80, "Heeft dringend nood aan een gesprek over geld")
    canvas.save()
    writer = PdfWriter(clone_from=io.BytesIO(filled(ODD[0])))
    writer.pages[0].merge_page(PdfReader(out).pages[0])
    stamped = io.BytesIO()
    writer.write(stamped)
    (reading,) = read_form("fiche", stamped.getvalue())
    assert reading.leftovers == ("Heeft dringend nood aan een gesprek over geld",)
