"""From bytes and encoded words to clean, bounded text: transfer encodings, charsets, names, HTML.

Nothing raises on bad input: what is broken comes out shorter or with U+FFFD in it.
"""

import binascii
import codecs
import re
from collections.abc import Iterable, Sequence
from email.errors import HeaderParseError
from email.header import decode_header
from html.parser import HTMLParser

from intake.plaintext import clean_line, clean_lines

__all__ = [
    "body_from_parts",
    "clean_name",
    "decode_bytes",
    "decode_header_text",
    "decode_transfer",
    "one_line",
]

BODY_LIMIT = 20_000
"""Characters of body text that are kept."""
NAME_LIMIT = 120
_NOT_BASE64 = bytes(
    set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
)
# Python's codecs that are no charsets of mail, or slow on a hostile text.
_NO_CHARSETS = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"}


def decode_transfer(data: bytes, encoding: str) -> bytes:
    """Undo a Content-Transfer-Encoding. Base64 with stray characters or broken padding gives what can be had."""
    if encoding == "base64":
        try:
            return binascii.a2b_base64(data)
        except binascii.Error:
            letters = data.translate(None, _NOT_BASE64)
            whole = len(letters) - (1 if len(letters) % 4 == 1 else 0)
            return binascii.a2b_base64(letters[:whole] + b"=" * (-whole % 4))
    if encoding == "quoted-printable":
        return binascii.a2b_qp(data)
    return data


def decode_bytes(data: bytes, charset: str) -> str:
    """Text of `data` in `charset`; where that is unknown or wrong: UTF-8, or else Windows-1252 as Outlook means it."""
    for name in (charset.strip().strip("\"'"), "utf-8"):
        try:
            info = codecs.lookup(name)
            if info.name.replace("_", "-") in _NO_CHARSETS or not getattr(info, "_is_text_encoding", True):
                continue
            return data.decode(name)
        except (LookupError, ValueError):
            continue
    return data.decode("cp1252", "replace")


def decode_header_text(value: str) -> str:
    """The text of a header value with encoded words (RFC 2047) or raw 8-bit characters."""
    value = value[:5_000]
    if not value.isascii():
        value = decode_bytes(value.encode("utf-8", "surrogateescape"), "utf-8")
    if "=?" not in value:
        return value
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError, LookupError):
        return value
    return "".join(
        piece if isinstance(piece, str) else decode_bytes(piece, charset or "utf-8")
        for piece, charset in pieces
    )


def one_line(text: str, limit: int) -> str:
    """Clean text on one line, at most `limit` characters."""
    return clean_line(text[: 4 * limit])[:limit]


def clean_name(name: str) -> str:
    """A file name without path, control characters or excess length (its end is kept); may be empty."""
    name = one_line(name, 4_000).replace("\\", "/").rsplit("/", 1)[-1].strip()
    if len(name) > NAME_LIMIT:
        stem, dot, end = name.rpartition(".")
        name = f"{stem[: NAME_LIMIT - 20]}.{end[:19]}" if dot else name[:NAME_LIMIT]
    return name


def body_from_parts(parts: Sequence[tuple[bytes, str, str]]) -> str:
    """The text of (bytes, "plain" or "html", charset) parts: the plain ones, or the HTML ones where those are empty."""
    plain = _joined(
        clean_lines(decode_bytes(data, charset)) for data, kind, charset in parts if kind == "plain"
    )
    if plain:
        return plain
    return _joined(
        clean_lines(_html_text(decode_bytes(data, charset)))
        for data, kind, charset in parts
        if kind == "html"
    )


def _joined(texts: Iterable[str]) -> str:
    return "\n".join(text.strip() for text in texts if text.strip())[:BODY_LIMIT]


class _TextOfHtml(HTMLParser):
    """Collects what a reader would see, roughly: blocks on lines of their own, no script and no style."""

    _BLOCKS = frozenset({"br", "div", "p", "tr", "li", "h1", "h2", "h3", "h4", "table"})
    _HIDDEN = frozenset({"script", "style", "title"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._hidden += tag in self._HIDDEN
        if tag in self._BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._HIDDEN and self._hidden:
            self._hidden -= 1

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(re.sub(r"\s+", " ", data))


def _html_text(html: str) -> str:
    parser = _TextOfHtml()
    try:
        parser.feed(html)
        parser.close()
    except (AssertionError, ValueError, RecursionError):
        pass
    return re.sub(r"\n\s*", "\n", "".join(parser.pieces))
