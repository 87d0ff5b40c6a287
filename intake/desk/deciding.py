"""What every decision on an item of the quarantine shares: its row, its messages in the ledger, and closing it.

A decided item keeps its facts and loses what was sealed: its row goes to the file of closed matters, or stays as a job
*nog te wissen* in the active one while a message of it is still to be removed (`rejection.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from intake.desk.importing import put_item
from intake.desk.office import Office
from intake.errors import NotFound
from intake.plaintext import clean_line, clean_lines
from intake.rows import LEDGER, QUARANTINE, Row, iso
from intake.texts import N_
from storage.sealing import Context, open_sealed, sign_row
from storage.store import Snapshot, Transaction

IMPORTED, REGISTERED, REJECTED, COPY = "imported", "registered", "rejected", "copy"
"""What became of an item; `COPY`: the same message gave a referral already."""


class NotInQuarantine(NotFound):
    """No such item."""

    template = N_("There is no %(key)s in quarantine. Look it up with 'ocmw-intake quarantine list'.")


@dataclass(frozen=True, slots=True)
class Hidden:
    """What is sealed of an item, cleaned for showing."""

    sender: str | None = field(repr=False)
    text: str = field(repr=False)
    seen: str = field(default="", repr=False)


def is_open(row: Mapping[str, Any]) -> bool:
    """Whether an item's row waits for a decision: once decided nothing sealed is left of it."""
    return "sealed" in row


def open_item(office: Office, source: Snapshot | Transaction, key: str) -> Mapping[str, Any]:
    """The verified row of an item that waits for a decision. Raises NotInQuarantine."""
    row = source.get(QUARANTINE, key)
    if row is None or not is_open(row):
        raise NotInQuarantine(key=clean_line(key)[:40])
    office.verify(row, QUARANTINE, key)
    return row


def item_in(office: Office, source: Snapshot | Transaction, key: str) -> Mapping[str, Any]:
    """The verified row of an item, decided or not. Raises NotInQuarantine."""
    past = source.get_closed if isinstance(source, Transaction) else office.closed().get
    row = source.get(QUARANTINE, key) or past(QUARANTINE, key)
    if row is None:
        raise NotInQuarantine(key=clean_line(key)[:40])
    office.verify(row, QUARANTINE, key)
    return row


def reveal(office: Office, row: Mapping[str, Any]) -> Hidden:
    """The opened part of an item's row. The caller has logged it before it is shown. Raises NotAReceiver."""
    context = Context("quarantine", row["id"])
    hidden = orjson.loads(open_sealed(row["sealed"], office.name, office.session.ring.reading, context))
    sender, text, seen = (hidden.get(name) or "" for name in ("sender", "text", "seen"))
    return Hidden(clean_line(sender) or None, clean_lines(text), clean_line(seen))


def mails_of(office: Office, source: Snapshot | Transaction, key: str) -> dict[str, Mapping[str, Any]]:
    """The verified ledger rows of an item's message and its copies; empty where it is not known which it was."""
    found = {k: row for k, row in source.rows(LEDGER) if key in row["quarantine"]}
    for ledger_key, row in found.items():
        office.verify(row, LEDGER, ledger_key)
    return found


def rewrite(office: Office, tx: Transaction, key: str, row: Mapping[str, Any], changes: Row) -> Row:
    """Put a ledger row with changes; returns it unsigned."""
    changed: Row = {k: v for k, v in row.items() if k != "signed"} | changes
    tx.put(LEDGER, key, sign_row(changed, office.session.signer, LEDGER, key))
    return changed


def became(
    office: Office,
    tx: Transaction,
    key: str,
    mails: Mapping[str, Mapping[str, Any]],
    references: Sequence[str],
    stay: Sequence[str] = (),
    copy: bool = False,
) -> None:
    """Note in the ledger which referrals an item gave; `stay` are the items that are still in quarantine in its place.

    From here on the messages are those of the referrals: they go with them.
    """
    for ledger_key, row in mails.items():
        quarantine = [*(item for item in row["quarantine"] if item != key), *stay]
        outcome = "quarantined" if quarantine else "imported"
        if copy or row["outcome"] == COPY:
            outcome = COPY
        of = [*row["references"], *(r for r in references if r not in row["references"])]
        changes: Row = {"references": of, "quarantine": quarantine, "outcome": outcome}
        rewrite(office, tx, ledger_key, row, changes)


def decided(
    office: Office, row: Mapping[str, Any], outcome: str, references: Sequence[str] = (), because: str = ""
) -> Row:
    """The facts that stay of an item."""
    kept = ("id", "cause", "received_at", "quarantined_at", "attempts")
    return {name: row[name] for name in kept} | {
        "outcome": outcome,
        "because": because,
        "references": list(references),
        "decided_at": iso(office.now()),
        "decided_by": office.name,
        "waits": "",
    }


def close_item(office: Office, tx: Transaction, item: Row) -> None:
    """Put a decided item where it stays, without anything sealed."""
    tx.delete(QUARANTINE, item["id"])
    put_item(office, tx, {k: v for k, v in item.items() if k not in ("signed", "sealed")}, closed=True)


def if_waiting(
    tx: Transaction, found: tuple[str, Mapping[str, Any]] | None
) -> tuple[str, Mapping[str, Any]] | None:
    """A message seen before (its ledger key and row), if all that it became still waits: put back, it goes there again."""
    if found is None:
        return None
    items = [tx.get(QUARANTINE, item) for item in found[1]["quarantine"]]
    return found if all(item is not None and is_open(item) for item in items) else None
