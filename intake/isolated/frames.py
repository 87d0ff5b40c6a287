"""How the program and its reader speak over two pipes: frames of a number, a length and that many bytes. No content here."""

import struct
from typing import BinaryIO

ANSWER_LIMIT = 16 * 1024 * 1024
"""Bytes of one answer; the text of a form is a fraction of it."""
READY = 0
"""The number of the frame by which the reader says that it has started."""
TWIN = 2**64 - 1
"""The number of the frame that asks for a twin."""
TWIN_VARIABLE = "OCMW_INTAKE_TWIN"
"""What tells a reader the number of the open socket on which its twin would speak."""
_HEAD = struct.Struct(">QQ")


def write_frame(stream: BinaryIO, number: int, body: bytes) -> None:
    """Send one frame. Raises OSError or ValueError when the other side is gone."""
    stream.write(_HEAD.pack(number, len(body)))
    stream.write(body)
    stream.flush()


def read_frame(stream: BinaryIO, limit: int | None = None) -> tuple[int, bytes] | None:
    """The next frame; None at the end of the stream, in the middle of a frame or for one longer than `limit`."""
    head = _exactly(stream, _HEAD.size)
    if head is None:
        return None
    number, length = _HEAD.unpack(head)
    if limit is not None and length > limit:
        return None
    body = _exactly(stream, length)
    return None if body is None else (number, body)


def _exactly(stream: BinaryIO, size: int) -> bytes | None:
    data = stream.read(size)
    return data if data is not None and len(data) == size else None
