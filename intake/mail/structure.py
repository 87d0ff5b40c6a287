"""Which parts of a message to download, read from its BODYSTRUCTURE (RFC 3501, 7.4.2) as the IMAP library gives it.

Where that is missing, odd or holds a whole message inside, the plan says to fetch the message whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from email.utils import collapse_rfc2231_value, decode_params, unquote
from typing import Any

from intake.mail.decoding import clean_name, decode_bytes, decode_header_text, one_line
from intake.mail.message import ATTACHMENT_LIMIT, DEPTH_LIMIT, TEXT_LIMIT, Problem, is_body

__all__ = ["Part", "Plan", "plan_of"]

_TEXTS = 4
_ENCODINGS = ("", "7bit", "8bit", "binary", "base64", "quoted-printable")


@dataclass(frozen=True, slots=True)
class Part:
    """A leaf part: its number ("1.2"), what it claims to be, and how many bytes it has as encoded."""

    number: str
    content_type: str
    name: str = field(repr=False)
    encoding: str
    size: int
    charset: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What to fetch of one message: the numbered parts, or all of it (`whole`); nothing where there is a `problem`."""

    attachments: tuple[Part, ...] = ()
    texts: tuple[Part, ...] = ()
    whole: bool = False
    problem: Problem | None = None

    @property
    def items(self) -> tuple[str, ...]:
        """The FETCH items of the numbered parts, of texts only the beginning; or of the whole message."""
        if self.whole:
            return ("BODY.PEEK[]",)
        files = [f"BODY.PEEK[{part.number}]" for part in self.attachments]
        return (*files, *(f"BODY.PEEK[{part.number}]<0.{TEXT_LIMIT}>" for part in self.texts))

    @property
    def size(self) -> int:
        """Bytes these items will bring, by the server's word."""
        texts = sum(min(part.size, TEXT_LIMIT) for part in self.texts)
        return sum(part.size for part in self.attachments) + texts


WHOLE = Plan(whole=True)


class _Odd(Exception):
    """The structure is not one to go by."""


def plan_of(structure: Any) -> Plan:
    """The plan for one message. Never raises."""
    if structure is None:
        return WHOLE
    attachments: list[Part] = []
    texts: list[Part] = []
    try:
        for part, depth, body in _leaves(structure):
            if depth > DEPTH_LIMIT:
                return Plan(problem=Problem.TOO_DEEP)
            (texts if body else attachments).append(part)
            if len(attachments) > ATTACHMENT_LIMIT:
                return Plan(problem=Problem.TOO_MANY_PARTS)
    except (_Odd, ValueError, TypeError, LookupError, AttributeError):
        return WHOLE
    return Plan(tuple(attachments), tuple(texts)) if len(texts) <= _TEXTS else WHOLE


def _leaves(structure: Any) -> Iterator[tuple[Part, int, bool]]:
    """Leaf parts in reading order with depth and whether they are body text; no recursion."""
    top_is_leaf = not isinstance(structure[0], list)
    waiting: list[tuple[Any, str, int]] = [(structure, "1" if top_is_leaf else "", 0)]
    while waiting:
        node, number, depth = waiting.pop()
        if depth > DEPTH_LIMIT + 1:
            raise _Odd
        if isinstance(node[0], list):
            if not node[0]:
                raise _Odd
            inner = [
                (child, f"{number}.{index}" if number else str(index), depth + 1)
                for index, child in enumerate(node[0], 1)
            ]
            waiting.extend(reversed(inner))
            continue
        yield _leaf(node, number, depth)


def _leaf(node: Any, number: str, depth: int) -> tuple[Part, int, bool]:
    main, sub, params, encoding, size = node[0], node[1], node[2], node[5], node[6]
    content_type = one_line(f"{_text(main)}/{_text(sub)}".lower(), 100)
    encoding = _text(encoding).strip().lower()
    if content_type.startswith(("message/", "/")) or content_type.endswith("/"):
        raise _Odd
    if encoding not in _ENCODINGS or not isinstance(size, int) or size < 0:
        raise _Odd
    values = _parameters(params)
    # Extensions follow: a text has its number of lines first, then MD5 and disposition (RFC 3501).
    at = 9 if content_type.startswith("text/") else 8
    # A server may leave these out; then nothing tells a file that claims to be text from the text.
    kind, given = _disposition(node[at])
    name = decode_header_text(given.get("filename") or values.get("name") or "")
    body = is_body(content_type, name, kind)
    part = Part(number, content_type, clean_name(name), encoding, size, values.get("charset", ""))
    return part, depth, body


def _disposition(value: Any) -> tuple[str, dict[str, str]]:
    """How a part is meant to be shown, and its parameters; refused where it is not of the form it must have."""
    if value is None:
        return "", {}
    if not isinstance(value, tuple) or len(value) != 2:
        raise _Odd
    return _text(value[0]), _parameters(value[1])


def _parameters(flat: Any) -> dict[str, str]:
    """Parameters by lower-case name, with those in pieces or encoded (RFC 2231) put together."""
    if not isinstance(flat, tuple):
        return {}
    pairs = [(_text(flat[i]).lower(), _text(flat[i + 1])) for i in range(0, len(flat) - 1, 2)]
    if not any("*" in name for name, _value in pairs):
        return dict(reversed(pairs))
    decoded = decode_params([("", ""), *((name, f'"{value}"') for name, value in pairs)])
    found: dict[str, str] = {}
    for name, value in decoded[1:]:
        if isinstance(value, tuple):
            charset, language, encoded = value
            text = collapse_rfc2231_value((charset, language, unquote(encoded)))
        else:
            text = unquote(value)
        found.setdefault(name.lower(), text)
    return found


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return decode_bytes(value[:5_000], "utf-8")
    return "" if value is None else str(value)
