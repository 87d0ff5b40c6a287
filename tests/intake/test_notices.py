"""What goes out says what it must and cannot say more (P7, P9, recital C; nothing reports an outcome)."""

import inspect
from datetime import UTC, date, datetime

import pytest

from intake import notices
from intake.agreement import Agreement
from intake.causes import Cause
from intake.client import Client
from intake.notices import ask_letter, breach_letter, quality_letter
from intake.referral import Referral
from intake.registers import NOTICE_FIELDS, Breach, BreachKind, BreachText, Notice, What
from intake.rejecting import Because
from intake.texts import set_language

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
CLIENT = Client(
    "Zwaantje",
    "Kwispelaere",
    "Krakelstraat",
    "1987",
    "b7x",
    "8940",
    "Wervik",
    "+32470123456",
    "zwaan@example.be",
)


def of(field: str, what: What = What.WRONG) -> Notice:
    return Notice("K2026-0001", "D2026-0007", field, what, NOW, "els", date(2026, 12, 2))


@pytest.mark.parametrize("field", NOTICE_FIELDS)
def test_p7_subject_and_text_hold_no_value_of_the_client(field: str) -> None:
    letter = quality_letter(of(field), NOW, CLIENT, "verbeterde waarde", "OCMW Voorbeeld")
    seen = letter.subject + letter.body
    values = [value for value in (*CLIENT.as_dict().values(), "verbeterde waarde", "D2026-0007") if value]
    assert [value for value in values if value in seen] == []
    assert letter.enclosed is not None
    assert "verbeterde waarde" in letter.enclosed
    assert "18/11/2026 10:00" in letter.body
    assert letter.subject.isascii()


def test_p3_the_archive_holds_the_name_and_the_one_field() -> None:
    letter = quality_letter(of("street"), NOW, CLIENT, None, "")
    assert letter.enclosed is not None
    assert "Zwaantje Kwispelaere" in letter.enclosed
    assert "Krakelstraat" in letter.enclosed
    others = ("1987", "b7x", "8940", "Wervik", "470", "zwaan@")
    assert [value for value in others if value in letter.enclosed] == []


def test_recital_c_a_question_names_the_client_only_in_the_archive() -> None:
    letter = ask_letter("B2026-0001", NOW, CLIENT, "")
    assert [v for v in CLIENT.as_dict().values() if v and v in letter.subject + letter.body] == []
    assert letter.enclosed is not None
    others = ("Krakelstraat", "1987", "470", "zwaan@")
    assert [value for value in others if value in letter.enclosed] == []


def test_no_letter_can_know_how_a_referral_went() -> None:
    """State, wish, outcome and case number are facts of a `Referral`; no letter is ever given one."""
    letters = [f for name, f in vars(notices).items() if name.endswith("_letter")]
    assert len(letters) == 4
    for letter in letters:
        kinds = [parameter.annotation for parameter in inspect.signature(letter).parameters.values()]
        assert Referral not in kinds
    assert Referral not in vars(notices).values()


def test_gdpr_33_what_is_not_known_yet_is_said_to_be_so() -> None:
    breach = Breach("L2026-0001", BreachKind.ACCESS, NOW, NOW, "els")
    letter = breach_letter(breach, BreachText(what="ingekeken", people=0), Agreement())
    assert letter.enclosed is None
    assert "21/11/2026 10:00" in letter.body
    unknown = notices.dutch("not known yet")
    assert letter.body.count(unknown) == 4, "categories, records, consequences, measures"


def test_what_goes_out_is_in_dutch_whatever_the_user_reads() -> None:
    dutch = quality_letter(of("phone"), NOW, CLIENT, None, "")
    set_language("en")
    try:
        assert quality_letter(of("phone"), NOW, CLIENT, None, "") == dutch
    finally:
        set_language("nl")


@pytest.mark.parametrize("because", list(Because))
def test_a_rejection_names_number_and_moment_and_says_how_to_send(because: Because) -> None:
    told = {
        "because": because.value,
        "cause": Cause.NOT_ENCRYPTED.value,
        "received_at": "2026-11-18T09:30:00Z",
        "to": "lien@opgroeien.be",
    }
    letter = notices.reject_letter("Q2026-0007", told, "OCMW Wervik")
    assert "Q2026-0007" in letter.subject
    assert "18/11/2026 10:30" in letter.body
    assert letter.enclosed is None
    assert "%(" not in letter.body
    assert ("7-Zip" in letter.body) == (
        because in {Because.SEND_AGAIN, Because.NOT_ENCRYPTED, Because.TOO_MUCH}
    )
