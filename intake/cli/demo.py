"""`demo`: a whole office with a mailbox, made on the spot, to try the program on made-up referrals."""

import signal
import threading
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from intake.cli.context import Context
from intake.cli.output import print_json
from intake.texts import _, language


def register(app: typer.Typer) -> None:
    """Add the command to the program."""

    @app.command(help=_("Try the program on a mail server with made-up referrals, all made on the spot."))
    def demo(
        context: typer.Context,
        no_tui: Annotated[
            bool, typer.Option("--no-tui", help=_("Print where it is as JSON and serve until stopped."))
        ] = False,
        dir_: Annotated[
            Path | None, typer.Option("--dir", help=_("Keep it in this folder; a temporary one otherwise."))
        ] = None,
        messages: Annotated[int, typer.Option(min=1, max=5000, help=_("How many messages."))] = 120,
        seed: Annotated[int, typer.Option(help=_("The same seed gives the same people."))] = 1,
    ) -> None:
        status = show_demo(context.obj, dir_, messages=messages, seed=seed, no_tui=no_tui)
        raise typer.Exit(status)


def show_demo(
    context: Context, folder: Path | None = None, *, messages: int = 120, seed: int = 1, no_tui: bool = False
) -> int:
    """Make the demo, and open the worklist on it or serve; the exit status. Gone at the end unless `folder` is given."""
    from intake.demo import require_packages

    require_packages()
    from intake.demo.office import DemoOffice

    # A stop by the system, or a terminal that is closed, ends the demo in order: the folder is removed.
    stopped = threading.Event()

    def stop(number: int, _frame: FrameType | None) -> None:
        stopped.set()
        if not no_tui:
            raise SystemExit(128 + number)

    for name in ("SIGTERM", "SIGHUP", *(("SIGINT",) if no_tui else ())):
        if hasattr(signal, name):  # Windows knows no SIGHUP
            signal.signal(getattr(signal, name), stop)
    # Told on standard error: standard output is for the one JSON line.
    typer.echo(_("Preparing the demo: mail server, referrals, staff …"), err=True)
    with DemoOffice(folder, count=messages, seed=seed, language=language()) as office:
        if no_tui:
            print_json(office.description())
            while not stopped.wait(0.5):  # a bounded wait, so that Windows delivers the signal
                pass
            return 0
        assert context.open_screen is not None
        return context.open_screen(office.workstation(), user=office.lead, banner=office.banner())
