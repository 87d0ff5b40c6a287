"""The program's side of the process that reads: starts it, sends messages ahead, waits for each within a deadline.

A process that breaks, or takes too long for one message, is ended and another started for those after it. The message on
which it broke is tried once more, for it may have been the machine; that on which it took too long is not.
"""

import sys
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path

import intake
from intake.causes import Cause
from intake.isolated.launching import ReaderNotStarted, Started
from intake.isolated.process import Late, NotReady, Process
from intake.mail.message import Incoming
from intake.receive import Judgement, Rejected, Terms, from_sender, refused_unopened

__all__ = ["Pending", "Reader", "ReaderNotStarted", "command"]

DEADLINE_SECONDS = 20.0
"""By the clock, for one message; the slowest that the readers' own bounds allow takes a tenth of it."""
TRIES = 2
_PROGRAM = (
    "import sys; sys.path[:0] = [p for p in sys.argv[1:] if p not in sys.path]; "
    "from intake.isolated.worker import main; main()"
)


def command() -> list[str]:
    """How the process is started: this Python, deaf to its environment, with the places it finds its own code in.

    No secret stands in it; the places are those of this process, so that an installed program, one in a virtual environment
    and a checkout all find the same code.
    """
    own = str(Path(intake.__file__).resolve().parent.parent)
    places = [own, *(p for p in sys.path if p and Path(p).is_absolute() and p != own)]
    return [sys.executable, "-I", "-S", "-c", _PROGRAM, *places]


class _Job:
    """One message on its way."""

    __slots__ = ("incoming", "judgement", "since", "terms", "tries")

    def __init__(self, incoming: Incoming, terms: Terms) -> None:
        self.incoming = incoming
        self.terms = terms
        self.judgement: Judgement | None = None
        self.tries = 0
        self.since = time.monotonic()


class Pending:
    """Messages that were sent to be read; they are read while the caller does other things."""

    def __init__(self, reader: "Reader", jobs: Sequence[_Job]) -> None:
        self._reader = reader
        self._jobs = jobs

    def wait(self) -> list[Judgement]:
        """The judgements, in the order of the messages. Raises ReaderNotStarted."""
        return [self._reader._finished(job) for job in self._jobs]


class Reader:
    """One process that reads, started when it is first needed. For one thread at a time; `close` it.

    `argv` and `deadline` are for tests.
    """

    def __init__(self, argv: Sequence[str] | None = None, deadline: float = DEADLINE_SECONDS) -> None:
        self._argv = list(argv) if argv is not None else None
        self._deadline = deadline
        self._process: Process | None = None
        self._open: deque[_Job] = deque()
        self._unready = 0
        self.started = 0

    def start(self, beside: "Reader | None" = None) -> None:
        """Let the process start now, beside what the caller does next.

        As the twin of that of `beside`, where it runs and has read nothing: that is quicker.
        """
        if self._process is None:
            first = beside._process if beside is not None and beside._argv == self._argv else None
            self._process = first.twin() if first is not None else None
            if self._process is None:
                self._process = Process(Started(self._argv or command()))
            self.started += 1

    def begin(self, messages: Sequence[Incoming], terms: Terms) -> Pending:
        """Send messages to be read; `Pending.wait` gives what became of them.

        Only what may be opened is sent: who sent a message is judged here, where no hostile byte was read yet.
        """
        jobs = [_Job(incoming, terms) for incoming in messages]
        for job in jobs:
            job.judgement = refused_unopened(job.incoming, terms)
        sent = [job for job in jobs if job.judgement is None]
        if sent:
            self.start()
            assert self._process is not None
            self._open.extend(sent)
            for job in sent:
                self._process.send(job)
        return Pending(self, jobs)

    def judge(self, incoming: Incoming, terms: Terms) -> Judgement:
        """What becomes of one message, as `intake.receive.judge`. Raises ReaderNotStarted."""
        return self.begin([incoming], terms).wait()[0]

    @property
    def busy(self) -> bool:
        """Whether messages were sent for which nobody waited."""
        return bool(self._open)

    def close(self) -> None:
        """End the process, and forget what was sent."""
        self._open.clear()
        if self._process is not None:
            self._process.close()
            self._process = None

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _finished(self, job: _Job) -> Judgement:
        while job.judgement is None:
            if job not in self._open:
                raise ReaderNotStarted  # the reader was closed, or another wait gave up
            self._step()
        return job.judgement

    def _step(self) -> None:
        """Wait for the answer to the first open message; what goes wrong meanwhile is its fault."""
        from intake.isolated.answers import Doubtful, judgement_of

        first = self._open[0]
        if self._process is None:
            self._again()
        assert self._process is not None
        try:
            answer = self._process.answer(self._deadline, first.since)
        except NotReady:
            self._failed_to_start()
            return
        except Late:
            first.tries = TRIES
            answer = None
        if answer is None and first.tries < TRIES and self._process.ran_out:
            first.tries = TRIES
        if answer is not None:
            try:
                found = judgement_of(answer, first.incoming, first.terms)
                first.judgement = from_sender(first.incoming, first.terms, found)
            except Doubtful:
                answer = None
        if answer is None:
            first.tries += 1
            if first.tries >= TRIES:
                first.judgement = Judgement(rejected=(Rejected(Cause.READER_STOPPED),))
            self._drop()
        if first.judgement is not None:
            self._open.popleft()

    def _failed_to_start(self) -> None:
        """Once is an accident; twice in a row, nothing can be read here."""
        self._drop()
        self._unready += 1
        if self._unready >= TRIES:
            self._unready = 0
            self._open.clear()
            raise ReaderNotStarted

    def _drop(self) -> None:
        assert self._process is not None
        self._process.close()
        self._process = None

    def _again(self) -> None:
        """Another process, for all that is still open."""
        self.start()
        assert self._process is not None
        for job in self._open:
            job.since = time.monotonic()
            self._process.send(job)
