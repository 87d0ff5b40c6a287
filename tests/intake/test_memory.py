"""Where a workstation remembers: never in the store's folder, and nowhere lasting when something is only tried out."""

from pathlib import Path

import pytest
from platformdirs import user_config_path, user_state_path

from intake.config import Workstation
from intake.memory import memory_folder


def test_the_users_own_configuration_has_its_memory_in_the_users_state_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("OCMW_INTAKE_STATE", "STATE_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    own = user_config_path("ocmw-intake", appauthor=False) / "config.toml"
    store = tmp_path / "share" / "store"
    assert memory_folder(Workstation(store=store, file=own)) == user_state_path(
        "ocmw-intake", appauthor=False
    )
    assert memory_folder(Workstation(store=store, file=tmp_path / "c.toml")) == tmp_path / "state"
    assert memory_folder(Workstation(store=store)) == tmp_path / "share" / "state"


def test_a_service_has_it_where_the_system_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    workstation = Workstation(store=tmp_path / "store", file=Path("/etc/ocmw-intake/config.toml"))
    monkeypatch.delenv("OCMW_INTAKE_STATE", raising=False)
    monkeypatch.setenv("STATE_DIRECTORY", "/var/lib/ocmw-intake")
    assert memory_folder(workstation) == Path("/var/lib/ocmw-intake")
    monkeypatch.setenv("OCMW_INTAKE_STATE", str(tmp_path))
    assert memory_folder(workstation) == tmp_path
