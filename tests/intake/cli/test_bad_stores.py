"""A store that cannot be used: one sentence, the exit status of the contract, and nothing changed on disk."""

import json
import shutil
from pathlib import Path

import pytest

from intake.demo.office import COST, STAFF
from storage.directory import KEYRINGS, found_office, sign_in
from storage.document import _check
from storage.rows import canonical
from storage.store import create_store, open_store
from tests.intake.cli.test_contract import refused
from tests.running import run_inside as run

ELS = STAFF[0]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A small store with its lead, a configuration that trusts it, and the lead's passphrase in a file."""
    store = create_store(tmp_path / "store")
    session, _recovery = found_office(store, ELS.name, ELS.shown, ELS.passphrase, cost=COST)
    with store.transaction(session.signer) as tx:
        tx.put_closed("tombstones", "D2026-0001", {"reference": "D2026-0001"})
    store.close()
    (tmp_path / "secret").write_text(ELS.passphrase + "\n", encoding="utf-8")
    (tmp_path / "config.toml").write_text('store = "store"\nuser = "els"\n', encoding="utf-8")
    return tmp_path


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def listed(place: Path, status: int) -> str:
    before = tree(place / "store")
    said = refused(
        run("--config", place / "config.toml", "--passphrase-file", place / "secret", "list"), status
    )
    assert tree(place / "store") == before
    return said


def test_a_wrong_passphrase(place):
    (place / "secret").write_text("zeven verkeerde sleutels\n", encoding="utf-8")
    assert "achtwoordzin" in listed(place, 4)


def test_missing_keys(place):
    store = open_store(place / "store")
    session = sign_in(store, ELS.name, ELS.passphrase)
    with store.transaction(session.signer) as tx:
        tx.delete(KEYRINGS, ELS.name)
    store.close()
    listed(place, 6)


def test_a_foreign_store(place):
    with (place / "config.toml").open("a", encoding="utf-8") as file:
        file.write(f'fingerprint = "{"0" * 40}"\n')
    assert "onfigurat" in listed(place, 6), "a wrong folder in the configuration is the likely cause"


def test_a_newer_schema(place):
    path = place / "store" / "active.json"
    head, _, rest = path.read_bytes().partition(b"\n")
    header = json.loads(head)
    name = next(key for key in header if "format" in key or "schema" in key)
    header[name] += 1
    header.pop("check")
    path.write_bytes(canonical({**header, "check": _check(header)}) + b"\n" + rest)
    assert str(header[name]) in listed(place, 6), "a newer one is not taken for a damaged one"


@pytest.mark.parametrize("missing", ["active.json", "closed-*.json", "log"])
def test_a_folder_that_was_copied_by_half(place, missing):
    for path in (place / "store").glob(missing):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    said = listed(place, 6)
    assert "init" not in said, "what is left of a store is no place for a new one"


def test_a_file_that_was_copied_by_half(place):
    path = place / "store" / "active.json"
    path.write_bytes(path.read_bytes()[:-100])
    assert "backup" in listed(place, 6)
