"""The tokens of one way of signing in: kept in memory alone, renewed before they end and when one was refused.

May be used from several threads. Who asks for a token must see to it that a changed secret is kept (`changed`).
"""

import threading
import time
from collections.abc import Callable

from intake.mail.grants import Grant
from intake.mail.token_errors import SecretNotThere
from intake.mail.ways import MailboxSecret, OAuth, TokenWay

__all__ = ["Tokens"]

MARGIN_SECONDS = 300.0
"""So long before its end a token is not used any more: a sign-in and what follows it take their time."""


class Tokens:
    """`base` is the secret as it is kept somewhere; one that is renewed stands in `changed` until it is `kept`.

    `clock` gives seconds of the day, and goes on while the machine sleeps. Raises SecretNotThere."""

    def __init__(
        self, way: TokenWay, secret: MailboxSecret, *, clock: Callable[[], float] = time.time
    ) -> None:
        if not secret.fits(way):
            raise SecretNotThere
        self.way = way
        self.base = secret
        self._changed: MailboxSecret | None = None
        self._clock = clock
        self._grant: Grant | None = None
        self._since = 0.0
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return "Tokens(…)"

    @property
    def microsoft(self) -> bool:
        """Whether they are for Microsoft's mail servers."""
        return not isinstance(self.way, OAuth)

    def token(self, refused: str | None = None) -> str:
        """One that is good for a while yet. `refused` is one that the mail server did not take: never that again.

        Raises the errors of `token_errors`.
        """
        with self._lock:
            if self._grant is None or self._grant.token == refused or self._ends_soon(self._grant):
                self._grant = None
                asked_at = self._clock()
                grant = self._ask()
                if grant.secret is not None:
                    self._changed = grant.secret
                self._grant, self._since = grant, asked_at
            return self._grant.token

    @property
    def seconds_left(self) -> float | None:
        """How long the present token is good for; None when there is none."""
        grant = self._grant
        return None if grant is None else max(0.0, self._since + grant.seconds - self._clock())

    @property
    def changed(self) -> MailboxSecret | None:
        """The secret that has come in the place of `base` and is not kept yet."""
        return self._changed

    def kept(self, secret: MailboxSecret) -> None:
        """It is kept now."""
        with self._lock:
            self.base = secret
            if self._changed == secret:
                self._changed = None

    def use(self, secret: MailboxSecret) -> None:
        """Go on with a secret that somebody else has renewed and kept in the meantime. Raises SecretNotThere."""
        with self._lock:
            if not secret.fits(self.way):
                raise SecretNotThere
            self.base, self._changed = secret, None

    def _ends_soon(self, grant: Grant) -> bool:
        margin = min(MARGIN_SECONDS, grant.seconds / 2)
        left = self._since + grant.seconds - self._clock()
        # A clock that was set back would make a token look younger than it is.
        return not margin < left <= grant.seconds

    def _ask(self) -> Grant:
        secret = self._changed or self.base
        # msal and its HTTP library take half a second to load: only for who signs in by token.
        if isinstance(self.way, OAuth):
            from intake.mail import openid

            return openid.ask_token(self.way, secret)
        from intake.mail import microsoft

        return microsoft.ask_token(self.way, secret)
