"""`init` and `settings`: setting up an office, and changing its terms."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from intake.cli import mailbox
from intake.cli.options import day_option, with_options
from intake.cli.output import print_json, say
from intake.cli.sources import ask_secret, read_secret
from intake.cli.sources import secret_file as new_secret_file
from intake.config import (
    DEFAULT_SENDER,
    PORTS,
    MailboxConfig,
    OfficeSettings,
    Workstation,
    checked_use,
    config_path,
    save_workstation,
)
from intake.errors import WrongUse
from intake.mail.ways import MailboxSecret, MicrosoftDevice, Password
from intake.texts import _, language


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""

    @app.command(
        help=_(
            "Set up a new office: store, first team lead, mailbox. Asks what is not given. By it the team lead confirms "
            "to be bound by professional secrecy (beroepsgeheim, art. 458 of the Criminal Code)."
        )
    )
    @with_options
    def init(
        context: typer.Context,
        *,
        store: Annotated[Path | None, typer.Option(help=_("A new folder for the store."))] = None,
        lead: Annotated[str | None, typer.Option(help=_("The first team lead."))] = None,
        passphrase_file: Annotated[Path | None, typer.Option(help=_("The team lead's passphrase."))] = None,
        recovery_out: Annotated[Path | None, typer.Option(help=_("A new file for the recovery key."))] = None,
        imap_host: mailbox.Host = None,
        imap_port: mailbox.Port = None,
        imap_security: Annotated[str, typer.Option(help=_("tls or starttls"))] = "tls",
        imap_user: mailbox.Account = None,
        imap_password_file: mailbox.PasswordFile = None,
        sign_in: mailbox.Kind = None,
        given: mailbox.Given,
        ca_file: Annotated[
            Path | None, typer.Option(help=_("The authority of the server's certificate."))
        ] = None,
        archive_passphrase_file: Annotated[
            list[Path] | None,
            typer.Option(help=_("A passphrase of the archives; may be given several times.")),
        ] = None,
        postcode: Annotated[list[str] | None, typer.Option(help=_("A postcode of the municipality."))] = None,
        trusted_sender: Annotated[
            list[str] | None, typer.Option(help=_("A domain or address that may send referrals."))
        ] = None,
        ocmw: Annotated[str, typer.Option(help=_("The name of the OCMW."))] = "",
        in_force_from: Annotated[
            str | None, typer.Option(help=_("From when the agreement is in force; today when left out."))
        ] = None,
        visibility: Annotated[str, typer.Option(help=_("assigned, or team"))] = "assigned",
        case_files: Annotated[str, typer.Option(help=_("external, or local"))] = "external",
    ) -> None:
        from intake.desk.office import utc_now
        from intake.desk.settings import Founding, found
        from intake.desk.staff import account_name
        from intake.workdays import local_date
        from storage.directory import Directory

        if imap_security not in PORTS:
            raise WrongUse(problem=_("--imap-security is tls or starttls."))
        store = store or Path(_ask(_("Folder for the store"), "--store"))
        lead = lead or _ask(_("Name of the first team lead"), "--lead")
        host = imap_host or _ask(_("Mail server"), "--imap-host")
        account = imap_user or _ask(_("Account of the mailbox"), "--imap-user")
        passphrase = _secret(passphrase_file, "--passphrase-file", _("Passphrase of the team lead: "))
        given = replace(given, kind=sign_in, password_file=imap_password_file)
        way = given.way(Password())
        key = None
        if way["kind"] == "password":
            key = given.secret(Password(), _code) or mailbox.asked_secret(Password())
        archives = [read_secret(path, "--archive-passphrase-file") for path in archive_passphrase_file or []]
        archives = archives or [ask_secret(_("Passphrase of the archives: "))]
        path = config_path(context.obj.config)
        if path.exists():
            raise WrongUse(
                problem=_(
                    "There is a configuration at %(path)s already. Name another with --config, or remove it."
                )
                % {"path": path}
            )
        start = day_option(in_force_from) or local_date(utc_now())
        values = {
            "mailbox": MailboxConfig.model_construct(
                host=host,
                port=PORTS[imap_security] if imap_port is None else imap_port,
                security=imap_security,
                user=account,
                ca_pem=_read_ca(ca_file),
            ).model_dump()
            | {"sign_in": way},
            "agreement": {"ocmw": ocmw, "in_force_from": start},
            "postcodes": postcode or (),
            "trusted_senders": trusted_sender or (DEFAULT_SENDER,),
            "visibility": visibility,
            "case_files": case_files,
        }
        settings = checked_use(OfficeSettings, values)
        known = settings.mailbox.sign_in
        key = key or given.secret(known, _code) or mailbox.asked_secret(known)
        location = store.expanduser().resolve()
        word = _("passphrase")
        labelled = [(f"{word} {i}", secret) for i, secret in enumerate(archives, 1)]
        with new_secret_file(recovery_out) as keep:
            founded = found(Founding(location, lead, passphrase, settings, "", labelled, mailbox_secret=key))
            keep(founded.recovery_key)
        fingerprint = Directory.load(founded.store.snapshot()).fingerprint
        founded.store.close()
        save_workstation(
            path,
            Workstation.model_validate(
                {
                    "store": location,
                    "user": account_name(lead),
                    "language": language(),
                    "fingerprint": fingerprint,
                }
            ),
        )
        if context.obj.json:
            result = {"config": str(path), "store": str(location), "lead": account_name(lead)}
            print_json(result if recovery_out else result | {"recovery_key": founded.recovery_key})
            return
        say(_("The office is set up. The configuration is in %(path)s.") % {"path": path})
        if recovery_out is None:
            say(
                _("Recovery key, to print and keep in a safe; it is stored nowhere: %(key)s")
                % {"key": founded.recovery_key}
            )
        else:
            say(_("Print the recovery key from its file, keep the paper in a safe, and delete the file."))

    group = typer.Typer(help=_("The office's settings."), no_args_is_help=True)
    app.add_typer(group, name="settings")
    mailbox.register(group)

    @group.command(help=_("Show the settings in force, as JSON."))
    def show(context: typer.Context) -> None:
        with context.obj.desk() as desk:
            print_json(desk.settings.show().model_dump(mode="json"))

    @group.command("set", help=_("Put the settings of a JSON file in force; 'settings show' gives the form."))
    def set_(context: typer.Context, file: Annotated[Path, typer.Argument(metavar="FILE")]) -> None:
        import orjson

        try:
            values = orjson.loads(file.read_bytes())
        except (OSError, ValueError):
            raise WrongUse(problem=_("The settings file cannot be read as JSON.")) from None
        if not isinstance(values, dict):
            raise WrongUse(problem=_("The settings file cannot be read as JSON."))
        with context.obj.desk() as desk:
            desk.settings.change(checked_use(OfficeSettings, values))
        if context.obj.json:
            print_json({"changed": True})
        else:
            say(_("The settings are in force."))


def _ask(question: str, option: str) -> str:
    if not sys.stdin.isatty():
        raise WrongUse(
            problem=_("%(option)s is missing, and there is no terminal to ask it on.") % {"option": option}
        )
    answer = input(f"{question}: ").strip()
    if not answer:
        raise WrongUse(problem=_("%(option)s is missing.") % {"option": option})
    return answer


def _code(way: MicrosoftDevice) -> MailboxSecret:
    """Nobody is signed in yet: no desk to ask."""
    from intake.mail.code import CodeSignIn

    return mailbox.confirmed(CodeSignIn(way))


def _secret(path: Path | None, option: str, question: str) -> str:
    return read_secret(path, option) if path is not None else ask_secret(question)


def _read_ca(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        raise WrongUse(
            problem=_("The file given with --ca-file cannot be read as a PEM certificate.")
        ) from None
    if "-----BEGIN CERTIFICATE-----" not in text:
        raise WrongUse(problem=_("The file given with --ca-file cannot be read as a PEM certificate."))
    return text
