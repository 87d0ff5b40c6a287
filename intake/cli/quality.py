"""`quality open|list|draft|answer` and `ask`: what is told and asked to the sender about a referral (P7, recital C)."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from intake.cli.options import day_option
from intake.cli.output import print_json, say, table
from intake.cli.referrals import report
from intake.formats import show_date
from intake.registers import NOTICE_WORDS, WHAT_WORDS, What
from intake.rows import iso
from intake.texts import _

if TYPE_CHECKING:
    from intake.registers import Notice


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(help=_("Notices of data quality to the sender."), no_args_is_help=True)
    app.add_typer(group, name="quality")
    reference = Annotated[str, typer.Argument(metavar="REF", help=_("A reference such as D2026-0042."))]
    number = Annotated[str, typer.Argument(metavar="ID", help=_("A number such as K2026-0001."))]

    @group.command(
        "open",
        help=_(
            "Report a datum to the sender: a draft in the mailbox, the client only in its encrypted archive."
        ),
    )
    def open_(
        context: typer.Context,
        ref: reference,
        field: Annotated[
            str, typer.Option(help=_("A field of the client, 'consent', or 'other' for superfluous data."))
        ],
        what: Annotated[What, typer.Option(help=_("What is amiss with it."))],
        value: Annotated[
            str | None,
            typer.Option(
                help=_("What it should be; '-' reads it from standard input. It only goes into the archive.")
            ),
        ] = None,
    ) -> None:
        given = sys.stdin.readline() if value == "-" else value
        with context.obj.desk() as desk:
            notice = desk.quality.open(ref, field, what, given)
        _report(context, notice, False)

    @group.command("list", help=_("Notices without an answer; with --all the answered ones too."))
    def list_(
        context: typer.Context,
        every: Annotated[bool, typer.Option("--all", help=_("Answered ones too."))] = False,
    ) -> None:
        with context.obj.desk() as desk:
            items = desk.quality.items(every=every)
        if context.obj.json:
            print_json([_json(item.notice, item.draft_waits) for item in items])
            return
        if not items:
            say(_("No notices here."))
            return
        table(
            (
                (
                    i.notice.id,
                    i.notice.reference,
                    _(NOTICE_WORDS[i.notice.field]),
                    _(WHAT_WORDS[i.notice.what]),
                    show_date(i.notice.due_on),
                    show_date(i.notice.answered_on) or "–",
                    _("still to place") if i.draft_waits else _("placed"),
                )
                for i in items
            ),
            ("ID", _("Reference"), _("Field"), _("What"), _("Reminder"), _("Answered"), _("Draft")),
        )

    @group.command(help=_("Place the draft of a notice that the mailbox did not take before."))
    def draft(context: typer.Context, key: number) -> None:
        with context.obj.desk() as desk:
            _report(context, desk.quality.draft(key), False)

    @group.command(help=_("Record that the sender answered."))
    def answer(
        context: typer.Context,
        key: number,
        on: Annotated[
            str | None, typer.Option(help=_("The day it came, as 2026-11-21; today when left out."))
        ] = None,
        note: Annotated[str, typer.Option(help=_("A word for the log, without the client's name."))] = "",
    ) -> None:
        day = day_option(on)
        with context.obj.desk() as desk:
            _report(context, desk.quality.answer(key, day, note), None)

    @app.command(
        help=_(
            "Ask the sender whether the client consents: a draft in the mailbox; the referral stays on hold."
        )
    )
    def ask(context: typer.Context, ref: reference) -> None:
        with context.obj.desk() as desk:
            report(context.obj, [desk.quality.ask(ref)])


def _json(notice: "Notice", draft_waits: bool | None) -> dict[str, Any]:
    values: dict[str, Any] = {
        "id": notice.id,
        "reference": notice.reference,
        "field": notice.field,
        "what": notice.what.value,
        "opened_at": iso(notice.opened_at),
        "opened_by": notice.opened_by,
        "due_on": notice.due_on.isoformat(),
        "answered_on": notice.answered_on.isoformat() if notice.answered_on else None,
    }
    if draft_waits is not None:
        values["draft"] = "to-place" if draft_waits else "placed"
    return values


def _report(context: typer.Context, notice: "Notice", draft_waits: bool | None) -> None:
    if context.obj.json:
        print_json(_json(notice, draft_waits))
    elif notice.answered_on is not None:
        say(_("%(id)s: answered on %(day)s") % {"id": notice.id, "day": show_date(notice.answered_on)})
    else:
        say(
            _("%(id)s: the draft lies in the mailbox; read it and send it. Reminder on %(day)s.")
            % {"id": notice.id, "day": show_date(notice.due_on)}
        )
