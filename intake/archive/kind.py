"""What an attachment is by its first bytes and, for a zip, by its directory. Nothing is decrypted or unpacked here.

The directory of a zip is walked here, not by `zipfile`: that one reads every entry it is told of before anything
can be refused, and gives nothing for a cut-off file whose first entry already shows that it was not encrypted.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from intake.archive.facts import ArchiveKind
from intake.archive.rar import rar_refusal
from intake.causes import Cause

SEVEN_ZIP_MAGIC = b"7z\xbc\xaf\x27\x1c"
_ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", b"PK00PK\x03\x04")
_END = b"PK\x05\x06"
_RAR_MAGIC = b"Rar!\x1a\x07"
_RAR_MAGICS = (_RAR_MAGIC + b"\x00", _RAR_MAGIC + b"\x01\x00")
_PROGRAM_MAGIC = b"MZ"
SEVEN_ZIP_START = 32
_MARKS = 50
# Formats that have no encryption of their own: (offset, bytes).
_PLAIN_MAGICS = (
    (0, b"\x1f\x8b\x08"),  # gzip
    (0, b"\x1f\x9d"),  # compress
    (0, b"\xfd7zXZ\x00"),  # xz
    (0, b"\x28\xb5\x2f\xfd"),  # zstd
    (0, b"\x04\x22\x4d\x18"),  # lz4
    (0, b"MSCF\x00\x00\x00\x00"),  # cab
    (0, b"MSWIM\x00\x00\x00"),  # wim
    (257, b"ustar"),  # tar
)
_BZIP2_BLOCKS = (b"1AY&SY", b"\x17\x72\x45\x38\x50\x90")
_OFFICE_PARTS = ("word/", "xl/", "ppt/", "visio/")
_OFFICE_FIRST = ("[Content_Types].xml", "_rels/.rels", "docProps/", *_OFFICE_PARTS)
_ODF_TYPE = b"application/vnd.oasis.opendocument"
_WALKED = 4096
_ENCRYPTED, _METHOD_AES = 0x1, 99


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str = field(repr=False)
    flags: int
    method: int
    size: int

    @property
    def holds_data(self) -> bool:
        return self.size > 0 and not self.name.endswith("/")


def archive_kind(data: bytes) -> ArchiveKind | None:
    """What `data` is packed as, by content and not by name; None when it is no archive.

    Word, Excel and OpenDocument files are zips inside but documents to everyone, and so no archive.
    """
    if data.startswith(SEVEN_ZIP_MAGIC):
        return ArchiveKind.SEVEN_ZIP
    if data.startswith(_ZIP_MAGICS):
        return None if _is_document(data) else ArchiveKind.ZIP
    if data.startswith(_RAR_MAGIC) or _is_plain_format(data):
        return ArchiveKind.OTHER
    if data.startswith(_PROGRAM_MAGIC) and unpacks(data) >= 0:
        return ArchiveKind.SELF_EXTRACTING
    return None


def unpacks(program: bytes) -> int:
    """Where in a program the archive begins that it unpacks; -1 where there is none.

    The mark of 7-Zip also stands in the code that looks for it, so there the archive's start must be whole.
    """
    place = -1
    for _ in range(_MARKS):
        place = program.find(SEVEN_ZIP_MAGIC, place + 1)
        if place < 0:
            break
        if whole_size(program[place : place + SEVEN_ZIP_START]) is not None:
            return place
    if _END in program[-22 - 0xFFFF :]:
        return program.find(b"PK\x03\x04", 2)
    return next((found for magic in _RAR_MAGICS if (found := program.find(magic, 2)) >= 0), -1)


def whole_size(data: bytes) -> int | None:
    """The bytes of the whole 7z archive that starts so, as its start says; None where that start is damaged."""
    start = data[12:SEVEN_ZIP_START]
    if not data.startswith(SEVEN_ZIP_MAGIC) or len(start) != 20:
        return None
    if zlib.crc32(start) != int.from_bytes(data[8:12], "little"):
        return None
    return SEVEN_ZIP_START + int.from_bytes(start[:8], "little") + int.from_bytes(start[8:16], "little")


def refusal(data: bytes, kind: ArchiveKind) -> Cause | None:
    """Why an archive that is no 7z file is not opened: an unencrypted one is an incident, the others are not (P6).

    None for a zip whose every file may be under AES-256: `zips.py` opens it, or refuses it.
    """
    if kind is ArchiveKind.OTHER:
        if data.startswith(_RAR_MAGIC):
            return rar_refusal(data)
        return Cause.NOT_ENCRYPTED
    entries = list(_entries(data))
    filled = [entry for entry in entries if entry.holds_data]
    if not filled:
        return Cause.EMPTY_ARCHIVE if _END in data else Cause.DAMAGED
    if any(not entry.flags & _ENCRYPTED for entry in filled):
        return Cause.NOT_ENCRYPTED
    if any(entry.method != _METHOD_AES for entry in filled):
        return Cause.WEAK_ENCRYPTION
    return None


def _is_plain_format(data: bytes) -> bool:
    if data.startswith(b"BZh") and data[4:10] in _BZIP2_BLOCKS:
        return True
    return any(data.startswith(magic, offset) for offset, magic in _PLAIN_MAGICS)


def _is_document(data: bytes) -> bool:
    first = _first_entry(data)
    if first is not None and first.name == "mimetype":
        return _ODF_TYPE in data[30:256]
    names = [entry.name for entry in _entries(data)]
    # A cut-off document has lost its directory; its first entry still tells, as every writer puts one of these first.
    if len(names) <= 1 and first is not None and first.name.startswith(_OFFICE_FIRST):
        return True
    return "[Content_Types].xml" in names and any(name.startswith(_OFFICE_PARTS) for name in names)


def _entries(data: bytes) -> Iterator[_Entry]:
    """The entries of the directory, at most some thousands; without a directory, the first file alone."""
    end = data.rfind(_END, max(0, len(data) - 22 - 0xFFFF))
    place = struct.unpack_from("<L", data, end + 16)[0] if end >= 0 and end + 22 <= len(data) else -1
    found = False
    for _ in range(_WALKED):
        if place < 0 or place + 46 > len(data) or not data.startswith(b"PK\x01\x02", place):
            break
        flags, method = struct.unpack_from("<HH", data, place + 8)
        size, named, extra, remark = struct.unpack_from("<LHHH", data, place + 24)
        yield _Entry(_text(data[place + 46 : place + 46 + named]), flags, method, size)
        found = True
        place += 46 + named + extra + remark
    if not found:
        first = _first_entry(data)
        if first is not None:
            yield first


def _first_entry(data: bytes) -> _Entry | None:
    place = data.find(b"PK\x03\x04", 0, 16)
    if place < 0 or place + 30 > len(data):
        return None
    flags, method = struct.unpack_from("<HH", data, place + 6)
    size, named = struct.unpack_from("<LH", data, place + 22)
    # A streaming writer gives the sizes only after the data (flag 8), so a zero there says nothing.
    size = 1 if flags & 0x8 and not size else size
    return _Entry(_text(data[place + 30 : place + 30 + named]), flags, method, size)


def _text(raw: bytes) -> str:
    # The names serve only to recognise ASCII ones, and never leave this module.
    return raw.decode("latin-1").replace("\\", "/")
