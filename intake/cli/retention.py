"""`retention plan|run|hold|release`: what is due, doing it, and keeping longer. Made to be scheduled.

Destruction lists and the proof of a discard are in `destruction.py`; they are commands of the same group.
"""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from intake.cli import destruction
from intake.cli.options import day_option
from intake.cli.output import print_json, say, table
from intake.cli.referrals import report
from intake.formats import show_date, show_moment
from intake.rows import iso
from intake.telling import recent_text
from intake.texts import _

if TYPE_CHECKING:
    from intake.desk.discarding import RunResult
    from intake.desk.planning import Plan, Recent, Waiting
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
        "held_until": due.held_until.isoformat() if due.held_until else None,
    }


def _waiting_json(waiting: "Waiting") -> dict[str, str]:
    return {"reference": waiting.reference, "cause": waiting.cause or "unfinished"}


def _recent_json(recent: "Recent") -> dict[str, str]:
    return {"reference": recent.reference, "what": recent.what, "at": iso(recent.at)}


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(help=_("What is kept how long, and discarding it."), no_args_is_help=True)
    app.add_typer(group, name="retention")
    on_option = Annotated[
        str | None,
        typer.Option("--on", help=_("As of this day, as 2026-11-21 or tomorrow; today when left out.")),
    ]
    reference = Annotated[str, typer.Argument(metavar="REF", help=_("A reference such as D2026-0042."))]
    why_option = Annotated[str, typer.Option("--why", help=_("The reason, in a few words."))]

    @group.command(help=_("What is due, what comes later, and what is held or blocked."))
    def plan(context: typer.Context, on: on_option = None) -> None:
        with context.obj.desk() as desk:
            found = desk.retention.plan(day_option(on, ahead=True))
        if context.obj.json:
            print_json(_plan_json(found))
        else:
            _print_plan(found)

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
            print_json(_run_json(result))
        else:
            _print_run(result)
        if result.waiting and not dry_run:
            down = any(w.cause == "mailbox-down" for w in result.waiting)
            raise typer.Exit(EXIT_MAILBOX if down else EXIT_UNFINISHED)

    @group.command(help=_("Keep a referral from being discarded, up to and including a day."))
    def hold(
        context: typer.Context,
        ref: reference,
        until: Annotated[str, typer.Option(help=_("The last day, as 2026-11-21."))],
        why: why_option,
    ) -> None:
        with context.obj.desk() as desk:
            day = day_option(until, ahead=True)
            assert day is not None
            report(context.obj, [desk.retention.hold(ref, day, why)])

    @group.command(help=_("End a hold before its day."))
    def release(context: typer.Context, ref: reference, why: why_option) -> None:
        with context.obj.desk() as desk:
            report(context.obj, [desk.retention.release(ref, why)])

    destruction.register(group)


# -- the plan ---------------------------------------------------------------------------------------------------------


def _groups(plan: "Plan") -> "dict[str, tuple[Due, ...]]":
    return {
        "due": plan.due,
        "later": plan.later,
        "held": plan.held,
        "unconfirmed": plan.unconfirmed,
        "blocked": plan.blocked,
        "second_person": plan.second_person,
    }


def _plan_json(plan: "Plan") -> dict[str, Any]:
    return {
        "on": plan.on.isoformat(),
        **{name: [_due_json(due) for due in dues] for name, dues in _groups(plan).items()},
        "soon": [_due_json(due) for due in plan.soon],
        "recent": [_recent_json(recent) for recent in plan.recent],
        "waiting": [_waiting_json(waiting) for waiting in plan.waiting],
    }


def _print_plan(plan: "Plan") -> None:
    words = {
        "due": _("to discard"),
        "later": _("later"),
        "held": _("held"),
        "unconfirmed": _("hand-over not confirmed"),
        "blocked": _("blocked: a date is missing"),
        "second_person": _("waits for a second person"),
    }
    soon = {due.reference for due in plan.soon}
    rows = []
    for name, dues in _groups(plan).items():
        for due in dues:
            what = words[name]
            if name == "held":
                what = _("held until %(day)s") % {"day": show_date(due.held_until)}
            elif due.reference in soon:
                what = _("within a week")
            rows.append((due.reference, what, show_date(due.goes_on), _(due.basis)))
    rows += [(w.reference, _("still to discard"), "", _waiting_words(w)) for w in plan.waiting]
    if rows:
        table(rows, (_("Reference"), _("What"), _("On"), _("Why")))
    else:
        say(_("Nothing is due."))
    _print_recent(plan.recent)


def _print_recent(recent: "tuple[Recent, ...]") -> None:
    if not recent:
        return
    say()
    say(_("Look at these before they go; a hold keeps one: ocmw-intake retention hold"))
    for one in recent:
        say(f"! {one.reference}: {recent_text(one.what)} · {show_moment(one.at)}")


# -- the run ----------------------------------------------------------------------------------------------------------


def _run_json(result: "RunResult") -> dict[str, Any]:
    return {
        "on": result.on.isoformat(),
        "discarded": list(result.discarded),
        "waiting": [_waiting_json(waiting) for waiting in result.waiting],
        "blocked": list(result.blocked),
        "held": list(result.held),
        "unconfirmed": list(result.unconfirmed),
        "recent": [_recent_json(recent) for recent in result.recent],
        "proposed": list(result.proposed),
        "quarantine": list(result.expired),
        "removed": list(result.removed),
        "dry_run": result.dry_run,
    }


def _print_run(result: "RunResult") -> None:
    lines = [
        f"{reference}: " + (_("would be discarded") if result.dry_run else _("discarded"))
        for reference in result.discarded
    ]
    lines += [f"{item}: " + _("message removed") for item in result.removed]
    still = _("still to discard")
    lines += [
        f"{w.reference}: {_waiting_words(w)}"
        if w.untried
        else f"{w.reference}: {still} · {_waiting_words(w)}"
        for w in result.waiting
    ]
    lines += [f"{reference}: " + _("held") for reference in result.held]
    lines += [f"{reference}: " + _("hand-over not confirmed") for reference in result.unconfirmed]
    lines += [f"{reference}: " + _("blocked: a date is missing") for reference in result.blocked]
    lines += [
        f"{list_id}: " + _("destruction list, waits for a second person") for list_id in result.proposed
    ]
    lines += [
        f"{item}: " + _("in quarantine, nobody decided in time; it goes")
        for item in result.expired
        if item not in result.removed
    ]
    for line in lines or [_("Nothing is due.")]:
        say(line)
    if result.dry_run:
        _print_recent(result.recent)


def _waiting_words(waiting: "Waiting") -> str:
    from intake.desk.hindrances import REJECTED_WORDS, WAITING_WORDS

    return _(REJECTED_WORDS if waiting.untried else WAITING_WORDS[waiting.cause])
