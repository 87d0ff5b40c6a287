"""The timeline in words: what each step was, and with what. Pure; drawing it is for screens, commands and papers."""

from collections.abc import Mapping
from datetime import date

from intake.client import Consent
from intake.formats import show_date
from intake.plaintext import clean_line
from intake.referral import Channel, Closure, Happening, Result, Step, Wish
from intake.texts import N_, _
from intake.words import CHANNEL_WORDS, CLOSURE_WORDS, CONSENT_WORDS, STEP_WORDS, WISH_WORDS, result_words

_OTHER_STEPS = {
    "import": N_("Received and decrypted"),
    "register": N_("Registered by hand"),
    "unassign": N_("Nobody's any more"),
    "merge": N_("Merged with a duplicate"),
}
"""What stands in a timeline and is no step that a user takes."""


_SEEN_WORDS = {"read": N_("read"), "export": N_("exported"), "print": N_("printed")}
_PLACE_WORDS = {
    "store": N_("store"),
    "closed-matters": N_("file of closed matters"),
    "quarantine": N_("quarantine"),
    "backup": N_("backup"),
    "mailbox": N_("mailbox"),
    "folder": N_("folder of the mailbox"),
    "drafts": N_("drafts in the mailbox"),
    "other-mailbox": N_("the mailbox it came from, another than the one in the settings"),
    "unknown-mails": N_("the messages it came from, of which nothing is known any more"),
}


def recent_text(code: str) -> str:
    """What was done late with a referral that is about to go (`intake.desk.planning.Recent`)."""
    return _(_SEEN_WORDS[code]) if code in _SEEN_WORDS else step_text(code)


def place_text(name: str) -> str:
    """A place where a discarded referral was searched (`intake.desk.searching.Place`)."""
    code, _colon, rest = name.partition(":")
    return _(_PLACE_WORDS[code]) + (f" {clean_line(rest)}" if rest else "")


def step_text(code: str) -> str:
    """The words of a step of the timeline."""
    if code in _OTHER_STEPS:
        return _(_OTHER_STEPS[code])
    try:
        return _(STEP_WORDS[Step(code)])
    except ValueError:
        return clean_line(code)


def detail_text(happening: Happening, names: Mapping[str, str]) -> str:
    """The words of a timeline line's code; `names` are the staff's display names by account."""
    detail = happening.detail
    try:
        match happening.step:
            case Step.ASSIGN | Step.TAKE | Step.UNASSIGN:
                return clean_line(names.get(detail, detail))
            case Step.CONSENT:
                return _(CONSENT_WORDS[Consent(detail)])
            case Step.WISH:
                return _(WISH_WORDS[Wish(detail)])
            case Step.INFORM | Step.HOLD:
                return show_date(date.fromisoformat(detail))
            case Step.CLOSE:
                return _(CLOSURE_WORDS[Closure(detail)])
            case Step.ATTEMPT:
                code, _sign, result = detail.partition(":")
                channel = Channel(code)
                return f"{_(CHANNEL_WORDS[channel])}, {_(result_words(channel, Result(result)))}"
    except ValueError:
        pass
    return clean_line(detail)
