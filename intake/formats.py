"""How values are shown to people in Belgium, and how text from outside is made harmless to show. Pure.

Dates are dd/mm/jjjj, times 14:30, phones +32 470 12 34 56, addresses "Koestraat 12 bus 3, 8940 Wervik".
"""

import unicodedata
from datetime import date, datetime

from intake.client import Client
from intake.workdays import local

NOTE_LIMIT = 2000
_BIDI = frozenset(range(0x202A, 0x202F)) | frozenset(range(0x2066, 0x206A)) | {0x200E, 0x200F, 0x061C}


def clean_text(text: str, *, lines: bool = True) -> str:
    """`text` without control (C0, C1) and bidirectional controls; line breaks and tabs stay when `lines`."""
    kept = []
    for character in text:
        if character in "\n\t" and lines:
            kept.append(character)
        elif character in "\r\n\t\x0b\x0c\x85\u2028\u2029":
            kept.append(" ")
        elif unicodedata.category(character) not in ("Cc", "Cs", "Co") and ord(character) not in _BIDI:
            kept.append(character)
    return "".join(kept)


def clean_note(text: str) -> str:
    """A note as it is kept: cleaned, stripped, at most `NOTE_LIMIT` characters."""
    return clean_text(text[: NOTE_LIMIT * 2]).strip()[:NOTE_LIMIT]


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
