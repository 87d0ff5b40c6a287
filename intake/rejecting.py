"""Why a message in quarantine is rejected, and what the sender is told of it. Pure.

Who may reject and what becomes of the message is in `intake/desk`.
"""

from datetime import date, timedelta
from enum import StrEnum

from intake.causes import Cause
from intake.texts import N_

SOON_DAYS = 7
"""A message that goes within so many days without a decision is told beforehand."""


class Because(StrEnum):
    """The closed list of reasons; `EXPIRED` is the retention's own."""

    SEND_AGAIN = "send-again"
    NOT_ENCRYPTED = "not-encrypted"
    TOO_MUCH = "too-much"
    WRONG_OCMW = "wrong-ocmw"
    DUPLICATE = "duplicate"
    NO_REFERRAL = "no-referral"
    OTHER = "other"
    EXPIRED = "expired"


BECAUSE_WORDS: dict[Because, str] = {
    Because.SEND_AGAIN: N_("cannot be read: to be sent again"),
    Because.NOT_ENCRYPTED: N_("not encrypted as agreed (P6)"),
    Because.TOO_MUCH: N_("holds data that may not be received (P3)"),
    Because.WRONG_OCMW: N_("meant for another OCMW"),
    Because.DUPLICATE: N_("was received already"),
    Because.NO_REFERRAL: N_("is no referral"),
    Because.OTHER: N_("another reason"),
    Because.EXPIRED: N_("nobody decided in time"),
}
CHOICES = tuple(because for because in Because if because is not Because.EXPIRED)
"""What a person may choose."""

TOLD = frozenset({Because.SEND_AGAIN, Because.NOT_ENCRYPTED, Because.TOO_MUCH, Because.WRONG_OCMW})
"""Reasons of which the sender is told, unless the team lead decides otherwise."""

_USUAL = {
    Cause.NOT_ENCRYPTED: Because.NOT_ENCRYPTED,
    Cause.WEAK_ENCRYPTION: Because.NOT_ENCRYPTED,
    Cause.SPECIAL_CATEGORY: Because.TOO_MUCH,
    Cause.NO_ARCHIVE: Because.NO_REFERRAL,
    Cause.UNKNOWN_SENDER: Because.NO_REFERRAL,
    Cause.LOOK_ALIKE_SENDER: Because.NO_REFERRAL,
    Cause.SEVERAL_SENDERS: Because.NO_REFERRAL,
    Cause.NOT_AUTHENTIC: Because.NO_REFERRAL,
    Cause.AUTO_REPLY: Because.NO_REFERRAL,
    Cause.BOUNCE: Because.NO_REFERRAL,
}

UNANSWERED = frozenset(
    {Cause.LOOK_ALIKE_SENDER, Cause.SEVERAL_SENDERS, Cause.NOT_AUTHENTIC, Cause.AUTO_REPLY, Cause.BOUNCE}
)
"""Causes on which nobody is written to: the sender is a machine, or not who it seems."""


def is_told(cause: Cause, because: Because) -> bool:
    """Whether the sender is told of it, unless the team lead decides otherwise."""
    return because in TOLD and cause not in UNANSWERED


def usual(cause: Cause) -> Because:
    """The reason that most often goes with a cause; a person chooses."""
    return _USUAL.get(cause, Because.SEND_AGAIN)


def goes_on(quarantined_on: date, keep_days: int) -> date:
    """The first day on which an item goes although nobody decided on it: the quarantine's own retention (GDPR 5.1(e))."""
    return quarantined_on + timedelta(days=keep_days)
