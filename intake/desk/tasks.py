"""Tasks of the agreement: a change of law or of processors is told at once, and that is proved (P9, second paragraph)."""

from dataclasses import replace
from datetime import date, timedelta

from intake.agreement import Agreement
from intake.desk.logged import given_reason
from intake.desk.office import Office
from intake.desk.registering import check_texts, facts, fresh_key, put, row_in
from intake.errors import WrongUse
from intake.formats import clean_note
from intake.register_rows import TASKS, as_row, task_of
from intake.registers import LIST_CHANGED, Subject, Task
from intake.staff import Right
from intake.texts import _
from storage.journal import Event
from storage.store import Transaction

FURTHEST = timedelta(days=3 * 366)


class Tasks:
    """Use cases on tasks."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def items(self, *, every: bool = False) -> list[Task]:
        """The tasks to do by number; with `every` those that are done too."""
        self._office.require(Right.TASKS)
        return [task for task in facts(self._office, TASKS, task_of) if every or task.done_on is None]

    def open(self, subject: Subject, why: str, due_on: date) -> Task:
        """Record a task. Raises WrongUse without a reason, or for a day that has passed or is years ahead."""
        office = self._office
        office.require(Right.TASKS)
        said = given_reason(why)
        if not office.today() <= due_on <= office.today() + FURTHEST:
            raise WrongUse(problem=_("A task is due from today on and within three years. Give another day."))
        with office.store.transaction(office.session.signer) as tx:
            check_texts(office, tx, (), said)
            return open_task(office, tx, subject, said, due_on)

    def done(self, key: str, proof: str) -> Task:
        """Record that a task is done, and what proves it. Raises WrongUse, NotFound."""
        office = self._office
        office.require(Right.TASKS)
        said = clean_note(proof)
        if not said:
            raise WrongUse(problem=_("Say what proves it: a date and how, or the number of a document."))
        with office.store.transaction(office.session.signer) as tx:
            task = task_of(row_in(office, tx, TASKS, key))
            if task.done_on is not None:
                raise WrongUse(problem=_("%(id)s is done already.") % {"id": key})
            check_texts(office, tx, (), said)
            finished = replace(task, done_on=office.today(), done_by=office.name, proof=said)
            put(office, tx, TASKS, as_row(finished))
            tx.record(Event("task-done", references=(key,)))
        return finished


def open_task(office: Office, tx: Transaction, subject: Subject, why: str, due_on: date) -> Task:
    """Record a task in a transaction that is under way."""
    key = fresh_key(office, tx, TASKS, "T")
    task = Task(key, subject, why, due_on, office.now(), office.name)
    put(office, tx, TASKS, as_row(task))
    tx.record(Event("task-open", references=(key,), detail={"subject": subject.value}))
    return task


def processors_changed(office: Office, tx: Transaction, before: Agreement, after: Agreement) -> None:
    """Open a task when the list of processors changed and was not sent yet: the other party gets it at once (P6, P9)."""
    if after.processors_version == before.processors_version or after.processors_sent_on is not None:
        return
    rows = (task_of(row) for _key, row in tx.rows(TASKS))
    if any(t.done_on is None and t.subject is Subject.PROCESSORS and t.why == LIST_CHANGED for t in rows):
        return
    due = office.calendar.add_working_days(office.today(), 1)
    open_task(office, tx, Subject.PROCESSORS, LIST_CHANGED, due)
