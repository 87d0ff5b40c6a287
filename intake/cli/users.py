"""`user …`, `passphrase`: the staff, its accounts and absences."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from intake.cli.context import Context
from intake.cli.options import day_option
from intake.cli.output import print_json, say, table
from intake.cli.sources import ask_secret, read_secret, secret_file
from intake.errors import WrongUse
from intake.formats import show_date
from intake.staff import ROLE_WORDS, Role
from intake.texts import N_, _

if TYPE_CHECKING:
    from storage.directory import User

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
        _tell_code(context.obj, account_name(name), code, code_out, {"roles": sorted(role)})

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
                        "secrecy_confirmed_on": u.secrecy_confirmed_on,
                        "absent_until": u.absent_until,
                        "substitute": u.substitute,
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
                _status(u),
            )
            for u in users
        ]
        table(rows, (_("Account"), _("Name"), _("Roles"), _("Status")))

    _register_accounts(group)
    _register_passphrase(app)


def _status(user: "User") -> str:
    said = _(STATUS_WORDS[user.status])
    if user.substitute and user.absent_until:
        until = show_date(date.fromisoformat(user.absent_until))
        said += ", " + _("absent until %(day)s, substitute %(user)s") % {
            "day": until,
            "user": user.substitute,
        }
    return said


def _tell_code(
    context: Context, account: str, code: str, code_out: Path | None, more: dict[str, object]
) -> None:
    if context.json:
        told = {} if code_out else {"code": code}
        print_json({"name": account, **more, "status": "invited", **told})
    elif code_out is None:
        say(_("One-time code of %(user)s: %(code)s") % {"user": account, "code": code})
    else:
        say(_("%(user)s is invited; the one-time code is in the file.") % {"user": account})


def _register_accounts(group: typer.Typer) -> None:
    @group.command(
        help=_(
            "Give a user who forgot the passphrase new keys behind a new one-time code. The old passphrase is worth "
            "nothing from then on."
        )
    )
    def reset(
        context: typer.Context,
        name: Annotated[str, typer.Argument(metavar="NAME", help=_("The account."))],
        code_out: Annotated[Path | None, typer.Option(help=_("A new file for the one-time code."))] = None,
    ) -> None:
        from intake.desk.staff import account_name

        with context.obj.desk() as desk, secret_file(code_out) as keep:
            code = desk.staff.reset(name)
            keep(code)
        _tell_code(context.obj, account_name(name), code, code_out, {})

    @group.command(
        help=_(
            "Help the last team lead who forgot the passphrase, with the printed recovery key. Nobody needs to be signed "
            "in; the team lead then signs in once with the one-time code."
        )
    )
    def recover(
        context: typer.Context,
        name: Annotated[str, typer.Argument(metavar="NAME", help=_("The account of the team lead."))],
        recovery_file: Annotated[
            Path | None, typer.Option(help=_("A file whose first line is the recovery key."))
        ] = None,
        code_out: Annotated[Path | None, typer.Option(help=_("A new file for the one-time code."))] = None,
    ) -> None:
        from intake.desk.staff import account_name
        from intake.desk.staff import recover as recover_account
        from storage.store import open_store

        workstation = context.obj.workstation()
        if recovery_file is not None:
            key = read_secret(recovery_file, "--recovery-file")
        else:
            key = ask_secret(_("Recovery key, as printed: "))
        store = open_store(workstation.store)
        try:
            with secret_file(code_out) as keep:
                code = recover_account(store, name, key, trusted=workstation.fingerprint)
                keep(code)
        finally:
            store.close()
        _tell_code(context.obj, account_name(name), code, code_out, {})

    @group.command(
        help=_(
            "End an account for good. All that it could read gets new keys; its open referrals go to a colleague, or "
            "wait to be assigned."
        )
    )
    def disable(
        context: typer.Context,
        name: Annotated[str, typer.Argument(metavar="NAME", help=_("The account."))],
        to: Annotated[str | None, typer.Option(help=_("Who takes over the open referrals."))] = None,
    ) -> None:
        with context.obj.desk() as desk:
            done = desk.staff.disable(name, to)
        if context.obj.json:
            print_json(
                {
                    "name": done.name,
                    "status": "disabled",
                    "handed_over": list(done.handed_over),
                    "to": done.to,
                    "change_secrets": done.knew_secrets,
                }
            )
            return
        count = {"user": done.name, "count": len(done.handed_over)}
        if done.to:
            say(
                _("%(user)s is disabled; %(count)d open referrals went to %(to)s.")
                % (count | {"to": done.to})
            )
        else:
            say(_("%(user)s is disabled; %(count)d open referrals wait to be assigned.") % count)
        if done.knew_secrets:
            say(
                _(
                    "This account could open the mailbox: have its password changed, and agree on a new archive "
                    "passphrase with the senders."
                )
            )

    @group.command(
        help=_(
            "Note an absence: until that day, included, the substitute reads and works the open referrals. Deadlines go "
            "on."
        )
    )
    def absent(
        context: typer.Context,
        name: Annotated[str, typer.Argument(metavar="NAME", help=_("The account."))],
        until: Annotated[str | None, typer.Option(help=_("The last day, as 2026-11-21."))] = None,
        substitute: Annotated[str | None, typer.Option(help=_("The account of the substitute."))] = None,
        back: Annotated[bool, typer.Option("--back", help=_("The absence is over."))] = False,
    ) -> None:
        day = day_option(until, ahead=True)
        if back == (day is not None or substitute is not None) or (not back and not (day and substitute)):
            raise WrongUse(problem=_("Give --until and --substitute, or --back alone."))
        with context.obj.desk() as desk:
            if day is not None and substitute is not None:
                user = desk.staff.absent(name, day, substitute)
            else:
                user = desk.staff.back(name)
        if context.obj.json:
            print_json({"name": user.name, "absent_until": user.absent_until, "substitute": user.substitute})
        elif user.substitute:
            say(f"{user.name}: {_status(user)}")
        else:
            say(_("%(user)s is back.") % {"user": user.name})


def _register_passphrase(app: typer.Typer) -> None:
    @app.command(
        help=_(
            "Change your passphrase. With --code-file it is your first sign-in: by it you confirm that you are bound "
            "by professional secrecy (beroepsgeheim, art. 458 of the Criminal Code). With --confirm-secrecy you confirm "
            "that again, as is due every year, and keep your passphrase."
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
        confirm_secrecy: Annotated[
            bool,
            typer.Option(
                "--confirm-secrecy",
                help=_("Confirm that you are bound by professional secrecy; nothing else."),
            ),
        ] = False,
    ) -> None:
        if confirm_secrecy:
            if code_file is not None or new_passphrase_file is not None:
                raise WrongUse(problem=_("--confirm-secrecy stands alone."))
            _confirm_secrecy(context.obj)
            return
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


def _confirm_secrecy(context: Context) -> None:
    with context.desk() as desk:
        day = desk.staff.confirm_secrecy()
        name = desk.office.name
    if context.json:
        print_json({"name": name, "secrecy_confirmed_on": day.isoformat()})
    else:
        say(
            _("%(user)s is bound by professional secrecy; confirmed on %(day)s.")
            % {"user": name, "day": show_date(day)}
        )


def _new_passphrase(path: Path | None) -> str:
    if path is not None:
        return read_secret(path, "--new-passphrase-file")
    first = ask_secret(_("New passphrase: "))
    if ask_secret(_("Once more: ")) != first:
        raise WrongUse(problem=_("The two passphrases differ. Try again."))
    return first
