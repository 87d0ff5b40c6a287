"""Signs of data that may not be received: GDPR articles 9 and 10, by Dutch words (P3, A3). Pure.

The list errs on the side of a person looking: a form with one of these words outside the client's own fields goes to
quarantine for the team lead and the DPO. Whole words count, without regard to case and accents, so that *Kerkstraat*
or *Ziekenhuislaan* is no sign. Words that a fiche's own letterhead uses (gezin, opvoeding, ondersteuning) are not here.
"""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum


class Category(StrEnum):
    """Which kind of data a word points to."""

    HEALTH = "health"
    ORIGIN = "origin"
    BELIEF = "belief"
    SEXUALITY = "sexuality"
    POLITICS = "politics"
    OFFENCES = "offences"


_WORDS: dict[Category, str] = {
    Category.HEALTH: """
        adhd alcohol alcoholisme alcoholprobleem alcoholverslaving angststoornis antidepressiva astma autisme autistisch
        beperking bipolair borderline burn-out chemo chemotherapie chronisch dementie depressie depressief depressies
        diabetes diagnose diagnoses drugs drugsgebruik drugverslaving dyslexie epilepsie gehandicapt handicap hartpatient
        hersentumor hiv invalide invaliditeit kanker medicatie miskraam mindervalide opname postnataal psychiater
        psychiatrie psychiatrisch psychiatrische psycholoog psychose psychotisch reuma rolstoel schizofrenie slechthorend
        slechtziend suicidaal suicide therapeut therapie tumor verslaafd verslaving ziek zieke ziekte ziektes zwanger
        zwangerschap zwangere
    """,
    Category.ORIGIN: """
        afkomst allochtoon asielzoeker asielzoekers etnisch etnische huidskleur nationaliteit roma vluchteling
        vluchtelingen vreemdeling zigeuner zigeuners
    """,
    Category.BELIEF: """
        boeddhist christelijk gelovig geloofsovertuiging getuige-van-jehova hindoe hoofddoek islam islamitisch
        islamitische jood joods joodse katholiek katholieke moskee moslim moslima moslims orthodox protestant ramadan
        religie religieus religieuze synagoge
    """,
    Category.SEXUALITY: """
        biseksueel gay homo homofiel homoseksueel lesbisch lesbische seksueel seksuele transgender transvrouw transman
    """,
    Category.POLITICS: """
        vakbond vakbondslid vakbondsafgevaardigde partijlid
    """,
    Category.OFFENCES: """
        aangehouden aanhouding aanranding agressie celstraf crimineel criminele diefstal enkelband gedetineerd
        gevangenis gevangenisstraf geweld inbraak jeugdrechtbank mishandeling misdrijf mishandeld parket partnergeweld
        proces-verbaal probatie strafblad stalking veroordeeld veroordeling verkrachting verdachte voorwaardelijk
    """,
}
_CATEGORY_OF = {word: category for category, words in _WORDS.items() for word in words.split()}
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")


def _folded(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def signs(texts: Iterable[str]) -> frozenset[Category]:
    """The categories of which these texts bear a sign; empty when none."""
    return frozenset(
        category
        for text in texts
        for word in _WORD.findall(_folded(text))
        if (category := _CATEGORY_OF.get(word)) is not None
    )
