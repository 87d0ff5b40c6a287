"""Retention: what is due, and the discard job that removes a referral everywhere, step by step (P3).

1. One transaction takes the sealed data and keys out of the store and leaves the job as a row *nog te wissen*.
2. The source mail is deleted by UID EXPUNGE, wherever it lies, and looked for again to be sure (`removal.py`).
3. One transaction closes the ledger rows of those mails; what is discarded is taken out of every kept backup
   (`backups.py`): none that is made from here on holds any of it.
4. One transaction turns finished jobs into tombstones without personal data in the file of closed matters.
Each step can be repeated; a job that cannot go on keeps its cause and goes on at the next run.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from intake import retention
from intake.counts import remains_of
from intake.desk import rejection
from intake.desk.destruction import Destruction, approved_items
from intake.desk.holds import Holding
from intake.desk.office import LEDGER_SECRET, Office
from intake.desk.placing import place_referral, referral_row
from intake.desk.planning import Plan, Recent, Waiting
from intake.desk.watching import RunProgress, Stage, Watch
from intake.errors import MailboxError, NotLawful
from intake.referral import State
from intake.register_rows import drop_drafts
from intake.rows import LEDGER, QUARANTINE, QUARANTINE_DISCARDED, REFERRALS, TOMBSTONES, Row, iso
from intake.staff import Right
from intake.texts import N_, _
from storage.journal import Event
from storage.sealing import sign_row
from storage.store import Snapshot, Transaction

if TYPE_CHECKING:
    from intake.desk.backups import Backups
    from intake.desk.polling import Polling
    from intake.desk.work import Work

__all__ = [
    "WAITING_WORDS",
    "Plan",
    "Recent",
    "Retention",
    "RunProgress",
    "RunResult",
    "Stage",
    "Waiting",
    "Watch",
]

BATCH = 50
SHORT_BATCH = 5
"""So many referrals at a time where someone looks on and may stop it."""
WAITING_FOR_QUARANTINE = "quarantine-open"
MAILBOX_DOWN = "mailbox-down"
MAIL_STILL_THERE = "mail-still-there"
OTHER_MAILBOX = "other-mailbox"
LEDGER_MISSING = "ledger-missing"
BACKUP_UNREACHABLE = "backup-unreachable"

DRAFT = "draft"
"""The outcome in the ledger of a message that the program put among the drafts."""

WAITING_WORDS = {
    WAITING_FOR_QUARANTINE: N_("the same message also holds a quarantined form; decide on that first"),
    MAILBOX_DOWN: N_("the mailbox cannot be reached; the next run goes on"),
    MAIL_STILL_THERE: N_(
        "the message is still in the mailbox; look at the folder's rights, the next run tries again"
    ),
    OTHER_MAILBOX: N_(
        "the message came from another mailbox than the one in the settings; delete it there by hand"
    ),
    LEDGER_MISSING: N_("it is not known where the message lies; look for it in the mailbox and tell the DPO"),
    BACKUP_UNREACHABLE: N_(
        "a backup cannot be read or rewritten; look with 'ocmw-intake backup list', the next run tries again"
    ),
    "": N_("started, not yet finished"),
}

Mails = dict[str, Mapping[str, Any]]
"""Ledger rows by their key."""


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a retention run did, or with `dry_run` would do; `proposed` are the destruction lists it made.

    `recent` tells what was done late with what goes: a warning, as the table decides. `expired` are the items of the
    quarantine on which nobody decided in time. `stopped` tells that someone stopped it before its end.
    """

    on: date
    discarded: tuple[str, ...]
    waiting: tuple[Waiting, ...]
    blocked: tuple[str, ...]
    dry_run: bool = False
    held: tuple[str, ...] = ()
    unconfirmed: tuple[str, ...] = ()
    recent: tuple[Recent, ...] = ()
    proposed: tuple[str, ...] = ()
    stopped: bool = False
    expired: tuple[str, ...] = ()


class Retention(Holding):
    """Use cases on keeping and discarding. Planning and discarding run without a reader's key."""

    def __init__(
        self,
        office: Office,
        work: "Callable[[], Work]",
        polling: "Callable[[], Polling]",
        backups: "Callable[[], Backups]",
    ) -> None:
        super().__init__(office, work)
        self._polling = polling
        self._backups = backups

    def run(self, on: date | None = None, *, dry_run: bool = False, watch: Watch | None = None) -> RunResult:
        """Discard what is due, and propose a destruction list of the case files whose ten years are over.

        A day in the future is refused: nothing goes before its date. A mailbox that cannot be reached leaves the jobs
        *nog te wissen*; they are in the result, as is what was begun when `watch` stopped it: the next run goes on.
        """
        office = self._office
        office.require(Right.RETENTION_RUN)
        plan = self.plan(on)
        due = tuple(d.reference for d in plan.due)
        going = tuple(r for r in plan.recent if r.reference in due)
        result = RunResult(
            on=plan.on,
            discarded=due,
            waiting=plan.waiting,
            blocked=tuple(d.reference for d in plan.blocked),
            dry_run=dry_run,
            held=tuple(d.reference for d in plan.held),
            unconfirmed=tuple(d.reference for d in plan.unconfirmed),
            recent=going,
            expired=tuple(rejection.expired(office)),
        )
        if dry_run:
            return result
        if plan.on > office.today():
            raise NotLawful(
                problem=_("Nothing is discarded before its date; a later day can only be looked at."),
                article="P3",
            )
        looking_on = watch or Watch()
        looking_on.progress(RunProgress(Stage.STORE, 0, len(due)))
        if looking_on.stop():
            return replace(result, discarded=(), stopped=True)
        rejection.expire(office, list(result.expired))
        rejection.Rejection(office, self._polling, self._backups).run()
        self._begin(plan.due)
        looking_on.progress(RunProgress(Stage.STORE, len(due), len(due)))
        jobs = [w.reference for w in self.waiting()]
        done = self._remove_mails(jobs, looking_on, BATCH if watch is None else SHORT_BATCH) if jobs else []
        waiting = self.waiting()
        return replace(
            result,
            discarded=tuple(done),
            waiting=waiting,
            proposed=self._proposed(plan.second_person),
            stopped=bool(waiting) and looking_on.stop(),
        )

    def _proposed(self, due: Sequence[retention.Due]) -> tuple[str, ...]:
        """The lists of what came due; none where only the one who runs this could approve it."""
        destruction = Destruction(self._office)
        if not due or not destruction.others(self._office.name):
            return ()
        return tuple(made.id for made in destruction.propose())

    # -- step 1 -----------------------------------------------------------------------------------------------------

    def _begin(self, due: Sequence[retention.Due]) -> None:
        office = self._office
        if not due:
            return
        with office.store.transaction(office.session.signer) as tx:
            approved = approved_items(tx.rows_closed, office.directory)
            for item in due:
                row = referral_row(tx, item.reference)
                if row is None or row["state"] == State.DISCARDING.value:
                    continue
                # A colleague may have reopened or held it since the plan was made.
                referral = office.facts(row, item.reference)
                now_due = retention.due(referral, office.settings.periods)
                named = approved.get(item.reference)
                if named is not None and not named.names(referral):
                    named = None
                if now_due is None or not now_due.is_due(office.today(), approved=named is not None):
                    continue
                job: Row = remains_of(referral, now_due) | {
                    "version": referral.version + 1,
                    "state": State.DISCARDING.value,
                    "mail": referral.mail,
                    "list": named.list_id if named and now_due.second_person else None,
                    "cause": "",
                }
                self._put_job(tx, job)
                self._claim_quarantined(tx, item.reference)
                drop_drafts(tx, {item.reference})
                detail = {"outcome": now_due.outcome.value}
                tx.record(Event("discard-begin", references=(referral.reference,), detail=detail))

    def _claim_quarantined(self, tx: Transaction, reference: str) -> None:
        """Of the same attachments there may be a message in quarantine, from before it could be read: it goes too.

        From here on its ledger row is that of a copy, by which its mail is found.
        """
        office = self._office
        rows = tx.rows(LEDGER)
        own = [row for _key, row in rows if reference in row["references"] and row["attachments"]]
        held = {row["attachments"]: row["references"] for row in own}
        for key, row in rows:
            if row["references"] or not row["quarantine"] or row["attachments"] not in held:
                continue
            office.verify(row, LEDGER, key)
            for item in row["quarantine"]:
                tx.delete(QUARANTINE, item)
            gone = tuple(row["quarantine"])
            copy: Row = {k: v for k, v in row.items() if k != "signed"}
            copy |= {"outcome": "copy", "references": list(held[row["attachments"]]), "quarantine": []}
            tx.put(LEDGER, key, sign_row(copy, office.session.signer, LEDGER, key))
            tx.record(Event(QUARANTINE_DISCARDED, references=(*gone, reference)))

    def _put_job(self, tx: Transaction, job: Row) -> None:
        key = job["reference"]
        unsigned = {k: v for k, v in job.items() if k != "signed"}
        place_referral(tx, key, sign_row(unsigned, self._office.session.signer, REFERRALS, key))

    # -- step 2 -----------------------------------------------------------------------------------------------------

    def _remove_mails(self, references: Sequence[str], watch: Watch, size: int) -> list[str]:
        """Remove the mails of these jobs, as far as it goes; returns the references that are discarded now.

        Stopped between two batches it ends what lies in the mailbox no more, and leaves the rest as it is.
        """
        from intake.desk.removal import Removal
        from intake.mail.ledger import LedgerKey

        office = self._office
        key = LedgerKey.of(office.secret(LEDGER_SECRET)["key"])
        account = key.account(self._polling().settings().host, self._polling().settings().user)
        causes: dict[str, str] = {}
        ready: list[str] = []
        todo: list[str] = []
        snapshot = office.store.snapshot()
        for reference, mails in self._mails_of(references, snapshot).items():
            cause = self._hindrance(reference, mails, account, snapshot)
            if cause is not None:
                causes[reference] = cause
            elif all(row["deleted"] for row in mails.values()):
                ready.append(reference)
            else:
                todo.append(reference)
        gone = self._close_mails(ready, frozenset())
        try:
            if todo and not watch.stop():
                watch.progress(RunProgress(Stage.MAILBOX, 0, len(todo)))
                with self._polling().connect() as mailbox:
                    removal = Removal(mailbox, key)
                    for start in range(0, len(todo), size):
                        if watch.stop():
                            break
                        part = todo[start : start + size]
                        mails_of = self._mails_of(part, office.store.snapshot())
                        others = self._mails_of_others(part)
                        left = removal.remove(mails_of, others)
                        causes |= dict.fromkeys(left, MAIL_STILL_THERE)
                        removed = frozenset(k for mails in mails_of.values() for k in mails)
                        gone += self._close_mails([r for r in part if r not in left], removed)
                        watch.progress(RunProgress(Stage.MAILBOX, start + len(part), len(todo)))
        except MailboxError:  # whatever it is, what needs no mailbox goes on below
            causes |= {r: MAILBOX_DOWN for r in todo if r not in gone and r not in causes}
        done: list[str] = []
        if gone:
            watch.progress(RunProgress(Stage.BACKUPS, 0, len(gone)))
        if self._backups().forget(gone):
            watch.progress(RunProgress(Stage.CLOSING, 0, len(gone)))
            done = self._finish(gone)
        else:
            causes |= dict.fromkeys(gone, BACKUP_UNREACHABLE)
        self._wait(causes)
        return done

    def _mails_of(self, references: Iterable[str], snapshot: Snapshot) -> dict[str, Mails]:
        """The ledger rows of each reference: the message it came from and its copies."""
        mails: dict[str, Mails] = {reference: {} for reference in references}
        for key, row in snapshot.rows(LEDGER):
            for reference in row["references"]:
                if reference in mails:
                    self._office.verify(row, LEDGER, key)
                    mails[reference][key] = row
        return mails

    def _mails_of_others(self, references: Sequence[str]) -> Mails:
        """The ledger rows that belong to none of these references: their messages are left alone."""
        rows = self._office.store.snapshot().rows(LEDGER)
        return {key: row for key, row in rows if not set(row["references"]) & set(references)}

    def _hindrance(self, reference: str, mails: Mails, account: str, snapshot: Snapshot) -> str | None:
        job = snapshot.get(REFERRALS, reference)
        source = job["mail"] if job else None
        closed = self._office.store.closed()
        if source is not None and source not in mails and closed.get(LEDGER, source) is None:
            return LEDGER_MISSING
        if any(row["account"] != account and not row["deleted"] for row in mails.values() if _lies(row)):
            return OTHER_MAILBOX
        if any(snapshot.get(QUARANTINE, item) for row in mails.values() for item in row["quarantine"]):
            return WAITING_FOR_QUARANTINE
        return None

    # -- steps 3 and 4 -----------------------------------------------------------------------------------------------------

    def _wait(self, causes: Mapping[str, str]) -> None:
        office = self._office
        if not causes:
            return
        with office.store.transaction(office.session.signer) as tx:
            for reference, cause in causes.items():
                job = tx.get(REFERRALS, reference)
                if job is None or job["state"] != State.DISCARDING.value or job["cause"] == cause:
                    continue
                office.verify(job, REFERRALS, reference)
                self._put_job(tx, {**job, "cause": cause})
                tx.record(Event("discard-waits", references=(reference,), detail={"cause": cause}))

    def _close_mails(self, references: Sequence[str], removed: frozenset[str]) -> list[str]:
        """Close the ledger rows of these jobs, their mails (`removed`, ledger keys) being gone; returns the jobs done.

        A job of which another copy came in meanwhile goes on at the next run.
        """
        office = self._office
        closed: list[str] = []
        if not references:
            return closed
        with office.store.transaction(office.session.signer) as tx:
            for reference, mails in self._mails_of(references, tx).items():
                job = tx.get(REFERRALS, reference)
                if job is None or job["state"] != State.DISCARDING.value:
                    continue
                office.verify(job, REFERRALS, reference)
                if any(not row["deleted"] and key not in removed for key, row in mails.items()):
                    continue
                closed.append(reference)
                for key, row in mails.items():
                    self._close_ledger(tx, key, row, frozenset(references))
        return closed

    def _finish(self, references: Sequence[str]) -> list[str]:
        """Turn these jobs into tombstones, their mails being gone, and they out of every backup.

        A job of which another copy came in meanwhile goes on at the next run.
        """
        office = self._office
        finished: list[str] = []
        if not references:
            return finished
        with office.store.transaction(office.session.signer) as tx:
            mails_of = self._mails_of(references, tx)
            for reference, mails in mails_of.items():
                job = tx.get(REFERRALS, reference)
                if job is None or job["state"] != State.DISCARDING.value:
                    continue
                office.verify(job, REFERRALS, reference)
                if not all(row["deleted"] for row in mails.values()):
                    continue
                tombstone = {k: v for k, v in job.items() if k not in ("signed", "cause", "version")}
                gone = [row for _key, row in tx.rows_closed(LEDGER) if reference in row["references"]]
                gone += mails.values()
                tombstone |= {
                    "state": State.DISCARDED.value,
                    "mails": len(gone),
                    "drafts": sum(row["outcome"] == DRAFT for row in gone),
                    "discarded_at": iso(office.now()),
                    "discarded_by": office.name,
                }
                tx.delete(REFERRALS, reference)
                signed = sign_row(tombstone, office.session.signer, TOMBSTONES, reference)
                tx.put_closed(TOMBSTONES, reference, signed)
                tx.record(Event("discarded", references=(reference,), detail={"outcome": job["outcome"]}))
                finished.append(reference)
        return finished

    def _close_ledger(self, tx: Transaction, key: str, row: Mapping[str, Any], gone: frozenset[str]) -> None:
        """The mail is gone; what stays are keyed hashes, so that it cannot come in again."""
        signer = self._office.session.signer
        kept: Row = {k: v for k, v in row.items() if k != "signed"} | {"deleted": True, "message_id": None}
        if any(r not in gone and referral_row(tx, r) is not None for r in row["references"]):
            tx.put(LEDGER, key, sign_row(kept, signer, LEDGER, key))
            return
        kept |= {"discarded": True, "moved": None}
        tx.delete(LEDGER, key)
        tx.put_closed(LEDGER, key, sign_row(kept, signer, LEDGER, key))


def _lies(row: Mapping[str, Any]) -> bool:
    """Whether the message can lie in a mailbox: not a draft that was recorded and never given to one."""
    return "mark" not in row or row["attachments"] is not None
