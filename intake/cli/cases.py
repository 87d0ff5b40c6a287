"""`case open`, `case hand-over`, `case close`."""

from pathlib import Path
from typing import Annotated

import typer

from intake.cli.options import day_option
from intake.cli.output import print_json, say
from intake.cli.referrals import report
from intake.texts import _


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(help=_("The case file of a client who wants help."), no_args_is_help=True)
    app.add_typer(group, name="case")
    reference = Annotated[str, typer.Argument(metavar="REF", help=_("A reference such as D2026-0042."))]

    @group.command("open", help=_("Open a case file under the OCMW's own number."))
    def open_(
        context: typer.Context,
        ref: reference,
        number: Annotated[str, typer.Option(help=_("The number in the OCMW's own system."))],
    ) -> None:
        with context.obj.desk() as desk:
            report(context.obj, [desk.cases.open(ref, number)])

    @group.command("hand-over", help=_("Write the hand-over sheet and mark the referral handed over."))
    def hand_over(
        context: typer.Context,
        ref: reference,
        out: Annotated[Path, typer.Option(help=_("The folder for the sheet."))],
    ) -> None:
        with context.obj.desk() as desk:
            written = desk.cases.hand_over(ref, out)
        if context.obj.json:
            print_json({"reference": ref, "state": "handed-over", "files": [str(path) for path in written]})
        else:
            for path in written:
                say(str(path))

    @group.command("close", help=_("Close a case file that is kept here."))
    def close(
        context: typer.Context,
        ref: reference,
        on: Annotated[str, typer.Option(help=_("The day it was closed, as 2026-11-21."))],
    ) -> None:
        day = day_option(on)
        assert day is not None
        with context.obj.desk() as desk:
            report(context.obj, [desk.cases.close(ref, day)])
