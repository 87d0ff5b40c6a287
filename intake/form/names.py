"""Given name and family name out of one value, on good ground only; otherwise there is a doubt and no name.

Ground is: a comma, capitals on one part, a particle (van den, El, D'), the order the label asks for, or lists of names.
Two grounds that contradict each other are a doubt.
"""

import itertools
import re
from dataclasses import dataclass
from enum import Enum, auto

from intake.form.clean import bag, fold
from intake.form.lexicon import EITHER, FAMILY, GIVEN
from intake.form.remembered import remembered
from intake.form.words import OTHER_WORDS

__all__ = ["Name", "Order", "clean_name", "has_given", "is_adult", "is_particle", "name_case", "split_name"]

_LETTER = r"[^\W\d_]"
_NAME = re.compile(rf"['’]?{_LETTER}(?:{_LETTER}|[ '’.\-])*")
_TITLES = re.compile(
    r"^(?:mevrouw|mevr|mw|mej|juffrouw|de heer|dhr|heer|meneer|mr|mrs|ms|mme|madame|monsieur|mvr|dr|ir|fam|familie)\b\.?\s+",
    re.IGNORECASE,
)
_REMARK = re.compile(
    r"\s*(?:\(([^()]{0,80})\)|[°*]\s*\d.*$|,?\s*\b(?:geb\.?|geboren|echtg\.?|echtgenote|wed\.?|weduwe)\b.*$)",
    re.IGNORECASE,
)
_PARTICLES = bag(
    "van vande vanden vander ver de den der het 't ’t ten ter te la le les du des di da del della dos el al ait aït ben bin ibn abu bou ould op in von zu zur d' d’ l' l’ st"
)
_STARTERS = bag(
    "van de den der 't ’t ten ter la le du di da del della dos el al ait aït von vande vanden vander op bou ould d' d’"
)


_FAMILY_SHAPE = re.compile(
    r"van[bcdfghklmnprstvwz][a-z]{3,}|de[bcfgjklmpsw][a-z]{3,}|ver[bcdfghklmpstvw][a-z]{3,}|[a-z]{3,}(?:ens|aert|aerts|mans|ynck|ckx|aeghe|aeve|wicz|owski|oglu|enko|escu)"
)


class Order(Enum):
    """The order a label asks for."""

    UNKNOWN = auto()
    LAST_FIRST = auto()
    FIRST_LAST = auto()


@dataclass(frozen=True, slots=True)
class Name:
    """A name in its two parts; either may be missing."""

    first: str | None = None
    last: str | None = None


@remembered
def clean_name(text: str) -> tuple[str, tuple[str, ...]] | None:
    """A name without title and remarks, and the remarks; None when it is no name at all."""
    remarks = tuple(m.group().strip() for m in _REMARK.finditer(text) if m.group().strip())
    text = " ".join(_REMARK.sub(" ", text).split()).strip(" .,;:-/*")
    text = _TITLES.sub("", _TITLES.sub("", text))
    plain = text.replace(",", " ")
    words = plain.split()
    if not words or len(words) > 7 or len(plain) > 70 or not _NAME.fullmatch(" ".join(words)):
        return None
    if any(fold(word) in OTHER_WORDS or fold(word) in _NOT_NAMES for word in words) and len(words) > 1:
        return None
    return text, remarks


_NOT_NAMES = bag(
    "onbekend geen gekend bekend zie client nvt niet naam voornaam moeder adres telefoon gsm en of is met gezin heeft wil kind "
    "partner mail toestemming akkoord ja nee neen team kinderen gegevens und et ocmw fiche nog wenst vraagt"
)


def is_adult(text: str) -> bool:
    """Whether a name carries a title that only an adult has: "Mevr. An Janssens"."""
    cleaned = clean_name(text)
    return bool(_TITLES.match(text)) and cleaned is not None and split_name(cleaned[0]) is not None


def has_given(text: str) -> bool:
    """Whether a part of a name is a given name and nothing else."""
    return any(_kind(unit) == "F" for unit in _units(text.replace(",", " ").split()))


def is_particle(word: str) -> bool:
    """Whether a word only begins a family name: van, de, El, Ben."""
    return word.lower() in _PARTICLES


def name_case(text: str) -> str:
    """A name that was shouted or whispered in usual capitals; anything else as it was written."""
    letters = [c for c in text if c.isalpha()]
    if len(letters) < 2 or not (text.isupper() or text.islower()):
        return text
    words = text.lower().split(" ")
    done = []
    for i, word in enumerate(words):
        if i and word in _PARTICLES and word not in ("el", "al", "ben", "ait", "aït"):
            done.append(word)
        else:
            done.append(re.sub(rf"(^|[-'’])({_LETTER})", lambda m: m.group(1) + m.group(2).upper(), word))
    joined = " ".join(done)
    return re.sub(r"^'T\b", "'t", joined)


def split_name(text: str, order: Order = Order.UNKNOWN) -> Name | None:
    """The two parts of a cleaned name, or None when there is no good ground to part it."""
    if text.count(",") == 1:
        last, first = (part.strip() for part in text.split(","))
        if last and first and not _given(last, first):
            return Name(name_case(first), name_case(last))
        return None
    words = text.replace(",", " ").split()
    if len(words) < 2:
        return None
    cut = _by_capitals(words) or _by_lists(words, order)
    if cut is None:
        return None
    return Name(name_case(" ".join(cut[0])), name_case(" ".join(cut[1])))


def _given(last: str, first: str) -> bool:
    """A comma that parts the wrong way round: "An, Janssens"."""
    return _kind(last.split()) == "F" and _kind(first.split()) == "S"


_Cut = tuple[list[str], list[str]]


def _by_capitals(words: list[str]) -> _Cut | None:
    shouted = [w.isupper() and (len(re.sub(r"\W", "", w)) > 1 or w.lower() in _PARTICLES) for w in words]
    if all(shouted) or not any(shouted):
        return None
    start, stop = shouted.index(True), len(shouted) - shouted[::-1].index(True)
    if start == 0:
        front, back = words[:stop], words[stop:]
        return (back, front) if back and all(w[:1].isupper() for w in back) and _kind(front) != "F" else None
    # Small particles before the capitals belong to them: "Lies van den BROECK".
    while start > 1 and words[start - 1].lower() in _PARTICLES:
        start -= 1
    if stop == len(words) and _kind(words[start:]) != "F":
        return words[:start], words[start:]
    return None


def _units(words: list[str]) -> list[list[str]]:
    """Words with the particles before them taken together."""
    units: list[list[str]] = []
    held: list[str] = []
    for i, word in enumerate(words):
        small = word.lower().rstrip(".")
        more = i + 1 < len(words)
        if more and (
            small in _STARTERS or (held and small in _PARTICLES) or (small in ("ben", "bin", "abu") and units)
        ):
            held.append(word)
        else:
            units.append([*held, word])
            held = []
    return units


def _kind(words: list[str]) -> str:
    """F for given names, S for a family name, A for what can be either, ? for what the lists do not know."""
    folded = [fold(word) for word in words]
    if len(words) > 1 and words[0].lower() in _PARTICLES:
        return "S"
    parts = [part for word in folded for part in word.split()]
    if parts and all(part in EITHER for part in parts):
        return "A"
    if parts and all(part in GIVEN for part in parts):
        return "F"
    joined = "".join(parts)
    if joined in FAMILY or re.match(r"[dD]['’]", words[0]):
        return "S"
    if any(part in FAMILY for part in parts) or _FAMILY_SHAPE.fullmatch("".join(parts)):
        return "S"
    return "?"


def _by_lists(words: list[str], order: Order) -> _Cut | None:
    if len(words) == 2 and words[0].lower() == "ben" and order is Order.UNKNOWN and _kind(words[1:]) != "S":
        return None  # Ben as a given name, or "son of"
    units = _units(words)
    if order is Order.LAST_FIRST and len(units) > 2 and words[0].lower() == "ben":
        units = [[*units[0], *units[1]], *units[2:]]
    if len(units) < 2:
        return None
    kinds = [_kind(unit) for unit in units]
    unsure = [kind for kind in kinds if kind in "?A"]
    if len(kinds) > 2 and "S" not in kinds and (unsure != ["?"] or kinds[1:-1].count("?")):
        return None
    if len(kinds) > 2 and "S" in kinds and "?" in kinds:
        return None
    either = "F" if "S" in kinds else "S" if "F" in kinds else "?"
    kinds = [either if kind == "A" else kind for kind in kinds]
    flat = [_flat(part) for part in (units[:1], units[1:], units[:-1], units[-1:])]
    # Given names in front, family name behind, or the other way round; every unit must have its place.
    front = _run(kinds)
    back = _run(kinds[::-1])
    first_last = front is not None and 0 < front < len(units)
    last_first = back is not None and 0 < back < len(units)
    if first_last != last_first:
        size = front if first_last else len(units) - (back or 0)
        head, tail = _flat(units[:size]), _flat(units[size or 0 :])
        sure = "S" in kinds[size or 0 :] if first_last else "S" in kinds[:size]
        against = order is (Order.LAST_FIRST if first_last else Order.FIRST_LAST)
        if sure or not against:
            return (head, tail) if first_last else (tail, head)
        return None
    if len(units) == 2 and kinds == ["?", "?"] and order is not Order.UNKNOWN:
        return (flat[3], flat[2]) if order is Order.LAST_FIRST else (flat[0], flat[1])
    if len(units) == 2 and sorted(kinds) == ["?", "S"]:
        surname_last = kinds[1] == "S"
        if order is Order.UNKNOWN or (order is Order.FIRST_LAST) == surname_last:
            return (flat[0], flat[1]) if surname_last else (flat[1], flat[0])
    return None


def _flat(units: list[list[str]]) -> list[str]:
    return list(itertools.chain.from_iterable(units))


def _run(kinds: list[str]) -> int | None:
    """How many given names stand in front when the rest holds none; None when they are mixed."""
    size = 0
    while size < len(kinds) and kinds[size] == "F":
        size += 1
    return size if "F" not in kinds[size:] else None
