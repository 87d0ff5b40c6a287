"""From settings and a password or tokens to a signed-in connection: TLS always, the certificate always verified.

Where the secret is kept is not known here (it is sealed in the store); where tokens come from is in `tokens.py`.
"""

import contextlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import imapclient
from imapclient.exceptions import CapabilityError, IMAPClientAbortError, IMAPClientError, LoginError

from intake.mail.connection import Connection, tls_context
from intake.mail.errors import (
    MailboxAuthority,
    MailboxSignIn,
    MailboxSignInOrToken,
    MailboxTokenRefused,
    MailboxWantsToken,
    known_words,
    refused_login,
    translated_sign_in,
)
from intake.mail.sasl import Mechanism, Refused, mechanism_for, sign_in_with

__all__ = ["Credential", "MailboxSettings", "Security", "TokenSource", "connect"]


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


class TokenSource(Protocol):
    """Where tokens come from, as `intake.mail.tokens.Tokens`."""

    @property
    def microsoft(self) -> bool:
        """Whether they are for Microsoft's mail servers."""

    def token(self, refused: str | None = None) -> str:
        """One that is good for a while; `refused` is one that the mail server did not take."""


Credential = str | TokenSource
"""A password, or tokens."""


def connect(settings: MailboxSettings, credential: Credential) -> imapclient.IMAPClient:
    """Sign in. The caller closes with `logout` or as a context manager.

    Raises `MailboxUnreachable`, `MailboxCertificate`, `MailboxInsecure`, `MailboxAuthority`, `MailboxSignIn`,
    `MailboxBusy`, `MailboxAsksToWait` or `MailboxProtocol`; with tokens also `MailboxTokenRefused`,
    `MailboxNotConnected`, `MailboxNoTokens` and the errors of `token_errors`. Nothing of the secret or of the server's
    words is in any of them.
    """
    return open_connection(settings, credential)


def open_connection(settings: MailboxSettings, credential: Credential) -> Connection:
    """As `connect`, in the type the mailbox works with."""
    if not isinstance(credential, str):
        credential.token()  # asked before, so that no connection waits for it
    with translated_sign_in(settings.host, settings.port):
        connection = secure_connection(settings)
        try:
            sign_in(connection, settings.user, credential)
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


def sign_in(connection: Connection, user: str, credential: Credential) -> None:
    """Sign in on a secure connection; to be called within `translated_sign_in`."""
    if not user or not _one_line(user):
        raise MailboxSignIn
    if isinstance(credential, str):
        _by_password(connection, user, credential)
    else:
        _by_token(connection, user, credential)


def _one_line(text: str) -> bool:
    """A line break or NUL would end the command early and start another."""
    return not any(ord(c) < 32 or ord(c) == 127 for c in text)


def _by_password(connection: Connection, user: str, password: str) -> None:
    if not password or not _one_line(password):
        raise MailboxSignIn
    tokens = any(connection.has_capability(f"AUTH={mechanism}") for mechanism in Mechanism)
    plain = connection.has_capability("AUTH=PLAIN")
    if not plain and tokens and connection.has_capability("LOGINDISABLED"):
        raise MailboxWantsToken
    if not plain and not (user.isascii() and password.isascii() and '"' not in user and " " not in user):
        raise MailboxSignIn
    try:
        (connection.plain_login if plain else connection.login)(user, password)
    except LoginError as error:
        # Exchange Online offers both and takes tokens alone.
        if tokens and type(refused_login(error)) is MailboxSignIn:
            raise MailboxSignInOrToken from None
        raise


def _by_token(connection: Connection, user: str, tokens: TokenSource) -> None:
    """With a token, and where that is refused once more with a new one; then a look whether a mailbox is behind it."""
    mechanism = mechanism_for(connection, microsoft=tokens.microsoft)
    token = tokens.token()
    try:
        sign_in_with(connection, mechanism, user, token)
    except Refused:
        try:
            sign_in_with(connection, mechanism, user, tokens.token(token))
        except (Refused, IMAPClientAbortError):
            # Some servers hang up after a refusal; the new token then serves the next connection.
            raise MailboxTokenRefused from None
    try:
        # Exchange says yes to a token that opens no mailbox, and no to the first command after it.
        connection.folder_status("INBOX", ["UIDVALIDITY"])
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        if known := known_words(error):
            raise known from None
