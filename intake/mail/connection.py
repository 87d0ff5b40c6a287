"""The IMAP library's client with bounds on what a server may send: bytes and seconds for one answer, one literal.

Also keeps the library from writing what goes over the line into any log, reads the few answers it throws away
(COPYUID, APPENDUID, MYRIGHTS), and speaks IDLE so that a closed connection is told from a silent one. Signing in is in `signin.py`, what is done with a mailbox in `mailbox.py`.
"""

import logging
import socket
import ssl
import time
from collections.abc import Callable
from imaplib import IMAP4
from typing import Any

import imapclient
from imapclient.exceptions import (
    IMAPClientAbortError,
    IMAPClientError,
    IMAPClientReadOnlyError,
    ProtocolError,
)
from imapclient.imap4 import IMAP4WithTimeout
from imapclient.tls import IMAP4_TLS

LITERAL_LIMIT = 40 * 1024 * 1024
"""Bytes of one literal: the largest message that is downloaded whole, with room for its transfer encoding."""
ANSWER_LIMIT = 192 * 1024 * 1024
"""Bytes of all that answers one command."""
ANSWER_SECONDS = 600.0
"""Seconds for all that answers one command, however busily the server dribbles."""

# On these loggers the library writes every command and answer at level DEBUG.
logging.getLogger("imapclient").setLevel(logging.WARNING)


class OverLimit(Exception):
    """An answer was larger than allowed; the rest of it is unread, so the connection is out of step.

    Not one of the library's errors, since it would wrap those in another.
    """


class _Bounds:
    """Counts what came since the last command was sent."""

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        self.left = ANSWER_LIMIT
        self.until = time.monotonic() + ANSWER_SECONDS

    def take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise OverLimit("answer over the limit")
        if time.monotonic() > self.until:
            raise TimeoutError("answer over its time")


class _TimedSocket(ssl.SSLSocket):
    """A TLS socket whose reading ends at a moment, not only after a silence."""

    until: float | None = None

    def read(self, *arguments: Any, **more: Any) -> Any:  # all the ways to receive end here
        if self.until is not None and time.monotonic() > self.until:
            raise TimeoutError("answer over its time")
        return super().read(*arguments, **more)


class _Bounded(IMAP4):
    """Mixed into the library's connection classes: the three ways bytes go over the line."""

    def __init__(self, *arguments: Any) -> None:
        self.bounds = _Bounds()
        super().__init__(*arguments)

    def send(self, data: Any) -> None:
        self.bounds.restart()
        if isinstance(self.sock, _TimedSocket):
            self.sock.until = self.bounds.until
        super().send(data)

    def read(self, size: int) -> bytes:
        if size > LITERAL_LIMIT:
            raise OverLimit("literal over the limit")
        self.bounds.take(size)
        data = super().read(size)
        if len(data) < size:
            raise IMAPClientAbortError("literal cut off")
        return data

    def readline(self) -> bytes:
        try:
            line = super().readline()
        except IMAPClientAbortError:
            raise
        except IMAPClientError:
            raise OverLimit("line over the limit") from None
        self.bounds.take(len(line))
        return line


class _BoundedTls(_Bounded, IMAP4_TLS):  # type: ignore[misc]  # the library is untyped
    pass


class _BoundedPlain(_Bounded, IMAP4WithTimeout):  # type: ignore[misc]  # the library is untyped
    """Only for the lines before STARTTLS."""


def tls_context(ca_file: str | None, ca_pem: str | None = None) -> ssl.SSLContext:
    """A context that verifies certificate and host name, against the system's authorities or only those given.

    Raises OSError (of which ssl.SSLError is one) when what is given cannot be used.
    """
    context = ssl.create_default_context(cafile=ca_file, cadata=ca_pem)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.sslsocket_class = _TimedSocket
    return context


def ends_at(until: float, ca_pem: str | None) -> ssl.SSLContext:
    """As `tls_context`; reading on its sockets ends at a moment of the monotonic clock. Raises OSError."""
    context = tls_context(None, ca_pem)
    context.sslsocket_class = type("_EndingSocket", (_TimedSocket,), {"until": until})
    return context


class Connection(imapclient.IMAPClient):  # type: ignore[misc]  # the library is untyped
    """IMAPClient with the bounds above; times come with their zone."""

    def __init__(
        self, host: str, port: int, *, tls: bool, context: ssl.SSLContext, timeout_seconds: float
    ) -> None:
        super().__init__(
            host,
            port,
            ssl=tls,
            ssl_context=context,
            timeout=imapclient.SocketTimeout(connect=timeout_seconds, read=timeout_seconds),
        )
        self.normalise_times = False
        self._idling: Any = None
        self._imap._mesg = _unsaid
        # One higher, and each message is written out for that trace; one lower, and the last lines are kept, the sign-in's too.
        self._imap.debug = 4
        self.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket().setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    def _create_IMAP4(self) -> Any:  # noqa: N802 - the library's name
        if self.ssl:
            return _BoundedTls(self.host, self.port, self.ssl_context, self._timeout.connect)
        return _BoundedPlain(self.host, self.port, self._timeout.connect)

    def authenticated(self, mechanism: str, answer: Callable[[bytes], bytes]) -> None:
        """AUTHENTICATE with an answer of one's own to each challenge (RFC 9051, 6.2.2).

        The library's own ways by token send the token again when the server says why it refused it.
        """
        self._command_and_check("authenticate", mechanism, answer)

    def select_folder(self, *arguments: Any, **more: Any) -> Any:
        """As the library's, but after a refusal for being read-only the session can go on."""
        try:
            return super().select_folder(*arguments, **more)
        except IMAPClientReadOnlyError:
            self._imap.response("READ-ONLY")
            raise

    def fetch(self, *arguments: Any, **more: Any) -> Any:
        """As the library's, without answers to an earlier FETCH that ended in a refusal."""
        self._imap.response("FETCH")
        return super().fetch(*arguments, **more)

    @property
    def tls_version(self) -> str:
        """Such as "TLSv1.3"."""
        return str(self.socket().version())

    def taken(self, code: str) -> list[bytes]:
        """The values of a response code (COPYUID, APPENDUID) since it was last asked for."""
        _code, values = self._imap.response(code)
        return [value for value in values if isinstance(value, bytes)]

    def my_rights(self, folder: str) -> str:
        """The ACL letters this user has on a folder (RFC 4314); only where the server offers ACL."""
        name = imapclient.util.to_bytes(self._normalise_folder(folder))
        answer = self._raw_command_untagged(b"MYRIGHTS", [name], uid=False, unpack=True)
        parts = imapclient.response_parser.parse_response([answer])
        if len(parts) != 2 or not isinstance(parts[1], bytes):
            raise ProtocolError("rights")
        return parts[1].decode("ascii", "replace")

    # -- IDLE (RFC 2177): the library's own cannot tell a closed connection from a silent one ----------------------------

    def begin_idle(self) -> bool:
        """Have the server tell what happens in the open folder; False when it refuses to."""
        self._imap.untagged_responses.clear()
        tag = self._imap._command("IDLE")
        # Lines about the folder may come before the server's consent.
        while self._imap._get_response() is not None:
            if self._imap.tagged_commands[tag] is not None:
                del self._imap.tagged_commands[tag]
                return False
        self._idling = tag
        return True

    def has_arrived(self) -> bool:
        """Whether at least the beginning of a line is there, without waiting. Raises the library's abort at the end."""
        sock = self.socket()
        sock.setblocking(False)
        try:
            there = bool((getattr(self._imap, "_file", None) or self._imap.file).peek(1))
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        finally:
            self._set_read_timeout()
        if not there:
            raise IMAPClientAbortError("the peer closed the connection")
        return True

    def tells_of_new(self) -> bool:
        """Take in one line during IDLE; whether it says that a message came. The rest of a line is waited for."""
        self._imap._get_response()
        if self._imap.tagged_commands[self._idling] is not None:
            raise IMAPClientAbortError("the server ended it by itself")
        # A message that is moved away is told by EXPUNGE; EXISTS comes only with new ones.
        return bool(self._imap.untagged_responses.pop("EXISTS", None))

    def end_idle(self) -> bool:
        """Back to commands; whether the server told of new messages meanwhile."""
        tag, self._idling = self._idling, None
        self._imap.send(b"DONE\r\n")
        while self._imap.tagged_commands[tag] is None:
            self._imap._get_response()
        kind, _data = self._imap.tagged_commands.pop(tag)
        if kind != "OK":
            raise IMAPClientAbortError("the server did not end it")
        return bool(self._imap.untagged_responses.pop("EXISTS", None))


def _unsaid(*_arguments: Any, **_more: Any) -> None:
    """In place of the library's trace of every line."""
