"""Composes 7z archives byte by byte, for what no honest program writes. Follows 7-Zip's format description."""

import hashlib
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

AES = bytes.fromhex("06f10701")
COPY = b"\x00"
VECTOR = bytes(range(16))


@dataclass
class Coder:
    method: bytes
    properties: bytes = b""


@dataclass
class Folder:
    """One stream: its bytes as stored, its coders from stored to unpacked, and the size each of them gives."""

    packed: bytes
    coders: list[Coder]
    sizes: list[int]
    crcs: list[int] = field(default_factory=list)
    pieces: list[int] | None = None


@dataclass
class File:
    name: str
    empty: bool = False
    directory: bool = False
    attributes: int = 0x20


def number(value: int) -> bytes:
    """7-Zip's number of one to nine bytes, always in its longest form but for small ones."""
    return bytes([value]) if value < 0x80 else b"\xff" + value.to_bytes(8, "little")


def slow_key(secret: str, salt: bytes, cycles: int) -> bytes:
    """The key derivation as the format describes it, one round at a time."""
    digest = hashlib.sha256()
    for counter in range(1 << cycles):
        digest.update(salt + secret.encode("utf-16-le") + counter.to_bytes(8, "little"))
    return digest.digest()


def aes_properties(cycles: int, salt: bytes = b"") -> bytes:
    if not salt:
        return bytes([cycles | 0x40, 0x0F]) + VECTOR
    return bytes([cycles | 0xC0, (len(salt) - 1) << 4 | 0x0F]) + salt + VECTOR


def encrypted(data: bytes, secret: str, *, cycles: int = 4, salt: bytes = b"") -> bytes:
    padded = data + bytes(-len(data) % 16)
    return (
        Cipher(algorithms.AES(slow_key(secret, salt, cycles)), modes.CBC(VECTOR)).encryptor().update(padded)
    )


def aes_folder(
    stored: bytes,
    secret: str,
    *then: Coder,
    unpacked: bytes | None = None,
    cycles: int = 4,
    salt: bytes = b"",
    size: int | None = None,
) -> Folder:
    """`stored` (already compressed by `then`) under AES; `unpacked` is what it must become."""
    content = stored if unpacked is None else unpacked
    final = len(content) if size is None else size
    return Folder(
        encrypted(stored, secret, cycles=cycles, salt=salt),
        [Coder(AES, aes_properties(cycles, salt)), *then],
        [len(stored), final] if then else [final],
        [zlib.crc32(content[:final])],
    )


def streams_info(folders: Sequence[Folder], position: int = 0, *, header: bool = False) -> bytes:
    out = b"\x06" + number(position) + number(len(folders)) + b"\x09"
    out += b"".join(number(len(folder.packed)) for folder in folders) + b"\x00"
    out += b"\x07\x0b" + number(len(folders)) + b"\x00"
    for folder in folders:
        out += number(len(folder.coders))
        for coder in folder.coders:
            out += bytes([len(coder.method) | (0x20 if coder.properties else 0)]) + coder.method
            out += number(len(coder.properties)) + coder.properties if coder.properties else b""
        for after in range(1, len(folder.coders)):
            out += number(after) + number(after - 1)
    out += b"\x0c" + b"".join(number(size) for folder in folders for size in folder.sizes)
    if header:
        out += b"\x0a\x01" + b"".join(struct.pack("<L", folder.crcs[0]) for folder in folders)
        return out + b"\x00\x00"
    out += b"\x00\x08"
    if any(folder.pieces is not None for folder in folders):
        out += b"\x0d" + b"".join(number(len(folder.pieces or [0])) for folder in folders)
        out += b"\x09" + b"".join(number(size) for folder in folders for size in (folder.pieces or [0])[:-1])
    out += b"\x0a\x01" + b"".join(struct.pack("<L", crc) for folder in folders for crc in folder.crcs)
    return out + b"\x00\x00"


def _bits(flags: Sequence[bool]) -> bytes:
    out = bytearray(-(-len(flags) // 8))
    for place, flag in enumerate(flags):
        out[place // 8] |= (0x80 >> place % 8) if flag else 0
    return bytes(out)


def _property(number_of: int, data: bytes) -> bytes:
    return bytes([number_of]) + number(len(data)) + data


def files_info(files: Sequence[File]) -> bytes:
    out = b"\x05" + number(len(files))
    hollow = [file for file in files if file.empty or file.directory]
    if hollow:
        out += _property(0x0E, _bits([file.empty or file.directory for file in files]))
        out += _property(0x0F, _bits([not file.directory for file in hollow]))
    out += _property(0x11, b"\x00" + b"".join(file.name.encode("utf-16-le") + b"\x00\x00" for file in files))
    out += _property(0x15, b"\x01\x00" + b"".join(struct.pack("<L", file.attributes) for file in files))
    return out + b"\x00"


def header_of(folders: Sequence[Folder], files: Sequence[File]) -> bytes:
    return b"\x01" + (b"\x04" + streams_info(folders) if folders else b"") + files_info(files) + b"\x00"


def signed(packed: bytes, header: bytes) -> bytes:
    """The archive file: start, stored streams, header."""
    start = struct.pack("<QQL", len(packed), len(header), zlib.crc32(header))
    return b"7z\xbc\xaf\x27\x1c\x00\x04" + struct.pack("<L", zlib.crc32(start)) + start + packed + header


def archive(folders: Sequence[Folder], files: Sequence[File]) -> bytes:
    """An archive whose header is stored openly."""
    return signed(b"".join(folder.packed for folder in folders), header_of(folders, files))


def with_coded_header(packed: bytes, header: Folder) -> bytes:
    """An archive whose header is the stream `header`, after the stored streams `packed`."""
    return signed(packed + header.packed, b"\x17" + streams_info([header], len(packed), header=True))
