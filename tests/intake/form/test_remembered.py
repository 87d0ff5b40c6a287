"""What is worked out of one form twice is remembered while it is read, and not for the next one."""

from intake.form import read_form
from intake.form.contact import phones_in
from intake.form.labels import party_in
from intake.form.remembered import forget
from intake.form.segments import segments_of


def test_of_one_form_nothing_is_remembered_at_the_next() -> None:
    read_form("", b"Voornaam: Zwaantje\nNaam: Kwispelaere\nTelefoon: 0470 12 34 56\n")
    kept = (phones_in, segments_of, party_in)
    assert all(function.cache_info().currsize for function in kept)  # type: ignore[attr-defined]
    forget()
    assert not any(function.cache_info().currsize for function in kept)  # type: ignore[attr-defined]
    read_form("", b"Voornaam: An\nNaam: Maes\nTelefoon: 0470 65 43 21\n")
    assert phones_in.cache_info().currsize == 1  # type: ignore[attr-defined]
