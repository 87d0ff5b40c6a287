"""`doctor`: is all of it in order? One line each, exit 1 if any fails. Changes nothing; the sign-in is logged."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import typer

from intake.cli.context import Context
from intake.cli.output import print_json, say
from intake.config import Workstation
from intake.errors import sentence
from intake.formats import show_date
from intake.staff import WRITERS, Right
from intake.texts import _
from storage.errors import Refusal

LEAST_FREE_BYTES = 100_000_000
CLOCK_TOLERANCE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor's report."""

    name: str
    ok: bool
    said: str


def register(app: typer.Typer) -> None:
    """Add the command to the program."""

    @app.command(help=_("Check configuration, store, keys, log, mailbox, clock and free space."))
    def doctor(context: typer.Context) -> None:
        checks = list(examine(context.obj))
        if context.obj.json:
            print_json({"ok": all(c.ok for c in checks), "checks": [vars_of(c) for c in checks]})
        else:
            for check in checks:
                say(f"{'✓' if check.ok else '✗'} {check.name}: {check.said}")
        if not all(check.ok for check in checks):
            raise typer.Exit(1)


def vars_of(check: Check) -> dict[str, object]:
    """A check as JSON has it."""
    return {"name": check.name, "ok": check.ok, "said": check.said}


def _one(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, True, look())
    except Refusal as error:
        return Check(name, False, sentence(error))


class _Wrong(Refusal):
    template = "%(problem)s"


def examine(context: Context) -> Iterator[Check]:
    """Every check in order; later ones are left out when what they need is not there."""
    found: list[Workstation] = []

    def configuration() -> str:
        found.append(context.workstation())
        return str(context.config_path)

    check = _one(_("configuration"), configuration)
    yield check
    if not check.ok:
        return
    workstation = found[0]
    yield _one(_("free space"), lambda: _free_space(workstation))
    yield from _signed_in(context, workstation)


def _free_space(workstation: Workstation) -> str:
    try:
        free = shutil.disk_usage(workstation.store).free
    except OSError:
        raise _Wrong(problem=_("The folder of the store cannot be reached.")) from None
    words = _("%(megabytes)d MB free") % {"megabytes": free // 1_000_000}
    if free < LEAST_FREE_BYTES:
        raise _Wrong(problem=words)
    return words


def _signed_in(context: Context, workstation: Workstation) -> Iterator[Check]:
    from intake.desk import Desk, open_desk

    user = context.user_name(workstation)
    desks: list[Desk] = []

    def store() -> str:
        passphrase = context.passphrase(user)
        desks.append(open_desk(workstation.store, user, passphrase, trusted=workstation.fingerprint))
        return _("%(store)s, generation %(count)d") % {
            "store": workstation.store,
            "count": desks[0].office.store.generation,
        }

    check = _one(_("store and keys"), store)
    yield check
    if not check.ok:
        return
    desk = desks[0]
    try:
        yield _one(_("settings"), lambda: _settings(desk))
        yield _one(_("rows"), lambda: _rows(desk))
        yield _one(_("clock"), lambda: _clock(desk))
        yield _one(_("log"), lambda: _log(desk))
        if desk.office.may(Right.MAILBOX):
            yield _one(_("mailbox"), lambda: _mailbox(desk))
    finally:
        desk.close()


def _settings(desk: object) -> str:
    from intake.agreement import Standing
    from intake.desk import Desk

    assert isinstance(desk, Desk)
    agreement = desk.office.settings.agreement
    if agreement.standing(desk.office.today()) is not Standing.IN_FORCE:
        raise _Wrong(problem=_("The agreement is not in force; nothing is received."))
    said = _("agreement in force since %(day)s") % {"day": show_date(agreement.in_force_from)}
    if agreement.ends_on:
        said += ", " + _("ends on %(day)s") % {"day": show_date(agreement.ends_on)}
    return said


def _rows(desk: object) -> str:
    """Every signed row is as it was written."""
    from intake.desk import Desk
    from intake.rows import LEDGER, QUARANTINE, REFERRALS, TOMBSTONES
    from storage.sealing import verify_row

    assert isinstance(desk, Desk)
    office = desk.office
    count = 0
    snapshot, closed = office.store.snapshot(), office.store.closed()
    tables = (
        (snapshot, REFERRALS),
        (snapshot, QUARANTINE),
        (snapshot, LEDGER),
        (closed, LEDGER),
        (closed, TOMBSTONES),
    )
    for source, name in tables:
        for key, row in source.rows(name):
            verify_row(row, office.directory, name, key, WRITERS)
            count += 1
    return _("%(count)d rows, each signed and unchanged") % {"count": count}


def _clock(desk: object) -> str:
    """The clock does not run behind the newest entry of the log."""
    from intake.desk import Desk
    from intake.rows import moment_of

    assert isinstance(desk, Desk)
    now = datetime.now(UTC)
    newest = now
    for entry in desk.office.store.journal.entries():
        newest = moment_of(entry.at)
    if (newest - now).total_seconds() > CLOCK_TOLERANCE_SECONDS:
        raise _Wrong(problem=_("The clock of this machine runs behind the log. Set the right date and time."))
    return now.astimezone().strftime("%d/%m/%Y %H:%M")


def _log(desk: object) -> str:
    from intake.desk import Desk

    assert isinstance(desk, Desk)
    office = desk.office
    checked = office.store.journal.verify(office.directory.signing_key)
    return _("%(count)d entries, each signed and in its place") % {"count": checked.entries}


def _mailbox(desk: object) -> str:
    from intake.desk import Desk

    assert isinstance(desk, Desk)
    with desk.polling.connect() as mailbox:
        health = mailbox.check()
    inbox = desk.polling.settings().inbox
    if inbox in health.missing:
        raise _Wrong(problem=_("The mailbox has no folder %(folder)s.") % {"folder": inbox})
    if not health.can_move or not health.can_delete:
        raise _Wrong(
            problem=_("Messages cannot be moved or deleted safely; ask for the rights, MOVE and UIDPLUS.")
        )
    return _("%(tls)s, %(count)d folders, messages can be moved and deleted") % {
        "tls": health.tls_version,
        "count": len(health.folders),
    }
