"""Papers as files on disk: each is new and this user's alone, and either all of a paper's files are there or none."""

import os
from collections.abc import Mapping
from pathlib import Path

from intake.errors import WrongUse
from intake.texts import _


def write_new(contents: Mapping[Path, bytes]) -> list[Path]:
    """Write new files, readable by this user only where the system knows file modes; returns their paths.

    What was written is taken back when a later one fails. Raises FileExistsError or OSError.
    """
    written: list[Path] = []
    try:
        for path, data in contents.items():
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
            written.append(path)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
    except OSError:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    return written


def write_paper(contents: Mapping[Path, bytes]) -> list[Path]:
    """As `write_new`; WrongUse, in words, when a file exists or cannot be written."""
    try:
        return write_new(contents)
    except FileExistsError:
        raise WrongUse(problem=_("That file exists already. Choose another name.")) from None
    except OSError:
        raise WrongUse(
            problem=_("The file cannot be written there. Choose a folder you can write to.")
        ) from None


def check_new(*paths: Path) -> None:
    """Refuse names that exist, or whose folder does not, before anything is logged or made. Raises WrongUse."""
    for path in paths:
        if path.exists() or path.is_symlink():
            raise WrongUse(problem=_("That file exists already. Choose another name."))
        if not path.parent.is_dir():
            raise WrongUse(problem=_("The file cannot be written there. Choose a folder you can write to."))


def check_ending(path: Path, *endings: str) -> str:
    """The ending of a file's name, in lower case with its dot. Raises WrongUse when it is none of these."""
    ending = path.suffix.lower()
    if ending not in endings:
        raise WrongUse(
            problem=_("The name of the file must end in %(endings)s.") % {"endings": ", ".join(endings)}
        )
    return ending
