"""What was seen in the mailbox: one row per message, so that nothing comes in twice and everything can be removed.

A row knows where the message lies (folder, UIDVALIDITY, UID), what became of it, and keyed hashes of its Message-ID
and attachments. The Message-ID itself, needed to find a message that a colleague moved, is AES-GCM encrypted. The
key of both is an office secret for those who may poll, so that the store alone does not tell which mails it held.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from intake.client import Client
from intake.likeness import traits
from intake.mail.mailbox import Location

Row = dict[str, Any]


class LedgerKey:
    """Hashes and hides what the ledger keeps of a message."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @staticmethod
    def new() -> str:
        """A fresh key as it is kept among the office's secrets."""
        return base64.b64encode(secrets.token_bytes(32)).decode()

    @classmethod
    def of(cls, stored: str) -> "LedgerKey":
        """The key of a stored secret."""
        return cls(base64.b64decode(stored))

    def _digest(self, purpose: str, data: bytes) -> str:
        return hmac.digest(self._key, purpose.encode() + b"\0" + data, "sha256").hex()[:40]

    def location(self, account: str, where: Location) -> str:
        """The ledger's key of a message: account (see `account`), folder, UIDVALIDITY and UID."""
        return self._digest("location", repr((account, where.folder, where.uid_validity, where.uid)).encode())

    def account(self, host: str, user: str) -> str:
        """The keyed hash of a mailbox account: locations count only in the mailbox they were seen in."""
        return self._digest("account", repr((host.lower(), user)).encode())

    def message(self, message_id: str | None) -> str | None:
        """The keyed hash of a Message-ID; None without one."""
        return self._digest("message", message_id.encode("utf-8", "replace")) if message_id else None

    def attachments(self, parts: Iterable[bytes]) -> str | None:
        """The keyed hash of all attachments of a message; None without any."""
        digests = sorted(hashlib.sha256(part).digest() for part in parts)
        return self._digest("attachments", b"".join(digests)) if digests else None

    def likeness(self, client: Client) -> dict[str, str]:
        """The keyed hashes by which another referral of the same client is noticed (`intake.likeness`)."""
        return {t.value: self._digest(f"likeness-{t.value}", v.encode()) for t, v in traits(client).items()}

    def hide(self, message_id: str | None) -> str | None:
        """The Message-ID encrypted for the ledger."""
        if not message_id:
            return None
        nonce = secrets.token_bytes(12)
        hidden = AESGCM(hashlib.sha256(b"hide\0" + self._key).digest()).encrypt(
            nonce, message_id.encode("utf-8", "replace"), None
        )
        return base64.b64encode(nonce + hidden).decode()

    def reveal(self, hidden: str | None) -> str | None:
        """The inverse of `hide`; None when there is nothing or it was made with another key."""
        from cryptography.exceptions import InvalidTag

        if not hidden:
            return None
        data = base64.b64decode(hidden)
        try:
            plain = AESGCM(hashlib.sha256(b"hide\0" + self._key).digest()).decrypt(data[:12], data[12:], None)
        except InvalidTag:
            return None
        return plain.decode("utf-8", "replace")


def location_of(row: Mapping[str, Any]) -> Location:
    """Where the message lies now, as far as the program knows."""
    where = row["moved"] or row["at"]
    return Location(where["folder"], where["uid_validity"], where["uid"])


def place(where: Location) -> Row:
    """A location as it is stored."""
    return {"folder": where.folder, "uid_validity": where.uid_validity, "uid": where.uid}


@dataclass
class Ledger:
    """The rows by location, by Message-ID and by attachments."""

    by_location: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    by_message: dict[str, str] = field(default_factory=dict)
    by_attachments: dict[str, str] = field(default_factory=dict)
    quarantined: dict[tuple[str, str | None], str] = field(default_factory=dict)

    @classmethod
    def of(cls, *tables: Iterable[tuple[str, Mapping[str, Any]]]) -> "Ledger":
        """The ledger of the store's active and closed rows."""
        ledger = cls()
        for rows in tables:
            for key, row in rows:
                ledger.add(key, row)
        return ledger

    def add(self, key: str, row: Mapping[str, Any]) -> None:
        """Remember one more message."""
        self.by_location[key] = row
        if row["message"] and row["quarantine"] and not row["references"]:
            self.quarantined[row["message"], row["attachments"]] = key
        for index, value in ((self.by_message, row["message"]), (self.by_attachments, row["attachments"])):
            # The first that gave a referral stands for all its copies.
            if value and (value not in index or not self.by_location[index[value]]["references"]):
                index[value] = key

    def waiting(self, message: str | None, attachments: str | None) -> tuple[str, Mapping[str, Any]] | None:
        """The very same message, seen before, that became only items of the quarantine; whether those still wait is not said."""
        key = self.quarantined.get((message, attachments)) if message else None
        return (key, self.by_location[key]) if key is not None else None

    def same(self, message: str | None, attachments: str | None) -> tuple[str, Mapping[str, Any]] | None:
        """A message seen before that this one is another copy of.

        The same Message-ID with the same attachments is a copy wherever it lies. The same attachments under another
        Message-ID were sent again: a copy while the first is kept; after its discard it is a new referral. Of a
        message that gave no referral nothing is a copy: sent again, it may be right this time.
        """
        key = self.by_attachments.get(attachments) if attachments else None
        if key is not None:
            row = self.by_location[key]
            if row["references"] and ((message and row["message"] == message) or not row["discarded"]):
                return key, row
        key = self.by_message.get(message) if message else None
        if key is not None:
            row = self.by_location[key]
            if row["references"] and row["attachments"] == attachments:
                return key, row
        return None
