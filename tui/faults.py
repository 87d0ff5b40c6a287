"""Where an unexpected fault lies: class, file and line, and nothing of what was in memory."""

from pathlib import Path
from types import TracebackType

from textual.worker import WorkerFailed

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
