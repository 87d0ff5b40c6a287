"""The Windows Task Scheduler definition of the same two jobs, as XML that `schtasks /Create /XML` takes.

The passphrase lies in a file that only the service account may read; the task names the file, never what is in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree

_SPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"


@dataclass(frozen=True, slots=True)
class Task:
    """What the tasks are filled from. Paths as Windows writes them; `account` such as `OCMW\\svc-intake`."""

    program: str
    config: str
    passphrase: str
    user: str
    account: str
    poll_minutes: int
    retention_at: str
    starts_on: datetime
    watch: bool = False


def _add(parent: ElementTree.Element, name: str, text: str | None = None) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, f"{{{_SPACE}}}{name}")
    child.text = text
    return child


def _quoted(argument: str) -> str:
    """One argument as the C runtime of Windows takes lines apart; quotation marks cannot stand in a path there."""
    return f'"{argument}"' if " " in argument else argument


def _task(task: Task, description: str, command: str) -> tuple[ElementTree.Element, ElementTree.Element]:
    root = ElementTree.Element(f"{{{_SPACE}}}Task", {"version": "1.4"})
    _add(_add(root, "RegistrationInfo"), "Description", description)
    triggers = _add(root, "Triggers")
    principal = _add(_add(root, "Principals"), "Principal")
    principal.set("id", "Author")
    _add(principal, "UserId", task.account)
    _add(principal, "LogonType", "Password")
    _add(principal, "RunLevel", "LeastPrivilege")
    settings = _add(root, "Settings")
    for name, value in (
        ("MultipleInstancesPolicy", "IgnoreNew"),
        ("DisallowStartIfOnBatteries", "false"),
        ("StopIfGoingOnBatteries", "false"),
        ("AllowHardTerminate", "true"),
        ("StartWhenAvailable", "true"),
        ("RunOnlyIfNetworkAvailable", "true"),
        ("Enabled", "true"),
        ("Hidden", "false"),
        ("ExecutionTimeLimit", "PT30M"),
        ("Priority", "7"),
    ):
        _add(settings, name, value)
    actions = _add(root, "Actions")
    actions.set("Context", "Author")
    action = _add(actions, "Exec")
    _add(action, "Command", task.program)
    words = [
        "--config",
        task.config,
        "--as",
        task.user,
        "--passphrase-file",
        task.passphrase,
        *command.split(),
    ]
    _add(action, "Arguments", " ".join(map(_quoted, words)))
    return root, triggers


def tasks(task: Task) -> Mapping[str, bytes]:
    """The two definitions by file name, in UTF-16 as Task Scheduler writes them itself."""
    ElementTree.register_namespace("", _SPACE)
    midnight = task.starts_on.replace(hour=0, minute=0, second=0, microsecond=0)
    poll = _watch(task) if task.watch else _poll(task, midnight)

    retention, triggers = _task(task, "OCMW intake: discard what is due", "retention run")
    hour, minute = map(int, task.retention_at.split(":"))
    _daily(_add(triggers, "CalendarTrigger"), midnight.replace(hour=hour, minute=minute))
    return {
        "ocmw-intake-poll.xml": _bytes(poll),
        "ocmw-intake-retention.xml": _bytes(retention),
    }


def _poll(task: Task, midnight: datetime) -> ElementTree.Element:
    poll, triggers = _task(task, "OCMW intake: take in the mailbox", "poll")
    trigger = _add(triggers, "CalendarTrigger")
    repetition = _add(trigger, "Repetition")
    _add(repetition, "Interval", f"PT{task.poll_minutes}M")
    _add(repetition, "Duration", "P1D")
    _add(repetition, "StopAtDurationEnd", "false")
    _daily(trigger, midnight)
    return poll


def _watch(task: Task) -> ElementTree.Element:
    """From the start of the machine on, for as long as it runs; started anew a minute after a failure."""
    watch, triggers = _task(task, "OCMW intake: take in the mailbox", "poll --watch")
    _add(_add(triggers, "BootTrigger"), "Enabled", "true")
    settings = watch.find(f"{{{_SPACE}}}Settings")
    assert settings is not None
    limit = settings.find(f"{{{_SPACE}}}ExecutionTimeLimit")
    assert limit is not None
    limit.text = "PT0S"
    again = _add(settings, "RestartOnFailure")
    _add(again, "Interval", "PT1M")
    _add(again, "Count", "999")
    return watch


def _daily(trigger: ElementTree.Element, start: datetime) -> None:
    _add(trigger, "StartBoundary", start.replace(tzinfo=None).isoformat(timespec="seconds"))
    _add(trigger, "Enabled", "true")
    _add(_add(trigger, "ScheduleByDay"), "DaysInterval", "1")


def _bytes(root: ElementTree.Element) -> bytes:
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-16"?>\n{text}\n'.encode("utf-16")
