"""Working referrals: every step from assignment to closure, and how a step is saved. Looking at them is in `reading.py`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from intake.client import Consent
from intake.desk.filenumber import checked_number
from intake.desk.logged import given_reason
from intake.desk.merging import merge_into
from intake.desk.office import Office
from intake.desk.reading import Reading, own_reason
from intake.desk.standing import can_work
from intake.errors import Stale, WrongUse
from intake.formats import clean_note
from intake.referral import (
    CONTACT_RESULTS,
    Attempt,
    Channel,
    Closure,
    Happening,
    Referral,
    Result,
    Step,
    Wish,
)
from intake.rows import Note
from intake.staff import Right, Role
from intake.steps import assign, attempt, close, inform, record_wish, reopen, set_consent, unassign
from intake.texts import _
from intake.workdays import local_date
from storage.journal import Event
from storage.sealing import receivers_of
from storage.store import Transaction


@dataclass(frozen=True, slots=True)
class AttemptRequest:
    """A contact attempt as a user records it. `at` None means now; `version` is the one that was on the screen.

    `informed` tells that the client heard in this contact what is held and where it came from (GDPR 14).
    """

    reference: str
    channel: Channel
    result: Result
    at: datetime | None = None
    note: str = field(default="", repr=False)
    version: int | None = None
    informed: bool = False


Change = Callable[[Referral], Referral]
_TOLD_AS: dict[str, str] = {
    Step.ASSIGN: "to",
    Step.TAKE: "to",
    Step.UNASSIGN: "from",
    Step.INFORM: "on",
}


class Work(Reading):
    """Use cases on referrals. Every method checks the right, the keys and the step, logs and saves at once."""

    # -- steps --------------------------------------------------------------------------------------------------

    def assign(
        self, references: Sequence[str], to: str, versions: dict[str, int] | None = None
    ) -> list[Referral]:
        """Assign one or several referrals to a worker; all of them or none."""
        return self.distribute(dict.fromkeys(references, to), versions)

    def unassign(self, references: Sequence[str], versions: dict[str, int] | None = None) -> list[Referral]:
        """Take the assignment of one or several referrals back; all of them or none."""
        return self.distribute(dict.fromkeys(references), versions)

    def distribute(
        self, workers: Mapping[str, str | None], versions: dict[str, int] | None = None
    ) -> list[Referral]:
        """Give each referral the worker named for it, None for nobody; all of them or none, in one transaction.

        The keys are renewed: whoever worked it before reads it no more, unless as a team lead. Raises WrongUse for
        someone who cannot work, NotLawful when nobody works what is to be nobody's, Stale.
        """
        office = self._office
        office.require(Right.ASSIGN)
        able = {u.name for u in office.directory.users if can_work(u)}
        if not {to for to in workers.values() if to is not None} <= able:
            raise WrongUse(
                problem=_("Referrals can only be assigned to an active social worker or team lead.")
            )

        def step(referral: Referral) -> Referral:
            to = workers[referral.reference]
            if to is None:
                return unassign(referral, office.name, office.now())
            return assign(referral, to, office.name, office.now())

        return self.change_all(list(workers), Step.ASSIGN, step, versions=versions)

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
        if request.informed and request.result not in CONTACT_RESULTS:
            raise WrongUse(
                problem=_(
                    "A client who was not reached was not informed either. Record that with the contact."
                )
            )

        def step(referral: Referral) -> Referral:
            after = attempt(referral, made, now)
            return inform(after, office.name, now, local_date(made.at)) if request.informed else after

        return self.change(
            request.reference,
            Step.ATTEMPT,
            step,
            request.version,
            note=request.note,
            detail={"channel": request.channel.value, "result": request.result.value},
        )

    def inform(self, reference: str, on: date | None = None, version: int | None = None) -> Referral:
        """Record that the client was told what is held, and that Kind en Gezin sent it (GDPR 14); today when None."""
        office = self._office
        office.require(Right.WORK)
        day = on or office.today()
        return self.change(
            reference,
            Step.INFORM,
            lambda r: inform(r, office.name, office.now(), day),
            version,
            detail={"on": day.isoformat()},
        )

    def wish(
        self,
        reference: str,
        wish: Wish,
        version: int | None = None,
        note: str = "",
        *,
        informed: bool = False,
    ) -> Referral:
        """Record whether the client wants help (P3); `informed` tells that the client was informed just now (GDPR 14)."""
        office = self._office
        office.require(Right.WORK)

        def step(referral: Referral) -> Referral:
            # Before the wish: once a "no" has closed the referral, nothing is recorded on it any more.
            before = inform(referral, office.name, office.now()) if informed else referral
            return record_wish(before, wish, office.name, office.now())

        return self.change(
            reference,
            Step.WISH,
            step,
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
            note=given_reason(why),
            detail={"consent": consent.value},
        )

    def close(
        self,
        reference: str,
        because: Closure,
        why: str,
        of: str | None = None,
        version: int | None = None,
        number: str | None = None,
    ) -> Referral:
        """Close without a case file; `why` is sealed with the notes.

        A duplicate is merged into the referral `of` that stays: what only the double says or saw goes over. `number` is
        the number of the file under which the client is known already.
        """
        office = self._office
        office.require(Right.CLOSE_UNREACHABLE if because is Closure.UNREACHABLE else Right.WORK)

        known = (
            checked_number(office, reference, number) if number and because is Closure.ALREADY_KNOWN else None
        )

        def kept(tx: Transaction) -> None:
            if because is Closure.DUPLICATE:
                merge_into(office, tx, reference, of)

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
                known_number=known,
            ),
            version,
            note=given_reason(why),
            detail={"because": because.value},
            check=kept,
        )

    def reopen(self, reference: str, why: str, version: int | None = None) -> Referral:
        """Take a closed referral up again, until it is discarded."""
        office = self._office
        office.require(Right.REOPEN)
        return self.change(
            reference,
            Step.REOPEN,
            lambda r: reopen(r, office.name, office.now()),
            version,
            note=given_reason(why),
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
                office.require_readable(row, reference)
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
                    told = detail if line.step == step.value and detail is not None else _told(line)
                    tx.record(Event(line.step, references=(reference,), detail=told or {}, reason=why))
                done.append(after)
        return done


def _told(line: Happening) -> dict[str, str | int]:
    """What the log keeps of a line of the timeline: to whom it went, whose it is no more, or the day it names."""
    kind = _TOLD_AS.get(line.step)
    return {kind: line.detail} if kind is not None and line.detail else {}


def _step_reason(office: Office, before: Referral) -> str:
    if before.assigned_to == office.name:
        return own_reason("assigned")
    if before.assigned_to is None:
        return own_reason("unassigned")
    if office.directory.user(before.assigned_to).substitute == office.name:
        return own_reason("substitute")
    return own_reason("team-lead" if Role.TEAM_LEAD in office.user.roles else "team")
