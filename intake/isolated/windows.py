"""The job object of Windows: a bound on memory, and the end of the process with the end of the program. Windows alone.

Without pywin32: three calls of kernel32. The layout of the structures is Microsoft's JOBOBJECT_EXTENDED_LIMIT_INFORMATION.
"""

import ctypes
import sys

_EXTENDED_LIMITS = 9
_PROCESS_MEMORY, _DIE_ON_UNHANDLED, _KILL_ON_CLOSE = 0x100, 0x400, 0x2000


class _Basic(ctypes.Structure):
    _fields_ = (
        ("process_time", ctypes.c_int64),
        ("job_time", ctypes.c_int64),
        ("flags", ctypes.c_uint32),
        ("smallest", ctypes.c_size_t),
        ("largest", ctypes.c_size_t),
        ("processes", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority", ctypes.c_uint32),
        ("scheduling", ctypes.c_uint32),
    )


class Limits(ctypes.Structure):
    """What the job allows."""

    _fields_ = (
        ("basic", _Basic),
        ("io", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("most_process_memory", ctypes.c_size_t),
        ("most_job_memory", ctypes.c_size_t),
    )


def limits_of(memory: int) -> Limits:
    """The limits of a job of which each process has so many bytes, and which ends with its last handle."""
    found = Limits()
    found.basic.flags = _PROCESS_MEMORY | _DIE_ON_UNHANDLED | _KILL_ON_CLOSE
    found.process_memory = memory
    return found


class Job:
    """A job object; closing it ends what runs in it."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def close(self) -> None:
        """End what is left."""
        if sys.platform == "win32" and self._handle:
            ctypes.windll.kernel32.CloseHandle(ctypes.c_void_p(self._handle))
        self._handle = 0


def contain(process: int, memory: int) -> Job | None:
    """Put the process with this handle in a job of its own; None where Windows does not allow it."""
    if sys.platform == "win32":
        kernel = ctypes.windll.kernel32
        kernel.CreateJobObjectW.restype = ctypes.c_void_p
        job = kernel.CreateJobObjectW(None, None)
        if not job:
            return None
        told = limits_of(memory)
        handle = ctypes.c_void_p(job)
        done = kernel.SetInformationJobObject(
            handle, _EXTENDED_LIMITS, ctypes.byref(told), ctypes.sizeof(told)
        ) and kernel.AssignProcessToJobObject(handle, ctypes.c_void_p(process))
        if done:
            return Job(job)
        kernel.CloseHandle(handle)
    return None
