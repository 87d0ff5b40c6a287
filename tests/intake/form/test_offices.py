"""The reader against fiches as ten teams would make them: nothing wrong may come out, and little may go to hand-work."""

import pytest

from intake.causes import Cause
from intake.client import Consent
from intake.form import FormError, read_form
from tests.intake.form.offices import fiches
from tests.intake.form.offices_score import score
from tests.intake.form.offices_teams import TEAMS
from tests.intake.form.offices_words import ANSWERS, BOXES, SENTENCES, TOGETHER

HAND_WORK = 0.12
"""Share of surely readable fiches with labels that may be sent to hand-registration (measured: 0.07 to 0.11)."""
HELD = 0.08
"""Share of confirmed consents that may be held as not stated (measured: 0.03 to 0.05)."""


def _read(text: str) -> tuple[str | None, str | None, Consent]:
    (reading,) = read_form("fiche.txt", text.encode())
    return reading.client.first_name, reading.client.last_name, reading.consent


def _cause(text: str) -> Cause:
    with pytest.raises(FormError) as caught:
        read_form("fiche.txt", text.encode())
    return caught.value.cause


def test_fiches_of_ten_teams_give_no_wrong_value_and_little_hand_work() -> None:
    made = fiches(7, 300)
    figures = score(made)
    assert figures.wrong == {}
    prose = {team.name for team in TEAMS if team.prose}
    hand = [
        sheet for what, sheet, _ in figures.examples if what.startswith("hand") and sheet.team not in prose
    ]
    sure = [sheet for sheet in made if sheet.surely and sheet.team not in prose]
    assert len(hand) <= HAND_WORK * len(sure)
    assert figures.held <= HELD * sum(sheet.consent == Consent.CONFIRMED for sheet in made)
    assert figures.read > 200


def test_running_text_without_labels_is_never_read_by_machine() -> None:
    prose = {team.name for team in TEAMS if team.prose}
    letters = [sheet for sheet in fiches(7, 300) if sheet.team in prose]
    assert letters
    for sheet in letters:
        with pytest.raises(FormError):
            read_form("fiche", sheet.data)


def test_the_teams_differ_enough_to_mean_something() -> None:
    labels = {word for team in TEAMS for words in team.labels.values() for word in words}
    wordings = {text for _, text in (*SENTENCES, *TOGETHER)} | {f"{a}: {b}" for _, a, b in ANSWERS}
    assert len(labels) >= 60
    assert len(wordings | {f"{a} {b}" for a, b in BOXES}) >= 40
    assert {kind for team in TEAMS for kind in team.kinds} == {
        "txt",
        "eml",
        "docx",
        "pdf",
        "xlsx",
        "html",
        "csv",
        "rtf",
    }


def test_the_only_parent_of_a_form_without_client_is_the_client() -> None:
    text = "Voornaam moeder: An\nNaam moeder: Janssens\nGSM: 0470 12 34 56\nKind: Noor\nMama gaat akkoord met de doorverwijzing."
    assert _read(text) == ("An", "Janssens", Consent.CONFIRMED)


def test_mother_and_father_alike_leave_open_who_asks_for_help() -> None:
    text = "Naam moeder: An Janssens\nNaam vader: Tom Maes\nGSM: 0470 12 34 56\nToestemming: ja"
    assert _cause(text) is Cause.MISSING_NAME


def test_a_parent_beside_a_named_client_is_someone_else() -> None:
    text = "Naam cliënt: An Janssens\nGSM: 0470 12 34 56\n\nMoeder\nNaam: Hilde Maes\nGSM: 0471 22 33 44"
    first, last, _ = _read(text)
    assert (first, last) == ("An", "Janssens")


@pytest.mark.parametrize(
    ("line", "consent"),
    [
        ("Toestemming cliënt | ja (x)  nee ( )", Consent.CONFIRMED),
        ("Toestemming cliënt | ja ( )  nee (x)", Consent.DISPUTED),
        ("Toestemming cliënt: □ ja ■ nee", Consent.DISPUTED),
        ("Toestemming cliënt: ■ ja □ nee", Consent.CONFIRMED),
        ("Cliënt gaf toestemming (datum): 12/03/2026", Consent.CONFIRMED),
        ("Toestemming gevraagd op (datum): 12/03/2026", None),
        ("De cliënt trekt de toestemming in, gelieve niets meer te doen.", Consent.WITHDRAWN),
        ("De cliënt kan de toestemming steeds intrekken.", Consent.NOT_STATED),
        ("Mevrouw wil niet dat haar gegevens doorgegeven worden.", None),
        ("De ouders gaan niet akkoord met de doorverwijzing.", None),
    ],
)
def test_what_is_said_on_consent_is_heard_or_left_to_a_person(line: str, consent: Consent | None) -> None:
    text = f"Voornaam: An\nNaam: Janssens\nGSM: 0470 12 34 56\n{line.replace(' | ', chr(9))}\n"
    if consent is None:
        assert _cause(text) is Cause.UNCLEAR_CONSENT
    else:
        assert _read(text)[2] is consent


def test_a_refusal_of_both_clients_below_the_second_counts_for_the_first() -> None:
    one = "Cliënt 1\nVoornaam: An\nNaam: Janssens\nGSM: 0470 12 34 56\n"
    two = "Cliënt 2\nVoornaam: Tom\nNaam: Maes\nGSM: 0471 22 33 44\nBeide cliënten weigeren toestemming."
    readings = read_form("fiche.txt", f"{one}\n{two}".encode())
    assert [reading.consent for reading in readings] == [Consent.DISPUTED, Consent.DISPUTED]


def test_a_family_name_beside_a_calling_name_is_not_cut_in_two() -> None:
    text = "Naam: Ben Saïd\nRoepnaam: Aïcha\nGSM: 0470 12 34 56\nToestemming: ja"
    assert _cause(text) is Cause.UNCLEAR_FORM


def test_a_mail_address_cut_by_a_narrow_column_is_not_used() -> None:
    text = "Voornaam: An\nNaam: Janssens\nE-mail    an@telenet.co\n    m\nToestemming: ja"
    assert _cause(text) is Cause.UNCLEAR_FORM


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("Kapelhoek 173B 8560 Wevelgem", ("Kapelhoek", "173B", None, "8560")),
        ("'s-Gravenstraat 99 te 8940 Wervik", ("'s-Gravenstraat", "99", None, "8940")),
        ("Molenwijk 178 b 0301 - 8560 WEVELGEM", ("Molenwijk", "178", "0301", "8560")),
        ("98 rue de Lille apt 1, F-59250 Halluin", ("rue de Lille", "98", "1", "59250")),
        ("Koestraat 12 B 8940 Wervik", (None, None, None, None)),
    ],
)
def test_odd_addresses_are_read_whole_or_not_at_all(address: str, expected: tuple[str | None, ...]) -> None:
    text = f"Voornaam: An\nNaam: Janssens\nGSM: 0470 12 34 56\nAdres: {address}\nToestemming: ja"
    (reading,) = read_form("fiche.txt", text.encode())
    client = reading.client
    assert (client.street, client.house_number, client.box, client.postcode) == expected


def test_blanks_around_the_stroke_of_a_number_do_not_make_two() -> None:
    text = "Voornaam: An\nNaam: Janssens\nGSM: 0470 / 09 79 32\nToestemming: ja"
    (reading,) = read_form("fiche.txt", text.encode())
    assert reading.client.phone == "+32470097932"
