"""Waiting for mail: IDLE (RFC 2177) where the server can, else only time; stoppable from another thread at any moment.

The library's `idle_check` cannot tell a closed connection from a silent one and needs `select.poll`; here the socket is
waited on by `selectors`, beside a bell. What is done with news is decided above.
"""

import selectors
import time
from enum import Enum

from intake.mail.errors import translated
from intake.mail.mailbox import Mailbox
from intake.mail.wake import Wake

__all__ = ["IDLE_SECONDS", "Stirred", "await_news"]

IDLE_SECONDS = 540.0
"""One IDLE lasts at most this long: servers end a silent session after 30 minutes, and some routers after ten."""
_MOST_LINES = 2000
"""Of one stay. A server that talks without end is no longer listened to; the time is waited out."""


class Stirred(Enum):
    """Why the waiting ended."""

    NEWS = "news"
    WOKEN = "woken"
    TIME = "time"


def await_news(mailbox: Mailbox, folder: str, wake: Wake, seconds: float) -> Stirred:
    """Wait until a message comes into `folder`, the bell rings, or so many seconds have passed.

    What came since the folder was last scanned counts as news. Raises `MailboxLost` when the connection ends meanwhile,
    and the other errors of a session; the mailbox is then of no more use.
    """
    until = time.monotonic() + seconds
    if not mailbox.can_idle:
        return _wait(wake, until)
    if mailbox.has_new(folder):
        return Stirred.NEWS
    lines = 0
    while (left := until - time.monotonic()) > 0:
        stay = min(until, time.monotonic() + min(left, IDLE_SECONDS))
        with translated():
            if not mailbox.connection.begin_idle():
                return _wait(wake, until)
            stirred, lines = _listen(mailbox, wake, stay, lines)
            news = mailbox.connection.end_idle()
        if news or stirred is Stirred.NEWS:
            return Stirred.NEWS
        if stirred is Stirred.WOKEN:
            return stirred
        if lines >= _MOST_LINES:
            return _wait(wake, until)
    return Stirred.TIME


def _wait(wake: Wake, until: float) -> Stirred:
    return Stirred.WOKEN if wake.wait(until - time.monotonic()) else Stirred.TIME


def _listen(mailbox: Mailbox, wake: Wake, until: float, lines: int) -> tuple[Stirred, int]:
    """Wait within one IDLE; also returns how many lines the server has said by now."""
    connection = mailbox.connection
    with selectors.DefaultSelector() as selector:
        selector.register(connection.socket(), selectors.EVENT_READ)
        selector.register(wake.socket, selectors.EVENT_READ, wake)
        while True:
            # What TLS or the library has read already makes the socket itself not readable again.
            while lines < _MOST_LINES and connection.has_arrived():
                lines += 1
                if connection.tells_of_new():
                    return Stirred.NEWS, lines
            left = until - time.monotonic()
            if left <= 0 or lines >= _MOST_LINES:
                return Stirred.TIME, lines
            if any(key.data is wake for key, _events in selector.select(left)):
                return Stirred.WOKEN, lines
