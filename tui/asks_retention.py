"""What the screen of the retention periods asks of the desk in one go. Runs in the bridge's lane; reads no client data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from intake.desk import Desk
from intake.desk.destruction import DestructionList, Standing
from intake.desk.planning import Waiting
from intake.desk.proof import CertificateNotWritten, Gone
from intake.paperwork.files import check_new
from intake.staff import Right
from tui import asks
from tui.remembered import last_folder, remember_folder
from tui.retention_words import PlanLine, plan_lines


@dataclass(frozen=True, slots=True)
class Planned:
    """The plan of today, by reference and in the order in which it is shown."""

    lines: Mapping[str, PlanLine]
    today: date
    rights: frozenset[Right]


@dataclass(frozen=True, slots=True)
class Lists:
    """The destruction lists, the newest first. `names` are the staff's display names by account."""

    lists: tuple[DestructionList, ...]
    names: Mapping[str, str]
    me: str
    may_approve: bool


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What a run could not finish."""

    waiting: tuple[Waiting, ...]
    may_run: bool


def planned(desk: Desk) -> Planned:
    """What goes when."""
    plan = desk.retention.plan()
    proposed: dict[str, str] = {}
    if plan.second_person:
        waiting = (one for one in desk.destruction.lists() if one.standing is Standing.PROPOSED)
        proposed = {item.reference: one.id for one in waiting for item in one.items}
    lines = {line.reference: line for line in plan_lines(plan, proposed)}
    return Planned(lines, plan.on, asks.me(desk).rights)


def lists(desk: Desk) -> Lists:
    """Every destruction list."""
    found = tuple(reversed(desk.destruction.lists()))
    may = desk.office.may(Right.RETENTION_APPROVE)
    return Lists(found, asks.names(desk), desk.user.name, may)


def unfinished(desk: Desk) -> Unfinished:
    """What is still being discarded."""
    return Unfinished(desk.retention.waiting(), desk.office.may(Right.RETENTION_RUN))


def discarded(desk: Desk) -> tuple[Gone, ...]:
    """What was discarded last."""
    return desk.proof.discarded()


@dataclass(frozen=True, slots=True)
class Holdable:
    """A referral as a hold needs it."""

    version: int | None
    today: date


def holdable(desk: Desk, reference: str) -> Holdable:
    """Its version now, and the day."""
    return Holdable(asks.version(desk, reference), desk.office.today())


def new_file(desk: Desk, memory: Path, name: str) -> Path:
    """A file for a certificate that is not there yet, in the folder of the last one; `%(day)s` in `name` is today."""
    folder = last_folder(memory)
    day = desk.office.today().isoformat()
    stem = name % {"day": day}
    file = folder / f"{stem}.pdf"
    count = 1
    while file.exists():
        count += 1
        file = folder / f"{stem}-{count}.pdf"
    return file


def certified(desk: Desk, references: Sequence[str], file: Path, memory: Path) -> None:
    """Write a certificate, and remember its folder. Raises as `desk.proof.certificate`, before it is logged where it can."""
    try:
        check_new(file)
    except OSError:  # a name that no system takes
        raise CertificateNotWritten from None
    desk.proof.certificate(references, file)
    remember_folder(memory, file.parent)
