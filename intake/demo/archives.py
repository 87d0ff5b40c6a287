"""The archives of the sample mails: the agreed AES-256 7-Zip, and the wrong ones that senders make.

All are written by the libraries of their format; nothing is encrypted by code of this program.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any

import py7zr
import py7zr.compressor

import intake.archive

__all__ = [
    "Member",
    "keys_derived_once",
    "plain_7z",
    "plain_zip",
    "ppmd_7z",
    "readable_names_7z",
    "sealed_7z",
    "truncated",
]

Member = tuple[str, bytes]
"""A file in an archive: its name and its content."""

_PATCHING = Lock()
_FIXED_TIME = (2026, 1, 1, 0, 0, 0)


@contextmanager
def keys_derived_once() -> Iterator[None]:
    """While it lasts, py7zr derives the key of each passphrase once instead of twice an archive.

    7-Zip writes no salt, so one passphrase has one key; derived anew it is nearly all of the time an archive takes.
    What is derived stays the same, so other threads that use py7zr meanwhile notice nothing.
    """
    internals: Any = py7zr.compressor
    with _PATCHING:
        derive = internals.calculate_key
        internals.calculate_key = cache(derive)
        try:
            yield
        finally:
            internals.calculate_key = derive


def sealed_7z(members: Sequence[Member], passphrase: str) -> bytes:
    """What the protocol asks (P6): AES-256, with the names of the files encrypted as well."""
    return intake.archive.pack([intake.archive.Member(*member) for member in members], passphrase)


def readable_names_7z(members: Sequence[Member], passphrase: str) -> bytes:
    """AES-256, with the names of the files readable: correct, but not as good."""
    return _pack(members, passphrase)


def ppmd_7z(members: Sequence[Member], passphrase: str) -> bytes:
    """AES-256 over PPMd, a compression that is not opened here."""
    filters = [{"id": py7zr.FILTER_PPMD, "order": 6, "mem": 24}, {"id": py7zr.FILTER_CRYPTO_AES256_SHA256}]
    return _pack(members, passphrase, filters)


def plain_7z(members: Sequence[Member]) -> bytes:
    """A 7-Zip archive that nobody encrypted."""
    return _pack(members, None)


def plain_zip(members: Sequence[Member]) -> bytes:
    """A zip archive that nobody encrypted."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members:
            entry = zipfile.ZipInfo(name, _FIXED_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return out.getvalue()


def truncated(archive: bytes) -> bytes:
    """The archive as it arrives when the sending broke off: its last third is missing."""
    return archive[: len(archive) * 2 // 3]


def _pack(
    members: Sequence[Member], passphrase: str | None, filters: list[dict[str, int]] | None = None
) -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", password=passphrase, filters=filters) as archive:
        for name, content in members:
            archive.writestr(content, name)
    return out.getvalue()
