"""What the doctor checks without a sign-in: the store's files one by one, and what this workstation knows of it."""

import shutil
from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from intake.cli.checks import Check, Wrong, check_of
from intake.cli.watching import pulse_text
from intake.config import Workstation
from intake.desk.backups import folder_of, look_at_all
from intake.desk.desk import SIGN_INS_FILE
from intake.desk.office import SIGNING_ROLES
from intake.desk.resealing import SIGNED, SIGNED_CLOSED
from intake.desk.turns import read_pulse
from intake.formats import show_date, show_moment
from intake.memory import memory_folder
from intake.rows import moment_of
from intake.staff import WRITERS
from intake.texts import N_, _
from storage.backup import listed
from storage.backup_file import read_files
from storage.directory import Directory
from storage.errors import Refusal, StoreReplaced, StoreRolledBack, UnknownUser, WitnessUnreadable
from storage.noted import check_notes
from storage.patience import Patience
from storage.sealing import verify_row
from storage.store import Store, open_store
from storage.witness import read_witness, trouble_with, witness_file

__all__ = ["without_sign_in"]

LEAST_FREE_BYTES = 100_000_000
CLOCK_TOLERANCE_SECONDS = 300
TRIED_OF_LATE = timedelta(minutes=15)


class _UserUnknown(Refusal):
    template = N_("The user of the configuration, %(name)s, has no account here. Mend 'user' in %(file)s.")


@dataclass
class _Found:
    """What the checks so far have opened."""

    workstation: Workstation
    store: Store | None = None
    directory: Directory | None = field(default=None, repr=False)


def without_sign_in(workstation: Workstation) -> Generator[Check, None, bool]:
    """Every check in order, without those for which something is missing; returns whether the store's files are whole."""
    here = _Found(workstation)
    yield check_of(_("free space"), lambda: _free_space(workstation))
    whole = True
    try:
        for check in _files(here):
            whole = whole and check.ok
            yield check
        yield check_of(_("backups"), lambda: _backups(here))
        store, directory = here.store, here.directory
        if store is not None and directory is not None:
            yield check_of(_("polling of the mailbox"), lambda: _polling(store, directory))
            yield check_of(_("user of the configuration"), lambda: _configured_user(here))
            yield check_of(_("memory of this workstation"), lambda: _memory(here))
    finally:
        if here.store is not None:
            here.store.close()
    return whole


def _free_space(workstation: Workstation) -> str:
    try:
        free = shutil.disk_usage(workstation.store).free
    except OSError:
        raise Wrong(problem=_("The folder of the store cannot be reached.")) from None
    words = _("%(megabytes)d MB free") % {"megabytes": free // 1_000_000}
    if free < LEAST_FREE_BYTES:
        raise Wrong(problem=words)
    return words


def _files(here: _Found) -> Iterator[Check]:
    """The files of the store, each by itself, then what stands in them; a broken one does not hide the next."""
    yield check_of(_("active file"), lambda: _active(here))
    store = here.store
    if store is None:
        return
    yield check_of(_("file of closed matters"), lambda: _closed(store))
    check = check_of(_("list of users"), lambda: _users(here))
    yield check
    directory = here.directory
    if directory is None:
        return
    yield check_of(_("rows"), lambda: _rows(store, directory))
    yield check_of(_("log"), lambda: _log(here, store, directory))
    yield check_of(_("clock"), lambda: _clock(store))


def _active(here: _Found) -> str:
    store = open_store(here.workstation.store)
    generation = store.snapshot().generation
    here.store = store
    return _("%(store)s, generation %(count)d") % {"store": here.workstation.store, "count": generation}


def _closed(store: Store) -> str:
    return _("generation %(count)d") % {"count": store.closed().generation}


def _users(here: _Found) -> str:
    assert here.store is not None
    here.directory = Directory.load(here.store.snapshot(), trusted=here.workstation.fingerprint)
    return _("%(count)d users, fingerprint %(fingerprint)s") % {
        "count": len(here.directory.users),
        "fingerprint": here.directory.fingerprint,
    }


def _rows(store: Store, directory: Directory) -> str:
    """Every signed row is as it was written, by someone whose role it was."""
    count = 0
    snapshot, closed = store.snapshot(), store.closed()
    for source, tables in ((snapshot, SIGNED), (closed, SIGNED_CLOSED)):
        for name in tables:
            for key, row in source.rows(name):
                verify_row(row, directory, name, key, SIGNING_ROLES.get(name, WRITERS))
                count += 1
    return _("%(count)d rows, each signed and unchanged") % {"count": count}


def _log(here: _Found, store: Store, directory: Directory) -> str:
    since = None
    with suppress(WitnessUnreadable):  # told in its own line
        seen = read_witness(witness_file(memory_folder(here.workstation), store.location))
        if seen is not None and not isinstance(trouble_with(store, seen), StoreRolledBack | StoreReplaced):
            since = seen.verified
    checked = store.journal.verify(directory.signing_key, since=since)
    return _("%(count)d entries, each signed and in its place") % {"count": checked.entries}


def _polling(store: Store, directory: Directory) -> str:
    """How the last poll went, by whichever workstation; not well when whoever polls does not reach the mailbox."""
    pulse, now = read_pulse(store.location, directory), datetime.now(UTC)
    said = pulse_text(pulse, now)
    if pulse is not None and pulse.down_since is not None and now - pulse.until < TRIED_OF_LATE:
        raise Wrong(problem=said)
    return said


def _clock(store: Store) -> str:
    """The clock does not run behind the newest entry of the log."""
    now = datetime.now(UTC)
    newest = now
    for entry in store.journal.entries():
        newest = moment_of(entry.at)
    if (newest - now).total_seconds() > CLOCK_TOLERANCE_SECONDS:
        raise Wrong(problem=_("The clock of this machine runs behind the log. Set the right date and time."))
    return show_moment(now)


def _backups(here: _Found) -> str:
    """Every backup is what it was when it was made, and there is one of the day of the last change.

    Of a store that cannot be read, the last good one is offered.
    """
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
    for one in listed(folder_of(workstation.store, None)):
        with suppress(Refusal):
            if not one.damaged:
                read_files(one.path)
                return _("the last good one is %(file)s, of %(day)s") % {
                    "file": one.path,
                    "day": show_date(one.made_at.date()),
                }
    raise Wrong(problem=_("There is no good backup in the usual folder; look for one elsewhere."))


def _configured_user(here: _Found) -> str:
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
    assert here.store is not None
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
