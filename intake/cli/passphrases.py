"""`passphrases list|add|end`: which archive passphrases are in force, for whom and until when. None is ever shown."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from intake.cli.options import day_option
from intake.cli.output import print_json, say, table
from intake.cli.sources import read_secret
from intake.formats import show_date
from intake.texts import _
from intake.workdays import local_date
from storage.errors import Refusal

if TYPE_CHECKING:
    from intake.desk import Desk
    from intake.desk.passphrases import Kept


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(
        help=_("The passphrases of the archives that come in, each by its label."), no_args_is_help=True
    )
    app.add_typer(group, name="passphrases")

    @group.command("list", help=_("The archive passphrases by their labels; none is shown."))
    def list_(context: typer.Context) -> None:
        from intake.desk.passphrases import STANDING_WORDS

        with context.obj.desk() as desk:
            items = desk.passphrases.items()
        if context.obj.json:
            print_json([_json(one) for one in items])
            return
        if not items:
            say(_("There is no archive passphrase."))
            return
        table(
            (
                (
                    one.label,
                    one.team or _("all teams"),
                    show_date(one.valid_from) or "–",
                    show_date(one.valid_until) or "–",
                    show_date(one.last_used) or "–",
                    _(STANDING_WORDS[one.standing]),
                )
                for one in items
            ),
            (_("Label"), _("Team"), _("From"), _("Until"), _("Last used"), _("State")),
        )

    @group.command(help=_("Add an archive passphrase; mails that come in are tried with it from now on."))
    def add(
        context: typer.Context,
        label: Annotated[str, typer.Argument(metavar="LABEL", help=_("How lists and the log name it."))],
        archive_passphrase_file: Annotated[
            Path, typer.Option(help=_("A file whose first line is the archive passphrase."))
        ],
        team: Annotated[
            str,
            typer.Option(help=_("The address or domain of the one team that uses it; all when left out.")),
        ] = "",
        valid_from: Annotated[
            str | None,
            typer.Option(help=_("From which day you send with it, as 2026-11-21; today when left out.")),
        ] = None,
        valid_until: Annotated[
            str | None, typer.Option(help=_("Its last day, as 2027-11-21; none when left out."))
        ] = None,
    ) -> None:
        from intake.desk.passphrases import NewPassphrase

        secret = read_secret(archive_passphrase_file, "--archive-passphrase-file")
        new = NewPassphrase(label, secret, day_option(valid_from) or _today(), team, day_option(valid_until))
        with context.obj.desk() as desk:
            desk.passphrases.add(new)
        if context.obj.json:
            print_json({"label": label, "added": True})
        else:
            say(_("The archive passphrase '%(label)s' is kept.") % {"label": label})

    @group.command(help=_("Give an archive passphrase its last day; late mails are read for two weeks more."))
    def end(
        context: typer.Context,
        label: Annotated[str, typer.Argument(metavar="LABEL", help=_("Its label, as the list tells it."))],
        on: Annotated[
            str | None, typer.Option(help=_("The last day, as 2026-11-21; today when left out."))
        ] = None,
    ) -> None:
        day = day_option(on) or _today()
        with context.obj.desk() as desk:
            desk.passphrases.end(label, day)
        if context.obj.json:
            print_json({"label": label, "valid_until": day.isoformat()})
        else:
            say(
                _("The last day of the archive passphrase '%(label)s' is %(day)s.")
                % {"label": label, "day": show_date(day)}
            )


class _Wrong(Refusal):
    template = "%(problem)s"


def in_order(desk: "Desk") -> str:
    """For `doctor`: one is in force, and none ends soon without another to follow it. Raises a Refusal that says what to do."""
    from intake.desk.passphrases import Standing, lapsing

    items = desk.passphrases.items()
    count = sum(one.standing is Standing.IN_FORCE for one in items)
    if not count:
        raise _Wrong(
            problem=_(
                "No archive passphrase is in force, so nothing that comes in can be opened. Agree on one with the senders, "
                "and add it with 'ocmw-intake passphrases add'."
            )
        )
    if ending := lapsing(items, desk.office.today()):
        raise _Wrong(
            problem=_(
                "The archive passphrase '%(label)s' ends on %(day)s and none follows it. Agree on the next one with the "
                "senders, and add it with 'ocmw-intake passphrases add'."
            )
            % {"label": ending[0].label, "day": show_date(ending[0].valid_until)}
        )
    return _("%(count)d in force") % {"count": count}


def _today() -> date:
    return local_date(datetime.now(UTC))


def _json(one: "Kept") -> dict[str, Any]:
    return {
        "label": one.label,
        "team": one.team or None,
        "valid_from": one.valid_from.isoformat() if one.valid_from else None,
        "valid_until": one.valid_until.isoformat() if one.valid_until else None,
        "last_used": one.last_used.isoformat() if one.last_used else None,
        "standing": one.standing.value,
    }
