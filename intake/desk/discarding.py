"""Retention: what is due, and the discard job that removes a referral everywhere, step by step (P3).

1. One transaction takes the sealed data and keys out of the store and leaves the job as a row *nog te wissen*.
2. The source mail is deleted by UID EXPUNGE, wherever it lies, and looked for again to be sure (`removal.py`).
3. One transaction closes the ledger rows of those mails; what is discarded is taken out of every kept backup
   (`backups.py`): none that is made from here on holds any of it.
4. One transaction turns finished jobs into tombstones without personal data in the file of closed matters.
Each step can be repeated; a job that cannot go on keeps its cause and goes on at the next run. The steps in the store are
in `jobs.py`; here is their order.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from intake import retention
from intake.desk import rejection
from intake.desk.destruction import Destruction
from intake.desk.hindrances import BACKUP_UNREACHABLE, MAIL_STILL_THERE, MAILBOX_DOWN
from intake.desk.holds import Holding
from intake.desk.jobs import Jobs
from intake.desk.office import LEDGER_SECRET, Office
from intake.desk.planning import Recent, Waiting
from intake.desk.watching import RunProgress, Stage, Watch
from intake.errors import MailboxError, NotLawful
from intake.staff import Right
from intake.texts import _

if TYPE_CHECKING:
    from intake.desk.backups import Backups
    from intake.desk.polling import Polling
    from intake.desk.work import Work

__all__ = ["Retention", "RunResult"]

BATCH = 50
SHORT_BATCH = 5
"""So many referrals at a time where someone looks on and may stop it."""


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a retention run did, or with `dry_run` would do; `proposed` are the destruction lists it made.

    `recent` tells what was done late with what goes: a warning, as the table decides. `expired` are the items of the
    quarantine on which nobody decided in time, `removed` those whose message is gone everywhere now. `stopped` tells that
    someone stopped it before its end.
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
    removed: tuple[str, ...] = ()


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
        self._jobs = Jobs(office)

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
        removed = rejection.Rejection(office, self._polling, self._backups).run()
        self._jobs.begin(plan.due)
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
            removed=removed,
        )

    def _proposed(self, due: Sequence[retention.Due]) -> tuple[str, ...]:
        """The lists of what came due; none where only the one who runs this could approve it."""
        destruction = Destruction(self._office)
        if not due or not destruction.others(self._office.name):
            return ()
        return tuple(made.id for made in destruction.propose())

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
        for reference, mails in self._jobs.mails_of(references, snapshot).items():
            cause = self._jobs.hindrance(reference, mails, account, snapshot)
            if cause is not None:
                causes[reference] = cause
            elif all(row["deleted"] for row in mails.values()):
                ready.append(reference)
            else:
                todo.append(reference)
        gone = self._jobs.close_mails(ready, frozenset())
        try:
            if todo and not watch.stop():
                watch.progress(RunProgress(Stage.MAILBOX, 0, len(todo)))
                with self._polling().connect() as mailbox:
                    removal = Removal(mailbox, key)
                    for start in range(0, len(todo), size):
                        if watch.stop():
                            break
                        part = todo[start : start + size]
                        mails_of = self._jobs.mails_of(part, office.store.snapshot())
                        others = self._jobs.mails_of_others(part)
                        left = removal.remove(mails_of, others)
                        causes |= dict.fromkeys(left, MAIL_STILL_THERE)
                        removed = frozenset(k for mails in mails_of.values() for k in mails)
                        gone += self._jobs.close_mails([r for r in part if r not in left], removed)
                        watch.progress(RunProgress(Stage.MAILBOX, start + len(part), len(todo)))
        except MailboxError:  # whatever it is, what needs no mailbox goes on below
            causes |= {r: MAILBOX_DOWN for r in todo if r not in gone and r not in causes}
        done: list[str] = []
        if gone:
            watch.progress(RunProgress(Stage.BACKUPS, 0, len(gone)))
        if self._backups().forget(gone):
            watch.progress(RunProgress(Stage.CLOSING, 0, len(gone)))
            done = self._jobs.finish(gone)
        else:
            causes |= dict.fromkeys(gone, BACKUP_UNREACHABLE)
        self._jobs.wait(causes)
        return done
