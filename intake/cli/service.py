"""`service units`: the files by which a machine without anyone at it polls and discards."""

import re
import shutil
import sys
from pathlib import Path, PurePosixPath
from typing import Annotated

import typer

from intake.cli.output import print_json, say
from intake.errors import WrongUse
from intake.texts import _


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(
        help=_("A service account that polls and discards, and reads no referral."), no_args_is_help=True
    )
    app.add_typer(group, name="service")
    group.callback()(lambda: None)

    @group.command(help=_("Write units for systemd, or tasks for the Windows Task Scheduler, to a folder."))
    def units(
        context: typer.Context,
        out: Annotated[Path, typer.Option(help=_("The folder; made when it is not there."))],
        user: Annotated[str, typer.Option("--user", help=_("The service account of this program."))],
        passphrase: Annotated[
            Path,
            typer.Option("--secret-file", help=_("The file that holds its passphrase, on that machine.")),
        ],
        account: Annotated[
            str, typer.Option(help=_("The account of the operating system that runs it."))
        ] = "ocmw-intake",
        kind: Annotated[
            str, typer.Option("--for", help=_("systemd or windows; without it the system you are on."))
        ] = "",
        every: Annotated[int, typer.Option(min=1, max=120, help=_("Minutes between two polls."))] = 5,
        watch: Annotated[
            bool,
            typer.Option(
                "--watch", help=_("Watch the mailbox all the time in place of a poll each so many minutes.")
            ),
        ] = False,
        at: Annotated[str, typer.Option(help=_("When retention runs each night, as 02:30."))] = "02:30",
    ) -> None:
        workstation = context.obj.workstation()
        config = context.obj.config_path.resolve()
        system = kind or ("windows" if sys.platform == "win32" else "systemd")
        if system not in ("systemd", "windows"):
            raise WrongUse(problem=_("Give systemd or windows with --for."))
        if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", at):
            raise WrongUse(problem=_("Give the time of day with two digits each, as 02:30."))
        if workstation.fingerprint is None:
            raise WrongUse(
                problem=_(
                    "Sign in once with this configuration first: it must know the office's list of users."
                )
            )
        name = _user_name(user)
        program = shutil.which("ocmw-intake") or str(Path(sys.executable).parent / "ocmw-intake")
        made: dict[str, bytes]
        if system == "systemd":
            from intake.service.units import Plan, units

            plan = Plan(
                program=PurePosixPath(program),
                config=PurePosixPath(config.as_posix()),
                store=PurePosixPath(workstation.store.as_posix()),
                passphrase=PurePosixPath(passphrase.resolve().as_posix()),
                user=name,
                account=account,
                poll_minutes=every,
                retention_at=at,
                watch=watch,
            )
            made = {name: text.encode() for name, text in units(plan).items()}
        else:
            from intake.desk.office import utc_now
            from intake.service.windows import Task, tasks

            task = Task(
                program=program,
                config=str(config),
                passphrase=str(passphrase),
                user=name,
                account=account,
                poll_minutes=every,
                retention_at=at,
                starts_on=utc_now(),
                watch=watch,
            )
            made = dict(tasks(task))
        files = _written(out, made)
        if context.obj.json:
            print_json({"files": [str(file) for file in files]})
            return
        for file in files:
            say(str(file))
        say(_("Look at them, put them in place and switch them on; the README says how."))


def _user_name(user: str) -> str:
    from intake.desk.staff import account_name
    from storage.directory import check_names

    name = account_name(user)
    check_names(name, name)
    return name


def _written(folder: Path, made: dict[str, bytes]) -> list[Path]:
    """The files, none of them over one that is there. Raises WrongUse."""
    files = [folder / name for name in sorted(made)]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(file.exists() for file in files):
            raise WrongUse(problem=_("There are such files in that folder already. Choose an empty one."))
        for file in files:
            file.write_bytes(made[file.name])
    except OSError:
        raise WrongUse(
            problem=_("The files cannot be written there. Choose a folder you can write to.")
        ) from None
    return files
