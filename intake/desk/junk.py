"""Which messages in the folder for spam are ours: those whose one From is trusted. All other spam is left as it lies.

A referral that a filter took for spam would else wait there unseen. Whether its sender is genuine is judged afterwards, as for
every message; spam of strangers is neither counted nor moved nor read.
"""

from collections.abc import Sequence
from contextlib import suppress

from intake.config import MailboxConfig
from intake.mail.errors import MailboxFolder, MailboxRefused, MailboxRenumbered
from intake.mail.mailbox import Location, Mailbox
from intake.trust import trusts

LOOKED_AT = 2_000
"""The newest so many messages are looked at; a folder for spam is emptied by the server by and by."""
_NOT_THERE = (MailboxFolder, MailboxRefused, MailboxRenumbered)


class Junk:
    """Remembers from poll to poll whose messages are none of ours, so that each is asked for once."""

    def __init__(self) -> None:
        self._trusted: tuple[str, ...] = ()
        self._foreign: set[Location] = set()

    def ours(self, mailbox: Mailbox, box: MailboxConfig, trusted: Sequence[str]) -> list[Location]:
        """Those to take in. Raises MailboxError.

        A folder that does not open has none: the inbox must not wait for it. Nor has one that is for something else.
        """
        folder = mailbox.junk_folder(box.junk) if box.junk else None
        used = {mailbox.resolve(name) for name in (box.inbox, box.processed, box.quarantine)}
        if folder is None or folder in used:
            return []
        with suppress(*_NOT_THERE):
            return self._ours(mailbox, folder, tuple(trusted))
        return []

    def _ours(self, mailbox: Mailbox, folder: str, trusted: tuple[str, ...]) -> list[Location]:
        if trusted != self._trusted:
            self._trusted, self._foreign = trusted, set()
        there = mailbox.scan(folder, optional=True)[-LOOKED_AT:]
        self._foreign &= set(there)
        unknown = [where for where in there if where not in self._foreign]
        senders = mailbox.senders(unknown)
        mine = [
            where
            for where in unknown
            if (head := senders.get(where))
            and head.senders == 1
            and head.sender
            and trusts(head.sender, trusted)
        ]
        self._foreign.update(set(senders) - set(mine))
        return mine
