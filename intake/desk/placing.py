"""In which of the store's two files a referral's row lies. What the row means is in `office.py` and above."""

from collections.abc import Mapping
from typing import Any

from intake.referral import State
from intake.rows import REFERRALS
from storage.store import Transaction

SECOND_FILE = frozenset({State.CASE_CLOSED.value})
"""States in which a referral lies for ten years: its row is in the file of closed matters, the active one stays small.

The other ends are discarded within days or months, and may be reopened until then.
"""


def referral_row(tx: Transaction, reference: str) -> Mapping[str, Any] | None:
    """The row of a referral, in whichever file it lies."""
    row = tx.get(REFERRALS, reference)
    return tx.get_closed(REFERRALS, reference) if row is None else row


def referral_rows(tx: Transaction) -> list[tuple[str, Mapping[str, Any]]]:
    """The rows of all referrals, of both files."""
    return [*tx.rows(REFERRALS), *tx.rows_closed(REFERRALS)]


def place_referral(tx: Transaction, reference: str, row: Mapping[str, Any]) -> None:
    """Put a referral's signed row in the file where its state belongs, and nowhere else."""
    if row["state"] in SECOND_FILE:
        tx.put_closed(REFERRALS, reference, row)
        tx.delete(REFERRALS, reference)
        return
    if tx.get(REFERRALS, reference) is None:
        tx.delete_closed(REFERRALS, reference)
    tx.put(REFERRALS, reference, row)
