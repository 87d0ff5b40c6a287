"""What a poll tells of itself, and how its messages are put together in batches. How they are taken in is in `polling.py`."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from intake.isolated import PendingBeside
from intake.mail.message import Incoming
from intake.pulse import Proof

__all__ = ["BATCH_MESSAGES", "FIRST_BATCH", "PollResult", "Progress", "Tally", "ahead", "in_batches"]

BATCH_MESSAGES = 100
FIRST_BATCH = 25
"""Messages of the first batch; each next one has twice as many, up to `BATCH_MESSAGES`."""
BATCH_BYTES = 40_000_000


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a poll is: messages done of messages found."""

    done: int
    found: int


@dataclass(frozen=True, slots=True)
class PollResult:
    """A poll's proof. `unmoved` messages are safe in the store but still lie in the inbox; the next poll moves them.

    `missed` are messages that were seen and that someone took out of the inbox before they were read; `found` leaves them out.
    """

    found: int
    imported: int
    quarantined: int
    known: int
    references: tuple[str, ...]
    seconds: float
    unmoved: int = 0
    stopped: bool = False
    missed: int = 0

    @property
    def adds_up(self) -> bool:
        """Whether every message found is accounted for."""
        return self.found == self.imported + self.quarantined + self.known

    @property
    def proof(self) -> Proof:
        """Its numbers, as the workstations tell them each other."""
        return Proof(self.found, self.imported, self.quarantined, self.known)


@dataclass
class Tally:
    """What a poll has made durable so far."""

    imported: int = 0
    quarantined: int = 0
    known: int = 0
    references: list[str] = field(default_factory=list)
    unmoved: int = 0

    @property
    def accounted(self) -> int:
        """How many messages are accounted for."""
        return self.imported + self.quarantined + self.known

    def add(self, more: "Tally") -> None:
        """Count what another batch made durable."""
        self.imported += more.imported
        self.quarantined += more.quarantined
        self.known += more.known
        self.references += more.references

    def result(self, found: int, started: float, *, stopped: bool, missed: int = 0) -> PollResult:
        """The proof; `started` is of the monotonic clock."""
        return PollResult(
            found=found,
            imported=self.imported,
            quarantined=self.quarantined,
            known=self.known,
            references=tuple(self.references),
            seconds=round(time.monotonic() - started, 3),
            unmoved=self.unmoved,
            stopped=stopped,
            missed=missed,
        )


def in_batches(messages: Iterator[Incoming]) -> Iterator[list[Incoming]]:
    """Lists of at most `BATCH_MESSAGES` messages and about `BATCH_BYTES` bytes.

    The first is small and each next one twice as long, so that what reads has soon something to read.
    """
    batch: list[Incoming] = []
    size, most = 0, FIRST_BATCH
    for message in messages:
        batch.append(message)
        size += sum(len(part.data) for part in message.attachments)
        if len(batch) >= min(most, BATCH_MESSAGES) or size >= BATCH_BYTES:
            yield batch
            batch, size, most = [], 0, 2 * most
    if batch:
        yield batch


def ahead(
    batches: Iterator[list[Incoming]], begin: Callable[[list[Incoming]], PendingBeside]
) -> Iterator[tuple[list[Incoming], PendingBeside]]:
    """Each batch with its reading, while the one after it is already downloaded and being read."""
    before: tuple[list[Incoming], PendingBeside] | None = None
    for batch in batches:
        now = (batch, begin(batch))
        if before is not None:
            yield before
        before = now
    if before is not None:
        yield before
