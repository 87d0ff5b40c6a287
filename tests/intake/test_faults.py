"""The report of a fault tells where it lies and holds nothing of what was in memory."""

import stat
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from intake.faults import MOST_REPORTS, report, save_report
from tests.running import run_inside as run

NOW = datetime(2026, 11, 21, 13, 30, tzinfo=UTC)
CANARY = "Roos Kanariepiet"


def _fault(depth: int = 1) -> Exception:
    client = {"name": CANARY}
    try:
        try:
            _raise(client, depth)
        except KeyError as error:
            raise ValueError(f"{CANARY} at {client}") from error
    except ValueError as error:
        error.add_note(CANARY)
        return error
    raise AssertionError


def _raise(client: dict[str, str], depth: int) -> None:
    if depth:
        _raise(client, depth - 1)
    raise KeyError(client["name"])


def test_the_report_tells_classes_lines_and_versions_and_no_value():
    text = report(_fault(), NOW, "ReferralScreen")
    assert "Kanariepiet" not in text
    assert "Roos" not in text
    assert "fault: builtins.ValueError" in text
    assert "because of: builtins.KeyError" in text
    assert "test_faults.py:" in text
    assert " _raise\n" in text
    assert "screen: ReferralScreen" in text
    assert f"python: CPython {sys.version_info.major}." in text
    assert "textual 8." in text
    assert "when: 2026-11-21T13:30Z" in text


def test_no_folder_is_named_since_folders_are_named_after_people():
    assert str(Path(__file__).parent) not in report(_fault(), NOW)
    assert str(Path.home()) + "/" not in report(_fault(), NOW)


def test_the_report_is_bounded_whatever_the_fault():
    assert len(report(_fault(900), NOW)) < 40_000


def test_the_file_is_its_owners_alone_and_the_newest_are_kept(tmp_path: Path):
    folder = tmp_path / "state"
    paths = [save_report(folder, _fault(), NOW + timedelta(minutes=n)) for n in range(MOST_REPORTS + 3)]
    kept = sorted(folder.iterdir())
    assert kept == sorted(path for path in paths[3:] if path is not None)
    assert all(path.name.startswith("fault-20261121-") for path in kept)
    if sys.platform != "win32":
        assert stat.S_IMODE(kept[0].stat().st_mode) == 0o600


def test_where_nothing_can_be_written_there_is_no_report_and_no_second_fault(tmp_path: Path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert save_report(tmp_path / "file" / "state", _fault(), NOW) is None


def test_a_command_that_meets_a_fault_names_the_report_and_tells_no_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_arguments: object, **_named: object) -> None:
        raise ValueError(CANARY) from _fault()

    monkeypatch.setattr("intake.cli.context.Context.desk", broken)
    config = tmp_path / "config.toml"
    config.write_text('store = "store"\nlanguage = "nl"\n', encoding="utf-8")
    done = run("--config", config, "list", OCMW_INTAKE_STATE=str(tmp_path / "state"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    (path,) = (tmp_path / "state").iterdir()
    assert str(path) in done.stderr
    assert "Bezorg dit bestand aan uw beheerder" in done.stderr
    for text in (done.stderr, path.read_text(encoding="utf-8"), path.name):
        assert "Kanariepiet" not in text
    # Without a configuration there is no folder for it, and the sentence stands alone.
    monkeypatch.setattr("intake.cli.context.Context.workstation", broken)
    config.unlink()
    bare = run("--config", config, "list")
    assert (bare.returncode, bare.stderr.count("\n")) == (1, 1)
    assert "Bezorg" not in bare.stderr
