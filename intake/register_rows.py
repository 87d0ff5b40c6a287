"""Between the facts of the registers and their rows in the store: which tables, who may sign them, what is sealed in them."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from intake.registers import (
    Breach,
    BreachKind,
    Disclosure,
    Draft,
    DraftKind,
    Notice,
    Subject,
    Task,
    What,
)
from intake.rows import Row, iso, moment_of
from intake.staff import Role

if TYPE_CHECKING:
    from storage.store import Transaction

QUALITY = "quality"
BREACHES = "breaches"
DISCLOSURES = "disclosures"
TASKS = "tasks"
DRAFTS = "drafts"

REGISTERS = (QUALITY, BREACHES, DISCLOSURES, TASKS)
"""What is kept for good: a register that forgets proves nothing."""

REGISTER_SIGNERS: Mapping[str, frozenset[str]] = {
    QUALITY: frozenset({Role.TEAM_LEAD, Role.SOCIAL_WORKER}),
    BREACHES: frozenset(Role) - {Role.SERVICE},
    DISCLOSURES: frozenset({Role.TEAM_LEAD, Role.SOCIAL_WORKER}),
    TASKS: frozenset({Role.TEAM_LEAD, Role.DPO}),
    DRAFTS: frozenset({Role.TEAM_LEAD, Role.SOCIAL_WORKER}),
}
"""Whose signature makes a row of these tables genuine."""

REGISTER_SEALED: Mapping[str, str] = {BREACHES: "breach", DRAFTS: "draft"}
"""The tables whose rows hold something sealed, and what for."""

Fact = Notice | Breach | Disclosure | Task | Draft


def as_row(fact: Fact) -> Row:
    """The row of a fact, not yet signed."""
    return {name: _stored(value) for name, value in asdict(fact).items()}


def _stored(value: object) -> object:
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    return list(value) if isinstance(value, tuple) else value


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _moment(text: str | None) -> datetime | None:
    return moment_of(text) if text else None


def _values(kind: type[Fact], row: Mapping[str, Any]) -> dict[str, Any]:
    return {one.name: row[one.name] for one in fields(kind)}


def notice_of(row: Mapping[str, Any]) -> Notice:
    """The notice of a row; raises KeyError or ValueError when it is none."""
    values = _values(Notice, row)
    values |= {"what": What(row["what"]), "opened_at": moment_of(row["opened_at"])}
    return Notice(
        **values | {"due_on": date.fromisoformat(row["due_on"]), "answered_on": _day(row["answered_on"])}
    )


def breach_of(row: Mapping[str, Any]) -> Breach:
    """The facts of a breach's row; raises as `notice_of`."""
    values = _values(Breach, row)
    values |= {"kind": BreachKind(row["kind"]), "known_at": moment_of(row["known_at"])}
    values |= {"opened_at": moment_of(row["opened_at"]), "noticed_at": _moment(row["noticed_at"])}
    values |= {"references": tuple(row["references"]), "quarantine": tuple(row["quarantine"])}
    return Breach(**values | {"closed_on": _day(row["closed_on"])})


def disclosure_of(row: Mapping[str, Any]) -> Disclosure:
    """The disclosure of a row; raises as `notice_of`."""
    values = _values(Disclosure, row)
    values |= {"fields": tuple(row["fields"]), "at": moment_of(row["at"])}
    return Disclosure(**values | {"agreed_on": date.fromisoformat(row["agreed_on"])})


def task_of(row: Mapping[str, Any]) -> Task:
    """The task of a row; raises as `notice_of`."""
    values = _values(Task, row)
    values |= {"subject": Subject(row["subject"]), "due_on": date.fromisoformat(row["due_on"])}
    return Task(**values | {"opened_at": moment_of(row["opened_at"]), "done_on": _day(row["done_on"])})


def draft_of(row: Mapping[str, Any]) -> Draft:
    """The draft of a row; raises as `notice_of`."""
    values = _values(Draft, row)
    values |= {"kind": DraftKind(row["kind"]), "references": tuple(row["references"])}
    return Draft(
        **values | {"created_at": moment_of(row["created_at"]), "placed_at": _moment(row["placed_at"])}
    )


def drop_drafts(tx: "Transaction", references: frozenset[str] | set[str]) -> None:
    """Take away what is prepared about referrals that are discarded; the mails themselves go by the ledger (P3)."""
    for key, row in tx.rows(DRAFTS):
        if references & set(row["references"]):
            tx.delete(DRAFTS, key)
