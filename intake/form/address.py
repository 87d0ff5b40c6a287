"""Belgian and French border addresses: street, house number, box, postcode and municipality out of one value.

What does not parse whole is not taken in part: the value is then doubtful.
"""

import re
from dataclasses import dataclass

from intake.form.clean import fold
from intake.form.labels import party_in
from intake.form.remembered import remembered
from intake.form.words import EMPTY_VALUES

__all__ = ["Address", "municipality_of", "number_box_of", "parse_address", "postcode_of", "titled"]

_LETTER = r"[^\W\d_]"
_PLACE = re.compile(rf"{_LETTER}(?:{_LETTER}|[ '’.()/-]){{1,40}}")
_POSTCITY = re.compile(
    rf"(?:(?<![^\W_])(?P<land>B|BE|F|FR|België|Belgie|France|Frankrijk)\s*[-–]?\s*)?(?P<code>\d{{4,5}}|\d\d[ .]\d{{3}})\s*[-–,]?\s*(?P<city>{_LETTER}(?:{_LETTER}|[ '’.()/-]){{1,40}})",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    rf"(?P<nr>\d{{1,4}}(?:\s?[-–]\s?\d{{1,4}})?)\s?(?P<letter>bis|ter|{_LETTER}(?!{_LETTER}))?"
    rf"(?:\s*[,;]?\s*(?:(?:bus|bte|box|boîte|boite|apt\.?|b\.|b(?=\s(?:0\d{{1,3}}|\d{{1,3}})$))\s*(?:nr\.?\s*)?|/\s*)(?P<box>[0-9A-Za-z][0-9A-Za-z./]{{0,7}}))?",
    re.IGNORECASE,
)
_STREET_FIRST = re.compile(
    rf"(?P<street>(?:\d{{1,2}}[ -]|['’])?{_LETTER}(?:{_LETTER}|[ '’.()-]|\d(?=\w*{_LETTER})){{1,60}}?)\s*,?\s+(?:nr\.?|n°|nummer)?\s*{_NUMBER.pattern}",
    re.IGNORECASE,
)
_NUMBER_FIRST = re.compile(
    rf"(?P<nr>\d{{1,4}})\s?(?P<letter>bis|ter|[A-D](?=[ ,]))?\s*,?\s+(?P<street>(?:rue|avenue|av\.|chemin|place|boulevard|bd|route|allée|impasse|cité|résidence|quai|square)\s{_LETTER}(?:{_LETTER}|[ '’.-]){{1,60}})",
    re.IGNORECASE,
)
_APARTMENT = re.compile(r"(\d.*?)[\s,]+(?:apt|appt|app|bte|bus|boîte)\.?\s+(\w{1,6})", re.IGNORECASE)
_BOX_WORD = re.compile(r"\s(?:apt|appt|app|bte|bus|box)\b\.?", re.IGNORECASE)
_STREET_ONLY = re.compile(rf"{_LETTER}(?:{_LETTER}|[ '’.-]){{2,60}}")
_COUNTRY = re.compile(r"[\s,(-]+(?:belgi[eë]|belgium|belgique|frankrijk|france)\)?\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an address; None where the value did not have them."""

    street: str | None = None
    house_number: str | None = None
    box: str | None = None
    postcode: str | None = None
    municipality: str | None = None


def postcode_of(text: str) -> str | None:
    """A Belgian (1000–9992) or French (5 digits) postcode, otherwise None."""
    match = re.fullmatch(
        r"\s*(?:(?P<land>B|BE|F|FR)\s*[-–]?\s*)?(?P<code>\d{4,5}|\d\d[ .]\d{3})\s*", text, re.IGNORECASE
    )
    if not match:
        return None
    code = re.sub(r"\D", "", match["code"])
    land = (match["land"] or "").upper()[:1]
    if len(code) == 4 and land != "F" and 1000 <= int(code) <= 9992:
        return code
    if len(code) == 5 and land != "B" and 1000 <= int(code) <= 98999:
        return code
    return None


def municipality_of(text: str) -> str | None:
    """The name of a municipality as given, in title case when it was shouted; None when it is no name."""
    text = _COUNTRY.sub("", text).strip(" ,.-")
    return titled(text) if _PLACE.fullmatch(text) and not party_in(text) else None


def titled(text: str) -> str:
    """Words in capitals written as names; anything else as it was."""
    if not text.isupper() and not text.islower():
        return text
    small = {
        "de",
        "den",
        "der",
        "van",
        "op",
        "aan",
        "ter",
        "ten",
        "het",
        "la",
        "le",
        "les",
        "du",
        "des",
        "en",
        "bij",
        "sur",
    }
    words = re.split(r"([ \-])", text.lower())
    return "".join(w if w in small and i else w[:1].upper() + w[1:] for i, w in enumerate(words))


def number_box_of(text: str) -> tuple[str, str | None] | None:
    """House number and box of "12", "12A", "12 bus 3" or "12/3"; None when it is something else."""
    match = _NUMBER.fullmatch(re.sub(r"^(?:nr\.?|n°)\s*", "", text.strip(), flags=re.IGNORECASE))
    return _number(match) if match else None


def _number(match: "re.Match[str]") -> tuple[str, str | None]:
    groups = match.groupdict()
    number = re.sub(r"\s", "", match["nr"])
    letter = match["letter"]
    if letter:
        number += letter.lower() if len(letter) > 1 else letter.upper()
    return number, groups.get("box")


@remembered
def parse_address(text: str) -> Address | None:
    """The address a value is, or None when it is no address or only in part one."""
    text = _COUNTRY.sub("", re.sub(r"\s*\n\s*", ", ", text)).strip(" ,.;-")
    text = " ".join(text.replace(" - ", ", ").split())
    if not text or len(text) > 160 or fold(text) in EMPTY_VALUES:
        return None
    whole = _street_of(text)
    if whole is not None and whole.house_number:
        return whole
    for match in _POSTCITY.finditer(text):
        code = postcode_of(
            f"{match['land'] if match['land'] and len(match['land']) < 3 else ''} {match['code']}"
        )
        before, after = text[: match.start()].strip(" ,;-("), text[match.end() :].strip(" ,;-)")
        if before[-1:].isdigit() and re.match(r"[A-Za-z]\s", match.group()):
            return None  # "12 B 8940 Wervik": house number 12B, or the land
        before = re.sub(r"[\s,]+te$", "", before)
        if code is None:
            continue
        city = match["city"].strip(" ,.-")
        if not before and not after:
            name = municipality_of(city)
            return Address(postcode=code, municipality=name) if name else None
        if before and not after and (street := _street_of(before)):
            name = municipality_of(city)
            return Address(street.street, street.house_number, street.box, code, name) if name else None
        if after and not before and text[match.end() - 1 : match.end() + 1] and (street := _street_of(after)):
            name = municipality_of(city)
            return Address(street.street, street.house_number, street.box, code, name) if name else None
    pieces = [piece.strip() for piece in text.split(",")]
    if (
        len(pieces) == 2
        and (street := _street_of(pieces[0]))
        and street.house_number
        and (name := municipality_of(pieces[1]))
    ):
        return Address(street.street, street.house_number, street.box, None, name)
    return whole


def _street_of(text: str) -> Address | None:
    french = _APARTMENT.fullmatch(text)
    if french and (match := _NUMBER_FIRST.fullmatch(french[1])):
        return Address(titled(match["street"].strip(" ,")), _number(match)[0], french[2])
    match = _STREET_FIRST.fullmatch(text) or _NUMBER_FIRST.fullmatch(text)
    if match and not _about_another(match["street"]):
        number, box = _number(match)
        street = match["street"]
        if _BOX_WORD.search(street):
            return None
        if not box and postcode_of(number):
            return None  # "Wervik 8940": a postcode behind a place, not a house number
        return Address(titled(street.strip(" ,")), number, box)
    if _STREET_ONLY.fullmatch(text) and len(text.split()) <= 5 and not _about_another(text):
        return Address(street=titled(text))
    return None


def _about_another(text: str) -> bool:
    """A remark instead of a street: "bij haar moeder", "zie partner", "geheim adres"."""
    words = fold(text).split()
    return any(
        w
        in (
            "bij",
            "zie",
            "idem",
            "geheim",
            "dakloos",
            "tijdelijk",
            "verblijft",
            "woont",
            "zelfde",
            "onbekend",
            "momenteel",
            "geen",
            "vast",
            "nog",
        )
        for w in words
    )
