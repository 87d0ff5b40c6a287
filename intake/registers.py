"""The registers beside the referrals: quality notices (P7), breaches (P9, GDPR 33), disclosures (P4), tasks (P9), drafts.

Facts and closed lists. Pure: no I/O, no keys, no clock. What is personal in them is sealed beside these facts or is not
here at all: a notice names the field, never its value. How they stand in the store is in `register_rows.py`.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from intake.causes import Cause
from intake.client import CLIENT_FIELDS
from intake.texts import N_
from intake.words import FIELD_WORDS

BREACH_TIME = timedelta(hours=72)
"""Within which a breach is told, from the moment it is known (GDPR 33.1)."""


class What(StrEnum):
    """What can be amiss with a datum (P7)."""

    WRONG = "wrong"
    INCOMPLETE = "incomplete"
    MISSING = "missing"
    OUTDATED = "outdated"
    SUPERFLUOUS = "superfluous"


WHAT_WORDS: dict[What, str] = {
    What.WRONG: N_("wrong"),
    What.INCOMPLETE: N_("incomplete"),
    What.MISSING: N_("missing"),
    What.OUTDATED: N_("outdated"),
    What.SUPERFLUOUS: N_("superfluous"),
}

CONSENT_FIELD, OTHER_FIELD = "consent", "other"
NOTICE_FIELDS: tuple[str, ...] = (*CLIENT_FIELDS, CONSENT_FIELD, OTHER_FIELD)
"""What a notice can be about: a field of P3, the consent, or (superfluous only) whatever else the form held."""

NOTICE_WORDS: dict[str, str] = {
    **FIELD_WORDS,
    CONSENT_FIELD: N_("Consent"),
    OTHER_FIELD: N_("Data beyond article 3"),
}
"""What a notice can be about."""


class BreachKind(StrEnum):
    """What sort of breach it is."""

    UNENCRYPTED = "unencrypted"
    WRONG_RECIPIENT = "wrong-recipient"
    LOST = "lost"
    ACCESS = "access"
    CHANGED = "changed"
    OTHER = "other"


BREACH_WORDS: dict[BreachKind, str] = {
    BreachKind.UNENCRYPTED: N_("sent without the agreed encryption"),
    BreachKind.WRONG_RECIPIENT: N_("sent to the wrong recipient"),
    BreachKind.LOST: N_("device or paper lost or stolen"),
    BreachKind.ACCESS: N_("seen by someone who may not"),
    BreachKind.CHANGED: N_("data lost or changed"),
    BreachKind.OTHER: N_("another breach"),
}

INCIDENTS = frozenset({Cause.NOT_ENCRYPTED, Cause.WEAK_ENCRYPTION})
"""Causes of the quarantine that are themselves a breach to look at (P6)."""


class Subject(StrEnum):
    """What a task is about (P9, second paragraph; A, advice)."""

    LAW = "law"
    PROCESSORS = "processors"
    PUBLICATION = "publication"
    OTHER = "other"


SUBJECT_WORDS: dict[Subject, str] = {
    Subject.LAW: N_("change of law"),
    Subject.PROCESSORS: N_("change of processors"),
    Subject.PUBLICATION: N_("publication"),
    Subject.OTHER: N_("other"),
}

LIST_CHANGED = N_("The list of processors changed: send Opgroeien the new one at once.")
"""Why the program itself opens a task; kept as it stands here and translated where it is shown."""


class DraftKind(StrEnum):
    """What a mail that is prepared says."""

    QUALITY = "quality"
    ASK = "ask"
    BREACH = "breach"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice of data quality (P7); `due_on` is the day of the reminder, no value is in it."""

    id: str
    reference: str
    field: str
    what: What
    opened_at: datetime
    opened_by: str
    due_on: date
    answered_on: date | None = None
    answered_by: str | None = None


@dataclass(frozen=True, slots=True)
class Breach:
    """The facts of a breach that say nothing of anybody (P9); what happened is sealed beside them."""

    id: str
    kind: BreachKind
    known_at: datetime
    opened_at: datetime
    opened_by: str
    references: tuple[str, ...] = ()
    quarantine: tuple[str, ...] = ()
    noticed_at: datetime | None = None
    noticed_by: str | None = None
    closed_on: date | None = None
    closed_by: str | None = None

    @property
    def due_at(self) -> datetime:
        """The moment by which it must have been told (GDPR 33.1)."""
        return self.known_at + BREACH_TIME

    def hours_left(self, now: datetime) -> int | None:
        """Whole hours until `due_at`, negative when it is past; None once told."""
        if self.noticed_at is not None:
            return None
        return int((self.due_at - now).total_seconds() // 3600)


@dataclass(frozen=True, slots=True, repr=False)
class BreachText:
    """What GDPR 33.3 asks to tell: nature, categories and numbers, consequences, measures. Sealed."""

    what: str = ""
    categories: str = ""
    people: int | None = None
    records: int | None = None
    consequences: str = ""
    measures: str = ""
    closing: str = ""

    def __repr__(self) -> str:
        return "BreachText(…)"

    @property
    def texts(self) -> tuple[str, ...]:
        """All that someone wrote."""
        return (self.what, self.categories, self.consequences, self.measures, self.closing)


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Fields of a client that were given to a partner, with the client's agreement (P4)."""

    id: str
    reference: str
    partner: str
    fields: tuple[str, ...]
    at: datetime
    by: str
    agreed_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Task:
    """Something the protocol asks of the office, done with a proof (P9)."""

    id: str
    subject: Subject
    why: str
    due_on: date
    opened_at: datetime
    opened_by: str
    done_on: date | None = None
    done_by: str | None = None
    proof: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail to be put among the drafts. `message_id` is fixed before, so that it is never put there twice.

    `about` is what it is about: a notice, a breach, or the referral itself; `references` are the referrals with which
    it must go. `placed_at` None means: still to be placed.
    """

    id: str
    kind: DraftKind
    about: str
    references: tuple[str, ...]
    created_at: datetime
    created_by: str
    message_id: str | None = None
    placed_at: datetime | None = None

    @property
    def mark(self) -> str:
        """The number in its subject: the OCMW's own, and not of the referral."""
        return self.id if self.kind is DraftKind.ASK else self.about
