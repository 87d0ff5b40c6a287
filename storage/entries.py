"""One entry of the access log: how it is made, chained, signed, written as a line and read again.

Where entries are kept and how a whole log is verified is in `journal.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, NamedTuple

import orjson

from storage.errors import LogBroken, LogCut, LogEdited, LogGap, LogReplaced, LogSignatureBad
from storage.keys import Signer
from storage.rows import Row, canonical, decoded, encoded

LONGEST_LINE = 1 << 20
"""Bytes; a line beyond it is no entry."""

_SIGN_DOMAIN = b"ocmw-intake log entry 1\x00"
_LONGEST_REASON = 2000
_LONGEST_WORD = 200
_MOST_WORDS = 2000


class LogFault(StrEnum):
    """What can be wrong with a log."""

    EDITED = "edited"
    GAP = "entry missing"
    SIGNATURE = "bad signature"
    CUT = "end missing"
    REPLACED = "another log"


_BROKEN: dict[LogFault, type[LogBroken]] = {
    LogFault.EDITED: LogEdited,
    LogFault.GAP: LogGap,
    LogFault.SIGNATURE: LogSignatureBad,
    LogFault.CUT: LogCut,
    LogFault.REPLACED: LogReplaced,
}


def broken(where: str, what: LogFault) -> LogBroken:
    """The refusal that names what is wrong, and where."""
    return _BROKEN[what](where=where, what=what.value)


class Head(NamedTuple):
    """The end of a chain: number (from 1; 0 before the first) and digest (64 hexadecimal digits)."""

    seq: int
    digest: str

    @classmethod
    def read(cls, data: bytes) -> "Head":
        """The head that `data` (JSON) tells; raises ValueError."""
        value = orjson.loads(data)
        if not isinstance(value, dict) or not value.keys() <= {"seq", "digest", "check"}:
            raise ValueError("no head")
        head = cls.of(value.get("seq"), value.get("digest"))
        if value.get("check", head.check) != head.check:
            raise ValueError("altered")
        return head

    @classmethod
    def of(cls, seq: object, digest: object) -> "Head":
        """The head of two stored values; raises ValueError."""
        if not isinstance(seq, int) or not isinstance(digest, str) or seq < 0 or len(digest) != 64:
            raise ValueError("no head")
        return cls(seq, digest)

    @property
    def check(self) -> str:
        """A digest over both, by which a head that stands alone in a file tells that it was damaged."""
        return sha256(canonical(["ocmw-intake log head 1", self.seq, self.digest])).hexdigest()

    @property
    def written(self) -> bytes:
        """The head as it stands alone in a file."""
        return canonical({"seq": self.seq, "digest": self.digest, "check": self.check})


@dataclass(frozen=True, slots=True)
class Event:
    """Something to log. `references` and `fields` name records and their fields, never a value of one (A12)."""

    action: str
    references: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    reason: str | None = None
    detail: Mapping[str, str | int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise ValueError for what does not fit in an entry."""
        words = (self.action, *self.references, *self.fields, *self.detail, *map(str, self.detail.values()))
        if len(words) > _MOST_WORDS or max(map(len, words)) > _LONGEST_WORD or not self.action:
            raise ValueError("the event does not fit in a log entry")
        if self.reason is not None and len(self.reason) > _LONGEST_REASON:
            raise ValueError("the reason is longer than 2000 characters")
        # Characters that JSON escapes take six bytes for one.
        if len(canonical([*words, self.reason])) > LONGEST_LINE // 2:
            raise ValueError("the event does not fit in a log entry")


@dataclass(frozen=True, slots=True)
class Entry:
    """An event in the log. `at` is ISO 8601 in UTC with microseconds; `prev` is the digest before this one."""

    seq: int
    at: str
    user: str
    name: str
    host: str
    action: str
    references: tuple[str, ...]
    fields: tuple[str, ...]
    reason: str | None
    detail: Mapping[str, str | int]
    prev: str
    key_id: str
    digest: str
    signature: str

    @property
    def head(self) -> Head:
        """The head of the chain that ends here."""
        return Head(self.seq, self.digest)

    @property
    def row(self) -> Row:
        """The entry as JSON has it."""
        return {
            **self._content(),
            "digest": self.digest,
            "signature": self.signature,
        }

    @property
    def line(self) -> bytes:
        """The entry as it stands in a file."""
        return canonical(self.row) + b"\n"

    @property
    def signed_bytes(self) -> bytes:
        """What the signature is over."""
        return _SIGN_DOMAIN + bytes.fromhex(self.digest)

    @property
    def signature_bytes(self) -> bytes:
        """The signature; none when what stands there cannot be one."""
        try:
            return decoded(self.signature)
        except ValueError:
            return b""

    def check_follows(self, head: Head, where: str) -> None:
        """Raise LogBroken unless this is unaltered and the next after `head`."""
        if self.digest != _digest(self._content()):
            raise broken(where, LogFault.EDITED)
        if self.seq != head.seq + 1:
            raise broken(where, LogFault.GAP)
        if self.prev != head.digest:
            raise broken(where, LogFault.REPLACED)

    def _content(self) -> Row:
        return {
            "seq": self.seq,
            "at": self.at,
            "user": self.user,
            "name": self.name,
            "host": self.host,
            "action": self.action,
            "references": list(self.references),
            "fields": list(self.fields),
            "reason": self.reason,
            "detail": dict(self.detail),
            "prev": self.prev,
            "key_id": self.key_id,
        }


def first_head(identity: str) -> Head:
    """The head of the empty log of the store named `identity`: another store's log does not follow it."""
    return Head(0, sha256(canonical(["ocmw-intake log 1", identity])).hexdigest())


def _digest(content: Row) -> str:
    # `prev` is part of the content as well; in front of it, it cannot be confused with anything in it.
    return sha256(bytes.fromhex(content["prev"]) + canonical(content)).hexdigest()


def next_entry(head: Head, event: Event, author: Signer, at: datetime, host: str) -> Entry:
    """The entry for `event` after `head`, signed by `author`; `at` is aware."""
    content: dict[str, Any] = {
        "seq": head.seq + 1,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "user": author.user,
        "name": author.name,
        "host": host,
        "action": event.action,
        "references": event.references,
        "fields": event.fields,
        "reason": event.reason,
        "detail": dict(event.detail),
        "prev": head.digest,
        "key_id": author.key_id,
    }
    digest = _digest(content)
    signature = encoded(author.sign(_SIGN_DOMAIN + bytes.fromhex(digest)))
    return Entry(**content, digest=digest, signature=signature)


def read_entry(line: bytes, where: str) -> Entry:
    """The entry in a line; raises LogBroken when it is none. Neither chain nor signature is checked."""
    try:
        if len(line) > LONGEST_LINE:
            raise ValueError("too long")
        entry = entry_of(orjson.loads(line))
        if entry.line != line:
            raise ValueError("not as we write it")
        return entry
    except (KeyError, TypeError, ValueError):
        raise broken(where, LogFault.EDITED) from None


def entry_of(row: Any) -> Entry:
    """The entry that `row` holds; raises KeyError, TypeError or ValueError when it holds none."""
    words = ("at", "user", "name", "host", "action", "prev", "key_id", "digest", "signature")
    if not all(isinstance(row[word], str) for word in words) or not isinstance(row["seq"], int):
        raise ValueError("not an entry")
    lists = (row["references"], row["fields"])
    if not all(isinstance(words, list) and all(isinstance(word, str) for word in words) for words in lists):
        raise ValueError("not an entry")
    if not isinstance(row["detail"], dict) or not isinstance(row["reason"], str | None):
        raise ValueError("not an entry")
    if not all(isinstance(value, str | int) for value in row["detail"].values()):
        raise ValueError("not an entry")
    if len(bytes.fromhex(row["prev"])) != 32 or len(bytes.fromhex(row["digest"])) != 32:
        raise ValueError("not a digest")
    return Entry(
        **{
            **row,
            "references": tuple(row["references"]),
            "fields": tuple(row["fields"]),
            "detail": dict(row["detail"]),
        }
    )
