"""`list`, `show`, `assign`, `unassign`, `take`, `attempt`, `inform`, `wish`, `consent`, `close`, `reopen`: the work on referrals."""

from enum import StrEnum
from typing import Annotated

import typer

from intake.cli.context import Context
from intake.cli.options import moment_option
from intake.cli.output import (
    STATES,
    line_json,
    print_json,
    print_lines,
    print_view,
    referral_json,
    say,
    view_json,
    warn_of_note,
)
from intake.client import Consent
from intake.errors import WrongUse
from intake.referral import Channel, Closure, Referral, Result, Wish
from intake.texts import _
from intake.words import STATE_WORDS

StateName = StrEnum("StateName", {name.replace("-", "_").upper(): name for name in STATES})  # type: ignore[misc]


def report(context: Context, done: list[Referral]) -> None:
    """Say what became of the referrals."""
    if context.json:
        values = [referral_json(referral) for referral in done]
        print_json(values[0] if len(values) == 1 else values)
        return
    for referral in done:
        say(f"{referral.reference}: {_(STATE_WORDS[referral.state])}")


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    reference = Annotated[str, typer.Argument(metavar="REF", help=_("A reference such as D2026-0042."))]
    why_option = Annotated[str, typer.Option("--why", help=_("The reason, in a few words."))]

    @app.command("list", help=_("The worklist: open referrals; names where you may read them."))
    def list_(
        context: typer.Context,
        state: Annotated[StateName | None, typer.Option(help=_("Only this state."))] = None,
        mine: Annotated[bool, typer.Option("--mine", help=_("Only those assigned to you."))] = False,
        every: Annotated[bool, typer.Option("--all", help=_("Closed ones too."))] = False,
    ) -> None:
        from intake.desk.reading import Scope

        scope = Scope.ALL if every or state else Scope.OPEN
        with context.obj.desk() as desk:
            lines = desk.work.worklist(
                scope,
                state=state.value if state else None,
                assigned_to=desk.office.name if mine else None,
            )
        if context.obj.json:
            print_json([line_json(line) for line in lines])
        elif lines:
            print_lines(lines)
        else:
            say(_("No referrals here. 'ocmw-intake poll' looks in the mailbox."))

    @app.command(
        help=_("One referral: the client, the timeline and what can be done now. The reading is logged.")
    )
    def show(
        context: typer.Context,
        ref: reference,
        reason: Annotated[str | None, typer.Option(help=_("Why you read a colleague's referral."))] = None,
    ) -> None:
        with context.obj.desk() as desk:
            view = desk.work.open(ref, reason)
            today = desk.office.today()
        if context.obj.json:
            print_json(view_json(view))
        else:
            print_view(view, today)

    @app.command(help=_("Assign referrals to a worker."))
    def assign(
        context: typer.Context,
        refs: Annotated[
            list[str], typer.Argument(metavar="REF... USER", help=_("References, then the user."))
        ],
    ) -> None:
        if len(refs) < 2:
            raise WrongUse(problem=_("Give one or more references and then the user."))
        with context.obj.desk() as desk:
            from intake.desk.staff import account_name

            report(context.obj, desk.work.assign(refs[:-1], account_name(refs[-1])))

    @app.command(help=_("Take the assignment of referrals back: they are nobody's again."))
    def unassign(
        context: typer.Context,
        refs: Annotated[list[str], typer.Argument(metavar="REF...", help=_("References."))],
    ) -> None:
        with context.obj.desk() as desk:
            report(context.obj, desk.work.unassign(refs))

    @app.command(help=_("Assign a referral to yourself."))
    def take(context: typer.Context, ref: reference) -> None:
        with context.obj.desk() as desk:
            report(context.obj, [desk.work.take(ref)])

    @app.command(help=_("Record a contact attempt."))
    def attempt(
        context: typer.Context,
        ref: reference,
        channel: Annotated[Channel, typer.Option(help=_("How contact was sought."))],
        result: Annotated[Result, typer.Option(help=_("What came of it."))],
        at: Annotated[
            str | None, typer.Option(help=_("When, as 2026-11-21T14:30; now when left out."))
        ] = None,
        note: Annotated[str, typer.Option(help=_("A note, sealed with the client's data."))] = "",
        informed: Annotated[
            bool,
            typer.Option("--informed", help=_("The client was told that the data come from Kind en Gezin.")),
        ] = False,
    ) -> None:
        from intake.desk.work import AttemptRequest

        warn_of_note(note)
        request = AttemptRequest(ref, channel, result, moment_option(at), note, informed=informed)
        with context.obj.desk() as desk:
            report(context.obj, [desk.work.attempt(request)])

    @app.command(
        help=_("Record that the client was told what is held and that Kind en Gezin sent it (GDPR 14).")
    )
    def inform(
        context: typer.Context,
        ref: reference,
        on: Annotated[
            str | None, typer.Option(help=_("The day, as 2026-11-21; today when left out."))
        ] = None,
    ) -> None:
        from intake.cli.options import day_option

        day = day_option(on)
        with context.obj.desk() as desk:
            report(context.obj, [desk.work.inform(ref, day)])

    @app.command(help=_("Record whether the client wants help."))
    def wish(
        context: typer.Context,
        ref: reference,
        wish: Annotated[Wish, typer.Argument(help=_("yes, no or undecided"))],
    ) -> None:
        with context.obj.desk() as desk:
            report(context.obj, [desk.work.wish(ref, wish)])

    @app.command(help=_("Record what the sender or the client says on consent."))
    def consent(
        context: typer.Context,
        ref: reference,
        consent: Annotated[Consent, typer.Argument(help=_("confirmed, disputed or withdrawn"))],
        why: why_option,
    ) -> None:
        warn_of_note(why)
        with context.obj.desk() as desk:
            report(context.obj, [desk.work.consent(ref, consent, why)])

    @app.command(help=_("Close a referral without a case file."))
    def close(
        context: typer.Context,
        ref: reference,
        because: Annotated[Closure, typer.Option(help=_("Why it ends."))],
        why: why_option,
        of: Annotated[
            str | None,
            typer.Option(
                help=_("The referral this is a duplicate of; it takes over what only this one says.")
            ),
        ] = None,
        number: Annotated[
            str | None,
            typer.Option(help=_("The number of the file under which the client is known already.")),
        ] = None,
    ) -> None:
        warn_of_note(why)
        with context.obj.desk() as desk:
            report(context.obj, [desk.work.close(ref, because, why, of, number=number)])

    @app.command(help=_("Take a closed referral up again, until it is discarded."))
    def reopen(context: typer.Context, ref: reference, why: why_option) -> None:
        warn_of_note(why)
        with context.obj.desk() as desk:
            report(context.obj, [desk.work.reopen(ref, why)])
