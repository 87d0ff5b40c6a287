"""From labelled values to clients: checks every value, and refuses the form where anything is in doubt.

Rules of doubt. Two different values for one field of one client: unclear. A telephone number or e-mail address that
fails its check goes to the leftovers when another valid way of contact exists (telephone, e-mail, or street with
postcode or municipality), otherwise the form is unclear. Of several valid numbers the first on the form is taken and
the others go to the leftovers. Both parts of the name are needed (P3). A value that may be the client's or someone
else's is never used; when the client lacks it, the form is unclear.
"""

import re
from dataclasses import dataclass, field, replace

from intake.causes import Cause
from intake.client import Client, Consent
from intake.form.address import Address, municipality_of, number_box_of, parse_address, postcode_of, titled
from intake.form.clean import fold, same_text
from intake.form.consent import answer_of, consent_of
from intake.form.contact import emails_in, phones_in
from intake.form.continued import with_doubt
from intake.form.entries import Entry
from intake.form.fields import walk
from intake.form.model import MAX_CLIENTS, MAX_LEFTOVER, MAX_LEFTOVERS, MAX_SHOWN, FormError, Reading, Row
from intake.form.names import Name, Order, clean_name, has_given, is_particle, name_case, split_name
from intake.form.parents import of_all, parents_as_clients, said_of_clients
from intake.form.segments import NAMES
from intake.form.verdicts import Verdict, decide
from intake.form.words import Field, Party
from intake.plaintext import clean_line

__all__ = ["readings_of"]

_ADDRESS = frozenset(
    {
        Field.ADDRESS,
        Field.STREET,
        Field.PLACE,
        Field.NUMBER,
        Field.BOX,
        Field.NUMBER_BOX,
        Field.POSTCODE,
        Field.CITY,
        Field.POST_CITY,
    }
)
_PHONES = frozenset({Field.PHONE, Field.MOBILE})
_BOX = re.compile(r"[0-9A-Za-z]{1,4}[./-][0-9A-Za-z]{1,4}")
"""A box in two parts: "A/3", "2.1"."""
_TORN = re.compile(r"(?:^|\s)[A-ZÀ-ÖØ-Þ] [a-zß-öø-ÿ]{2,}(?!\w)")
_DATED = re.compile(
    r"[0-9]{1,2} (?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december)"
    r" ?(?:straat|laan|plein|dreef|lei|weg)",
    re.IGNORECASE,
)
"""A street named after a day: "1 Meistraat", "11 Novemberlaan"."""


_STREET = re.compile(
    r"(straat|laan|weg|plein|dreef|steenweg|lei|kaai|markt|pad|hof|park|plaats|wijk|baan|dijk|vest|straatje|rue|avenue|chemin|place|"
    r"boulevard|route|ring|berg|hoek|kouter|akker|veld|straete)\b"
)


class Doubt(Exception):
    """A value that cannot be read surely; carries the cause only."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(cause.value)
        self.cause = cause


@dataclass(slots=True)
class _Draft:
    rest: list[str] = field(default_factory=list)
    wrong: bool = False


def readings_of(kind: str, rows: list[Row]) -> list[Reading]:
    """The clients of a form. Raises Doubt or FormError."""
    found = walk(rows)
    own: frozenset[str] = frozenset()
    if not any(e.party is Party.CLIENT and e.sure and e.field in NAMES for e in found.entries):
        rows, own = parents_as_clients(rows)
        found = walk(rows) if own else found
    found.entries = with_doubt(found.entries, rows)
    groups = _groups(found.entries)
    statements = consent_of(
        [Row(()) if index in found.tabular else row for index, row in enumerate(said_of_clients(rows, own))]
    )
    readings: list[Reading] = []
    shared = [
        verdict
        for row, verdict in statements.verdicts
        if found.clients.get(row, 0) not in groups or len(groups) == 1 or of_all(rows[row])
    ]
    office = [e for e in found.entries if not e.sure]
    used_lines = {
        clean_line(" ".join(cell.replace("\n", " ") for cell in rows[i].cells if cell.strip()))
        for i in statements.used
    }
    for number, entries in groups.items():
        draft = _Draft()
        client = _client(entries, office, draft, found.called)
        verdicts = (
            list(shared)
            if len(groups) == 1
            else [
                *shared,
                *(verdict for row, verdict in statements.verdicts if found.clients.get(row, 0) == number),
            ]
        )
        for entry in entries:
            if entry.field is Field.CONSENT and (verdict := answer_of(entry.value, entry.phrase)) is not None:
                verdicts.append(verdict)
        consent = _decided(verdicts)
        others = [text for text in found.leftovers if text not in used_lines]
        readings.append(Reading(client, consent, _bounded([*draft.rest, *others]), kind))
    return readings


def _decided(verdicts: list[Verdict]) -> Consent:
    try:
        return decide(verdicts)
    except FormError as error:
        raise Doubt(error.cause) from None


def _groups(entries: list[Entry]) -> dict[int, list[Entry]]:
    """Sure entries by client. Raises Doubt when fields stand outside the clients the form numbers."""
    groups: dict[int, list[Entry]] = {}
    for entry in entries:
        if entry.party is Party.CLIENT and entry.sure:
            groups.setdefault(entry.client, []).append(entry)
    for number, own in list(groups.items()):
        if not any(entry.field in NAMES for entry in own):
            if all(entry.field is Field.CONSENT for entry in own):
                del groups[number]
            elif len(groups) > 1:
                raise Doubt(Cause.UNCLEAR_FORM)
    if not groups or not any(entry.field in NAMES for own in groups.values() for entry in own):
        raise Doubt(Cause.MISSING_NAME)
    if len(groups) > MAX_CLIENTS or (0 in groups and 1 in groups):
        raise Doubt(Cause.UNCLEAR_FORM)
    return groups


def _client(entries: list[Entry], soft: list[Entry], draft: _Draft, called: list[str]) -> Client:
    name = _name(entries, draft, called)
    phone = _first_of(
        [e for e in entries if e.field in _PHONES or e.field is Field.CONTACT], draft, mail=False
    )
    email = _first_of(
        [e for e in entries if e.field is Field.EMAIL or e.field is Field.CONTACT], draft, mail=True
    )
    address = _address([e for e in entries if e.field in _ADDRESS or e.field is Field.CONTACT], draft)
    doubtful = {e.field for e in soft}
    if (not phone and doubtful & (_PHONES | {Field.CONTACT})) or (not email and Field.EMAIL in doubtful):
        raise Doubt(Cause.UNCLEAR_FORM)
    postal = bool(address.street and (address.postcode or address.municipality))
    if not address.street and not address.postcode and doubtful & (_ADDRESS - {Field.NUMBER, Field.BOX}):
        raise Doubt(Cause.UNCLEAR_FORM)
    if not (phone or email or postal):
        raise Doubt(Cause.UNCLEAR_FORM if draft.wrong else Cause.MISSING_CONTACT)
    return Client(
        first_name=name.first,
        last_name=name.last,
        street=address.street,
        house_number=address.house_number,
        box=address.box,
        postcode=address.postcode,
        municipality=address.municipality,
        phone=phone,
        email=email,
    )


def _one(entries: list[Entry], *fields: Field) -> str | None:
    """The one value given for a field; two that differ are a doubt."""
    values = [e.value.replace("\n", " ") for e in entries if e.field in fields]
    if not values:
        return None
    if any(not same_text(values[0], other) for other in values[1:]):
        raise Doubt(Cause.UNCLEAR_FORM)
    return values[0]


def _name(entries: list[Entry], draft: _Draft, called: list[str]) -> Name:
    first, last = _tidy(_one(entries, Field.FIRST), draft), _tidy(_one(entries, Field.LAST), draft)
    name = _tidy(_one(entries, Field.NAME), draft)
    both: list[Name] = []
    for kind, order in ((Field.LAST_FIRST, Order.LAST_FIRST), (Field.FIRST_LAST, Order.FIRST_LAST)):
        value = _tidy(_one(entries, kind), draft)
        if value:
            both.append(_split(value, order))
    if name:
        if first and last:
            whole = split_name(name)
            parts = {fold(first), fold(last)}
            if fold(name) not in (fold(f"{first} {last}"), fold(f"{last} {first}"), fold(last)) and (
                whole is None or {fold(whole.first or ""), fold(whole.last or "")} != parts
            ):
                raise Doubt(Cause.UNCLEAR_FORM)
        elif first:
            last = _without(name, first)
        elif last:
            first = _without(name, last)
        else:
            both.append(_split(name, Order.UNKNOWN))
            if called and not any(same_text(both[-1].first or "", other) for other in called):
                raise Doubt(Cause.UNCLEAR_FORM)  # "Naam: Ben Saïd" beside "Roepnaam: Aïcha"
    if both:
        if any(
            not same_text(f"{both[0].first} {both[0].last}", f"{other.first} {other.last}")
            for other in both[1:]
        ):
            raise Doubt(Cause.UNCLEAR_FORM)
        if (first and not same_text(first, both[0].first or "")) or (
            last and not same_text(last, both[0].last or "")
        ):
            raise Doubt(Cause.UNCLEAR_FORM)
        return both[0]
    if not (first and last):
        raise Doubt(Cause.MISSING_NAME)
    return Name(name_case(first.replace(",", " ").strip()), name_case(last.replace(",", " ").strip()))


def _tidy(value: str | None, draft: _Draft) -> str | None:
    if value is None:
        return None
    _check_whole(value)
    cleaned = clean_name(value)
    if cleaned is None:
        raise Doubt(Cause.UNCLEAR_FORM)
    draft.rest.extend(cleaned[1])
    return cleaned[0]


def _check_whole(value: str) -> None:
    """Refuse a value that the file tore apart ("F atima", "N ieuwstraat"): a printer that sets letters one by one.

    What is torn at its capital is seen; what is torn elsewhere looks like two names, so nothing of the form is believed.
    """
    if _TORN.search(value):
        raise Doubt(Cause.UNCLEAR_FORM)


def _split(value: str, order: Order) -> Name:
    if len(value.replace(",", " ").split()) < 2:
        raise Doubt(Cause.MISSING_NAME)
    name = split_name(value, order)
    if name is None:
        raise Doubt(Cause.UNCLEAR_FORM)
    return name


def _without(whole: str, part: str) -> str:
    """The rest of a name when a part of it was also given by itself: "Janssens An" beside "Voornaam: An"."""
    words, known = whole.replace(",", " ").split(), part.split()
    size = len(known)
    contained = fold(part).split()[0] in fold(whole).split()
    if not contained and len(words) > 1 and not is_particle(words[0]) and has_given(whole):
        raise Doubt(Cause.UNCLEAR_FORM)  # a whole other name
    if len(words) > size:
        if fold(" ".join(words[-size:])) == fold(part):
            return " ".join(words[:-size])
        if fold(" ".join(words[:size])) == fold(part):
            return " ".join(words[size:])
    return " ".join(words)


def _first_of(entries: list[Entry], draft: _Draft, *, mail: bool) -> str | None:
    """The first valid number or address; the others are left over. One label given twice may not differ."""
    good: list[str] = []
    by_label: dict[str, list[str]] = {}
    for entry in entries:
        found = emails_in(entry.value) if mail else phones_in(entry.value)
        if entry.field is Field.CONTACT:
            good.extend(found.good)
            continue
        draft.rest.extend(found.rest)
        draft.wrong = draft.wrong or found.wrong or not found.good
        good.extend(found.good)
        if found.good:
            earlier = by_label.setdefault(fold(entry.phrase), list(found.good))
            if not set(earlier) & set(found.good):
                raise Doubt(Cause.UNCLEAR_FORM)
    unique = list(dict.fromkeys(good))
    draft.rest.extend(unique[1:])
    return unique[0] if unique else None


def _merge(one: Address, other: Address) -> Address:
    merged = one
    for name in ("street", "house_number", "box", "postcode", "municipality"):
        mine, theirs = getattr(merged, name), getattr(other, name)
        if mine and theirs and not same_text(mine, theirs):
            raise Doubt(Cause.UNCLEAR_FORM)
        if theirs and not mine:
            merged = replace(merged, **{name: theirs})
    return merged


def _address(entries: list[Entry], draft: _Draft) -> Address:
    whole = Address()
    numbered = any(e.field in (Field.NUMBER, Field.NUMBER_BOX) for e in entries)
    for entry in entries:
        if entry.field is Field.CONTACT:
            for line in entry.value.split("\n"):
                parsed = parse_address(line)
                if parsed is not None and parsed.house_number and parsed.postcode:
                    whole = _merge(whole, parsed)
            continue
        part = _address_part(entry, numbered=numbered)
        if part is None:
            draft.rest.append(f"{entry.phrase}: {entry.value}")
            draft.wrong = True
        else:
            whole = _merge(whole, part)
    if whole.house_number and not whole.street:
        draft.rest.append(" ".join(part for part in (whole.house_number, whole.box) if part))
        whole = replace(whole, house_number=None, box=None)
    if whole.box and not whole.house_number:
        draft.rest.append(whole.box)
        whole = replace(whole, box=None)
    return whole


def _address_part(entry: Entry, *, numbered: bool) -> Address | None:
    value = entry.value
    _check_whole(value)
    if entry.field is Field.NUMBER or entry.field is Field.NUMBER_BOX:
        number = number_box_of(value)
        return Address(house_number=number[0], box=number[1]) if number else None
    if entry.field is Field.BOX:
        box = fold(value).removeprefix("bus ").strip()
        whole = len(box.split()) == 1 or bool(_BOX.fullmatch(value.strip()))
        return Address(box=value.split()[-1]) if box and whole and len(box) <= 6 else None
    if entry.field is Field.POSTCODE:
        code = postcode_of(value)
        return Address(postcode=code) if code else _only_place(parse_address(value))
    parsed = parse_address(value)
    if entry.field in (Field.CITY, Field.POST_CITY):
        place = municipality_of(value)
        if place:
            return Address(municipality=place)
        return _reversed(value) or _only_place(parsed)
    if parsed is None:
        dated = entry.field is Field.STREET and numbered and _DATED.fullmatch(value.strip())
        return Address(street=titled(value.strip())) if dated else None
    if parsed.street and not parsed.house_number and not parsed.postcode:
        if entry.field is Field.PLACE:
            return Address(municipality=titled(parsed.street))
        if not numbered and not _STREET.search(fold(parsed.street)):
            return None
    return parsed


def _reversed(value: str) -> Address | None:
    """ "Wervik 8940" or "Wervik (8940)"."""
    match = re.fullmatch(r"(\D{2,40}?)[\s,(-]+((?:[BF]-?\s?)?\d{4,5})\)?", value.strip())
    if match and (code := postcode_of(match.group(2))) and (name := municipality_of(match.group(1))):
        return Address(postcode=code, municipality=name)
    return None


def _only_place(parsed: Address | None) -> Address | None:
    return parsed if parsed is not None and not parsed.street else None


def _bounded(texts: list[str]) -> tuple[str, ...]:
    kept: list[str] = []
    size = 0
    for text in dict.fromkeys(clean_line(text) for text in texts):
        text = text[:MAX_LEFTOVER]
        size += len(text)
        if len(kept) == MAX_LEFTOVERS or size > MAX_SHOWN:
            break
        if text:
            kept.append(text)
    return tuple(kept)
