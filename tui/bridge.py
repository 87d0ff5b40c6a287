"""The only place with threads: it runs what the screens ask of the desk, and the polls, beside the screen's own thread.

Two lanes, each with a desk of its own since a desk serves one thread at a time: one for what the user asks, one
for the mailbox, so that a slow mail server never holds up the user. Both are of the same signed-in user. Lanes
are daemon threads: one that stands still on a network drive does not hold up the end of the program; what it had
not committed is not saved.
"""

import asyncio
import contextlib
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from textual.message import Message
from textual.worker import NoActiveWorker, get_current_worker

from intake.config import Workstation
from intake.desk import Desk, open_desk
from intake.desk.condition import condition
from intake.desk.desk import SIGN_INS_FILE, desk_for, first_desk
from intake.desk.mailwatch import Elsewhere, Failed, MailWatch, Polled, Polls, Told
from intake.desk.office import utc_now
from intake.errors import NotAllowed, NotLawful, sentence
from intake.memory import memory_folder
from intake.staff import Right
from storage.errors import Refusal, StorageError, StoreLocked
from storage.patience import Patience
from tui.faults import place_of
from tui.messages import MailboxNews, MailboxState, MailboxStatus, StoreChanged, StoreTrouble

T = TypeVar("T")
Post = Callable[[Message], object]

LOOK_SECONDS = 1.0
RETRY_SECONDS = 5.0
GOODBYE_SECONDS = 1.0
TURN_SECONDS = 0.0005
"""How long a thread computes on while the screen's wants its turn."""


class NotSignedIn(RuntimeError):
    """The bridge was asked for the desk before anyone signed in: a fault in the program."""


class Lane:
    """One daemon thread that does one job after another, and `idle` when it has had none for a while."""

    def __init__(
        self, name: str, idle: Callable[[], None] | None = None, every: float = LOOK_SECONDS
    ) -> None:
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._idle = idle
        self._every = every
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def do(self, job: Callable[[], None]) -> None:
        """Do this after what was asked before. A job keeps its errors to itself."""
        self._jobs.put(job)

    def close(self, wait: float = GOODBYE_SECONDS) -> None:
        """Do no more than what was asked; wait at most `wait` seconds for that."""
        self._jobs.put(None)
        self._thread.join(wait)

    def _run(self) -> None:
        while True:
            try:
                job = self._jobs.get(timeout=self._every if self._idle else None)
            except queue.Empty:
                if self._idle:
                    self._idle()
                continue
            if job is None:
                return
            job()


class Poller:
    """Watches the mailbox, and polls it when asked, in a lane of its own."""

    def __init__(self, desk: Desk, post: Post) -> None:
        self._desk = desk
        self._post = post
        self._ending = False
        self._status = MailboxStatus()
        self._watch = MailWatch(desk.office, desk.polling, self._hear)
        self._thread = threading.Thread(target=self._run, name="mailbox", daemon=True)

    def start(self) -> None:
        """Begin with a poll at once."""
        self._thread.start()

    def now(self) -> None:
        """Poll now; nothing more when a poll is under way."""
        self._watch.now()

    def close(self, wait: float = GOODBYE_SECONDS) -> None:
        """Stop after the batch at hand."""
        self._ending = True
        self._watch.stop()
        self._thread.join(wait)

    def _run(self) -> None:
        self._watch.run()
        self._watch.close()
        self._desk.close()

    def _tell(self, status: MailboxStatus, asked: bool) -> None:
        self._status = status
        if not self._ending:
            self._post(MailboxNews(status, asked=asked))

    def _hear(self, told: Told) -> None:
        """From what the watch tells to the mailbox's state."""
        office, status = self._desk.office, self._status
        if not isinstance(told, Polls):
            office.trouble = None  # whatever came of it, the store could be used; where not, it is told below
        match told:
            case Polls():
                status = status.busy(told.progress)
            case Polled():
                status = status.done(told.result, office.now())
            case Elsewhere():
                status = status.elsewhere(told.pulse, told.error)
            case Failed(error=NotLawful() as error):
                status = status.failed(MailboxState.NOT_LAWFUL, error)
            case Failed(error=NotAllowed() as error):
                refused = error if office.may(Right.POLL) else None
                status = status.failed(MailboxState.OFF, refused)
            case Failed(error=StorageError() as error):
                # Not the mailbox's fault: said where the store's troubles stand, unless a colleague is only writing just now.
                office.trouble = None if isinstance(error, StoreLocked) else error
                status = status.failed(MailboxState.NO_STORE, error)
            case Failed(fault=Exception() as fault):
                status = status.failed(MailboxState.BROKEN, None, place_of(fault))
            case Failed():
                status = status.failed(MailboxState.DOWN, told.error)
        self._tell(status, told.asked)


class Bridge:
    """From the screens to the desk. Its methods are for the screen's thread; answers come back there."""

    def __init__(self, post: Post, clock: Callable[[], datetime] = utc_now) -> None:
        self._post = post
        self._clock = clock
        self._desk: Desk | None = None
        self._poller: Poller | None = None
        self._second: Desk | None = None
        self._generation = -1
        self._looked = 0.0
        self._trouble: Refusal | None = None
        self._retried = 0.0
        self._closing = False
        self._patience: Patience | None = None
        self._unlocked = asyncio.Event()
        self._unlocked.set()
        self._lane = Lane("desk", self._look)

    # -- signing in -------------------------------------------------------------------------------------------------

    async def sign_in(self, workstation: Workstation, user: str, passphrase: str) -> bool:
        """Open the desk; whether professional secrecy must be confirmed first. Raises as `intake.desk.open_desk`."""

        def enter() -> bool:
            trusted = workstation.fingerprint
            memory = memory_folder(workstation)
            desk = open_desk(
                workstation.store, user, passphrase, clock=self._clock, trusted=trusted, memory=memory
            )
            self._enter(desk, workstation)
            desk.tidy()
            return desk.staff.secrecy_due()

        return await self._wait_for(enter)

    async def sign_out(self) -> None:
        """Let go of the desk before anything was shown: the sign-in was not gone through with."""

        def leave() -> None:
            if self._desk is not None:
                self._desk.close()
                self._desk = None

        await self._wait_for(leave)

    # -- the lock ---------------------------------------------------------------------------------------------------

    @property
    def signed_in(self) -> bool:
        """Whether there is a desk to lock."""
        return self._desk is not None

    def lock(self) -> None:
        """From now on no answer comes back to a screen before `unlock`; the mailbox is polled on."""
        self._unlocked.clear()

    async def unlock(self, passphrase: str) -> None:
        """Let answers come again, for the passphrase of who is signed in. Raises as `storage.directory.sign_in`."""

        def prove() -> None:
            if self._desk is None:
                raise NotSignedIn
            self._desk.prove(passphrase, self._patience)

        await self._wait_for(prove)
        self._unlocked.set()

    async def first_sign_in(self, workstation: Workstation, user: str, code: str, passphrase: str) -> None:
        """Activate an account and open its desk. Raises as `intake.desk.desk.first_desk`."""

        def activate() -> None:
            trusted, memory = workstation.fingerprint, memory_folder(workstation)
            desk = first_desk(
                workstation.store, user, code, passphrase, clock=self._clock, trusted=trusted, memory=memory
            )
            self._enter(desk, workstation)

        await self._wait_for(activate)

    def _enter(self, desk: Desk, workstation: Workstation) -> None:
        self._trouble = None
        workstation.remember(desk.office.directory.fingerprint, desk.office.name)
        self._desk = desk
        self._patience = Patience(memory_folder(workstation) / SIGN_INS_FILE, self._clock)
        self._generation = desk.office.store.generation

    # -- asking -----------------------------------------------------------------------------------------------------

    async def ask(self, use: Callable[[Desk], T]) -> T:
        """What `use` makes of the desk, in the user's lane. Raises what it raises.

        A screen that has gone meanwhile gets no answer: its work ends here, before it draws on what is no longer there.
        """

        def with_desk() -> T:
            if self._desk is None:
                raise NotSignedIn
            return use(self._desk)

        try:
            return await self._wait_for(with_desk)
        finally:
            await self._unlocked.wait()
            _end_where_nobody_waits()

    async def beside(self, work: Callable[[], Iterable[T]], tell: Callable[[T], object]) -> None:
        """Do work that needs no desk in a thread of its own, telling each thing it yields in the screen's thread.

        Ends when the work has. Whoever no longer wants to wait cancels the task: the thread ends by itself, and what it
        yields is told no more. Raises what it raises.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[None] = loop.create_future()

        def hear(told: T) -> None:
            if not answer.done():
                tell(told)

        def done(error: BaseException | None) -> None:
            if answer.done():
                return
            if error is None:
                answer.set_result(None)
            else:
                answer.set_exception(error)

        def job() -> None:
            # A loop that has ended meanwhile wants no answer any more.
            with contextlib.suppress(RuntimeError):
                try:
                    for told in work():
                        loop.call_soon_threadsafe(hear, told)
                except BaseException as error:  # noqa: BLE001 - raised again where it was asked
                    loop.call_soon_threadsafe(done, error)
                else:
                    loop.call_soon_threadsafe(done, None)

        threading.Thread(target=job, name="beside", daemon=True).start()
        await answer

    async def apart(self, use: Callable[[], T]) -> T:
        """As `beside`, for one answer: what a folder or a network may keep waiting, before anyone is signed in."""
        got: list[T] = []
        await self.beside(lambda: [use()], got.append)
        return got[0]

    async def _wait_for(self, use: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()

        def give(result: T) -> None:
            if not answer.done():
                answer.set_result(result)

        def refuse(error: BaseException) -> None:
            if not answer.done():
                answer.set_exception(error)

        def job() -> None:
            # A loop that has ended meanwhile wants no answer any more.
            with contextlib.suppress(RuntimeError):
                try:
                    result = use()
                except BaseException as error:  # noqa: BLE001 - raised again where it was asked
                    loop.call_soon_threadsafe(refuse, error)
                else:
                    loop.call_soon_threadsafe(give, result)
            self._look(at_once=True)

        self._lane.do(job)
        return await answer

    def _look(self, *, at_once: bool = False) -> None:
        """See whether anyone changed the store since the last look."""
        desk = self._desk
        if desk is None or self._closing:
            return
        now = time.monotonic()
        if not at_once and now - self._looked < LOOK_SECONDS / 2:
            return
        self._looked = now
        generation = self._generation
        with contextlib.suppress(StorageError):
            generation = desk.office.store.generation
            if generation != self._generation or desk.warning is not None:
                desk.remember()  # compares first, so that a store put back while at work is noticed as well
        self._tell_trouble(condition(*(d for d in (desk, self._second) if d is not None)))
        if generation != self._generation:
            self._generation = generation
            self._post(StoreChanged())
        elif desk.office.trouble is not None and now - self._retried >= RETRY_SECONDS:
            # What could not be logged, and so not be shown, is tried again, although nobody changed anything.
            self._retried = now
            self._post(StoreChanged())

    def _tell_trouble(self, trouble: Refusal | None) -> None:
        known, self._trouble = self._trouble, trouble
        if (trouble and sentence(trouble)) != (known and sentence(known)):
            self._post(StoreTrouble(trouble))

    # -- the mailbox ------------------------------------------------------------------------------------------------

    async def start_polling(self) -> None:
        """Poll from now on, in a lane and with a desk of its own."""

        def second_desk(desk: Desk) -> Desk:
            office = desk.office
            return desk_for(office.store.beside(), office.session, self._clock, trusted=office.trusted)

        if self._poller is None:
            # Python lets a busy thread go on for 5 ms each time another wants its turn. A key's way to the screen takes
            # several turns (reading, handling, drawing, writing), and a poll is busy for seconds.
            sys.setswitchinterval(TURN_SECONDS)
            self._second = await self.ask(second_desk)
            self._poller = Poller(self._second, self._post)
            self._poller.start()

    def poll_now(self) -> None:
        """Poll at once; the news comes as `MailboxNews`."""
        if self._poller is not None:
            self._poller.now()

    # -- leaving ----------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Let go of keys and store; waits a moment for what is under way, and never longer."""
        if self._closing:
            return
        self._closing = True
        if self._poller is not None:
            self._poller.close()
        if (desk := self._desk) is not None:
            self._lane.do(desk.close)
        self._lane.close()


def _end_where_nobody_waits() -> None:
    """Cancel the running task when what it works for (`textual.work`) was taken away, or the program is ending.

    A screen that a worker opens runs in tasks that inherit "the current worker", and they are none: they are left alone.
    """
    with contextlib.suppress(NoActiveWorker):
        worker = get_current_worker()
        gone = not (worker.node.is_attached and worker.node.app.is_running)
        if gone and worker._task is asyncio.current_task():
            raise asyncio.CancelledError
