"""Open an archive in memory with the passphrases known: 7z here, zip in `zips.py`. Others are named and refused."""

import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from intake.archive.facts import ArchiveError, ArchiveKind, Limits, Member, Opened, Passphrase
from intake.archive.keys import KeyCache
from intake.archive.kind import archive_kind, refusal, unpacks
from intake.archive.names import clean_name
from intake.causes import Cause

if TYPE_CHECKING:
    from intake.archive.headers import Contents, Stream

_NAMES = {"COPY": "Copy", "LZMA": "LZMA", "LZMA2": "LZMA2", "BZIP2": "BZip2"}
_DEFAULTS = Limits()


def open_archive(
    data: bytes,
    passphrases: Sequence[Passphrase],
    *,
    keys: KeyCache | None = None,
    limits: Limits = _DEFAULTS,
) -> Opened:
    """Everything the archive holds, with the first of `passphrases` that fits; `keys` is shared within one poll.

    Works in memory and writes nothing. Raises ArchiveError and nothing else; an archive that is not encrypted
    throughout is refused unread (P6).
    """
    from intake.archive.headers import contents, look

    kind = archive_kind(data)
    if kind is None:
        raise ArchiveError(Cause.NO_ARCHIVE)
    if kind is ArchiveKind.SELF_EXTRACTING:
        raise ArchiveError(_of_program(data, limits))
    if kind is not ArchiveKind.SEVEN_ZIP:
        cause = refusal(data, kind)
        if cause is not None:
            raise ArchiveError(cause)
        from intake.archive.zips import open_zip

        return open_zip(data, passphrases, limits)
    keys = KeyCache() if keys is None else keys
    header = look(data, limits)
    names_encrypted = False
    if not isinstance(header, bytes):
        names_encrypted = header.cipher is not None
        header, fitting = _header(header, data, passphrases, keys)
        passphrases = (fitting,) if fitting is not None else passphrases
    found = contents(header, data, limits)
    unpacked, fitting = _streams(found, data, passphrases, keys, proven=names_encrypted)
    members = tuple(_members(found, unpacked))
    methods = dict.fromkeys(_NAMES[stream.method.name] for stream in found.streams)
    return Opened(members, ("AES-256", *methods), names_encrypted, fitting.label)


def _of_program(data: bytes, limits: Limits) -> Cause:
    """Why a program that unpacks itself is refused: what is in clear inside is an incident all the same (P6)."""
    inside = data[unpacks(data) :]
    try:
        open_archive(inside, (), limits=limits)
    except ArchiveError as error:
        if error.cause in (Cause.NOT_ENCRYPTED, Cause.WEAK_ENCRYPTION):
            return error.cause
    return Cause.SELF_EXTRACTING


def _header(
    stream: "Stream", data: bytes, passphrases: Sequence[Passphrase], keys: KeyCache
) -> tuple[bytes, Passphrase | None]:
    """The decoded header, and the passphrase that opened it (None: it was not encrypted)."""
    from intake.archive.headers import plausible_header
    from intake.archive.streams import Undecodable, decode, key_fits

    if stream.cipher is None:
        try:
            return decode(stream, data, None), None
        except Undecodable:
            raise ArchiveError(Cause.DAMAGED) from None
    fits = False
    for passphrase in passphrases:
        key = keys.key(passphrase.secret, stream.cipher.salt, stream.cipher.cycles)
        try:
            header = decode(stream, data, key)
        except Undecodable:
            fits = fits or key_fits(stream, data, key)
            continue
        if stream.crc is not None or plausible_header(header):
            return header, passphrase
    raise ArchiveError(Cause.DAMAGED if fits else Cause.UNKNOWN_PASSPHRASE)


def _streams(
    found: "Contents", data: bytes, passphrases: Sequence[Passphrase], keys: KeyCache, *, proven: bool
) -> tuple[list[bytes], Passphrase]:
    """The unpacked streams, and the passphrase for them; `proven` where it opened the header already."""
    from intake.archive.streams import Undecodable, decode, key_fits

    for passphrase in passphrases:
        unpacked: list[bytes] = []
        for number, stream in enumerate(found.streams):
            if stream.cipher is None:
                raise ArchiveError(Cause.NOT_ENCRYPTED)
            key = keys.key(passphrase.secret, stream.cipher.salt, stream.cipher.cycles)
            try:
                unpacked.append(decode(stream, data, key))
                _check_pieces(found, number, unpacked[-1])
            except Undecodable:
                proven = proven or number > 0 or key_fits(stream, data, key)
                break
        else:
            return unpacked, passphrase
    raise ArchiveError(Cause.DAMAGED if proven else Cause.UNKNOWN_PASSPHRASE)


def _check_pieces(found: "Contents", number: int, unpacked: bytes) -> None:
    from intake.archive.streams import Undecodable

    for entry in found.entries:
        if (
            entry.stream == number
            and zlib.crc32(unpacked[entry.offset : entry.offset + entry.size]) != entry.crc
        ):
            raise Undecodable


def _members(found: "Contents", unpacked: Sequence[bytes]) -> list[Member]:
    return [
        Member(
            clean_name(entry.name),
            b"" if entry.stream is None else unpacked[entry.stream][entry.offset : entry.offset + entry.size],
        )
        for entry in found.entries
    ]
