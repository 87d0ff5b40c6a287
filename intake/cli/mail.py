"""`poll`: take in what lies in the mailbox."""

from typing import Annotated

import typer

from intake.cli.output import print_json, say
from intake.texts import _


def register(app: typer.Typer) -> None:
    """Add the command to the program."""

    @app.command(help=_("Take in what lies in the mailbox."))
    def poll(
        context: typer.Context,
        watch: Annotated[bool, typer.Option("--watch", help=_("Go on until stopped with Ctrl+C."))] = False,
    ) -> None:
        with context.obj.desk() as desk:
            if watch:
                _watch(context, desk)
            else:
                _report(context, desk.polling.poll())


def _report(context: typer.Context, result: object) -> None:
    from intake.desk.polling import PollResult

    assert isinstance(result, PollResult)
    if context.obj.json:
        print_json(
            {
                "found": result.found,
                "imported": result.imported,
                "quarantined": result.quarantined,
                "known": result.known,
                "references": list(result.references),
                "seconds": result.seconds,
            }
            | ({"missed": result.missed} if result.missed else {})
        )
        return
    say(
        _("Found %(found)d = %(imported)d imported + %(quarantined)d quarantined + %(known)d known.")
        % {
            "found": result.found,
            "imported": result.imported,
            "quarantined": result.quarantined,
            "known": result.known,
        }
    )
    if result.missed:
        say(
            _(
                "%(count)d messages were taken out of the inbox before they were read. Look for them in the other folders."
            )
            % {"count": result.missed}
        )


def _watch(context: typer.Context, desk: object) -> None:
    """Poll at the office's interval; an outage is said once and waited out."""
    import sys
    import threading

    from intake.desk import Desk
    from intake.errors import MailboxError, sentence
    from storage.errors import StoreLocked

    assert isinstance(desk, Desk)
    pause = threading.Event()
    down = False
    while True:
        try:
            result = desk.polling.poll()
        except (MailboxError, StoreLocked) as error:
            if not down:
                sys.stderr.write(sentence(error) + "\n")
            down = True
        else:
            if down or result.imported or result.quarantined or result.missed:
                _report(context, result)
            down = False
        pause.wait(desk.settings.show().mailbox.poll_seconds)
