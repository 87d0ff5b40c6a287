"""What the header of a message says: who sent it, which it is, whether a machine wrote it, which way it came.

Pure, and bounded like all that a stranger wrote. What is to be believed of it is judged in `authenticity.py` and
`lookalike.py`; the body is read in `message.py`.
"""

import re
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import Compat32
from enum import StrEnum

from intake.mail.decoding import decode_bytes, decode_header_text, one_line

__all__ = [
    "HEADER_LIMIT",
    "NOWHERE",
    "POLICY",
    "Automatic",
    "Headers",
    "Source",
    "headers_of",
    "message_id_of",
    "parse_headers",
]

HEADER_LIMIT = 65_536
"""Bytes of header that are read; a longer one is a problem of its own."""
_TRACE_LIMIT = 60
_TRACE_VALUE = 4_000
_ORIGINS = 5
_ORIGIN_LENGTH = 500


class Automatic(StrEnum):
    """Whether a machine wrote it: an answer of itself, or the report that a mail could not be delivered (RFC 3464)."""

    NO = "no"
    REPLY = "reply"
    BOUNCE = "bounce"


@dataclass(frozen=True, slots=True)
class Source:
    """What the header says of where a message came from, none of it to be believed as it stands.

    `origins` are the From fields as a mail program shows them, `reply_to` the one address for answers if it is clear, `trace`
    the fields `authentication-results` and `received`, newest first and as they are written.
    """

    origins: tuple[str, ...] = field(default=(), repr=False)
    reply_to: str | None = field(default=None, repr=False)
    trace: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    automatic: Automatic = Automatic.NO


NOWHERE = Source()
"""Nothing is known of it."""


@dataclass(frozen=True, slots=True)
class Headers:
    """What is needed of the header. `sender` only when there is exactly one From with exactly one clear address."""

    message_id: str | None = field(repr=False)
    sender: str | None = field(repr=False)
    senders: int
    source: Source = NOWHERE


class _Raw8Bit(Compat32):
    """The library's quickest policy, but 8-bit header fields come as text and not as replacement characters."""

    def header_fetch_parse(self, name: str, value: str) -> str:  # noqa: ARG002 - the library's signature
        return value if value.isascii() else decode_bytes(value.encode("utf-8", "surrogateescape"), "utf-8")


POLICY = _Raw8Bit()
_ADDRESS = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8}"
_FROM = re.compile(rf"[^<>@,;:]{{0,1000}}<\s?({_ADDRESS})\s?>|\s?({_ADDRESS})(?:\s?\([^()<>@]{{0,1000}}\))?")
_ANY_ADDRESS = re.compile(_ADDRESS)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.){0,1000}"')
_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,900}>")
_PRINTABLE = re.compile(r"[\x21-\x7e]{1,900}")
_AUTO_HEADERS = ("x-autoreply", "x-autorespond", "x-auto-reply")
_POSTMASTERS = ("mailer-daemon", "postmaster")


def parse_headers(raw: bytes) -> Headers:
    """Read a header of at most `HEADER_LIMIT` bytes. Never raises: what is unclear comes back as None."""
    return headers_of(BytesHeaderParser(policy=POLICY).parsebytes(raw[:HEADER_LIMIT]))


def message_id_of(raw: bytes) -> str | None:
    """The Message-ID of a header (or of its one field), as `Headers.message_id` has it."""
    return parse_headers(raw).message_id


def headers_of(header: Message) -> Headers:
    """The same of a header that was parsed with `POLICY`."""
    found = [one_line(str(value), 5_000) for value in header.get_all("From", [])]
    sender, senders = _sender(found)
    answers = [one_line(str(value), 5_000) for value in header.get_all("Reply-To", [])]
    source = Source(
        origins=tuple(one_line(decode_header_text(value), _ORIGIN_LENGTH) for value in found[:_ORIGINS]),
        reply_to=_sender(answers)[0],
        trace=_trace(header),
        automatic=_automatic(header, sender),
    )
    return Headers(message_id=_message_id(header), sender=sender, senders=senders, source=source)


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


def _trace(header: Message) -> tuple[tuple[str, str], ...]:
    """The way it came; what is over the bound is the oldest, and the oldest is what a stranger wrote."""
    found: list[tuple[str, str]] = []
    for name, value in header.raw_items():
        if (kind := name.lower()) in ("authentication-results", "received"):
            found.append((kind, str(value)[:_TRACE_VALUE]))
            if len(found) == _TRACE_LIMIT:
                break
    return tuple(found)


def _automatic(header: Message, sender: str | None) -> Automatic:
    """RFC 3834 and what came before it; RFC 3464 for what could not be delivered.

    `auto-generated` alone is no answer: a program of the sender may write referrals.
    """
    kind = header.get_content_type()
    reports = kind == "multipart/report"
    report = str(header.get_param("report-type") or "").strip().lower() if reports else "none"
    if report in ("", "delivery-status") or "x-failed-recipients" in header:
        return Automatic.BOUNCE
    answered = (
        _word(header, "Auto-Submitted") == "auto-replied"
        or _word(header, "Precedence") == "auto_reply"
        or any(name in header for name in _AUTO_HEADERS)
        or reports
        or one_line(str(header.get("Return-Path", "")), 100).strip() == "<>"
    )
    if not answered:
        return Automatic.NO
    return Automatic.BOUNCE if (sender or "").partition("@")[0] in _POSTMASTERS else Automatic.REPLY


def _word(header: Message, name: str) -> str:
    return one_line(str(header.get(name, "")), 100).split(";")[0].strip().lower()
