"""Bytes on a disk that several workstations share: lock, replace, append, so that a crash leaves old or new.

Knows nothing of what the bytes mean. Works alike on local disks and SMB shares, on Linux, macOS and Windows.
"""

import errno
import os
import secrets
import stat
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from storage.errors import DiskFull, StorageError, StoreNotReadable, StoreNotWritable
from storage.locks import file_lock

__all__ = [
    "append_durably",
    "end_of_lines",
    "file_lock",
    "last_line",
    "lines_back",
    "names_in",
    "patiently",
    "readable",
    "remove_stale_temps",
    "replace_durably",
    "replace_lightly",
    "syncs_folders",
    "writable",
]

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_TEMP = ".tmp"
_TRIES = 60
_PAUSE = 0.02
_CHUNK = 1 << 16
_T = TypeVar("_T")


def syncs_folders(system: str) -> bool:
    """Whether a folder can and must be flushed on `system` (as `sys.platform` has it); Windows has no such call."""
    return system not in ("win32", "cygwin")


@contextmanager
def readable(location: Path) -> Iterator[None]:
    """Turn what the system says about reading into one error, StoreNotReadable, and let a missing file through."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError:
        raise StoreNotReadable(location=str(location)) from None


@contextmanager
def writable(location: Path) -> Iterator[None]:
    """Turn what the system says about writing into one error: DiskFull or StoreNotWritable."""
    try:
        yield
    except OSError as error:
        kind: type[StorageError] = DiskFull if error.errno in _FULL else StoreNotWritable
        raise kind(location=str(location)) from None


def patiently(action: Callable[[], _T]) -> _T:
    """Do what Windows refuses while another has the file open; tried for a little over a second."""
    for _ in range(_TRIES):
        try:
            return action()
        except PermissionError:
            if sys.platform != "win32":
                raise
            time.sleep(_PAUSE)
    return action()


def _write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def _flush(fd: int) -> None:
    """See it on the disk itself: macOS keeps what `fsync` wrote in the disk's cache."""
    if sys.platform == "darwin":
        import fcntl

        with suppress(OSError):
            fcntl.fcntl(fd, fcntl.F_FULLFSYNC)
            return
    os.fsync(fd)


def _flush_folder(folder: Path) -> None:
    if not syncs_folders(sys.platform):
        return
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    except OSError as error:
        # Some network file systems know no such call; they make names durable themselves.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EBADF):
            raise
    finally:
        os.close(fd)


def replace_durably(path: Path, *data: bytes) -> None:
    """Put `data` in the place of `path`: after any crash it is wholly there or wholly not.

    Raises DiskFull or StoreNotWritable; then `path` is as it was.
    """
    _replace(path, data, durably=True)


def replace_lightly(path: Path, *data: bytes) -> None:
    """As `replace_durably` for whoever looks on, without waiting for the disk: after a power cut it may be old, or empty."""
    _replace(path, data, durably=False)


def _replace(path: Path, data: tuple[bytes, ...], *, durably: bool) -> None:
    temp = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(6)}{_TEMP}")
    with writable(path.parent):
        fd = os.open(temp, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o660)
        try:
            try:
                for piece in data:
                    _write_all(fd, piece)
                if durably:
                    _flush(fd)
            finally:
                os.close(fd)
            patiently(lambda: temp.replace(path))
        except BaseException:
            with suppress(OSError):
                temp.unlink()
            raise
        if durably:
            _flush_folder(path.parent)


def remove_stale_temps(folder: Path) -> None:
    """Remove what killed writers left; they hold data. Only under the lock: a living writer has one too."""
    with suppress(OSError):
        for name in names_in(folder):
            if name.startswith(".") and name.endswith(_TEMP):
                with suppress(OSError):
                    (folder / name).unlink()


def names_in(folder: Path) -> list[str]:
    """The names in a folder, in no order; none when there is no such folder. Raises OSError."""
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry in entries]
    except FileNotFoundError:
        return []


def _end_of_last_line(fd: int, size: int) -> int:
    """The offset after the last line break."""
    position = size
    while position > 0:
        start = max(0, position - _CHUNK)
        os.lseek(fd, start, os.SEEK_SET)
        found = os.read(fd, position - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        position = start
    return 0


def append_durably(path: Path, data: bytes) -> None:
    """Add whole lines to `path` and see them on disk; a torn last line is cut off first. Only under the lock.

    Raises DiskFull or StoreNotWritable; then the file holds what it held.
    """
    with writable(path.parent):
        new = not path.exists()
        fd = os.open(path, os.O_CREAT | os.O_RDWR | getattr(os, "O_BINARY", 0), 0o660)
        try:
            whole = _end_of_last_line(fd, os.fstat(fd).st_size)
            os.ftruncate(fd, whole)
            os.lseek(fd, whole, os.SEEK_SET)
            try:
                _write_all(fd, data)
                _flush(fd)
            except BaseException:
                with suppress(OSError):
                    os.ftruncate(fd, whole)
                raise
        finally:
            os.close(fd)
        if new:
            _flush_folder(path.parent)


def end_of_lines(path: Path) -> int:
    """How many bytes the whole lines of `path` take; a torn last one does not count."""
    with readable(path):
        fd = _open_file(path)
        try:
            return _end_of_last_line(fd, os.fstat(fd).st_size)
        finally:
            os.close(fd)


def _open_file(path: Path) -> int:
    """A descriptor to read an ordinary file by. Raises StoreNotReadable for anything else, OSError."""
    fd = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise StoreNotReadable(location=str(path))
    return fd


def last_line(path: Path, longest: int, *, before: int | None = None) -> bytes:
    """The last whole line of `path`, b"" when it has none; at most `longest` bytes are looked at.

    With `before` (an offset in bytes) the last whole line that ends there or earlier.
    """
    with readable(path):
        fd = _open_file(path)
        try:
            size = os.fstat(fd).st_size
            end = _end_of_last_line(fd, size if before is None else min(size, before))
            least = max(0, end - longest - 1)
            start, block = end, b""
            while start > least and block.find(b"\n", 0, -1) < 0:
                before, start = start, max(least, start - _CHUNK)
                block = _read_at(fd, start, before - start) + block
        finally:
            os.close(fd)
    return block[block.rfind(b"\n", 0, -1) + 1 :]


def lines_back(
    path: Path, longest: int, *, before: int | None = None
) -> Generator[tuple[int, bytes], None, None]:
    """The whole lines of `path` from the last to the first, each with the byte at which it begins.

    With `before` (an offset in bytes) only what ends there or earlier. A line beyond `longest` bytes comes as b"": no
    more than that is held at a time. Raises StoreNotReadable, FileNotFoundError.
    """
    with readable(path):
        fd = _open_file(path)
        try:
            size = os.fstat(fd).st_size
            start = _end_of_last_line(fd, size if before is None else min(size, before))
            # `block` holds what stands from `start` on; the line that is looked for ends before `stop`.
            block, stop, long = b"", 0, False
            while start > 0 or stop > 0:
                cut = block.rfind(b"\n", 0, max(0, stop - 1))
                if cut < 0 and start > 0:
                    begin = max(0, start - _CHUNK)
                    piece = _read_at(fd, begin, start - begin)
                    if len(piece) < start - begin:
                        raise StoreNotReadable(location=str(path))
                    long = long or stop > longest
                    # Of a line that is too long only its end is told apart.
                    block = piece + (b"\n" if long else block[:stop])
                    start, stop = begin, len(block)
                    continue
                yield start + cut + 1, b"" if long or stop - cut - 1 > longest else block[cut + 1 : stop]
                stop, long = cut + 1, False
        finally:
            os.close(fd)


def _read_at(fd: int, offset: int, length: int) -> bytes:
    os.lseek(fd, offset, os.SEEK_SET)
    block = b""
    while len(block) < length and (piece := os.read(fd, length - len(block))):
        block += piece
    return block
