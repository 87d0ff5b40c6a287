"""The program's side of one process that reads: a thread that writes to it and one that hears it. Which messages, and what becomes
of one on which it breaks, is in `client.py`; how it starts and ends in `launching.py`.
"""

import pickle
import queue
import threading
import time
from contextlib import suppress
from typing import Protocol

from intake.isolated.frames import ANSWER_LIMIT, READY, TWIN, read_frame, write_frame
from intake.isolated.launching import Launched, Started, Twin
from intake.mail.message import Incoming
from intake.receive import Terms

__all__ = ["Late", "NotReady", "Process", "Request"]

START_SECONDS = 60.0


class Late(Exception):
    """No answer within the deadline."""


class NotReady(Exception):
    """The process never said that it has started."""


class Request(Protocol):
    """A message to be read."""

    incoming: Incoming
    terms: Terms


class Process:
    """A running process; neither of its pipes can hold up the program."""

    def __init__(self, launched: Launched) -> None:
        self._launched = launched
        self._used = False
        self._terms: Terms | None = None
        self._sent = READY
        self._answered = READY
        self._ready = False
        self._begun_well = False
        self._begun = self._last = time.monotonic()
        self._requests: queue.SimpleQueue[Request | int | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[tuple[float, int, bytes] | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=run, daemon=True, name=f"reader-{run.__name__}")
            for run in (self._write, self._read)
        ]
        for thread in self._threads:
            thread.start()

    def send(self, request: Request) -> None:
        """Send a message; returns at once."""
        self._used = True
        self._requests.put(request)

    def twin(self) -> "Process | None":
        """Another one, made by this one of itself; None where that cannot be, as once it was sent a message."""
        first = self._launched
        if self._used or not isinstance(first, Started) or first.spare is None:
            return None
        line, first.spare = first.spare, None
        self._requests.put(TWIN)
        return Process(Twin(line, first.process))

    def answer(self, deadline: float, since: float) -> bytes | None:
        """The next answer; None when the process broke. Raises Late, and NotReady when it never started."""
        if not self._ready:
            try:
                started = self._answers.get(timeout=max(0.0, self._begun + START_SECONDS - time.monotonic()))
            except queue.Empty:
                raise NotReady from None
            if started is None:
                raise NotReady
            self._ready = True
            self._last = started[0]
        left = max(self._last, since) + deadline - time.monotonic()
        try:
            found = self._answers.get(timeout=max(0.0, left))
        except queue.Empty:
            raise Late from None
        self._answered += 1
        if found is None or found[1] != self._answered:
            return None
        self._last = found[0]
        return found[2]

    @property
    def ran_out(self) -> bool:
        """Of one that broke: whether it did so for the processor time that it took."""
        return self._launched.ran_out(time.monotonic() - self._last)

    def close(self) -> None:
        """End it, whatever it does."""
        self._launched.end()
        self._requests.put(None)
        for thread in self._threads:
            thread.join()
        for pipe in (self._launched.requests, self._launched.answers):
            with suppress(OSError):
                pipe.close()

    def _write(self) -> None:
        pipe = self._launched.requests
        while (request := self._requests.get()) is not None:
            try:
                if isinstance(request, int):
                    write_frame(pipe, request, b"")
                    continue
                terms = None if request.terms == self._terms else request.terms
                self._terms = request.terms
                self._sent += 1
                body = pickle.dumps((request.incoming, terms and _plain(terms)), pickle.HIGHEST_PROTOCOL)
                write_frame(pipe, self._sent, body)
            except (OSError, ValueError):
                return  # it broke; whoever waits for an answer is told so

    def _read(self) -> None:
        while True:
            frame = self._heard()
            self._answers.put(None if frame is None else (time.monotonic(), *frame))
            if frame is None:
                return

    def _heard(self) -> tuple[int, bytes] | None:
        try:
            frame = read_frame(self._launched.answers, ANSWER_LIMIT)
        except (OSError, ValueError):
            return None
        if frame is None or self._begun_well:
            return frame
        self._begun_well = frame[0] == READY and self._launched.ready(frame[1])
        return frame if self._begun_well else None


def _plain(terms: Terms) -> Terms:
    """The terms without the keys derived here: the process has its own."""
    return Terms(terms.passphrases, terms.trusted_senders, terms.postcodes)
