"""The letter tells nobody who opens it why it came, and outside it shows an address and nothing else (P3, practice)."""

from datetime import date

import pytest

from intake.agreement import Agreement, Contact
from intake.client import Client
from intake.demo.agreement import AGREEMENT
from intake.demo.people import make_clients
from intake.paperwork.letter import WINDOW, NoAddress, NoContactData, compose, letter_pdf
from tests.intake.paperwork.reading import all_bytes, pieces_of, text_of

TODAY = date(2026, 11, 20)
FORBIDDEN = (
    "kind en gezin", "opgroeien", "doorverw", "verwijz", "hulp", "sociale dienst", "maatschappelijk", "dossier",
    "armoede", "toestemming", "gezin", "lokaal team", "d2026",
)  # fmt: skip
CLIENT = Client("Zoë", "D'hoore", "Koestraat", "12", "3", "8940", "Wervik", "+32470123456", "zoe@example.be")


def letter(client: Client = CLIENT, *, tried: bool = True) -> bytes:
    return letter_pdf(compose("D2026-0042", client, AGREEMENT, "Els Maertens", TODAY, tried=tried))


def test_no_word_of_where_the_name_came_from_or_why():
    for number, client in enumerate(make_clients(25, 3)):
        pdf = letter(client, tried=number % 2 == 0)
        said = text_of(pdf).lower()
        assert [word for word in FORBIDDEN if word in said] == []
        assert b"D2026" not in all_bytes(pdf)


def test_it_says_how_to_reach_whom():
    said = " ".join(text_of(letter()).split())
    for words in (
        "Graag maken we kennis",
        "+32 56 30 02 00",
        "onthaal@ocmw.example",
        "Els Maertens",
        "20 november 2026",
    ):
        assert words in said
    # What the client told Kind en Gezin is not repeated to whoever opens the letter.
    assert "470 12 34 56" not in said
    assert "zoe@example.be" not in said


def test_only_who_was_tried_is_told_of_it():
    tried, first = (" ".join(text_of(letter(tried=tried)).split()) for tried in (True, False))
    assert "We konden u tot nu toe niet bereiken." in tried and "contact met u opnemen." not in tried
    assert "We willen graag contact met u opnemen." in first and "niet bereiken" not in first


def test_only_the_address_stands_in_the_window():
    left, top, right, bottom = WINDOW
    inside = [p.text for p in pieces_of(letter()) if left <= p.left <= right and top <= p.top <= bottom]
    assert inside == ["Zoë D'hoore", "Koestraat 12 bus 3", "8940 Wervik"]


def test_the_address_stays_in_the_window_when_the_sheet_slides():
    """Each way by 5 mm; a line as long as they come is broken rather than cut off."""
    client = Client(
        "Marie-Claire Noémie",
        "Vermeulen-Claeys van den Broeck de Clercq",
        "Koestraat",
        "1",
        None,
        "8940",
        "Wervik",
    )
    left, top, _right, bottom = WINDOW
    address = [p for p in pieces_of(letter(client)) if p.left > left and p.top < bottom]
    assert all(p.left >= left + 5 and top + 5 <= p.top <= bottom - 5 for p in address)
    assert len(address) == 4


def test_the_same_letter_has_the_same_bytes():
    assert letter() == letter()


def test_without_an_address_there_is_no_letter():
    for client in (Client("An", "Maes", phone="+32470123456"), Client("An", "Maes", "Koestraat", "1")):
        with pytest.raises(NoAddress) as refused:
            letter(client)
        assert refused.value.exit_code == 2


def test_without_a_way_to_reach_the_ocmw_there_is_no_letter():
    with pytest.raises(NoContactData):
        compose("D2026-0042", CLIENT, Agreement(contact=Contact(name="Onthaal")), "Els", TODAY, tried=True)
