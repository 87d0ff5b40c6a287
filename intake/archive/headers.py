"""Look before opening: what a 7z archive says of itself, checked before a key is derived or a byte decoded.

py7zr parses; what it found is checked here and given on as frozen facts. Decoding is in `streams.py`. The parser
meets hostile bytes, and it is written for files one chose to open, so it gets only a bounded header, from a
reader that gives each byte once.
"""

import io
import stat
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeVar

from intake.archive.facts import ArchiveError, Limits
from intake.causes import Cause

_T = TypeVar("_T")
_SIGNATURE = 32
_HEADER, _STREAMS, _FILES, _ENCODED = b"\x01", b"\x04", b"\x05", b"\x17"
_AES = bytes.fromhex("06f10701")
_CIPHERS = (b"\x06\xf0", b"\x06\xf1")
_UNIX, _REPARSE, _DEVICE = 0x8000, 0x400, 0x40


class Method(Enum):
    """The compression methods that are decoded; the value is 7-Zip's number for each."""

    COPY = b"\x00"
    LZMA2 = b"\x21"
    LZMA = bytes.fromhex("030101")
    BZIP2 = bytes.fromhex("040202")


_METHODS = {method.value: method for method in Method}


@dataclass(frozen=True, slots=True)
class Cipher:
    """How a stream is encrypted with AES-256: rounds as a power of two, salt and initial vector."""

    cycles: int
    salt: bytes
    vector: bytes


@dataclass(frozen=True, slots=True)
class Stream:
    """One packed stream ("folder"): where it lies, how it is protected and what it must become.

    `packed`, `compressed` and `size` are the bytes as stored, after decryption, and after decompression.
    """

    start: int
    packed: int
    cipher: Cipher | None
    compressed: int
    method: Method
    properties: bytes
    size: int
    crc: int | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One file: its full name, and its place in a stream (None: it is empty and stored nowhere)."""

    name: str = field(repr=False)
    stream: int | None
    offset: int
    size: int
    crc: int


@dataclass(frozen=True, slots=True)
class Contents:
    """The streams of an archive and the files they hold, in the archive's order; directories are left out."""

    streams: tuple[Stream, ...]
    entries: tuple[Entry, ...]


class _Once(io.BytesIO):
    """Gives each byte once: a header that sends the parser back to the same bytes again and again is refused."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._left = len(data)

    def read(self, size: int | None = -1, /) -> bytes:
        chunk = super().read(size)
        self._left -= len(chunk)
        if self._left < 0:
            raise ArchiveError(Cause.OVER_LIMIT)
        return chunk


def look(data: bytes, limits: Limits) -> Stream | bytes:
    """The archive's header: as a stream to decode first or, where it is stored openly, its bytes.

    Raises ArchiveError: EMPTY_ARCHIVE, DAMAGED, OVER_LIMIT, UNSUPPORTED_METHOD.
    """
    from py7zr.archiveinfo import SignatureHeader

    signature = _parsed(lambda: SignatureHeader.retrieve(io.BytesIO(data[:_SIGNATURE])))
    start, size = _SIGNATURE + signature.nextheaderofs, signature.nextheadersize
    if size == 0:
        raise ArchiveError(Cause.EMPTY_ARCHIVE)
    if size > limits.header:
        raise ArchiveError(Cause.OVER_LIMIT)
    header = data[start : start + size]
    if len(header) != size or zlib.crc32(header) != signature.nextheadercrc:
        raise ArchiveError(Cause.DAMAGED)
    if not header.startswith(_ENCODED):
        return header
    return _encoded(header, len(data), limits)


def _encoded(header: bytes, length: int, limits: Limits) -> Stream:
    from py7zr.archiveinfo import HeaderStreamsInfo

    reader = _Once(header[1:])
    info = _parsed(lambda: HeaderStreamsInfo.retrieve(reader))
    folders = info.unpackinfo.folders
    if len(folders) != 1 or len(info.packinfo.packsizes) != 1:
        raise ArchiveError(Cause.DAMAGED)
    stream = _stream(folders[0], _SIGNATURE + info.packinfo.packpos, info.packinfo.packsizes[0], length)
    # Rounding up to the cipher's block makes the stored header up to 15 bytes longer than what it holds.
    too_large = stream.packed > limits.header + 16 or max(stream.compressed, stream.size) > limits.header
    # An openly stored header is read even in too large an archive: not being encrypted is the graver cause.
    if too_large or (stream.cipher is not None and length > limits.archive):
        raise ArchiveError(Cause.OVER_LIMIT)
    _check_cycles([stream], limits)
    return stream


def plausible_header(header: bytes) -> bool:
    """Whether a decoded header starts as one; for those whose writer (py7zr) gives no checksum to tell by."""
    return header[:2] in (_HEADER + _STREAMS, _HEADER + _FILES)


def contents(header: bytes, data: bytes, limits: Limits) -> Contents:
    """What the decoded `header` says the archive `data` holds, every rule checked but those that need the content.

    Raises ArchiveError, first for what is an incident: NOT_ENCRYPTED, then UNSUPPORTED_METHOD, OVER_LIMIT,
    DAMAGED, EMPTY_ARCHIVE.
    """
    from py7zr.archiveinfo import FilesInfo, StreamsInfo

    reader = _Once(header)
    info = files = None
    if reader.read(1) != _HEADER:
        raise ArchiveError(Cause.DAMAGED)
    part = reader.read(1)
    if part == _STREAMS:
        info = _parsed(lambda: StreamsInfo.retrieve(reader))
        part = reader.read(1)
    folders = info.unpackinfo.folders if info is not None and info.unpackinfo is not None else []
    _check_encrypted(folders)
    if len(folders) > limits.folders or len(data) > limits.archive:
        raise ArchiveError(Cause.OVER_LIMIT)
    if part == _FILES:
        files = _parsed(lambda: FilesInfo.retrieve(reader))
        part = reader.read(1)
    if part != b"\x00":
        raise ArchiveError(Cause.DAMAGED)
    streams = _streams(info, folders, len(data))
    _check_cycles(streams, limits)
    if sum(stream.size for stream in streams) > limits.unpacked:
        raise ArchiveError(Cause.OVER_LIMIT)
    pieces = _pieces(info, folders, streams) if streams else []
    entries = _entries(files, pieces, limits)
    if not any(entry.size for entry in entries):
        raise ArchiveError(Cause.EMPTY_ARCHIVE)
    return Contents(tuple(streams), entries)


def _parsed(parse: Callable[[], _T]) -> _T:
    try:
        return parse()
    except ArchiveError:
        raise
    except Exception:  # noqa: BLE001 - py7zr meets broken bytes with any of a dozen exceptions, TypeError and assert too
        raise ArchiveError(Cause.DAMAGED) from None


def _check_encrypted(folders: Iterable[Any]) -> None:
    for folder in folders:
        if not any(coder["method"].startswith(_CIPHERS) for coder in folder.coders):
            raise ArchiveError(Cause.NOT_ENCRYPTED)


def _check_cycles(streams: Iterable[Stream], limits: Limits) -> None:
    if any(stream.cipher is not None and stream.cipher.cycles > limits.cycles for stream in streams):
        raise ArchiveError(Cause.OVER_LIMIT)


def _streams(info: Any, folders: list[Any], length: int) -> list[Stream]:
    if not folders:
        return []
    # A filter such as BCJ2 takes several stored streams together; each of those is encrypted by itself.
    if any(len(folder.packed_indices) > 1 for folder in folders):
        raise ArchiveError(Cause.UNSUPPORTED_METHOD)
    if info.packinfo is None or len(info.packinfo.packsizes) != len(folders):
        raise ArchiveError(Cause.DAMAGED)
    start = _SIGNATURE + info.packinfo.packpos
    streams = []
    for folder, packed in zip(folders, info.packinfo.packsizes, strict=True):
        streams.append(_stream(folder, start, packed, length))
        start += packed
    return streams


def _stream(folder: Any, start: int, packed: int, length: int) -> Stream:
    """The folder as a chain of at most decryption and one decompression; anything else is not opened here."""
    order = _chain(folder)
    coders = [folder.coders[index] for index in order]
    sizes = [folder.unpacksizes[index] for index in order]
    cipher = None
    compressed = packed
    if coders[0]["method"] == _AES:
        cipher = _cipher(coders.pop(0)["properties"] or b"")
        compressed = sizes.pop(0)
        if packed % 16 or not 0 <= packed - compressed < 16:
            raise ArchiveError(Cause.DAMAGED)
    if len(coders) > 1:
        raise ArchiveError(Cause.UNSUPPORTED_METHOD)
    method, properties, size = Method.COPY, b"", compressed
    if coders:
        known = _METHODS.get(coders[0]["method"])
        if known is None:
            raise ArchiveError(Cause.UNSUPPORTED_METHOD)
        method, properties, size = known, coders[0]["properties"] or b"", sizes[0]
    if start + packed > length or packed == 0:
        raise ArchiveError(Cause.DAMAGED)
    return Stream(
        start,
        packed,
        cipher,
        compressed,
        method,
        properties,
        size,
        folder.crc if folder.digestdefined else None,
    )


def _chain(folder: Any) -> list[int]:
    """The folder's coders from the stored bytes to the unpacked ones. Branches are not opened here."""
    if any(coder["numinstreams"] != 1 or coder["numoutstreams"] != 1 for coder in folder.coders):
        raise ArchiveError(Cause.UNSUPPORTED_METHOD)
    follows = {bond.outcoder: bond.incoder for bond in folder.bindpairs}
    order = list(folder.packed_indices)
    while order and order[-1] in follows and len(order) <= len(folder.coders):
        order.append(follows[order[-1]])
    if sorted(order) != list(range(len(folder.coders))):
        raise ArchiveError(Cause.DAMAGED)
    return order


def _cipher(properties: bytes) -> Cipher:
    """Decode the properties of 7zAES: cycles and sizes in two bytes, then salt and initial vector."""
    if len(properties) < 1 or (properties[0] & 0xC0 and len(properties) < 2):
        raise ArchiveError(Cause.DAMAGED)
    cycles = properties[0] & 0x3F
    if not properties[0] & 0xC0:
        salted = vector = 0
    else:
        salted = (properties[0] >> 7) + (properties[1] >> 4)
        vector = (properties[0] >> 6 & 1) + (properties[1] & 0x0F)
        if len(properties) != 2 + salted + vector:
            raise ArchiveError(Cause.DAMAGED)
    salt = properties[2 : 2 + salted]
    return Cipher(cycles, salt, properties[2 + salted : 2 + salted + vector].ljust(16, b"\x00"))


def _pieces(info: Any, folders: list[Any], streams: list[Stream]) -> list[tuple[int, int, int, int]]:
    """Stream, offset, size and checksum of each stored file, in order."""
    sub = info.substreamsinfo
    counts = [1] * len(streams) if sub is None else sub.num_unpackstreams_folders
    sizes = iter(()) if sub is None or sub.unpacksizes is None else iter(sub.unpacksizes)
    sized = sub is not None and sub.unpacksizes is not None
    digests = iter([] if sub is None else zip(sub.digestsdefined, sub.digests, strict=True))
    pieces = []
    for number, (folder, stream, count) in enumerate(zip(folders, streams, counts, strict=True)):
        if count < 1 or (count > 1 and not sized):
            raise ArchiveError(Cause.DAMAGED)
        offset = 0
        for _ in range(count):
            size = next(sizes, -1) if sized else stream.size
            defined, crc = next(digests, (False, 0))
            if count == 1 and folder.digestdefined:
                defined, crc = True, folder.crc
            # Without a checksum nothing shows that what was decrypted is what was sent.
            if not defined or size < 0:
                raise ArchiveError(Cause.DAMAGED)
            pieces.append((number, offset, size, crc))
            offset += size
        if offset != stream.size:
            raise ArchiveError(Cause.DAMAGED)
    return pieces


def _entries(files: Any, pieces: list[tuple[int, int, int, int]], limits: Limits) -> tuple[Entry, ...]:
    found = [] if files is None else files.files
    if len(found) > limits.entries:
        raise ArchiveError(Cause.OVER_LIMIT)
    stored = iter(pieces)
    hollow = iter([] if files is None else files.emptyfiles)
    entries: list[Entry] = []
    names: set[str] = set()
    for file in found:
        name = file.get("filename")
        if not name or any(ord(letter) < 32 or 127 <= ord(letter) < 160 for letter in name):
            raise ArchiveError(Cause.DAMAGED)
        if name in names:
            raise ArchiveError(Cause.DAMAGED)
        names.add(name)
        is_file = next(hollow, False) if file["emptystream"] else True
        _check_ordinary(file.get("attributes") or 0)
        if not file["emptystream"]:
            piece = next(stored, None)
            if piece is None:
                raise ArchiveError(Cause.DAMAGED)
            entries.append(Entry(name, *piece))
        elif is_file:
            entries.append(Entry(name, None, 0, 0, 0))
    if next(stored, None) is not None:
        raise ArchiveError(Cause.DAMAGED)
    if len(entries) > limits.members:
        raise ArchiveError(Cause.OVER_LIMIT)
    return tuple(entries)


def _check_ordinary(attributes: int) -> None:
    """Refuse links, devices, pipes and sockets: a referral is a file."""
    kind = stat.S_IFMT(attributes >> 16) if attributes & _UNIX else stat.S_IFREG
    if attributes & (_REPARSE | _DEVICE) or kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise ArchiveError(Cause.OVER_LIMIT)
