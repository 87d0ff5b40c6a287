"""Destruction lists: closed case files whose ten years are over, proposed by one and approved by another (P3).

A list names references and closing dates and no client; file numbers are shown beside them while the case files are
kept. The proposal and the approval are two rows, each signed by who made it: nobody can make both. What an approved
list names is discarded by the next run (`discarding.py`); the rows stay.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from intake import retention
from intake.desk.office import SIGNING_ROLES, Office
from intake.desk.placing import referral_row, referral_rows
from intake.errors import ConfigurationError, IntakeError, NotAllowed, NotFound, WrongUse
from intake.plaintext import clean_line
from intake.referral import Referral, State
from intake.rows import APPROVALS, DESTRUCTIONS, TOMBSTONES, Row, iso, moment_of, next_key
from intake.staff import WRITERS, Right, may
from intake.texts import N_, _
from storage.directory import ACTIVE, Directory
from storage.journal import Event
from storage.rows import canonical
from storage.sealing import sign_row, verify_row
from storage.store import Transaction

MOST_ITEMS = 500
"""What does not fit in one list comes in the next."""

Rows = Callable[[str], Iterable[tuple[str, Mapping[str, Any]]]]
"""The rows of a table in the file of closed matters, as a snapshot or a transaction gives them."""


class ListMissing(NotFound):
    """No such destruction list."""

    template = N_(
        "There is no destruction list %(list)s. Look the number up with 'ocmw-intake retention lists'."
    )


class OwnProposal(NotAllowed):
    """Who proposed a destruction approves it."""

    template = N_(
        "You proposed %(list)s yourself. Another team lead has to approve it, so that two people looked at it (P3)."
    )


class NobodyElse(NotAllowed):
    """There is no second person."""

    template = N_(
        "Nobody else could approve this list: you are the only team lead. Have the service account or another team lead "
        "propose it (P3)."
    )


class ListChanged(IntakeError):
    """The list is not what was proposed, or the case files are not as the list says."""

    template = N_(
        "The case files of %(list)s are no longer as they were proposed. Nothing was approved; make a new list with "
        "'ocmw-intake retention propose'."
    )


class RuleMissing(ConfigurationError):
    """The office has not said under which rule of the selection list it destroys."""

    template = N_(
        "No rule of the selection list is set, and destroying must name one. A team lead sets 'selection_rule' with "
        "'ocmw-intake settings set FILE'; then approve again."
    )


class Standing(StrEnum):
    """How far a list is."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DONE = "done"
    CHANGED = "changed"


STANDING_WORDS = {
    Standing.PROPOSED: N_("waits for a second person"),
    Standing.APPROVED: N_("approved; goes with the next run"),
    Standing.DONE: N_("destroyed"),
    Standing.CHANGED: N_("no longer valid; propose again"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One case file on a list. `number` is None once it is destroyed, or where the user may not read referrals."""

    reference: str
    closed_on: date
    due_on: date
    number: str | None = None
    destroyed: bool = False


@dataclass(frozen=True, slots=True)
class DestructionList:
    """A list as it is shown. `rule` is that of the approval, before it the office's when it was proposed ("" not set)."""

    id: str
    standing: Standing
    proposed_by: str
    proposed_at: datetime
    rule: str
    items: tuple[Item, ...]
    approved_by: str | None = None
    approved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Approved:
    """What an approved list says of one case file."""

    list_id: str
    closed_on: date
    rule: str
    approved_by: str
    approved_on: date

    def names(self, referral: Referral) -> bool:
        """Whether it is this case file, closed on the day that was approved."""
        return referral.state is State.CASE_CLOSED and referral.case_closed_on == self.closed_on


def _digest(row: Mapping[str, Any]) -> str:
    return sha256(canonical({k: v for k, v in row.items() if k != "signed"})).hexdigest()


def _second_person(proposal: Mapping[str, Any], approval: Mapping[str, Any]) -> bool:
    """Whether another than the proposer approved this very list, under a rule."""
    return bool(
        approval["digest"] == _digest(proposal)
        and approval["approved_by"] != proposal["proposed_by"]
        and approval["rule"]
    )


def _in_force(proposal: Mapping[str, Any], approval: Mapping[str, Any]) -> bool:
    """Whether it may be acted on: two keys vouch for it, and not one person who wrote two names.

    Where an account ended, who ended it signed its rows anew: a list that came to one signer so is proposed again.
    """
    return _second_person(proposal, approval) and approval["signed"]["by"] != proposal["signed"]["by"]


def _genuine_rows(
    rows: Rows, staff: Directory
) -> list[tuple[str, Mapping[str, Any], Mapping[str, Any] | None]]:
    """Each list with its approval, both verified. Raises RowNotGenuine."""
    approvals = dict(rows(APPROVALS))
    found = []
    for key, row in rows(DESTRUCTIONS):
        verify_row(row, staff, DESTRUCTIONS, key, WRITERS)
        approval = approvals.get(key)
        if approval is not None:
            verify_row(approval, staff, APPROVALS, key, SIGNING_ROLES[APPROVALS])
        found.append((key, row, approval))
    return found


def approved_items(rows: Rows, staff: Directory, *, past: bool = False) -> dict[str, Approved]:
    """By reference what a second person approved and may be acted on; with `past` also what no longer may be.

    Raises RowNotGenuine when a list or an approval was altered.
    """
    holds = _second_person if past else _in_force
    found: dict[str, Approved] = {}
    for key, row, approval in _genuine_rows(rows, staff):
        if approval is None or not holds(row, approval):
            continue
        on = moment_of(approval["approved_at"]).date()
        for item in row["items"]:
            closed_on = date.fromisoformat(item["closed_on"])
            found[item["reference"]] = Approved(key, closed_on, approval["rule"], approval["approved_by"], on)
    return found


class Destruction:
    """Use cases on destruction lists. None of them needs a reader's key."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def lists(self) -> list[DestructionList]:
        """Every list there ever was, by number."""
        office = self._office
        office.require(Right.RETENTION_PLAN)
        closed = office.closed()
        kept = dict(office.referrals(closed=True))
        gone = {key for key, _row in closed.rows(TOMBSTONES)}
        return [
            self._shown(row, approval, kept, gone)
            for _key, row, approval in _genuine_rows(closed.rows, office.directory)
        ]

    def propose(self) -> list[DestructionList]:
        """Put every closed case file whose ten years are over, and that no valid list names, on a new list.

        Returns the lists made: none when nothing is left to propose. Raises NobodyElse when there is no second person.
        """
        office = self._office
        office.require(Right.RETENTION_PROPOSE)
        if not self.others(office.name):
            raise NobodyElse
        made: list[DestructionList] = []
        with office.store.transaction(office.session.signer) as tx:
            todo = self._to_propose(tx)
            for start in range(0, len(todo), MOST_ITEMS):
                made.append(self._put(tx, todo[start : start + MOST_ITEMS]))
        return made

    def approve(self, list_id: str) -> DestructionList:
        """Approve, as the second person, that the next run destroys what the list names.

        Raises ListMissing, OwnProposal, ListChanged, RuleMissing; WrongUse for one that was approved before.
        """
        office = self._office
        office.require(Right.RETENTION_APPROVE)
        rule = office.settings.selection_rule
        with office.store.transaction(office.session.signer) as tx:
            row = tx.get_closed(DESTRUCTIONS, list_id)
            if row is None:
                raise ListMissing(list=clean_line(list_id)[:40])
            verify_row(row, office.directory, DESTRUCTIONS, list_id, WRITERS)
            if office.name in (row["proposed_by"], row["signed"]["by"]):
                raise OwnProposal(list=list_id)
            if tx.get_closed(APPROVALS, list_id) is not None:
                raise WrongUse(
                    problem=_("This list was approved before. The next run destroys what it names.")
                )
            if not self._stands(row, lambda reference: referral_row(tx, reference)):
                raise ListChanged(list=list_id)
            if not rule:
                raise RuleMissing
            approval: Row = {
                "id": list_id,
                "approved_by": office.name,
                "approved_at": iso(office.now()),
                "rule": rule,
                "digest": _digest(row),
            }
            signed = sign_row(approval, office.session.signer, APPROVALS, list_id)
            tx.put_closed(APPROVALS, list_id, signed)
            references = tuple(item["reference"] for item in row["items"])
            tx.record(Event("destruction-approve", references=(list_id, *references), detail={"rule": rule}))
            return self._shown(row, signed, dict(referral_rows(tx)), set())

    def others(self, proposer: str) -> list[str]:
        """The team leads who may approve what `proposer` proposes."""
        users = self._office.directory.users
        return [
            u.name
            for u in users
            if u.status == ACTIVE and u.name != proposer and may(u.roles, Right.RETENTION_APPROVE)
        ]

    # -- making one -------------------------------------------------------------------------------------------------

    def _to_propose(self, tx: Transaction) -> list[Referral]:
        office = self._office
        named = {
            item["reference"]
            for _key, row, approval in _genuine_rows(tx.rows_closed, office.directory)
            for item in row["items"]
            if self._valid(tx, row, approval)
        }
        staff, periods, today = office.directory, office.settings.periods, office.today()
        found: list[Referral] = []
        for key, row in referral_rows(tx):
            if row["state"] != State.CASE_CLOSED.value or key in named:
                continue
            referral = office.facts(row, key, staff)
            due = retention.due(referral, periods)
            if due is not None and due.second_person and due.has_come(today):
                found.append(referral)
        return sorted(found, key=lambda referral: referral.reference)

    def _valid(self, tx: Transaction, row: Mapping[str, Any], approval: Mapping[str, Any] | None) -> bool:
        """Whether what the list names need not be proposed again: it is approved, or still can be."""
        if approval is not None:
            return _in_force(row, approval)
        return bool(self.others(row["proposed_by"])) and self._stands(
            row, lambda reference: referral_row(tx, reference)
        )

    def _put(self, tx: Transaction, referrals: list[Referral]) -> DestructionList:
        office = self._office
        key = next_key(
            tx, "X", office.today().year, lambda taken: tx.get_closed(DESTRUCTIONS, taken) is not None
        )
        items: list[Row] = []
        for referral in referrals:
            due = retention.due(referral, office.settings.periods)
            assert due is not None
            assert due.on is not None
            assert referral.case_closed_on is not None
            items.append(
                {
                    "reference": referral.reference,
                    "closed_on": referral.case_closed_on.isoformat(),
                    "due_on": due.on.isoformat(),
                }
            )
        row = {
            "id": key,
            "proposed_by": office.name,
            "proposed_at": iso(office.now()),
            "rule": office.settings.selection_rule,
            "items": items,
        }
        signed = sign_row(row, office.session.signer, DESTRUCTIONS, key)
        tx.put_closed(DESTRUCTIONS, key, signed)
        references = tuple(referral.reference for referral in referrals)
        tx.record(Event("destruction-propose", references=(key, *references)))
        return self._shown(signed, None, dict(referral_rows(tx)), set())

    # -- looking at one ---------------------------------------------------------------------------------------------

    def _stands(self, row: Mapping[str, Any], kept: Callable[[str], Mapping[str, Any] | None]) -> bool:
        """Whether every case file on the list is kept, and closed on the day that it names."""
        staff = self._office.directory
        for item in row["items"]:
            held = kept(item["reference"])
            if held is None or held["state"] != State.CASE_CLOSED.value:
                return False
            if self._office.facts(held, item["reference"], staff).case_closed_on != _day(item, "closed_on"):
                return False
        return True

    def _shown(
        self,
        row: Mapping[str, Any],
        approval: Mapping[str, Any] | None,
        kept: Mapping[str, Mapping[str, Any]],
        gone: set[str],
    ) -> DestructionList:
        reads = self._office.may(Right.READ)
        items = []
        for item in row["items"]:
            held = kept.get(item["reference"])
            of_file = held is not None and held["state"] != State.DISCARDING.value
            number = None
            if held is not None and of_file and reads:
                number = self._office.facts(held, item["reference"]).case_number
            destroyed = item["reference"] in gone
            items.append(
                Item(item["reference"], _day(item, "closed_on"), _day(item, "due_on"), number, destroyed)
            )
        counts = approval is not None and _second_person(row, approval)
        if counts and all(item.destroyed for item in items):
            standing = Standing.DONE
        elif approval is not None:
            standing = Standing.APPROVED if _in_force(row, approval) else Standing.CHANGED
        else:
            standing = Standing.PROPOSED if self._stands(row, kept.get) else Standing.CHANGED
        return DestructionList(
            id=row["id"],
            standing=standing,
            proposed_by=row["proposed_by"],
            proposed_at=moment_of(row["proposed_at"]),
            rule=approval["rule"] if approval is not None else row["rule"],
            items=tuple(items),
            approved_by=approval["approved_by"] if approval is not None and counts else None,
            approved_at=moment_of(approval["approved_at"]) if approval is not None and counts else None,
        )


def _day(item: Mapping[str, Any], name: str) -> date:
    return date.fromisoformat(item[name])
