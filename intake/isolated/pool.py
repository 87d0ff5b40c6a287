"""Lends readers out: one for a poll, a round of new tries or a single message, and the same one again while `kept`."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from intake.isolated.client import Reader

_lock = threading.Lock()
_idle: list[Reader] = []
_keepers = 0


@contextmanager
def reading() -> Iterator[Reader]:
    """A reader for this block alone, whose process starts when it is first needed and ends with the block.

    Inside `kept` it is one that was used before, and is kept for the next. One process serves one block at a time.
    """
    with _lock:
        reader = _idle.pop() if _idle else Reader()
    whole = False
    try:
        yield reader
        whole = True
    finally:
        with _lock:
            keep = whole and _keepers > 0 and not reader.busy
            if keep:
                _idle.append(reader)
        if not keep:
            reader.close()


@contextmanager
def kept(*, started: bool = False) -> Iterator[None]:
    """Keep readers from block to block: for who polls again and again.

    With `started` one starts at once, beside what the caller does before it has something to read. Raises ReaderNotStarted.
    """
    global _keepers
    if started:
        reader = Reader()
        reader.start()
    with _lock:
        _keepers += 1
        if started:
            _idle.append(reader)
    try:
        yield
    finally:
        with _lock:
            _keepers -= 1
            idle = [] if _keepers else [_idle.pop() for _ in range(len(_idle))]
        for reader in idle:
            reader.close()
