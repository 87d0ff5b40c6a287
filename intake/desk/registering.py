"""Rows of the registers: verified when read, signed when put, and for whom their sealed part is.

What the registers hold is in `intake/registers.py`; the use cases are in `quality.py`, `breaches.py` and so on.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from intake.desk.logged import check_reason
from intake.desk.office import Office, not_disabled
from intake.desk.placing import referral_row
from intake.errors import NotFound, WrongUse
from intake.plaintext import clean_line
from intake.referral import State
from intake.register_rows import BREACHES, DRAFTS
from intake.rows import REFERRALS, TOMBSTONES, Row, next_key
from intake.special import is_national_number
from intake.staff import Role
from intake.texts import _
from storage.directory import DISABLED, RECOVERY, Directory
from storage.sealing import sign_row
from storage.store import Snapshot, Transaction

F = TypeVar("F")
LONGEST_TEXT = 2000


def facts(office: Office, table: str, of: Callable[[Mapping[str, Any]], F]) -> list[F]:
    """All of a register, each row verified, by number."""
    staff = office.directory
    found: list[F] = []
    for key, row in office.snapshot().rows(table):
        office.verify(row, table, key, staff)
        found.append(of(row))
    return found


def row_in(office: Office, source: Snapshot | Transaction, table: str, key: str) -> Mapping[str, Any]:
    """One verified row; NotFound when there is none."""
    row = source.get(table, key)
    if row is None:
        raise NotFound(what=clean_line(key)[:40])
    office.verify(row, table, key)
    return row


def put(office: Office, tx: Transaction, table: str, row: Row) -> None:
    """Sign a row and put it under its number."""
    key = row["id"]
    tx.put(table, key, sign_row(row, office.session.signer, table, key))


def fresh_key(office: Office, tx: Transaction, table: str, letter: str) -> str:
    """The next number of a register, such as K2026-0001."""
    return next_key(tx, letter, office.today().year, lambda key: tx.get(table, key) is not None)


def register_receivers(
    office: Office, table: str, row: Mapping[str, Any], staff: Directory | None = None
) -> Mapping[str, bytes]:
    """Who may read what is sealed in a row now: of a breach team leads and DPOs, of a draft team leads and its author."""
    directory = staff or office.directory
    names = {user.name for user in not_disabled(directory, Role.TEAM_LEAD)} | {RECOVERY}
    if table == BREACHES:
        names |= {user.name for user in not_disabled(directory, Role.DPO)}
    elif table == DRAFTS and directory.user(row["created_by"]).status != DISABLED:
        names.add(row["created_by"])
    return directory.receivers(names)


def check_known(source: Transaction, reference: str) -> None:
    """Raise NotFound unless there is, or was, such a referral."""
    if referral_row(source, reference) is None and source.get_closed(TOMBSTONES, reference) is None:
        raise NotFound(what=clean_line(reference)[:40])


def is_kept(source: Transaction, reference: str) -> bool:
    """Whether the referral is there and not being discarded."""
    row = referral_row(source, reference)
    return row is not None and row["state"] != State.DISCARDING.value


def check_texts(office: Office, tx: Transaction, references: tuple[str, ...], *texts: str) -> None:
    """Refuse a text that names the client of one of these referrals, as far as the signed-in user may read them.

    Raises PersonNamed; WrongUse for a national register number or a text longer than `LONGEST_TEXT`.
    """
    for text in texts:
        if len(text) > LONGEST_TEXT:
            raise WrongUse(
                problem=_("The text is longer than %(count)d characters.") % {"count": LONGEST_TEXT}
            )
        if is_national_number(text):
            raise WrongUse(
                problem=_(
                    "A national register number stands in the text. Leave it out; it is not needed here."
                )
            )
    for reference in references:
        row = referral_row(tx, reference)
        if row is None or row["state"] == State.DISCARDING.value or not office.can_read(row):
            continue
        office.verify(row, REFERRALS, reference)
        client = office.payload(row, reference).client
        for text in texts:
            check_reason(text, client)
