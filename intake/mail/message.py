"""One message as the program takes it in: who sent it, when it came, its attachments, the start of its text.

Pure: bytes go in, facts come out. Everything here was written by a stranger, so every size, count and depth has a
bound and every text is cleaned. Which parts to download is chosen in `structure.py`; the server is in `mailbox.py`.
"""

import email
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.message import Message
from enum import StrEnum
from typing import Any

from intake.mail.decoding import (
    body_from_parts,
    clean_name,
    decode_header_text,
    decode_transfer,
    one_line,
)
from intake.mail.headers import HEADER_LIMIT, NOWHERE, POLICY, Headers, Source, headers_of, parse_headers
from intake.mail.wrappers import is_saved_mail, signed_mail, tnef_files

__all__ = ["Attachment", "Incoming", "Location", "Problem", "Text", "parse_message"]

MESSAGE_LIMIT = 30 * 1024 * 1024
"""Bytes (RFC822.SIZE) above which nothing of a message but its header is downloaded."""
TEXT_LIMIT = 65_536
"""Encoded bytes of each text part that are read."""
DEPTH_LIMIT = 20
WRAPPERS = 4
"""Wrappers (winmail.dat, S/MIME, saved mails) in one another that are opened."""
DELIVERY_STATUS = "message/delivery-status"
_FILES = (
    b"7z\xbc\xaf\x27\x1c",
    b"PK\x03\x04",
    b"Rar!\x1a\x07",
    b"%PDF-",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
)
ATTACHMENT_LIMIT = 50
_PART_LIMIT = 200
_HEADER_COUNT_LIMIT = 2_000
_LINE_COUNT_LIMIT = 1_000_000

NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)
"""`Incoming.received_at` where the server gave no usable date; `problem` is then set."""


class Problem(StrEnum):
    """Why a message cannot be read as it is."""

    HEADER = "header"
    STRUCTURE = "structure"
    TOO_DEEP = "too-deep"
    TOO_MANY_PARTS = "too-many-parts"
    DATE = "date"


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """Where a message lies: the server's folder name, the folder's UIDVALIDITY, the UID."""

    folder: str
    uid_validity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is not the text of the message. `name` has no path and may be empty; `content_type` is as claimed.

    `inner`: it was taken out of another attachment, which is there too.
    """

    name: str = field(repr=False)
    data: bytes = field(repr=False)
    content_type: str
    inner: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A text part of the body: decoded bytes (perhaps cut off), "plain" or "html", and the charset it claims."""

    data: bytes = field(repr=False)
    subtype: str
    charset: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message as found. Where `too_large` or `problem` is set, attachments may be missing: do not import it.

    `received_at` is the server's INTERNALDATE in UTC; `senders` counts From headers or addresses, whichever is more;
    `size` is RFC822.SIZE in bytes; `problem` is a value of `Problem`.
    """

    location: Location
    message_id: str | None = field(repr=False)
    sender: str | None = field(repr=False)
    senders: int
    received_at: datetime
    size: int
    too_large: bool
    attachments: tuple[Attachment, ...]
    body_text: str = field(repr=False)
    problem: str | None
    source: Source = NOWHERE

    @property
    def parts(self) -> Iterator[bytes]:
        """The attachments as they lie in the message, by which it is known again: nothing that was taken out of them."""
        return (part.data for part in self.attachments if not part.inner)


def parse_message(
    raw: bytes,
    *,
    location: Location,
    received_at: datetime,
    size: int | None = None,
    problem: str | None = None,
) -> Incoming:
    """Read a whole message (RFC 5322). Never raises: a message that cannot be read comes back with its `problem`."""
    headers = parse_headers(raw[:HEADER_LIMIT])
    attachments: list[Attachment] = []
    texts: list[Text] = []
    try:
        message = _parse(raw)
        headers = headers_of(message)
        _collect(message, attachments, texts)
    except _Refused as refused:
        problem = problem or refused.problem
    except RecursionError:
        problem = problem or Problem.TOO_DEEP
    except (ValueError, TypeError, LookupError, AttributeError, AssertionError):
        problem = problem or Problem.STRUCTURE
    return assemble(
        location, headers, received_at, len(raw) if size is None else size, attachments, texts, problem
    )


def assemble(
    location: Location,
    headers: Headers,
    received_at: datetime,
    size: int,
    attachments: Sequence[Attachment] = (),
    texts: Sequence[Text] = (),
    problem: str | None = None,
    *,
    too_large: bool = False,
) -> Incoming:
    """Put the facts of one message together, whichever way they were fetched, and open what mail programs wrap it in."""
    files, body = list(attachments), list(texts)
    if not problem:
        try:
            _unwrap(files, body)
        except _Refused as refused:
            problem = refused.problem
    return Incoming(
        location=location,
        message_id=headers.message_id,
        sender=headers.sender,
        senders=headers.senders,
        received_at=received_at,
        size=size,
        too_large=too_large,
        attachments=() if problem else tuple(files),
        body_text=body_from_parts([(t.data, t.subtype, t.charset) for t in body]),
        problem=problem,
        source=headers.source,
    )


class _Refused(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem)


class _CountedMessage(Message):
    """The library's message, which stops a flood of parts or header fields while it is being read."""

    parts_left = 0
    headers_left = 0

    def set_raw(self, name: str, value: str) -> None:
        kind = type(self)
        kind.headers_left -= 1
        if kind.headers_left < 0:
            raise _Refused(Problem.HEADER)
        super().set_raw(name, value)


def _parse(raw: bytes) -> Message:
    if raw.count(b"\n") > _LINE_COUNT_LIMIT:
        raise _Refused(Problem.STRUCTURE)

    class Counted(_CountedMessage):
        parts_left = _PART_LIMIT
        headers_left = _HEADER_COUNT_LIMIT

        def __init__(self, *arguments: Any, **more: Any) -> None:
            Counted.parts_left -= 1
            if Counted.parts_left < 0:
                raise _Refused(Problem.TOO_MANY_PARTS)
            super().__init__(*arguments, **more)

    return email.message_from_bytes(raw, Counted, policy=POLICY)


def _collect(message: Message, attachments: list[Attachment], texts: list[Text]) -> None:
    """Leaf parts in order, without recursion; what lies inside a forwarded message counts as well."""
    waiting: list[tuple[Message, int]] = [(message, 0)]
    while waiting:
        part, depth = waiting.pop()
        if depth > DEPTH_LIMIT:
            raise _Refused(Problem.TOO_DEEP)
        payload = part.get_payload()
        if part.get_content_type() == DELIVERY_STATUS and isinstance(payload, list):
            _add(attachments, Attachment("", _fields_of(payload), DELIVERY_STATUS))
            continue
        if isinstance(payload, list):
            inner = [p for p in payload if isinstance(p, Message)]
            if part.get_content_maintype() == "message" and len(inner) == 1 and _encoding(part) == "base64":
                inner = [_parse(_bytes_of(inner[0], "base64"))]
            waiting.extend((p, depth + 1) for p in reversed(inner))
            continue
        name = _file_name(part)
        if is_body(part.get_content_type(), name, str(part.get("Content-Disposition", ""))):
            data = _bytes_of(part, _encoding(part))
            if is_file(data):
                _add(attachments, Attachment("", data, one_line(part.get_content_type(), 100)))
                continue
            texts.append(
                Text(data[:TEXT_LIMIT], part.get_content_subtype(), str(part.get_param("charset") or ""))
            )
        else:
            data = _bytes_of(part, _encoding(part))
            _add(attachments, Attachment(clean_name(name), data, one_line(part.get_content_type(), 100)))


def _add(attachments: list[Attachment], part: Attachment) -> None:
    if len(attachments) >= ATTACHMENT_LIMIT:
        raise _Refused(Problem.TOO_MANY_PARTS)
    attachments.append(part)


def _fields_of(blocks: Sequence[object]) -> bytes:
    """The blocks of fields of a delivery report, which the library reads as so many messages."""
    texts = (
        "".join(f"{name}: {one_line(str(value), 1_000)}\n" for name, value in block.items())
        for block in blocks
        if isinstance(block, Message)
    )
    return "\n".join(texts).encode("utf-8", "replace")


def _unwrap(attachments: list[Attachment], texts: list[Text]) -> None:
    """Add what is in the wrappers among the attachments, and in wrappers in those, behind them."""
    waiting = [(part, 1) for part in attachments]
    while waiting:
        outer, depth = waiting.pop(0)
        inside = [
            Attachment(clean_name(name), data, "application/octet-stream")
            for name, data in tnef_files(outer.data)
        ]
        mail = outer.data if is_saved_mail(outer.data) else signed_mail(outer.data)
        if mail is not None:
            try:
                _collect(_parse(mail), inside, texts)
            except (ValueError, TypeError, LookupError, AttributeError, AssertionError, RecursionError):
                raise _Refused(Problem.STRUCTURE) from None
        if inside and depth > WRAPPERS:
            raise _Refused(Problem.TOO_DEEP)
        for part in inside:
            inner = replace(part, inner=True)
            _add(attachments, inner)
            waiting.append((inner, depth + 1))


def is_file(data: bytes) -> bool:
    """Whether what claims to be the text of a message is an archive or a document by its first bytes."""
    return data.startswith(_FILES)


def is_body(content_type: str, name: str, disposition: str) -> bool:
    """Whether a leaf part is text to read rather than a file: plain or HTML, without a name, not sent as attachment."""
    return (
        content_type in ("text/plain", "text/html")
        and not name
        and not disposition.strip().lower().startswith("attachment")
    )


def _encoding(part: Message) -> str:
    return str(part.get("Content-Transfer-Encoding", "")).strip().lower()


def _bytes_of(part: Message, encoding: str) -> bytes:
    if encoding == "base64":
        payload = part.get_payload()
        return (
            decode_transfer(payload.encode("ascii", "ignore"), encoding) if isinstance(payload, str) else b""
        )
    decoded = part.get_payload(decode=True)
    return decoded if isinstance(decoded, bytes) else b""


def _file_name(part: Message) -> str:
    try:
        return decode_header_text(part.get_filename("") or "")
    except (ValueError, TypeError, LookupError, AttributeError):
        return "?"  # a name that cannot be read is still a name: the part is a file
