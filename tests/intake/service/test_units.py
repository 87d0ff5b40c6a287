"""The units and tasks for a machine without anyone at it: understood by who reads them, and holding no secret."""

import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

import pytest

from intake.cli.context import CREDENTIAL
from intake.cli.main import run
from intake.config import Workstation, save_workstation
from intake.errors import WrongUse
from intake.service.units import Plan, units
from intake.service.windows import Task, tasks
from tests.conftest import require_or_skip

SPACE = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
PLAN = Plan(
    program=PurePosixPath(sys.executable),
    config=PurePosixPath("/etc/ocmw-intake/config.toml"),
    store=PurePosixPath("/srv/social dienst/store"),
    passphrase=PurePosixPath("/etc/ocmw-intake/passphrase"),
    user="nacht",
    account="root",
    poll_minutes=5,
    retention_at="02:30",
)
TASK = Task(
    program=r"C:\Program Files\ocmw-intake\ocmw-intake.exe",
    config=r"C:\ProgramData\ocmw-intake\config.toml",
    passphrase=r"C:\ProgramData\ocmw-intake\nacht & co.txt",
    user="nacht",
    account=r"OCMW\svc-intake",
    poll_minutes=5,
    retention_at="02:30",
    starts_on=datetime(2026, 11, 21, 14, 3, 7),  # noqa: DTZ001 - Task Scheduler means local time
)


@pytest.mark.parametrize("watch", [False, True])
def test_systemd_finds_nothing_to_say_about_the_units(tmp_path: Path, watch: bool) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        require_or_skip("systemd", "systemd-analyze is not installed: install systemd to run this test.")
    assert analyze is not None
    made = units(replace(PLAN, watch=watch))
    for name, text in made.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        [analyze, "verify", "--man=no", *(str(tmp_path / name) for name in made)],
        capture_output=True,
        text=True,
        check=False,
    )
    said = [line for line in done.stderr.splitlines() if str(tmp_path) in line or "ocmw-intake" in line]
    assert (done.returncode, said) == (0, [])


def test_the_exposure_of_the_service_is_small(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        require_or_skip("systemd", "systemd-analyze is not installed: install systemd to run this test.")
    assert analyze is not None
    plan = replace(PLAN, account="nobody", store=PurePosixPath("/srv/store"))
    for name in ("ocmw-intake-poll.service", "ocmw-intake-retention.service"):
        (tmp_path / name).write_text(units(plan)[name], encoding="utf-8")
        done = subprocess.run(
            [analyze, "security", "--offline=yes", "--threshold=25", "--no-pager", str(tmp_path / name)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-300:] + done.stderr


def test_the_passphrase_is_a_credential_and_stands_nowhere_else() -> None:
    made = units(PLAN)
    for name in ("ocmw-intake-poll.service", "ocmw-intake-retention.service"):
        lines = made[name].splitlines()
        assert f"LoadCredential={CREDENTIAL}:/etc/ocmw-intake/passphrase" in lines
        (start,) = [line for line in lines if line.startswith("ExecStart=")]
        assert "/etc/ocmw-intake/passphrase" not in start
        assert 'ReadWritePaths="/srv/social dienst/store"' in lines
        assert not any(line.startswith("Environment") for line in lines)
    assert "SuccessExitStatus" not in made["ocmw-intake-retention.service"]
    assert "OnCalendar=*-*-* 02:30:00 Europe/Brussels" in made["ocmw-intake-retention.timer"]


def test_a_watch_goes_on_without_a_timer_and_is_started_anew_when_it_fails() -> None:
    made = units(replace(PLAN, watch=True))
    assert set(made) == {
        "ocmw-intake-poll.service",
        "ocmw-intake-retention.service",
        "ocmw-intake-retention.timer",
    }
    lines = made["ocmw-intake-poll.service"].splitlines()
    (start,) = [line for line in lines if line.startswith("ExecStart=")]
    assert start.endswith("--as nacht poll --watch")
    assert {"Type=exec", "Restart=on-failure", "WantedBy=multi-user.target"} <= set(lines)
    assert not any(
        line.startswith(("Type=oneshot", "TimeoutStartSec", "SuccessExitStatus")) for line in lines
    )

    root = ElementTree.fromstring(tasks(replace(TASK, watch=True))["ocmw-intake-poll.xml"])
    assert (root.findtext("t:Actions/t:Exec/t:Arguments", namespaces=SPACE) or "").endswith(" poll --watch")
    assert [child.tag.split("}")[1] for child in root.find("t:Triggers", SPACE) or ()] == ["BootTrigger"]
    assert root.findtext("t:Settings/t:ExecutionTimeLimit", namespaces=SPACE) == "PT0S"
    assert root.findtext("t:Settings/t:RestartOnFailure/t:Interval", namespaces=SPACE) == "PT1M"


def test_the_process_that_reads_may_bound_itself() -> None:
    """It sets its own limits of memory and time: a filter that forbids that would leave it unbounded."""
    filters = [
        line for line in units(PLAN)["ocmw-intake-poll.service"].splitlines() if "SystemCallFilter" in line
    ]
    assert filters == ["SystemCallFilter=@system-service", "SystemCallFilter=~@privileged"]


def test_a_store_in_a_home_folder_is_not_hidden_from_the_service() -> None:
    at_home = replace(PLAN, store=PurePosixPath("/home/share/store"))
    assert "ProtectHome=read-only\n" in units(at_home)["ocmw-intake-poll.service"]
    assert "ProtectHome=yes\n" in units(PLAN)["ocmw-intake-poll.service"]


@pytest.mark.parametrize(
    "change",
    [
        {"store": PurePosixPath("/srv/store\nExecStartPre=/bin/sh")},
        {"config": PurePosixPath("relative/config.toml")},
        {"passphrase": PurePosixPath('/etc/"x')},
        {"program": PurePosixPath("/usr/bin/%n")},
        {"account": "root\nUser=x"},
    ],
)
def test_nothing_given_can_begin_another_line_of_a_unit(change: dict[str, object]) -> None:
    with pytest.raises(WrongUse):
        units(replace(PLAN, **change))  # type: ignore[arg-type]


def test_the_windows_tasks_are_well_formed_and_name_the_file_of_the_passphrase_only() -> None:
    made = tasks(TASK)
    assert set(made) == {"ocmw-intake-poll.xml", "ocmw-intake-retention.xml"}
    for name, data in made.items():
        assert data.startswith((b"\xff\xfe", b"\xfe\xff"))
        root = ElementTree.fromstring(data)
        assert root.tag == f"{{{SPACE['t']}}}Task"
        # The schema is a sequence: in another order Task Scheduler refuses the file.
        assert [child.tag.split("}")[1] for child in root] == [
            *("RegistrationInfo", "Triggers", "Principals", "Settings", "Actions")
        ]
        principal = root.find("t:Principals/t:Principal", SPACE)
        assert principal is not None
        assert principal.findtext("t:UserId", namespaces=SPACE) == r"OCMW\svc-intake"
        assert principal.findtext("t:RunLevel", namespaces=SPACE) == "LeastPrivilege"
        assert root.findtext("t:Settings/t:MultipleInstancesPolicy", namespaces=SPACE) == "IgnoreNew"
        words = root.findtext("t:Actions/t:Exec/t:Arguments", namespaces=SPACE) or ""
        assert '--passphrase-file "C:\\ProgramData\\ocmw-intake\\nacht & co.txt"' in words
        assert words.endswith("poll" if "poll" in name else "retention run")
        trigger = root.find("t:Triggers/t:CalendarTrigger", SPACE)
        assert trigger is not None
        order = [child.tag.split("}")[1] for child in trigger]
        assert order == [
            *(["Repetition"] if "poll" in name else []),
            "StartBoundary",
            "Enabled",
            "ScheduleByDay",
        ]
    assert (
        ElementTree.fromstring(made["ocmw-intake-poll.xml"]).findtext(".//t:Interval", namespaces=SPACE)
        == "PT5M"
    )
    start = ElementTree.fromstring(made["ocmw-intake-retention.xml"]).findtext(
        ".//t:StartBoundary", namespaces=SPACE
    )
    assert start == "2026-11-21T02:30:00"


def command(tmp_path: Path, *more: str) -> int:
    config = tmp_path / "config.toml"
    save_workstation(config, Workstation(store=tmp_path / "store", language="en", fingerprint="a" * 40))
    secret = ["--user", "nacht", "--secret-file", str(tmp_path / "secret")]
    arguments = [
        "--config",
        str(config),
        "service",
        "units",
        "--out",
        str(tmp_path / "units"),
        *secret,
        *more,
    ]
    return run(arguments, open_screen=lambda *_a, **_k: 0)


def test_the_command_fills_them_from_the_configuration_and_overwrites_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(tmp_path, "--for", "systemd") == 0
    files = sorted(path.name for path in (tmp_path / "units").iterdir())
    assert files == [
        *("ocmw-intake-poll.service", "ocmw-intake-poll.timer"),
        *("ocmw-intake-retention.service", "ocmw-intake-retention.timer"),
    ]
    text = (tmp_path / "units" / files[0]).read_text(encoding="utf-8")
    assert f'ReadWritePaths="{tmp_path / "store"}"' in text
    assert command(tmp_path, "--for", "systemd") == 2
    assert command(tmp_path, "--for", "windows") == 0
    assert command(tmp_path, "--for", "cron") == 2
    assert command(tmp_path, "--for", "windows", "--at", "25:00") == 2
    capsys.readouterr()
    assert not (tmp_path / "secret").exists()
