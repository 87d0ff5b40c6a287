"""`log show|verify|export|accept`: what was seen and done, and whether the log is whole."""

from pathlib import Path
from typing import Annotated

import typer

from intake.cli.options import day_option
from intake.cli.output import print_json, say, table
from intake.formats import show_moment
from intake.logwords import entry_words, reason_words
from intake.plaintext import clean_line
from intake.rows import moment_of
from intake.texts import _
from intake.workdays import BRUSSELS


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    _register_log(app)


def _register_log(app: typer.Typer) -> None:
    group = typer.Typer(help=_("The access log: who saw or did what, when and why."), no_args_is_help=True)
    app.add_typer(group, name="log")

    @group.command(help=_("Show entries, oldest first."))
    def show(
        context: typer.Context,
        reference: Annotated[str | None, typer.Option(help=_("Only this referral."))] = None,
        user: Annotated[str | None, typer.Option(help=_("Only this user."))] = None,
        since: Annotated[str | None, typer.Option(help=_("Only from this day on, as 2026-11-21."))] = None,
    ) -> None:
        from datetime import datetime, time

        day = day_option(since)
        start = datetime.combine(day, time(), BRUSSELS) if day else None
        with context.obj.desk() as desk:
            entries = list(desk.log.entries(reference=reference, user=user, since=start))
        if context.obj.json:
            print_json(
                [
                    {
                        "at": e.at,
                        "user": e.user,
                        "name": e.name,
                        "host": e.host,
                        "action": e.action,
                        "references": list(e.references),
                        "fields": list(e.fields),
                        "reason": e.reason,
                        "detail": dict(e.detail),
                    }
                    for e in entries
                ]
            )
            return
        if not entries:
            say(_nothing(reference))
            return
        table(
            (
                (
                    show_moment(moment_of(e.at)),
                    e.user,
                    entry_words(e.action, e.detail),
                    ", ".join(e.references[:3])
                    + (f" +{len(e.references) - 3}" if len(e.references) > 3 else ""),
                    reason_words(e.reason),
                )
                for e in entries
            ),
            (_("When"), _("Who"), _("What"), _("Reference"), _("Why")),
        )

    @group.command(help=_("Check that the log is whole, unchanged, and the one this workstation saw."))
    def verify(
        context: typer.Context,
        from_start: Annotated[
            bool, typer.Option("--from-start", help=_("Verify again what was verified before."))
        ] = False,
        file: Annotated[
            Path | None,
            typer.Option(help=_("Check this exported log instead; needs no store and no account.")),
        ] = None,
    ) -> None:
        if file is not None:
            _verify_file(context, file)
            return
        with context.obj.desk() as desk:
            checked = desk.log.verify(from_start=from_start)
        _report(context, checked.entries)

    @group.command(
        help=_(
            "Take the store as it is now for the right one, after a backup was put back; verified and logged."
        )
    )
    def accept(
        context: typer.Context,
        why: Annotated[str, typer.Option(help=_("Who put it back, when, and why."))] = "",
    ) -> None:
        with context.obj.desk() as desk:
            checked = desk.log.accept(why)
        _report(context, checked.entries)

    @group.command(help=_("Write the log to a file that can be verified by itself. The export is logged."))
    def export(
        context: typer.Context,
        out: Annotated[Path, typer.Option(help=_("The new file."))],
    ) -> None:
        with context.obj.desk() as desk:
            made = desk.log.export(out)
        if context.obj.json:
            print_json({"file": str(out), "entries": made.entries, "head": made.head.digest})
        else:
            say(
                _("%(count)d entries written to %(file)s; check it with 'ocmw-intake log verify --file'.")
                % {"count": made.entries, "file": out}
            )


def _nothing(reference: str | None) -> str:
    """That there is no line, and of what."""
    if reference is None:
        return _("The log has no entry that fits.")
    return _("The log has no entry of %(reference)s.") % {"reference": clean_line(reference)}


def _report(context: typer.Context, entries: int) -> None:
    if context.obj.json:
        print_json({"ok": True, "entries": entries})
    else:
        say(_("The log is whole: %(count)d entries, each signed and in its place.") % {"count": entries})


def _verify_file(context: typer.Context, file: Path) -> None:
    from intake.errors import WrongUse
    from storage.errors import StoreNotReadable
    from storage.extract import read_extract

    try:
        found = read_extract(file)
    except (FileNotFoundError, StoreNotReadable):
        raise WrongUse(problem=_("That file cannot be read. Check its name and rights.")) from None
    if context.obj.json:
        print_json(
            {
                "ok": True,
                "entries": found.entries,
                "fingerprint": found.fingerprint,
                "head": found.head.digest,
            }
        )
        return
    say(
        _("The exported log is whole: %(count)d entries, signed by the users of the list %(fingerprint)s.")
        % {"count": found.entries, "fingerprint": found.fingerprint}
    )
