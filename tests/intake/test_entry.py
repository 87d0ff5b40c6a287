"""What a person types for a client is checked as the readers check it; what a doubtful form says is only a proposal."""

import pytest

from intake.client import Client, Consent
from intake.entry import FieldsWrong, entered
from intake.errors import sentence
from intake.form.guess import guess

GOOD = {"first_name": "An", "last_name": "Maes", "phone": "0470 12 34 56"}


def wrong(**values: str) -> set[str]:
    with pytest.raises(FieldsWrong) as refused:
        entered(GOOD | values)
    assert not any(v and v in sentence(refused.value) for v in values.values() if len(v) > 4)
    return set(refused.value.fields)


def test_values_are_brought_to_the_form_of_an_imported_client() -> None:
    client = entered(
        {
            "first_name": "  Zoë\u200b ",
            "last_name": "de  Smet",
            "street": "Koestraat",
            "house_number": "12 bus 3",
            "postcode": "B-8940",
            "municipality": "Wervik",
            "phone": "0470/12.34.56",
            "email": "Zoe@Example.BE",
        }
    )
    assert client == Client(
        "Zoë", "de Smet", "Koestraat", "12", "3", "8940", "Wervik", "+32470123456", "Zoe@example.be"
    )
    assert entered(client.as_dict()) == client


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"last_name": ""}, {"last_name"}),
        ({"last_name": "0470123456"}, {"last_name"}),
        ({"phone": "0479 98"}, {"phone"}),
        ({"phone": "0479 98 34 56 of 0471 12 34 56"}, {"phone"}),
        ({"email": "an@"}, {"email"}),
        ({"email": "lien@opgroeien.be"}, {"email"}),
        ({"postcode": "894"}, {"postcode"}),
        ({"house_number": "12"}, {"street"}),
        ({"street": "Koestraat", "house_number": "achterbouw"}, {"house_number"}),
        ({"street": "Koestraat", "house_number": "12 bus 3", "box": "4"}, {"box"}),
        ({"box": "3"}, {"house_number"}),
        ({"first_name": "a" * 121}, {"first_name"}),
        ({"municipality": "85.07.30-033 28"}, {"municipality"}),
        ({"phone": ""}, {"phone"}),
        ({"phone": "", "street": "Koestraat"}, {"phone"}),
    ],
)
def test_what_is_wrong_is_told_by_field(values: dict[str, str], fields: set[str]) -> None:
    assert wrong(**values) == fields


def test_an_address_alone_is_a_way_of_contact() -> None:
    assert entered({"last_name": "Maes", "street": "Koestraat", "municipality": "Wervik"}).phone is None


def test_a_doubtful_form_gives_what_passes_its_check_and_no_consent() -> None:
    text = "Naam | Maes\nVoornaam: ???\nAdres | Koestraat 12 bus 3, 8940 Wervik\nGsm | 0470 12 34 56\nMail | geen@@"
    client, consent = guess(text)
    assert (client.last_name, client.street, client.box, client.phone) == (
        "Maes",
        "Koestraat",
        "3",
        "+32470123456",
    )
    assert client.email is None
    assert consent is None


@pytest.mark.parametrize(
    "text", ["", "\x00" * 50, "Naam | " * 5000, "Naam: [/]\nGsm: \u202e12", "| | |\n" * 3500]
)
def test_whatever_the_text_the_proposal_never_fails(text: str) -> None:
    client, consent = guess(text)
    assert isinstance(client, Client)
    assert consent is None or isinstance(consent, Consent)
