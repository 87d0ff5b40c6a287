"""`settings mailbox`: another way of signing in to the mailbox, and its secret; what `init` needs of it, too.

Secrets come from files or the terminal, never from arguments.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from intake.cli.options import with_options
from intake.cli.output import print_json, say
from intake.cli.sources import ask_secret, read_secret, warn_of_open_file
from intake.config import MailboxConfig, OfficeSettings, checked_use
from intake.errors import WrongUse
from intake.mail.ways import MailboxSecret, MicrosoftDevice, OAuth, Password, TokenWay
from intake.texts import N_, _

if TYPE_CHECKING:
    from intake.mail.code import CodeSignIn

KINDS = ("password", "microsoft-app", "microsoft-device", "oauth")
LARGEST_PEM = 32_768

Kind = Annotated[str | None, N_("password, microsoft-app, microsoft-device or oauth")]
Host = Annotated[str | None, N_("The mail server.")]
Port = Annotated[int | None, N_("Its port; 993 or 143.")]
Account = Annotated[str | None, N_("The mailbox's account.")]
PasswordFile = Annotated[Path | None, N_("The mailbox's password.")]
"""These options and those of `Given` are the same for `init` and for `settings mailbox`, in another order."""


@dataclass(frozen=True, slots=True)
class Given:
    """What was given on the command line about signing in; None is not given, or as it was.

    The fields with a text are options of the commands that take it (`with_options`); the others such a command has itself.
    """

    tenant: Annotated[str | None, N_("Microsoft: the directory (tenant), its ID or domain.")] = None
    client_id: Annotated[str | None, N_("The application's (client) ID.")] = None
    authority: Annotated[str | None, N_("Microsoft: the sign-in service of another cloud (https).")] = None
    token_url: Annotated[str | None, N_("oauth: the token endpoint (https).")] = None
    scope: Annotated[str | None, N_("What the token is for; Microsoft has the usual one.")] = None
    client_auth: Annotated[str | None, N_("oauth: how the secret is sent, basic or post.")] = None
    token_ca_file: Annotated[Path | None, N_("The authority of the sign-in service's certificate (PEM).")] = (
        None
    )
    secret_file: Annotated[Path | None, N_("A file with the secret of the application.")] = None
    certificate_file: Annotated[
        Path | None, N_("microsoft-app: a file with private key and certificate (PEM).")
    ] = None
    refresh_token_file: Annotated[Path | None, N_("oauth: a file with a refresh token.")] = None
    kind: str | None = None
    password_file: Path | None = None

    def way(self, before: Password | TokenWay) -> dict[str, Any]:
        """The way of signing in that is meant, to be checked; what is not given stays as it was in the same way."""
        kind = self.kind or before.kind
        if kind not in KINDS:
            raise WrongUse(problem=_("--sign-in is one of: %(choices)s.") % {"choices": ", ".join(KINDS)})
        values = before.model_dump() if before.kind == kind else {"kind": kind}
        given: dict[str, Any] = {
            "tenant": self.tenant,
            "client_id": self.client_id,
            "authority": self.authority,
            "token_url": self.token_url,
            "scope": self.scope,
            "client_auth": self.client_auth,
        }
        if self.refresh_token_file is not None:
            given["grant"] = "refresh-token"
        if self.token_ca_file is not None:
            given["ca_pem"] = read_pem(self.token_ca_file, "--token-ca-file", "CERTIFICATE")
        return values | {name: value for name, value in given.items() if value is not None}

    def secret(
        self, way: Password | TokenWay, code: Callable[[MicrosoftDevice], MailboxSecret]
    ) -> MailboxSecret | None:
        """The secret from the files that were given; a code is confirmed for it where the way is that. None without."""
        if isinstance(way, MicrosoftDevice):
            return code(way)
        parts = {
            name: read(path, option)
            for name, path, option, read in (
                ("password", self.password_file, "--imap-password-file", read_secret),
                ("client_secret", self.secret_file, "--secret-file", _long_secret),
                ("certificate", self.certificate_file, "--certificate-file", _key_and_certificate),
                ("refresh_token", self.refresh_token_file, "--refresh-token-file", _long_secret),
            )
            if path is not None
        }
        return secret_of(way, parts) if parts else None


def secret_of(way: Password | TokenWay, parts: dict[str, str]) -> MailboxSecret:
    """These parts as the secret of a way; WrongUse when it needs others."""
    try:
        secret = MailboxSecret(way.kind, parts)
    except ValueError:
        secret = None
    if secret is None or not secret.fits(way):
        raise WrongUse(
            problem=_(
                "These files do not go with this way of signing in: password takes --imap-password-file, microsoft-app "
                "takes --secret-file or --certificate-file, oauth takes --secret-file, --refresh-token-file, or both."
            )
        )
    return secret


def asked_secret(way: Password | TokenWay) -> MailboxSecret:
    """The secret, asked on the terminal. Raises NoPassphrase without one."""
    if isinstance(way, Password):
        return MailboxSecret.password(ask_secret(_("Password of the mailbox: ")))
    if isinstance(way, OAuth) and way.grant == "refresh-token":
        return secret_of(way, {"refresh_token": ask_secret(_("Refresh token: "))})
    return secret_of(way, {"client_secret": ask_secret(_("Secret of the application: "))})


def confirmed(sign_in: "CodeSignIn") -> MailboxSecret:
    """Show the code and wait until it is confirmed. On standard error, so that JSON stays alone on the other."""
    from intake.mail.code import Code
    from intake.mail.token_errors import CodeExpired

    for told in sign_in.run():
        if isinstance(told, Code):
            line = _(
                "Open %(address)s in a browser, type the code %(code)s, and sign in as someone who may open the mailbox."
            )
            sys.stderr.write(line % {"address": told.address, "code": told.code} + "\n")
            line = _("Waiting at most %(minutes)d minutes; Ctrl+C stops it.")
            sys.stderr.write(line % {"minutes": max(1, told.seconds // 60)} + "\n")
            sys.stderr.flush()
        elif isinstance(told, MailboxSecret):
            return told
    raise CodeExpired


def read_pem(path: Path, option: str, what: str) -> str:
    """A file in PEM form with a part of that name. Raises WrongUse."""
    try:
        with path.open(encoding="ascii") as file:
            text = file.read(LARGEST_PEM + 1)
    except (OSError, UnicodeDecodeError):
        text = ""
    if f"{what}-----" not in text or len(text) > LARGEST_PEM:
        raise WrongUse(
            problem=_("The file given with %(option)s cannot be read as PEM.") % {"option": option}
        )
    return text


def _long_secret(path: Path, option: str) -> str:
    warn_of_open_file(path)
    return read_secret(path, option)


def _key_and_certificate(path: Path, option: str) -> str:
    from intake.mail.certificates import check_certificate

    warn_of_open_file(path)
    pem = read_pem(path, option, "PRIVATE KEY")
    check_certificate(pem)
    return pem


def register(group: typer.Typer) -> None:
    """Add the command to the group `settings`."""

    @group.command(
        "mailbox",
        help=_(
            "Set how the program signs in to the mailbox, and give its secret. What is left out stays as it is. With "
            "microsoft-device a person confirms a code in a browser."
        ),
    )
    @with_options
    def mailbox(
        context: typer.Context,
        *,
        sign_in: Kind = None,
        imap_host: Host = None,
        imap_port: Port = None,
        imap_user: Account = None,
        imap_password_file: PasswordFile = None,
        given: Given,
    ) -> None:
        given = replace(given, kind=sign_in, password_file=imap_password_file)
        where = {"host": imap_host, "port": imap_port, "user": imap_user}
        with context.obj.desk() as desk:
            before = desk.settings.show()
            box = before.mailbox.model_dump() | {name: v for name, v in where.items() if v is not None}
            box["sign_in"] = given.way(before.mailbox.sign_in)
            settings = checked_use(OfficeSettings, before.model_dump() | {"mailbox": box})
            way = settings.mailbox.sign_in
            secret = given.secret(way, lambda device: confirmed(desk.polling.code(device)))
            if secret is None and _needs_anew(before.mailbox, settings.mailbox):
                secret = asked_secret(way)
            desk.settings.change(settings, mailbox_secret=secret)
        if context.obj.json:
            print_json({"changed": True, "sign_in": way.kind, "secret": secret is not None})
        else:
            say(_("The settings are in force."))


def _needs_anew(before: MailboxConfig, after: MailboxConfig) -> bool:
    """Whether the secret that is kept would be sent to another place, or serve another account."""

    def place(box: MailboxConfig) -> tuple[object, ...]:
        mine = (box.host.casefold(), box.user) if isinstance(box.sign_in, Password) else ()
        return (box.sign_in.kind, box.sign_in.goes_to, mine)

    return place(before) != place(after)
