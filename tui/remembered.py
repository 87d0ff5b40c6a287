"""What a workstation remembers for the comfort of who works there: the folder that papers went to last.

Kept beside what it remembers of the store, and worth nothing: what cannot be read or written is forgotten.
"""

import contextlib
from pathlib import Path

from storage.noted import read_note, write_note

FOLDER_FILE = "last-folder.note"


def last_folder(memory: Path) -> Path:
    """The folder that a paper was written to last, while it is there; else the user's own."""
    with contextlib.suppress(OSError, ValueError):
        folder = Path((read_note(memory / FOLDER_FILE) or b"").decode())
        if folder.is_absolute() and folder.is_dir():
            return folder
    return Path.home()


def remember_folder(memory: Path, folder: Path) -> None:
    """Offer this folder the next time."""
    with contextlib.suppress(ValueError):
        write_note(memory / FOLDER_FILE, str(folder).encode())
