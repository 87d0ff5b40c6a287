"""What is said of an unexpected fault: class, file and line, and nothing of what was in memory.

The report that is kept of it is in `intake/faults.py`.
"""

from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from textual.worker import WorkerFailed

from intake.config import Workstation
from intake.faults import save_report
from intake.memory import memory_folder
from intake.texts import _

_OURS = ("tui", "intake", "storage")
_ROOT = Path(__file__).parent.parent


def root_of(error: BaseException) -> BaseException:
    """The fault itself, without the wrapping of a Textual worker."""
    return error.error if isinstance(error, WorkerFailed) else error


def place_of(error: BaseException) -> str:
    """`ValueError, tui/app.py:12`: the innermost line of ours, else of whoever raised it."""
    fault = root_of(error)
    found = ""
    step: TracebackType | None = fault.__traceback__
    while step is not None:
        path = Path(step.tb_frame.f_code.co_filename)
        try:
            inside = path.relative_to(_ROOT)
        except ValueError:
            inside = None
        if inside is not None and inside.parts[0] in _OURS:
            found = f"{inside.as_posix()}:{step.tb_lineno}"
        elif not found:
            found = f"{path.name}:{step.tb_lineno}"
        step = step.tb_next
    name = type(fault).__name__
    return f"{name}, {found}" if found else name


def told(error: BaseException, workstation: Workstation, screen: str) -> str:
    """What the crash screen says; a report goes into the workstation's folder."""
    said = _(
        "The program met a fault and stopped. Nothing half done was saved. Report this line: %(place)s"
    ) % {"place": place_of(error)}
    kept = save_report(memory_folder(workstation), root_of(error), datetime.now(UTC), screen)
    if kept is None:
        return said
    more = _("Give this file to your administrator; it holds no personal data: %(file)s")
    return said + "\n" + more % {"file": kept}
