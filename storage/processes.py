"""Whether a process of this machine still runs, on any system. For what it left behind only; a number may be given again."""

import os
import sys
from collections.abc import Callable

__all__ = ["choose_look", "runs"]

_STILL_ACTIVE = 259
_QUERY_LIMITED = 0x1000
_NOT_ALLOWED = 5


def choose_look(system: str) -> Callable[[int], bool]:
    """How it is found out on `system` (as `sys.platform` has it)."""
    return _runs_on_windows if system == "win32" else _runs_on_posix


def runs(process: int) -> bool:
    """Whether a process of this number runs here. In doubt it does."""
    return process > 0 and choose_look(sys.platform)(process)


def _runs_on_posix(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True  # it is another user's
    return True


def _runs_on_windows(process: int) -> bool:
    # os.kill would end it there.
    import ctypes

    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - known to the type checker on Windows only
    handle = kernel.OpenProcess(_QUERY_LIMITED, False, process)
    if not handle:
        return bool(kernel.GetLastError() == _NOT_ALLOWED)
    try:
        code = ctypes.c_ulong()
        return not kernel.GetExitCodeProcess(handle, ctypes.byref(code)) or code.value == _STILL_ACTIVE
    finally:
        kernel.CloseHandle(handle)
