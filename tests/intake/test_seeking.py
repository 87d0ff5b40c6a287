"""Finding a client who asks what is held on them (GDPR 15)."""

import pytest

from intake.client import Client
from intake.errors import WrongUse
from intake.seeking import Sought

FATIMA = Client(
    "Fatima", "El Idrissi", "Koestraat", "12", "3", "8940", "Wervik", "+32470123456", "fatima@example.be"
)
OMER = Client("Ömer", "Yılmaz", "Kerkplein", "1", None, "8940", "Geluwe", "+3256300200", None)
ZOE = Client("Zoë", "D'Hondt", None, None, None, None, None, "+33320112233", None)
MEERSCH = Client("Jana", "Van der Meersch", "Duivenstraat", "90", None, "8940", "Wervik", None, "j@x.be")


@pytest.mark.parametrize(
    ("text", "client"),
    [
        ("Fatima El Idrissi", FATIMA),
        ("el idrissi fatima", FATIMA),
        ("IDRISSI", FATIMA),
        ("El Idrissi, Fatima", FATIMA),
        ("elidrissi", FATIMA),
        ("omer yilmaz", OMER),
        ("YILMAZ Ömer", OMER),
        ("zoe dhondt", ZOE),
        ("D'Hondt", ZOE),
        ("vandermeersch", MEERSCH),
        ("van der meersch jana", MEERSCH),
        ("0470 12 34 56", FATIMA),
        ("0470/12.34.56", FATIMA),
        ("+32 470 12 34 56", FATIMA),
        ("0032470123456", FATIMA),
        ("056 30 02 00", OMER),
        ("+33 3 20 11 22 33", ZOE),
        ("Fatima@Example.be", FATIMA),
        ("Koestraat 12", FATIMA),
        ("koestraat wervik", FATIMA),
    ],
)
def test_a_client_is_found_however_it_is_written(text, client):
    sought = Sought(text)
    assert sought.fits(client)
    assert [other for other in (FATIMA, OMER, ZOE, MEERSCH) if sought.fits(other)] == [client]


@pytest.mark.parametrize("text", ["Fatima Peeters", "Koestraat 1", "0470 12 34 57", "fatima@example.com"])
def test_who_only_partly_fits_is_not_found(text):
    assert not any(Sought(text).fits(client) for client in (FATIMA, OMER, ZOE, MEERSCH))


@pytest.mark.parametrize("text", ["", "  ", "-", "x", "'"])
def test_too_little_to_look_for_is_refused(text):
    with pytest.raises(WrongUse):
        Sought(text)


def test_what_is_sought_is_in_no_repr():
    assert "Fatima" not in repr(Sought("Fatima"))


@pytest.mark.parametrize(
    ("text", "client", "where"),
    [
        ("zoe dhondt", ZOE, ("first_name", "last_name")),
        ("fatima el idrissi", FATIMA, ("first_name", "last_name", "email")),
        ("zoedhondt", ZOE, ("first_name", "last_name")),
        ("Koestraat 12", FATIMA, ("street", "house_number")),
        ("056 30 02 00", OMER, ("phone",)),
        ("fatima@example.be", FATIMA, ("email",)),
        ("8940", MEERSCH, ("postcode",)),
    ],
)
def test_where_it_was_found_names_fields_and_no_values(text, client, where):
    sought = Sought(text)
    assert sought.fits(client)
    assert sought.where(client) == where
