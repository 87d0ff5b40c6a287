"""`task open|list|done` and `reminders`: what the agreement asks, and what to look at now (P9)."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from intake.cli.options import day_option
from intake.cli.output import print_json, say, table
from intake.formats import show_date, show_moment
from intake.registers import SUBJECT_WORDS, Subject
from intake.reminders import KIND_WORDS, Kind
from intake.rows import iso
from intake.texts import _

if TYPE_CHECKING:
    from intake.registers import Task


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(help=_("Tasks of the agreement, done with a proof."), no_args_is_help=True)
    app.add_typer(group, name="task")

    @group.command(
        "open", help=_("Record a task: a change of law or processors that Opgroeien must be told.")
    )
    def open_(
        context: typer.Context,
        what: Annotated[Subject, typer.Option(help=_("What it is about."))],
        why: Annotated[str, typer.Option(help=_("The reason, in a few words."))],
        due: Annotated[str, typer.Option(help=_("The last day, as 2026-11-21."))],
    ) -> None:
        day = day_option(due)
        assert day is not None
        with context.obj.desk() as desk:
            _report(context, desk.tasks.open(what, why, day))

    @group.command("list", help=_("The tasks to do; with --all those that are done too."))
    def list_(
        context: typer.Context,
        every: Annotated[bool, typer.Option("--all", help=_("Done ones too."))] = False,
    ) -> None:
        with context.obj.desk() as desk:
            items = desk.tasks.items(every=every)
        if context.obj.json:
            print_json([_json(task) for task in items])
        elif items:
            table(
                (
                    (
                        task.id,
                        show_date(task.due_on),
                        _(SUBJECT_WORDS[task.subject]),
                        _(task.why),
                        show_date(task.done_on) or "–",
                        task.proof,
                    )
                    for task in items
                ),
                ("ID", _("Due"), _("About"), _("Why"), _("Done"), _("Proof")),
            )
        else:
            say(_("No tasks here."))

    @group.command(help=_("Record that a task is done, and what proves it."))
    def done(
        context: typer.Context,
        key: Annotated[str, typer.Argument(metavar="ID", help=_("A number such as T2026-0001."))],
        proof: Annotated[str, typer.Option(help=_("A date and how, or the number of a document."))],
    ) -> None:
        with context.obj.desk() as desk:
            _report(context, desk.tasks.done(key, proof))

    @app.command(help=_("What you should look at, soonest first."))
    def reminders(context: typer.Context) -> None:
        with context.obj.desk() as desk:
            items = desk.reminders.items()
        if context.obj.json:
            print_json(
                [
                    {
                        "kind": item.kind.value,
                        "id": item.id,
                        "due_at": iso(item.due_at),
                        "due_on": item.due_on.isoformat(),
                        "overdue": item.overdue,
                        "who": item.who,
                    }
                    for item in items
                ]
            )
        elif items:
            table(
                (
                    (
                        show_moment(item.due_at)
                        if item.kind in (Kind.BREACH, Kind.BREACH_SEND)
                        else show_date(item.due_on),
                        _("overdue") if item.overdue else "",
                        item.id,
                        _(KIND_WORDS[item.kind]),
                    )
                    for item in items
                ),
                (_("Due"), "", "ID", _("What")),
            )
        else:
            say(_("Nothing to look at now."))


def _json(task: "Task") -> dict[str, Any]:
    return {
        "id": task.id,
        "what": task.subject.value,
        "why": _(task.why),
        "due_on": task.due_on.isoformat(),
        "opened_at": iso(task.opened_at),
        "opened_by": task.opened_by,
        "done_on": task.done_on.isoformat() if task.done_on else None,
        "proof": task.proof,
    }


def _report(context: typer.Context, task: "Task") -> None:
    if context.obj.json:
        print_json(_json(task))
    elif task.done_on is not None:
        say(_("%(id)s: done") % {"id": task.id})
    else:
        say(_("%(id)s: due on %(day)s") % {"id": task.id, "day": show_date(task.due_on)})
