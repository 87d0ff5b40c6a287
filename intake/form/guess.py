"""What of a form that cannot be read surely may be filled in beforehand for a person who checks it. Never for a record.

The readers believe nothing of a form in doubt; a person at the form sees what is right. So here the first value that
passes its check is taken of each field, and a field without one stays empty.
"""

from contextlib import suppress
from dataclasses import replace

from intake.client import Client, Consent
from intake.form.address import municipality_of, number_box_of, parse_address, postcode_of, titled
from intake.form.assemble import Doubt, readings_of
from intake.form.clean import fold
from intake.form.contact import emails_in, phones_in
from intake.form.entries import Entry
from intake.form.fields import walk
from intake.form.model import FormError, RowList
from intake.form.names import clean_name, name_case, split_name
from intake.form.words import Field, Party
from intake.plaintext import clean_line

__all__ = ["guess"]


def guess(text: str) -> tuple[Client, Consent | None]:
    """A client as far as the text of a form tells, and the consent only where it was read surely. Never raises."""
    rows = RowList()
    try:
        rows.add_text(text.replace(" | ", "\t"))
        with suppress(Doubt, FormError):
            reading = readings_of("txt", rows.rows)[0]
            return reading.client, reading.consent
        entries = [e for e in walk(rows.rows).entries if e.party is Party.CLIENT and e.client in (0, 1)]
    except Exception:  # noqa: BLE001 - whatever a hostile text does to a reader, the person then types it all
        return Client(), None
    client = Client()
    for entry in entries:
        with suppress(Doubt, FormError, ValueError, IndexError):
            client = _with(client, entry)
    return client, None


def _with(client: Client, entry: Entry) -> Client:
    value = clean_line(entry.value.replace("\n", " "))
    found: dict[str, str | None] = {}
    match entry.field:
        case Field.FIRST | Field.LAST:
            name = clean_name(value)
            key = "first_name" if entry.field is Field.FIRST else "last_name"
            found = {key: name_case(name[0]) if name else None}
        case Field.NAME | Field.FIRST_LAST | Field.LAST_FIRST:
            parts = split_name(value)
            found = {"first_name": parts.first, "last_name": parts.last} if parts else {"last_name": value}
        case Field.PHONE | Field.MOBILE:
            found = {"phone": next(iter(phones_in(value).good), None)}
        case Field.EMAIL:
            found = {"email": next(iter(emails_in(value).good), None)}
        case Field.NUMBER | Field.NUMBER_BOX:
            number = number_box_of(value)
            found = {"house_number": number[0], "box": number[1]} if number else {}
        case Field.BOX:
            found = {"box": fold(value).removeprefix("bus ").strip().upper()[:6]}
        case Field.POSTCODE:
            found = {"postcode": postcode_of(value)}
        case Field.CITY:
            found = {"municipality": municipality_of(value)}
        case Field.ADDRESS | Field.STREET | Field.PLACE | Field.POST_CITY:
            address = parse_address(value)
            if address is not None:
                names = ("street", "house_number", "box", "postcode", "municipality")
                found = {name: getattr(address, name) for name in names}
            elif entry.field is Field.STREET:
                found = {"street": titled(value)}
    fresh = {name: text for name, text in found.items() if text and not getattr(client, name)}
    return replace(client, **fresh)
