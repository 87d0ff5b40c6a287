"""XOAUTH2 and OAUTHBEARER (RFC 7628): a token instead of a password, and the way out when it is refused.

A server that refuses says why in a challenge, which must be answered before it sends its NO; the library answers it with
the token once more. Here the answer is the one that each mechanism asks for, so that the session can go on.
"""

from enum import StrEnum

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from intake.mail.connection import Connection
from intake.mail.errors import MailboxNoTokens, known_words

_CHALLENGES = 3
"""So many challenges may one sign-in have: the first line, the reason of a refusal, and one to spare."""


class Mechanism(StrEnum):
    """As the capabilities name them."""

    OAUTHBEARER = "OAUTHBEARER"
    XOAUTH2 = "XOAUTH2"


class Refused(Exception):
    """The server said no to this token. Its words are not here."""


def mechanism_for(connection: Connection, *, microsoft: bool) -> Mechanism:
    """The one to use here: OAUTHBEARER where it is offered, for Microsoft, which has its own form of it, XOAUTH2.

    Raises MailboxNoTokens.
    """
    order = [Mechanism.OAUTHBEARER, Mechanism.XOAUTH2]
    for mechanism in reversed(order) if microsoft else order:
        if connection.has_capability(f"AUTH={mechanism}"):
            return mechanism
    raise MailboxNoTokens


def sign_in_with(connection: Connection, mechanism: Mechanism, user: str, token: str) -> None:
    """One try. Raises Refused when the server says no, after which the connection may be used for another try.

    Raises MailboxAsksToWait and MailboxNotConnected where the server says so, and what the library raises for a
    connection that breaks: to be called within `translated_sign_in`.
    """
    asked = 0

    def answer(_challenge: bytes) -> bytes:
        nonlocal asked
        asked += 1
        if asked == 1:
            return _first(mechanism, user, token)
        if asked <= _CHALLENGES:
            return b"" if mechanism is Mechanism.XOAUTH2 else b"\x01"
        raise ValueError("challenges")

    try:
        connection.authenticated(mechanism, answer)
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        raise known_words(error) or Refused from None


def _first(mechanism: Mechanism, user: str, token: str) -> bytes:
    if mechanism is Mechanism.XOAUTH2:
        return f"user={user}\x01auth=Bearer {token}\x01\x01".encode()
    name = user.replace("=", "=3D").replace(",", "=2C")
    return f"n,a={name},\x01auth=Bearer {token}\x01\x01".encode()
