"""A sign-in that a person confirms in a browser with a code, told step by step to whoever shows it."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass

from intake.mail.token_errors import CodeExpired, CodePending
from intake.mail.ways import MailboxSecret, MicrosoftDevice

__all__ = ["Code", "CodeSignIn", "Waiting"]


@dataclass(frozen=True, slots=True)
class Code:
    """What the person needs: the code is to be typed at the address within so many seconds."""

    code: str
    address: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """It was not confirmed yet; so many seconds are left."""

    seconds: int


class CodeSignIn:
    """One sign-in, run once, beside the desk: it touches no store. `cancel` may be called from another thread."""

    def __init__(self, way: MicrosoftDevice) -> None:
        self._way = way
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Stop waiting; nothing more is told."""
        self._cancelled.set()

    def run(self) -> Iterator[Code | Waiting | MailboxSecret]:
        """The code, how long is left from time to time, and at the end the secret, unless it was cancelled.

        Raises the errors of `token_errors`, CodeExpired when nobody confirmed it in time.
        """
        from intake.mail.microsoft import DeviceSignIn

        asked = DeviceSignIn(self._way)
        yield Code(asked.code, asked.address, asked.seconds)
        left = asked.seconds
        while left > 0:
            if self._cancelled.wait(min(asked.pause, left)):
                return
            left -= asked.pause
            try:
                secret = asked.ask()
            except CodePending:
                if left > 0:
                    yield Waiting(left)
            else:
                yield secret
                return
        raise CodeExpired
