"""One small signed record beside the tables, replaced whole: what changes every minute and is worth nothing tomorrow.

It stands in a file of its own, so that telling the others something makes no new generation, which all of them would
read anew. It is no part of a backup, and nothing that must last may stand in it. What it says is decided above.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from storage.directory import Directory
from storage.errors import N_, RowNotGenuine, StorageError
from storage.files import file_lock, readable, replace_lightly
from storage.keys import Signer
from storage.rows import Row, canonical
from storage.sealing import sign_row, verify_row

__all__ = ["Bulletin", "BulletinDamaged"]

_LONGEST = 8192
_LOCK = "lock"
_TABLE = "bulletin"


class BulletinDamaged(StorageError):
    """The record is not as it was written. Values: file."""

    template = N_(
        "The file %(file)s, in which the workstations tell each other who polls, was changed. It is not used, and "
        "written anew at the next poll."
    )


class Bulletin:
    """The record called `name` in a store's folder; only what someone with one of `roles` signed counts."""

    def __init__(self, location: Path, name: str, roles: frozenset[str]) -> None:
        self.path = location / f"{name}.json"
        self._lock = location / _LOCK
        self._name = name
        self._roles = roles

    def read(self, staff: Directory) -> Mapping[str, Any] | None:
        """What it says now; None when it says nothing, or when its author's keys were renewed since.

        Raises BulletinDamaged, StoreNotReadable.
        """
        try:
            with readable(self.path), self.path.open("rb") as opened:
                data = opened.read(_LONGEST + 1)
        except FileNotFoundError:
            return None
        if not data:
            return None  # the power went before it was on the disk
        try:
            row = orjson.loads(data)
            if not isinstance(row, dict) or canonical(row) + b"\n" != data:
                raise ValueError(self._name)
        except (ValueError, TypeError):
            raise BulletinDamaged(file=self.path.name) from None
        try:
            verify_row(row, staff, _TABLE, self._name, self._roles)
        except RowNotGenuine:
            if _of_retired(row, staff):
                return None
            raise BulletinDamaged(file=self.path.name) from None
        return {name: value for name, value in row.items() if name != "signed"}

    def change(
        self,
        staff: Directory,
        author: Signer,
        now: Callable[[], datetime],
        say: Callable[[Mapping[str, Any] | None], Row | None],
        *,
        wait: float = 10.0,
    ) -> None:
        """Put in its place what `say` makes of it, None for leaving it; alone, under the store's lock.

        One that is damaged is as good as none. Raises what `say` raises; StoreLocked after `wait` seconds;
        StoreNotReadable, StoreNotWritable or DiskFull. Not within a transaction.
        """
        with file_lock(self._lock, wait, holder=author.user, now=now):
            try:
                before = self.read(staff)
            except BulletinDamaged:
                before = None
            after = say(before)
            if after is not None:
                replace_lightly(self.path, canonical(sign_row(after, author, _TABLE, self._name)) + b"\n")


def _of_retired(row: Mapping[str, Any], staff: Directory) -> bool:
    signed = row.get("signed")
    known = staff.known_key(str(signed.get("key_id"))) if isinstance(signed, dict) else None
    return known is not None and known.retired
