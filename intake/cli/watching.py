"""`poll --watch`: the mailbox watched by a process of its own, until someone stops it; and polling in words."""

import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from intake.desk.mailwatch import Elsewhere, Failed, MailWatch, Polled, Told
from intake.errors import NotAllowed, sentence
from intake.formats import show_moment
from intake.pulse import Doing, Pulse, lapsed
from intake.texts import _

if TYPE_CHECKING:
    from intake.desk import Desk
    from intake.desk.polled import PollResult

__all__ = ["pulse_text", "stops_by_signals", "watch_mailbox"]


def watch_mailbox(desk: "Desk", report: Callable[["PollResult"], None]) -> None:
    """Watch until SIGINT, SIGTERM or, on Windows, Ctrl+Break; the batch at hand is finished first.

    `report` prints each poll that found something. Outages, recoveries and another's turn are told once each, on standard
    error. Raises NotLawful outside the agreement at the start, and NotAllowed when the account may no longer poll.
    """
    desk.polling.check_agreement()
    ended: list[NotAllowed] = []
    teller = _Teller(report)

    def tell(told: Told) -> None:
        if isinstance(told, Failed) and isinstance(told.error, NotAllowed):
            ended.append(told.error)
            watch.stop()
        else:
            teller.tell(told)

    watch = desk.polling.watch(tell)
    try:
        with stops_by_signals(watch):
            watch.run()
    finally:
        watch.close()
    if ended:
        raise ended[0]


class _Teller:
    """What a watch says, and only when it is new."""

    def __init__(self, report: Callable[["PollResult"], None]) -> None:
        self._report = report
        self._known = 0
        self._holder = ""

    def tell(self, told: Told) -> None:
        if isinstance(told, Polled):
            self._polled(told)
        elif isinstance(told, Failed) and told.first:
            _warn(_reason(told))
        elif isinstance(told, Elsewhere) and told.pulse is not None and told.pulse.token != self._holder:
            self._holder = told.pulse.token
            _warn(
                _("The mailbox is polled by %(who)s; this one takes over when that ends.")
                % {"who": told.pulse.who}
            )

    def _polled(self, told: Polled) -> None:
        result = told.result
        if told.again:
            _warn(_("The mailbox is polled again."))
        # What waits in the inbox to be removed is known at every poll: told once.
        if (
            result.imported
            or result.quarantined
            or result.missed
            or result.known != self._known
            or told.broken
        ):
            self._report(result)
        self._known = result.known


def _reason(told: Failed) -> str:
    if told.error is not None:
        return sentence(told.error)
    assert told.fault is not None
    frames = traceback.extract_tb(told.fault.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return _("The poll met a fault and is tried again. Report these words: %(what)s at %(place)s.") % {
        "what": type(told.fault).__name__,
        "place": place,
    }


def _warn(text: str) -> None:
    encoding = sys.stderr.encoding or "utf-8"
    sys.stderr.write(" ".join(text.encode(encoding, "replace").decode(encoding).split()) + "\n")
    sys.stderr.flush()


@contextmanager
def stops_by_signals(watch: MailWatch) -> Iterator[None]:
    """Within the block a first signal stops the watch; a second one does what it does elsewhere.

    The system's own wake-up goes to the watch's bell too: on Windows a wait on sockets is not ended by Ctrl+C.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    names = ("SIGINT", "SIGTERM", "SIGBREAK")
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)

    def stop(_number: int, _frame: FrameType | None) -> None:
        restore()
        watch.stop()

    waker = signal.set_wakeup_fd(watch.wake.bell_fileno, warn_on_full_buffer=False)
    for number in numbers:
        signal.signal(number, stop)
    try:
        yield
    finally:
        signal.set_wakeup_fd(waker)
        restore()


def pulse_text(pulse: Pulse | None, now: datetime) -> str:
    """How polling goes, in one line; `now` is aware (UTC)."""
    if pulse is None or (pulse.polled_at is None and pulse.down_since is None):
        return _("not polled yet")
    parts = []
    if pulse.polled_at is not None:
        last = {"moment": show_moment(pulse.polled_at), "user": pulse.polled_by or "?"}
        parts.append(_("last good poll %(moment)s by %(user)s") % last)
    if pulse.proof is not None:
        parts.append(
            _("found %(found)d = %(imported)d imported + %(quarantined)d quarantine + %(known)d known")
            % {
                "found": pulse.proof.found,
                "imported": pulse.proof.imported,
                "quarantined": pulse.proof.quarantined,
                "known": pulse.proof.known,
            }
        )
    if pulse.doing is not Doing.ENDED and not lapsed(pulse, now):
        parts.append(_("polled by %(who)s") % {"who": pulse.who})
    if pulse.down_since is not None:
        parts.append(_("not reached since %(moment)s") % {"moment": show_moment(pulse.down_since)})
    return "; ".join(parts)
