"""Downloading a batch of messages from an open folder in few round trips: facts first, then only the parts that count.

One message that cannot be fetched with the others is tried alone, and comes with a `problem` if that fails too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from intake.mail.connection import Connection
from intake.mail.decoding import decode_transfer
from intake.mail.errors import MailboxOverLimit, MailboxProtocol, MailboxRefused, translated
from intake.mail.headers import HEADER_LIMIT, Headers, parse_headers
from intake.mail.message import (
    MESSAGE_LIMIT,
    NO_DATE,
    Attachment,
    Incoming,
    Location,
    Problem,
    Text,
    assemble,
    is_file,
    parse_message,
)
from intake.mail.structure import WHOLE, Part, Plan, plan_of

__all__ = ["fetch_batch"]

RUN_LIMIT = 32 * 1024 * 1024
"""Bytes that are downloaded before the messages they belong to are handed on."""
_FACTS = ("RFC822.SIZE", "INTERNALDATE", "BODYSTRUCTURE", f"BODY.PEEK[HEADER]<0.{HEADER_LIMIT}>")
_WITHOUT_STRUCTURE = ("RFC822.SIZE", "INTERNALDATE", f"BODY.PEEK[HEADER]<0.{HEADER_LIMIT}>")
_LAST_FACTS = ("RFC822.SIZE", "INTERNALDATE")
_UNREADABLE = (MailboxRefused, MailboxProtocol, MailboxOverLimit)

Answer = dict[int, dict[bytes, Any]]


class Reopen(Protocol):
    """Gives the connection with the folder open; `fresh` after an answer that put the old one out of step."""

    def __call__(self, *, fresh: bool = False) -> Connection: ...


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a message before its parts are there."""

    location: Location
    size: int
    received_at: datetime
    headers: Headers
    plan: Plan
    problem: str | None

    @property
    def too_large(self) -> bool:
        return self.size > MESSAGE_LIMIT

    @property
    def expected(self) -> int:
        if self.problem or self.too_large:
            return 0
        return self.size if self.plan.whole else self.plan.size


def fetch_batch(locations: Sequence[Location], reopen: Reopen) -> Iterator[Incoming]:
    """The messages at `locations` (all of one folder) in order; those no longer there are left out."""
    facts = _ask([location.uid for location in locations], _FACTS, reopen)
    run: list[_Known] = []
    expected = 0
    for location in locations:
        known = _known(location, facts, reopen)
        if known is None:
            continue
        if run and expected + known.expected > RUN_LIMIT:
            yield from _read(run, reopen)
            run, expected = [], 0
        run.append(known)
        expected += known.expected
    yield from _read(run, reopen)


def _ask(uids: Sequence[int], items: Sequence[str], reopen: Reopen) -> Answer:
    """FETCH for many; where that is refused or cannot be read, for each alone. What fails alone is left out."""
    if not uids:
        return {}
    try:
        connection = reopen()
        with translated():
            answer: Answer = connection.fetch(uids, items)
        return answer
    except _UNREADABLE as error:
        if isinstance(error, MailboxOverLimit):
            reopen(fresh=True)
        if len(uids) == 1:
            return {}
    found: Answer = {}
    for uid in uids:
        found.update(_ask([uid], items, reopen))
    return found


def _known(location: Location, facts: Answer, reopen: Reopen) -> _Known | None:
    row = facts.get(location.uid, {})
    problem: str | None = None
    if b"RFC822.SIZE" not in row:
        if not _is_there(location, reopen):
            return None
        row = _ask([location.uid], _WITHOUT_STRUCTURE, reopen).get(location.uid, {})
        if b"RFC822.SIZE" not in row:
            row = _ask([location.uid], _LAST_FACTS, reopen).get(location.uid, {})
            problem = Problem.STRUCTURE
    size = row.get(b"RFC822.SIZE")
    size = size if isinstance(size, int) else 0
    received_at = _utc(row.get(b"INTERNALDATE"))
    raw = _section(row, b"BODY[HEADER]")
    if len(raw) >= HEADER_LIMIT:
        problem = problem or Problem.HEADER
    if received_at is None:
        problem = problem or Problem.DATE
    plan = plan_of(row.get(b"BODYSTRUCTURE")) if raw else WHOLE
    return _Known(location, size, received_at or NO_DATE, parse_headers(raw), plan, problem or plan.problem)


def _is_there(location: Location, reopen: Reopen) -> bool:
    connection = reopen()
    with translated():
        return location.uid in connection.search(f"UID {location.uid}")


def _read(run: Sequence[_Known], reopen: Reopen) -> Iterator[Incoming]:
    """Download what the plans of a run ask for, one FETCH for all messages of the same shape, and read them."""
    shapes: dict[tuple[str, ...], list[int]] = {}
    for known in run:
        if not known.problem and not known.too_large and known.plan.items:
            shapes.setdefault(known.plan.items, []).append(known.location.uid)
    parts: Answer = {}
    for items, uids in shapes.items():
        parts.update(_ask(uids, items, reopen))
    for known in run:
        incoming = _incoming(known, parts.pop(known.location.uid, {}), reopen)
        if incoming is not None:
            yield incoming


def _incoming(known: _Known, parts: dict[bytes, Any], reopen: Reopen) -> Incoming | None:
    if known.problem or known.too_large:
        return _without_parts(known, known.problem)
    if known.plan.whole or not all(_has(parts, part) for part in known.plan.attachments):
        return _whole(known, parts.get(b"BODY[]"), reopen)
    attachments = [
        Attachment(part.name, decode_transfer(_body(parts, part), part.encoding), part.content_type)
        for part in known.plan.attachments
    ]
    texts = [
        Text(
            decode_transfer(_body(parts, part), part.encoding),
            part.content_type.partition("/")[2],
            part.charset,
        )
        for part in known.plan.texts
    ]
    if any(is_file(text.data) for text in texts):  # only its beginning was fetched
        return _whole(known, None, reopen)
    return assemble(known.location, known.headers, known.received_at, known.size, attachments, texts)


def _whole(known: _Known, raw: Any, reopen: Reopen) -> Incoming | None:
    uid = known.location.uid
    if not isinstance(raw, bytes):
        raw = _ask([uid], WHOLE.items, reopen).get(uid, {}).get(b"BODY[]")
    if not isinstance(raw, bytes):
        return _without_parts(known, Problem.STRUCTURE) if _is_there(known.location, reopen) else None
    return parse_message(raw, location=known.location, received_at=known.received_at, size=known.size)


def _without_parts(known: _Known, problem: str | None) -> Incoming:
    return assemble(
        known.location,
        known.headers,
        known.received_at,
        known.size,
        problem=problem,
        too_large=known.too_large,
    )


def _has(parts: dict[bytes, Any], part: Part) -> bool:
    return part.size == 0 or any(key in parts and parts[key] is not None for key in _keys(part))


def _body(parts: dict[bytes, Any], part: Part) -> bytes:
    for key in _keys(part):
        value = parts.get(key)
        if isinstance(value, bytes):
            return value
    return b""


def _keys(part: Part) -> tuple[bytes, bytes]:
    """The names under which the server may answer; one asked for from byte 0 comes with that number."""
    name = f"BODY[{part.number}]"
    return name.encode("ascii"), f"{name}<0>".encode("ascii")


def _section(row: dict[bytes, Any], name: bytes) -> bytes:
    value = row.get(name + b"<0>", row.get(name))
    return value if isinstance(value, bytes) else b""


def _utc(value: Any) -> datetime | None:
    if not isinstance(value, datetime) or value.tzinfo is None:
        return None
    try:
        return value.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
