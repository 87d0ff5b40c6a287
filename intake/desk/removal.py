"""Removing the mails of discarded referrals from the mailbox, and looking again that they are gone.

Only what is surely ours is deleted: the place the ledger knows, or elsewhere a message with the same Message-ID whose
attachments are the same. What another kept referral or a quarantined message came from is left alone. A draft that the
program prepared is known by the Message-ID it gave it; sent under another one, by its number in the subject together
with the archive.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from intake.mail.errors import (
    MailboxFolder,
    MailboxNotRemoved,
    MailboxReadOnly,
    MailboxRefused,
    MailboxRenumbered,
)
from intake.mail.ledger import LedgerKey, location_of
from intake.mail.mailbox import Location

if TYPE_CHECKING:
    from intake.mail.mailbox import Mailbox

_ONE_MAIL = (
    MailboxFolder,
    MailboxNotRemoved,
    MailboxReadOnly,
    MailboxRefused,
    MailboxRenumbered,
)
"""What concerns one message or folder and does not stop the others."""

Mails = Mapping[str, Mapping[str, Any]]


class Removal:
    """One retention run's work in the mailbox."""

    def __init__(self, mailbox: "Mailbox", key: LedgerKey) -> None:
        self._mailbox = mailbox
        self._key = key

    def remove(self, mails_of: Mapping[str, Mails], others: Mails) -> dict[str, str]:
        """Remove the mails of each reference.

        Returns, by reference, the ledger key of a mail that could not be removed or is still found.
        """
        protected = {location_of(row) for row in others.values() if not row["deleted"]}
        todo = [
            (reference, key, row)
            for reference, mails in mails_of.items()
            for key, row in mails.items()
            if not row["deleted"]
        ]
        absent, refused = self._delete_where_known({key: location_of(row) for _reference, key, row in todo})
        ids = {key: self._key.reveal(row["message_id"]) for _reference, key, row in todo}
        found = self._mailbox.find_all(i for i in ids.values() if i is not None)
        marked = self._mailbox.find_marks(row["mark"] for _reference, _key, row in todo if "mark" in row)
        left: dict[str, str] = {}
        for reference, key, row in todo:
            message_id = ids[key]
            try:
                if "mark" in row:
                    own = found.get(message_id or "", [])
                    gone = self._delete_draft(own, marked.get(row["mark"], []), row)
                elif message_id is not None:
                    gone = self._delete_elsewhere(found[message_id], row, protected)
                elif row["attachments"] is None:
                    # Nothing to know it by but its place; all mails without an attachment would look the same.
                    gone = True
                else:
                    # Without a Message-ID a message that was moved can only be known by what it holds.
                    gone = key not in absent or self._delete_elsewhere(self._everything(), row, protected)
            except _ONE_MAIL:
                gone = False
            if key in refused or not gone:
                left[reference] = key
        return left

    def _delete_where_known(self, places: Mapping[str, Location]) -> tuple[set[str], set[str]]:
        """Delete at the places the ledger knows; returns the keys of those absent there, and of those refused."""
        try:
            absent = self._mailbox.delete(list(places.values()))
            return {key for key, where in places.items() if where in absent}, set()
        except _ONE_MAIL:
            pass  # one of them: find out which, one at a time
        gone, refused = set(), set()
        for key, where in places.items():
            try:
                if self._mailbox.delete([where]):
                    gone.add(key)
            except _ONE_MAIL:
                refused.add(key)
        return gone, refused

    def _delete_elsewhere(
        self, locations: list[Location], row: Mapping[str, Any], protected: set[Location]
    ) -> bool:
        """Delete the same message wherever else it lies; whether it is gone then."""
        elsewhere = self._same(locations, row, protected)
        if not elsewhere:
            return True
        self._mailbox.delete(elsewhere)
        return not self._same(elsewhere, row, protected)

    def _delete_draft(self, own: list[Location], marked: list[Location], row: Mapping[str, Any]) -> bool:
        """Delete a prepared mail, among the drafts and where it was sent; whether it is gone then."""
        self._mailbox.delete(own)
        others = [where for where in marked if where not in own]
        sent = self._with_archive(others, row)
        self._mailbox.delete(sent)
        return not self._with_archive(sent, row)

    def _with_archive(self, locations: list[Location], row: Mapping[str, Any]) -> list[Location]:
        """Those that hold the archive of a draft, whatever a mail program attached beside it."""
        if row["attachments"] is None:
            return []
        return [
            incoming.location
            for incoming in self._mailbox.fetch(locations)
            if any(self._key.attachments([part.data]) == row["attachments"] for part in incoming.attachments)
        ]

    def _everything(self) -> list[Location]:
        return [
            where for folder in self._mailbox.folders() for where in self._mailbox.scan(folder, optional=True)
        ]

    def _same(
        self, locations: list[Location], row: Mapping[str, Any], protected: set[Location]
    ) -> list[Location]:
        """Those of the messages that hold the same attachments and belong to nothing that is kept."""
        candidates = [where for where in locations if where not in protected]
        return [
            incoming.location
            for incoming in self._mailbox.fetch(candidates)
            if self._key.attachments(incoming.parts) == row["attachments"]
        ]
