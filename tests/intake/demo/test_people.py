"""Made-up people: the same for a seed, and each value one that the program itself would accept."""

import random

import phonenumbers
from email_validator import validate_email

from intake.client import Client
from intake.demo.people import NEIGHBOURS, make_client, make_clients, make_member

MANY = make_clients(2000, seed=7)


def test_the_same_seed_gives_the_same_clients_and_another_seed_others() -> None:
    assert make_clients(50, seed=1) == make_clients(50, seed=1)
    assert make_clients(50, seed=1) != make_clients(50, seed=2)


def test_every_telephone_number_is_valid_and_in_e164_form() -> None:
    for client in MANY:
        if client.phone is not None:
            number = phonenumbers.parse(client.phone)
            assert phonenumbers.is_valid_number(number)
            assert phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) == client.phone


def test_mobile_landline_and_french_numbers_all_occur() -> None:
    phones = [client.phone for client in MANY if client.phone]
    for prefix in ("+324", "+3256", "+3257", "+336", "+333"):
        assert any(phone.startswith(prefix) for phone in phones), prefix


def test_every_address_for_mail_is_accepted_at_an_example_domain() -> None:
    for client in MANY:
        if client.email is not None:
            assert validate_email(client.email, check_deliverability=False).normalized == client.email
            assert ".example." in f".{client.email.partition('@')[2]}"


def test_everyone_has_a_name_an_address_and_a_way_to_be_reached() -> None:
    for client in MANY:
        assert client.first_name and client.last_name and client.street and client.house_number
        assert client.phone or client.email


def test_what_may_be_absent_is_absent_now_and_then() -> None:
    for name in ("box", "phone", "email"):
        absent = sum(getattr(client, name) is None for client in MANY)
        assert 0 < absent < len(MANY), name


def test_clients_live_in_the_municipality_unless_a_neighbour_is_asked_for() -> None:
    rng = random.Random(3)
    assert {make_client(rng).postcode for _ in range(300)} == {"8940"}
    for place in NEIGHBOURS:
        neighbour = make_client(rng, place)
        assert (neighbour.postcode, neighbour.municipality) == (place.postcode, place.name)
        assert neighbour.street in place.streets


def test_neighbours_are_one_in_eight_of_many() -> None:
    away = sum(client.postcode != "8940" for client in MANY)
    assert 0.08 < away / len(MANY) < 0.18


def test_a_client_survives_being_stored() -> None:
    for client in MANY[:50]:
        assert Client.from_dict(client.as_dict()) == client


def test_a_team_member_can_be_called_and_written_to() -> None:
    rng = random.Random(4)
    for _ in range(300):
        member = make_member(rng)
        assert phonenumbers.is_valid_number(phonenumbers.parse(member.phone))
        assert validate_email(member.email, check_deliverability=False).domain == "opgroeien.be"
