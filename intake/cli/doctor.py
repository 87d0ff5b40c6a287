"""`doctor`: is all of it in order? One line each, exit 1 if any fails. Changes nothing; the sign-in is logged.

File by file first, for which no passphrase is needed: what is wrong with a file is told even when nobody can sign in
because of it. Then what a signed-in user can tell.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import typer

from intake.cli.context import Context
from intake.cli.output import print_json, say
from intake.config import Workstation
from intake.errors import sentence
from intake.formats import show_date, show_moment
from intake.memory import memory_folder
from intake.staff import WRITERS, Right
from intake.texts import N_, _
from storage.errors import Refusal

if TYPE_CHECKING:
    from intake.desk import Desk
    from storage.directory import Directory
    from storage.store import Store

LEAST_FREE_BYTES = 100_000_000
CLOCK_TOLERANCE_SECONDS = 300
TRIED_OF_LATE = timedelta(minutes=15)


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


def _one(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, True, look())
    except Refusal as error:
        return Check(name, False, sentence(error))
    except Exception as error:  # noqa: BLE001 - whatever lies in a file, the doctor says its line; no value is told
        return Check(
            name, False, _("this could not be looked at (%(what)s).") % {"what": type(error).__name__}
        )


class _Wrong(Refusal):
    template = "%(problem)s"


class _UserUnknown(Refusal):
    template = N_("The user of the configuration, %(name)s, has no account here. Mend 'user' in %(file)s.")


@dataclass
class _Found:
    """What the checks so far have opened."""

    workstation: Workstation
    store: "Store | None" = None
    directory: "Directory | None" = field(default=None, repr=False)


def examine(context: Context) -> Iterator[Check]:
    """Every check in order; later ones are left out when what they need is not there."""
    found: list[_Found] = []

    def configuration() -> str:
        found.append(_Found(context.workstation()))
        return str(context.config_path)

    check = _one(_("configuration"), configuration)
    yield check
    if not check.ok:
        return
    here = found[0]
    yield _one(_("free space"), lambda: _free_space(here.workstation))
    whole = True
    try:
        for check in _files(here):
            whole = whole and check.ok
            yield check
        yield _one(_("backups"), lambda: _backups(here))
        store, directory = here.store, here.directory
        if store is not None and directory is not None:
            yield _one(_("polling of the mailbox"), lambda: _polling(store, directory))
            yield _one(_("user of the configuration"), lambda: _configured_user(here))
            yield _one(_("memory of this workstation"), lambda: _memory(here))
    finally:
        if here.store is not None:
            here.store.close()
    if whole:  # otherwise the sign-in would add to what should be kept as it is
        yield from _signed_in(context, here.workstation)


def _free_space(workstation: Workstation) -> str:
    try:
        free = shutil.disk_usage(workstation.store).free
    except OSError:
        raise _Wrong(problem=_("The folder of the store cannot be reached.")) from None
    words = _("%(megabytes)d MB free") % {"megabytes": free // 1_000_000}
    if free < LEAST_FREE_BYTES:
        raise _Wrong(problem=words)
    return words


# -- file by file -----------------------------------------------------------------------------------------------------


def _files(here: _Found) -> Iterator[Check]:
    """The files of the store, each by itself, then what stands in them; a broken one does not hide the next."""
    yield _one(_("active file"), lambda: _active(here))
    store = here.store
    if store is None:
        return
    yield _one(_("file of closed matters"), lambda: _closed(store))
    check = _one(_("list of users"), lambda: _users(here))
    yield check
    directory = here.directory
    if directory is None:
        return
    yield _one(_("rows"), lambda: _rows(store, directory))
    yield _one(_("log"), lambda: _log(here, store, directory))
    yield _one(_("clock"), lambda: _clock(store))


def _active(here: _Found) -> str:
    from storage.store import open_store

    store = open_store(here.workstation.store)
    generation = store.snapshot().generation
    here.store = store
    return _("%(store)s, generation %(count)d") % {"store": here.workstation.store, "count": generation}


def _closed(store: "Store") -> str:
    return _("generation %(count)d") % {"count": store.closed().generation}


def _users(here: _Found) -> str:
    from storage.directory import Directory

    assert here.store is not None
    here.directory = Directory.load(here.store.snapshot(), trusted=here.workstation.fingerprint)
    return _("%(count)d users, fingerprint %(fingerprint)s") % {
        "count": len(here.directory.users),
        "fingerprint": here.directory.fingerprint,
    }


def _rows(store: "Store", directory: "Directory") -> str:
    """Every signed row is as it was written, by someone whose role it was."""
    from intake.desk.office import SIGNING_ROLES
    from intake.desk.resealing import SIGNED, SIGNED_CLOSED
    from storage.sealing import verify_row

    count = 0
    snapshot, closed = store.snapshot(), store.closed()
    for source, tables in ((snapshot, SIGNED), (closed, SIGNED_CLOSED)):
        for name in tables:
            for key, row in source.rows(name):
                verify_row(row, directory, name, key, SIGNING_ROLES.get(name, WRITERS))
                count += 1
    return _("%(count)d rows, each signed and unchanged") % {"count": count}


def _log(here: _Found, store: "Store", directory: "Directory") -> str:
    from storage.errors import StoreReplaced, StoreRolledBack, WitnessUnreadable
    from storage.witness import read_witness, trouble_with, witness_file

    since = None
    with suppress(WitnessUnreadable):  # told in its own line
        seen = read_witness(witness_file(memory_folder(here.workstation), store.location))
        if seen is not None and not isinstance(trouble_with(store, seen), StoreRolledBack | StoreReplaced):
            since = seen.verified
    checked = store.journal.verify(directory.signing_key, since=since)
    return _("%(count)d entries, each signed and in its place") % {"count": checked.entries}


def _polling(store: "Store", directory: "Directory") -> str:
    """How the last poll went, by whichever workstation; not well when whoever polls does not reach the mailbox."""
    from intake.cli.watching import pulse_text
    from intake.desk.turns import read_pulse

    pulse, now = read_pulse(store.location, directory), datetime.now(UTC)
    said = pulse_text(pulse, now)
    if pulse is not None and pulse.down_since is not None and now - pulse.until < TRIED_OF_LATE:
        raise _Wrong(problem=said)
    return said


def _clock(store: "Store") -> str:
    """The clock does not run behind the newest entry of the log."""
    from intake.rows import moment_of

    now = datetime.now(UTC)
    newest = now
    for entry in store.journal.entries():
        newest = moment_of(entry.at)
    if (newest - now).total_seconds() > CLOCK_TOLERANCE_SECONDS:
        raise _Wrong(problem=_("The clock of this machine runs behind the log. Set the right date and time."))
    return show_moment(now)


def _backups(here: _Found) -> str:
    """Every backup is what it was when it was made, and there is one of the day of the last change.

    Of a store that cannot be read, the last good one is offered.
    """
    from intake.desk.backups import look_at_all

    if here.store is None:
        return _last_good(here.workstation)
    count, newest = look_at_all(here.store, here.workstation.fingerprint)
    if newest is None:
        return _("none yet")
    return _("%(count)d, each whole; the newest is of %(day)s") % {
        "count": count,
        "day": show_date(newest.made_at.date()),
    }


def _last_good(workstation: Workstation) -> str:
    from intake.desk.backups import folder_of
    from storage.backup import listed
    from storage.backup_file import read_files

    for one in listed(folder_of(workstation.store, None)):
        with suppress(Refusal):
            if not one.damaged:
                read_files(one.path)
                return _("the last good one is %(file)s, of %(day)s") % {
                    "file": one.path,
                    "day": show_date(one.made_at.date()),
                }
    raise _Wrong(problem=_("There is no good backup in the usual folder; look for one elsewhere."))


def _configured_user(here: _Found) -> str:
    from storage.errors import UnknownUser

    assert here.directory is not None
    name = here.workstation.user
    if name is None:
        return _("none named")
    try:
        return here.directory.user(name).display_name
    except UnknownUser:
        raise _UserUnknown(name=name[:32], file=here.workstation.file) from None


def _memory(here: _Found) -> str:
    """Whether the store is the one this workstation saw: not an older copy of it, nor another."""
    from storage.witness import read_witness, trouble_with, witness_file

    assert here.store is not None
    from intake.desk.desk import SIGN_INS_FILE
    from storage.noted import check_notes
    from storage.patience import Patience

    memory = memory_folder(here.workstation)
    if memory.is_dir():
        Patience(memory / SIGN_INS_FILE).check()
        check_notes(memory)
    seen = read_witness(witness_file(memory, here.store.location))
    if seen is None:
        return _("nothing remembered yet")
    trouble = trouble_with(here.store, seen)
    if trouble is not None:
        raise trouble
    return _("the store is the one seen before, generation %(count)d") % {"count": seen.mark.generation}


# -- signed in --------------------------------------------------------------------------------------------------------


def _signed_in(context: Context, workstation: Workstation) -> Iterator[Check]:
    from intake.desk import open_desk

    desks: list[Desk] = []

    def keys() -> str:
        user = context.user_name(workstation)
        passphrase = context.passphrase(user)
        memory = memory_folder(workstation)
        desk = open_desk(workstation.store, user, passphrase, trusted=workstation.fingerprint, memory=memory)
        desks.append(desk)
        return _("the passphrase opens the keys of %(user)s") % {"user": desk.user.name}

    check = _one(_("keys"), keys)
    yield check
    if not desks:
        return
    desk = desks[0]
    try:
        yield _one(_("kept keys"), lambda: _kept_keys(desk))
        yield _one(_("settings"), lambda: _settings(desk))
        yield _one(_("accounts"), lambda: _accounts(desk))
        if desk.office.may(Right.POLL):
            from intake.cli.passphrases import in_order

            yield _one(_("archive passphrases"), lambda: in_order(desk))
        if desk.office.may(Right.MAILBOX):
            yield _one(_("mailbox"), lambda: _mailbox(desk))
            yield _one(_("sign-in to the mailbox"), lambda: _mailbox_sign_in(desk))
    finally:
        desk.close()


class _BookDamaged(Refusal):
    template = N_(
        "The file %(file)s, which makes the start quicker, was changed or is from before your keys were renewed. Nothing "
        "is lost; it is written anew when you open the worklist."
    )


def _kept_keys(desk: "Desk") -> str:
    """What this workstation keeps, so that rows need not be verified and opened twice, is as it was written."""
    if desk.office.book.damaged:
        raise _BookDamaged(file=desk.office.book.file)
    return _("what this workstation keeps of rows it verified is unchanged")


def _settings(desk: "Desk") -> str:
    from intake.agreement import Standing

    agreement = desk.office.settings.agreement
    if agreement.standing(desk.office.today()) is not Standing.IN_FORCE:
        raise _Wrong(problem=_("The agreement is not in force; nothing is received."))
    said = _("agreement in force since %(day)s") % {"day": show_date(agreement.in_force_from)}
    if agreement.ends_on:
        said += ", " + _("ends on %(day)s") % {"day": show_date(agreement.ends_on)}
    return said


def _accounts(desk: "Desk") -> str:
    """No substitute keeps a key after the last day; who must confirm professional secrecy again is told, not blamed."""
    from intake.desk.standing import secrecy_due

    today = desk.office.today()
    active = [user for user in desk.office.directory.users if user.status == "active"]
    over = [u.name for u in active if u.substitute and (u.absent_until or "") < today.isoformat()]
    if over:
        raise _Wrong(
            problem=_(
                "The absence of %(users)s is over and the substitute still has the keys. They go when a team lead next "
                "opens the worklist."
            )
            % {"users": ", ".join(over)}
        )
    said = _("%(count)d active") % {"count": len(active)}
    if due := [user.name for user in active if secrecy_due(user, today)]:
        said += "; " + _("professional secrecy to be confirmed again by %(users)s") % {
            "users": ", ".join(due)
        }
    return said


def _mailbox(desk: "Desk") -> str:
    with desk.polling.connect() as mailbox:
        health = mailbox.check()
    inbox = desk.polling.settings().inbox
    if inbox in health.missing:
        raise _Wrong(problem=_("The mailbox has no folder %(folder)s.") % {"folder": inbox})
    if not health.can_move or not health.can_delete:
        raise _Wrong(
            problem=_("Messages may not be moved or deleted; ask the mail administrator for the rights.")
        )
    return _("%(tls)s, %(count)d folders, messages can be moved and deleted") % {
        "tls": health.tls_version,
        "count": len(health.folders),
    }


def _mailbox_sign_in(desk: "Desk") -> str:
    """The way of signing in; of a token for how long it is good, and nothing else of it."""
    from intake.mail.ways import WAY_WORDS

    said = _(WAY_WORDS[desk.office.settings.mailbox.sign_in.kind])
    left = desk.polling.token_seconds
    if left is not None:
        said += ", " + _("the token is good for %(minutes)d minutes yet") % {"minutes": left // 60}
    return said
