"""The encrypted archive of a referral: look before opening, open in memory, pack for an answer.

What is here decides only whether and how an archive opens. Finding it in a message is in `intake/mail`; reading
the forms that come out is in `intake/form`. Importing this package does not import py7zr.
"""

from intake.archive.facts import ArchiveError, ArchiveKind, Limits, Member, Opened, Passphrase
from intake.archive.keys import KeyCache
from intake.archive.kind import archive_kind
from intake.archive.opening import open_archive
from intake.archive.packing import pack

__all__ = [
    "ArchiveError",
    "ArchiveKind",
    "KeyCache",
    "Limits",
    "Member",
    "Opened",
    "Passphrase",
    "archive_kind",
    "open_archive",
    "pack",
]
