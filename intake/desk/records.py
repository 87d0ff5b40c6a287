"""The access log and the quarantine, as those see them who may."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from intake.causes import Cause
from intake.desk.office import Office, listed_events
from intake.errors import NotFound, WrongUse
from intake.formats import clean_note
from intake.plaintext import clean_line, clean_lines
from intake.rows import QUARANTINE, iso, moment_of
from intake.staff import Right
from intake.texts import N_, _
from storage.errors import DiskFull, StoreNotWritable, StoreReplaced, StoreRolledBack, WitnessUnreadable
from storage.extract import Extract, write_extract
from storage.journal import Entry, Event, Verification
from storage.lookback import Mark, Page
from storage.sealing import Context, open_sealed, receivers_of
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


@dataclass(frozen=True, slots=True)
class QuarantineItem:
    """A message that became no referral. `sender` and `text` are None for those who may not read them."""

    id: str
    cause: Cause
    received_at: datetime
    attempts: int
    sender: str | None
    text: str | None

    def __repr__(self) -> str:
        return f"QuarantineItem({self.id}, {self.cause})"


class NotInQuarantine(NotFound):
    """No such item."""

    template = N_("There is no %(key)s in quarantine. Look it up with 'ocmw-intake quarantine list'.")


class Quarantine:
    """Use cases on the quarantine."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def items(self) -> list[QuarantineItem]:
        """All items by id; senders are shown, and that logged, to those for whom they are sealed."""
        office = self._office
        office.require(Right.QUARANTINE_LIST)
        rows = office.store.snapshot().rows(QUARANTINE)
        readable = [key for key, row in rows if self._readable(row)]
        if readable:
            events = listed_events("quarantine-list", readable, ("sender",))
            office.store.journal.append(office.session.signer, events)
        return [self._item(key, row, with_text=False) for key, row in rows]

    def show(self, key: str) -> QuarantineItem:
        """One item with the text that could be read, for registering by hand. Logged before it is shown."""
        office = self._office
        office.require(Right.QUARANTINE_READ)
        row = office.store.snapshot().get(QUARANTINE, key)
        if row is None:
            raise NotInQuarantine(key=clean_line(key)[:40])
        event = Event("quarantine-read", references=(key,), fields=("sender", "text"), reason="=quarantine")
        office.store.journal.append(office.session.signer, [event])
        return self._item(key, row, with_text=True)

    def _readable(self, row: object) -> bool:
        office = self._office
        return office.may(Right.QUARANTINE_READ) and office.name in receivers_of(row["sealed"])  # type: ignore[index]

    def _item(self, key: str, row: object, *, with_text: bool) -> QuarantineItem:
        office = self._office
        assert isinstance(row, dict)
        office.verify(row, QUARANTINE, key)
        sender: str | None = None
        text: str | None = None
        if self._readable(row):
            data = open_sealed(
                row["sealed"], office.name, office.session.ring.reading, Context("quarantine", key)
            )
            hidden = orjson.loads(data)
            sender = clean_line(hidden["sender"] or "") or None
            text = clean_lines(hidden["text"] or "") if with_text else None
        return QuarantineItem(
            key, Cause(row["cause"]), moment_of(row["received_at"]), row["attempts"], sender, text
        )


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
        if not (given := clean_note(why)):
            raise ReasonMissing
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
