"""Two readers beside each other for many messages, where the machine has two processors: each reads every other message."""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from intake.isolated.client import Pending, Reader
from intake.isolated.pool import reading
from intake.mail.message import Incoming
from intake.receive import Judgement, Terms

__all__ = ["Beside", "PendingBeside", "reading_many"]

MANY = 40
"""Messages from which the start of a second process is worth its third of a second."""


class PendingBeside:
    """As `Pending`, of messages that went to several readers in turn."""

    def __init__(self, parts: Sequence[Pending], count: int) -> None:
        self._parts, self._count = parts, count

    def wait(self) -> list[Judgement]:
        """The judgements, in the order of the messages. Raises ReaderNotStarted."""
        told = [iter(part.wait()) for part in self._parts]
        return [next(told[number % len(told)]) for number in range(self._count)]


class Beside:
    """Several readers as if they were one."""

    def __init__(self, readers: Sequence[Reader]) -> None:
        self._readers = readers

    def start(self) -> None:
        """As `Reader.start`."""
        first = self._readers[0]
        first.start()
        for reader in self._readers[1:]:
            reader.start(beside=first)

    def begin(self, messages: Sequence[Incoming], terms: Terms) -> PendingBeside:
        """As `Reader.begin`."""
        count = len(self._readers)
        parts = [reader.begin(messages[first::count], terms) for first, reader in enumerate(self._readers)]
        return PendingBeside(parts, len(messages))


@contextmanager
def reading_many(messages: int) -> Iterator[Beside]:
    """Readers for so many messages: two, where there are many and a processor for each; otherwise one."""
    count = 2 if messages >= MANY and (os.cpu_count() or 1) > 1 else 1
    with ExitStack() as stack:
        yield Beside([stack.enter_context(reading()) for _ in range(count)])
