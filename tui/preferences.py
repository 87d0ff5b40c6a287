"""What a workstation remembers for one user's comfort: colours, order of the worklist, and what was seen there.

Holds references and versions and no client's data. Kept beside what the workstation remembers of the store, and worth
nothing: what cannot be read or written is forgotten.
"""

import contextlib
from hashlib import sha256
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from storage.noted import SUFFIX, read_note, write_note

Word = Annotated[str, StringConstraints(pattern=r"^[a-z-]{0,40}$")]
Reference = Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{4}-[0-9]{1,9}$")]

MOST_SEEN = 50_000


class Preferences(BaseModel):
    """`seen` has the version of each referral as it was last on this user's list; None before there was any list."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    theme: Word = ""
    scope: Word = ""
    sorted_by: Word = ""
    backwards: bool = False
    seen: dict[Reference, int] | None = Field(default=None, max_length=MOST_SEEN)


def file_for(memory: Path, account: str) -> Path:
    """The file of one user; the name does not tell whose."""
    return memory / f"screen-{sha256(account.encode()).hexdigest()[:16]}{SUFFIX}"


def read(file: Path) -> Preferences:
    """What is remembered; what a new user has where nothing is."""
    with contextlib.suppress(ValidationError):
        return Preferences.model_validate_json(read_note(file) or b"{}")
    return Preferences()


def write(file: Path, preferences: Preferences) -> None:
    """Remember it."""
    write_note(file, preferences.model_dump_json().encode())
