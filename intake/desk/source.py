"""The message that something in the store came from, found in the mailbox again and read anew; nothing of it is kept.

Only what is surely the same is given: the same attachments, or where there were none the same Message-ID. So it is found
also where a colleague moved it, and in a folder that was renamed or rebuilt.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from intake.mail.errors import MailboxFolder, MailboxRefused, MailboxRenumbered
from intake.mail.ledger import LedgerKey, location_of
from intake.mail.message import Incoming

if TYPE_CHECKING:
    from intake.mail.mailbox import Mailbox

_NOT_THERE = (MailboxFolder, MailboxRefused, MailboxRenumbered)
"""The place the ledger knows is no more: a colleague moved the message, or the folder was rebuilt."""


def copies(mailbox: "Mailbox", source: Mapping[str, Any], key: LedgerKey) -> Iterator[Incoming]:
    """The message of a ledger row where the ledger knows it, else wherever it lies now. Raises MailboxError."""
    known = location_of(source)
    with suppress(*_NOT_THERE):
        yield from (m for m in mailbox.fetch([known]) if _same(m, source, key))
    message_id = key.reveal(source["message_id"])
    if message_id is not None:
        places = [where for where in mailbox.find(message_id) if where != known]
        yield from (m for m in mailbox.fetch(places) if _same(m, source, key))
    elif source["attachments"] is not None:
        # Without a Message-ID a message that was moved can only be known by what it holds.
        for folder in mailbox.folders():
            with suppress(*_NOT_THERE):
                places = [where for where in mailbox.scan(folder, optional=True) if where != known]
                yield from (m for m in mailbox.fetch(places) if _same(m, source, key))


def _same(incoming: Incoming, source: Mapping[str, Any], key: LedgerKey) -> bool:
    if (digest := source["attachments"]) is not None:
        return bool(key.attachments(incoming.parts) == digest)
    if (message := source["message"]) is not None:
        return bool(key.message(incoming.message_id) == message)
    return incoming.location == location_of(source)
