"""One writer at a time, over all workstations and threads: the lock file, and who holds it.

The holder's name stands in a file beside the lock, since Windows lets nobody read a locked one.
"""

import errno
import os
import platform
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import orjson
from filelock import FileLock, Timeout

from storage.errors import DiskFull, StoreLocked, StoreNotWritable

_POLL = 0.01
_HOLDER_SUFFIX = ".holder"
_LONGEST_WORD = 512
_threads: dict[str, threading.Lock] = {}
_threads_guard = threading.Lock()


class SystemLock(Protocol):
    """A lock that other processes respect, on one file."""

    def acquire(self, wait_seconds: float) -> bool:
        """Whether the lock was got within that time. Raises OSError."""

    def release(self) -> None:
        """Let go."""


class OpenFileLock:
    """Linux: a lock of the open file description on the first byte, which CIFS passes on to the file server.

    Unlike the older POSIX lock it is not lost when another part of the program closes the same file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd = -1

    def acquire(self, wait_seconds: float) -> bool:
        """Whether the lock was got within that time. Raises OSError."""
        if sys.platform != "linux":
            raise OSError(errno.ENOSYS, "this lock is Linux's")
        import fcntl

        until = time.monotonic() + wait_seconds
        fd = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o660)
        try:
            while True:
                try:
                    fcntl.fcntl(fd, fcntl.F_OFD_SETLK, _one_byte(fcntl.F_WRLCK))
                    self._fd, fd = fd, -1
                    return True
                except (BlockingIOError, PermissionError):
                    if time.monotonic() >= until:
                        return False
                time.sleep(_POLL)
        finally:
            if fd >= 0:
                os.close(fd)

    def release(self) -> None:
        """Let go: closing the only descriptor does."""
        os.close(self._fd)
        self._fd = -1


def _one_byte(kind: int) -> bytes:
    """The system's `struct flock` for the first byte, on a 64-bit Linux."""
    return struct.pack("@hhqqi4x", kind, os.SEEK_SET, 0, 1, 0)


class PortableLock:
    """Windows, macOS and the rest: the `filelock` library."""

    def __init__(self, path: Path) -> None:
        self._lock = FileLock(
            path, mode=0o660, thread_local=False, fallback_to_soft=False, preserve_lock_file=True
        )

    def acquire(self, wait_seconds: float) -> bool:
        """Whether the lock was got within that time. Raises OSError."""
        try:
            self._lock.acquire(timeout=wait_seconds, poll_interval=_POLL)
        except Timeout:
            return False
        return True

    def release(self) -> None:
        """Let go."""
        self._lock.release(force=True)


def choose_lock(system: str, bits: int) -> Callable[[Path], SystemLock]:
    """The kind of lock for `system` (as `sys.platform` has it) with pointers of `bits` bits."""
    return OpenFileLock if system == "linux" and bits == 64 else PortableLock


@lru_cache(maxsize=64)
def _thread_lock(path: Path) -> threading.Lock:
    with _threads_guard:
        return _threads.setdefault(os.path.realpath(path), threading.Lock())


def _tell_holder(path: Path, holder: str, now: Callable[[], datetime]) -> None:
    """Leave word of who holds it. Only a courtesy: without it the lock holds just the same."""
    word = {
        "holder": holder,
        "host": platform.node(),
        "pid": os.getpid(),
        "since": now().isoformat("T", "seconds"),
    }
    _leave_word(path, orjson.dumps(word))


def _forget_holder(path: Path) -> None:
    """Wipe the word while still holding: nobody's name stays behind, and nothing that could be wrong."""
    _leave_word(path, b"")


def _leave_word(path: Path, word: bytes) -> None:
    """Over what stands there, without a file that comes and goes: a folder's names are one more thing to get on disk."""
    file = path.with_name(path.name + _HOLDER_SUFFIX)
    with suppress(OSError):
        fd = os.open(file, os.O_CREAT | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o660)
        try:
            os.ftruncate(fd, os.write(fd, word[:_LONGEST_WORD]))
        finally:
            os.close(fd)


def _locked(path: Path) -> StoreLocked:
    try:
        word = orjson.loads(path.with_name(path.name + _HOLDER_SUFFIX).read_bytes()[:_LONGEST_WORD])
        return StoreLocked(holder=f"{word['holder']} ({word['host']})", since=str(word["since"]))
    except (OSError, ValueError, TypeError, KeyError):
        return StoreLocked(holder="?", since="?")


def _utc_now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def file_lock(
    path: Path, wait_seconds: float, *, holder: str = "?", now: Callable[[], datetime] = _utc_now
) -> Iterator[None]:
    """Hold `path` alone, over threads and workstations; it does not nest.

    Raises StoreLocked, naming the other holder and since when (ISO 8601, UTC), after `wait_seconds`;
    StoreNotWritable or DiskFull when the lock file cannot be made.
    """
    started = time.monotonic()
    within = _thread_lock(path)
    if not within.acquire(timeout=wait_seconds):
        raise _locked(path)
    try:
        lock = choose_lock(sys.platform, struct.calcsize("P") * 8)(path)
        left = max(0.0, wait_seconds - (time.monotonic() - started))
        try:
            got = lock.acquire(left)
        except OSError as error:
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            raise (DiskFull if full else StoreNotWritable)(location=str(path.parent)) from None
        if not got:
            raise _locked(path)
        try:
            _tell_holder(path, holder, now)
            yield
        finally:
            _forget_holder(path)
            lock.release()
    finally:
        within.release()
