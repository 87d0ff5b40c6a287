"""A workstation of its own for the tests of backups: `python -m tests.storage.backing_up TASK FOLDER [ARGUMENT]`."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from storage import backup, files, restoring
from storage.backup import Purpose
from storage.draft import Draft
from storage.restoring import Present
from tests.storage.support import known_ring

NOW = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)


def killed(folder: Path) -> None:
    """Die when half of the backup is written."""
    write = files._write_all

    def half(fd: int, data: bytes) -> None:
        write(fd, data[: len(data) // 2])
        os._exit(9)

    setattr(files, "_write_all", half)  # noqa: B010
    backup.create(folder, folder / "backups", NOW, Purpose.MANUAL)


def forget_three(draft: Draft, present: Present) -> None:
    """As the floor above does: what the log or the closed matters say was discarded does not come back."""
    for key, row in (present.closed or {}).get("past", {}).items():
        if key != "C1":
            draft.delete("rows", key)
            draft.put_closed("past", key, row)
    for entry in present.later:
        if entry.action == "discarded":
            for reference in entry.references:
                draft.delete("rows", reference)


def restored(folder: Path, path: Path, die_after: int) -> None:
    """Restore, and die at the n-th time that anything reaches the disk."""
    left = [die_after]

    def counted(name: str) -> None:
        real = getattr(files, name)

        def dying(*arguments: object) -> object:
            if left[0] == 0:
                os._exit(9)
            left[0] -= 1
            return real(*arguments)

        for module in (files, backup, restoring, sys.modules["storage.journal"]):
            if hasattr(module, name):
                setattr(module, name, dying)

    for name in ("replace_durably", "append_durably"):
        counted(name)
    restoring.restore(
        folder, path, folder / "backups", known_ring("ann").signer("Ann"), forget_three, clock=lambda: NOW
    )
    print("restored", flush=True)


if __name__ == "__main__":
    task, store, *more = sys.argv[1:]
    if task == "killed":
        killed(Path(store))
    else:
        restored(Path(store), Path(more[0]), int(more[1]))
