"""Which file system a folder lies on, and which of them a store may not use.

Only Linux tells it without help: Windows offers SMB shares, whose locks are kept, and macOS has no call for it here.
"""

import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from storage.errors import StoreOnNfs

__all__ = ["file_system_of", "is_refused", "refuse_nfs"]

_MOUNTS = Path("/proc/self/mountinfo")
_LONGEST = 1 << 20
_REFUSED = re.compile(r"nfs[0-9]*")


def is_refused(file_system: str) -> bool:
    """Whether a store may not lie on it: an NFS server that restarts forgets who held a lock."""
    return _REFUSED.fullmatch(file_system) is not None


def file_system_of(folder: str, mounts: Iterable[str]) -> str:
    """The kind of file system of an absolute `folder`, by the lines of `mountinfo` (proc(5)); "" when unknown.

    The longest mount point above the folder counts, and of equal ones the last: it covers those before it.
    """
    best, kind = -1, ""
    for line in mounts:
        before, separator, after = line.partition(" - ")
        fields, rest = before.split(), after.split()
        if not separator or len(fields) < 5 or not rest:
            continue
        point = re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), fields[4]).rstrip("/")
        if (folder == point or folder.startswith(point + "/")) and len(point) >= best:
            best, kind = len(point), rest[0]
    return kind


def refuse_nfs(location: Path) -> None:
    """Raise StoreOnNfs when the folder, or the nearest one above it that exists, is on NFS."""
    if sys.platform != "linux":
        return
    try:
        with _MOUNTS.open(encoding="utf-8", errors="surrogateescape") as file:
            lines = file.read(_LONGEST).splitlines()
    except OSError:
        return  # without /proc nothing can be told; the lock itself still holds or fails
    if is_refused(file_system_of(os.path.realpath(location), lines)):
        raise StoreOnNfs(location=str(location))
