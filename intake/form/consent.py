"""What a form states about the client's consent to this referral (recital C; A5).

Nothing said or nothing ticked is *not stated*; contradictions, conditions and half answers are *unclear* and never
decided here. Consent to something else (photographs, a newsletter, calling the doctor) is not this consent, and
being informed is not yet agreeing.
"""

import re
from dataclasses import dataclass

from intake.form.boxes import boxes_in, only_options, squared
from intake.form.clean import fold
from intake.form.consent_words import (
    ASKED,
    ASKS,
    BOX,
    CLEAN_NO,
    COMMON,
    CONDITION,
    DATE,
    DATED,
    DOTS,
    DOUBT,
    FOREIGN,
    INFORMED,
    NEGATION,
    NO_WORDS,
    OCCASION,
    OPTION,
    OURS,
    POSITIVE,
    PURPOSE,
    REFUSED,
    REFUSES_THIS,
    TOPIC,
    WITHDRAWN,
    YES_NO,
    YES_WORDS,
)
from intake.form.model import Row
from intake.form.verdicts import Verdict
from intake.form.words import OTHER_WORDS

__all__ = ["ConsentFound", "answer_of", "consent_of"]


_PARENTS = frozenset({"ouder", "ouders"})


@dataclass(frozen=True, slots=True)
class ConsentFound:
    """The verdicts with the row each stands in, and the rows that say nothing else."""

    verdicts: tuple[tuple[int, Verdict], ...]
    used: frozenset[int]


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
        text = " ".join([cell.replace("\n", " ") for cell in row.cells if cell.strip()])
        if "..." in text or "…" in text or "___" in text:
            text = DOTS.sub(": ", text)
        text = squared(text).strip()
        folded = fold(text)
        topic = bool(
            TOPIC.search(folded)
            or INFORMED.search(folded)
            or (REFUSED.search(folded) and "toestem" in folded)
            or REFUSES_THIS.search(folded)
        )
        withdrawn = bool(WITHDRAWN.search(folded)) and (
            "toestem" in folded or "akkoord" in folded or "client" in folded
        )
        if not topic and not withdrawn:
            if question and index <= open_until:
                boxes = boxes_in(text)
                if boxes and all(OPTION.match(fold(option)) for _, option in boxes):
                    if not options:
                        options_at = index
                    options.extend(boxes)
                    open_until = index + 1
                    used.add(index)
                    continue
                if not options and _is_bare(text, folded):
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
        if (
            not boxes_in(text)
            and index + 1 < len(rows)
            and only_options(" ".join(cell.replace("\n", " ") for cell in rows[index + 1].cells))
            and _foreign(folded) is False
        ):
            # A printed statement with boxes "ja" and "nee" below it is a question.
            found, pending = [], folded
        verdicts.extend((index, verdict) for verdict in found)
        if (found or pending or len(folded.split()) <= 6) and _plain(folded):
            used.add(index)
        if pending:
            question, open_until = pending, index + 2
    close()
    return ConsentFound(tuple(verdicts), frozenset(used))


def _is_bare(text: str, folded: str) -> bool:
    """Whether a line is a short answer without a label of its own."""
    return (
        len(folded.split()) <= 8
        and ":" not in text
        and bool(
            YES_WORDS.match(folded)
            or NO_WORDS.match(folded)
            or WITHDRAWN.search(folded)
            or DOUBT.search(folded)
        )
    )


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
    if (
        not folded
        or YES_NO.match(folded)
        or folded in ("onbekend", "niet gevraagd", "niet vermeld", "nvt", "n v t", "datum")
    ):
        return None
    negative_question = bool(NEGATION.search(question))
    informed_only = bool(INFORMED.search(question)) and not TOPIC.search(question)
    if DOUBT.search(folded):
        return Verdict.UNCLEAR
    if WITHDRAWN.search(folded):
        return Verdict.UNCLEAR if NEGATION.search(folded) else Verdict.WITHDRAWN
    if (
        DATE.fullmatch(folded)
        and DATED.search(question)
        and not ASKED.search(question)
        and not negative_question
    ):
        return Verdict.YES
    yes = bool(YES_WORDS.match(folded)) or folded in ("x", "v", "1")
    no = bool(NO_WORDS.match(folded) or REFUSED.search(folded))
    if yes and NEGATION.search(folded):
        return Verdict.UNCLEAR
    if folded in ("x", "v", "1") and negative_question:
        return Verdict.NO
    if yes == no:
        own = _sentence(folded) if not yes and TOPIC.search(folded) else None
        return own if own is not None else Verdict.UNCLEAR
    if (
        no
        and len(folded.split()) > 1
        and not re.match(r"^(nee|neen)\b", folded)
        and re.search(r"\b(gevraagd|besproken|bekend|ingevuld)\b", folded)
    ):
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
    value = squared(value)
    boxes = boxes_in(value)
    if boxes:
        return _of_options([(on, words or "ja") for on, words in boxes], asked)
    return _answer(fold(value), asked)


def _foreign(folded: str) -> bool | None:
    """True: consent to something else; False: to this; None: a purpose that is not known."""
    folded = OCCASION.sub(" ", folded)
    if re.search(r"\bocmw\b", folded):
        return False
    if FOREIGN.search(folded):
        return True
    purpose = PURPOSE.search(folded)
    if (
        purpose
        and not OURS.search(purpose.group(1))
        and not re.match(r"(de |het )?(client|ja|nee|betrokkene)", purpose.group(1))
    ):
        return None
    return False


def _statement(row: Row, text: str, folded: str) -> tuple[list[Verdict], str]:
    """The verdicts of a row about consent, and the question it leaves open for the rows below."""
    boxes = boxes_in(text)
    cells = [cell.strip() for cell in row.cells if cell.strip()]
    label, value = (cells[0], " ".join(cells[1:])) if len(cells) > 1 and _about(cells[0]) else ("", "")
    if not label:
        before, colon, after = text.partition(":")
        if colon and _about(before):
            label, value = before, after
    # "Toestemming: ja, maar enkel voor …": what the answer limits is no other purpose of the question.
    foreign = _foreign(fold(label)) if label else _foreign(folded)
    if foreign is not False:
        no = (
            foreign is None
            and (NEGATION.search(folded) or REFUSED.search(folded))
            and not any(not on for on, _ in boxes)
        )
        return ([Verdict.FOREIGN_NO] if no else []), ""
    if boxes:
        return _boxed(text, boxes)
    if label:
        value = DOTS.sub(" ", value)
        label_folded, answer = fold(label), fold(value)
        if not answer:
            # A question, or a label alone: the answer may stand below. A cell or colon without answer says nothing.
            return [], label_folded
        verdict = _answer(answer, label_folded)
        return ([verdict] if verdict is not None else []), ""
    if row.table and len(row.cells) > 1 and not row.cells[0].strip():
        return [], ""
    tail = re.match(
        r"^(.*?\b(?:toestemming\w*|akkoord|geinformeerd|ingelicht|client))\s+(ja|nee|neen|ok)$", folded
    )
    if tail and not POSITIVE.search(tail.group(1)):
        verdict = _answer(tail.group(2), tail.group(1))
        return ([verdict] if verdict is not None else []), ""
    if YES_NO.match(folded.rpartition("toestemming")[2] or "-") or "?" in text or ASKS.match(folded):
        question, _, reply = text.rpartition("?")
        if fold(reply) and question:
            verdict = _answer(fold(reply), fold(question))
            return ([verdict] if verdict is not None else []), ""
        return [], folded
    verdicts = [
        v for part in re.split(r"(?<=[.!;])\s+(?=\w)", text) if (v := _sentence(fold(part))) is not None
    ]
    return verdicts, (folded if not verdicts and len(folded.split()) <= 8 else "")


def _about(text: str) -> bool:
    folded = fold(text)
    return bool(TOPIC.search(folded) or INFORMED.search(folded)) and len(folded.split()) <= 30


def _boxed(text: str, boxes: list[tuple[bool, str]]) -> tuple[list[Verdict], str]:
    marked = BOX.search(text)
    question = fold(text[: marked.start()]) if marked else ""
    options = all(OPTION.match(fold(words)) and len(words.split()) <= 12 for _, words in boxes)
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
        elif (
            TOPIC.search(folded)
            or INFORMED.search(folded)
            or REFUSED.search(folded)
            or WITHDRAWN.search(folded)
        ):
            foreign = _foreign(folded)
            verdict = (_sentence(folded) or Verdict.UNCLEAR) if foreign is False else None
        elif TOPIC.search(question) or INFORMED.search(question):
            verdict = _answer(folded, question)
        else:
            # The word "toestemming" stands behind another box of the row: whose tick this is cannot be told.
            verdict = (
                Verdict.UNCLEAR
                if any(TOPIC.search(fold(text)) for _, text in boxes) and OPTION.match(folded)
                else None
            )
        if verdict is not None:
            found.append(verdict)
    return found, ""


def _sentence(folded: str) -> Verdict | None:
    """What a whole sentence says; None for rules, conditions and mere mentions."""
    topic, informed = bool(TOPIC.search(folded)), bool(INFORMED.search(folded))
    negation, refused = bool(NEGATION.search(folded)), bool(REFUSED.search(folded))
    if WITHDRAWN.search(folded):
        return _withdrawal(folded)
    if not topic and REFUSES_THIS.search(folded) and not CONDITION.search(folded):
        return Verdict.UNCLEAR  # "wil niet dat haar gegevens …": nobody may call, nothing is discarded on it
    if not topic and not informed:
        return None
    words = set(folded.split())
    # A parent on a form of this office mostly is the client: enough to hear a yes, not to act on a no.
    parent = bool(words & _PARENTS)
    about_other = bool(words & (OTHER_WORDS - _PARENTS)) and not words & {"client", "clienten", "betrokkene"}
    if about_other:
        return Verdict.FOREIGN_NO if negation or refused else None
    if refused:
        return Verdict.UNCLEAR if parent or negation or DOUBT.search(folded) else Verdict.NO
    if topic and re.search(
        r"\b(nog niet|nog geen|nog te|moet nog|wordt nog|maar|mits|twijfel\w*|onder voorbehoud|weet niet|tenzij|of (hij|zij|ze|client))\b",
        folded,
    ):
        return Verdict.UNCLEAR if not re.search(r"\b(formulier|gegevens worden)\b", folded) else None
    if negation and topic:
        if CONDITION.search(folded) and not re.search(
            r"\b(gaat|is|geeft|gaf|ging|heeft|was|zijn|gaan|geven)\s+(?:\w+\s+){0,3}?(niet|geen)\b", folded
        ):
            return None
        clean = CLEAN_NO.search(folded)
        return Verdict.NO if clean and not parent else Verdict.UNCLEAR
    if CONDITION.search(folded):
        return None
    if topic:
        if re.fullmatch(
            r"(?:de )?(?:client\w* )?(?:is |gaat |mondeling |schriftelijk )?(?:akkoord|toestemming gegeven|toestemming ok|toestemming ja)(?: client\w*)?",
            folded,
        ):
            return Verdict.YES if folded not in ("akkoord", "akkoord client") else None
        return Verdict.YES if POSITIVE.search(folded) and len(folded.split()) >= 3 else None
    if negation:
        return Verdict.NOT_INFORMED
    return Verdict.INFORMED


def _withdrawal(folded: str) -> Verdict | None:
    """What a sentence on withdrawing says: that it was done, that it can be done (nothing), or it is not clear."""
    matches = list(WITHDRAWN.finditer(folded))
    start, end = matches[0].span()
    behind = folded[end:].split()
    if CONDITION.search(folded[:end]) or CONDITION.search(" ".join(behind[:3]).replace("gelieve", "")):
        return None
    negation = NEGATION.search(folded[:start]) or NEGATION.search(
        " ".join(behind[:2]).replace("gelieve niets", "")
    )
    if negation or CONDITION.search(" ".join(behind).replace("gelieve", "")):
        return Verdict.UNCLEAR
    return Verdict.WITHDRAWN


def _plain(folded: str) -> bool:
    """Whether a statement on consent says nothing else, so that it is no leftover."""
    return sum(word not in COMMON and not word.isdecimal() for word in folded.split()) <= 2
