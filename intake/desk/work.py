"""Working referrals: the worklist, opening one, and every step from assignment to closure."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from intake import deadlines, retention
from intake.client import CLIENT_FIELDS, Client, Consent
from intake.config import OfficeSettings
from intake.desk.office import NotAssignedToYou, Office, check_reason, listed_events
from intake.errors import Stale, WrongUse
from intake.formats import clean_note
from intake.referral import Attempt, Channel, Closure, Referral, Result, State, Step, Verdict, Wish
from intake.rows import REFERRALS, Note, Payload, from_row
from intake.staff import Right, Role
from intake.steps import assign, attempt, close, record_wish, reopen, set_consent, verdicts
from intake.texts import N_, _
from intake.workdays import Calendar
from storage.errors import StorageError
from storage.journal import Event
from storage.sealing import receivers_of
from storage.store import Transaction

LISTED_FIELDS = ("client",)


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
    """One line of the worklist. `client` is None where the signed-in user may not read it."""

    referral: Referral
    client: Client | None
    due_on: date | None
    discard: retention.Due | None
    readers: frozenset[str]


@dataclass(frozen=True, slots=True)
class View:
    """An opened referral, after the reading was logged."""

    line: Line
    payload: Payload
    steps: tuple[Verdict, ...]
    reason: str

    @property
    def referral(self) -> Referral:
        """The workflow facts."""
        return self.line.referral


@dataclass(frozen=True, slots=True)
class AttemptRequest:
    """A contact attempt as a user records it. `at` None means now; `version` is the one that was on the screen."""

    reference: str
    channel: Channel
    result: Result
    at: datetime | None = None
    note: str = field(default="", repr=False)
    version: int | None = None


Change = Callable[[Referral], Referral]


class Work:
    """Use cases on referrals. Every method checks the right, the keys and the step, logs and saves at once."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._listed: set[str] = set()
        self._opened: dict[str, tuple[int, Payload]] = {}

    # -- reading ------------------------------------------------------------------------------------------------

    def worklist(
        self, scope: Scope = Scope.OPEN, *, state: str | None = None, assigned_to: str | None = None
    ) -> list[Line]:
        """The lines of the worklist by reference, those of a state or a worker if given.

        Clients shown for the first time in this session are logged first. When the folder cannot be reached, or the log
        not be written, what was shown before is shown still and `Office.trouble` holds the reason.
        """
        office = self._office
        office.trouble = None
        office.require(Right.LIST)
        staff = office.directory
        chosen: list[tuple[Referral, Any, bytes]] = []
        for key, row in office.referrals(closed=scope in (Scope.CLOSED, Scope.ALL)):
            if row["state"] == State.DISCARDING.value:
                office.verify(row, REFERRALS, key, staff)
                continue
            # Verified before it is sorted out: an altered row must not vanish without a word.
            digest = office.verified(row, REFERRALS, key, staff)
            referral = from_row(row)
            if state is not None and referral.state != state:
                continue
            if assigned_to is not None and referral.assigned_to != assigned_to:
                continue
            if self._in_scope(referral, scope):
                chosen.append((referral, row, digest))
        reads = office.may(Right.READ)
        readable = {r.reference for r, row, _d in chosen if reads and office.can_read(row)}
        readable = self._logged(readable)
        settings, calendar = office.settings, office.calendar
        lines = [
            _line(r, row, self._client(r, row, d) if r.reference in readable else None, settings, calendar)
            for r, row, d in chosen
        ]
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
            known = (referral.version, self._office.payload_of(row, referral.reference, digest))
            self._opened[referral.reference] = known
        return known[1].client

    def open(self, reference: str, reason: str | None = None) -> View:
        """Open one referral. The reading is on disk in the log before anything is returned to be shown (A12).

        Raises NotFound, NotAssignedToYou (keys), ReasonNeeded for a colleague's referral, PersonNamed, RowNotGenuine.
        """
        office = self._office
        office.require(Right.READ)
        row = office.row_of(office.snapshot(), reference)
        referral = office.facts(row, reference)
        if not office.can_read(row):
            raise NotAssignedToYou(reference=reference)
        payload = office.payload(row, reference)
        why = self._reason_to_read(referral, reason, payload.client)
        event = Event("read", references=(reference,), fields=CLIENT_FIELDS, reason=why)
        office.store.journal.append(office.session.signer, [event])
        self._opened[reference] = (referral.version, payload)
        return View(
            _line(referral, row, payload.client, office.settings, office.calendar),
            payload,
            tuple(self.steps(referral)),
            why,
        )

    def _reason_to_read(self, referral: Referral, reason: str | None, client: Client | None = None) -> str:
        office = self._office
        if reason and (given := clean_note(reason)):
            if client is not None:
                check_reason(given, client)
            return given
        if referral.assigned_to == office.name:
            return _reason("assigned")
        if referral.assigned_to is None:
            return _reason("unassigned")
        worker = office.directory.user(referral.assigned_to)
        if worker.substitute == office.name:
            return _reason("substitute")
        raise ReasonNeeded(reference=referral.reference, worker=worker.display_name)

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
        right = {Step.ASSIGN: Right.ASSIGN, Step.TAKE: Right.TAKE, Step.REOPEN: Right.REOPEN}.get(
            verdict.step, Right.WORK
        )
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

    # -- steps --------------------------------------------------------------------------------------------------

    def assign(
        self, references: Sequence[str], to: str, versions: dict[str, int] | None = None
    ) -> list[Referral]:
        """Assign one or several referrals to a worker; all of them or none."""
        office = self._office
        office.require(Right.ASSIGN)
        worker = next((u for u in office.directory.users if u.name == to and u.status == "active"), None)
        if worker is None or not worker.roles & {Role.SOCIAL_WORKER, Role.TEAM_LEAD}:
            raise WrongUse(
                problem=_("Referrals can only be assigned to an active social worker or team lead.")
            )
        return self.change_all(
            references,
            Step.ASSIGN,
            lambda r: assign(r, worker.name, office.name, office.now()),
            versions=versions,
            detail={"to": worker.name},
        )

    def take(self, reference: str, version: int | None = None) -> Referral:
        """Assign a referral to oneself; possible for those it is sealed for."""
        self._office.require(Right.TAKE)
        return self.change(
            reference,
            Step.TAKE,
            lambda r: assign(r, self._office.name, self._office.name, self._office.now()),
            version,
        )

    def attempt(self, request: AttemptRequest) -> Referral:
        """Record a contact attempt, with a note that is sealed with the client's data."""
        office = self._office
        office.require(Right.WORK)
        now = office.now()
        made = Attempt(request.at or now, office.name, request.channel, request.result)
        return self.change(
            request.reference,
            Step.ATTEMPT,
            lambda r: attempt(r, made, now),
            request.version,
            note=request.note,
            detail={"channel": request.channel.value, "result": request.result.value},
        )

    def wish(self, reference: str, wish: Wish, version: int | None = None, note: str = "") -> Referral:
        """Record whether the client wants help (P3)."""
        office = self._office
        office.require(Right.WORK)
        return self.change(
            reference,
            Step.WISH,
            lambda r: record_wish(r, wish, office.name, office.now()),
            version,
            note=note,
            detail={"wish": wish.value},
        )

    def consent(self, reference: str, consent: Consent, why: str, version: int | None = None) -> Referral:
        """Record the sender's or the client's answer on consent (recital C)."""
        office = self._office
        office.require(Right.WORK)
        return self.change(
            reference,
            Step.CONSENT,
            lambda r: set_consent(r, consent, office.name, office.now()),
            version,
            note=_needed(why),
            detail={"consent": consent.value},
        )

    def close(
        self, reference: str, because: Closure, why: str, of: str | None = None, version: int | None = None
    ) -> Referral:
        """Close without a case file; `why` is sealed with the notes."""
        office = self._office
        office.require(Right.CLOSE_UNREACHABLE if because is Closure.UNREACHABLE else Right.WORK)

        def kept(tx: Transaction) -> None:
            """What it doubles must itself be worked on: two referrals may not each be the other's duplicate."""
            row = tx.get(REFERRALS, of) if of is not None and of != reference else None
            if because is Closure.DUPLICATE and (row is None or not office.facts(row, str(of)).is_open):
                raise WrongUse(
                    problem=_("Give the open referral that this one doubles; it stays and is worked on.")
                )

        return self.change(
            reference,
            Step.CLOSE,
            lambda r: close(
                r,
                because,
                office.name,
                office.now(),
                attempts_needed=office.settings.attempts_before_unreachable,
                duplicate_of=of,
            ),
            version,
            note=_needed(why),
            detail={"because": because.value},
            check=kept,
        )

    def reopen(self, reference: str, why: str, version: int | None = None) -> Referral:
        """Take a closed referral up again, until it is discarded."""
        office = self._office
        office.require(Right.REOPEN)
        return self.change(
            reference, Step.REOPEN, lambda r: reopen(r, office.name, office.now()), version, note=_needed(why)
        )

    # -- how a step is saved --------------------------------------------------------------------------------------

    def change(
        self,
        reference: str,
        step: Step,
        change: Change,
        version: int | None,
        *,
        note: str = "",
        detail: dict[str, str | int] | None = None,
        check: Callable[[Transaction], None] | None = None,
    ) -> Referral:
        """As `change_all`, for one referral."""
        versions = None if version is None else {reference: version}
        return self.change_all(
            [reference], step, change, versions=versions, note=note, detail=detail, check=check
        )[0]

    def change_all(
        self,
        references: Sequence[str],
        step: Step,
        change: Change,
        *,
        versions: dict[str, int] | None = None,
        note: str = "",
        detail: dict[str, str | int] | None = None,
        check: Callable[[Transaction], None] | None = None,
    ) -> list[Referral]:
        """Save a step on each referral: checked, sealed anew where the readers change, logged, in one transaction.

        `check` looks at what else must hold in the same transaction. Each line that the step adds to the timeline
        has its entry in the log.
        `versions` are those that were on the screen; a newer one in the store raises `Stale` and saves nothing.
        """
        office = self._office
        office.require(Right.WORK)
        text = clean_note(note)
        done: list[Referral] = []
        with office.store.transaction(office.session.signer) as tx:
            if check is not None:
                check(tx)
            for reference in dict.fromkeys(references):
                row = office.row_of(tx, reference)
                before = office.facts(row, reference)
                if versions and versions.get(reference, before.version) != before.version:
                    raise Stale(reference=reference)
                if not office.can_read(row):
                    raise NotAssignedToYou(reference=reference)
                after = change(before)
                wanted = office.receivers_for(after)
                sealed = row["sealed"]
                if text or frozenset(wanted) != receivers_of(sealed):
                    payload = office.payload(row, reference)
                    if text:
                        added = Note(office.now(), office.name, step.value, text)
                        payload = replace(payload, notes=(*payload.notes, added))
                    sealed = office.seal_payload(payload, after)
                office.put_referral(tx, after, sealed)
                why = _step_reason(office, before)
                for line in after.timeline[len(before.timeline) :]:
                    told = detail if line.step == step.value else {"to": line.detail}
                    tx.record(Event(line.step, references=(reference,), detail=told or {}, reason=why))
                done.append(after)
        return done


def _line(
    referral: Referral, row: Any, client: Client | None, settings: OfficeSettings, calendar: Calendar
) -> Line:
    return Line(
        referral,
        client,
        deadlines.nearest(referral, settings.targets, calendar),
        retention.due(referral, settings.periods),
        receivers_of(row["sealed"]),
    )


def _needed(why: str) -> str:
    if not clean_note(why):
        raise WrongUse(problem=_("Say why, in a few words."))
    return why


def _reason(code: str) -> str:
    """The log's own coded reasons; free text stands there as a user wrote it."""
    return f"={code}"


def _step_reason(office: Office, before: Referral) -> str:
    if before.assigned_to == office.name:
        return _reason("assigned")
    if before.assigned_to is None:
        return _reason("unassigned")
    if office.directory.user(before.assigned_to).substitute == office.name:
        return _reason("substitute")
    return _reason("team-lead" if Role.TEAM_LEAD in office.user.roles else "team")
