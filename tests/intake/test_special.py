"""Signs of data that may not be received (P3; GDPR 9 and 10)."""

import pytest

from intake.client import Consent
from intake.demo.forms import FORM_KINDS, make_form
from intake.demo.people import make_clients
from intake.form import FormError, read_form
from intake.special import Category, signs, warning
from intake.texts import set_language


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Mevrouw is zwanger van haar derde kind.", Category.HEALTH),
        ("Kampt met een DEPRESSIE", Category.HEALTH),
        ("meneer is suïcidaal geweest", Category.HEALTH),
        ("Nationaliteit: Belg", Category.ORIGIN),
        ("het gezin is moslim", Category.BELIEF),
        ("vader zit in de gevangenis", Category.OFFENCES),
        ("Er is een proces-verbaal opgesteld", Category.OFFENCES),
        ("moeder herstelt van borstkanker", Category.HEALTH),
        ("hiv-positief", Category.HEALTH),
        ("zit met een burn-out thuis", Category.HEALTH),
        ("psychische problemen", Category.HEALTH),
        ("ex-gedetineerde", Category.OFFENCES),
        ("INSZ 85.07.30-033.28", Category.NATIONAL_NUMBER),
        ("krijgt een tegemoetkoming van het VAPH", Category.HEALTH),
        ("opgenomen in het ziekenhuis", Category.HEALTH),
        ("is blind aan één oog", Category.HEALTH),
        ("arbeidsongeschikt sinds vorig jaar", Category.HEALTH),
        ("een erfelijke aandoening", Category.GENETIC),
        ("de vingerafdrukken zijn genomen", Category.GENETIC),
        ("wacht op een verblijfsvergunning", Category.ORIGIN),
        ("volgt een inburgeringstraject", Category.ORIGIN),
        ("mensen van Turkse origine", Category.ORIGIN),
        ("getuigen van Jehova", Category.BELIEF),
        ("eet alleen halal", Category.BELIEF),
        ("meneer is transseksueel", Category.SEXUALITY),
        ("werkt in de prostitutie", Category.SEXUALITY),
        ("uitkering via het ACV", Category.POLITICS),
        ("politieke overtuiging", Category.POLITICS),
        ("kreeg een contactverbod", Category.OFFENCES),
        ("veroordeeld voor oplichting", Category.OFFENCES),
    ],
)
def test_a_word_that_points_to_a_special_category_is_a_sign(text, category):
    assert signs([text]) == {category}


@pytest.mark.parametrize(
    "text",
    [
        "Kerkstraat 12",
        "Ziekenhuislaan 4",
        "Lokaal team Kind en Gezin, preventieve gezinsondersteuning",
        "Best bellen na 17 uur, spreekt Frans",
        "Romain Moslinckx",
        "Roma Joods",
        "Parket en tegels, tel. 056 30 02 00",
        "KBO 0886.886.638",
        "Gevangenisstraat 3",
        "Synagogestraat 1, 8500 Kortrijk",
        "Kloosterstraat 4, Gasthuisstraat 7 en Godshuislaan 2",
    ],
)
def test_streets_names_and_practical_remarks_are_none(text):
    assert signs([text]) == frozenset()


def test_an_ordinary_fiche_bears_no_sign():
    import random

    for i, client in enumerate(make_clients(24, 7)):
        kind = FORM_KINDS[i % len(FORM_KINDS)]
        try:
            readings = read_form(*make_form(kind, client, Consent.CONFIRMED, random.Random(i)))
        except FormError:
            continue
        assert all(not signs(reading.leftovers) for reading in readings)


@pytest.mark.parametrize("number", ["+32474082246", "+32485256448", "tel. +32478258491"])
def test_a_mobile_number_with_the_check_digits_of_a_bis_number_is_a_telephone_number(number):
    """One in a hundred has them; the form went to quarantine for it."""
    assert signs([number]) == frozenset()


def test_no_client_of_the_demo_bears_a_sign_by_name_street_or_number():
    for client in make_clients(2000, 3):
        assert signs(value for value in client.as_dict().values() if value) == frozenset()


def test_a_warning_names_the_category_and_not_what_was_written():
    set_language("en")
    said = warning("Mevrouw is zwanger en haar man zit in de gevangenis")
    assert said == (
        "This looks like data on health, data on offences. Note only what is needed to make contact."
    )
    assert warning("Best bellen na 16 uur, spreekt Frans") == ""
