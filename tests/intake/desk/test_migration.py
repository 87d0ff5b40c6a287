"""A store of an older format is backed up and brought up to date at the first sign-in."""

from pathlib import Path

import pytest

from intake.desk import open_desk
from storage import document
from storage.backup import read_contents
from storage.migrations import MIGRATIONS, Stored
from tests.benchmarks.making import PASSPHRASE, fill, office


def test_signing_in_backs_up_and_migrates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = office(tmp_path)
    fill(desk, 2)
    location = desk.office.store.location
    generation = desk.office.store.generation
    desk.close()
    steps: list[int] = []

    def step(stored: Stored) -> Stored:
        steps.append(len(stored.active["referrals"]))
        return stored

    monkeypatch.setitem(MIGRATIONS, document.FORMAT, step)  # type: ignore[arg-type]  # a plain dict, shown as read-only
    monkeypatch.setattr(document, "FORMAT", document.FORMAT + 1)
    migrated = open_desk(location, "els", PASSPHRASE)
    assert steps == [2]
    assert len(migrated.work.worklist()) == 2
    assert migrated.office.store.generation >= generation + 1
    migrated.log.verify()
    migrated.close()
    backups = [path for path in (location / "backups").iterdir() if f"g{generation:08d}" in path.name]
    (kept,) = [path for path in backups if read_contents(path).manifest.purpose.value == "before-migration"]
    assert len(read_contents(kept).active["referrals"]) == 2
