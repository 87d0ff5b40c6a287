"""How facts of a referral are written on the screen: glyphs, words, and what a masked name looks like. Pure."""

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime

from intake.client import Consent
from intake.deadlines import KIND_WORDS, Deadline
from intake.desk.reading import Line
from intake.formats import show_date, show_moment, show_name
from intake.likeness import TRAIT_WORDS, Alike
from intake.plaintext import clean_line
from intake.referral import Attempt, Flag, Happening, Referral, State
from intake.retention import Due
from intake.rows import Note, Payload
from intake.texts import _
from intake.words import (
    CHANNEL_WORDS,
    CONSENT_WORDS,
    FLAG_WORDS,
    STATE_WORDS,
    result_words,
)
from intake.workdays import PART_OF_DAY_WORDS
from storage.directory import RECOVERY

MASK = "•••"
NOT_YOURS = "—"
WAITING = "…"
"""A name that is being looked up."""
LATE = "‼"

STATE_GLYPHS: dict[State, str] = {
    State.RECEIVED: "○",
    State.ASSIGNED: "◔",
    State.CONTACTED: "◑",
    State.UNDECIDED: "◒",
    State.WANTS_HELP: "◕",
    State.CASE_OPEN: "●",
    State.HANDED_OVER: "→",
    State.CASE_CLOSED: "■",
    State.DECLINED: "×",
    State.CLOSED: "×",
    State.DISCARDING: "⌫",
    State.DISCARDED: "∅",
}
STATE_ORDER = tuple(STATE_GLYPHS)

HELD_GLYPH = "⊗"

CONSENT_GLYPHS = {
    Consent.CONFIRMED: "✔",
    Consent.NOT_STATED: "?",
    Consent.DISPUTED: "✖",
    Consent.WITHDRAWN: "✖",
}


def plain(text: str) -> str:
    """For comparing: without case and accents."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in split if not unicodedata.combining(c))


def state_text(state: State) -> str:
    """A glyph and a word."""
    return f"{STATE_GLYPHS[state]} {_(STATE_WORDS[state])}"


def held_text() -> str:
    """A glyph and a word: nobody contacts the client before the consent is known (recital C)."""
    return HELD_GLYPH + " " + _("do not contact")


def standing_text(referral: Referral) -> str:
    """In a list: the state, or that the client is not to be contacted, which matters before any state."""
    return held_text() if referral.on_hold else state_text(referral.state)


def standing_order(referral: Referral) -> int:
    """The place of `standing_text` among the others: what is held stands first."""
    return -1 if referral.on_hold else STATE_ORDER.index(referral.state)


def discard_text(due: Due) -> str:
    """The day on which it goes, or what it waits for."""
    if due.unconfirmed:
        return _("once the hand-over is confirmed")
    return show_date(due.goes_on) or _("blocked: a date is missing")


def consent_text(consent: Consent) -> str:
    """A glyph and a word."""
    return f"{CONSENT_GLYPHS[consent]} {_(CONSENT_WORDS[consent])}"


def flag_text(code: str) -> str:
    """What a person should look at; a code of a newer version as it stands."""
    try:
        return f"⚑ {_(FLAG_WORDS[Flag(code)])}"
    except ValueError:
        return f"⚑ {clean_line(code)}"


def late(referral: Referral, due_on: date | None, today: date) -> bool:
    """Whether its next thing should have happened before today."""
    return referral.is_open and due_on is not None and due_on < today


def late_mark() -> str:
    """A sign and a word."""
    return LATE + " " + _("overdue")


def due_text(referral: Referral, due_on: date | None, today: date) -> str:
    """The due date, marked when it is past."""
    if due_on is None:
        return ""
    day = show_date(due_on)
    return f"{day} {late_mark()}" if late(referral, due_on, today) else day


def name_text(name: str | None, *, masked: bool) -> str:
    """A client's name in one line; a dash when it is not for this user, dots when names are hidden."""
    if name is None:
        return NOT_YOURS
    return MASK if masked else clean_line(name)


def client_name(payload: Payload) -> str:
    """First name and surname."""
    return show_name(payload.client)


def person(names: Mapping[str, str], account: str | None) -> str:
    """A colleague as others know them."""
    if account is None:
        return ""
    if account == RECOVERY:
        return _("recovery key")
    return clean_line(names.get(account, account))


def worker_text(line: Line, names: Mapping[str, str]) -> str:
    """Who works it; marked when it has had nobody for longer than a working day."""
    if line.unclaimed:
        nobody = _("nobody")
        return f"{LATE} {nobody}"
    return person(names, line.referral.assigned_to)


def attempt_text(made: Attempt, recorded: datetime) -> str:
    """Channel, result and part of the day; the moment too where it was recorded later."""
    part = _(PART_OF_DAY_WORDS[made.part])
    moment = show_moment(made.at)
    when = part if moment == show_moment(recorded) else f"{moment}, {part}"
    return f"{_(CHANNEL_WORDS[made.channel])}, {_(result_words(made.channel, made.result))} ({when})"


def alike_text(other: Alike) -> str:
    """Another referral perhaps of the same client, and what they have in common."""
    same = ", ".join(_(TRAIT_WORDS[trait]) for trait in other.same)
    number = _(" · case file %(number)s") % {"number": clean_line(other.case_number or "")}
    return f"≈ {other.reference}: {same}{number if other.case_number else ''}"


def deadline_text(deadline: Deadline) -> str:
    """What is due by when."""
    return f"{show_date(deadline.on)} {_(KIND_WORDS[deadline.kind])}"


def note_of(happening: Happening, notes: list[Note]) -> Note | None:
    """The note that was written with a step: same step, same person, at most some seconds apart."""
    for note in notes:
        close = abs((note.at - happening.at).total_seconds()) <= 10
        if close and note.step == happening.step and note.by == happening.by:
            return note
    return None


def attempt_of(happening: Happening, attempts: list[Attempt]) -> Attempt | None:
    """The attempt that a timeline line tells of: the latest fitting one made before it was recorded."""
    fitting = [
        made
        for made in attempts
        if made.by == happening.by and f"{made.channel}:{made.result}" == happening.detail
    ]
    before = [made for made in fitting if made.at <= happening.at]
    found = before or fitting
    return found[-1] if found else None
