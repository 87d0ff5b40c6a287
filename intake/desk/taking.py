"""One poll's way from messages to the ledger: what is new, what each batch becomes in one transaction, and the inbox cleared after it."""

from collections.abc import Mapping, Sequence
from typing import Any

from intake.desk.deciding import if_waiting
from intake.desk.importing import import_accepted, put_in_quarantine
from intake.desk.office import Office
from intake.desk.passphrases import note_used
from intake.desk.polled import Tally
from intake.errors import MailboxError
from intake.mail.errors import MailboxLost, MailboxWaitsToRemove
from intake.mail.ledger import Ledger, LedgerKey, place
from intake.mail.mailbox import Location, Mailbox
from intake.mail.message import Incoming
from intake.receive import Judgement
from intake.rows import LEDGER, Row
from storage.journal import Event
from storage.sealing import sign_row
from storage.store import Transaction

__all__ = ["Known", "Taking"]

Known = Mapping[Location, Mapping[str, Any]]
"""Messages that are in the ledger, with their rows."""


class Taking:
    """Of one poll on one mailbox; `tally` is kept up to date with what is durable."""

    def __init__(self, office: Office, mailbox: Mailbox, key: LedgerKey, account: str, tally: Tally) -> None:
        self._office = office
        self._mailbox = mailbox
        self._key = key
        self._account = account
        self._tally = tally

    def sorted(self, found: Sequence[Location]) -> tuple[list[Location], Known]:
        """What was never seen, and what was, with its ledger row: taken in by a poll that ended before moving it."""
        store = self._office.store
        rows = dict(store.closed().rows(LEDGER)) | dict(store.snapshot().rows(LEDGER))
        fresh: list[Location] = []
        left: dict[Location, Mapping[str, Any]] = {}
        for where in found:
            key = self._key.location(self._account, where)
            if (row := rows.get(key)) is None:
                fresh.append(where)
            else:
                self._office.verify(row, LEDGER, key)
                left[where] = row
        return fresh, left

    def known(self, left: Known) -> None:
        """Account for what was taken in before, and clear it away."""
        self._tally.known += len(left)
        self._clear(left)

    def take(self, batch: Sequence[Incoming], judgements: Sequence[Judgement]) -> None:
        """Take in one batch in one transaction; only when that is durable are its mails moved."""
        office = self._office
        taken: dict[Location, Mapping[str, Any]] = {}
        counts = Tally()
        opened = {one.passphrase_label for judgement in judgements for one in judgement.accepted}
        with office.store.transaction(office.session.signer) as tx:
            ledger = Ledger.of(tx.rows_closed(LEDGER), tx.rows(LEDGER))
            for incoming, judgement in zip(batch, judgements, strict=True):
                key = self._key.location(self._account, incoming.location)
                if key in ledger.by_location:
                    counts.known += 1
                    taken[incoming.location] = ledger.by_location[key]
                    continue
                row = self._row(incoming)
                same = ledger.same(row["message"], row["attachments"])
                if same is None and not judgement.accepted:
                    same = if_waiting(tx, ledger.waiting(row["message"], row["attachments"]))
                if same is not None:
                    counts.known += 1
                    office.verify(same[1], LEDGER, same[0])
                    _copy(tx, row, same[1])
                else:
                    self._record(tx, incoming, judgement, key, row, counts)
                    if row["quarantine"]:
                        counts.quarantined += 1
                    else:
                        counts.imported += 1
                # Signed as it stands in the ledger: another copy in the same batch is verified against it.
                row = self._signed(key, row)
                (tx.put_closed if row["discarded"] else tx.put)(LEDGER, key, row)
                ledger.add(key, row)
                taken[incoming.location] = row
            note_used(office, tx, opened)
        # Durable now: only from here on may the mails be moved.
        self._tally.add(counts)
        self._clear(taken)

    def _signed(self, key: str, row: Row) -> Row:
        return sign_row(row, self._office.session.signer, LEDGER, key)

    def _row(self, incoming: Incoming) -> Row:
        return {
            "at": place(incoming.location),
            "moved": None,
            "message": self._key.message(incoming.message_id),
            "message_id": self._key.hide(incoming.message_id),
            "attachments": self._key.attachments(incoming.parts),
            "outcome": "",
            "account": self._account,
            "references": [],
            "quarantine": [],
            "deleted": False,
            "discarded": False,
        }

    def _record(
        self, tx: Transaction, incoming: Incoming, judgement: Judgement, key: str, row: Row, counts: Tally
    ) -> None:
        for accepted in judgement.accepted:
            likeness = self._key.likeness(accepted.reading.client)
            referral = import_accepted(self._office, tx, incoming.received_at, accepted, key, likeness)
            row["references"].append(referral.reference)
            counts.references.append(referral.reference)
        for rejected in judgement.rejected:
            row["quarantine"].append(
                put_in_quarantine(self._office, tx, incoming.received_at, incoming.sender, rejected)
            )
        row["outcome"] = "quarantined" if row["quarantine"] else "imported"

    # -- clearing the inbox, after the commit ---------------------------------------------------------------------

    def _clear(self, taken: Known) -> None:
        """Move what was taken in to its folder; delete what was put back after its discard."""
        box = self._mailbox.settings
        inbox = self._mailbox.resolve(box.inbox)
        steps: dict[tuple[bool, str], list[Location]] = {}
        for where, row in taken.items():
            target = box.quarantine if row["quarantine"] else box.processed
            # Copied by an earlier poll where the server could not remove the original alone: not copied again.
            if row["deleted"] or (row["moved"] and row["at"] == place(where) != row["moved"]):
                target = ""
            steps.setdefault((where.folder != inbox, target), []).append(where)
        for (elsewhere, target), locations in sorted(steps.items()):
            try:
                if target:
                    self._move(locations, target)
                else:
                    self._delete(locations)
            except MailboxLost:
                raise
            except MailboxError:
                if not elsewhere:
                    raise
                # The folder for spam may be another's to change: the inbox goes on.
                self._tally.unmoved += len(locations)

    def _delete(self, locations: Sequence[Location]) -> None:
        try:
            self._mailbox.delete(locations)
        except MailboxWaitsToRemove as error:
            self._tally.unmoved += int(str(error.values["count"]))

    def _move(self, locations: Sequence[Location], folder: str) -> None:
        moved = self._mailbox.move(locations, folder)
        with self._office.store.transaction(self._office.session.signer) as tx:
            for old, new in moved.items():
                key = self._key.location(self._account, old)
                row = tx.get(LEDGER, key)
                if row is not None and new is not None:
                    unsigned = {k: v for k, v in row.items() if k != "signed"}
                    tx.put(LEDGER, key, self._signed(key, unsigned | {"moved": place(new)}))
        self._tally.unmoved += len(set(locations) - set(moved))


def _copy(tx: Transaction, row: Row, first: Mapping[str, Any]) -> None:
    """Another copy of a message that gave referrals, or waits in quarantine. Put back after a discard it goes again (P3)."""
    row |= {
        "outcome": "copy",
        "references": list(first["references"]),
        "quarantine": list(first["quarantine"]),
        "deleted": bool(first["deleted"]),
        "discarded": bool(first["discarded"]),
    }
    if row["deleted"]:
        tx.record(Event("discard-again", references=tuple(first["references"])))
