"""Whether a RAR archive is encrypted: read from its headers alone, under bounds. RAR is never opened here.

A RAR that holds its files in clear is an incident (P6), and one under RAR 4's AES-128 is weak; to the one under RAR 5's
AES-256 only the format is wrong. The layout is that of the format's published description.
"""

from collections.abc import Iterator

from intake.causes import Cause

_RAR4, _RAR5 = b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00"
_MOST_BLOCKS = 200
_MAIN4, _FILE4 = 0x73, 0x74
_HEADERS_HIDDEN4, _HIDDEN4, _LONG4 = 0x80, 0x04, 0x8000
_DIRECTORY4 = 0xE0
_FILE5, _CRYPT5 = 2, 4
_EXTRA5, _DATA5 = 0x1, 0x2
_ENCRYPTION_RECORD = 1


def rar_refusal(data: bytes) -> Cause:
    """NOT_ENCRYPTED for a file in clear, WEAK_ENCRYPTION for RAR 4's own, UNSUPPORTED_METHOD for all else."""
    try:
        if data.startswith(_RAR5):
            return Cause.NOT_ENCRYPTED if any(_clear5(data)) else Cause.UNSUPPORTED_METHOD
        if data.startswith(_RAR4):
            found = list(_clear4(data))
            if any(found):
                return Cause.NOT_ENCRYPTED
            return Cause.WEAK_ENCRYPTION if found else Cause.UNSUPPORTED_METHOD
    except IndexError:
        pass
    return Cause.UNSUPPORTED_METHOD


def _clear4(data: bytes) -> Iterator[bool]:
    """For each file of a RAR 4 whether it is in clear; one False where the headers are encrypted too."""
    place = len(_RAR4)
    for _ in range(_MOST_BLOCKS):
        if place + 7 > len(data):
            return
        kind = data[place + 2]
        flags, size = _little(data, place + 3, 2), _little(data, place + 5, 2)
        if size < 7:
            return
        if kind == _MAIN4 and flags & _HEADERS_HIDDEN4:
            yield False
            return
        more = _little(data, place + 7, 4) if flags & _LONG4 or kind == _FILE4 else 0
        if kind == _FILE4 and more and flags & _DIRECTORY4 != _DIRECTORY4:
            yield not flags & _HIDDEN4
        place += size + more


def _clear5(data: bytes) -> Iterator[bool]:
    """For each file of a RAR 5 whether it is in clear; nothing where the headers are encrypted too."""
    place = len(_RAR5)
    for _ in range(_MOST_BLOCKS):
        if place + 5 > len(data):
            return
        size, start = _number(data, place + 4)
        end = start + size
        kind, at = _number(data, start)
        flags, at = _number(data, at)
        extra = more = 0
        if flags & _EXTRA5:
            extra, at = _number(data, at)
        if flags & _DATA5:
            more, at = _number(data, at)
        if kind == _CRYPT5 or size < 2 or end > len(data):
            return
        if kind == _FILE5 and more:
            yield not _is_encrypted(data, max(end - extra, at), end)
        place = end + more


def _is_encrypted(data: bytes, place: int, end: int) -> bool:
    """Whether one of the records after a file's header is that of its encryption."""
    while place < end:
        size, start = _number(data, place)
        kind, _ = _number(data, start)
        if kind == _ENCRYPTION_RECORD:
            return True
        if size == 0:
            return False
        place = start + size
    return False


def _little(data: bytes, place: int, size: int) -> int:
    return int.from_bytes(data[place : place + size], "little")


def _number(data: bytes, place: int) -> tuple[int, int]:
    """A number of up to ten bytes, seven bits each, and the place after it. Raises IndexError past the end."""
    value = 0
    for index in range(10):
        byte = data[place + index]
        value |= (byte & 0x7F) << (7 * index)
        if not byte & 0x80:
            return value, place + index + 1
    raise IndexError
