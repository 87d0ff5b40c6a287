"""`keys`: the commands of the screens with their keys, for the `[keys]` part of the configuration."""

import typer

from intake.cli.context import Context
from intake.cli.output import print_json, say, table
from intake.config import ConfigurationMissing
from intake.texts import _


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command("keys", help=_("The keys of all screens; other ones go under [keys] in the configuration."))
    def keys(context: typer.Context) -> None:
        asked: Context = context.obj
        if asked.list_keys is None:
            raise typer.Exit(1)
        try:
            workstation = asked.workstation()
        except ConfigurationMissing:
            workstation = None
        rows = asked.list_keys(workstation)
        if asked.json:
            print_json(rows)
            return
        head = (_("Id"), _("Key to press"), _("Words"), _("May change"), _("Screens"))
        table(
            (
                (
                    row["id"],
                    row["key"],
                    row["words"],
                    _("yes") if row["changeable"] else _("no"),
                    ", ".join(row["screens"]),
                )
                for row in rows
            ),
            head,
        )
        say()
        say(_('For example: [keys] and under it assign = "t" or go.board = "f11".'))
