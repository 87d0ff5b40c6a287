"""Small files in which a workstation notes what makes the day lighter: worth nothing, but told of when someone changed one.

The last line is the SHA-256 of what stands before it. What cannot be read is as good as not there; `check` tells of it.
"""

from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from storage.errors import N_, StorageError
from storage.files import replace_durably

SUFFIX = ".note"
_LONGEST = 8 << 20
_DIGEST = 64


class NoteDamaged(StorageError):
    """A note is not as it was written. Values: file."""

    template = N_(
        "The file %(file)s, in which this workstation notes a user's own arrangements, was changed. It is not used, and "
        "written anew when next needed."
    )


def read_note(file: Path) -> bytes | None:
    """What was noted; None where nothing is, or not as it was written."""
    with suppress(OSError), file.open("rb") as opened:
        data = opened.read(_LONGEST)
        body, digest = data[: -_DIGEST - 2], data[-_DIGEST - 2 :]
        if digest == b"\n" + sha256(body).hexdigest().encode() + b"\n":
            return body
    return None


def write_note(file: Path, body: bytes) -> None:
    """Note it, whole or not at all. What cannot be written is not noted."""
    with suppress(StorageError, OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_durably(file, body, b"\n" + sha256(body).hexdigest().encode() + b"\n")


def check_notes(folder: Path) -> None:
    """Raise NoteDamaged for the first note in a folder that is not as it was written."""
    for file in sorted(folder.glob(f"*{SUFFIX}")):
        if read_note(file) is None and file.exists():
            raise NoteDamaged(file=file.name)
