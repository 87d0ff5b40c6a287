"""What stands on a made-up Kind en Gezin fiche, before it becomes a file: headings, labels, values, consent.

Teams fill in such a form in their own way, so the wording varies with the given randomness. How it is laid out in a
file is in `forms.py` and the modules it names. The words are those of the senders and stay Dutch in every language.
"""

import random
from dataclasses import dataclass, replace
from datetime import date

import phonenumbers

from intake.client import Client, Consent
from intake.demo.people import TeamMember

__all__ = ["Fiche", "Row", "Tick", "compose"]

_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
_TITLES = (
    "Fiche doorverwijzing naar het OCMW",
    "Doorverwijsfiche Kind en Gezin - OCMW",
    "Doorverwijzing lokaal team Kind en Gezin",
    "Aanmelding bij het OCMW",
)
_CONSENT_TEXTS = (
    "De cliënt werd geïnformeerd over deze doorverwijzing en gaat akkoord met het doorgeven van deze gegevens",
    "De cliënt geeft toestemming om deze gegevens door te geven aan het OCMW",
    "Toestemming van de cliënt voor het doorgeven van de contactgegevens aan het OCMW",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled value; `field` is the name a form field or a JSON key would have."""

    field: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Tick:
    """One box to tick."""

    field: str
    label: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class Fiche:
    """All that is written on one form, in the order of the page."""

    title: str
    letterhead: tuple[str, ...]
    sender_heading: str
    sender_rows: tuple[Row, ...]
    client_heading: str
    client_rows: tuple[Row, ...]
    consent_heading: str
    consent_text: str
    consent_ticks: tuple[Tick, ...]
    consent_note: str | None
    remark: Row | None
    signature: tuple[str, ...]

    @property
    def consent_answer(self) -> str:
        """The ticked word, "ja" or "nee", or nothing."""
        return next((tick.label for tick in self.consent_ticks if tick.ticked), "")

    @property
    def sections(self) -> tuple[tuple[str, tuple[Row, ...]], ...]:
        """The two parts with labelled values: who refers, and the client."""
        return ((self.sender_heading, self.sender_rows), (self.client_heading, self.client_rows))

    def with_consent_row(self) -> "Fiche":
        """The same fiche with the consent as the last labelled value of the client, as tables have it."""
        words = self.consent_answer or (self.consent_note or "")
        row = Row("toestemming", "Toestemming cliënt", words)
        return replace(self, client_rows=(*self.client_rows, row))


def compose(
    client: Client,
    consent: Consent,
    rng: random.Random,
    *,
    member: TeamMember,
    signed_on: date,
    remark: str | None = None,
    split: bool = False,
) -> Fiche:
    """The fiche of one client, worded in one of the usual ways.

    `split` gives each field of P3 a value of its own, as fillable forms have. `remark` is free text of the sender.
    """
    note = None
    if consent is Consent.WITHDRAWN:
        note = f"De cliënt heeft de toestemming ingetrokken op {signed_on:%d/%m/%Y}."
    return Fiche(
        title=rng.choice(_TITLES),
        letterhead=_letterhead(rng, member),
        sender_heading=rng.choice(("Doorverwijzer", "Gegevens van de doorverwijzer", "Verwijzende dienst")),
        sender_rows=_sender_rows(rng, member),
        client_heading=rng.choice(("Gegevens van de cliënt", "Contactgegevens cliënt", "Cliënt")),
        client_rows=_client_rows(rng, client, split=split),
        consent_heading=rng.choice(("Toestemming", "Toestemming van de cliënt")),
        consent_text=rng.choice(_CONSENT_TEXTS),
        consent_ticks=(
            Tick("toestemming_ja", "ja", consent is Consent.CONFIRMED),
            Tick("toestemming_nee", "nee", consent is Consent.DISPUTED),
        ),
        consent_note=note,
        remark=None
        if remark is None
        else Row("opmerkingen", rng.choice(("Opmerkingen", "Toelichting")), remark),
        signature=(
            f"Opgemaakt te Menen op {signed_on.day} {_MONTHS[signed_on.month - 1]} {signed_on.year}",
            f"Handtekening: {member.name}, {member.function}",
        ),
    )


def _letterhead(rng: random.Random, member: TeamMember) -> tuple[str, ...]:
    return (
        rng.choice(("Opgroeien regie - Kind en Gezin", "Kind en Gezin", "Agentschap Opgroeien")),
        "Lokaal team Kind en Gezin Menen-Wervik",
        "Leielaan 1, 8930 Menen",
        f"Tel. {_phone_words(rng, member.phone)} - {member.email}",
    )


def _sender_rows(rng: random.Random, member: TeamMember) -> tuple[Row, ...]:
    return (
        Row("teamlid_naam", rng.choice(("Naam teamlid", "Teamlid", "Naam medewerker")), member.name),
        Row("teamlid_functie", "Functie", member.function),
        Row("teamlid_telefoon", "Telefoon", _phone_words(rng, member.phone)),
        Row("teamlid_email", "E-mail", member.email),
    )


def _client_rows(rng: random.Random, client: Client, *, split: bool) -> tuple[Row, ...]:
    phone = _phone_words(rng, client.phone) if client.phone else ""
    reach = (
        Row("telefoon", rng.choice(("Telefoon", "Telefoonnummer", "Gsm", "Telefoon/gsm")), phone),
        Row("email", rng.choice(("E-mail", "E-mailadres", "Mailadres")), client.email or ""),
    )
    return (*_name_rows(rng, client, split=split), *_address_rows(rng, client, split=split), *reach)


def _name_rows(rng: random.Random, client: Client, *, split: bool) -> tuple[Row, ...]:
    first, last = client.first_name or "", client.last_name or ""
    first_row = Row("voornaam", "Voornaam", first)
    last_row = Row("naam", rng.choice(("Naam", "Familienaam", "Achternaam")), last)
    ways: list[tuple[Row, ...]] = [(first_row, last_row), (last_row, first_row)]
    if not split and first and last:
        ways.append((Row("naam_voornaam", "Naam, voornaam", f"{last}, {first}"),))
    return rng.choice(ways)


def _address_rows(rng: random.Random, client: Client, *, split: bool) -> tuple[Row, ...]:
    street, number, box = client.street or "", client.house_number or "", client.box or ""
    postcode, town = client.postcode or "", client.municipality or ""
    separate = (
        Row("straat", "Straat", street),
        Row("huisnummer", rng.choice(("Nummer", "Huisnummer", "Nr.")), number),
        Row("bus", "Bus", box),
        Row("postcode", "Postcode", postcode),
        Row("gemeente", rng.choice(("Gemeente", "Woonplaats")), town),
    )
    if split or not street:
        return separate
    line = f"{street} {number}{f' bus {box}' if box else ''}"
    halves = (
        Row("straat_nummer", rng.choice(("Straat en nummer", "Straat + nr.")), line),
        Row(
            "postcode_gemeente",
            rng.choice(("Postcode en gemeente", "Postcode + gemeente")),
            f"{postcode} {town}",
        ),
    )
    whole = (Row("adres", "Adres", f"{line}, {postcode} {town}"),)
    return rng.choice((separate, halves, whole))


def _phone_words(rng: random.Random, phone: str) -> str:
    """The number in one of the ways people write it."""
    number = phonenumbers.parse(phone)
    international = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    if number.country_code != 32:
        return rng.choice((international, "00" + international[1:], phone))
    national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    zone, _, rest = national.partition(" ")
    return rng.choice(
        (national, international, phone, f"{zone}/{rest.replace(' ', '.')}", "00" + international[1:])
    )
