"""Notices of data quality to the local team, until they are answered (P7); and asking it about the consent (recital C)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from intake.desk.logged import check_reason
from intake.desk.office import Office
from intake.desk.outgoing import deliver, drafts, recipients, record_draft, waiting
from intake.desk.placing import referral_row
from intake.desk.registering import facts, fresh_key, put, row_in
from intake.errors import NotLawful, WrongUse
from intake.formats import clean_note
from intake.lawful import check_lawful
from intake.plaintext import clean_line
from intake.referral import Referral, State, Step
from intake.register_rows import QUALITY, as_row, notice_of
from intake.registers import NOTICE_FIELDS, OTHER_FIELD, DraftKind, Notice, What
from intake.special import is_national_number
from intake.staff import Right
from intake.steps import ask_sender, report_quality
from intake.texts import _
from intake.workdays import local_date
from storage.journal import Event
from storage.store import Transaction

if TYPE_CHECKING:
    from intake.desk.polling import Polling
    from intake.desk.work import Work

LONGEST_VALUE = 200


@dataclass(frozen=True, slots=True)
class Listed:
    """A notice as it is listed; `draft_waits` tells that its draft is still to be placed."""

    notice: Notice
    draft_waits: bool


class Quality:
    """Use cases on what is told or asked to the local team about a referral. Nothing tells an outcome."""

    def __init__(self, office: Office, work: "Work", polling: "Callable[[], Polling]") -> None:
        self._office = office
        self._work = work
        self._polling = polling

    def items(self, *, every: bool = False) -> list[Listed]:
        """The notices without an answer by number; with `every` the answered ones too. No client data is in them."""
        self._office.require(Right.QUALITY_LIST)
        found = facts(self._office, QUALITY, notice_of)
        unplaced = {d.about for d in drafts(self._office) if d.placed_at is None}
        return [Listed(n, n.id in unplaced) for n in found if every or n.answered_on is None]

    def open(
        self, reference: str, field: str, what: What, value: str | None = None, version: int | None = None
    ) -> Notice:
        """Record a notice and put its draft to the local team in the mailbox, the client's data only in its archive.

        `value` is what it should be; it is kept nowhere else. Raises WrongUse, NotAssignedToYou, ContactMissing, and
        DraftToPlace when the notice stands but the mailbox did not take the draft.
        """
        office = self._office
        office.require(Right.QUALITY)
        given = _checked(field, what, value)
        office.row_of(office.store.snapshot(), reference)
        made: list[Notice] = []

        def record(tx: Transaction) -> None:
            recipients(office, DraftKind.QUALITY)
            today = office.today()
            due = office.calendar.add_working_days(today, office.settings.quality_reminder_days)
            key = fresh_key(office, tx, QUALITY, "K")
            notice = Notice(key, reference, field, what, office.now(), office.name, due)
            put(office, tx, QUALITY, as_row(notice))
            record_draft(office, tx, DraftKind.QUALITY, key, (reference,), given)
            made.append(notice)

        self._work.change(
            reference,
            Step.QUALITY,
            lambda r: report_quality(r, made[0].id, office.name, office.now()),
            version,
            detail={"field": field, "what": what.value},
            check=self._readable_first(reference, record),
        )
        self._deliver(made[0])
        return made[0]

    def draft(self, key: str) -> Notice:
        """Place the draft of a notice that is still to be placed. Raises WrongUse when there is none, DraftToPlace."""
        office = self._office
        office.require(Right.QUALITY)
        notice = notice_of(row_in(office, office.store.snapshot(), QUALITY, key))
        self._check_readable(notice.reference)
        if waiting(office, DraftKind.QUALITY, key) is None:
            raise WrongUse(
                problem=_("The draft of %(id)s was placed already; look for it in the mailbox.") % {"id": key}
            )
        self._deliver(notice)
        return notice

    def answer(self, key: str, on: date | None = None, note: str = "") -> Notice:
        """Record that the sender answered. The note goes to the log, so it names no client.

        Raises WrongUse for a day before the notice or in the future, a second answer, or a note that cannot be checked.
        """
        office = self._office
        office.require(Right.QUALITY)
        day = on or office.today()
        said = clean_note(note)
        with office.store.transaction(office.session.signer) as tx:
            notice = notice_of(row_in(office, tx, QUALITY, key))
            if notice.answered_on is not None:
                raise WrongUse(problem=_("The answer to %(id)s is recorded already.") % {"id": key})
            if not local_date(notice.opened_at) <= day <= office.today():
                raise WrongUse(
                    problem=_("The answer came between the notice and today. Give the day on which it came.")
                )
            self._check_note(tx, notice.reference, said)
            answered = replace(notice, answered_on=day, answered_by=office.name)
            put(office, tx, QUALITY, as_row(answered))
            tx.record(Event("quality-answer", references=(key, notice.reference), reason=said or None))
        return answered

    def ask(self, reference: str, version: int | None = None) -> Referral:
        """Ask the local team whether the client consents (recital C): a draft, and the referral stays on hold.

        A question whose draft is still to be placed is placed, not asked twice. Raises NotLawful, NotAssignedToYou,
        ContactMissing, DraftToPlace.
        """
        office = self._office
        office.require(Right.WORK)
        _row, referral = office.readable(office.store.snapshot(), reference)
        check_lawful(referral, Step.ASK)
        recipients(office, DraftKind.ASK)
        draft = waiting(office, DraftKind.ASK, reference)
        if draft is None:

            def record(tx: Transaction) -> None:
                record_draft(office, tx, DraftKind.ASK, reference, (reference,))

            referral = self._work.change(
                reference,
                Step.ASK,
                lambda r: ask_sender(r, office.name, office.now()),
                version,
                check=record,
            )
            draft = waiting(office, DraftKind.ASK, reference)
        if draft is not None:
            deliver(office, self._polling(), draft, f"ask {reference}")
        return referral

    def _deliver(self, notice: Notice) -> None:
        draft = waiting(self._office, DraftKind.QUALITY, notice.id)
        if draft is not None:
            deliver(self._office, self._polling(), draft, f"quality draft {notice.id}")

    def _readable_first(
        self, reference: str, record: Callable[[Transaction], None]
    ) -> Callable[[Transaction], None]:
        """Keys before settings: who may not read it learns nothing else."""

        def check(tx: Transaction) -> None:
            self._office.readable(tx, reference)
            record(tx)

        return check

    def _check_readable(self, reference: str) -> None:
        self._office.readable(self._office.store.snapshot(), reference)

    def _check_note(self, tx: Transaction, reference: str, note: str) -> None:
        """Of a referral that is kept, who may read it answers; of one that is gone no note can be checked."""
        office = self._office
        row = referral_row(tx, reference)
        if row is None or row["state"] == State.DISCARDING.value:
            if note:
                raise WrongUse(
                    problem=_("The referral was discarded, so a note cannot be checked. Leave the note out.")
                )
            return
        office.require_readable(row, reference)
        if note:
            office.facts(row, reference)
            check_reason(note, office.payload(row, reference).client)


def _checked(field: str, what: What, value: str | None) -> str | None:
    """The value as it may be sent. Raises WrongUse, or NotLawful for what may not be repeated."""
    if field not in NOTICE_FIELDS:
        raise WrongUse(
            problem=_("There is no such field. Choose one of: %(fields)s.")
            % {"fields": ", ".join(NOTICE_FIELDS)}
        )
    if field == OTHER_FIELD and what is not What.SUPERFLUOUS:
        raise WrongUse(problem=_("'other' is for superfluous data only; else name the field."))
    given = clean_line(value or "")
    if given and what is What.SUPERFLUOUS:
        raise NotLawful(
            problem=_("Superfluous data are not repeated; leave the value out."), article="P3, P7"
        )
    if len(given) > LONGEST_VALUE:
        raise WrongUse(problem=_("The value is longer than %(count)d characters.") % {"count": LONGEST_VALUE})
    if is_national_number(given):
        raise WrongUse(
            problem=_("A national register number stands in the text. Leave it out; it is not needed here.")
        )
    return given or None
