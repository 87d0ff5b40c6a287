"""The words of what is counted and kept: message ids, translated where they are shown. Pure."""

from intake import figures
from intake.causes import CAUSE_TITLES, Cause
from intake.referral import Wish
from intake.retention import Outcome
from intake.texts import N_, _
from intake.words import OUTCOME_WORDS

CELL_WORDS: dict[str, str] = {
    figures.RECEIVED: N_("Received"),
    figures.CONTACTED: N_("Contact made"),
    figures.NOT_CONTACTED: N_("No contact yet"),
    f"wish-{Wish.YES.value}": N_("Wants help"),
    f"wish-{Wish.NO.value}": N_("Declines help"),
    f"wish-{Wish.UNDECIDED.value}": N_("Undecided"),
    figures.NO_WISH: N_("Wish not known"),
    figures.CASE_OPENED: N_("Case file opened"),
    figures.NO_CASE: N_("No case file"),
    figures.STILL_OPEN: N_("Not ended"),
    "quarantined": N_("Messages to quarantine"),
}


def left_out_words() -> str:
    """What the mark of a cell means that was left out."""
    return _("%(mark)s left out, because it would give a small number away") % {"mark": figures.LEFT_OUT}


def outcome_words(outcome: Outcome | str) -> str:
    """How a referral ended, in the user's language; the code of an outcome that has no words yet."""
    code = str(outcome)
    return _(OUTCOME_WORDS[code]) if code in OUTCOME_WORDS else code


def cell_words(name: str) -> str:
    """What a cell of the statistics counts, in the user's language."""
    if name in CELL_WORDS:
        return _(CELL_WORDS[name])
    kind, _dash, code = name.partition("-")
    if kind == "ended":
        return _("Ended: %(how)s") % {"how": outcome_words(code)}
    if kind == "quarantine" and code in set(Cause):
        return _("Quarantine: %(cause)s") % {"cause": _(CAUSE_TITLES[Cause(code)])}
    return name
