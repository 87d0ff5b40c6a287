"""Looking on while a retention run goes on: how far it is, and whether to stop. The run itself is in `discarding.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """What a run is busy with, in this order."""

    STORE = "store"
    MAILBOX = "mailbox"
    BACKUPS = "backups"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class RunProgress:
    """How far a run is: so many referrals of those that this stage is about."""

    stage: Stage
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Watch:
    """Who looks on while a run goes on: is told of each step, and is asked between two batches whether to stop.

    Both are called in the thread of the run.
    """

    progress: Callable[[RunProgress], object] = lambda _progress: None
    stop: Callable[[], bool] = lambda: False
