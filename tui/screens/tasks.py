"""Reminders of what is due, and the tasks of the agreement, done with a proof (P9)."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from rich.text import Text
from textual import work
from textual.binding import BindingType
from textual.content import Content

from intake.formats import show_date, show_moment
from intake.plaintext import clean_line
from intake.registers import SUBJECT_WORDS, Task
from intake.reminders import KIND_WORDS, Kind, Reminder
from intake.staff import Right
from intake.texts import N_, _
from storage.errors import Refusal
from tui import asks_registers as asks
from tui.commands import command
from tui.dialogs.task import TaskData, TaskDialog
from tui.dialogs.why import WhyDialog, Words
from tui.places import places_for
from tui.screens.listing import Tab
from tui.screens.registers import NARROW, RegisterScreen, detail, named, short
from tui.shown import late_mark, person
from tui.widgets.grid import Cells, Heading

REMINDERS, TASKS, ALL = "reminders", "tasks", "all"
_TIMED = frozenset({Kind.BREACH, Kind.BREACH_SEND})
"""Reminders of which the hour counts."""
_AGREEMENT = frozenset({Kind.AGREEMENT, Kind.PUBLICATION, Kind.PROCESSORS})
BREACH_NUMBER, NOTICE_NUMBER = "L", "K"
"""How the numbers begin of what a draft may be about; else it is about a referral."""
ADMINISTRATION_KEY = "f10"
"""The key of the place where the agreement is looked after."""

_PROOF = Words(
    label=N_("Proof"),
    hint=N_("A date and how, or the number of a document."),
    missing=N_("Say what proves it: a date and how, or the number of a document."),
    help="tasks",
)


class TasksScreen(RegisterScreen):
    """Reminders for everyone; tasks for team leads and DPOs."""

    HELP = "tasks"
    TITLE_WORDS = N_("Tasks and reminders")
    BINDINGS: ClassVar[list[BindingType]] = [
        command("n", "new", N_("New"), N_("Record a change that Opgroeien must be told"), bar=True),
        command("b", "done", N_("Done"), N_("Record that the task is done, and what proves it"), bar=True),
        command("r", "scope('reminders')", N_("Reminders"), N_("What you should look at, soonest first")),
        command("t", "scope('tasks')", N_("Tasks"), N_("The tasks to do")),
        command("a", "scope('all')", N_("All tasks"), N_("Done ones too")),
    ]

    def tabs(self) -> Sequence[Tab]:
        """The reminders, the tasks to do, all tasks."""
        return (
            Tab(
                REMINDERS,
                "r",
                N_("Reminders"),
                N_(
                    "Nothing to look at now: no notice, draft, task or deadline waits for you. Press Esc to go back."
                ),
                asks.reminders,
                self._reminder_headings,
                self._reminder_rows,
                _reminder_detail,
            ),
            Tab(
                TASKS,
                "t",
                N_("Tasks"),
                N_(
                    "No task is to be done. Press n when a law or a processor changes: Opgroeien is told at once. (P9)"
                ),
                lambda desk: asks.tasks(desk, every=False),
                self._task_headings,
                self._task_rows,
                _task_detail,
            ),
            Tab(
                ALL,
                "a",
                N_("All tasks"),
                N_("There was no task yet. Press n when a law or a processor changes. (P9)"),
                lambda desk: asks.tasks(desk, every=True),
                self._task_headings,
                self._task_rows,
                _task_detail,
            ),
        )

    def tab_open(self, code: str) -> bool:
        """Reminders are everyone's."""
        return code == REMINDERS or Right.TASKS in self.intake.rights

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that the role has nothing on are not offered."""
        beyond = action in ("new", "done") or (action == "scope" and parameters != (REMINDERS,))
        if beyond and Right.TASKS not in self.intake.rights:
            return False
        return super().check_action(action, parameters)

    # -- the lists --------------------------------------------------------------------------------------------------

    @property
    def _narrow(self) -> bool:
        return self.size.width < NARROW

    def _reminder_headings(self, _width: int) -> list[Heading]:
        wide = [] if self._narrow else [Heading("who", _("Whose"), 16)]
        return [
            Heading("due", _("Due"), 18),
            Heading("late", "", 12),
            Heading("about", _("About"), 14),
            Heading("what", _("What"), 20, grows=1),
            *wide,
        ]

    def _reminder_rows(self, found: asks.ReminderList) -> Mapping[str, Cells]:
        rows: dict[str, Cells] = {}
        for one in found.items:
            wide = () if self._narrow else (person(found.names, one.who),)
            late = Text(late_mark(), style="bold") if one.overdue else ""
            due = show_moment(one.due_at) if one.kind in _TIMED else show_date(one.due_on)
            rows[asks.reminder_key(one)] = (due, late, _about(one, found), _(KIND_WORDS[one.kind]), *wide)
        return rows

    def _task_headings(self, _width: int) -> list[Heading]:
        return [
            Heading("id", _("Number"), 11),
            Heading("due", _("Due"), 15),
            Heading("state", _("State"), 11),
            Heading("subject", _("About"), 25),
            Heading("why", _("Why"), 16, grows=1),
        ]

    def _task_rows(self, found: asks.TaskList) -> Mapping[str, Cells]:
        return {
            task.id: (
                task.id,
                show_date(task.due_on),
                _state(task, found),
                _(SUBJECT_WORDS[task.subject]),
                short(_(task.why)),
            )
            for task in found.items
        }

    # -- doing ------------------------------------------------------------------------------------------------------

    def row_chosen(self, key: str) -> None:
        """To what it is about."""
        if isinstance(self.found, asks.ReminderList):
            one = self.found.one(key)
            if one is not None:
                self._follow(one)
        elif Right.TASKS in self.intake.rights:
            self.action_done()

    def _follow(self, one: Reminder) -> None:
        if one.kind is Kind.TASK:
            self.action_scope(TASKS)
        elif one.kind in _TIMED or one.id.startswith(BREACH_NUMBER):
            self._go("breaches")
        elif one.kind is Kind.QUALITY or one.id.startswith(NOTICE_NUMBER):
            self._go("quality")
        elif one.kind in _AGREEMENT:
            place = next((p for p in places_for(self.intake.rights) if p.key == ADMINISTRATION_KEY), None)
            if place is not None:
                self._go(place.code)
            else:
                self.intake.say(_("It stands in the agreement; a team lead changes it in the settings."))
        elif one.kind is Kind.QUARANTINE:
            self._go("quarantine")
        elif one.kind is Kind.MISSED:
            self.intake.say(
                _("It lies in another folder of the mailbox. Put it back in the inbox, and it is polled.")
            )
        else:
            self.open_referral(one.id)

    def _go(self, code: str) -> None:
        # From the application: this screen closes on the way.
        self.app.run_worker(self.intake.action_go(code), group="go", exclusive=True)

    def _chosen_task(self) -> Task | None:
        found, key = self.found, self.current
        if isinstance(found, asks.TaskList):
            return found.one(key)
        if isinstance(found, asks.ReminderList):
            one = found.one(key)
            return found.tasks.get(one.id) if one is not None else None
        return None

    @work(exclusive=True, group="step")
    async def action_new(self) -> None:
        """Record a task."""
        try:
            today = await self.bridge.ask(asks.today)
        except Refusal as error:
            self.intake.refuse(error)
            return

        async def send(data: TaskData) -> None:
            await self.bridge.ask(lambda desk: desk.tasks.open(data.subject, data.why, data.due_on))

        if await self.sent(TaskDialog(send, today=today)):
            self.action_scope(TASKS)

    @work(exclusive=True, group="step")
    async def action_done(self) -> None:
        """Record that one is done."""
        task = self._chosen_task()
        if task is None:
            self.intake.say(_("Choose a task first."), bad=True)
            return
        if task.done_on is not None:
            self.intake.say(_("%(id)s is done already.") % {"id": task.id}, bad=True)
            return

        async def send(proof: str) -> None:
            await self.bridge.ask(lambda desk: desk.tasks.done(task.id, proof))

        title = _("Task %(id)s is done") % {"id": task.id}
        await self.sent(WhyDialog(send, title, N_("Done"), words=_PROOF))


def _about(one: Reminder, found: asks.ReminderList) -> str:
    return found.about.get(one.id, clean_line(one.id))


def _reminder_detail(found: Any, key: str | None) -> Content:
    one = found.one(key) if isinstance(found, asks.ReminderList) else None
    if one is None:
        return Content("")
    task = found.tasks.get(one.id)
    due = show_moment(one.due_at) if one.kind in _TIMED else show_date(one.due_on)
    return detail(
        (_("What"), _(KIND_WORDS[one.kind])),
        (_("Number"), clean_line(one.id)),
        (_("Reference"), found.about.get(one.id, "")),
        (_("Due"), named((due, late_mark() if one.overdue else ""))),
        (_("Why"), _(task.why) if task is not None else ""),
        (_("Whose"), person(found.names, one.who)),
    )


def _state(task: Task, found: asks.TaskList) -> str | Text:
    if task.done_on is not None:
        return "✔ " + _("done")
    if found.today > task.due_on:
        return Text(late_mark(), style="bold")
    return "○ " + _("to do")


def _task_detail(found: Any, key: str | None) -> Content:
    task = found.one(key) if isinstance(found, asks.TaskList) else None
    if task is None:
        return Content("")
    done = ""
    if task.done_on is not None:
        done = named((show_date(task.done_on), person(found.names, task.done_by)))
    return detail(
        (_("About"), _(SUBJECT_WORDS[task.subject])),
        (_("Why"), _(task.why)),
        (_("Recorded"), named((show_moment(task.opened_at), person(found.names, task.opened_by)))),
        (_("Done"), done),
        (_("Proof"), task.proof),
    )
