"""`doctor`: is all of it in order? One line each, exit 1 if any fails. Changes nothing; the sign-in is logged.

File by file first (`doctor_store.py`), for which no passphrase is needed: what is wrong with a file is told even when nobody
can sign in because of it. Then what a signed-in user can tell (`doctor_desk.py`).
"""

from collections.abc import Iterator

import typer

from intake.cli.checks import Check, check_of
from intake.cli.context import Context
from intake.cli.output import print_json, say
from intake.config import Workstation
from intake.texts import _


def register(app: typer.Typer) -> None:
    """Add the command to the program."""

    @app.command(help=_("Check configuration, store, keys, log, mailbox, clock and free space."))
    def doctor(context: typer.Context) -> None:
        checks: list[Check] = []
        for check in examine(context.obj):
            checks.append(check)
            if not context.obj.json:
                say(f"{'✓' if check.ok else '✗'} {check.name}: {check.said}")
        if context.obj.json:
            print_json({"ok": all(c.ok for c in checks), "checks": [vars_of(c) for c in checks]})
        if not all(check.ok for check in checks):
            raise typer.Exit(1)


def vars_of(check: Check) -> dict[str, object]:
    """A check as JSON has it."""
    return {"name": check.name, "ok": check.ok, "said": check.said}


def examine(context: Context) -> Iterator[Check]:
    """Every check in order; later ones are left out when what they need is not there."""
    found: list[Workstation] = []

    def configuration() -> str:
        found.append(context.workstation())
        return str(context.config_path)

    check = check_of(_("configuration"), configuration)
    yield check
    if not check.ok:
        return
    from intake.cli.doctor_desk import signed_in
    from intake.cli.doctor_store import without_sign_in

    whole = yield from without_sign_in(found[0])
    if whole:  # otherwise the sign-in would add to what should be kept as it is
        yield from signed_in(context, found[0])
