"""What becomes of a message that was rejected, and of one on which nobody decided in time: it is removed, and verified.

1. One transaction takes what is sealed of the item out of the store; the row that is left is the job (*nog te wissen*).
2. At the retention run its message is deleted by UID EXPUNGE, wherever it lies, unless a referral came from it too.
3. One transaction closes the ledger rows; then the item is taken out of every kept backup.
4. The row without personal data goes to the file of closed matters.
Each step can be repeated. It needs no reader's key: the service account does it at night.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from intake.desk.deciding import REJECTED, close_item, decided, is_open, mails_of, rewrite
from intake.desk.hindrances import BACKUP_UNREACHABLE, MAIL_STILL_THERE, MAILBOX_DOWN, OTHER_MAILBOX
from intake.desk.importing import put_item
from intake.desk.office import LEDGER_SECRET, Office
from intake.errors import MailboxError
from intake.rejecting import Because, goes_on
from intake.rows import LEDGER, QUARANTINE, Row, moment_of
from intake.workdays import local_date
from storage.journal import Event
from storage.sealing import sign_row
from storage.store import Snapshot, Transaction

if TYPE_CHECKING:
    from intake.desk.backups import Backups
    from intake.desk.polling import Polling

EXPIRED = "expired"

Mails = dict[str, Mapping[str, Any]]


def begin(office: Office, tx: Transaction, row: Mapping[str, Any], outcome: str, because: Because) -> None:
    """Step 1. A message that gave a referral, or holds another item, stays until that is decided and goes with it."""
    key = row["id"]
    for ledger_key, mail in mails_of(office, tx, key).items():
        others = [item for item in mail["quarantine"] if item != key]
        changes: Row = (
            {"quarantine": others, "outcome": mail["outcome"] if others else "imported"}
            if others or mail["references"]
            else {"outcome": REJECTED}
        )
        rewrite(office, tx, ledger_key, mail, changes)
    job = decided(office, row, outcome, because=because.value)
    put_item(office, tx, job)


def expired(office: Office) -> list[str]:
    """The items on which nobody decided within the office's period. A missing date raises: nothing goes without one."""
    today, days = office.today(), office.settings.keep_quarantine_days
    return [
        key
        for key, row in office.store.snapshot().rows(QUARANTINE)
        if is_open(row) and goes_on(local_date(moment_of(row["quarantined_at"])), days) <= today
    ]


def expire(office: Office, items: list[str]) -> None:
    """Reject those, as the quarantine's own retention; logged as such."""
    if not items:
        return
    with office.store.transaction(office.session.signer) as tx:
        for key in items:
            row = tx.get(QUARANTINE, key)
            if row is None or not is_open(row):
                continue
            office.verify(row, QUARANTINE, key)
            begin(office, tx, row, EXPIRED, Because.EXPIRED)
            detail = {"cause": row["cause"], "because": Because.EXPIRED.value}
            tx.record(Event("quarantine-reject", references=(key,), detail=detail))


def jobs(office: Office, source: Snapshot) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The items that are decided and not wholly gone, each verified."""
    for key, row in source.rows(QUARANTINE):
        if not is_open(row):
            office.verify(row, QUARANTINE, key)
            yield key, row


class Rejection:
    """Steps 2 to 4, for all jobs."""

    def __init__(
        self, office: Office, polling: "Callable[[], Polling]", backups: "Callable[[], Backups]"
    ) -> None:
        self._office = office
        self._polling = polling
        self._backups = backups

    def run(self) -> tuple[str, ...]:
        """Go on with every job as far as it goes; returns those that are done. What waits keeps its cause."""
        office = self._office
        items = [key for key, _row in jobs(office, office.store.snapshot())]
        if not items:
            return ()
        causes = self._remove(items)
        gone = [item for item in items if item not in causes]
        if gone and not self._backups().forget((), gone):
            causes |= dict.fromkeys(gone, BACKUP_UNREACHABLE)
            gone = []
        with office.store.transaction(office.session.signer) as tx:
            for key in items:
                row = tx.get(QUARANTINE, key)
                if row is None or is_open(row):
                    continue
                office.verify(row, QUARANTINE, key)
                kept: Row = {k: v for k, v in row.items() if k != "signed"}
                if key in gone:
                    close_item(office, tx, kept)
                    tx.record(Event("quarantine-gone", references=(key,)))
                elif row["waits"] != causes[key]:
                    put_item(office, tx, kept | {"waits": causes[key]})
        return tuple(gone)

    def _remove(self, items: list[str]) -> dict[str, str]:
        """Steps 2 and 3; returns by item what could not be done."""
        from intake.desk.removal import Removal
        from intake.mail.ledger import LedgerKey

        office = self._office
        snapshot = office.store.snapshot()
        key = LedgerKey.of(office.secret(LEDGER_SECRET)["key"])
        box = self._polling().settings()
        account = key.account(box.host, box.user)
        todo: dict[str, Mails] = {}
        causes: dict[str, str] = {}
        for item in items:
            mails = {k: r for k, r in mails_of(office, snapshot, item).items() if r["outcome"] == REJECTED}
            if any(row["account"] != account for row in mails.values()):
                causes[item] = OTHER_MAILBOX
            elif mails:
                todo[item] = mails
        if not todo:
            return causes
        try:
            with self._polling().connect() as mailbox:
                mine = {k for mails in todo.values() for k in mails}
                others = {k: r for k, r in snapshot.rows(LEDGER) if k not in mine}
                left = Removal(mailbox, key).remove(todo, others)
        except MailboxError:
            return causes | dict.fromkeys(todo, MAILBOX_DOWN)
        self._close({k for item, mails in todo.items() if item not in left for k in mails})
        return causes | dict.fromkeys(left, MAIL_STILL_THERE)

    def _close(self, mails: set[str]) -> None:
        """The mails are gone; what stays are keyed hashes. Sent again, it is a new message that may be right this time."""
        office = self._office
        with office.store.transaction(office.session.signer) as tx:
            for key in sorted(mails):
                row = tx.get(LEDGER, key)
                if row is None or row["outcome"] != REJECTED:
                    continue
                office.verify(row, LEDGER, key)
                kept: Row = {k: v for k, v in row.items() if k != "signed"}
                kept |= {"deleted": True, "discarded": True, "message_id": None, "moved": None}
                tx.delete(LEDGER, key)
                tx.put_closed(LEDGER, key, sign_row(kept, office.session.signer, LEDGER, key))
