"""`backup create|list|verify|restore`: the store, the keys and the log as one file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from intake.cli.output import print_json, say, table
from intake.formats import show_moment, show_number
from intake.memory import memory_folder
from intake.rows import iso
from intake.texts import N_, _

if TYPE_CHECKING:
    from intake.desk.restoring import Outcome
    from storage.backup import Listed

FileArgument = Annotated[
    Path, typer.Argument(metavar="FILE", help=_("The backup: a path, or a name from the list."))
]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(help=_("Backups of the store, its keys and its log."), no_args_is_help=True)
    app.add_typer(group, name="backup")

    @group.command(help=_("Make a backup now. One is made by itself at the first change of each day."))
    def create(context: typer.Context) -> None:
        with context.obj.desk() as desk:
            path = desk.backups.create()
        if context.obj.json:
            print_json({"file": path.name, "folder": str(path.parent), "size": path.stat().st_size})
        else:
            say(_("The backup is %(path)s.") % {"path": path})

    @group.command("list", help=_("The backups, newest first. Also works when the store is damaged."))
    def list_(
        context: typer.Context,
        folder: Annotated[
            Path | None, typer.Option(help=_("Look in this folder instead of the one that is set."))
        ] = None,
    ) -> None:
        from intake.desk.backups import folder_of, known_plan
        from storage.backup import listed

        workstation = context.obj.workstation()
        plan, identity = known_plan(workstation.store, workstation.fingerprint)
        where = folder or (folder_of(workstation.store, None) if plan is None else plan.folder)
        found = listed(where, identity)
        if context.obj.json:
            print_json([_listed_json(one) for one in found])
            return
        if plan is None and folder is None:
            say(
                _(
                    "The store cannot be read, so the folder that is set is not known. With --folder another is looked in."
                )
            )
        if not found:
            say(_("There are no backups in %(folder)s.") % {"folder": where})
            return
        rows = [
            (
                one.path.name,
                show_moment(one.made_at),
                str(one.generation),
                _megabytes(one.size),
                _("damaged files, set aside") if one.damaged else "",
            )
            for one in found
        ]
        say(str(where))
        table(rows, (_("File"), _("Made on"), _("State"), "MB", ""))

    @group.command(help=_("Check a backup: its files, the rows, the users and every entry of the log."))
    def verify(context: typer.Context, file: FileArgument) -> None:
        from intake.desk.backups import known_plan
        from intake.desk.restoring import find
        from intake.rows import REFERRALS
        from storage.backup import verify as check

        workstation = context.obj.workstation()
        _plan, identity = known_plan(workstation.store, workstation.fingerprint)
        path = find(workstation.store, file, workstation.fingerprint)
        contents = check(path, identity, trusted=workstation.fingerprint)
        count = len(contents.active.get(REFERRALS, {}))
        if context.obj.json:
            print_json(
                {
                    "ok": True,
                    "file": path.name,
                    "made_at": iso(contents.manifest.made_at),
                    "purpose": contents.manifest.purpose.value,
                    "generation": contents.manifest.generation,
                    "referrals": count,
                    "log_entries": contents.head.seq,
                }
            )
            return
        say(
            _("%(file)s is whole: made on %(when)s, %(count)d open referrals, %(entries)d log entries.")
            % {
                "file": path.name,
                "when": show_moment(contents.manifest.made_at),
                "count": count,
                "entries": contents.head.seq,
            }
        )

    @group.command(
        help=_(
            "Put a backup back. What stands there now is set aside first, the log goes on, and what was discarded since "
            "does not come back."
        )
    )
    def restore(context: typer.Context, file: FileArgument) -> None:
        from intake.desk.desk import SIGN_INS_FILE
        from intake.desk.office import utc_now
        from intake.desk.restoring import find, restore_backup
        from storage.patience import Patience

        workstation = context.obj.workstation()
        user = context.obj.user_name(workstation)
        path = find(workstation.store, file, workstation.fingerprint)
        done = restore_backup(
            workstation.store,
            path,
            user,
            context.obj.passphrase(user),
            trusted=workstation.fingerprint,
            patience=Patience(memory_folder(workstation) / SIGN_INS_FILE, utc_now),
        )
        if context.obj.json:
            print_json(
                {
                    "file": path.name,
                    "made_at": iso(done.made_at),
                    "generation": done.restored.generation,
                    "aside": str(done.restored.aside),
                    "was_damaged": done.restored.was_damaged,
                    "log_mended": done.restored.log_mended,
                    "discards": list(done.discards),
                    "accounts": list(done.accounts),
                    "unsealed": done.unsealed,
                }
            )
            return
        for words, values in _sentences(done):
            say(_(words) % values)


def _sentences(done: "Outcome") -> list[tuple[str, dict[str, Any]]]:
    """What a restore has to say, as message ids and their values."""
    said: list[tuple[str, dict[str, Any]]] = [
        (N_("The backup of %(when)s is put back."), {"when": show_moment(done.made_at)}),
        (
            N_("The damaged files are kept in %(path)s until the next discard.")
            if done.restored.was_damaged
            else N_("What stood there before is in %(path)s."),
            {"path": done.restored.aside},
        ),
        (
            N_(
                "Mails that came in after the backup are not in the store: move them back to the inbox, and poll."
            ),
            {},
        ),
    ]
    if done.discards:
        count = len(done.discards)
        said.append((N_("Discarded referrals that did not come back: %(count)d."), {"count": count}))
    if done.restored.log_mended:
        said.append(
            (
                N_(
                    "The log was damaged and was mended as far as it could be read. Tell the data protection officer."
                ),
                {},
            )
        )
    if done.accounts:
        names = ", ".join(done.accounts)
        said.append(
            (
                N_(
                    "These accounts changed after the backup; look at each, and disable who has left: %(names)s."
                ),
                {"names": names},
            )
        )
    if done.unsealed:
        said.append(
            (
                N_(
                    "Some users changed after the backup, and what came back is sealed for the users of then. Ask a "
                    "team lead who could read it to put the backup back once more."
                ),
                {},
            )
        )
    return said


def _listed_json(one: "Listed") -> dict[str, Any]:
    return {
        "file": one.path.name,
        "folder": str(one.path.parent),
        "made_at": iso(one.made_at),
        "generation": one.generation,
        "damaged": one.damaged,
        "size": one.size,
    }


def _megabytes(size: int) -> str:
    return show_number(round(size / 1_000_000, 1))
