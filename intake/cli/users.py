"""`user add`, `user list`, `passphrase`: the staff."""

from pathlib import Path
from typing import Annotated

import typer

from intake.cli.context import ask_secret, read_secret, secret_file
from intake.cli.output import print_json, say, table
from intake.errors import WrongUse
from intake.staff import ROLE_WORDS, Role
from intake.texts import N_, _

STATUS_WORDS = {"active": N_("active"), "invited": N_("invited"), "disabled": N_("disabled")}


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(help=_("Who works here."), no_args_is_help=True)
    app.add_typer(group, name="user")

    @group.command(
        help=_("Invite a user, who signs in once with the one-time code and then sets a passphrase.")
    )
    def add(
        context: typer.Context,
        name: Annotated[
            str, typer.Argument(metavar="NAME", help=_("The account name, or the person's name."))
        ],
        role: Annotated[list[Role], typer.Option(help=_("A role; may be given several times."))],
        code_out: Annotated[Path | None, typer.Option(help=_("A new file for the one-time code."))] = None,
    ) -> None:
        from intake.desk.staff import account_name

        with context.obj.desk() as desk, secret_file(code_out) as keep:
            code = desk.staff.add(name, role)
            keep(code)
        account = account_name(name)
        if context.obj.json:
            print_json(
                {"name": account, "roles": sorted(role), "status": "invited"}
                | ({} if code_out else {"code": code})
            )
        elif code_out is None:
            say(_("One-time code of %(user)s: %(code)s") % {"user": account, "code": code})
        else:
            say(_("%(user)s is invited; the one-time code is in the file.") % {"user": account})

    @group.command("list", help=_("The accounts and their roles."))
    def list_(context: typer.Context) -> None:
        with context.obj.desk() as desk:
            users = desk.staff.users()
        if context.obj.json:
            print_json(
                [
                    {
                        "name": u.name,
                        "display_name": u.display_name,
                        "roles": sorted(u.roles),
                        "status": u.status,
                    }
                    for u in users
                ]
            )
            return
        rows = [
            (
                u.name,
                u.display_name,
                ", ".join(_(ROLE_WORDS[Role(r)]) for r in sorted(u.roles)),
                _(STATUS_WORDS[u.status]),
            )
            for u in users
        ]
        table(rows, (_("Account"), _("Name"), _("Roles"), _("Status")))

    @app.command(
        help=_(
            "Change your passphrase. With --code-file it is your first sign-in: by it you confirm that you are bound "
            "by professional secrecy (beroepsgeheim, art. 458 of the Criminal Code)."
        )
    )
    def passphrase(
        context: typer.Context,
        code_file: Annotated[
            Path | None, typer.Option(help=_("A file whose first line is the one-time code."))
        ] = None,
        new_passphrase_file: Annotated[
            Path | None, typer.Option(help=_("A file whose first line is the new passphrase."))
        ] = None,
    ) -> None:
        workstation = context.obj.workstation()
        user = context.obj.user_name(workstation)
        if code_file is None:
            with context.obj.desk() as desk:
                desk.staff.change_passphrase(_new_passphrase(new_passphrase_file))
        else:
            from intake.desk.office import utc_now
            from intake.desk.staff import account_name, first_sign_in
            from intake.workdays import local_date
            from storage.directory import Directory
            from storage.store import open_store

            code = read_secret(code_file, "--code-file")
            new = _new_passphrase(new_passphrase_file)
            store = open_store(workstation.store)
            try:
                trusted = workstation.fingerprint
                first_sign_in(store, account_name(user), code, new, local_date(utc_now()), trusted=trusted)
                workstation.remember(Directory.load(store.snapshot()).fingerprint)
            finally:
                store.close()
        if context.obj.json:
            print_json({"name": user, "status": "active"})
        else:
            say(_("The passphrase is set."))


def _new_passphrase(path: Path | None) -> str:
    if path is not None:
        return read_secret(path, "--new-passphrase-file")
    first = ask_secret(_("New passphrase: "))
    if ask_secret(_("Once more: ")) != first:
        raise WrongUse(problem=_("The two passphrases differ. Try again."))
    return first
