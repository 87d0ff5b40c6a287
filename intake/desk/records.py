"""The access log, as those see it who may."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from intake.desk.logged import TooFewWords, given_reason
from intake.desk.office import Office
from intake.errors import NotFound, WrongUse
from intake.rows import iso
from intake.staff import Right
from intake.texts import N_, _
from storage.errors import DiskFull, StoreNotWritable, StoreReplaced, StoreRolledBack, WitnessUnreadable
from storage.extract import Extract, write_extract
from storage.journal import Entry, Event, Verification
from storage.lookback import Mark, Page
from storage.witness import forget, read_witness

if TYPE_CHECKING:
    from intake.desk.desk import Desk


SEEN = frozenset({"read", "list", "export", "print", "subject-find"})
"""Actions by which someone saw a client's data."""


CLOCKS_APART = timedelta(days=31)
"""By how much the clocks of two workstations are taken to differ at most: entries stand in the order of writing."""


@dataclass(frozen=True, slots=True)
class Sought:
    """Which entries someone wants: all that fit whatever is given. `since` and `until` are aware, `until` excluded."""

    user: str | None = None
    reference: str | None = None
    actions: frozenset[str] | None = None
    since: datetime | None = None
    until: datetime | None = None

    def __call__(self, entry: Entry) -> bool:
        """Whether the entry is one of them."""
        return (
            (self.user is None or entry.user == self.user)
            and (self.reference is None or self.reference in entry.references)
            and (self.actions is None or entry.action in self.actions)
            and (self.since is None or entry.at >= _stamp(self.since))
            and (self.until is None or entry.at < _stamp(self.until))
        )

    def all_later(self, entry: Entry) -> bool:
        """Whether what stands before this entry is surely older than what is wanted."""
        return self.since is not None and entry.at < _stamp(self.since - CLOCKS_APART)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


class ReasonMissing(WrongUse):
    """A store that is not what was seen is accepted without a word."""

    template = N_("Say why the store as it is now is the right one (--why): who put it back, and when.")


class Log:
    """Use cases on the access log (A12)."""

    def __init__(self, office: Office, desk: "Desk") -> None:
        self._office = office
        self._desk = desk

    def entries(
        self, *, reference: str | None = None, user: str | None = None, since: datetime | None = None
    ) -> Iterator[Entry]:
        """Who saw or did what, when and why, oldest first."""
        self._office.require(Right.LOG)
        return self._office.store.journal.entries(reference=reference, user=user, since=since)

    def newest(self, sought: Sought, before: Mark | None = None, *, after: int = 0, most: int = 500) -> Page:
        """The entries that are wanted, the newest first, at most `most`; each checked in its place (A12).

        `before` is the mark of the page before; with `after` only entries with a higher number. What does not hold is on the page, marked so, wanted or not.
        """
        office = self._office
        office.require(Right.LOG)

        def stop(entry: Entry) -> bool:
            return entry.seq <= after or sought.all_later(entry)

        return office.store.journal.back(
            office.directory.signing_key, before=before, wanted=sought, stop=stop, most=most
        )

    def verify(
        self, *, from_start: bool = False, tell: Callable[[int], None] = lambda _count: None
    ) -> Verification:
        """Check the log, and that it is the one this workstation saw; what holds is remembered.

        Signatures that this workstation verified before are not verified again while the bytes are the same, unless
        `from_start`. `tell` hears how many entries were read, now and then; what it raises ends the reading.
        Raises LogBroken for the first place that does not hold; StoreRolledBack, StoreReplaced.
        """
        office, desk = self._office, self._desk
        office.require(Right.LOG)
        since = None
        if desk.witness is not None and not from_start:
            with suppress(WitnessUnreadable):  # told by `compare` below
                seen = read_witness(desk.witness)
                since = seen.verified if seen is not None else None
        # The cause before its consequence: the log of an older or another store is of course not the one verified.
        if isinstance(desk.compare(), StoreRolledBack | StoreReplaced):
            since = None
        checked = office.store.journal.verify(office.directory.signing_key, since=since, tell=tell)
        if desk.warning is not None:
            raise desk.warning
        desk.remember(checked.checkpoint)
        return checked

    def accept(self, why: str) -> Verification:
        """Take the store as it is now for the right one, after it is verified from the first entry on; logged.

        Raises ReasonMissing, LogBroken.
        """
        office, desk = self._office, self._desk
        office.require(Right.LOG)
        try:
            given = given_reason(why)
        except TooFewWords:
            raise ReasonMissing from None
        checked = office.store.journal.verify(office.directory.signing_key)
        warning = desk.compare()
        detail = {"warning": type(warning).__name__} if warning is not None else {}
        event = Event("store-accepted", reason=given, detail=detail)
        office.store.journal.append(office.session.signer, [event])
        if desk.witness is not None:
            forget(desk.witness)
        desk.remember(checked.checkpoint)
        return checked

    def export(self, file: Path) -> Extract:
        """Write the log to a new file that can be verified by itself; logged before. Raises WrongUse."""
        office = self._office
        office.require(Right.LOG)
        event = Event("export", detail={"what": "log"})
        office.store.journal.append(office.session.signer, [event])
        try:
            return write_extract(file, office.store, iso(office.now()))
        except FileExistsError:
            raise WrongUse(problem=_("That file exists already. Choose another name.")) from None
        except (DiskFull, StoreNotWritable):
            raise WrongUse(
                problem=_("The file cannot be written there. Choose a folder you can write to.")
            ) from None

    def seen_by(self, reference: str) -> list[Entry]:
        """A reference's own view of who read it, for whoever may read the referral or the log."""
        office = self._office
        if not office.may(Right.LOG):
            office.require(Right.READ)
            row = office.row_of(office.snapshot(), reference)
            if not office.can_read(row):
                raise NotFound(what=reference)
        return [e for e in office.store.journal.entries(reference=reference) if e.action in SEEN]
