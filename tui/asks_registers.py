"""What the screens of the registers and of a client's requests ask of the desk. Runs in the bridge's lane."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from intake.client import CLIENT_FIELDS
from intake.desk import Desk
from intake.desk import breaches as desk_breaches
from intake.desk import quality as desk_quality
from intake.desk.breaches import Proposal
from intake.desk.subjects import Found
from intake.registers import Disclosure, Task
from intake.reminders import Reminder
from intake.staff import Right
from tui.asks import names


@dataclass(frozen=True, slots=True)
class BreachList:
    """The register of breaches; `readable` tells whether the signed-in user may read it, `proposed` how many proposals wait."""

    readable: bool
    items: tuple[desk_breaches.Listed, ...]
    names: Mapping[str, str]
    proposed: int = 0

    def one(self, key: str | None) -> desk_breaches.Listed | None:
        """The breach of a number."""
        return next((item for item in self.items if item.breach.id == key), None)


@dataclass(frozen=True, slots=True)
class ProposalList:
    """What lies in quarantine and is perhaps a breach."""

    items: tuple[Proposal, ...]

    def one(self, key: str | None) -> Proposal | None:
        """The message of a number."""
        return next((item for item in self.items if item.item == key), None)


@dataclass(frozen=True, slots=True)
class QualityList:
    """The notices to the sender."""

    items: tuple[desk_quality.Listed, ...]
    names: Mapping[str, str]
    today: date

    def one(self, key: str | None) -> desk_quality.Listed | None:
        """The notice of a number."""
        return next((item for item in self.items if item.notice.id == key), None)


@dataclass(frozen=True, slots=True)
class ReminderList:
    """The reminders; `about` are the referrals of notices by the notice's number, `tasks` the tasks by theirs."""

    items: tuple[Reminder, ...]
    about: Mapping[str, str]
    tasks: Mapping[str, Task]
    names: Mapping[str, str]

    def one(self, key: str | None) -> Reminder | None:
        """The reminder of a row."""
        return next((item for item in self.items if reminder_key(item) == key), None)


@dataclass(frozen=True, slots=True)
class TaskList:
    """The tasks of the agreement."""

    items: tuple[Task, ...]
    names: Mapping[str, str]
    today: date

    def one(self, key: str | None) -> Task | None:
        """The task of a number."""
        return next((item for item in self.items if item.id == key), None)


@dataclass(frozen=True, slots=True)
class DisclosureList:
    """What went to partners."""

    items: tuple[Disclosure, ...]
    names: Mapping[str, str]

    def one(self, key: str | None) -> Disclosure | None:
        """The disclosure of a number."""
        return next((item for item in self.items if item.id == key), None)


@dataclass(frozen=True, slots=True)
class Sought:
    """What a search found; `found` is None before anything was sought. What was sought is not in it."""

    found: Found | None
    names: Mapping[str, str]


def reminder_key(reminder: Reminder) -> str:
    """What tells a reminder from the others."""
    return f"{reminder.kind.value}:{reminder.id}"


def breaches(desk: Desk) -> BreachList:
    """The register, for who may read it; for others an empty one."""
    readable = desk.office.may(Right.BREACH)
    items = sorted(desk.breaches.items(), key=_urgency) if readable else ()
    proposed = len(desk.breaches.proposals()) if readable else 0
    return BreachList(readable, tuple(items), names(desk), proposed)


def _urgency(item: desk_breaches.Listed) -> tuple[bool, bool, float]:
    """What runs against the clock first, the nearest end before; then what is open, then what is closed, latest first."""
    breach = item.breach
    told = breach.noticed_at is not None
    due = breach.due_at.timestamp()
    return breach.closed_on is not None, told, -due if told or breach.closed_on else due


def proposals(desk: Desk) -> ProposalList:
    """What is proposed as a breach."""
    return ProposalList(tuple(desk.breaches.proposals()))


def quality(desk: Desk, *, every: bool) -> QualityList:
    """The notices without an answer, or all."""
    return QualityList(tuple(desk.quality.items(every=every)), names(desk), desk.office.today())


def reminders(desk: Desk) -> ReminderList:
    """What the signed-in user should look at."""
    about: dict[str, str] = {}
    if desk.office.may(Right.QUALITY_LIST):
        about = {item.notice.id: item.notice.reference for item in desk.quality.items()}
    tasks: dict[str, Task] = {}
    if desk.office.may(Right.TASKS):
        tasks = {task.id: task for task in desk.tasks.items()}
    return ReminderList(tuple(desk.reminders.items()), about, tasks, names(desk))


def tasks(desk: Desk, *, every: bool) -> TaskList:
    """The tasks to do, or all."""
    return TaskList(tuple(desk.tasks.items(every=every)), names(desk), desk.office.today())


def disclosures(desk: Desk) -> DisclosureList:
    """What went to partners, the latest first."""
    return DisclosureList(tuple(reversed(desk.disclosures.items())), names(desk))


def sought(desk: Desk, text: str | None) -> Sought:
    """Who fits a text; nothing before one was given. Each search is in the log, without its text."""
    return Sought(desk.subjects.find(text) if text else None, names(desk))


def now(desk: Desk) -> datetime:
    """The desk's clock."""
    return desk.office.now()


def today(desk: Desk) -> date:
    """The desk's day."""
    return desk.office.today()


NAME_FIELDS = frozenset(CLIENT_FIELDS[:2])
"""What makes a client's name."""
