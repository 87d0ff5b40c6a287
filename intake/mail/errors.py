"""What can go wrong with the mailbox, one class a meaning, and the one place where others' errors become these.

The words of a server or library never travel along (`from None`): they may repeat a password or a line of a message.
"""

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from imapclient.exceptions import (
    CapabilityError,
    IMAPClientAbortError,
    IMAPClientError,
    LoginError,
    ProtocolError,
)

from intake.errors import MailboxError
from intake.mail.connection import OverLimit
from intake.texts import N_

# What the library's parser lets through when an answer is not what it expects.
_ODD_ANSWER = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    RecursionError,
    ArithmeticError,
    AssertionError,
)


class MailboxUnreachable(MailboxError):
    """No connection: name, port, network or server."""

    template = N_(
        "The mail server %(host)s (port %(port)s) cannot be reached. Check the network and the host and port in the settings."
    )


class MailboxCertificate(MailboxError):
    """The server's certificate is not of a trusted authority, not for this host, or out of date."""

    template = N_(
        "The certificate of the mail server %(host)s is not trusted, so no password was sent. "
        "Ask your administrator to check the host name and 'ca_file' in the settings."
    )


class MailboxInsecure(MailboxError):
    """The server offers no usable TLS on this port."""

    template = N_(
        "The mail server %(host)s (port %(port)s) offers no secure connection, so no password was sent. "
        "Check port and security (tls or starttls) in the settings."
    )


class MailboxAuthority(MailboxError):
    """The file with the certificate authority cannot be used."""

    template = N_(
        "The file 'ca_file' of the mailbox cannot be read as certificates (PEM). Check it in the settings."
    )
    exit_code = 3


class MailboxSignIn(MailboxError):
    """The server refused user name or password."""

    template = N_(
        "The mail server did not accept the user name or password of the mailbox. "
        "Check both; if the password was changed, enter the new one in the settings."
    )


class MailboxSignInOrToken(MailboxSignIn):
    """The server refused user name or password, and would take a token."""

    template = N_(
        "The mail server did not accept the user name or password of the mailbox. It takes tokens too, and Microsoft 365 "
        "nothing else: choose that way with 'ocmw-intake settings mailbox --sign-in', or check both."
    )


class MailboxBusy(MailboxError):
    """The server cannot check a sign-in now."""

    template = N_("The mail server cannot sign anyone in at the moment. Try again in a few minutes.")


LONGEST_WAIT_SECONDS = 3600.0


class MailboxAsksToWait(MailboxBusy):
    """The server asks for quiet and says how long, as Exchange does. Values: seconds, from 1 to an hour."""

    template = N_(
        "The mail server has too much to do and asks to be left alone for %(seconds)d seconds. Try again after that."
    )

    @property
    def wait_seconds(self) -> float:
        """So long nothing should be asked of it."""
        return float(str(self.values["seconds"]))


class MailboxTokenRefused(MailboxError):
    """The server accepts no token, not even one that was made a moment ago."""

    template = N_(
        "The mail server does not accept the token. Check the account of the mailbox, the scope, and that the application "
        "or person may open this mailbox."
    )


class MailboxNotConnected(MailboxError):
    """The token is good and opens no mailbox: "User is authenticated but not connected" of Exchange."""

    template = N_(
        "The sign-in succeeded, but the mail server opens no mailbox for it. Check three things: that the account is the "
        "address of a mailbox with a licence or a shared one; that the application's service principal has FullAccess to "
        "it (Add-MailboxPermission); and that the scope is the one for IMAP."
    )


class MailboxNoTokens(MailboxError):
    """The server offers neither XOAUTH2 nor OAUTHBEARER."""

    template = N_(
        "The mail server cannot sign anyone in by a token. Choose the password as the way of signing in, or ask the mail "
        "administrator to allow OAuth for IMAP."
    )


class MailboxWantsToken(MailboxError):
    """The server takes no password and does take tokens, as Microsoft 365 does."""

    template = N_(
        "The mail server takes no passwords, only tokens. Choose another way of signing in with 'ocmw-intake settings "
        "mailbox --sign-in', for Microsoft 365 microsoft-app."
    )


class MailboxLost(MailboxError):
    """The connection broke or stood still while it was in use."""

    template = N_("The connection to the mailbox broke off. Nothing was lost; try again.")


class MailboxRefused(MailboxError):
    """The server said no to a request."""

    template = N_(
        "The mail server refused a step in the mailbox. Try again; if it goes on, run 'ocmw-intake doctor' to check the rights."
    )


class MailboxProtocol(MailboxError):
    """The server's answer cannot be understood, or is larger or slower than any honest answer."""

    template = N_(
        "The mail server gave an answer that cannot be used. Try again; if it goes on, tell the mail administrator."
    )


class MailboxOverLimit(MailboxProtocol):
    """An answer was over a limit, and its rest is still on the line: this connection is of no more use."""


class MailboxFolder(MailboxError):
    """A folder is missing or cannot be opened."""

    template = N_(
        "The mailbox has no folder %(folder)s that can be opened. Check the folders in the settings."
    )


class MailboxRenumbered(MailboxError):
    """The folder was made anew on the server: every message has another number (UIDVALIDITY)."""

    template = N_(
        "The folder %(folder)s was rebuilt on the mail server. Poll again to see its messages anew."
    )


class MailboxReadOnly(MailboxError):
    """The folder may be read but not changed."""

    template = N_(
        "The folder %(folder)s may only be read. Ask the mail administrator for the right to move and delete messages."
    )


class MailboxNotMoved(MailboxError):
    """Messages are still where they were after a move that the server called done."""

    template = N_(
        "%(count)s message(s) could not be moved to %(folder)s. Try again; if it goes on, check the rights on the mailbox."
    )


class MailboxNotRemoved(MailboxError):
    """Messages are still there after a removal that the server called done."""

    template = N_(
        "%(count)s message(s) could not be removed from the mailbox. They stay on the list to discard; check the rights on the mailbox."
    )


class MailboxWaitsToRemove(MailboxNotRemoved):
    """Marked for removal where the server cannot remove single messages (no UIDPLUS) and others' are marked too."""

    template = N_(
        "%(count)s message(s) are marked for removal and still lie in the mailbox: the mail server can only remove all marked "
        "messages at once, and colleagues have marked others. It is tried again; ask them to empty their deleted items."
    )


_BACKOFF = re.compile(r"suggested backoff time:\s*([0-9]{1,12})\s*milliseconds", re.IGNORECASE)
_NOT_CONNECTED = "authenticated but not connected"


def known_words(error: Exception) -> MailboxError | None:
    """What the server's words for a refusal mean, where they are among the few that have a meaning for us."""
    said = str(error)[:4000]
    if wait := _BACKOFF.search(said):
        seconds = min(max(int(wait[1]) / 1000, 1.0), LONGEST_WAIT_SECONDS)
        return MailboxAsksToWait(seconds=seconds)
    return MailboxNotConnected() if _NOT_CONNECTED in said.lower() else None


def refused_login(error: LoginError) -> MailboxError | None:
    """What a refused sign-in means; None for a connection that broke during it."""
    # The library makes a LoginError of a broken connection too, and keeps that only as context.
    if isinstance(error.__context__, IMAPClientAbortError):
        return known_words(error)
    if known := known_words(error):
        return known
    return MailboxBusy() if "[UNAVAILABLE]" in str(error).upper() else MailboxSignIn()


@contextmanager
def translated() -> Iterator[None]:
    """Turn what libraries raise during a session into one of the errors above; ours pass unchanged."""
    try:
        yield
    except OverLimit:
        raise MailboxOverLimit from None
    except ProtocolError:
        raise MailboxProtocol from None
    except (IMAPClientAbortError, OSError, EOFError) as error:
        raise known_words(error) or MailboxLost() from None
    except IMAPClientError as error:
        raise known_words(error) or MailboxRefused() from None
    except _ODD_ANSWER:
        raise MailboxProtocol from None


@contextmanager
def translated_sign_in(host: str, port: int) -> Iterator[None]:
    """As `translated`, for the way from nothing to a signed-in session."""
    try:
        yield
    except ssl.SSLCertVerificationError:
        raise MailboxCertificate(host=host) from None
    except CapabilityError:
        raise MailboxInsecure(host=host, port=port) from None
    except LoginError as error:
        raise refused_login(error) or MailboxUnreachable(host=host, port=port) from None
    except ssl.SSLEOFError:
        raise MailboxUnreachable(host=host, port=port) from None
    except ssl.SSLError:
        raise MailboxInsecure(host=host, port=port) from None
    except (IMAPClientError, OSError, EOFError) as error:
        raise known_words(error) or MailboxUnreachable(host=host, port=port) from None
    except (OverLimit, *_ODD_ANSWER):
        raise MailboxProtocol from None
