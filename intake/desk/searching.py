"""Searching every place that could still hold something of a discarded referral (P3).

What is known of it after the discard are its reference and the ledger's keyed hashes: of where its mails lay, of their
Message-IDs and of their attachments. What the search means is decided in `proof.py`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from intake.mail.errors import MailboxFolder, MailboxReadOnly, MailboxRefused, MailboxRenumbered
from intake.mail.ledger import LedgerKey, location_of
from intake.mail.mailbox import Location
from intake.referral import State
from intake.rows import LEDGER, QUARANTINE, REFERRALS
from storage.backup import Contents, listed, read_contents
from storage.backup_days import Plan
from storage.errors import StorageError
from storage.store import Snapshot

if TYPE_CHECKING:
    from intake.mail.mailbox import Mailbox
    from intake.mail.message import Incoming

STORE = "store"
CLOSED = "closed-matters"
QUARANTINED = "quarantine"
BACKUP = "backup:"
MAILBOX = "mailbox"
OTHER_MAILBOX = "other-mailbox"
UNKNOWN_MAILS = "unknown-mails"
FOLDER = "folder:"
DRAFTS = "drafts:"

_ONE_FOLDER = (MailboxFolder, MailboxRefused, MailboxRenumbered, MailboxReadOnly)
"""What concerns one folder and does not stop the search of the others."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """One place: `name` is a code, with a file or folder name after the colon; `found` counts what should be gone."""

    name: str
    searched: bool
    found: int


@dataclass(frozen=True)
class Traces:
    """What the store knows of the mails of a reference: their ledger rows by key, and where others' mails lie."""

    reference: str
    mails: Mapping[str, Row]
    others: frozenset[Location]

    @property
    def attachments(self) -> frozenset[str]:
        """The keyed hashes of what its mails held."""
        return frozenset(row["attachments"] for row in self.mails.values() if row["attachments"])

    def left_by(self, incoming: "Incoming", key: LedgerKey, account: str) -> bool:
        """Whether a message is one of its mails: at its place, with its contents, or with its Message-ID."""
        if incoming.location in self.others:
            return False
        if key.location(account, incoming.location) in self.mails:
            return True
        if self._is_draft(incoming, key):
            return True
        attachments = key.attachments(incoming.parts)
        if attachments is not None:
            return attachments in self.attachments
        message = key.message(incoming.message_id)
        # One that cannot be read has no attachments either: the Message-ID alone must do.
        unread = incoming.too_large or incoming.problem is not None
        return message is not None and any(
            row["message"] == message and (unread or row["attachments"] is None)
            for row in self.mails.values()
        )

    def _is_draft(self, incoming: "Incoming", key: LedgerKey) -> bool:
        """Whether it is a mail that was prepared about the reference, whatever was attached beside its archive."""
        message = key.message(incoming.message_id)
        parts = {key.attachments([part.data]) for part in incoming.attachments}
        return any(
            (message is not None and row["message"] == message) or row["attachments"] in parts
            for row in self.mails.values()
            if "mark" in row
        )


def traces_of(reference: str, active: Snapshot, closed: Snapshot) -> Traces:
    """What is known of the mails of a reference, those of its drafts and copies included."""
    rows = {**dict(closed.rows(LEDGER)), **dict(active.rows(LEDGER))}
    own = {key: row for key, row in rows.items() if reference in row["references"]}
    kept = [row for key, row in active.rows(LEDGER) if key not in own and not row["deleted"]]
    return Traces(reference, own, frozenset(map(location_of, kept)))


def search_store(traces: Traces, active: Snapshot, closed: Snapshot) -> Iterator[Place]:
    """The two files of the store, and the quarantine in it."""
    yield Place(STORE, True, _rows_of(traces.reference, active))
    yield Place(CLOSED, True, _rows_of(traces.reference, closed))
    yield Place(QUARANTINED, True, _quarantined(traces, active))


def _rows_of(reference: str, rows: Snapshot) -> int:
    """The referral itself, and ledger rows that still lead to a mail of it."""
    mails = [row for _key, row in rows.rows(LEDGER) if reference in row["references"]]
    return (rows.get(REFERRALS, reference) is not None) + sum(map(_leads_to_a_mail, mails))


def _leads_to_a_mail(row: Row) -> bool:
    return not row["deleted"] or row["message_id"] is not None


def _quarantined(traces: Traces, rows: Snapshot) -> int:
    """What is in quarantine of the same messages, or of others with the same contents."""
    items: set[str] = set()
    for key, row in rows.rows(LEDGER):
        if key in traces.mails or (row["attachments"] or "") in traces.attachments:
            items.update(item for item in row["quarantine"] if rows.get(QUARANTINE, item) is not None)
    return len(items)


def search_backups(traces: Traces, plan: Plan, store: str) -> Iterator[Place]:
    """Every backup in every folder that backups went to; one that cannot be read is not searched."""
    for folder in dict.fromkeys((plan.folder, *plan.former)):
        try:
            found = listed(folder, store)
        except StorageError:
            yield Place(f"{BACKUP}{folder}", False, 0)
            continue
        if not found and (folder == plan.folder or not folder.is_dir()):
            # There is one of every day with a change: a folder without any is not the one it should be.
            yield Place(f"{BACKUP}{folder}", False, 0)
        for one in found:
            try:
                contents = read_contents(one.path, store)
            except StorageError:
                yield Place(f"{BACKUP}{one.path.name}", False, 0)
            else:
                yield Place(f"{BACKUP}{one.path.name}", True, _in_backup(traces, contents))


def _in_backup(traces: Traces, contents: Contents) -> int:
    count = 0
    for tables in (contents.active, contents.closed):
        row = tables.get(REFERRALS, {}).get(traces.reference)
        # A discard that had begun when the backup was made is a row without data; a restore goes on with it.
        count += row is not None and row["state"] != State.DISCARDING.value
        quarantine = tables.get(QUARANTINE, {})
        for key, mail in tables.get(LEDGER, {}).items():
            own = traces.reference in mail["references"] or key in traces.mails
            count += own and _leads_to_a_mail(mail)
            if own or (mail["attachments"] or "") in traces.attachments:
                count += sum(item in quarantine for item in mail["quarantine"])
    return count


def search_mailbox(traces: Traces, mailbox: "Mailbox", key: LedgerKey, account: str) -> Iterator[Place]:
    """Every message of every folder that can be opened, drafts included. Raises MailboxError when it is lost."""
    drafts = mailbox.drafts_folder()
    for folder in mailbox.folders():
        name = f"{DRAFTS if folder == drafts else FOLDER}{folder}"
        try:
            messages = mailbox.fetch(mailbox.scan(folder))
            count = sum(traces.left_by(incoming, key, account) for incoming in messages)
        except _ONE_FOLDER:
            yield Place(name, False, 0)
        else:
            yield Place(name, True, count)
