"""Blocks of RAR archives by hand, as nothing free writes them. No test in here."""

import struct
import zlib

__all__ = ["CRYPT", "RAR4", "RAR5", "block4", "block5", "vint"]


def vint(value: int) -> bytes:
    """A number as RAR 5 writes it."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def block5(kind: int, *, extra: bytes = b"", data: bytes = b"") -> bytes:
    """One block of RAR 5."""
    flags = (1 if extra else 0) | (2 if data else 0)
    body = vint(kind) + vint(flags)
    body += (vint(len(extra)) if extra else b"") + (vint(len(data)) if data else b"")
    body += b"\x00\x00" + extra
    return zlib.crc32(body).to_bytes(4, "little") + vint(len(body)) + body + data


def block4(kind: int, flags: int = 0, data: bytes = b"") -> bytes:
    """One block of RAR 4."""
    more = struct.pack("<L", len(data)) if data else b""
    return struct.pack("<HBHH", 0, kind, flags | (0x8000 if data else 0), 7 + len(more)) + more + data


RAR4, RAR5 = b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00"
CRYPT = vint(2) + vint(1) + b"\x00"
