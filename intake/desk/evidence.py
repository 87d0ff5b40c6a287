"""What the evidence says (P6), gathered from settings, store, log and backups. Nothing of it is about one client.

Counts of referrals come from `intake/figures.py` with small cells hidden. What proves a measure is told as it is: messages
that came unencrypted, backups, accounts, notices and breaches by their state.
"""

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from dateutil.relativedelta import relativedelta

from intake.causes import Cause
from intake.counts import CountFacts, facts_for_counts
from intake.desk.office import Office
from intake.desk.standing import secrecy_due
from intake.figures import RECEIVED, SMALLEST_SHOWN, Statistics, Told, statistics_of, told_of
from intake.paperwork.counting import shared_json
from intake.paperwork.register import contact_json, day_json, party_json, processor_json, register_entry
from intake.referral import State
from intake.rows import REFERRALS, TOMBSTONES, from_row, iso, moment_of
from intake.staff import Role
from intake.workdays import local_date
from storage.errors import StorageError
from storage.journal import Verification
from storage.sealing import verify_row
from storage.users import ACTIVE, INVITED

if TYPE_CHECKING:
    from intake.desk.desk import Desk

LAST_RUNS = 12
BY_HAND = "by-hand"
"""Where the log tells of no archive."""
_AES = frozenset({"AES-256", "7zAES"})
"""How the log names the encryption that was agreed (P6)."""
_NOT_ENCRYPTED = (Cause.NOT_ENCRYPTED, Cause.WEAK_ENCRYPTION)
"""What came in against the agreed encryption (P6)."""


@dataclass
class LogFacts:
    """What the log tells of encryption, quarantine and retention; of nobody in particular."""

    methods: Counter[str] = field(default_factory=Counter)
    quarantined: list[tuple[date, Cause]] = field(default_factory=list)
    discarded: Counter[str] = field(default_factory=Counter)
    run_days: list[date] = field(default_factory=list)


def log_facts(office: Office) -> LogFacts:
    """Read the log once. Quarantine is counted here alone: an item that was decided is gone from the store."""
    found = LogFacts()
    for entry in office.store.journal.entries():
        detail = entry.detail
        if entry.action == "import":
            found.methods[str(detail.get("method") or BY_HAND)] += 1
        elif entry.action == "quarantine":
            with suppress(ValueError):  # a cause of a newer program
                found.quarantined.append((_day_of(entry.at), Cause(str(detail.get("cause")))))
        elif entry.action == "discarded":
            found.discarded[str(detail.get("outcome", ""))] += len(entry.references)
            if not found.run_days or found.run_days[-1] != _day_of(entry.at):
                found.run_days.append(_day_of(entry.at))
    return found


def _day_of(at: str) -> date:
    return local_date(moment_of(at))


def count_facts(office: Office) -> tuple[CountFacts, ...]:
    """What is counted of every referral, kept or discarded, each row verified."""
    staff = office.directory
    kept, remains = [], []
    for key, row in office.referrals(closed=True):
        office.verify(row, REFERRALS, key, staff)
        if row["state"] == State.DISCARDING.value:
            remains.append(row)
        else:
            kept.append(from_row(row))
    for key, row in office.closed().rows(TOMBSTONES):
        office.verify(row, TOMBSTONES, key, staff)
        remains.append(row)
    return facts_for_counts(kept, remains)


def statistics_now(
    office: Office, since: date | None = None, until: date | None = None, log: LogFacts | None = None
) -> Statistics:
    """The statistics as they are now."""
    found = log or log_facts(office)
    return statistics_of(count_facts(office), found.quarantined, since, until)


def evidence_of(desk: "Desk") -> dict[str, Any]:
    """The content of the evidence, not yet signed. The caller has checked the right."""
    office = desk.office
    settings, today, now = office.settings, office.today(), office.now()
    agreement = settings.agreement
    log = log_facts(office)
    statistics = statistics_now(office, log=log)
    return {
        "made_at": iso(now),
        "agreement": {
            "reference": agreement.reference,
            "standing": agreement.standing(today).value,
            "in_force_from": day_json(agreement.in_force_from),
            "council_decided_on": day_json(agreement.council_decided_on),
            "notice_given_on": day_json(agreement.notice_given_on),
            "ended_on": day_json(agreement.ended_on),
            "ends_on": day_json(agreement.ends_on),
            "receiving_party": party_json(agreement.receiving_party, agreement.ocmw),
            "sending_party": party_json(agreement.sending_party, agreement.sender),
        },
        "dpo": contact_json(agreement.dpo),
        "sender_dpo": contact_json(agreement.sender_dpo),
        "advices": [one.model_dump(mode="json") for one in agreement.advices],
        "measures": [one.model_dump(mode="json") for one in agreement.measures],
        "processors": {
            "version": agreement.processors_version,
            "sent_on": day_json(agreement.processors_sent_on),
            "list": [processor_json(one) for one in agreement.processors_on(today)],
        },
        "publications": [
            one.model_dump(mode="json") | {"to_check": one in agreement.publications_to_check(today)}
            for one in agreement.publications
        ],
        "register": register_entry(settings, today),
        "counts": shared_json(statistics),
        "encryption": _encryption(log, statistics),
        "log": _log_state(desk),
        "retention": _retention(log, statistics, desk),
        "backups": _backups(desk, now),
        "staff": _staff(office, today),
        "registers": {table: _by_state(office, table) for table in ("quality", "breaches")},
    }


def _encryption(log: LogFacts, statistics: Statistics) -> dict[str, Any]:
    """How what was imported had been encrypted, and what came against it."""
    counted = Counter(cause for _day, cause in log.quarantined)
    return {
        "referrals_by_method": _told(log.methods, statistics),
        "all_aes_256": all(_AES & set(method.split("+")) for method in log.methods if method != BY_HAND),
        "messages_against_it": {cause.value: counted[cause] for cause in _NOT_ENCRYPTED},
    }


def _told(counted: Counter[str], statistics: Statistics) -> dict[str, Told]:
    """Numbers that add up to what was ever received, or to what ended of it; small ones hidden.

    Beside the years they would tell a hidden one: where a year is hidden, none of them is told.
    """
    total = sum(counted.values())
    told = told_of(total, counted, [tuple(counted)] if len(counted) > 1 else [])
    if any(year.cells[RECEIVED] < SMALLEST_SHOWN for year in statistics.years):
        told = {name: value if isinstance(value, str) else None for name, value in told.items()}
    return dict(sorted(told.items()))


def _log_state(desk: "Desk") -> dict[str, Any]:
    """Whether the access log holds, from its first entry on; where not, that is told and nothing is kept back."""
    try:
        checked: Verification = desk.log.verify(from_start=True)
    except StorageError as error:
        return {"holds": False, "problem": type(error).__name__, "entries": None, "head": None}
    return {"holds": True, "problem": None, "entries": checked.entries, "head": checked.head.digest}


def _retention(log: LogFacts, statistics: Statistics, desk: "Desk") -> dict[str, Any]:
    plan = desk.retention.plan()
    return {
        "last_run_days": [day.isoformat() for day in log.run_days[-LAST_RUNS:]],
        "discarded_by_outcome": _told(log.discarded, statistics),
        "still_to_discard": len(plan.waiting),
        "overdue": sum(1 for due in plan.due if due.on is not None and due.on < plan.on),
    }


def _backups(desk: "Desk", now: datetime) -> dict[str, Any]:
    from storage.backup import listed

    plan = desk.backups.plan
    try:
        found = listed(plan.folder, desk.office.store.identity)
    except StorageError as error:
        return {"kept_days": plan.days, "count": None, "newest": None, "problem": type(error).__name__}
    whole = [one.made_at for one in found if not one.damaged]
    return {
        "kept_days": plan.days,
        "count": len(whole),
        "newest": iso(max(whole)) if whole else None,
        "problem": None,
        "damaged": len(found) - len(whole),
        "older_than_a_day": not whole or max(whole) < now - relativedelta(days=1),
    }


def _staff(office: Office, today: date) -> dict[str, Any]:
    active = [user for user in office.directory.users if user.status == ACTIVE]
    asked = [user for user in active if not user.roles <= {Role.SERVICE}]
    due = sum(secrecy_due(user, today) for user in asked)
    return {
        "active_by_role": {role.value: sum(role in user.roles for user in active) for role in Role},
        "invited": sum(user.status == INVITED for user in office.directory.users),
        "secrecy_confirmed": len(asked) - due,
        "secrecy_due": due,
    }


def _by_state(office: Office, table: str) -> dict[str, int]:
    """How many rows of a register are in which state; a row is closed once it has a day on which it was."""
    counted: Counter[str] = Counter()
    staff = office.directory
    for key, row in office.snapshot().rows(table):
        verify_row(row, staff, table, key, frozenset(Role))
        counted[_state(row)] += 1
    return dict(sorted(counted.items()))


def _state(row: Mapping[str, Any]) -> str:
    return "closed" if any(row.get(name) for name in ("answered_on", "closed_on")) else "open"
