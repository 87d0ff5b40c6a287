"""Which of a form's other text is data on people that the protocol does not name (P3, *overtollig*). Pure.

A form also holds much that is no data on the client: the letterhead, the signature, the sender's own telephone, titles,
dates, the words of the consent. All that is left out here, so that a flag means that there is something to see. Signs of
special categories are not judged here (`intake/special.py`).
"""

import re
from collections.abc import Iterator

from intake.form.address import parse_address
from intake.form.clean import bag, fold
from intake.form.contact import emails_in, phones_in, sender_address
from intake.form.labels import classify, is_greeting, is_title, sender_cue
from intake.form.model import Reading
from intake.form.names import is_particle
from intake.form.words import CONSENT_WORDS, EMPTY_VALUES, FILLERS, HEADING_WORDS, Field, Party

__all__ = ["superfluous"]


def _phrases(text: str) -> frozenset[str]:
    return frozenset(fold(phrase) for phrase in text.split(","))


_PAPERWORK = _phrases(
    "datum, fax, faxnummer, website, web, dossiernummer, dossiernr, dossier, referentie, ref, onze referentie, betreft,"
    " uw referentie, onderwerp, van, aan, cc, datum doorverwijzing, datum aanmelding, uur, tijdstip, tijd, plaats datum,"
    " datum plaats, kenmerk, ons kenmerk, u kenmerk, uw kenmerk, datum handtekening, handtekening, bijlage, bijlagen,"
    " verzonden, ondernemingsnummer, btw, kbo, kanaal, subject, from, to, date, sent, versie, nummer fiche, fiche nr,"
    " fichenummer, volgnummer, pagina, status, id, functie, opgemaakt te, opgemaakt op, gedaan te, naam, formulier, document"
)
"""Labels of the paper and of who fills it in."""

_MADE = re.compile(
    r"^(opgemaakt|gedaan|opgesteld|ingevuld|ondertekend|afgedrukt|pagina|blz|versie|bijlage|datum)\b"
)
_LETTER = re.compile(
    r"^(geachte|beste|dag collega|hallo|in bijlage|hierbij|hieronder|alvast (bedankt|dank)|met dank|bedankt|dank|mvg|graag tot"
    r"|vertrouwelijk|strikt vertrouwelijk|gelieve|vul |aub|svp|deze (fiche|gegevens)|de gegevens (worden|op))\b"
)
_CONSENT = re.compile(
    r"\b(toestem\w*|akkoord|instem\w*|geinformeerd|ingelicht|informed|consent|goedkeuring|weiger\w*|client geeft|toegelicht"
    r"|doorgeven|door te geven|doorgegeven|doorgave|gegevens mogen|ingetrokken)\b"
)
_NOT_LETTERS = re.compile(r"[^a-z ]+")
_SIGNATURE_LINES = 4
"""So many short lines below a greeting are the sender's signature."""
_ROLES = bag(
    "gezinsondersteuner teamcoach gezinsbegeleider verpleegkundige medewerker consulent begeleider teamverantwoordelijke"
    " regioverpleegkundige vroedvrouw trajectbegeleider maatschappelijk werker werkster coach teamlid coordinator"
)


def superfluous(reading: Reading) -> tuple[str, ...]:
    """The lines of a reading's leftovers that are data P3 does not name; empty for a form as agreed."""
    return tuple(_left(reading))


def _left(reading: Reading) -> Iterator[str]:
    own = {word for value in reading.client.as_dict().values() if value for word in fold(value).split()}
    signature = 0
    office = False
    for line in reading.leftovers:
        folded = fold(line)
        if is_greeting(line):
            signature = _SIGNATURE_LINES
            continue
        if signature and _short(folded):
            signature -= 1
            continue
        of_office = _of_office(line)
        if of_office or (office and _address_or_number(line)):
            office = True
            continue
        office = False
        if not _is_noise(line, folded, own):
            yield line


def _short(folded: str) -> bool:
    """A name, a function, a telephone number: what stands below a greeting."""
    return len(folded.split()) <= 5


def _of_office(line: str) -> bool:
    if fold(line).split()[:1] == ["team"] and len(line.split()) <= 7:
        return True
    if sender_cue(line) or any(sender_address(word.strip("<>,;.()")) for word in line.split()):
        return True
    if "@" not in line:
        return False
    found = emails_in(line)
    return not found.good and not found.wrong


_NUMBER_WORDS = bag("tel t telefoon telefoonnummer gsm fax mail")


def _address_or_number(line: str) -> bool:
    if phones_in(line).good and not _words(fold(line)) - _NUMBER_WORDS:
        return True
    if ":" in line:
        return False  # "Geboortedatum: 12/03/1990" has the shape of an address
    parsed = parse_address(line)
    return parsed is not None and bool(parsed.street and parsed.postcode)


def _words(folded: str) -> set[str]:
    return {word for word in _NOT_LETTERS.sub(" ", folded).split() if len(word) > 1}


def _is_noise(line: str, folded: str, own: set[str]) -> bool:
    label, sign, value = line.partition(":")
    if sign and (fold(label) in _PAPERWORK or not value.strip() or fold(value) in EMPTY_VALUES):
        return True
    words = _words(folded)
    if not any(len(word) > 2 for word in words):
        return True  # dates, numbers, marks
    if is_title(line) or _MADE.match(folded) or _LETTER.match(folded):
        return True
    if any(word in CONSENT_WORDS for word in words) or _CONSENT.search(folded):
        return True
    if words <= FILLERS | HEADING_WORDS or words <= own | FILLERS | HEADING_WORDS:
        return True  # headings, and what the record holds already
    if words & _ROLES and len(folded.split()) <= 8:
        return True
    # Another number or address of the client is of a kind that P3 names.
    if (
        len(words - own) <= 3
        and (emails_in(line).good or phones_in(line).good)
        and not (sign and _of_its_own(label))
    ):
        return True
    if sign:
        known = classify(label)
        return known is not None and known.party is Party.SENDER and known.field is not Field.NOTES
    # A name or an address that nothing is said of is the sender's: a label or a sentence tells of whom data are.
    return classify(line) is not None or _bare_name(line) or _address_or_number(line) or len(words) < 2


def _of_its_own(label: str) -> bool:
    """Whether a label asks for something else than a telephone or e-mail: a birth date has the shape of a number."""
    known = classify(label)
    return known is not None and (known.party is Party.OTHER or known.field in (Field.OTHER, Field.NOTES))


def _bare_name(line: str) -> bool:
    """Two to four capitalised words and nothing else, particles aside."""
    words = line.split()
    names = [word for word in words if not is_particle(word)]
    return 2 <= len(words) <= 5 and all(word[0].isupper() and fold(word).isalpha() for word in names)
