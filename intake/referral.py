"""The referral as workflow facts: its states, the closed lists, what was done. Pure: no I/O, no keys, no clock.

The client's data and the notes are not here: they are sealed beside these facts. The steps it may lawfully take are
in `steps.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from intake.client import Consent
from intake.workdays import PartOfDay, part_of_day


class State(StrEnum):
    """Where a referral stands (design, "Steps of a referral")."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    CONTACTED = "contacted"
    UNDECIDED = "undecided"
    WANTS_HELP = "wants-help"
    CASE_OPEN = "case-open"
    HANDED_OVER = "handed-over"
    CASE_CLOSED = "case-closed"
    DECLINED = "declined"
    CLOSED = "closed"
    DISCARDING = "discarding"
    DISCARDED = "discarded"


OPEN_STATES = frozenset(
    {
        State.RECEIVED,
        State.ASSIGNED,
        State.CONTACTED,
        State.UNDECIDED,
        State.WANTS_HELP,
        State.CASE_OPEN,
    }
)
GONE_STATES = frozenset({State.DISCARDING, State.DISCARDED})


class Channel(StrEnum):
    """How contact was sought."""

    PHONE = "phone"
    EMAIL = "email"
    VISIT = "visit"
    LETTER = "letter"
    SMS = "sms"


class Result(StrEnum):
    """What an attempt led to."""

    REACHED = "reached"
    NO_ANSWER = "no-answer"
    VOICEMAIL = "voicemail"
    WRONG_NUMBER = "wrong-number"
    CARD_LEFT = "card-left"
    APPOINTMENT = "appointment"
    NO_SHOW = "no-show"


CONTACT_RESULTS = frozenset({Result.REACHED, Result.APPOINTMENT})
"""With these the client was spoken to: contact took place (P3)."""

RESULTS_BY_CHANNEL: dict[Channel, frozenset[Result]] = {
    Channel.PHONE: frozenset(Result) - {Result.CARD_LEFT},
    Channel.EMAIL: frozenset({Result.REACHED, Result.NO_ANSWER, Result.APPOINTMENT, Result.NO_SHOW}),
    Channel.SMS: frozenset(
        {Result.REACHED, Result.NO_ANSWER, Result.WRONG_NUMBER, Result.APPOINTMENT, Result.NO_SHOW}
    ),
    Channel.VISIT: frozenset(Result) - {Result.VOICEMAIL, Result.WRONG_NUMBER},
    Channel.LETTER: frozenset({Result.REACHED, Result.NO_ANSWER, Result.APPOINTMENT, Result.NO_SHOW}),
}


class Wish(StrEnum):
    """Whether the client wants help (P3)."""

    YES = "yes"
    NO = "no"
    UNDECIDED = "undecided"


class Closure(StrEnum):
    """Why a referral was closed without a case file (design, "Steps of a referral")."""

    UNREACHABLE = "unreachable"
    CONSENT_WITHDRAWN = "consent-withdrawn"
    WRONG_OCMW = "wrong-ocmw"
    DUPLICATE = "duplicate"
    ALREADY_KNOWN = "already-known"
    DECEASED = "deceased"


class Step(StrEnum):
    """What can be done with a referral. `LETTER` changes nothing of it: it is logged as an export, and has no version."""

    ASSIGN = "assign"
    TAKE = "take"
    UNASSIGN = "unassign"
    CONSENT = "consent"
    ATTEMPT = "attempt"
    WISH = "wish"
    CASE_OPEN = "case-open"
    CASE_HAND_OVER = "case-hand-over"
    CASE_CONFIRM = "case-confirm"
    CASE_CLOSE = "case-close"
    CLOSE = "close"
    REOPEN = "reopen"
    ASK = "ask"
    INFORM = "inform"
    HOLD = "hold"
    RELEASE = "release"
    QUALITY = "quality"
    DISCLOSE = "disclose"
    LETTER = "letter"


class Flag(StrEnum):
    """What a person should look at; never a reason to refuse by machine."""

    FOREIGN_POSTCODE = "foreign-postcode"
    NAMES_READABLE = "names-readable"
    SUPERFLUOUS = "superfluous"
    SUPERFLUOUS_SEEN = "superfluous-seen"
    BY_HAND = "by-hand"
    SENDER_DENIED = "sender-denied"
    SENDER_UNCONFIRMED = "sender-unconfirmed"
    ANSWERS_ELSEWHERE = "answers-elsewhere"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One contact attempt; `at` in UTC."""

    at: datetime
    by: str
    channel: Channel
    result: Result

    @property
    def part(self) -> PartOfDay:
        """The part of the day it fell on, in Belgian time."""
        return part_of_day(self.at)


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the timeline: which step, when (UTC), by whom, with a code and no free text."""

    at: datetime
    by: str
    step: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Referral:
    """The workflow facts of one referral: nothing in it says who the client is.

    `mail` is the ledger's key of the message it came from, by which its discard finds the message. `likeness` holds
    keyed hashes of the client's name, telephone and so on, by which the same client is noticed (`intake.likeness`).
    `informed_on` is when the client was told what is held and where it came from (GDPR 14); `asked_on` when the sender
    was asked about the consent; `hold_until` the last day on which a hold keeps it from being discarded. `opened_with` is the label
    of the archive passphrase that fitted, None for one that was registered by hand.
    """

    reference: str
    version: int
    state: State
    received_at: datetime
    imported_at: datetime
    consent: Consent
    flags: tuple[str, ...] = ()
    assigned_to: str | None = None
    attempts: tuple[Attempt, ...] = ()
    contacted_at: datetime | None = None
    wish: Wish | None = None
    wish_at: datetime | None = None
    case_number: str | None = None
    case_opened_on: date | None = None
    case_opened_by: str | None = None
    case_closed_on: date | None = None
    handed_over_on: date | None = None
    hand_over_confirmed_on: date | None = None
    closed_because: Closure | None = None
    closed_on: date | None = None
    duplicate_of: str | None = None
    informed_on: date | None = None
    asked_on: date | None = None
    hold_until: date | None = None
    opened_with: str | None = None
    likeness: Mapping[str, str] = field(default_factory=dict)
    mail: str | None = None
    timeline: tuple[Happening, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether there is still work to do on it."""
        return self.state in OPEN_STATES

    @property
    def on_hold(self) -> bool:
        """Held because consent is not confirmed: nobody contacts the client (recital C)."""
        return self.is_open and self.consent is not Consent.CONFIRMED

    @property
    def parts_of_day_tried(self) -> frozenset[PartOfDay]:
        """On which parts of the day contact was sought."""
        return frozenset(a.part for a in self.attempts)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a step is open now; `why_not` is a sentence in the user's language."""

    step: Step
    allowed: bool
    why_not: str = ""
