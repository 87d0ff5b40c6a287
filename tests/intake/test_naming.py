"""What may not stand in the log and the registers, since it is kept in clear and for good (A12)."""

import pytest

from intake.client import Client
from intake.naming import names_client

CLIENT = Client(
    "Jan", "Van den Broeck-Élodie", "Lange Kerkstraat", "4", None, "8940", "Wervik", "+32470123456", "jb@x.be"
)


@pytest.mark.parametrize(
    "text",
    [
        "Jan wil budgethulp",
        "gebeld met meneer BROECK",
        "mevrouw Elodie vroeg het",
        "woont in de Lange Kerkstraat",
        "via 0470 12 34 56",
        "mail naar JB@x.be",
        "rijksregister 85.07.30-033.28",
    ],
)
def test_a_part_of_the_name_however_written_is_found(text):
    assert names_client(text, CLIENT)


@pytest.mark.parametrize(
    "text", ["vraag van den burger", "in januari besproken", "Kerkstraat afgesloten", "dossier 2026/17", ""]
)
def test_an_ordinary_reason_is_not(text):
    assert not names_client(text, CLIENT)
