"""What a form states about the client's consent to this referral (recital C; A5).

Nothing said or nothing ticked is *not stated*; contradictions, conditions and half answers are *unclear* and never
decided here. Consent to something else (photographs, a newsletter, calling the doctor) is not this consent, and
being informed is not yet agreeing.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto

from intake.causes import Cause
from intake.client import Consent
from intake.form.clean import fold
from intake.form.model import TICKED, UNTICKED, FormError, Row
from intake.form.words import OTHER_WORDS

__all__ = ["ConsentFound", "Verdict", "answer_of", "consent_of", "decide"]


class Verdict(Enum):
    """What one statement says."""

    YES = auto()
    NO = auto()
    WITHDRAWN = auto()
    UNCLEAR = auto()
    INFORMED = auto()
    NOT_INFORMED = auto()
    FOREIGN_NO = auto()
    """Someone refuses something that may or may not be this."""


@dataclass(frozen=True, slots=True)
class ConsentFound:
    """The verdicts with the row each stands in, and the rows that say nothing else."""

    verdicts: tuple[tuple[int, Verdict], ...]
    used: frozenset[int]


_TOPIC = re.compile(
    r"\b(toestemming\w*|akkoord\w*|instemming|ingestemd|instemt|instemmen|stem\w* (?:er ?mee |hier ?mee |daar ?mee )?in|"
    r"toegestemd|toestemt|goedkeuring|consent)\b"
)
_INFORMED = re.compile(r"\b(geinformeerd|ingelicht|op de hoogte|informed)\b")
_WITHDRAWN = re.compile(r"\b(ingetrokken|trekt .{0,40}\bin|trok .{0,40}\bin|herroepen|intrekking|withdrawn)\b")
_REFUSED = re.compile(r"\b(weiger\w*|geweigerd|refuse\w*|verzet zich|wenst geen doorverwijzing|wil niet)\b")
_NEGATION = re.compile(r"\b(niet|geen|nee|neen|nooit|zonder|noch|not)\b")
_DOUBT = re.compile(
    r"\b(nog niet|nog te|nog geen|nog \w+ vragen|maar|mits|tenzij|onder voorbehoud|voorwaarde\w*|behalve|uitgezonderd|enkel voor|"
    r"alleen voor|enkel als|alleen als|twijfel\w*|misschien|gedeeltelijk|deels|onduidelijk|weet niet|onzeker|aarzelt|bespreken|"
    r"later|volgt|wordt nog|moet nog|te bevragen|te bespreken|in beraad|denkt na|eventueel|gevraagd|vermoedelijk|waarschijnlijk)\b"
)
_CONDITION = re.compile(
    r"\b(enkel|zonder|indien|wanneer|als de|als je|mits|alleen|moet\w*|dient|dienen|vereist|nodig|gelieve|kunnen|kan|mag|mogen|"
    r"verplicht|noodzakelijk|alvorens|vooraleer|steeds|pas|of de client|in te trekken|intrekken|telkens|zodra|vraag)\b"
)
_FOREIGN = re.compile(
    r"\b(foto\w*|beeld\w*|video\w*|nieuwsbrief\w*|huisarts\w*|dokter|arts|school\w*|clb|creche|kinderopvang|onthaalouder|mutualiteit|"
    r"ziekenfonds|vdab|whatsapp|sms|enquete|onderzoek|evaluatie|psycholoog|cgg|ziekenhuis|caw|mailing\w*|uitnodiging\w*|"
    r"activiteiten|facebook|social media|sociale media|huisbezoek\w*|tolk)\b"
)
_OURS = re.compile(
    r"\b(ocmw|doorverwij\w*|aanmelding|gegevens\w*|delen|deling|doorgeven|doorgifte|doorsturen|overdracht|overmaken|mededel\w*|"
    r"bezorgen|bezorgd|sociale dienst|maatschappelijk\w*|hulp\w*|contact\w*|gecontacteerd|toeleiding|opgenomen|identificatie\w*)\b"
)
_PURPOSE = re.compile(r"\b(?:toestemming\w*|akkoord\w*|instemming|stemt in|in)\s+(?:\w+\s+){0,3}?(?:voor|om|tot|aan|met|inzake|omtrent)\s+(.+)")
_YES_WORDS = re.compile(r"^(?:ja|yes|ok|oke|akkoord|gegeven|mondeling|schriftelijk|verkregen|bekomen|gekregen|true|in orde|zeker|wel|j|y|bevestigd|aanwezig|positief)\b")
_NO_WORDS = re.compile(r"^(?:nee|neen|no|niet|geen|geweigerd|weigert|false|n)\b")
_POSITIVE = re.compile(
    r"\b(geeft|gaf|geven|gaven|heeft|hebben|verleent|verleende|verkregen|bekomen|gekregen|gegeven|is|zijn|gaat|gaan|ging|gingen|"
    r"verklaart|verklaarde|verklaren|ontvangen|was|werd|bevestigt|stemt|stemde|stem|stemmen|ga|geef|ingestemd|toegestemd|instemt|"
    r"toestemt|met|mits|uitdrukkelijk\w*|mondeling\w*|schriftelijk\w*)\b"
)
_BOX = re.compile(r"[☒☑✓✔✗✘☐□▢❏⬜🗹]|\[\s*[xXvV✓✔*]?\s*\]|\(\s*[xXvV✓✔*]?\s*\)|(?<![\w])[oO0](?=\s+(?:ja|nee|neen)\b)")
_ON = re.compile(r"[☒☑✓✔✗✘🗹xXvV*]")
_OPTION = re.compile(r"^\W*(ja|nee|neen|yes|no|niet|akkoord|niet akkoord|geen|wel|gegeven|geweigerd|nog niet|onbekend|niet gevraagd)\b")
_DOTS = re.compile(r"(?:\s*:)?\s*(?:\.{3,}|…+|_{3,})[\s._…:]*")
_ASKS = re.compile(r"^(?:heeft|is|gaat|werd|geeft|was|stemt|gaf|ging|zijn|hebben|mogen|mag)\s+(?:de |het |uw )?(?:client\w*|betrokkene\w*|mevrouw|meneer|men|u|ouders?)\b")
_YES_NO = re.compile(r"^\W*(?:ja|yes)\W+(?:of\W+)?(?:nee|neen|no)\W*(?:schrappen.*|doorhalen.*|omcirkel.*|aanduiden.*)?$")


def consent_of(rows: list[Row]) -> ConsentFound:
    """All statements on consent in the rows of a form."""
    verdicts: list[tuple[int, Verdict]] = []
    used: set[int] = set()
    open_until = -1
    question = ""
    options: list[tuple[bool, str]] = []
    options_at = 0

    def close() -> None:
        nonlocal options, question
        if options:
            verdict = _of_options(options, question)
            if verdict is not None:
                verdicts.append((options_at, verdict))
        options, question = [], ""

    for index, row in enumerate(rows):
        text = _DOTS.sub(": ", " ".join(cell.replace("\n", " ") for cell in row.cells if cell.strip())).strip()
        folded = fold(text)
        topic = bool(_TOPIC.search(folded) or _INFORMED.search(folded) or _REFUSED.search(folded) and "toestem" in folded)
        withdrawn = bool(_WITHDRAWN.search(folded)) and ("toestem" in folded or "akkoord" in folded or "client" in folded)
        if not topic and not withdrawn:
            boxes = _boxes(text)
            answer = bool(boxes) and all(_OPTION.match(fold(option)) for _, option in boxes)
            bare = index <= open_until and len(folded.split()) <= 8 and ":" not in text and bool(
                _YES_WORDS.match(folded) or _NO_WORDS.match(folded) or _WITHDRAWN.search(folded) or _DOUBT.search(folded)
            )
            if question and index <= open_until and answer:
                if not options:
                    options_at = index
                options.extend(boxes)
                open_until = index + 1
                used.add(index)
                continue
            if question and index <= open_until and bare and not options:
                verdict = _answer(folded, question)
                if verdict is not None:
                    verdicts.append((index, verdict))
                    used.add(index)
                close()
                continue
            if index > open_until or folded:
                close()
            continue
        close()
        found, pending = _statement(row, text, folded)
        verdicts.extend((index, verdict) for verdict in found)
        if found or pending or len(folded.split()) <= 6:
            if _plain(folded):
                used.add(index)
        if pending:
            question, open_until = pending, index + 2
    close()
    return ConsentFound(tuple(verdicts), frozenset(used))


def decide(verdicts: list[Verdict]) -> Consent:
    """One status from all that was said. Raises FormError(UNCLEAR_CONSENT)."""
    said = set(verdicts)
    agree = said & {Verdict.YES, Verdict.NO, Verdict.WITHDRAWN, Verdict.UNCLEAR}
    if Verdict.UNCLEAR in said or len(agree) > 1:
        raise FormError(Cause.UNCLEAR_CONSENT)
    if Verdict.YES in said:
        if said & {Verdict.NOT_INFORMED, Verdict.FOREIGN_NO}:
            raise FormError(Cause.UNCLEAR_CONSENT)
        return Consent.CONFIRMED
    if Verdict.WITHDRAWN in said:
        return Consent.WITHDRAWN
    if Verdict.NO in said:
        return Consent.DISPUTED
    return Consent.NOT_STATED


def _boxes(text: str) -> list[tuple[bool, str]]:
    """Every box with the words that belong to it: those behind it, or those before it when the text begins so."""
    marks = list(_BOX.finditer(text))
    if not marks:
        return []
    head = fold(text[: marks[0].start()].rpartition(":")[2] if ":" in text[: marks[0].start()] else "")
    tail = fold(text[marks[-1].end() :])
    if _OPTION.match(head) and not tail:
        starts = [text[: marks[0].start()].rpartition(":")[2]] + [text[a.end() : b.start()] for a, b in zip(marks, marks[1:], strict=False)]
        return [(_is_on(mark.group()), words.strip()) for mark, words in zip(marks, starts, strict=True)]
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return [(_is_on(mark.group()), text[mark.end() : end].strip()) for mark, end in zip(marks, ends, strict=True)]


def _is_on(mark: str) -> bool:
    return bool(_ON.search(mark)) and mark not in "oO0"


def _of_options(options: list[tuple[bool, str]], question: str) -> Verdict | None:
    ticked = [fold(words) for on, words in options if on]
    if not ticked:
        return None
    verdicts = {_answer(words, question) for words in ticked}
    verdicts.discard(None)
    if len(verdicts) > 1:
        return Verdict.UNCLEAR
    return verdicts.pop() if verdicts else Verdict.UNCLEAR


def _answer(folded: str, question: str) -> Verdict | None:
    """What an answer ("ja, mondeling op 12/03") means to a question about consent."""
    if not folded or _YES_NO.match(folded) or folded in ("onbekend", "niet gevraagd", "niet vermeld", "nvt", "n v t", "datum"):
        return None
    negative_question = bool(_NEGATION.search(question))
    informed_only = bool(_INFORMED.search(question)) and not _TOPIC.search(question)
    if _DOUBT.search(folded):
        return Verdict.UNCLEAR
    if _WITHDRAWN.search(folded):
        return Verdict.UNCLEAR if _NEGATION.search(folded) else Verdict.WITHDRAWN
    yes = bool(_YES_WORDS.match(folded)) or folded in ("x", "v", "1")
    no = bool(_NO_WORDS.match(folded) or _REFUSED.search(folded))
    if yes and _NEGATION.search(folded):
        return Verdict.UNCLEAR
    if folded in ("x", "v", "1") and negative_question:
        return Verdict.NO
    if yes == no:
        own = _sentence(folded) if not yes and _TOPIC.search(folded) else None
        return own if own is not None else Verdict.UNCLEAR
    if no and len(folded.split()) > 1 and not re.match(r"^(nee|neen)\b", folded) and re.search(r"\b(gevraagd|besproken|bekend|ingevuld)\b", folded):
        return None
    if negative_question:
        return Verdict.UNCLEAR
    if informed_only:
        return Verdict.INFORMED if yes else Verdict.NOT_INFORMED
    return Verdict.YES if yes else Verdict.NO


def answer_of(value: str, question: str) -> Verdict | None:
    """The verdict of a cell under or beside a label on consent; None when it says nothing or is about other things."""
    asked = fold(question)
    if _foreign(asked) is not False:
        return None
    boxes = _boxes(value)
    if boxes:
        return _of_options([(on, words or "ja") for on, words in boxes], asked)
    return _answer(fold(value), asked)


def _foreign(folded: str) -> bool | None:
    """True: consent to something else; False: to this; None: a purpose that is not known."""
    if re.search(r"\bocmw\b", folded):
        return False
    if _FOREIGN.search(folded):
        return True
    purpose = _PURPOSE.search(folded)
    if purpose and not _OURS.search(purpose.group(1)) and not re.match(r"(de |het )?(client|ja|nee|betrokkene)", purpose.group(1)):
        return None
    return False


def _statement(row: Row, text: str, folded: str) -> tuple[list[Verdict], str]:
    """The verdicts of a row about consent, and the question it leaves open for the rows below."""
    boxes = _boxes(text)
    cells = [cell.strip() for cell in row.cells if cell.strip()]
    label, value = (cells[0], " ".join(cells[1:])) if len(cells) > 1 and _about(cells[0]) else ("", "")
    if not label:
        before, colon, after = text.partition(":")
        if colon and _about(before):
            label, value = before, after
    # "Toestemming: ja, maar enkel voor …": what the answer limits is no other purpose of the question.
    foreign = _foreign(fold(label)) if label else _foreign(folded)
    if foreign is not False:
        no = foreign is None and (_NEGATION.search(folded) or _REFUSED.search(folded)) and not any(not on for on, _ in boxes)
        return ([Verdict.FOREIGN_NO] if no else []), ""
    if boxes:
        return _boxed(text, boxes)
    if label:
        value = _DOTS.sub(" ", value)
        label_folded, answer = fold(label), fold(value)
        if not answer:
            # A question, or a label alone: the answer may stand below. A cell or colon without answer says nothing.
            return [], label_folded
        verdict = _answer(answer, label_folded)
        return ([verdict] if verdict is not None else []), ""
    if row.table and len(row.cells) > 1 and not row.cells[0].strip():
        return [], ""
    tail = re.match(r"^(.*?\b(?:toestemming\w*|akkoord|geinformeerd|ingelicht|client))\s+(ja|nee|neen|ok)$", folded)
    if tail and not _POSITIVE.search(tail.group(1)):
        verdict = _answer(tail.group(2), tail.group(1))
        return ([verdict] if verdict is not None else []), ""
    if _YES_NO.match(folded.rpartition("toestemming")[2] or "-") or "?" in text or _ASKS.match(folded):
        question, _, reply = text.rpartition("?")
        if fold(reply) and question:
            verdict = _answer(fold(reply), fold(question))
            return ([verdict] if verdict is not None else []), ""
        return [], folded
    verdicts = [v for part in re.split(r"(?<=[.!;])\s+(?=\w)", text) if (v := _sentence(fold(part))) is not None]
    return verdicts, (folded if not verdicts and len(folded.split()) <= 8 else "")


def _about(text: str) -> bool:
    folded = fold(text)
    return bool(_TOPIC.search(folded) or _INFORMED.search(folded)) and len(folded.split()) <= 30


def _boxed(text: str, boxes: list[tuple[bool, str]]) -> tuple[list[Verdict], str]:
    question = fold(text[: _BOX.search(text).start()]) if _BOX.search(text) else ""  # type: ignore[union-attr] - searched just before
    options = all(_OPTION.match(fold(words)) and len(words.split()) <= 12 for _, words in boxes)
    if options and question:
        verdict = _of_options(boxes, question)
        return ([verdict] if verdict is not None else []), ""
    found: list[Verdict] = []
    for on, words in boxes:
        folded = fold(words)
        if not folded and question:
            # One box behind its statement: "De cliënt gaat akkoord ☒".
            verdict = (_sentence(question) or _answer("x", question)) if on else None
        elif not on:
            continue
        elif _TOPIC.search(folded) or _INFORMED.search(folded) or _REFUSED.search(folded) or _WITHDRAWN.search(folded):
            foreign = _foreign(folded)
            verdict = (_sentence(folded) or Verdict.UNCLEAR) if foreign is False else None
        else:
            verdict = _answer(folded, question) if _TOPIC.search(question) or _INFORMED.search(question) else None
        if verdict is not None:
            found.append(verdict)
    return found, ""


def _sentence(folded: str) -> Verdict | None:
    """What a whole sentence says; None for rules, conditions and mere mentions."""
    topic, informed = bool(_TOPIC.search(folded)), bool(_INFORMED.search(folded))
    negation, refused = bool(_NEGATION.search(folded)), bool(_REFUSED.search(folded))
    if _WITHDRAWN.search(folded):
        if _CONDITION.search(folded):
            return None
        return Verdict.UNCLEAR if negation else Verdict.WITHDRAWN
    if not topic and not informed:
        return None
    words = set(folded.split())
    about_other = bool(words & OTHER_WORDS) and not words & {"client", "clienten", "betrokkene"}
    if about_other:
        return Verdict.FOREIGN_NO if negation or refused else None
    if refused:
        return Verdict.UNCLEAR if negation or _DOUBT.search(folded) else Verdict.NO
    if topic and re.search(r"\b(nog niet|nog geen|nog te|moet nog|wordt nog|maar|mits|twijfel\w*|onder voorbehoud|weet niet|tenzij|of (hij|zij|ze|client))\b", folded):
        return Verdict.UNCLEAR if not re.search(r"\b(formulier|gegevens worden)\b", folded) else None
    if negation and topic:
        if _CONDITION.search(folded) and not re.search(r"\b(gaat|is|geeft|gaf|ging|heeft|was|zijn|gaan|geven)\s+(?:\w+\s+){0,3}?(niet|geen)\b", folded):
            return None
        clean = re.search(
            r"\b(niet (?:\w+ )?akkoord|geen (?:\w+ )?(?:toestemming|akkoord|instemming)|toestemming (?:\w+ ){0,6}niet (?:gegeven|verkregen|verleend|bekomen)"
            r"|akkoord niet|niet (?:\w+ )?(?:toegestemd|ingestemd|instemt)|stemt (?:\w+ )?niet|akkoord geen|toestemming geen|toestemming nee\w?|akkoord nee\w?)\b",
            folded,
        )
        return Verdict.NO if clean else Verdict.UNCLEAR
    if _CONDITION.search(folded):
        return None
    if topic:
        if re.fullmatch(r"(?:de )?(?:client\w* )?(?:is |gaat |mondeling |schriftelijk )?(?:akkoord|toestemming gegeven|toestemming ok|toestemming ja)(?: client\w*)?", folded):
            return Verdict.YES if folded not in ("akkoord", "akkoord client") else None
        return Verdict.YES if _POSITIVE.search(folded) and len(folded.split()) >= 3 else None
    if negation:
        return Verdict.NOT_INFORMED
    return Verdict.INFORMED


_COMMON = frozenset(
    "de het een client clienten is zijn werd en gaat akkoord toestemming geinformeerd ingelicht ja nee neen geeft gaf heeft gegeven voor om "
    "tot van met aan door ocmw gegevens delen doorgeven doorverwijzing te op hierover deze dit mondeling schriftelijk verklaring "
    "haar hun uitdrukkelijke vrije hierbij ermee dat dienst sociale identificatiegegevens contactgegevens contact nemen opnemen "
    "opneemt neemt wordt worden over overgemaakt doorgegeven gedeeld uitwisseling gegevensdeling stemt in hiermee voldoende niet "
    "geen weigert ingetrokken aanmelding kind gezin onderstaande bovenstaande betrokkene verkregen datum ok x v bezorgen "
    "bezorgd worden werden verwijzer verklaart volledig gaan ging stemde mag mogen zijn ik wij".split()
)


def _plain(folded: str) -> bool:
    """Whether a statement on consent says nothing else, so that it is no leftover."""
    return sum(word not in _COMMON and not word.isdecimal() for word in folded.split()) <= 2
