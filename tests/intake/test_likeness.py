"""How the same client is noticed when referred twice (practice; P3: one client is kept once)."""

from datetime import UTC, datetime

from intake.client import Client, Consent
from intake.likeness import Alike, Index, Trait, filled, traits
from intake.mail.ledger import LedgerKey
from intake.referral import Referral, State

KEY = LedgerKey.of(LedgerKey.new())
AT = datetime(2026, 11, 16, 9, tzinfo=UTC)
FATIMA = Client(
    "Fatima", "El Idrissi", "Koestraat", "12", "3", "8940", "Wervik", "+32470123456", "fatima@example.be"
)


def referral(number: int, client: Client, state: State = State.RECEIVED, case: str | None = None) -> Referral:
    return Referral(
        f"D2026-000{number}",
        1,
        state,
        AT,
        AT,
        Consent.CONFIRMED,
        likeness=KEY.likeness(client),
        case_number=case,
    )


def test_writing_it_otherwise_is_the_same_client():
    other = Client("EL  IDRISSI", "Fátima", "Koe-straat", "12", "3", "8940", None, None, "Fatima@Example.be")
    assert traits(other)[Trait.NAME] == traits(FATIMA)[Trait.NAME]
    found = Index([referral(1, FATIMA), referral(2, other)]).like(referral(2, other))
    assert found == (Alike("D2026-0001", (Trait.NAME, Trait.EMAIL, Trait.ADDRESS)),)


def test_the_household_alone_proposes_nothing_and_the_telephone_is_shown_as_such():
    """One record per adult: a partner at the same address is another client."""
    partner = Client("Karim", "Amrani", "Koestraat", "12", "3", "8940", "Wervik")
    index = Index([referral(1, FATIMA)])
    assert index.like(referral(2, partner)) == ()
    sharing = Client("Karim", "Amrani", phone="+32470123456")
    assert index.like(referral(2, sharing)) == (Alike("D2026-0001", (Trait.PHONE,)),)


def test_what_is_closed_doubles_nothing_unless_there_is_a_case_file():
    """Already known: the number of the existing file is proposed."""
    again = referral(3, FATIMA)
    assert Index([referral(1, FATIMA, State.DECLINED)]).like(again) == ()
    (known,) = Index([referral(1, FATIMA, State.HANDED_OVER, "2024/311")]).like(again)
    assert known.case_number == "2024/311"


def test_a_row_tells_nothing_of_the_client_without_the_office_key():
    hashes = KEY.likeness(FATIMA)
    assert set(hashes) == {"name", "phone", "email", "address"}
    assert set(hashes.values()).isdisjoint(LedgerKey.of(LedgerKey.new()).likeness(FATIMA).values())


def test_a_merge_fills_blanks_and_never_mixes_two_addresses():
    one = Client("Fatima", "El Idrissi", "Koestraat", "12", None, "8940", "Wervik", None, None)
    two = Client("Fatima", "El Idrissi", "Molenstraat", "4", "9", "8930", "Menen", "+32470123456", None)
    assert filled(one, two) == Client(
        "Fatima", "El Idrissi", "Koestraat", "12", None, "8940", "Wervik", "+32470123456", None
    )
    bare = Client("Fatima", "El Idrissi", email="f@example.be")
    assert filled(bare, two) == Client(
        "Fatima", "El Idrissi", "Molenstraat", "4", "9", "8930", "Menen", "+32470123456", "f@example.be"
    )
