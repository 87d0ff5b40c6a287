"""A live test of the mailbox in steps, each with what was found and, where it failed, what to do about it.

Opens folders; changes no message and makes no folder. Where the secret is kept is not known here. `doctor` tells the
same in one line.
"""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from intake.errors import MailboxError, sentence
from intake.mail.connection import Connection
from intake.mail.errors import MailboxSignIn, MailboxSignInOrToken, translated, translated_sign_in
from intake.mail.folders import Folders
from intake.mail.health import MailboxHealth, examine_health
from intake.mail.signin import Credential, MailboxSettings, Security, secure_connection, sign_in
from intake.plaintext import clean_line
from intake.texts import N_, _
from storage.errors import Refusal

__all__ = ["STEP_WORDS", "CheckStep", "Finding", "MailboxCheck", "Verdict"]

STEP_SECONDS = 10.0
"""So long a step may wait for the network before it counts as failed."""


class CheckStep(StrEnum):
    """In the order in which they are taken."""

    NAME = "name"
    CONNECT = "connect"
    CERTIFICATE = "certificate"
    SIGN_IN = "sign-in"
    FOLDERS = "folders"
    RIGHTS = "rights"
    MOVE = "move"
    UIDPLUS = "uidplus"
    IDLE = "idle"
    SPECIAL_USE = "special-use"


STEP_WORDS: dict[CheckStep, str] = {
    CheckStep.NAME: N_("name of the server"),
    CheckStep.CONNECT: N_("connection"),
    CheckStep.CERTIFICATE: N_("certificate"),
    CheckStep.SIGN_IN: N_("sign-in"),
    CheckStep.FOLDERS: N_("folders"),
    CheckStep.RIGHTS: N_("rights"),
    CheckStep.MOVE: N_("moving (MOVE)"),
    CheckStep.UIDPLUS: N_("removing (UIDPLUS)"),
    CheckStep.IDLE: N_("telling at once (IDLE)"),
    CheckStep.SPECIAL_USE: N_("drafts (SPECIAL-USE)"),
}


class Verdict(StrEnum):
    """GOOD; LESS, which works with a drawback; BAD, with which the program cannot work; SKIPPED after a bad one."""

    GOOD = "good"
    LESS = "less"
    BAD = "bad"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one step found, in the user's language. Of what a server said it holds folder names alone, made plain."""

    step: CheckStep
    verdict: Verdict
    said: str


class _Failed(Exception):
    """A step that the next ones need did not go well; the argument is the sentence for it."""


class MailboxCheck:
    """One test of one mailbox, run once. `cancel` may be called from another thread."""

    def __init__(
        self, settings: MailboxSettings, credential: Credential, *, seconds: float = STEP_SECONDS
    ) -> None:
        self._settings = replace(settings, timeout_seconds=min(seconds, settings.timeout_seconds))
        self.credential = credential
        self._seconds = seconds
        self._connection: Connection | None = None
        self._cancelled = threading.Event()

    def __repr__(self) -> str:
        return "MailboxCheck(…)"

    def cancel(self) -> None:
        """Stop: what waits for the server is cut off, and no further step is told."""
        self._cancelled.set()
        connection = self._connection
        if connection is not None:
            with contextlib.suppress(Exception):
                connection.socket().shutdown(socket.SHUT_RDWR)

    def run(self) -> Iterator[Finding]:
        """Take the steps, telling each when it is known; ends early only when cancelled. Raises nothing."""
        told: set[CheckStep] = set()
        try:
            for finding in self._findings():
                if self._cancelled.is_set():
                    return
                told.add(finding.step)
                yield finding
        finally:
            self._close()
        for step in CheckStep:
            if step not in told and not self._cancelled.is_set():
                yield Finding(step, Verdict.SKIPPED, _("not tried"))

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(Exception):
                connection.socket().settimeout(2)
                connection.logout()
            with contextlib.suppress(Exception):
                connection.shutdown()

    def _findings(self) -> Iterator[Finding]:
        step = CheckStep.NAME
        try:
            for step, look in (
                (CheckStep.NAME, self._name),
                (CheckStep.CONNECT, self._connect),
                (CheckStep.CERTIFICATE, self._certificate),
                (CheckStep.SIGN_IN, self._sign_in),
            ):
                if self._cancelled.is_set():
                    return
                yield Finding(step, Verdict.GOOD, look())
            step = CheckStep.FOLDERS
            assert self._connection is not None
            health = self._health(self._connection)
        except _Failed as failure:
            yield Finding(step, Verdict.BAD, str(failure))
        except Refusal as error:
            yield Finding(step, Verdict.BAD, sentence(error))
        else:
            yield self._folders(health)
            yield from _abilities(health)

    # -- the steps that need those before them ----------------------------------------------------------------------

    def _name(self) -> str:
        """Looked up in a thread of its own, since the system's look-up knows no time limit."""
        host = self._settings.host
        found: list[str] = []

        def look() -> None:
            with contextlib.suppress(OSError, UnicodeError):
                answers = socket.getaddrinfo(host, self._settings.port, type=socket.SOCK_STREAM)
                found.extend(dict.fromkeys(str(answer[4][0]) for answer in answers))

        looking = threading.Thread(target=look, name="look-up", daemon=True)
        looking.start()
        looking.join(self._seconds)
        if not found:
            raise _Failed(
                _(
                    "The name %(host)s is not known. Check how it is written; if it is right, this machine has no network "
                    "or no name server."
                )
                % {"host": host}
            )
        return _("%(host)s is %(address)s") % {"host": host, "address": found[0]}

    def _connect(self) -> str:
        where = {"host": self._settings.host, "port": self._settings.port}
        try:
            with socket.create_connection((self._settings.host, self._settings.port), timeout=self._seconds):
                pass
        except ConnectionRefusedError:
            raise _Failed(
                _(
                    "Nothing listens on port %(port)d of %(host)s. The usual ports are 993 (tls) and 143 (starttls); ask "
                    "the mail administrator which one it is."
                )
                % where
            ) from None
        except TimeoutError:
            raise _Failed(
                _(
                    "Port %(port)d of %(host)s gives no answer. Most often a firewall stands in between: ask to open this "
                    "port from this machine."
                )
                % where
            ) from None
        except OSError:
            raise _Failed(
                _("%(host)s cannot be reached from this machine. Check the network.") % where
            ) from None
        return _("port %(port)d answers") % where

    def _certificate(self) -> str:
        settings = self._settings
        with translated_sign_in(settings.host, settings.port):
            try:
                self._connection = secure_connection(settings)
            except ssl.SSLCertVerificationError as error:
                raise _Failed(_why_untrusted(error, settings.host)) from None
            except ssl.SSLError:
                raise _Failed(self._no_tls()) from None
            except TimeoutError:
                raise _Failed(self._no_tls()) from None
        return _("trusted, of %(host)s, %(tls)s") % {
            "host": settings.host,
            "tls": self._connection.tls_version,
        }

    def _no_tls(self) -> str:
        other = "starttls" if self._settings.security is Security.TLS else "tls"
        return _(
            "The server does not begin with a secure connection on port %(port)d, so nothing was sent. Choose the other "
            "kind of security (%(other)s), with its port."
        ) % {"port": self._settings.port, "other": other}

    def _sign_in(self) -> str:
        settings = self._settings
        assert self._connection is not None
        try:
            with translated_sign_in(settings.host, settings.port):
                sign_in(self._connection, settings.user, self.credential)
        except MailboxSignInOrToken as error:
            raise _Failed(sentence(error)) from None
        except MailboxSignIn:
            raise _Failed(
                _(
                    "The server does not accept this account and password. Type both anew; for a mailbox with two-step "
                    "sign-in ask the mail administrator for an app password, and whether IMAP is allowed."
                )
            ) from None
        except MailboxError as error:
            raise _Failed(sentence(error)) from None
        return _("signed in as %(user)s") % {"user": settings.user}

    def _health(self, connection: Connection) -> MailboxHealth:
        try:
            with translated():
                return examine_health(connection, Folders(connection), self._settings)
        except MailboxError as error:
            raise _Failed(sentence(error)) from None

    # -- what a signed-in session tells -----------------------------------------------------------------------------

    def _folders(self, health: MailboxHealth) -> Finding:
        settings = self._settings
        step = CheckStep.FOLDERS
        # The inbox stands in the answer by the server's name, as do the others.
        if any(name.upper() == settings.inbox.upper() for name in health.missing):
            said = _("There is no folder %(folder)s to poll. Check its name with the mail administrator.")
            return Finding(step, Verdict.BAD, said % {"folder": settings.inbox})
        if health.unreadable:
            said = _(
                "%(count)d folders are listed and do not open, so that a message moved there could not be found again. "
                "Ask for the right to read them."
            )
            return Finding(step, Verdict.LESS, said % {"count": len(health.unreadable)})
        said = _("%(count)d folders") % {"count": len(health.folders)}
        if health.missing:
            made = _("%(folders)s will be made at the first poll")
            said += ", " + made % {"folders": ", ".join(health.missing)}
        return Finding(step, Verdict.GOOD, said)


def _abilities(health: MailboxHealth) -> Iterator[Finding]:
    has = frozenset(health.capabilities)
    if health.can_move:
        yield Finding(CheckStep.RIGHTS, Verdict.GOOD, _("messages may be moved and removed"))
    else:
        yield Finding(
            CheckStep.RIGHTS,
            Verdict.BAD,
            _(
                "The account may not move or remove messages in these folders. Ask the mail administrator for full access "
                "to the mailbox, not for reading alone."
            ),
        )
    if "MOVE" in has:
        yield Finding(CheckStep.MOVE, Verdict.GOOD, _("the server moves messages in one step"))
    else:
        yield Finding(CheckStep.MOVE, Verdict.LESS, _("Missing: moving copies and then removes. That works."))
    if "UIDPLUS" in has:
        yield Finding(CheckStep.UIDPLUS, Verdict.GOOD, _("single messages can be removed"))
    else:
        yield Finding(
            CheckStep.UIDPLUS,
            Verdict.LESS,
            _(
                "Missing: messages are marked as deleted, and removed when nobody else has marked any in that folder. Until "
                "then they stay to discard (P3)."
            ),
        )
    if "IDLE" in has:
        yield Finding(CheckStep.IDLE, Verdict.GOOD, _("the server can tell of new messages at once"))
    else:
        yield Finding(
            CheckStep.IDLE, Verdict.LESS, _("Missing: new messages are seen at the next poll. That works.")
        )
    if health.drafts and "SPECIAL-USE" in has:
        said = _("drafts go to %(folder)s") % {"folder": clean_line(health.drafts)}
        yield Finding(CheckStep.SPECIAL_USE, Verdict.GOOD, said)
    else:
        folder = clean_line(health.drafts or "Drafts")
        said = _("Not told by the server: drafts go to the folder %(folder)s. Look for them there.")
        yield Finding(CheckStep.SPECIAL_USE, Verdict.LESS, said % {"folder": folder})


_EXPIRED, _NOT_YET = 10, 9
_UNKNOWN_AUTHORITY = frozenset({2, 18, 19, 20, 21})
_OTHER_NAME = frozenset({62, 64})


def _why_untrusted(error: ssl.SSLCertVerificationError, host: str) -> str:
    """By OpenSSL's number of the fault; no password was sent."""
    code = error.verify_code
    if code in (_EXPIRED, _NOT_YET):
        why = _(
            "The certificate of %(host)s is out of date, or the clock of this machine is wrong. Look at the clock; "
            "otherwise the mail administrator must renew it."
        )
    elif code in _OTHER_NAME:
        why = _(
            "The certificate is not of %(host)s but of another name. Give the server's name as the certificate has it."
        )
    elif code in _UNKNOWN_AUTHORITY:
        why = _(
            "The certificate of %(host)s is not of a trusted authority. If the office has its own authority, give the "
            "file with its certificate (PEM)."
        )
    else:
        why = _("The certificate of %(host)s is not trusted. Ask the mail administrator.")
    return why % {"host": host} + " " + _("No password was sent.")
