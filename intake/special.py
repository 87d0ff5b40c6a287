"""Signs of data that may not be received: GDPR articles 9 and 10, by Dutch words, and the national number (P3, A3). Pure.

The lists err on the side of a person looking: a form with such a word outside the client's own fields goes to
quarantine for the team lead and the DPO. `_STEMS` are looked for inside words, because Dutch writes compounds as one
word (*borstkanker*, *drugsverslaving*); `_WORDS` only as whole words, because they are short or stand inside innocent
ones (*roma* in *Romain*). Case and accents do not count. Words of a fiche's own letterhead (gezin, opvoeding,
ondersteuning) are in neither.
"""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum


class Category(StrEnum):
    """Which kind of data a sign points to."""

    HEALTH = "health"
    ORIGIN = "origin"
    BELIEF = "belief"
    SEXUALITY = "sexuality"
    POLITICS = "politics"
    OFFENCES = "offences"
    NATIONAL_NUMBER = "national-number"


_STEMS: dict[Category, str] = {
    Category.HEALTH: """
        alcoholis alcoholprobl alcoholversl angststoornis antidepress autis bipolair borderline burnout chemotherap
        dementi depressi diabet drugsversl drugsgebruik drugsprobl dyslexi epilep gehandicapt handicap kanker medicatie
        mindervalid miskra persoonlijkheidsstoornis postnata psychiat psycholog psychisch psychos psychoti rolstoel
        schizofre slechthorend slechtziend suicid therap trauma verslaafd verslaving zelfmoord zwanger
    """,
    Category.ORIGIN: "allochto asielzoek etnisch huidskleur nationaliteit vluchteling vreemdeling illegaal zigeuner",
    Category.BELIEF: "boeddhis geloofsovertuiging hindoe hoofddoek islam katholie moslim protestant ramadan religi synagoge",
    Category.SEXUALITY: "biseksue homoseksu homofiel lesbisch seksueel seksuele transgender",
    Category.POLITICS: "vakbond partijlid",
    Category.OFFENCES: """
        aangehouden aanhouding aanranding celstraf crimine diefstal enkelband gedetineerd gevangenis inbraak jeugdrechter
        jeugdrechtbank mishandel misdrijf partnergeweld procesverbaal probatie strafblad stalking veroordeeld veroordeling
        verkracht voorhechtenis
    """,
}
_WORDS: dict[Category, str] = {
    Category.HEALTH: """
        adhd alcohol astma beperking chemo chronisch diagnose diagnoses drugs hiv invalide invaliditeit reuma tumor
        ziek zieke ziekte ziektes
    """,
    Category.ORIGIN: "afkomst roma-gezin romagezin",
    Category.BELIEF: "christelijk gelovig jood joodse moskee orthodox",
    Category.SEXUALITY: "gay homo",
    Category.OFFENCES: "agressie geweld verdachte voorwaardelijk",
}


def _folded(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


_STEM_OF = {stem: category for category, stems in _STEMS.items() for stem in stems.split()}
_CATEGORY_OF = {word: category for category, words in _WORDS.items() for word in words.split()}
_STEM = re.compile("|".join(sorted(map(re.escape, _STEM_OF), key=len, reverse=True)))
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
_NATIONAL = re.compile(r"(?<!\d)(\d{2})[. ]?(\d{2})[. ]?(\d{2})[- ]?(\d{3})[. ]?(\d{2})(?!\d)")


def is_national_number(text: str) -> bool:
    """Whether a Belgian national register number, or a bis number, stands in the text: its check digits are right."""
    from stdnum.be import ssn

    return any(ssn.is_valid("".join(found.groups())) for found in _NATIONAL.finditer(text))


def signs(texts: Iterable[str]) -> frozenset[Category]:
    """The categories of which these texts bear a sign; empty when none."""
    found: set[Category] = set()
    for text in texts:
        if is_national_number(text):
            found.add(Category.NATIONAL_NUMBER)
        for word in _WORD.findall(_folded(text)):
            for part in (word, *word.split("-")) if "-" in word else (word,):
                if part in _CATEGORY_OF:
                    found.add(_CATEGORY_OF[part])
            if stem := _STEM.search(word.replace("-", "")):
                found.add(_STEM_OF[stem[0]])
    return frozenset(found)
