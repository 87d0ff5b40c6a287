"""The entry of the command line: global options anywhere, one sentence for an error, the exit status of its class."""

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from intake.cli.context import Context
from intake.cli.wording import problem, worded
from intake.config import ConfigurationMissing, Workstation, config_path, language_of, load_workstation
from intake.errors import sentence
from intake.memory import memory_folder
from intake.texts import _, set_language
from storage.errors import Refusal

_WITH_VALUE = ("--config", "--as", "--passphrase-file")
_FLAGS = ("--json",)
ListKeys = Callable[[Workstation | None], list[dict[str, Any]]]
EXIT_FAILED = 1
EXIT_WRONG_USE = 2
EXIT_INTERRUPTED = 130


def hoist(arguments: Sequence[str]) -> list[str]:
    """Global options to the front, wherever they stood, so that `list --json` and `--json list` are the same.

    `init` has a `--passphrase-file` of its own.
    """
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments)
    own = {"--passphrase-file"} if _command(arguments) == "init" else set()
    for argument in waiting:
        name, equals, _value = argument.partition("=")
        if argument == "--":
            rest += [argument, *waiting]
        elif name in _WITH_VALUE and name not in own:
            front.append(argument)
            if not equals and (value := next(waiting, None)) is not None:
                front.append(value)
        elif argument in _FLAGS:
            front.append(argument)
        else:
            rest.append(argument)
    return front + rest


def _command(arguments: Sequence[str]) -> str | None:
    """The first word that is neither a global option nor the value of one."""
    waiting = iter(arguments)
    for argument in waiting:
        if argument in _WITH_VALUE:
            next(waiting, None)
        elif not argument.startswith("-"):
            return argument
    return None


def config_of(arguments: Sequence[str]) -> Path:
    """The configuration file that the arguments name, before they are parsed."""
    front = hoist(arguments)
    for i, argument in enumerate(front):
        name, equals, value = argument.partition("=")
        if name == "--config" and (equals or i + 1 < len(front)):
            return config_path(Path(value if equals else front[i + 1]))
    return config_path()


def run(
    arguments: Sequence[str],
    open_screen: Callable[..., int],
    open_start: Callable[[Path], int | None] | None = None,
    list_keys: ListKeys | None = None,
) -> int:
    """Run one command; returns its exit status. Never raises and never prints a traceback for a refusal."""
    set_language(language_of(config_of(arguments)))
    try:
        command = worded(typer.main.get_command(_build(open_screen, open_start, list_keys)))
        result = command.main(args=hoist(arguments), prog_name="ocmw-intake", standalone_mode=False)
        return int(result or 0)
    except Refusal as error:
        return _fail(sentence(error), error.exit_code)
    except typer.Exit as error:
        return error.exit_code
    except (typer.Abort, KeyboardInterrupt):
        return _fail(_("Stopped. What was done so far is saved."), EXIT_INTERRUPTED)
    except TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            # Its message is the help of a group of commands, which was called without one of them.
            sys.stderr.write(error.format_message() + "\n")
            return EXIT_WRONG_USE
        return _fail(
            _("%(problem)s See 'ocmw-intake --help'.") % {"problem": problem(error.format_message())},
            EXIT_WRONG_USE,
        )
    except Exception as error:  # noqa: BLE001 - a defect of ours; its own words could hold personal data
        return _fail(_unexpected(error, config_of(arguments)), EXIT_FAILED)


def _unexpected(error: Exception, config: Path) -> str:
    """What may be told of a defect: its class and the place in the program, no value; and where the report is."""
    import traceback

    from intake.faults import save_report

    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    said = _(
        "Something unexpected went wrong (%(what)s at %(place)s). What was saved is safe; report these words."
    ) % {
        "what": type(error).__name__,
        "place": place,
    }
    kept = None
    with suppress(Refusal, OSError):
        kept = save_report(memory_folder(load_workstation(config)), error, datetime.now(UTC))
    if kept is None:
        return said
    more = _("Give this file to your administrator; it holds no personal data: %(file)s")
    return said + " " + more % {"file": kept}


def _fail(text: str, status: int) -> int:
    encoding = sys.stderr.encoding or "utf-8"
    sys.stderr.write(" ".join(text.encode(encoding, "replace").decode(encoding).split()) + "\n")
    return status


def _build(
    open_screen: Callable[..., int],
    open_start: Callable[[Path], int | None] | None = None,
    list_keys: ListKeys | None = None,
) -> typer.Typer:
    # Imported here, after the language is known: help texts are translated when the modules are read.
    from intake.cli import (
        assigning,
        backup,
        breaches,
        cases,
        demo,
        disclosures,
        doctor,
        form,
        keys,
        mail,
        office,
        papers,
        passphrases,
        quality,
        quarantine,
        records,
        referrals,
        retention,
        service,
        subjects,
        tasks,
        users,
    )

    app = typer.Typer(
        help=_("Intake of encrypted referrals from Kind en Gezin. Without a command it opens the worklist."),
        rich_markup_mode=None,
        add_completion=False,
        pretty_exceptions_enable=False,
        no_args_is_help=False,
    )

    @app.callback(invoke_without_command=True)
    def main(
        context: typer.Context,
        config: Annotated[Path | None, typer.Option(help=_("The configuration file."))] = None,
        user: Annotated[str | None, typer.Option("--as", help=_("Who you are."))] = None,
        passphrase_file: Annotated[
            Path | None, typer.Option(help=_("A file whose first line is your passphrase."))
        ] = None,
        json: Annotated[bool, typer.Option("--json", help=_("Print one JSON document."))] = False,
        version: Annotated[bool, typer.Option("--version", help=_("Show the version and stop."))] = False,
    ) -> None:
        if version:
            typer.echo(f"ocmw-intake {installed_version('ocmw-intake')}")
            raise typer.Exit
        context.obj = Context(config, user, passphrase_file, json, open_screen, open_start, list_keys)
        if context.invoked_subcommand is None:
            raise typer.Exit(open_worklist(context.obj))

    for module in (
        *(
            demo,
            office,
            doctor,
            mail,
            referrals,
            assigning,
            cases,
            retention,
            users,
            records,
            backup,
            service,
        ),
        *(quarantine, passphrases, quality, breaches, disclosures, tasks, subjects, papers, form, keys),
    ):
        module.register(app)
    return app


def open_worklist(context: Context) -> int:
    """Open the screen on the configuration of this call; where there is none yet, and a person to ask, the first run."""
    assert context.open_screen is not None
    try:
        workstation = context.workstation()
    except ConfigurationMissing:
        if context.open_start is None or not (sys.stdin.isatty() and sys.stdout.isatty()):
            raise
        from intake.cli.demo import show_demo

        status = context.open_start(context.config_path)
        return show_demo(context) if status is None else status
    passphrase = None
    if context.passphrase_file is not None:
        passphrase = context.passphrase(context.user_name(workstation))
    user = context.user or os.environ.get("OCMW_INTAKE_USER") or workstation.user
    return context.open_screen(workstation, user=user, passphrase=passphrase)
