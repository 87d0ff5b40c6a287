"""What a client may ask: which data are held, a copy of them, and their erasure (GDPR 15, 17, 20)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intake import retention
from intake.client import CLIENT_FIELDS
from intake.desk.logged import PersonNamed, check_reason, given_reason, listed_events
from intake.desk.office import Office
from intake.desk.reading import Line, Lines
from intake.desk.records import SEEN
from intake.erasure import check_erasable, erase_on_request
from intake.errors import WrongUse
from intake.paperwork.subject import Copy, Passed, Reported, Seen, write_copy
from intake.referral import Referral, State, Step
from intake.rows import REFERRALS, from_row
from intake.seeking import Sought
from intake.staff import Right
from intake.texts import N_
from intake.workdays import local_date
from storage.journal import Entry, Event

if TYPE_CHECKING:
    from intake.desk.work import Work

DISCLOSURES = "disclosures"
"""The table of what went to partners (P4)."""
QUALITY = "quality"
"""The table of what was reported to the sender (P7)."""
REQUEST = "=subject-request"
"""The log's own coded reason: the client asked."""
COPIED_FIELDS = (*CLIENT_FIELDS, "notes", "attempts", "timeline")


class FileNamesClient(WrongUse):
    """The file's name would tell who the client is."""

    template = N_("The file name must not name the client. Name it after the reference.")


@dataclass(frozen=True, slots=True)
class Found:
    """Who may be the client that is asked for; `unsearched` referrals are not sealed for the signed-in user.

    `where` are by reference the fields in which it was found.
    """

    lines: tuple[Line, ...]
    searched: int
    unsearched: int
    where: Mapping[str, tuple[str, ...]]

    def __repr__(self) -> str:
        return f"Found({len(self.lines)} of {self.searched})"


@dataclass(frozen=True, slots=True)
class Erased:
    """What a request for erasure led to: when it goes, and the partners who must be told (GDPR 19)."""

    referral: Referral
    due: retention.Due | None
    partners: tuple[str, ...]


class Subjects:
    """Use cases on a client's own requests. Keys decide what can be searched, copied and erased."""

    def __init__(self, office: Office, work: "Work") -> None:
        self._office = office
        self._work = work

    def find(self, text: str) -> Found:
        """The referrals of whoever fits `text`, closed ones too; one entry in the log before they are shown.

        `text` is personal: it is kept nowhere. Raises WrongUse when it says too little.
        """
        office = self._office
        office.require(Right.SUBJECT_FIND)
        sought = Sought(text)
        staff = office.directory
        lines: list[Line] = []
        where: dict[str, tuple[str, ...]] = {}
        searched = unsearched = 0
        make = Lines(office, self._work.index())
        for key, row in office.referrals(closed=True):
            if row["state"] == State.DISCARDING.value:
                office.verify(row, REFERRALS, key, staff)
                continue
            digest = office.verified(row, REFERRALS, key, staff)
            if not office.can_read(row):
                unsearched += 1
                continue
            searched += 1
            client = office.payload_of(row, key, digest).client
            if sought.fits(client):
                lines.append(make.line(from_row(row), row, client))
                where[key] = sought.where(client)
        self._log_found([line.referral.reference for line in lines], searched, unsearched)
        return Found(tuple(lines), searched, unsearched, where)

    def _log_found(self, references: list[str], searched: int, unsearched: int) -> None:
        office = self._office
        detail: dict[str, str | int] = {"searched": searched, "unsearched": unsearched}
        first, *more = listed_events("subject-find", references, ("client",)) or [Event("subject-find")]
        events = [Event(first.action, first.references, first.fields, REQUEST, detail), *more]
        office.store.journal.append(office.session.signer, events)

    def export(self, reference: str, file: Path) -> list[Path]:
        """Write everything held on the client as JSON to `file`, and as PDF beside it; logged before it is written.

        Raises NotAssignedToYou (keys), FileNamesClient, WrongUse when a file is there or cannot be written.
        """
        office = self._office
        office.require(Right.SUBJECT_EXPORT)
        row, referral = office.readable(office.snapshot(), reference)
        payload = office.payload(row, reference)
        try:
            check_reason(file.stem.replace("_", " ").replace("-", " "), payload.client)
        except PersonNamed:
            raise FileNamesClient from None
        event = Event("export", references=(reference,), fields=COPIED_FIELDS, reason=REQUEST)
        office.store.journal.append(office.session.signer, [event])
        copy = Copy(
            referral=referral,
            payload=payload,
            agreement=office.settings.agreement,
            due=retention.due(referral, office.settings.periods),
            seen=self._seen(reference),
            passed=self._passed(reference),
            reported=tuple(
                Reported(row["field"], row["what"], str(row["opened_at"])[:10])
                for row in self._rows_about(QUALITY, reference)
            ),
            roles=self._roles(),
            made_at=office.now(),
        )
        return write_copy(file, copy)

    def erase(self, reference: str, why: str, version: int | None = None) -> Erased:
        """Follow a request for erasure: the referral closes as *consent withdrawn* and is due at once (GDPR 17).

        `why` is sealed with the notes, and goes with them. Discarding itself is the retention run's work. Raises
        NotLawful while a case file or a hold keeps it.
        """
        office = self._office
        office.require(Right.SUBJECT_ERASE)
        given_reason(why)
        _row, referral = office.readable(office.snapshot(), reference)
        check_erasable(referral, office.today())
        after = erase_on_request(referral, office.name, office.now())
        if after is not referral:
            after = self._work.change(
                reference,
                Step.CLOSE,
                lambda r: erase_on_request(r, office.name, office.now()),
                referral.version if version is None else version,
                note=why,
                detail={"because": str(after.closed_because), "request": "erasure"},
            )
        partners = sorted({passed.partner for passed in self._passed(reference)})
        return Erased(after, retention.due(after, office.settings.periods), tuple(partners))

    # -- what is told beside the record itself ----------------------------------------------------------------------

    def _roles(self) -> dict[str, tuple[str, ...]]:
        return {user.name: tuple(sorted(user.roles)) for user in self._office.directory.users}

    def _seen(self, reference: str) -> tuple[Seen, ...]:
        """Who saw the data, by role (A12): for the client it is the role that counts, not the colleague."""
        roles = self._roles()
        days: dict[tuple[str, ...], list[date]] = {}
        for entry in self._office.store.journal.entries(reference=reference):
            if entry.action in SEEN:
                days.setdefault(roles.get(entry.user, ()), []).append(_day(entry))
        return tuple(Seen(who, len(found), min(found), max(found)) for who, found in sorted(days.items()))

    def _passed(self, reference: str) -> tuple[Passed, ...]:
        return tuple(
            Passed(row["partner"], tuple(row["fields"]), str(row["at"])[:10])
            for row in self._rows_about(DISCLOSURES, reference)
        )

    def _rows_about(self, table: str, reference: str) -> list[Mapping[str, Any]]:
        """The verified rows of a register that are about a referral."""
        found: list[Mapping[str, Any]] = []
        for key, row in self._office.snapshot().rows(table):
            self._office.verify(row, table, key)
            if row["reference"] == reference:
                found.append(row)
        return found


def _day(entry: Entry) -> date:
    return local_date(datetime.fromisoformat(entry.at))
