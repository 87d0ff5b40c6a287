"""Retention: what is due, and the discard job that removes a referral everywhere, step by step (P3).

1. One transaction takes the sealed data and keys out of the store and leaves the job as a row *nog te wissen*.
2. The source mail is deleted by UID EXPUNGE, wherever it lies, and looked for again to be sure.
3. One transaction turns the job into a tombstone without personal data in the file of closed matters.
Each step can be repeated; a job that cannot go on keeps its cause and goes on at the next run.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from intake import retention
from intake.desk.office import LEDGER_SECRET, Office
from intake.errors import IntakeError, MailboxError, NotLawful
from intake.referral import State
from intake.rows import LEDGER, QUARANTINE, REFERRALS, TOMBSTONES, Row, iso
from intake.staff import Right
from intake.texts import N_, _
from storage.journal import Event
from storage.sealing import sign_row
from storage.store import Transaction

if TYPE_CHECKING:
    from intake.desk.polling import Polling
    from intake.mail.ledger import LedgerKey
    from intake.mail.mailbox import Mailbox

WAITING_FOR_QUARANTINE = "quarantine-open"
MAILBOX_DOWN = "mailbox-down"
MAIL_STILL_THERE = "mail-still-there"

WAITING_WORDS = {
    WAITING_FOR_QUARANTINE: N_("the same message also holds a quarantined form; decide on that first"),
    MAILBOX_DOWN: N_("the mailbox cannot be reached; the next run goes on"),
    MAIL_STILL_THERE: N_("the message is still in the mailbox; the next run tries again"),
    "": N_("started, not yet finished"),
}


class MailStillThere(IntakeError):
    """A message did not leave the mailbox."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A discard that has begun and not ended: the data are gone from the store, a mail is not."""

    reference: str
    cause: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What is due on a day, what is blocked, and what is still being discarded."""

    on: date
    due: tuple[retention.Due, ...]
    later: tuple[retention.Due, ...]
    blocked: tuple[retention.Due, ...]
    second_person: tuple[retention.Due, ...]
    waiting: tuple[Waiting, ...]


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a retention run did."""

    on: date
    discarded: tuple[str, ...]
    waiting: tuple[Waiting, ...]
    blocked: tuple[str, ...]
    dry_run: bool = False


class Retention:
    """Use cases on keeping and discarding. Runs without a reader's key."""

    def __init__(self, office: Office, polling: "Callable[[], Polling]") -> None:
        self._office = office
        self._polling = polling

    def plan(self, on: date | None = None) -> Plan:
        """What is due on `on` (today when None)."""
        office = self._office
        office.require(Right.RETENTION_PLAN)
        day = on or office.today()
        found: list[retention.Due] = []
        waiting: list[Waiting] = []
        for key, row in office.store.snapshot().rows(REFERRALS):
            if row["state"] == State.DISCARDING.value:
                waiting.append(Waiting(key, row["cause"]))
                continue
            item = retention.due(office.facts(row, key), office.settings.periods)
            if item is not None:
                found.append(item)
        return Plan(
            on=day,
            due=tuple(d for d in found if d.is_due(day)),
            later=tuple(d for d in found if d.on is not None and d.on > day),
            blocked=tuple(d for d in found if d.on is None),
            second_person=tuple(d for d in found if d.on is not None and d.on <= day and d.second_person),
            waiting=tuple(waiting),
        )

    def run(self, on: date | None = None, *, dry_run: bool = False) -> RunResult:
        """Discard what is due. A day in the future is refused: nothing goes before its date.

        A mailbox that cannot be reached leaves the jobs *nog te wissen*; they are in the result.
        """
        office = self._office
        office.require(Right.RETENTION_RUN)
        plan = self.plan(on)
        blocked = tuple(d.reference for d in plan.blocked)
        if dry_run:
            return RunResult(plan.on, tuple(d.reference for d in plan.due), plan.waiting, blocked, True)
        if plan.on > office.today():
            raise NotLawful(
                problem=_(
                    "Nothing is discarded before its date. Leave out --on, or add --dry-run to see what would be."
                ),
                article="P3",
            )
        self._begin(plan.due)
        jobs = [w.reference for w in self.plan(plan.on).waiting]
        done = self._remove_mails(jobs) if jobs else []
        return RunResult(plan.on, tuple(done), self.plan(plan.on).waiting, blocked)

    # -- step 1 -----------------------------------------------------------------------------------------------------

    def _begin(self, due: Sequence[retention.Due]) -> None:
        office = self._office
        if not due:
            return
        with office.store.transaction(office.session.signer) as tx:
            for item in due:
                row = tx.get(REFERRALS, item.reference)
                if row is None:
                    continue
                # A colleague may have reopened it since the plan was made.
                referral = office.facts(row, item.reference)
                now_due = retention.due(referral, office.settings.periods)
                if now_due is None or not now_due.is_due(office.today()):
                    continue
                job: Row = {
                    "reference": referral.reference,
                    "version": referral.version + 1,
                    "state": State.DISCARDING.value,
                    "received_on": referral.received_at.date().isoformat(),
                    "outcome": now_due.outcome.value,
                    "basis": now_due.basis,
                    "due_on": now_due.on.isoformat() if now_due.on else None,
                    "attempts": len(referral.attempts),
                    "contacted": referral.contacted_at is not None,
                    "cause": "",
                }
                tx.put(
                    REFERRALS,
                    referral.reference,
                    sign_row(job, office.session.signer, REFERRALS, referral.reference),
                )
                tx.record(
                    Event(
                        "discard-begin",
                        references=(referral.reference,),
                        detail={"outcome": now_due.outcome.value},
                    )
                )

    # -- step 2 -----------------------------------------------------------------------------------------------------

    def _remove_mails(self, references: Sequence[str]) -> list[str]:
        office = self._office
        mails = self._mails_of(references)
        if not any(mails.values()):
            for reference in references:
                self._finish(reference, {})
            return list(references)
        from intake.mail.ledger import LedgerKey

        key = LedgerKey.of(office.secret(LEDGER_SECRET)["key"])
        done: list[str] = []
        try:
            with self._polling().connect() as mailbox:
                for reference in references:
                    if self._still_in_quarantine(mails[reference]):
                        self._wait(reference, WAITING_FOR_QUARANTINE)
                        continue
                    try:
                        self._remove(mailbox, mails[reference], key)
                    except MailStillThere:
                        self._wait(reference, MAIL_STILL_THERE)
                        continue
                    self._finish(reference, mails[reference])
                    done.append(reference)
        except MailboxError:
            for reference in references:
                if reference not in done:
                    self._wait(reference, MAILBOX_DOWN)
        return done

    def _mails_of(self, references: Sequence[str]) -> dict[str, dict[str, Mapping[str, Any]]]:
        mails: dict[str, dict[str, Mapping[str, Any]]] = {reference: {} for reference in references}
        for key, row in self._office.store.snapshot().rows(LEDGER):
            for reference in row["references"]:
                if reference in mails:
                    mails[reference][key] = row
        return mails

    def _still_in_quarantine(self, mails: Mapping[str, Mapping[str, Any]]) -> bool:
        snapshot = self._office.store.snapshot()
        return any(snapshot.get(QUARANTINE, item) for row in mails.values() for item in row["quarantine"])

    @staticmethod
    def _remove(mailbox: "Mailbox", mails: Mapping[str, Mapping[str, Any]], key: "LedgerKey") -> None:
        from intake.mail.ledger import location_of

        for row in mails.values():
            if row.get("deleted"):
                continue
            mailbox.delete([location_of(row)])
            message_id = key.reveal(row["message_id"])
            if message_id is None:
                continue  # without a Message-ID there is nothing to look for beyond where it lay
            # A colleague may have moved or copied it: look everywhere, and look again after deleting.
            elsewhere = mailbox.find(message_id)
            if elsewhere:
                mailbox.delete(elsewhere)
                if mailbox.find(message_id):
                    raise MailStillThere

    # -- step 3 -----------------------------------------------------------------------------------------------------

    def _wait(self, reference: str, cause: str) -> None:
        office = self._office
        with office.store.transaction(office.session.signer) as tx:
            row = tx.get(REFERRALS, reference)
            if row is not None and row["cause"] != cause:
                row = {k: v for k, v in row.items() if k != "signed"} | {"cause": cause}
                tx.put(REFERRALS, reference, sign_row(row, office.session.signer, REFERRALS, reference))
                tx.record(Event("discard-waits", references=(reference,), detail={"cause": cause}))

    def _finish(self, reference: str, mails: Mapping[str, Mapping[str, Any]]) -> None:
        office = self._office
        with office.store.transaction(office.session.signer) as tx:
            job = tx.get(REFERRALS, reference)
            if job is None or job["state"] != State.DISCARDING.value:
                return
            tombstone = {k: v for k, v in job.items() if k not in ("signed", "cause", "version")}
            tombstone |= {
                "state": State.DISCARDED.value,
                "discarded_at": iso(office.now()),
                "discarded_by": office.name,
            }
            tx.delete(REFERRALS, reference)
            tx.put_closed(
                TOMBSTONES, reference, sign_row(tombstone, office.session.signer, TOMBSTONES, reference)
            )
            for key in mails:
                self._close_ledger(tx, key)
            tx.record(Event("discarded", references=(reference,), detail={"outcome": job["outcome"]}))

    @staticmethod
    def _close_ledger(tx: Transaction, key: str) -> None:
        """The mail is gone; what stays are keyed hashes, so that it cannot come in again."""
        row = tx.get(LEDGER, key)
        if row is None:
            return
        row = {**row, "deleted": True, "message_id": None}
        if any(tx.get(REFERRALS, reference) is not None for reference in row["references"]):
            tx.put(LEDGER, key, row)
            return
        tx.delete(LEDGER, key)
        tx.put_closed(LEDGER, key, row | {"discarded": True, "moved": None})


__all__ = ["WAITING_WORDS", "Plan", "Retention", "RunResult", "Waiting"]
