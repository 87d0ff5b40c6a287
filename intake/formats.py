"""How values are shown to people in Belgium. Pure.

Dates are dd/mm/jjjj, times 14:30, numbers 1.234,5, phones +32 470 12 34 56, addresses "Koestraat 12 bus 3, 8940 Wervik".
"""

from datetime import date, datetime

from intake.client import Client
from intake.plaintext import clean_lines
from intake.workdays import local

NOTE_LIMIT = 2000


def clean_note(text: str) -> str:
    """A note as it is kept: cleaned, stripped, at most `NOTE_LIMIT` characters."""
    return clean_lines(text[: NOTE_LIMIT * 2]).strip()[:NOTE_LIMIT]


def show_date(day: date | None) -> str:
    """dd/mm/jjjj, or an empty string."""
    return day.strftime("%d/%m/%Y") if day else ""


def show_moment(moment: datetime | None) -> str:
    """dd/mm/jjjj 14:30 in Belgian time, or an empty string."""
    return local(moment).strftime("%d/%m/%Y %H:%M") if moment else ""


def show_phone(phone: str | None) -> str:
    """+32 470 12 34 56; an unreadable number as it stands."""
    if not phone:
        return ""
    import phonenumbers

    try:
        parsed = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return phone
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def show_name(client: Client) -> str:
    """First name and surname, of what is there."""
    return " ".join(part for part in (client.first_name, client.last_name) if part)


def show_street(client: Client, box_word: str) -> str:
    """Street, number and box; `box_word` is the word for a box in the user's language."""
    line = " ".join(part for part in (client.street, client.house_number) if part)
    return f"{line} {box_word} {client.box}" if line and client.box else line


def show_address(client: Client, box_word: str) -> str:
    """As "Koestraat 12 bus 3, 8940 Wervik", of what is there."""
    place = " ".join(part for part in (client.postcode, client.municipality) if part)
    return ", ".join(part for part in (show_street(client, box_word), place) if part)


def show_number(value: float) -> str:
    """1.234,5: a point between thousands and a comma before at most two decimals; whole numbers without."""
    text = f"{value:,.2f}".rstrip("0").rstrip(".") if value % 1 else f"{value:,.0f}"
    return text.translate(_BELGIAN)


_BELGIAN = str.maketrans(",.", ".,")
