"""Looking at referrals: the worklist and opening one. What is done with them is in `work.py`."""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from intake import retention
from intake.client import CLIENT_FIELDS, Client
from intake.deadlines import Deadline, deadlines, nearest, waits_for_worker
from intake.desk.logged import check_reason, given_reason, listed_events
from intake.desk.office import Office
from intake.errors import WrongUse
from intake.formats import clean_note
from intake.lawful import verdicts
from intake.likeness import Alike, Index
from intake.referral import Referral, State, Step, Verdict
from intake.rows import REFERRALS, Payload, from_row
from intake.staff import Right
from intake.steps import letter_proposed
from intake.texts import N_, _
from storage.errors import StorageError
from storage.journal import Event
from storage.sealing import receivers_of

LISTED_FIELDS = ("client",)
_RIGHT_FOR = {
    Step.ASSIGN: Right.ASSIGN,
    Step.TAKE: Right.TAKE,
    Step.UNASSIGN: Right.ASSIGN,
    Step.REOPEN: Right.REOPEN,
    Step.HOLD: Right.RETENTION_HOLD,
    Step.RELEASE: Right.RETENTION_HOLD,
}
"""The right that a step takes, where it is another than to work."""


class Scope(StrEnum):
    """Which referrals a worklist shows."""

    OPEN = "open"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    CLOSED = "closed"
    ALL = "all"


class ReasonNeeded(WrongUse):
    """Reading a colleague's referral asks for a reason (A12)."""

    template = N_("%(reference)s is assigned to %(worker)s. Say why you read it (--reason).")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the worklist. `client` is None where the signed-in user may not read it.

    `unclaimed` when it has had no worker for longer than a working day; `alike` are other referrals, perhaps of the same
    client; `waiting` when the client was not looked up yet, since only the most urgent were asked for.
    """

    referral: Referral
    client: Client | None
    due_on: date | None
    discard: retention.Due | None
    readers: frozenset[str]
    unclaimed: bool = False
    alike: tuple[Alike, ...] = ()
    waiting: bool = False


def urgency(line: Line) -> tuple[date, datetime]:
    """The order of a worklist: what is due soonest, then what waits longest."""
    goes = line.discard.goes_on if line.discard else None
    return line.due_on or goes or date.max, line.referral.received_at


def most_urgent(lines: Iterable[Line], *, assigns: bool) -> list[Line]:
    """By `urgency`; who assigns sees first what waits for a worker."""
    found = sorted(lines, key=urgency)
    if assigns:
        found.sort(key=lambda line: not line.unclaimed)
    return found


@dataclass(frozen=True, slots=True)
class View:
    """An opened referral, after the reading was logged."""

    line: Line
    payload: Payload
    steps: tuple[Verdict, ...]
    reason: str
    deadlines: tuple[Deadline, ...] = ()
    letter_proposed: bool = False

    @property
    def referral(self) -> Referral:
        """The workflow facts."""
        return self.line.referral


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Python looks again and again for waste among thousands of new rows that all stay: a quarter of the time of a list."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


class Reading:
    """Use cases that look at referrals. Every method checks the right and the keys, and logs before it shows."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._listed: set[str] = set()
        self._opened: dict[str, tuple[int, Payload]] = {}
        self._facts: dict[bytes, Referral] = {}

    @_collector_paused()
    def worklist(
        self,
        scope: Scope = Scope.OPEN,
        *,
        state: str | None = None,
        assigned_to: str | None = None,
        first: int | None = None,
    ) -> list[Line]:
        """The lines of the worklist by reference, those of a state or a worker if given.

        With `first` only the clients of so many lines, the most urgent, are looked up: thousands take their time.

        Clients shown for the first time in this session are logged first. When the folder cannot be reached, or the log
        not be written, what was shown before is shown still and `Office.trouble` holds the reason.
        """
        office = self._office
        office.trouble = None
        office.require(Right.LIST)
        staff = office.directory
        chosen: list[tuple[Referral, Any, bytes]] = []
        everyone: list[Referral] = []
        before, self._facts = self._facts, {}
        for key, row in office.referrals(closed=scope in (Scope.CLOSED, Scope.ALL)):
            if row["state"] == State.DISCARDING.value:
                office.verify(row, REFERRALS, key, staff)
                continue
            # Verified before it is sorted out: an altered row must not vanish without a word.
            digest = office.verified(row, REFERRALS, key, staff)
            referral = self._facts[digest] = before.get(digest) or from_row(row)
            everyone.append(referral)
            if state is not None and referral.state != state:
                continue
            if assigned_to is not None and referral.assigned_to != assigned_to:
                continue
            if self._in_scope(referral, scope):
                chosen.append((referral, row, digest))
        make = Lines(office, Index(everyone))
        reads = office.may(Right.READ)
        readable = {r.reference for r, row, _d in chosen if reads and office.can_read(row)}
        some = first is not None and first < len(chosen)
        lines = [
            make.line(referral, row, None, waiting=some and referral.reference in readable)
            for referral, row, _digest in chosen
        ]
        wanted = readable
        if some:
            urgent = most_urgent(lines, assigns=office.may(Right.ASSIGN))[:first]
            wanted = readable & {line.referral.reference for line in urgent}
        shown = self._logged(wanted)
        for number, (referral, row, digest) in enumerate(chosen):
            if referral.reference in wanted:
                client = self._client(referral, row, digest) if referral.reference in shown else None
                lines[number] = make.line(referral, row, client, known=lines[number])
        with suppress(StorageError):  # only what makes the next start quicker
            office.book.save()
        return lines

    def _in_scope(self, referral: Referral, scope: Scope) -> bool:
        match scope:
            case Scope.OPEN:
                return referral.is_open
            case Scope.MINE:
                return referral.is_open and referral.assigned_to == self._office.name
            case Scope.UNASSIGNED:
                return referral.is_open and referral.assigned_to is None
            case Scope.CLOSED:
                return not referral.is_open
        return True

    def _logged(self, references: set[str]) -> set[str]:
        """Those of which the log has the entry on disk. While it cannot be written, those shown before stay shown."""
        new = references - self._listed
        try:
            if new:
                self._office.store.journal.append(
                    self._office.session.signer, listed_events("list", sorted(new), LISTED_FIELDS)
                )
                self._listed |= new
        except StorageError as error:
            if not self._listed:
                raise
            self._office.trouble = error
        return references & self._listed

    def _client(self, referral: Referral, row: Any, digest: bytes) -> Client:
        known = self._opened.get(referral.reference)
        if known is None or known[0] != referral.version:
            known = (referral.version, self._office.opened(row, referral.reference, digest))
            self._opened[referral.reference] = known
        return known[1].client

    def open(self, reference: str, reason: str | None = None) -> View:
        """Open one referral. The reading is on disk in the log before anything is returned to be shown (A12).

        Raises NotFound, NotAssignedToYou (keys), ReasonNeeded for a colleague's referral, PersonNamed, RowNotGenuine.
        """
        office = self._office
        office.require(Right.READ)
        row, referral = office.readable(office.snapshot(), reference)
        payload = office.payload(row, reference)
        why = self._reason_to_read(referral, reason, payload.client)
        event = Event("read", references=(reference,), fields=CLIENT_FIELDS, reason=why)
        office.store.journal.append(office.session.signer, [event])
        self._opened[reference] = (referral.version, payload)
        make = Lines(office, self.index())
        return View(
            make.line(referral, row, payload.client),
            payload,
            tuple(self.steps(referral)),
            why,
            deadlines(referral, office.settings.targets, office.calendar),
            letter_proposed(referral, office.settings.attempts_before_unreachable),
        )

    def index(self) -> Index:
        """By which the doubles of one referral are noticed; their rows are verified when they are opened."""
        return Index(
            from_row(row)
            for _key, row in self._office.referrals(closed=True)
            if row["state"] != State.DISCARDING.value
        )

    def _reason_to_read(self, referral: Referral, reason: str | None, client: Client | None = None) -> str:
        return why_read(self._office, referral, reason, client)

    def needs_reason(self, referral: Referral) -> bool:
        """Whether opening it asks the signed-in user for a reason."""
        try:
            self._reason_to_read(referral, None)
        except ReasonNeeded:
            return True
        return False

    def steps(self, referral: Referral) -> list[Verdict]:
        """What the signed-in user may do with it now, and for the rest why not."""
        return [self._with_right(verdict, referral) for verdict in verdicts(referral)]

    def _with_right(self, verdict: Verdict, referral: Referral) -> Verdict:
        office = self._office
        right = _RIGHT_FOR.get(verdict.step, Right.WORK)
        if verdict.allowed and not office.may(right):
            return Verdict(verdict.step, False, _("Your role does not include this; ask a team lead."))
        if verdict.step is Step.TAKE and referral.assigned_to == office.name and verdict.allowed:
            return Verdict(verdict.step, False, _("It is already assigned to you."))
        if verdict.step is Step.CASE_CLOSE and verdict.allowed and office.settings.case_files == "external":
            return Verdict(
                verdict.step,
                False,
                _("Case files are kept in the OCMW's own system; hand it over instead. (P3)"),
            )
        return verdict


class Lines:
    """Makes lines, on the terms of one look. The caller has logged that the client is shown."""

    def __init__(self, office: Office, index: Index) -> None:
        settings = office.settings
        self._targets, self._periods = settings.targets, settings.periods
        self._calendar, self._today = office.calendar, office.today()
        self._index = index

    def line(
        self,
        referral: Referral,
        row: Any,
        client: Client | None,
        *,
        waiting: bool = False,
        known: Line | None = None,
    ) -> Line:
        """The line of one referral. `known` is an earlier one of it, of this very look."""
        if known is not None:
            return Line(
                referral,
                client,
                known.due_on,
                known.discard,
                known.readers,
                known.unclaimed,
                known.alike,
                waiting,
            )
        return Line(
            referral,
            client,
            nearest(referral, self._targets, self._calendar),
            retention.due(referral, self._periods),
            receivers_of(row["sealed"]),
            waits_for_worker(referral, self._today, self._targets, self._calendar),
            self._index.like(referral),
            waiting,
        )


def why_read(office: Office, referral: Referral, reason: str | None, client: Client | None) -> str:
    """Why the signed-in user may read it, for the log: their own reason, else what makes it theirs (A12).

    Raises ReasonNeeded for a colleague's referral, TooFewWords, PersonNamed where the reason names the `client`.
    """
    if reason and clean_note(reason):
        given = given_reason(reason)
        if client is not None:
            check_reason(given, client)
        return given
    if referral.assigned_to == office.name:
        return own_reason("assigned")
    if referral.assigned_to is None:
        return own_reason("unassigned")
    worker = office.directory.user(referral.assigned_to)
    if worker.substitute == office.name:
        return own_reason("substitute")
    raise ReasonNeeded(reference=referral.reference, worker=worker.display_name)


def own_reason(code: str) -> str:
    """The log's own coded reasons; free text stands there as a user wrote it."""
    return f"={code}"
