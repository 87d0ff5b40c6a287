"""What a stored row is, and its one canonical form as bytes for digests and signatures.

No files, no keys: the common ground of the modules beside it.
"""

from binascii import a2b_base64, b2a_base64
from collections.abc import Mapping
from typing import Any

import orjson

Row = dict[str, Any]
"""A JSON object with string keys: str, int, float, bool, None, lists and objects of these."""


def canonical(value: Any) -> bytes:
    """The one form of a JSON value that is digested and signed: keys sorted, no blanks, UTF-8."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def copied(row: Mapping[str, Any]) -> Row:
    """A deep copy as JSON has it; raises TypeError for what JSON cannot hold."""
    value: Row = orjson.loads(orjson.dumps(dict(row)))
    return value


def encoded(data: bytes) -> str:
    """Bytes as they stand in a row."""
    return b2a_base64(data, newline=False).decode("ascii")


def decoded(text: Any) -> bytes:
    """The bytes of a row's text; raises ValueError when it is none, or not the one way to write them."""
    if not isinstance(text, str):
        raise ValueError("not text")
    data = a2b_base64(text, strict_mode=True)
    if encoded(data) != text:
        raise ValueError("bits to spare")
    return data
