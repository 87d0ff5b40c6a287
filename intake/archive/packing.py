"""Pack files as the protocol asks (P6): a 7z archive with AES-256, file names encrypted too. Opening is elsewhere."""

import io
from collections.abc import Sequence

from intake.archive.facts import ArchiveError, Member
from intake.archive.names import clean_name
from intake.causes import Cause

_SMALLEST, _LARGEST = 1 << 16, 1 << 24
"""Bytes of the dictionary that compresses."""


def pack(members: Sequence[Member], passphrase: str) -> bytes:
    """The bytes of a new archive of `members`, made in memory; opens with 7-Zip and with `open_archive`.

    Names are cleaned as those that come in are. Raises ArchiveError (EMPTY_ARCHIVE) when there is nothing to pack,
    ValueError for an empty passphrase or two files of one name.
    """
    from py7zr import FILTER_CRYPTO_AES256_SHA256, FILTER_LZMA2, SevenZipFile

    if not any(member.data for member in members):
        raise ArchiveError(Cause.EMPTY_ARCHIVE)
    if not passphrase:
        raise ValueError("passphrase")
    names = [clean_name(member.name) for member in members]
    if len(set(names)) != len(names):
        raise ValueError("names")
    # A dictionary larger than what is packed finds nothing more, and py7zr's own of many megabytes is the most that
    # packing a form costs.
    size = sum(len(member.data) for member in members)
    dictionary = min(max(1 << size.bit_length(), _SMALLEST), _LARGEST)
    filters = [
        {"id": FILTER_LZMA2, "preset": 7, "dict_size": dictionary},
        {"id": FILTER_CRYPTO_AES256_SHA256},
    ]
    made = io.BytesIO()
    with SevenZipFile(made, "w", filters=filters, password=passphrase, header_encryption=True) as archive:
        for name, member in zip(names, members, strict=True):
            archive.writestr(member.data, name)
    return made.getvalue()
