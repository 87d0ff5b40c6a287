"""What is known of an archive: passphrases, members, limits, and why one was refused. Pure data, no reading."""

from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from intake.causes import CAUSE_WORDS, Cause
from intake.errors import IntakeError
from intake.texts import N_, _


class ArchiveKind(Enum):
    """What an attachment is packed as, by its content. Only the first two are ever opened, where AES-256 protects all (P6).

    A program that unpacks itself is never run, and not opened either: whoever gets used to programs in the mail runs one.
    """

    SEVEN_ZIP = "7z"
    ZIP = "zip"
    SELF_EXTRACTING = "self-extracting"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Passphrase:
    """A passphrase agreed with the sender, and the name it has in the settings.

    `team` is the address or domain of the team it was agreed with, "" when it is of all; `until` is the last day on which a
    message may come in that is still tried with it, None for no end.
    """

    label: str
    secret: str = field(repr=False)
    team: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """One file: its base name, fit to be shown, and its content."""

    name: str = field(repr=False)
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Opened:
    """What came out of an archive, and how it was protected (P6).

    `methods` are the names of the methods of the content, encryption first; `names_encrypted` is False where
    the file names could be read without the passphrase.
    """

    members: tuple[Member, ...]
    methods: tuple[str, ...]
    names_encrypted: bool
    passphrase_label: str


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of what is opened. Sizes are bytes; a referral needs a fraction of each.

    `entries` counts files and directories together; `cycles` is the power of two of the key derivation's rounds
    (7-Zip writes 19); `header` bounds the archive's directory, both as stored and as decoded.
    """

    archive: int = 25 * 1024 * 1024
    unpacked: int = 25 * 1024 * 1024
    members: int = 20
    entries: int = 40
    folders: int = 8
    header: int = 64 * 1024
    cycles: int = 20


class ArchiveError(IntakeError):
    """The archive was not opened. `cause` says why; the sentence is that of the cause."""

    template = N_("%(problem)s")

    def __init__(self, cause: Cause) -> None:
        self.cause = cause
        super().__init__(problem=_(CAUSE_WORDS[cause]))
