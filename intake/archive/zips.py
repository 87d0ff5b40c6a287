"""Open a zip whose every file is under AES-256 (method 99, strength 3), as 7-Zip makes with `-tzip -mem=AES256`.

pyzipper parses, derives the key, decrypts and proves the authentication code; it gets a directory of bounded size and
gives the bytes as compressed, which are decompressed here under the bounds of `streams.py`, because its own readers of
BZip2 and LZMA have none. What a zip that is not opened is refused for is in `kind.py`.
"""

import io
import stat
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from intake.archive.facts import ArchiveError, Limits, Member, Opened, Passphrase
from intake.archive.headers import Method, Stream
from intake.archive.names import clean_name
from intake.archive.streams import Undecodable, decompress
from intake.causes import Cause

_END, _END64 = b"PK\x05\x06", b"PK\x06\x07"
_END_SIZE, _LONGEST_REMARK = 22, 0xFFFF
_ENCRYPTED, _PATCH, _STRONG = 0x1, 0x20, 0x40
_AES_256, _WITHOUT_CHECKSUM = 3, 2
_AROUND = 16 + 2 + 10
"""Bytes of salt, of the passphrase's proof and of the authentication code around what is encrypted."""
_STORED, _DEFLATE, _BZIP2, _LZMA = 0, 8, 12, 14
_NAMES = {_STORED: "Copy", _DEFLATE: "Deflate", _BZIP2: "BZip2", _LZMA: "LZMA"}
_MADE_ON_UNIX = 3
_REPARSE, _DEVICE = 0x400, 0x40
_ENCODINGS = ("utf-8", "cp1252", "cp850")
"""How the senders' programs write a passphrase that is not ASCII: the format does not say."""


def open_zip(data: bytes, passphrases: Sequence[Passphrase], limits: Limits) -> Opened:
    """What the zip holds, with the first of `passphrases` that fits. Its names could be read without one.

    Raises ArchiveError, first for what is an incident: NOT_ENCRYPTED, WEAK_ENCRYPTION, then UNSUPPORTED_METHOD, OVER_LIMIT,
    DAMAGED, EMPTY_ARCHIVE, UNKNOWN_PASSPHRASE.
    """
    import pyzipper

    _check_directory(data, limits)
    try:
        archive = pyzipper.AESZipFile(io.BytesIO(data))
        infos = list(archive.infolist())
    except Exception:  # noqa: BLE001 - a hostile directory; the originals quote names
        raise ArchiveError(Cause.DAMAGED) from None
    files = [info for info in infos if not info.filename.replace("\\", "/").endswith("/")]
    _check(files, infos, data, limits)
    for passphrase in passphrases:
        try:
            members = tuple(
                Member(clean_name(info.filename), content)
                for info, content in _contents(archive, files, passphrase)
            )
        except Undecodable:
            continue
        methods = dict.fromkeys(_NAMES[info.compress_type] for info in files if info.file_size)
        return Opened(members, ("AES-256", *methods), False, passphrase.label)
    raise ArchiveError(Cause.UNKNOWN_PASSPHRASE)


def _check_directory(data: bytes, limits: Limits) -> None:
    """Refuse a directory that is larger than a referral needs, before it is parsed."""
    end = data.rfind(_END, max(0, len(data) - _END_SIZE - _LONGEST_REMARK))
    if end < 0 or end + _END_SIZE + int.from_bytes(data[end + 20 : end + 22], "little") != len(data):
        raise ArchiveError(Cause.DAMAGED)
    if data[max(0, end - 20) : end].startswith(_END64):
        raise ArchiveError(Cause.OVER_LIMIT)
    count = int.from_bytes(data[end + 10 : end + 12], "little")
    size = int.from_bytes(data[end + 12 : end + 16], "little")
    if size > limits.header or count > limits.entries:
        raise ArchiveError(Cause.OVER_LIMIT)


def _check(files: list[Any], infos: list[Any], data: bytes, limits: Limits) -> None:
    """Every rule but those that need the content; the gravest first, over all files."""
    filled = [info for info in files if info.file_size or info.compress_size > _AROUND]
    if any(not info.flag_bits & _ENCRYPTED for info in filled):
        raise ArchiveError(Cause.NOT_ENCRYPTED)
    if any(info.flag_bits & _STRONG for info in filled):
        raise ArchiveError(Cause.UNSUPPORTED_METHOD)
    if any(info.wz_aes_version is None or info.wz_aes_strength != _AES_256 for info in filled):
        raise ArchiveError(Cause.WEAK_ENCRYPTION)
    if any(info.compress_type not in _NAMES or info.flag_bits & _PATCH for info in filled):
        raise ArchiveError(Cause.UNSUPPORTED_METHOD)
    if not any(info.file_size for info in files):
        raise ArchiveError(Cause.EMPTY_ARCHIVE)
    unpacked = sum(info.file_size for info in files)
    # Files that share their bytes would be more than the archive is large: that multiplies a small one.
    packed = sum(info.compress_size for info in files)
    if (
        len(infos) > limits.entries
        or len(files) > limits.members
        or unpacked > limits.unpacked
        or len(data) > limits.archive
    ):
        raise ArchiveError(Cause.OVER_LIMIT)
    names = [info.filename for info in infos]
    if packed > len(data) or len(set(names)) != len(names) or not all(map(_is_plain, names)):
        raise ArchiveError(Cause.DAMAGED)
    for info in infos:
        kind = stat.S_IFMT(info.external_attr >> 16) if info.create_system == _MADE_ON_UNIX else 0
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR) or info.external_attr & (_REPARSE | _DEVICE):
            raise ArchiveError(Cause.OVER_LIMIT)


def _is_plain(name: str) -> bool:
    return bool(name) and not any(ord(letter) < 32 or 127 <= ord(letter) < 160 for letter in name)


def _contents(archive: Any, files: list[Any], passphrase: Passphrase) -> Iterator[tuple[Any, bytes]]:
    """Each file and what it holds. Raises Undecodable for another passphrase, ArchiveError (DAMAGED) once one fitted."""
    fits = False
    for info in files:
        if not info.file_size:
            yield info, b""
            continue
        packed = _decrypted(archive, info, passphrase)
        if packed is None:
            if fits:
                raise ArchiveError(Cause.DAMAGED)
            raise Undecodable
        fits = True
        try:
            yield info, _unpacked(info, packed)
        except Undecodable:
            raise ArchiveError(Cause.DAMAGED) from None


def _decrypted(archive: Any, info: Any, passphrase: Passphrase) -> bytes | None:
    """The decrypted bytes, still compressed and proven by their authentication code; None for another passphrase."""
    from pyzipper import BadZipFile

    if info.compress_size <= _AROUND:
        raise ArchiveError(Cause.DAMAGED)
    # As a file that is only stored, what was decrypted comes out as it is; the code around it proves all of it.
    stored = _copy(info)
    for secret in _spellings(passphrase.secret):
        try:
            with archive.open(stored, pwd=secret) as file:
                content: bytes = file.read()
        except RuntimeError:
            continue  # pyzipper's word for a passphrase that does not fit
        except (BadZipFile, NotImplementedError, OSError, ValueError, EOFError, IndexError):
            raise ArchiveError(Cause.DAMAGED) from None
        except Exception:  # noqa: BLE001 - struct.error and others for cut-off bytes; the originals quote names
            raise ArchiveError(Cause.DAMAGED) from None
        if len(content) != info.compress_size - _AROUND:
            raise ArchiveError(Cause.DAMAGED)
        return content
    return None


def _copy(info: Any) -> Any:
    from copy import copy

    stored = copy(info)
    stored.compress_type = _STORED
    stored.file_size = info.compress_size - _AROUND
    stored.CRC = 0
    stored.wz_aes_version = _WITHOUT_CHECKSUM
    return stored


def _spellings(secret: str) -> list[bytes]:
    found: dict[bytes, None] = {}
    for encoding in _ENCODINGS:
        try:
            found[secret.encode(encoding)] = None
        except UnicodeEncodeError:
            continue
    return list(found)


def _unpacked(info: Any, packed: bytes) -> bytes:
    """What the file holds. One byte more than it declares shows that there is more, and no more than that is ever made."""
    size: int = info.file_size
    if info.compress_type == _STORED:
        unpacked = packed
    elif info.compress_type == _DEFLATE:
        try:
            unpacked = zlib.decompressobj(-15).decompress(packed, size + 1)
        except zlib.error:
            raise Undecodable from None
    elif info.compress_type == _BZIP2:
        unpacked = decompress(_stream(Method.BZIP2, b"", packed, size + 1), packed)
    else:
        # Two bytes of version, two of length, then the properties as 7z has them.
        if len(packed) < 9 or packed[2:4] != b"\x05\x00":
            raise Undecodable
        unpacked = decompress(_stream(Method.LZMA, packed[4:9], packed, size + 1), packed[9:])
    checked = info.wz_aes_version != _WITHOUT_CHECKSUM or info.CRC
    if len(unpacked) != size or (checked and zlib.crc32(unpacked) != info.CRC):
        raise Undecodable
    return unpacked


def _stream(method: Method, told: bytes, packed: bytes, size: int) -> Stream:
    return Stream(0, len(packed), None, len(packed), method, told, size, None)
