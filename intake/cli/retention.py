"""`retention plan` and `retention run`: what is due, and doing it. Made to be scheduled."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from intake.cli.options import day_option
from intake.cli.output import print_json, say, table
from intake.formats import show_date
from intake.texts import _

if TYPE_CHECKING:
    from intake.desk.discarding import Waiting
    from intake.retention import Due

EXIT_UNFINISHED = 1
EXIT_MAILBOX = 5


def _due_json(due: "Due") -> dict[str, Any]:
    return {
        "reference": due.reference,
        "outcome": due.outcome.value,
        "on": due.on.isoformat() if due.on else None,
        "basis": _(due.basis),
        "second_person": due.second_person,
    }


def _waiting_json(waiting: "Waiting") -> dict[str, str]:
    return {"reference": waiting.reference, "cause": waiting.cause or "unfinished"}


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(help=_("What is kept how long, and discarding it."), no_args_is_help=True)
    app.add_typer(group, name="retention")
    on_option = Annotated[
        str | None, typer.Option("--on", help=_("As of this day, as 2026-11-21; today when left out."))
    ]

    @group.command(help=_("What is due, what comes later, and what is blocked."))
    def plan(context: typer.Context, on: on_option = None) -> None:
        with context.obj.desk() as desk:
            found = desk.retention.plan(day_option(on, ahead=True))
        groups = {
            "due": found.due,
            "later": found.later,
            "blocked": found.blocked,
            "second_person": found.second_person,
        }
        if context.obj.json:
            print_json(
                {"on": found.on.isoformat()}
                | {name: [_due_json(due) for due in dues] for name, dues in groups.items()}
                | {"waiting": [_waiting_json(w) for w in found.waiting]}
            )
            return
        words = {
            "due": _("to discard"),
            "later": _("later"),
            "blocked": _("blocked: a date is missing"),
            "second_person": _("waits for a second person"),
        }
        rows = [
            (due.reference, words[name], show_date(due.on), _(due.basis))
            for name, dues in groups.items()
            for due in dues
        ]
        rows += [(w.reference, _("still to discard"), "", _waiting_words(w)) for w in found.waiting]
        if rows:
            table(rows, (_("Reference"), _("What"), _("On"), _("Why")))
        else:
            say(_("Nothing is due."))

    @group.command(help=_("Discard what is due: from the store, and the message from the mailbox."))
    def run(
        context: typer.Context,
        on: on_option = None,
        dry_run: Annotated[
            bool, typer.Option("--dry-run", help=_("Only show what would be discarded."))
        ] = False,
    ) -> None:
        with context.obj.desk() as desk:
            result = desk.retention.run(day_option(on, ahead=True), dry_run=dry_run)
        if context.obj.json:
            print_json(
                {
                    "on": result.on.isoformat(),
                    "discarded": list(result.discarded),
                    "waiting": [_waiting_json(w) for w in result.waiting],
                    "blocked": list(result.blocked),
                    "dry_run": result.dry_run,
                }
            )
        else:
            for reference in result.discarded:
                say(f"{reference}: " + (_("would be discarded") if dry_run else _("discarded")))
            for waiting in result.waiting:
                still = _("still to discard")
                say(f"{waiting.reference}: {still} · {_waiting_words(waiting)}")
            for reference in result.blocked:
                say(f"{reference}: " + _("blocked: a date is missing"))
            if not (result.discarded or result.waiting or result.blocked):
                say(_("Nothing is due."))
        if result.waiting and not dry_run:
            down = any(w.cause == "mailbox-down" for w in result.waiting)
            raise typer.Exit(EXIT_MAILBOX if down else EXIT_UNFINISHED)


def _waiting_words(waiting: "Waiting") -> str:
    from intake.desk.discarding import WAITING_WORDS

    return _(WAITING_WORDS[waiting.cause])
