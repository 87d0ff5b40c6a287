"""Which backups this workstation verified, kept apart from the store: a courtesy for the list, no proof.

A backup that was written anew since (as when something is discarded from it) counts as not verified.
"""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from storage.backup import Listed
from storage.noted import read_note, write_note

VERIFIED_FILE = "verified-backups.note"
_MOST = 500


class Verified:
    """The memory, in `file`; without one nothing is remembered."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._known = self._read()

    def verified_at(self, one: Listed) -> datetime | None:
        """When this backup, as it lies there now, was found whole (UTC)."""
        known = self._known.get(one.path.name)
        if not isinstance(known, dict) or known.get("state") != _state(one.path):
            return None
        with suppress(KeyError, TypeError, ValueError):
            return datetime.fromisoformat(known["at"]).astimezone(UTC)
        return None

    def remember(self, path: Path, at: datetime) -> None:
        """It was found whole. What cannot be written is not remembered."""
        if self._file is None:
            return
        self._known.pop(path.name, None)
        self._known[path.name] = {"at": at.isoformat(), "state": _state(path)}
        kept = dict(list(self._known.items())[-_MOST:])
        write_note(self._file, orjson.dumps(kept))

    def _read(self) -> dict[str, Any]:
        if self._file is None:
            return {}
        with suppress(ValueError):
            known = orjson.loads(read_note(self._file) or b"{}")
            if isinstance(known, dict):
                return known
        return {}


def _state(path: Path) -> list[int]:
    """Size and moment of the last change: another than before means that the file was written anew."""
    with suppress(OSError):
        status = path.stat()
        return [status.st_size, status.st_mtime_ns]
    return []
