"""What someone should look at and by when, of registers and agreement, soonest first. Pure.

The deadlines of a referral's own steps are in `deadlines.py`; who sees which reminder is decided in `desk/reminders.py`.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from intake.agreement import CHECK_PUBLICATION_MONTHS, Agreement
from intake.deadlines import Targets, assign_by
from intake.formats import show_moment
from intake.referral import Referral
from intake.registers import Breach, Draft, Notice, Task
from intake.rejecting import SOON_DAYS
from intake.texts import N_
from intake.workdays import Calendar, end_of_day, local_date

END_WARNED_DAYS = 60
"""How long before the agreement ends it is told."""


class Kind(StrEnum):
    """What a reminder is about."""

    BREACH = "breach"
    BREACH_SEND = "breach-send"
    QUALITY = "quality"
    DRAFT = "draft"
    TASK = "task"
    UNASSIGNED = "unassigned"
    AGREEMENT = "agreement"
    PUBLICATION = "publication"
    PROCESSORS = "processors"
    QUARANTINE = "quarantine"
    MISSED = "missed"


KIND_WORDS: dict[Kind, str] = {
    Kind.BREACH: N_("tell the DPOs of the breach"),
    Kind.BREACH_SEND: N_("send the draft to the DPOs and record when"),
    Kind.QUALITY: N_("notice of data quality without an answer"),
    Kind.DRAFT: N_("draft still to be placed in the mailbox"),
    Kind.TASK: N_("task to do"),
    Kind.UNASSIGNED: N_("referral that is nobody's yet"),
    Kind.AGREEMENT: N_("the agreement ends"),
    Kind.PUBLICATION: N_("look whether the protocol is still published"),
    Kind.PROCESSORS: N_("send Opgroeien the list of processors"),
    Kind.QUARANTINE: N_("message in quarantine on which nobody decided"),
    Kind.MISSED: N_("mail taken out of the inbox before it was read: look for it in the other folders"),
}


@dataclass(frozen=True, slots=True)
class Reminder:
    """One thing to look at. `id` is the number of what it is about, or the name of a publishing party.

    `due_at` is in UTC; where only a day counts, the end of that day. `who` is whose it is, None for everybody's.
    """

    kind: Kind
    id: str
    due_at: datetime
    overdue: bool
    who: str | None = None

    @property
    def due_on(self) -> date:
        """The Belgian day on which it is due."""
        return local_date(self.due_at)


def _by_day(kind: Kind, key: str, day: date, today: date, who: str | None = None) -> Reminder:
    return Reminder(kind, key, end_of_day(day), today > day, who)


def of_quality(notices: Iterable[Notice], today: date) -> list[Reminder]:
    """Notices without an answer (P7)."""
    return [
        _by_day(Kind.QUALITY, n.id, n.due_on, today, n.opened_by) for n in notices if n.answered_on is None
    ]


def of_breaches(
    breaches: Iterable[Breach], now: datetime, ready: Collection[str] = frozenset()
) -> list[Reminder]:
    """Breaches of which the DPOs were not told yet (P9, GDPR 33.1); `ready` are those whose draft lies in the mailbox."""
    return [
        Reminder(Kind.BREACH_SEND if b.id in ready else Kind.BREACH, b.id, b.due_at, now > b.due_at)
        for b in breaches
        if b.noticed_at is None and b.closed_on is None
    ]


def of_drafts(drafts: Iterable[Draft], today: date) -> list[Reminder]:
    """Drafts that the mailbox did not take yet."""
    return [
        _by_day(Kind.DRAFT, d.about, local_date(d.created_at), today, d.created_by)
        for d in drafts
        if d.placed_at is None
    ]


def of_tasks(tasks: Iterable[Task], today: date) -> list[Reminder]:
    """Tasks to do (P9)."""
    return [_by_day(Kind.TASK, t.id, t.due_on, today) for t in tasks if t.done_on is None]


def of_quarantine(goes: Iterable[tuple[str, date]], today: date) -> list[Reminder]:
    """Items that go within a week although nobody decided on them; each with the day on which it goes."""
    soon = timedelta(days=SOON_DAYS)
    return [
        _by_day(Kind.QUARANTINE, item, on - timedelta(days=1), today)
        for item, on in goes
        if on - soon <= today
    ]


def of_missed(missed: Iterable[tuple[datetime, datetime]], today: date) -> list[Reminder]:
    """Mails that someone took out of the inbox before they were read: when first seen, and when missed."""
    by_moment = {show_moment(seen): local_date(noticed) for seen, noticed in sorted(missed)}
    return [_by_day(Kind.MISSED, moment, day, today) for moment, day in by_moment.items()]


def of_unassigned(
    referrals: Iterable[Referral], today: date, targets: Targets, calendar: Calendar
) -> list[Reminder]:
    """Open referrals that are nobody's one working day after they were received."""
    found = []
    for referral in referrals:
        due = assign_by(referral, targets, calendar)
        if due is not None and today >= due:
            found.append(_by_day(Kind.UNASSIGNED, referral.reference, due, today))
    return found


def of_agreement(agreement: Agreement, today: date) -> list[Reminder]:
    """Its end, 60 days ahead (P5, P11); texts at which nobody looked for a year (A); a list that was not sent (P6, P9)."""
    found = []
    end = agreement.ends_on
    if end is not None and end - timedelta(days=END_WARNED_DAYS) <= today < end:
        found.append(_by_day(Kind.AGREEMENT, agreement.reference or agreement.ocmw, end, today))
    for publication in agreement.publications_to_check(today):
        last = publication.checked_on
        due = last + relativedelta(months=CHECK_PUBLICATION_MONTHS) if last else today
        found.append(_by_day(Kind.PUBLICATION, publication.by, due, today))
    if agreement.processors_on(today) and agreement.processors_sent_on is None:
        found.append(_by_day(Kind.PROCESSORS, str(agreement.processors_version), today, today))
    return found


def soonest_first(reminders: Iterable[Reminder]) -> list[Reminder]:
    """In the order in which they are due."""
    return sorted(reminders, key=lambda r: (r.due_at, r.kind.value, r.id))
