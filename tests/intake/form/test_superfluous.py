"""Superfluous data of a form (P3): what is data on people, and what is only the paper's own words."""

import random

import pytest

from intake.client import Client, Consent
from intake.demo.forms import FORM_KINDS, make_form
from intake.demo.people import make_clients
from intake.form import FormError, Reading, read_form
from intake.form.superfluous import superfluous
from tests.intake.form.offices import fiches

REMARK = "Het gezin verhuist volgende maand. Best bellen na 16 uur."
CLIENT = Client("An", "Janssens", "Koestraat", "12", None, "8940", "Wervik", "+32470123456", "an@example.be")


def of(*leftovers: str) -> tuple[str, ...]:
    return superfluous(Reading(CLIENT, Consent.CONFIRMED, leftovers, "docx"))


@pytest.mark.parametrize(
    "line",
    [
        "Geboortedatum: 12/03/1990",
        "Mevrouw is erg bezorgd.",
        "Partner: Dieter Maes",
        "Naam partner: Bart Decock (0494 / 45 34 37)",
        "Kind: Mila (22 maand)",
        "Kinderen: Noor",
        "opm: Staat op wachtlijst sociale huisvesting.",
        "Taal: Frans",
        "Nationaliteit: Belg",
    ],
)
def test_data_on_people_that_the_protocol_does_not_name_are_superfluous(line):
    assert of("Lokaal team Kind en Gezin Menen-Wervik", line) == (line,)


@pytest.mark.parametrize(
    "lines",
    [
        ("Lokaal team Kind en Gezin Menen-Wervik", "Leielaan 1, 8930 Menen"),
        ("Opgemaakt te Menen op 2 november 2026",),
        ("Functie: gezinsondersteuner", "Handtekening: Pascale Goethals"),
        ("Met vriendelijke groeten", "Bieke Van Hecke", "059 34 11 70", "oostende@kindengezin.be"),
        ("De cliënt werd geïnformeerd over deze",),
        ("Toestemming van de cliënt voor het doorgeven van de",),
        ("We mochten haar gegevens doorgeven, Mevrouw heeft daar ja op gezegd.",),
        ("Datum: 8-10-2026", "Onze referentie: KG/2026/17", "Pagina 1 van 2"),
        ("Geachte", "dag collega, nog een"),
        ("Mail naar: /", "naar: an@example.be", "+3256300200"),
        ("Jan Peeters",),
    ],
)
def test_letterhead_signature_consent_and_the_clients_own_data_are_not(lines):
    assert of(*lines) == ()


def test_no_form_of_the_demo_is_flagged_without_a_remark_and_every_one_with_it():
    clean = remarked = 0
    for i, client in enumerate(make_clients(2 * len(FORM_KINDS), 7)):
        kind = FORM_KINDS[i % len(FORM_KINDS)]
        for remark in (None, REMARK):
            try:
                readings = read_form(
                    *make_form(kind, client, Consent.CONFIRMED, random.Random(i), remark=remark)
                )
            except FormError:
                continue
            for reading in readings:
                assert bool(superfluous(reading)) is (remark is not None), (kind, remark)
                clean += remark is None
                remarked += remark is not None
    assert clean >= 20
    assert remarked >= 20


def test_of_ten_untidy_teams_no_line_of_the_paper_itself_is_taken_for_data_on_people():
    """Each line that is kept names another person, a child, or is one of the made-up remarks."""
    from tests.intake.form.offices_words import REMARKS

    household = ("partner", "papa", "mama", "kind", "baby", "samenwonend", "°", "maand")
    flagged = 0
    for fiche in fiches(31, 60):
        try:
            readings = read_form("x", fiche.data)
        except FormError:
            continue
        for reading in readings:
            lines = superfluous(reading)
            flagged += bool(lines)
            for line in lines:
                known = any(remark.split(".")[0] in line for remark in REMARKS)
                assert known or any(word in line.casefold() for word in household), line
    assert flagged > 10
