"""`poll`: take in what lies in the mailbox, once or for as long as one likes, and how polling goes."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from intake.cli.output import print_json, say
from intake.texts import _

if TYPE_CHECKING:
    from intake.cli.context import Context
    from intake.desk.polled import PollResult

EXIT_STALE = 5


def register(app: typer.Typer) -> None:
    """Add the command to the program."""

    @app.command(help=_("Take in what lies in the mailbox."))
    def poll(
        context: typer.Context,
        watch: Annotated[bool, typer.Option("--watch", help=_("Go on until stopped with Ctrl+C."))] = False,
        status: Annotated[
            bool,
            typer.Option(
                "--status", help=_("Tell who polls and how the last poll went, without signing in.")
            ),
        ] = False,
    ) -> None:
        if status:
            raise typer.Exit(_status(context.obj))
        from intake.isolated import kept

        # It loads while the passphrase is checked and the mailbox reached.
        with kept(started=True), context.obj.desk() as desk:
            if watch:
                from intake.cli.watching import watch_mailbox

                watch_mailbox(desk, lambda result: report(context.obj, result))
            else:
                report(context.obj, desk.polling.poll())


def report(context: "Context", result: "PollResult") -> None:
    """Print a poll's proof."""
    if context.json:
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
        sys.stdout.flush()
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
    sys.stdout.flush()


def _status(context: "Context") -> int:
    """Print how polling goes; 0 when the last good poll is fresh, otherwise 5. Reads only, and signs nobody in."""
    from datetime import UTC, datetime

    from intake.desk.turns import read_pulse
    from intake.pulse import Doing, fresh_until, lapsed
    from intake.rows import iso
    from storage.directory import Directory
    from storage.store import open_store

    workstation = context.workstation()
    store = open_store(workstation.store)
    try:
        staff = Directory.load(store.snapshot(), trusted=workstation.fingerprint)
        pulse = read_pulse(workstation.store, staff)
    finally:
        store.close()
    now = datetime.now(UTC)
    until = fresh_until(pulse) if pulse else None
    fresh = until is not None and now <= until
    told: dict[str, Any] = {
        "fresh": fresh,
        "polled_at": iso(pulse.polled_at) if pulse and pulse.polled_at else None,
        "polled_by": pulse.polled_by if pulse else None,
        "found": None,
        "imported": None,
        "quarantined": None,
        "known": None,
        "poller": None,
        "down_since": iso(pulse.down_since) if pulse and pulse.down_since else None,
        "trouble": pulse.trouble if pulse else None,
        "interval": pulse.every if pulse else None,
    }
    if pulse and pulse.proof:
        proof = pulse.proof
        told |= {
            "found": proof.found,
            "imported": proof.imported,
            "quarantined": proof.quarantined,
            "known": proof.known,
        }
    if pulse and pulse.doing is not Doing.ENDED and not lapsed(pulse, now):
        told["poller"] = {"user": pulse.holder, "host": pulse.host, "since": iso(pulse.since)}
    if context.json:
        print_json(told)
    else:
        from intake.cli.watching import pulse_text

        say(pulse_text(pulse, now))
    return 0 if fresh else EXIT_STALE
