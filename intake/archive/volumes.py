"""An archive cut in parts (`fiche.7z.001`, `.002` …): joined in memory when one mail holds all of them.

The first part's start says how long the whole is, and that decides; a name says no more than in which order the parts go,
and that a part whose others are missing is one.
"""

import re
from collections.abc import Sequence
from typing import Protocol

from intake.archive.kind import archive_kind, whole_size

_PART = re.compile(r"(?:.*\.(?:7z|zip|rar)\.(\d{3})|.*\.part(\d{1,3})\.rar|.*\.[zr](\d{2}))", re.IGNORECASE)
_MOST = 50


class Part(Protocol):
    """An attachment: a name that is not believed, and bytes."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def data(self) -> bytes:
        """What it holds."""


def is_part_name(name: str) -> bool:
    """Whether a file is called as programs call one of several parts."""
    return _PART.fullmatch(name) is not None


def is_cut(data: bytes) -> bool:
    """Whether a 7z archive says that it is longer than these bytes."""
    size = whole_size(data)
    return size is not None and size > len(data)


def joined(parts: Sequence[Part], first: int, limit: int) -> bytes | None:
    """The whole archive that begins in the part number `first`; None when the others are not all here.

    The rest are attachments that are no archive of their own, in the order of their names when those are numbered, else
    as they come. `limit` bounds the bytes of the whole.
    """
    size = whole_size(parts[first].data)
    if size is None or size > limit or len(parts) > _MOST:
        return None
    others = [
        (number, part)
        for number, part in enumerate(parts)
        if number != first and archive_kind(part.data) is None
    ]
    named = [(n, p) for n, p in others if is_part_name(p.name)]
    if named:
        others = sorted(named, key=lambda pair: (pair[1].name.casefold(), pair[0]))
    else:
        others = [pair for pair in others if pair[0] > first]
    pieces, length = [parts[first].data], len(parts[first].data)
    for _number, part in others:
        if length >= size:
            break
        pieces.append(part.data)
        length += len(part.data)
    return b"".join(pieces) if length == size else None
