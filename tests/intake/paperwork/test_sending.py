"""A packed form is what P6 asks, opens with 7-Zip and with the program, and nothing unreadable is packed."""

import pytest

from intake.archive import Passphrase, open_archive
from intake.client import Client, Consent
from intake.errors import NotLawful, WrongUse
from intake.form import read_form
from intake.paperwork.sending import pack_form
from tests.intake.paperwork.reading import BLANK, filled

SECRET = "koffiekoek-regenboog-17"
CLIENT = Client("Noémie", "Van den Broeck", "Koestraat", "12", "3", "8940", "Wervik", "+32470123456")


def test_it_opens_with_the_programs_own_reader_names_encrypted():
    packed = pack_form(filled(CLIENT), ".PDF", SECRET)
    opened = open_archive(packed.archive, [Passphrase("eerste", SECRET)])
    assert opened.names_encrypted
    assert opened.methods[0] == "AES-256"
    assert [member.name for member in opened.members] == ["fiche.pdf"]
    (reading,) = read_form("", opened.members[0].data)
    assert (reading.client, reading.consent) == (CLIENT, Consent.CONFIRMED)
    assert packed.consents == (Consent.CONFIRMED,)


def test_it_opens_with_7_zip_and_shows_no_name_before(sevenzip):
    form = filled(CLIENT)
    packed = pack_form(form, ".pdf", SECRET)
    assert b"fiche" not in packed.archive
    assert "fiche".encode("utf-16-le") not in packed.archive
    assert sevenzip.unpack(packed.archive, SECRET) == {"fiche.pdf": form}


def test_a_form_that_cannot_be_read_is_not_packed():
    with pytest.raises(WrongUse):
        pack_form(BLANK, ".pdf", SECRET)
    with pytest.raises(WrongUse):
        pack_form(b"zomaar wat tekst", ".txt", SECRET)


def test_special_categories_are_not_packed():
    form = "Voornaam: An\nNaam: Maes\nTelefoon: 0470 12 34 56\nDe client is zwanger en heeft een depressie.\n"
    with pytest.raises(NotLawful):
        pack_form(form.encode(), ".txt", SECRET)


def test_what_is_superfluous_and_what_is_not_stated_is_told():
    form = "Voornaam: An\nNaam: Maes\nTelefoon: 0470 12 34 56\n\nOpmerkingen: graag op dinsdag bellen\n"
    packed = pack_form(form.encode(), ".txt", SECRET)
    assert packed.consents == (Consent.NOT_STATED,)
    assert packed.superfluous
