"""Signs of data that may not be received (P3; GDPR 9 and 10)."""

import pytest

from intake.client import Consent
from intake.demo.forms import FORM_KINDS, make_form
from intake.demo.people import make_clients
from intake.form import FormError, read_form
from intake.special import Category, signs


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
