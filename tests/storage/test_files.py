"""Bytes on a disk: what a full disk, a read-only folder and a killed writer leave, and which branch a system takes."""

import errno
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import files
from storage.errors import DiskFull, StoreLocked, StoreNotWritable
from storage.files import (
    append_durably,
    file_lock,
    last_line,
    remove_stale_temps,
    replace_durably,
    replace_lightly,
    syncs_folders,
)
from storage.journal import Event
from storage.keys import Signer
from storage.locks import OpenFileLock, PortableLock, choose_lock
from storage.store import Store, create_store, open_store
from tests.conftest import require_or_skip
from tests.storage.support import keys_of, known_ring

ROOT = Path(__file__).parents[2]


def test_each_system_gets_its_lock() -> None:
    assert choose_lock("linux", 64) is OpenFileLock
    assert choose_lock("linux", 32) is PortableLock
    assert choose_lock("win32", 64) is PortableLock
    assert choose_lock("darwin", 64) is PortableLock


def test_folders_are_flushed_where_the_system_can() -> None:
    assert syncs_folders("linux")
    assert syncs_folders("darwin")
    assert not syncs_folders("win32")


def test_the_portable_lock_locks(tmp_path: Path) -> None:
    first, second = PortableLock(tmp_path / "lock"), PortableLock(tmp_path / "lock")
    assert first.acquire(0)
    assert not second.acquire(0.02)
    first.release()
    assert second.acquire(0)
    second.release()
    assert (tmp_path / "lock").exists(), "a removed lock file would be two locks"


@pytest.mark.parametrize("system", ["win32", "linux"])
def test_the_holder_of_a_lock_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    monkeypatch.setattr(sys, "platform", system)
    with file_lock(tmp_path / "lock", 1, holder="ann"):
        monkeypatch.setattr("storage.locks._threads", {})  # as another process would come to it
        with pytest.raises(StoreLocked) as refusal, file_lock(tmp_path / "lock", 0.02, holder="bob"):
            pass
    assert str(refusal.value.values["holder"]).startswith("ann (")
    with file_lock(tmp_path / "lock", 0.02, holder="bob"):
        pass


def test_a_lock_without_a_word_of_its_holder_is_a_lock_all_the_same(tmp_path: Path) -> None:
    with file_lock(tmp_path / "lock", 1, holder="ann"):
        (tmp_path / "lock.holder").write_bytes(b"\xff[")
        with pytest.raises(StoreLocked) as refusal, file_lock(tmp_path / "lock", 0.02):
            pass
    assert refusal.value.values == {"holder": "?", "since": "?"}


def test_a_replaced_file_is_whole_and_leaves_no_other(tmp_path: Path) -> None:
    path = tmp_path / "file"
    replace_durably(path, b"one")
    replace_durably(path, b"two" * 100_000)
    assert path.read_bytes() == b"two" * 100_000
    assert list(tmp_path.iterdir()) == [path]


def test_windows_patience_outlasts_a_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []

    def busy_twice() -> str:
        tries.append(1)
        if len(tries) < 3:
            raise PermissionError(errno.EACCES, "in use")
        return "done"

    monkeypatch.setattr(files, "_PAUSE", 0)
    monkeypatch.setattr(sys, "platform", "win32")
    assert files.patiently(busy_twice) == "done"
    tries.clear()
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(PermissionError):
        files.patiently(busy_twice)


def test_windows_patience_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    def always_busy() -> None:
        raise PermissionError(errno.EACCES, "in use")

    monkeypatch.setattr(files, "_PAUSE", 0)
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(PermissionError):
        files.patiently(always_busy)


@pytest.mark.parametrize(
    ("number", "refusal"),
    [
        (errno.ENOSPC, DiskFull),
        (errno.EDQUOT, DiskFull),
        (errno.EIO, StoreNotWritable),
        (errno.EROFS, StoreNotWritable),
    ],
)
def test_a_failing_disk_leaves_what_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, refusal: type[Exception]
) -> None:
    path = tmp_path / "file"
    replace_durably(path, b"old\n")
    write = os.write

    def half(fd: int, data: bytes) -> int:
        if len(data) <= 4:
            raise OSError(number, os.strerror(number))
        return write(fd, bytes(data)[: len(data) // 2])

    monkeypatch.setattr(os, "write", half)
    with pytest.raises(refusal):
        replace_durably(path, b"new and longer\n")
    with pytest.raises(refusal):
        append_durably(path, b"another line, torn by the disk\n")
    assert path.read_bytes() == b"old\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_torn_line_is_cut_before_the_next_is_added(tmp_path: Path) -> None:
    path = tmp_path / "log"
    append_durably(path, b"one\n")
    with path.open("ab") as file:
        file.write(b"tw" + b"o" * 100_000)
    assert last_line(path, 1000) == b"one\n"
    append_durably(path, b"three\n")
    assert path.read_bytes() == b"one\nthree\n"
    assert last_line(path, 1000) == b"three\n"
    path.write_bytes(b"torn from the first letter")
    assert last_line(path, 1000) == b""
    append_durably(path, b"")
    assert path.read_bytes() == b""


def test_what_killed_writers_left_is_removed(tmp_path: Path) -> None:
    (tmp_path / ".active.json.123-abc.tmp").write_text("data")
    (tmp_path / "active.json").write_text("data")
    remove_stale_temps(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["active.json"]


def test_a_full_disk_at_the_log_after_the_commit_loses_no_entry(
    store: Store, ann: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> None:
        raise DiskFull(location=str(path.parent))

    with monkeypatch.context() as patch:
        patch.setattr("storage.journal.append_durably", full)
        with store.transaction(ann) as tx:
            tx.put("rows", "a", {})
            tx.record(Event("put", references=("a",)))
        with pytest.raises(DiskFull):
            store.journal.append(ann, [Event("read")])
    assert store.snapshot().get("rows", "a") == {}
    assert store.journal.verify(keys_of("ann")).entries == 1
    store.journal.append(ann, [Event("read")])
    assert [entry.action for entry in store.journal.entries()] == ["put", "read"]


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that other users of the system can reach, unlike the test's own."""
    folder = Path(tempfile.mkdtemp(prefix="ocmw-intake-"))
    folder.chmod(0o755)
    ann = known_ring("ann").signer("Ann")
    with create_store(folder / "store").transaction(ann) as tx:
        tx.put("rows", "kept", {"step": 0})
        tx.record(Event("put"))
    yield folder / "store"
    shutil.rmtree(folder)


def told(folder: Path, bound: int) -> list[str]:
    command = [sys.executable, "-m", "tests.storage.worker", "refused", str(folder), "ann", str(bound)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def unharmed(folder: Path) -> None:
    again = open_store(folder)
    assert again.snapshot().rows("rows") == [("kept", {"step": 0})]
    assert again.journal.verify(keys_of("ann")).entries == 1
    assert not list(folder.rglob("*.tmp"))


def test_a_bound_on_file_size_gives_one_clear_error_and_loses_nothing(shared: Path) -> None:
    if sys.platform == "win32":
        require_or_skip("rlimit", "Windows has no bound on the size of a file a process writes.")
    assert told(shared, 50_000) == ["DiskFull None", "DiskFull"]
    unharmed(shared)


def test_a_folder_one_may_only_read_gives_one_clear_error_and_loses_nothing(shared: Path) -> None:
    if sys.platform == "win32":
        require_or_skip("modes", "Windows keeps no rights in the mode of a folder.")
    shared.chmod(0o555)
    assert told(shared, 0) == ["StoreNotWritable None", "StoreNotWritable"]
    shared.chmod(0o755)
    unharmed(shared)


def test_a_store_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StoreNotWritable):
        create_store(tmp_path / "file" / "store")


def test_what_is_replaced_lightly_is_whole_for_whoever_looks_and_keeps_the_old_on_a_fault(
    tmp_path: Path,
) -> None:
    path = tmp_path / "word"
    replace_lightly(path, b"one", b"two")
    assert path.read_bytes() == b"onetwo"
    with pytest.raises(TypeError):
        replace_lightly(path, "no bytes")  # type: ignore[arg-type]
    assert path.read_bytes() == b"onetwo"
    assert [p.name for p in tmp_path.iterdir()] == ["word"]
