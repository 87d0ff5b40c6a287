"""Recognises labels and headings: what a phrase asks for, and whose data it is about.

Strict on purpose: a phrase with a word that is not known is no label ("Tel. werk", "Naam school"), so its value is
never taken. A spelling mistake of one letter (two in long words) is forgiven when only one label is that near.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from intake.form.clean import bag, fold
from intake.form.remembered import remembered
from intake.form.words import (
    CLIENT_WORDS,
    CONSENT_WORDS,
    FIELDS,
    FILLERS,
    GREETINGS,
    HEADING_WORDS,
    OTHER_WORDS,
    SENDER_PHRASES,
    SENDER_WORDS,
    TITLE_WORDS,
    Field,
    Party,
)

__all__ = ["Label", "classify", "is_greeting", "is_office", "is_title", "party_in", "sender_cue"]

_NUMBERING = re.compile(r"^\s*(?:\(?\d{1,2}\s*[.)\]:]|[a-hA-H]\s*[.)]|[•●▪■◦·*>\-–—]+)\s*")
_COMPOUND = re.compile(
    r"\b(client|partner|verwijzer|aanmelder|doorverwijzer|verwijzing)s?(en)?(gegevens|naam|fiche)\b"
)
_OFFICE = re.compile(rf"\b(?:{'|'.join(SENDER_PHRASES)})\b")
_SENDING = re.compile(r"\b(kind en gezin|k en g|opgroeien|lokaal team|lokale teams|huis van het kind)\b")
_ORDINAL = {"1": 1, "2": 2, "3": 3, "4": 4, "eerste": 1, "tweede": 2, "derde": 3, "een": 1, "twee": 2}
_ADDRESS_WORDS = bag(
    "adres straat straatnaam nr nummer huisnummer huisnr bus busnr busnummer postcode gemeente woonplaats stad plaats pc postnr volledig"
)
_NEVER_FUZZY = frozenset(
    {
        "staat",
        "adres",
        "maan",
        "kind",
        "haar",
        "bus",
        "tel",
        "man",
        "mail",
        "stand",
        "strand",
        "plaat",
        "raam",
    }
)


@dataclass(frozen=True, slots=True)
class Label:
    """What a phrase asks for; `party` is None when the phrase itself names no person."""

    field: Field
    party: Party | None = None
    number: int | None = None


@lru_cache(maxsize=4096)
def classify(phrase: str) -> Label | None:
    """The label a phrase is, or None. `phrase` is text as printed, without its colon."""
    if not phrase or len(phrase) > 120:
        return None
    phrase = _NUMBERING.sub("", phrase)
    folded = _COMPOUND.sub(r"\1 \3", fold(phrase))
    if not folded or folded.replace(" ", "").isdecimal():
        return None
    words = folded.split()
    if len(words) > 12:
        return None
    if len(words) <= 5:
        words = [_mended(word) for word in words]
        folded = " ".join(words)
    if any(word in CONSENT_WORDS for word in words):
        return Label(Field.CONSENT, _party(words, folded)[0])
    if folded in FIELDS:
        return Label(FIELDS[folded])
    if len(words) > 9:
        return None
    party, number = _party(words, folded)
    if party is not None:
        words = _OFFICE.sub(" ", folded).split()
        words = [w for w in words if w not in CLIENT_WORDS and w not in SENDER_WORDS and w not in OTHER_WORDS]
        if number is not None or party is Party.OTHER:  # "Ouder 2", "Kind 1"
            words = [w for w in words if w not in _ORDINAL]
    field = _field(words)
    if field is Field.NOTES and party is not None and all(w in HEADING_WORDS or w in FILLERS for w in words):
        return Label(Field.HEADING, party, number)
    if field is not None:
        return Label(field, party, number)
    rest = [word for word in words if word not in FILLERS]
    if all(word in HEADING_WORDS for word in rest):
        if party is None:
            return Label(Field.HEADING) if rest else None
        return Label(Field.HEADING if rest else Field.PERSON, party, number)
    return None


_PERSONS = tuple(sorted(word for word in CLIENT_WORDS | SENDER_WORDS | OTHER_WORDS if len(word) >= 6))
_USUAL = {word for phrase in FIELDS for word in phrase.split()} | FILLERS | HEADING_WORDS | TITLE_WORDS


@lru_cache(maxsize=2048)
def _mended(word: str) -> str:
    """A word for a person with its spelling mistake of one letter put right ("verwijzr"); any other word as it is."""
    if len(word) < 6 or word in _USUAL or word in _PERSONS:
        return word
    near = [
        known for known in _PERSONS if abs(len(known) - len(word)) <= 1 and _distance(word, known, 1) <= 1
    ]
    sides = {(n in CLIENT_WORDS, n in SENDER_WORDS) for n in near}
    return near[0] if len(sides) == 1 else word


def _party(words: list[str], folded: str) -> tuple[Party | None, int | None]:
    client = [i for i, word in enumerate(words) if word in CLIENT_WORDS]
    plain = _OFFICE.sub(" ", folded)
    sender = plain != folded or any(word in SENDER_WORDS for word in words)
    # "Kind en Gezin" is an office, not a child.
    other = any(word in OTHER_WORDS for word in plain.split())
    number = None
    for i in client:
        for near in (i + 1, i - 1):
            if 0 <= near < len(words) and words[near] in _ORDINAL:
                number = _ORDINAL[words[near]]
    # "Partner van de cliënt", "moeder van cliënt" and "verwijzer van cliënt" are not the client.
    if other:
        return Party.OTHER, number
    if sender:
        return Party.SENDER, None
    return (Party.CLIENT, number) if client else (None, None)


def _field(words: list[str]) -> Field | None:
    for candidate in (
        words,
        [w for w in words if w not in FILLERS],
        [w for w in words if w not in FILLERS and w not in HEADING_WORDS],
    ):
        phrase = " ".join(candidate)
        if not phrase:
            continue
        if phrase in FIELDS:
            return FIELDS[phrase]
    kept = [w for w in words if w not in FILLERS]
    if len(kept) > 2 and all(w in _ADDRESS_WORDS for w in kept):
        # "Adres (straat, nr, bus, postcode, gemeente)": the parts one is asked to write.
        return Field.ADDRESS if set(kept) & {"adres", "straat", "straatnaam"} else None
    return _nearest(" ".join(kept))


def _letters(text: str) -> int:
    """The letters a text has, one bit each."""
    bits = 0
    for char in text:
        bits |= 1 << (ord(char) & 63)
    return bits


_KNOWN = tuple(
    (known, field, _letters(known), 1 if len(known) < 8 else 2)
    for known, field in FIELDS.items()
    if len(known) >= 5 and known not in _NEVER_FUZZY
)


@lru_cache(maxsize=2048)
def _nearest(phrase: str) -> Field | None:
    if len(phrase) < 5 or phrase in _NEVER_FUZZY or any(ch.isdigit() for ch in phrase):
        return None
    found: dict[int, set[Field]] = {}
    mine = _letters(phrase)
    for known, field, letters, allowed in _KNOWN:
        # Each change brings in or takes out one letter at most: most labels are ruled out without comparing.
        if (
            abs(len(known) - len(phrase)) <= allowed
            and (mine & ~letters).bit_count() <= allowed
            and (letters & ~mine).bit_count() <= allowed
        ):
            distance = _distance(phrase, known, allowed)
            if distance <= allowed:
                found.setdefault(distance, set()).add(field)
    nearest = found[min(found)] if found else set()
    return nearest.pop() if len(nearest) == 1 else None


def _distance(one: str, other: str, limit: int) -> int:
    """Letters to add, drop, change or swap to get from one word to the other; above `limit` it may stop early."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        now = [i]
        for j, b in enumerate(other, 1):
            cost = min(row[j] + 1, now[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            now.append(cost)
        if min(now) > limit:
            return limit + 1
        before, row = row, now
    return row[-1]


@remembered
def party_in(text: str) -> Party | None:
    """The person a remark is about ("nummer van de partner"), or None."""
    folded = fold(text)
    return _party(folded.split(), folded)[0]


@remembered
def sender_cue(text: str) -> bool:
    """Whether a line speaks of the sending office: its name, its letterhead or its mail domain."""
    folded = fold(text)
    return bool(_SENDING.search(folded)) or "kindengezin" in folded.replace(" ", "")


def is_office(phrase: str) -> bool:
    """Whether a heading is nothing but the name of the sending office, as in a letterhead."""
    return not any(
        word in SENDER_WORDS and word not in ("opgroeien", "agentschap", "team")
        for word in _OFFICE.sub(" ", fold(phrase)).split()
    )


def is_greeting(text: str) -> bool:
    """Whether a signature begins here."""
    folded = fold(text)
    return folded.startswith(GREETINGS) and len(folded) < 80


def is_title(text: str) -> bool:
    """Whether a line is the title of a form."""
    words = fold(text).split()
    return 0 < len(words) <= 12 and any(word in TITLE_WORDS for word in words)
