"""Watching the mailbox: polls at once, then when mail comes and when the interval has passed, for weeks.

One session is kept between polls. What goes wrong is told and waited out with growing pauses; what the server asks for is
obeyed. Only who has the turn (`turns.py`) polls; the others look on and take over when it is free. Runs in one thread, and
is stopped from any.
"""

import random
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.desk.office import MAILBOX_SECRET, Office
from intake.desk.polled import PollResult, Progress
from intake.desk.turns import PollerBusy, Turns
from intake.errors import MailboxError, NotAllowed, NotLawful
from intake.mail.errors import MailboxBusy, MailboxLost, MailboxProtocol, MailboxUnreachable
from intake.mail.mailbox import Mailbox
from intake.mail.pauses import LONGEST_SUGGESTED, pause_after
from intake.mail.wake import Wake
from intake.mail.watch import Stirred, await_news
from intake.pulse import Pulse
from intake.rows import SECRETS
from intake.staff import Right
from storage.errors import Refusal, StorageError

if TYPE_CHECKING:
    from intake.desk.polling import Polling

STAY_SECONDS = 60.0
"""So long it waits at most before it looks after its turn."""
STORE_SECONDS = 5.0
"""So soon it looks again for a store that could not be used: what is wrong with it stands on the screens until then."""
LOOK_SECONDS = 3.0
"""So often it looks whether the turn of another is free."""
GAP_SECONDS = 0.5
"""Between two polls at least, however many mails come: those that come meanwhile are taken in together."""
STEADY_SECONDS = 60.0
"""A session that lasted so long was no failure when it ends."""
LONGEST_REFUSED = 900.0
"""What will not mend itself, such as a refused password, is tried at most this seldom: an account is not locked by us."""

_PASSING = (MailboxUnreachable, MailboxLost, MailboxBusy, MailboxProtocol)


@dataclass(frozen=True, slots=True)
class Polls:
    """A poll is under way."""

    progress: Progress | None
    asked: bool


@dataclass(frozen=True, slots=True)
class Polled:
    """A poll ended well; `again` when the one before it had failed. `broken`: it broke off, and this much is safe."""

    result: PollResult
    asked: bool
    again: bool = False
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """A poll could not be done; `first` when the one before it could. `fault` is a defect of the program."""

    error: Refusal | None
    asked: bool
    first: bool
    fault: Exception | None = None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another has the turn; told again whenever that one's state has changed."""

    pulse: Pulse | None
    asked: bool
    error: PollerBusy | None = None


Told = Polls | Polled | Failed | Elsewhere


class MailWatch:
    """See above; made by `Polling.watch`. `tell` is called in the thread of `run`."""

    def __init__(
        self,
        office: Office,
        polling: "Polling",
        tell: Callable[[Told], object],
        dice: Callable[[], float] = random.random,
    ) -> None:
        self._office = office
        self._polling = polling
        self._tell = tell
        self._dice = dice
        self._turns = Turns(office)
        self.wake = Wake()
        self._asked = False
        self._ending = False
        self._failures = 0
        self._drops = 0
        self._seen: Pulse | None = None
        self._ended_at = -GAP_SECONDS
        self._stack = ExitStack()
        self._mailbox: Mailbox | None = None
        self._opened_with: object = None

    # -- from any thread --------------------------------------------------------------------------------------------

    def now(self) -> None:
        """Poll at once."""
        self._asked = True
        self.wake.ring()

    def stop(self) -> None:
        """End after the batch at hand. May be called from a signal handler."""
        self._ending = True
        self.wake.ring()

    # -- in the thread that runs it ---------------------------------------------------------------------------------

    def run(self) -> None:
        """Until `stop`."""
        try:
            while not self._ending:
                asked, self._asked = self._asked, False
                self.wake.clear()
                pause = self._once(asked)
                if not self._ending and not self._asked:
                    self._rest(pause)
        finally:
            self._drop()
            with suppress(Refusal):
                self._turns.leave()

    def close(self) -> None:
        """After `run`: let go of the bell."""
        self.wake.close()

    def _once(self, asked: bool) -> float:
        """One poll, or what stood in its way; returns the seconds until the next."""
        pause = 60.0
        try:
            self._office.require(Right.POLL)
            box = self._office.settings.mailbox
            pause = float(box.poll_seconds)
            self._polling.check_agreement()
            if asked:
                self._turns.wait_and_take(box.poll_seconds, lambda: self._ending)
            elif self._turns.may_take():
                self._turns.take(box.poll_seconds)
            else:
                return self._look_on(None, asked, pause)
            self._seen = None
            result = self._poll(asked)
        except PollerBusy as error:
            return self._look_on(error, asked, pause)
        except (NotLawful, NotAllowed) as error:
            self._drop()
            self._turns.leave()
            self._fail(error, asked)
            return pause
        except StorageError as error:
            self._turns.leave()
            self._fail(error, asked)
            return min(pause, STORE_SECONDS)
        except Refusal as error:
            self._drop(broken=True)
            self._fail(error, asked)
            # Perhaps another workstation reaches it; a refused password is tried by one alone.
            self._turns.went_wrong(error, watching=not isinstance(error, _PASSING))
            return self._pause_after(error, pause)
        except Exception as error:  # noqa: BLE001 - a fault in a poll never ends the watch
            self._drop(broken=True)
            self._fail(None, asked, error)
            self._turns.went_wrong(None, watching=True)
            return max(pause, self._refused_pause(pause))
        again, self._failures = self._failures > 0, 0
        self._turns.went_well(result.proof, watching=not self._ending)
        self._ended_at = time.monotonic()
        self._tell(Polled(result, asked, again))
        return pause

    def _look_on(self, busy: PollerBusy | None, asked: bool, pause: float) -> float:
        """Another has the turn."""
        self._drop()
        pulse = self._turns.look()
        if pulse is not None and pulse.down_since is None:
            self._failures = 0
        if asked or pulse != self._seen:
            self._tell(Elsewhere(pulse, asked, busy if asked else None))
        self._seen = pulse
        return min(LOOK_SECONDS, pause)

    def _fail(self, error: Refusal | None, asked: bool, fault: Exception | None = None) -> None:
        self._failures += 1
        self._tell(Failed(error, asked, self._failures == 1, fault))

    def _pause_after(self, error: Refusal, interval: float) -> float:
        """A passing trouble is tried again soon, then ever more seldom; one that must be mended, not sooner than usual."""
        suggested = getattr(error, "wait_seconds", None)
        if isinstance(error, _PASSING):
            return pause_after(self._failures, self._dice, suggested)
        return max(self._refused_pause(interval), min(suggested or 0.0, LONGEST_SUGGESTED))

    def _refused_pause(self, interval: float) -> float:
        return max(interval, min(interval * 2.0 ** min(self._failures - 1, 10), LONGEST_REFUSED))

    def _poll(self, asked: bool) -> PollResult:
        self._tell(Polls(None, asked))
        mailbox = self._session()

        def progress(so_far: Progress) -> None:
            self._tell(Polls(so_far, asked))

        def broken(so_far: PollResult) -> None:
            self._tell(Polled(so_far, asked, broken=True))

        return self._polling.take_in(
            mailbox, progress, lambda: self._ending or not self._turns.renew(), broken
        )

    # -- the session ------------------------------------------------------------------------------------------------

    def _session(self) -> Mailbox:
        """The one that is kept, where it still answers and is still what the office set; otherwise a new one."""
        wanted = self._wanted()
        if self._mailbox is not None and wanted == self._opened_with:
            try:
                self._mailbox.noop()
                return self._mailbox
            except MailboxError:
                self._drop(broken=True)  # servers end sessions; what counts is whether a new one comes
        self._drop()
        self._mailbox = self._stack.enter_context(self._polling.connect())
        self._opened_with = wanted
        return self._mailbox

    def _wanted(self) -> object:
        secret = self._office.store.snapshot().get(SECRETS, MAILBOX_SECRET) or {}
        return self._polling.settings(), secret.get("signed")

    def _drop(self, *, broken: bool = False) -> None:
        if self._mailbox is not None and broken:
            self._mailbox.abandon()
        self._mailbox = None
        self._stack.close()

    # -- between polls ----------------------------------------------------------------------------------------------

    def _rest(self, pause: float) -> None:
        """Until it is time for the next poll, mail came, or the bell rang."""
        begun = time.monotonic()
        until = begun + pause
        while (left := until - time.monotonic()) > 0:
            stay = min(left, STAY_SECONDS)
            if self._mailbox is None:
                if self.wake.wait(stay):
                    return
            elif not self._listen(self._mailbox, stay, begun):
                return
            if not self._turns_kept():
                return

    def _listen(self, mailbox: Mailbox, seconds: float, begun: float) -> bool:
        """Wait for mail; whether to wait on."""
        try:
            stirred = await_news(mailbox, mailbox.settings.inbox, self.wake, seconds)
        except MailboxError:
            self._drop(broken=True)
            if time.monotonic() - begun >= STEADY_SECONDS:
                self._drops = 0
            self._drops += 1
            # A server that always ends the session while it is listened to is not signed in to again and again.
            self.wake.wait(pause_after(self._drops, self._dice))
            return False
        if stirred is Stirred.NEWS:
            self.wake.wait(self._ended_at + GAP_SECONDS - time.monotonic())
        return stirred is Stirred.TIME

    def _turns_kept(self) -> bool:
        """Whether it may wait on: it keeps its turn, or has none and only looks on."""
        if self._mailbox is None:
            with suppress(Refusal):
                self._turns.renew()
            return True
        try:
            return self._turns.renew()
        except Refusal:
            return False
