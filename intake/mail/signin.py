"""From settings and a password to a signed-in connection: TLS always, the certificate always verified.

Where the password is kept is not known here (it is a sealed secret of the store).
"""

import contextlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import imapclient
from imapclient.exceptions import CapabilityError, IMAPClientAbortError, IMAPClientError

from intake.mail.connection import Connection, tls_context
from intake.mail.errors import MailboxAuthority, MailboxSignIn, translated_sign_in

__all__ = ["MailboxSettings", "Security", "connect"]


class Security(StrEnum):
    """When TLS begins: with the first byte, or after a STARTTLS. There is no third way."""

    TLS = "tls"
    STARTTLS = "starttls"


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """Where the mailbox is and which of its folders are used. `ca_file`, `ca_pem`: only these authorities (PEM) are trusted."""

    host: str
    port: int
    security: Security
    user: str
    inbox: str = "INBOX"
    processed: str = "Verwerkt"
    quarantine: str = "Quarantaine"
    ca_file: Path | None = None
    ca_pem: str | None = None
    timeout_seconds: float = 30


def connect(settings: MailboxSettings, password: str) -> imapclient.IMAPClient:
    """Sign in. The caller closes with `logout` or as a context manager.

    Raises `MailboxUnreachable`, `MailboxCertificate`, `MailboxInsecure`, `MailboxAuthority`, `MailboxSignIn`,
    `MailboxBusy` or `MailboxProtocol`; nothing of the password or of the server's words is in any of them.
    """
    return open_connection(settings, password)


def open_connection(settings: MailboxSettings, password: str) -> Connection:
    """As `connect`, in the type the mailbox works with."""
    with translated_sign_in(settings.host, settings.port):
        connection = secure_connection(settings)
        try:
            sign_in(connection, settings.user, password)
        except BaseException:
            with contextlib.suppress(Exception):
                connection.shutdown()
            raise
    return connection


def secure_connection(settings: MailboxSettings) -> Connection:
    """Connected, the certificate verified, nobody signed in: nothing secret was sent yet.

    Raises MailboxAuthority, and what the libraries raise: to be called within `translated_sign_in`.
    """
    try:
        context = tls_context(str(settings.ca_file) if settings.ca_file else None, settings.ca_pem)
    except OSError:
        raise MailboxAuthority from None
    connection = Connection(
        settings.host,
        settings.port,
        tls=settings.security is Security.TLS,
        context=context,
        timeout_seconds=settings.timeout_seconds,
    )
    if settings.security is Security.STARTTLS:
        try:
            _start_tls(connection, context)
        except BaseException:
            with contextlib.suppress(Exception):
                connection.shutdown()
            raise
    return connection


def _start_tls(connection: Connection, context: object) -> None:
    try:
        connection.starttls(context)
    except IMAPClientAbortError:
        raise
    except IMAPClientError:
        raise CapabilityError("STARTTLS") from None


def sign_in(connection: Connection, user: str, password: str) -> None:
    """Sign in on a secure connection; to be called within `translated_sign_in`."""
    # A line break or NUL would end the command early and start another.
    if not user or not password or any(ord(c) < 32 or ord(c) == 127 for c in user + password):
        raise MailboxSignIn
    if connection.has_capability("AUTH=PLAIN"):
        connection.plain_login(user, password)
    elif user.isascii() and password.isascii() and '"' not in user and " " not in user:
        connection.login(user, password)
    else:
        raise MailboxSignIn
