"""The access log and the quarantine, as those see them who may."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import orjson

from intake.causes import Cause
from intake.desk.office import Office, listed_events
from intake.errors import NotFound
from intake.plaintext import clean_line, clean_lines
from intake.rows import QUARANTINE, moment_of
from intake.staff import Right
from intake.texts import N_
from storage.journal import Entry, Event, Verification
from storage.sealing import Context, open_sealed, receivers_of


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


class Log:
    """Use cases on the access log (A12)."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def entries(
        self, *, reference: str | None = None, user: str | None = None, since: datetime | None = None
    ) -> Iterator[Entry]:
        """Who saw or did what, when and why, oldest first."""
        self._office.require(Right.LOG)
        return self._office.store.journal.entries(reference=reference, user=user, since=since)

    def verify(self) -> Verification:
        """Check the whole log; LogBroken names the first place that does not hold."""
        self._office.require(Right.LOG)
        return self._office.store.journal.verify(self._office.directory.signing_key)

    def seen_by(self, reference: str) -> list[Entry]:
        """A reference's own view of who read it, for whoever may read the referral."""
        office = self._office
        office.require(Right.READ)
        row = office.row_of(office.store.snapshot(), reference)
        if not office.can_read(row):
            raise NotFound(what=reference)
        return [
            e
            for e in office.store.journal.entries(reference=reference)
            if e.action in ("read", "list", "export")
        ]
