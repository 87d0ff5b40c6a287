"""Rejected messages in a restore: what was rejected after the backup was made does not come back into quarantine.

The rest of the merge is in `restoring.py`. An item that became a referral after the backup does come back: its referral is
not in the backup either, and its message lies in the mailbox.
"""

from collections.abc import Callable, Mapping
from typing import Any

from intake.desk.deciding import REJECTED, is_open
from intake.desk.rejection import EXPIRED
from intake.rows import LEDGER, QUARANTINE, Row
from storage.draft import Draft
from storage.restoring import Present

Genuine = Callable[[Mapping[str, Any], str, str], bool]
Sign = Callable[[Row, str, str], Row]

REJECT = "quarantine-reject"


def keep_rejected(tx: Draft, present: Present, genuine: Genuine, sign: Sign) -> None:
    """Put the jobs and remains of rejections back as they are now; what only the log tells of is begun anew."""
    for key, row in (present.closed or {}).get(QUARANTINE, {}).items():
        if row.get("outcome") in (REJECTED, EXPIRED) and genuine(row, QUARANTINE, key):
            tx.put_closed(QUARANTINE, key, row)
            tx.delete(QUARANTINE, key)
    active = present.active or {}
    for key, row in active.get(QUARANTINE, {}).items():
        held = tx.get(QUARANTINE, key)
        if not is_open(row) and held is not None and is_open(held) and genuine(row, QUARANTINE, key):
            tx.put(QUARANTINE, key, row)
            for at, mail in active.get(LEDGER, {}).items():
                if key in mail.get("quarantine", ()) and genuine(mail, LEDGER, at):
                    tx.put(LEDGER, at, mail)
    for entry in present.later:
        if entry.action == REJECT:
            for key in entry.references:
                held = tx.get(QUARANTINE, key)
                if held is not None and is_open(held):
                    _begin_anew(tx, key, held, str(entry.detail.get("because", "")), entry.at, sign)


def _begin_anew(tx: Draft, key: str, held: Mapping[str, Any], because: str, at: str, sign: Sign) -> None:
    """The job of a rejection that only the log tells of: its message is looked for again at the next retention run."""
    kept = ("id", "cause", "received_at", "quarantined_at", "attempts")
    job: Row = {name: held[name] for name in kept}
    job |= {"outcome": REJECTED, "because": because, "references": [], "decided_at": at, "decided_by": ""}
    tx.put(QUARANTINE, key, sign(job | {"waits": ""}, QUARANTINE, key))
    for ledger_key, mail in tx.rows(LEDGER):
        if key not in mail["quarantine"]:
            continue
        row: Row = {k: v for k, v in mail.items() if k != "signed"}
        others = [item for item in mail["quarantine"] if item != key]
        if others or mail["references"]:
            row["quarantine"] = others
        else:
            row["outcome"] = REJECTED
        tx.put(LEDGER, ledger_key, sign(row, LEDGER, ledger_key))
