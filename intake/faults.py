"""A report of an unexpected fault, for the administrator: where it lies, and nothing of what was in memory.

It names classes, files, lines and functions. Never in it: an exception's message, a value, a local variable, an argument
of the command line, the path of a folder, the name of the user or of the machine.
"""

import os
import platform
import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType

MOST_REPORTS = 10
"""So many are kept in a folder; the oldest go."""

_PREFIX, _SUFFIX = "fault-", ".txt"
_MOST_FRAMES = 80
_MOST_IN_CHAIN = 6
_ROOT = Path(__file__).resolve().parent.parent
_LIBRARIES = (
    "textual",
    "rich",
    "typer",
    "pydantic",
    "imapclient",
    "py7zr",
    "cryptography",
    "argon2-cffi",
    "orjson",
)


def report(error: BaseException, at: datetime, screen: str = "") -> str:
    """The text of the report; at most some tens of kilobytes. `screen` is the class of the screen in front."""
    lines = [
        "ocmw-intake: report of a fault. It holds no personal data.",
        f"when: {at.astimezone(UTC):%Y-%m-%dT%H:%MZ}",
        f"program: {_version('ocmw-intake')}",
        f"python: {platform.python_implementation()} {platform.python_version()}",
        f"platform: {platform.system()} {platform.release()} {platform.machine()}",
        "libraries: " + ", ".join(f"{name} {_version(name)}" for name in _LIBRARIES),
    ]
    if screen:
        lines.append(f"screen: {screen}")
    for number, fault in enumerate(_chain(error)):
        kind = type(fault)
        lines += ["", f"{'because of' if number else 'fault'}: {kind.__module__}.{kind.__qualname__}"]
        lines += _frames(fault.__traceback__)
    return "\n".join(lines) + "\n"


def save_report(folder: Path, error: BaseException, at: datetime, screen: str = "") -> Path | None:
    """Write the report into a workstation's state folder, readable by its owner alone; None where that cannot be."""
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{_PREFIX}{at.astimezone(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}{_SUFFIX}"
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(report(error, at, screen))
        for old in sorted(folder.glob(f"{_PREFIX}*{_SUFFIX}"))[:-MOST_REPORTS]:
            old.unlink(missing_ok=True)
        return path
    return None


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "-"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The fault and what it came from, outermost first."""
    seen: set[int] = set()
    step: BaseException | None = error
    while step is not None and id(step) not in seen and len(seen) < _MOST_IN_CHAIN:
        seen.add(id(step))
        yield step
        step = step.__cause__ or step.__context__


def _frames(step: TracebackType | None) -> list[str]:
    frames = []
    while step is not None:
        code = step.tb_frame.f_code
        frames.append(f"  {_file(code.co_filename)}:{step.tb_lineno} {code.co_name}")
        step = step.tb_next
    if len(frames) > _MOST_FRAMES:
        half = _MOST_FRAMES // 2
        frames = [*frames[:half], "  …", *frames[-half:]]
    return frames


def _file(name: str) -> str:
    """A file within the program or a library; of any other only its name, since folders are named after people."""
    path = Path(name)
    with suppress(ValueError):
        inside = path.relative_to(_ROOT)
        if inside.parts[0] in ("tui", "intake", "storage"):
            return inside.as_posix()
    parts = path.parts
    for folder in ("site-packages", "dist-packages"):
        if folder in parts:
            return "/".join(parts[parts.index(folder) + 1 :])
    return path.name
