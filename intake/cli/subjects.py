"""`subject find|export|erase` and `superfluous`: what a client may ask (GDPR 15, 17), and data nobody agreed on (P3)."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from intake.cli.output import line_json, print_json, print_lines, referral_json, say, warn_of_note
from intake.formats import show_date
from intake.plaintext import clean_line
from intake.texts import _, ngettext
from intake.words import PURPOSE

if TYPE_CHECKING:
    from intake.desk.discarding import RunResult
    from intake.desk.subjects import Erased

FROM_INPUT = "-"
EXIT_UNFINISHED = 1
EXIT_MAILBOX = 5


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(
        help=_("Requests of a client: which data are held, a copy, erasure."), no_args_is_help=True
    )
    app.add_typer(group, name="subject")
    reference = Annotated[str, typer.Argument(metavar="REF", help=_("A reference such as D2026-0042."))]

    @group.command(
        help=_(
            "Search by name, telephone, e-mail or address, closed referrals too. Others can see a command's words "
            "while it runs: with - in place of the text it is read from standard input."
        )
    )
    def find(
        context: typer.Context,
        text: Annotated[
            str, typer.Argument(metavar="TEXT", help=_("What to look for; - reads it from standard input."))
        ],
    ) -> None:
        sought = sys.stdin.readline() if text == FROM_INPUT else text
        with context.obj.desk() as desk:
            found = desk.subjects.find(sought)
        if context.obj.json:
            print_json([line_json(line) for line in found.lines])
        elif found.lines:
            print_lines(found.lines)
        else:
            say(_("Nobody in the referrals that you may read fits this."))
        if found.unsearched:
            told = ngettext(
                "%(count)d referral could not be searched: it is not sealed for you. A team lead can search all.",
                "%(count)d referrals could not be searched: they are not sealed for you. A team lead can search all.",
                found.unsearched,
            )
            sys.stderr.write(told % {"count": found.unsearched} + "\n")

    @group.command(
        help=_("Write everything held on the client: JSON to the file, and a PDF to read beside it.")
    )
    def export(
        context: typer.Context,
        ref: reference,
        out: Annotated[Path, typer.Option(help=_("The new file, such as D2026-0042.json."))],
    ) -> None:
        with context.obj.desk() as desk:
            written = desk.subjects.export(ref, out)
        if context.obj.json:
            print_json({"reference": ref, "files": [str(path) for path in written]})
        else:
            for path in written:
                say(str(path))

    @group.command(
        help=_("Follow a client's request for erasure: closes as consent withdrawn; then due at once.")
    )
    def erase(
        context: typer.Context,
        ref: reference,
        why: Annotated[str, typer.Option("--why", help=_("How and when the client asked."))],
        now: Annotated[
            bool, typer.Option("--now", help=_("Also discard at once all that is due (retention run)."))
        ] = False,
    ) -> None:
        warn_of_note(why)
        with context.obj.desk() as desk:
            erased = desk.subjects.erase(ref, why)
            result = desk.retention.run() if now else None
        _report(ref, erased, result, as_json=context.obj.json)
        waiting = [w for w in result.waiting if w.reference == ref] if result else []
        if waiting:
            down = any(w.cause == "mailbox-down" for w in waiting)
            raise typer.Exit(EXIT_MAILBOX if down else EXIT_UNFINISHED)

    @app.command(help=_("Show, once, what the form held besides the agreed data (P3). It is stored nowhere."))
    def superfluous(
        context: typer.Context,
        ref: reference,
        reason: Annotated[str | None, typer.Option(help=_("Why you read a colleague's referral."))] = None,
    ) -> None:
        with context.obj.desk() as desk:
            shown = desk.superfluous.show(ref, reason=reason)
        notice = f"ocmw-intake quality open {ref} --field other --what superfluous"
        if context.obj.json:
            print_json({"reference": ref, "superfluous": list(shown.lines), "notice": notice})
            return
        say(_(PURPOSE))
        say()
        for line in shown.lines:
            say(clean_line(line))
        say()
        say(_("This was shown once. Report it to the sender: %(command)s") % {"command": notice})


def _report(ref: str, erased: "Erased", result: "RunResult | None", *, as_json: bool) -> None:
    """Say what happened, what happens when, and who else must be told (GDPR 19)."""
    gone = result is not None and ref in result.discarded
    due = erased.due
    if as_json:
        print_json(
            referral_json(erased.referral)
            | {
                "discard_on": due.on.isoformat() if due and due.on else None,
                "discarded": gone,
                "tell_partners": list(erased.partners),
            }
        )
        return
    if gone:
        say(_("%(reference)s: discarded everywhere.") % {"reference": ref})
    elif result is not None:
        say(
            _("%(reference)s: begun, and still to discard; the next retention run goes on.")
            % {"reference": ref}
        )
    else:
        day = show_date(due.on if due else None)
        say(
            _(
                "%(reference)s: closed. The next 'ocmw-intake retention run' from %(day)s on discards it everywhere."
            )
            % {"reference": ref, "day": day}
        )
    if erased.partners:
        say(
            _("Tell these partners that the data are to be erased (GDPR 19): %(partners)s")
            % {"partners": ", ".join(map(clean_line, erased.partners))}
        )
