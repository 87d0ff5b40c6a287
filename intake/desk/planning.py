"""What is due on a day, what waits and for what, and what someone should look at before it goes (P3).

Looking only: discarding is in `discarding.py`, holds in `holds.py`, lists of case files in `destruction.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from intake import retention
from intake.desk.destruction import approved_items
from intake.desk.office import Office
from intake.referral import Referral, State
from intake.rows import QUARANTINE, REFERRALS, moment_of
from intake.staff import Right

SEEN = frozenset({"read", "export", "print"})
"""Actions in the log by which someone looked at one referral; a worklist shows all of them and means none."""

_LONGEST_LOOK_BACK = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A discard that has begun and not ended: the data are gone from the store, a mail is not.

    `outcome` is "" and `due_on` None where a restore knew no more of it. `rejected`: it is a message of the quarantine.
    """

    reference: str
    cause: str
    outcome: str = ""
    basis: str = ""
    due_on: date | None = None
    rejected: bool = False

    @property
    def untried(self) -> bool:
        """Whether no run began it yet: a message that was rejected goes at the next one."""
        return self.rejected and not self.cause

    @classmethod
    def of(cls, key: str, row: Mapping[str, Any]) -> "Waiting":
        """As its row says."""
        due_on = date.fromisoformat(row["due_on"]) if row.get("due_on") else None
        return cls(key, row["cause"], row.get("outcome", ""), row.get("basis", ""), due_on)


@dataclass(frozen=True, slots=True)
class Recent:
    """Something that was done or read late of a referral that is about to go: a step's name, or one of `SEEN`."""

    reference: str
    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """What is due on a day, what is not and why, and what is still being discarded.

    `held` are those that a hold keeps, `unconfirmed` those whose hand-over nobody confirmed, `second_person` those whose
    time is over and that no approved list names. `approved` has the list for those that one names.
    """

    on: date
    due: tuple[retention.Due, ...]
    later: tuple[retention.Due, ...]
    blocked: tuple[retention.Due, ...]
    second_person: tuple[retention.Due, ...]
    waiting: tuple[Waiting, ...]
    held: tuple[retention.Due, ...] = ()
    unconfirmed: tuple[retention.Due, ...] = ()
    recent: tuple[Recent, ...] = ()
    approved: Mapping[str, str] = field(default_factory=dict)

    @property
    def soon(self) -> tuple[retention.Due, ...]:
        """Those that will go within the week that follows; each is in `later` or `held` as well."""
        until = self.on + timedelta(days=retention.SOON_DAYS)
        return tuple(
            due
            for due in (*self.later, *self.held)
            if due.goes_on is not None
            and self.on < due.goes_on <= until
            and (not due.second_person or due.reference in self.approved)
        )


def rejected(office: Office) -> list[Waiting]:
    """The items of the quarantine that are decided while a message of theirs is still to be removed."""
    found = []
    for key, row in office.snapshot().rows(QUARANTINE):
        if "sealed" not in row:
            office.verify(row, QUARANTINE, key)
            found.append(Waiting(key, row["waits"], rejected=True))
    return found


class Planning:
    """Use cases on what is to be discarded. Runs without a reader's key."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def plan(self, on: date | None = None) -> Plan:
        """What is due on `on` (today when None), and what of it saw recent activity."""
        office = self._office
        office.require(Right.RETENTION_PLAN)
        day = on or office.today()
        found: list[retention.Due] = []
        waiting: list[Waiting] = []
        referrals: dict[str, Referral] = {}
        staff, periods = office.directory, office.settings.periods
        for key, row in office.referrals(closed=True):
            if row["state"] == State.DISCARDING.value:
                office.verify(row, REFERRALS, key, staff)
                waiting.append(Waiting.of(key, row))
                continue
            referral = office.facts(row, key, staff)
            item = retention.due(referral, periods)
            if item is not None:
                found.append(item)
                referrals[key] = referral
        waiting += rejected(office)
        approved = approved_items(office.closed().rows, office.directory)
        names = {r: a.list_id for r, a in approved.items() if r in referrals and a.names(referrals[r])}
        free = [d for d in found if d.on is not None and not d.is_held(day)]
        plan = Plan(
            on=day,
            due=tuple(d for d in free if d.is_due(day, approved=d.reference in names)),
            later=tuple(d for d in free if d.on is not None and d.on > day),
            blocked=tuple(d for d in found if d.on is None and not d.unconfirmed),
            second_person=tuple(
                d for d in free if d.has_come(day) and d.second_person and d.reference not in names
            ),
            waiting=tuple(waiting),
            held=tuple(d for d in found if d.on is not None and d.is_held(day)),
            unconfirmed=tuple(d for d in found if d.unconfirmed),
            approved=names,
        )
        looked_at = (*plan.due, *plan.soon, *plan.second_person)
        return replace(plan, recent=self._recent([referrals[d.reference] for d in looked_at], day))

    def waiting(self) -> tuple[Waiting, ...]:
        """What is still being discarded (*nog te wissen*), with what each waits for."""
        office = self._office
        office.require(Right.RETENTION_PLAN)
        jobs = [(k, r) for k, r in office.referrals(closed=True) if r["state"] == State.DISCARDING.value]
        for key, row in jobs:
            office.verify(row, REFERRALS, key)
        return (*(Waiting.of(key, row) for key, row in jobs), *rejected(office))

    def _recent(self, referrals: Sequence[Referral], day: date) -> tuple[Recent, ...]:
        """The last thing that was done with each of them, or who looked at it, since it ended (P3)."""
        office = self._office
        if not referrals:
            return ()
        days = office.settings.recent_activity_days
        since = {r.reference: retention.recent_from(r, day, days) for r in referrals}
        last: dict[str, Recent] = {}
        for referral in referrals:
            line = retention.recent_step(referral, since[referral.reference])
            if line is not None:
                last[referral.reference] = Recent(referral.reference, line.step, line.at)
        earliest = max(min(since.values()), office.now() - _LONGEST_LOOK_BACK)
        for entry in office.store.journal.entries(since=earliest):
            if entry.action not in SEEN:
                continue
            at = moment_of(entry.at).replace(microsecond=0)
            for reference in since.keys() & set(entry.references):
                known = last.get(reference)
                if at >= since[reference] and (known is None or at >= known.at):
                    last[reference] = Recent(reference, entry.action, at)
        return tuple(last[reference] for reference in sorted(last))
