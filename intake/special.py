"""Signs of data that may not be received: GDPR articles 9 and 10, by Dutch words, and the national number (P3, A3). Pure.

The same signs warn whoever writes a note (`warning`). The lists err on the side of a person looking: a form with such a word outside the client's own fields goes to
quarantine for the team lead and the DPO. `_STEMS` are looked for inside words, because Dutch writes compounds as one
word (*borstkanker*, *drugsverslaving*); `_WORDS` only as whole words, because they are short or stand inside innocent
ones (*roma* in *Romain*). Case and accents do not count. Words of a fiche's own letterhead (gezin, opvoeding,
ondersteuning) are in neither.
"""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum

from intake.texts import N_, _


class Category(StrEnum):
    """Which kind of data a sign points to."""

    HEALTH = "health"
    GENETIC = "genetic"
    ORIGIN = "origin"
    BELIEF = "belief"
    SEXUALITY = "sexuality"
    POLITICS = "politics"
    OFFENCES = "offences"
    NATIONAL_NUMBER = "national-number"


CATEGORY_WORDS: dict[Category, str] = {
    Category.HEALTH: N_("data on health"),
    Category.GENETIC: N_("genetic or biometric data"),
    Category.ORIGIN: N_("data on origin"),
    Category.BELIEF: N_("data on belief"),
    Category.SEXUALITY: N_("data on sexuality"),
    Category.POLITICS: N_("data on politics or a trade union"),
    Category.OFFENCES: N_("data on offences"),
    Category.NATIONAL_NUMBER: N_("a national register number"),
}

_STEMS: dict[Category, str] = {
    Category.HEALTH: """
        abortus alcoholis alcoholprobl alcoholversl allergi alzheimer angststoornis anorexi antidepress arbeidsongeschikt autis
        automutil bipolair boulimi borderline burnout cannabis chemotherap cocain dementi depressi diabet drankmisbr drankprobl
        drugsversl drugsgebruik drugsprobl dyslexi eetstoornis epilep gehandicapt gehospitalis gezondheidsprobl handicap
        hartaanval hartinfarct heroine hersenbloed hersenletsel hersenschud hersentumor hersenvlies kanker leukemi logoped
        medicatie medicijn mindervalid miskra ontwikkelingsachterst ontwikkelingsstoorn overdosis palliati paniekaanval
        parkinson patient persoonlijkheidsstoornis postnata prematu psychiat psycholo psychisch psychos psychoti revalid
        rolstoel schizofre seropositi slechthorend slechtziend suicid suikerziekt syndroom therap thuisverple trauma verslaafd
        verslaving verstandelijk ziekenhuisopn ziekteverlof zelfdoding zelfmoord zelfverwond zorgbehoe zwanger
    """,
    Category.GENETIC: "biometri chromoso erfelijk genetisch genoom gezichtsherken irisscan vingerafdruk",
    Category.ORIGIN: """
        allochto asielaanvr asielcentr asielproc asielzoek etnisch geboorteland huidskleur illegaal inburgering migrant
        migratieacht nationaliteit verblijfsdoc verblijfsstat verblijfstit verblijfsverg vluchteling vreemdeling woonwagenb zigeuner
    """,
    Category.BELIEF: """
        atheis boeddhis geloofsovertuig godsdienst hindoe hoofddoek islam jehova katholie levensbeschouw moslim protestant
        ramadan religi synagoge
    """,
    Category.SEXUALITY: """
        biseksu genderdysf genderident gendertrans homoseksu homofiel lesbisch prostitu seksleven seksuali seksueel seksuele
        sekswerk transgender transseks
    """,
    Category.POLITICS: "partijlid partijpolit syndica vakbond vakvereniging",
    Category.OFFENCES: """
        aangehouden aanhouding aanranding beklaagde brandstichting celstraf contactverbod crimine delinquen diefstal drugsdeal
        drugshandel enkelband fraude gedetineerd geinterneerd gevangene gevangenis geweldpleg huisverbod inbraak incest
        jeugdrechter jeugdrechtbank justitieassist mishandel misdrijf oplichting partnergeweld pedofi politietussenk
        procesverbaal probatie strafbaar strafblad strafdossier strafrecht strafregister strafuitvoer strafzaak stalking
        veroordeeld veroordeling verkracht voorhechtenis vrijheidsberov wapenbezit zedenfeit zedendeli
    """,
}
_WORDS: dict[Category, str] = {
    Category.HEALTH: """
        adhd alcohol astma beperking beroerte besmet blind blinde cgg chemo chronisch diagnose diagnoses doof drugs ggz hiv
        insuline invalide invaliditeit ivf medisch medische operatie reuma soa tumor vaph ziek zieke ziekenhuis ziekte ziektes
    """,
    Category.GENETIC: "dna",
    Category.ORIGIN: "afkomst origine roma-gezin romagezin sans-papiers papierloos papierloze",
    Category.BELIEF: """
        bekeerd bijbel christelijk gedoopt gelovig gelovige halal imam jood joodse koosjer koran moskee ongelovig orthodox
        vrijzinnig vrijzinnige
    """,
    Category.SEXUALITY: "gay geaardheid holebi homo lgbt lgbtq seks",
    Category.POLITICS: "abvv aclvb acv politiek politieke",
    Category.OFFENCES: "agressie dader doodslag geweld hechtenis ifg justitiehuis moord straatverbod verdacht verdachte voorwaardelijk",
}


def _folded(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


_STEM_OF = {stem: category for category, stems in _STEMS.items() for stem in stems.split()}
_CATEGORY_OF = {word: category for category, words in _WORDS.items() for word in words.split()}
_STEM = re.compile("|".join(sorted(map(re.escape, _STEM_OF), key=len, reverse=True)))
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
_STREET = re.compile(r"(straat|straatje|laan|plein|steenweg|dreef|lei|kaai|markt)$")
"""How the name of a street ends: nobody is in prison because of the Gevangenisstraat."""
# After a plus sign it is a telephone number: one mobile number in a hundred has the check digits of a bis number.
_NATIONAL = re.compile(r"(?<![\d+])(\d{2})[. ]?(\d{2})[. ]?(\d{2})[- ]?(\d{3})[. ]?(\d{2})(?!\d)")


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
            if _STREET.search(word):
                continue
            for part in (word, *word.split("-")) if "-" in word else (word,):
                if part in _CATEGORY_OF:
                    found.add(_CATEGORY_OF[part])
            if stem := _STEM.search(word.replace("-", "")):
                found.add(_STEM_OF[stem[0]])
    return frozenset(found)


def warning(text: str) -> str:
    """What to say to someone who writes this in a note, in the user's language; empty when it bears no sign (P3, A3).

    It never stops anyone: the worker knows what is needed to help.
    """
    found = signs([text])
    if not found:
        return ""
    what = ", ".join(_(words) for category, words in CATEGORY_WORDS.items() if category in found)
    return _("This looks like %(what)s. Note only what is needed to make contact.") % {"what": what}
