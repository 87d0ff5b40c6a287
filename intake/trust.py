"""Whether the sender of a message is who may send: trusted, alone, and no imitation; and what one's own mail server says of it.

Pure of the store and the network. What a message holds is judged in `receive.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from intake.causes import Cause
from intake.mail.authenticity import Verdict, verdict
from intake.mail.lookalike import look_alike, plain
from intake.mail.message import Incoming
from intake.plaintext import clean_line
from intake.referral import Flag
from intake.texts import N_, _

if TYPE_CHECKING:
    from intake.config import OfficeSettings

__all__ = [
    "NOT_JUDGED",
    "Doubt",
    "Policy",
    "SenderTerms",
    "doubt",
    "is_trusted",
    "sender_flags",
    "sender_terms",
    "trusts",
]


class Policy(StrEnum):
    """What a sender whom one's own mail server does not confirm means: quarantine, a flag, or nothing."""

    REQUIRE = "require"
    WARN = "warn"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class SenderTerms:
    """How senders are judged. Without a `server` whose word counts nothing is known, so nothing is said of it."""

    policy: Policy = Policy.OFF
    server: str = ""

    @property
    def judges(self) -> bool:
        """Whether the mail server's word is looked at."""
        return self.policy is not Policy.OFF and bool(self.server)

    @property
    def words(self) -> str:
        """What is done, in the user's language."""
        if self.policy is Policy.OFF:
            return _("not looked at")
        if not self.server:
            return _("not looked at: the mail server is not named")
        words = _("required") if self.policy is Policy.REQUIRE else _("a remark where not confirmed")
        return f"{words} ({clean_line(self.server)})"


def sender_terms(settings: "OfficeSettings") -> SenderTerms:
    """Those that an office has set."""
    return SenderTerms(Policy(settings.authenticity), settings.authentication_server)


NOT_JUDGED = SenderTerms()
"""Nobody's word is looked at."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a sender is not taken for one that may send; `seen` says in plain letters what there was to see."""

    cause: Cause
    seen: str = field(default="", repr=False)


_VERDICT_WORDS = {
    Verdict.FAIL: N_("The mail server says that the message does not come from where its sender says."),
    Verdict.NONE: N_("The mail server says nothing that confirms the sender."),
}


def is_trusted(incoming: Incoming, trusted: Sequence[str]) -> bool:
    """Whether the one sender's address or its exact domain is trusted. No list set means nobody is.

    A message with several From addresses has no one sender.
    """
    return incoming.sender is not None and incoming.senders == 1 and trusts(incoming.sender, trusted)


def trusts(address: str, trusted: Sequence[str]) -> bool:
    """Whether an address or its exact domain is one of those trusted."""
    return address in trusted or address.rpartition("@")[2] in trusted


def doubt(incoming: Incoming, trusted: Sequence[str], terms: SenderTerms) -> Doubt | None:
    """Why this message is not of someone who may send; None where it is."""
    origins = incoming.source.origins
    if not is_trusted(incoming, trusted):
        trick = look_alike(origins, incoming.sender, trusted)
        if trick is not None:
            words = {"seen": trick.seen, "trusted": trick.trusted}
            return Doubt(Cause.LOOK_ALIKE_SENDER, _("%(seen)s; looks like %(trusted)s") % words)
        shown = plain(" | ".join(origins))
        if incoming.senders > 1:
            return Doubt(Cause.SEVERAL_SENDERS, shown)
        return Doubt(Cause.UNKNOWN_SENDER, "" if incoming.sender else shown)
    if terms.policy is Policy.REQUIRE and (said := _said(incoming, terms)) is not Verdict.PASS:
        return Doubt(Cause.NOT_AUTHENTIC, _(_VERDICT_WORDS[said]))
    return None


def sender_flags(incoming: Incoming, terms: SenderTerms) -> tuple[Flag, ...]:
    """What a person should know of the sender of a message that is taken in."""
    flags: list[Flag] = []
    if terms.judges:
        said = _said(incoming, terms)
        if said is Verdict.FAIL:
            flags.append(Flag.SENDER_DENIED)
        elif said is Verdict.NONE:
            flags.append(Flag.SENDER_UNCONFIRMED)
    answers = incoming.source.reply_to
    if answers is not None and answers.rpartition("@")[2] != (incoming.sender or "").rpartition("@")[2]:
        flags.append(Flag.ANSWERS_ELSEWHERE)
    return tuple(flags)


def _said(incoming: Incoming, terms: SenderTerms) -> Verdict:
    if not terms.server:
        return Verdict.NONE
    return verdict(incoming.source.trace, terms.server, (incoming.sender or "").rpartition("@")[2])
