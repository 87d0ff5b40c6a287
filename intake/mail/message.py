"""One message as the program takes it in: who sent it, when it came, its attachments, the start of its text.

Pure: bytes go in, facts come out. Everything here was written by a stranger, so every size, count and depth has a
bound and every text is cleaned. Which parts to download is chosen in `structure.py`; the server is in `mailbox.py`.
"""

import email
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import Compat32
from enum import StrEnum
from typing import Any

from intake.mail.decoding import (
    body_from_parts,
    clean_name,
    decode_bytes,
    decode_header_text,
    decode_transfer,
    one_line,
)

__all__ = [
    "Attachment",
    "Headers",
    "Incoming",
    "Location",
    "Problem",
    "Text",
    "parse_headers",
    "parse_message",
]

MESSAGE_LIMIT = 30 * 1024 * 1024
"""Bytes (RFC822.SIZE) above which nothing of a message but its header is downloaded."""
HEADER_LIMIT = 65_536
"""Bytes of header that are read; a longer one is a problem of its own."""
TEXT_LIMIT = 65_536
"""Encoded bytes of each text part that are read."""
DEPTH_LIMIT = 20
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
    """A part that is not the text of the message. `name` has no path and may be empty; `content_type` is as claimed."""

    name: str = field(repr=False)
    data: bytes = field(repr=False)
    content_type: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text part of the body: decoded bytes (perhaps cut off), "plain" or "html", and the charset it claims."""

    data: bytes = field(repr=False)
    subtype: str
    charset: str


@dataclass(frozen=True, slots=True)
class Headers:
    """What is needed of the header. `sender` only when there is exactly one From with exactly one clear address."""

    message_id: str | None = field(repr=False)
    sender: str | None = field(repr=False)
    senders: int
    is_auto_reply: bool


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
    is_auto_reply: bool
    problem: str | None


class _Raw8Bit(Compat32):
    """The library's quickest policy, but 8-bit header fields come as text and not as replacement characters."""

    def header_fetch_parse(self, name: str, value: str) -> str:  # noqa: ARG002 - the library's signature
        return value if value.isascii() else decode_bytes(value.encode("utf-8", "surrogateescape"), "utf-8")


_POLICY = _Raw8Bit()
_ADDRESS = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8}"
_FROM = re.compile(rf"[^<>@,;:]{{0,1000}}<\s?({_ADDRESS})\s?>|\s?({_ADDRESS})(?:\s?\([^()<>@]{{0,1000}}\))?")
_ANY_ADDRESS = re.compile(_ADDRESS)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.){0,1000}"')
_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,900}>")
_PRINTABLE = re.compile(r"[\x21-\x7e]{1,900}")
_AUTO_HEADERS = ("x-autoreply", "x-autorespond", "x-auto-reply")


def parse_headers(raw: bytes) -> Headers:
    """Read a header of at most `HEADER_LIMIT` bytes. Never raises: what is unclear comes back as None."""
    header = BytesHeaderParser(policy=_POLICY).parsebytes(raw[:HEADER_LIMIT])
    return _headers(header)


def message_id_of(raw: bytes) -> str | None:
    """The Message-ID of a header (or of its one field), as `Incoming.message_id` has it."""
    return parse_headers(raw).message_id


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
        headers = _headers(message)
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
    """Put the facts of one message together, whichever way they were fetched."""
    return Incoming(
        location=location,
        message_id=headers.message_id,
        sender=headers.sender,
        senders=headers.senders,
        received_at=received_at,
        size=size,
        too_large=too_large,
        attachments=() if problem else tuple(attachments),
        body_text=body_from_parts([(t.data, t.subtype, t.charset) for t in texts]),
        is_auto_reply=headers.is_auto_reply,
        problem=problem,
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

    return email.message_from_bytes(raw, Counted, policy=_POLICY)


def _collect(message: Message, attachments: list[Attachment], texts: list[Text]) -> None:
    """Leaf parts in order, without recursion; what lies inside a forwarded message counts as well."""
    waiting: list[tuple[Message, int]] = [(message, 0)]
    while waiting:
        part, depth = waiting.pop()
        if depth > DEPTH_LIMIT:
            raise _Refused(Problem.TOO_DEEP)
        payload = part.get_payload()
        if isinstance(payload, list):
            inner = [p for p in payload if isinstance(p, Message)]
            if part.get_content_maintype() == "message" and len(inner) == 1 and _encoding(part) == "base64":
                inner = [_parse(_bytes_of(inner[0], "base64"))]
            waiting.extend((p, depth + 1) for p in reversed(inner))
            continue
        name = _file_name(part)
        if is_body(part.get_content_type(), name, str(part.get("Content-Disposition", ""))):
            data = _bytes_of(part, _encoding(part))[:TEXT_LIMIT]
            texts.append(Text(data, part.get_content_subtype(), str(part.get_param("charset") or "")))
        else:
            if len(attachments) >= ATTACHMENT_LIMIT:
                raise _Refused(Problem.TOO_MANY_PARTS)
            attachments.append(
                Attachment(
                    clean_name(name), _bytes_of(part, _encoding(part)), one_line(part.get_content_type(), 100)
                )
            )


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


def _headers(header: Message) -> Headers:
    found = [one_line(str(value), 5_000) for value in header.get_all("From", [])]
    sender, senders = _sender(found)
    return Headers(
        message_id=_message_id(header),
        sender=sender,
        senders=senders,
        is_auto_reply=_is_auto_reply(header),
    )


def _sender(values: list[str]) -> tuple[str | None, int]:
    bare = [_QUOTED.sub("", value).strip() for value in values]
    count = max(len(values), sum(len(_ANY_ADDRESS.findall(value)) for value in bare))
    if len(values) != 1 or count != 1:
        return None, count
    match = _FROM.fullmatch(bare[0])
    return (match[1] or match[2]).lower() if match else None, count


def _message_id(header: Message) -> str | None:
    value = one_line(str(header.get("Message-ID", "")), 2_000)
    match = _MESSAGE_ID.search(value) or _PRINTABLE.fullmatch(value)
    return match[0] if match else None


def _is_auto_reply(header: Message) -> bool:
    """RFC 3834 and what came before it: answers of machines, and bounces."""
    automatic = one_line(str(header.get("Auto-Submitted", "no")), 100).split(";")[0].strip().lower()
    return (
        automatic != "no"
        or one_line(str(header.get("Precedence", "")), 100).strip().lower() == "auto_reply"
        or any(name in header for name in _AUTO_HEADERS)
        or header.get_content_type() == "multipart/report"
        or one_line(str(header.get("Return-Path", "")), 100).strip() == "<>"
    )
