"""The screens one can go to from everywhere: their words, keys, and who finds something there.

A place with a key has it everywhere; all of them stand in the menu (F2) and in the palette. Rights decide again at the
desk.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from textual.binding import Binding

from intake.staff import Right
from intake.texts import N_
from tui.commands import command
from tui.screens.base import IntakeScreen

__all__ = ["PLACES", "WORKLIST", "Place", "bindings", "places_for"]

WORKLIST = "worklist"


@dataclass(frozen=True, slots=True)
class Place:
    """`words` and `tip` are message ids; `screen` is loaded when someone goes there. With no `rights` it is for all."""

    code: str
    words: str
    tip: str
    screen: tuple[str, str]
    rights: frozenset[Right] = frozenset()
    key: str | None = None

    def open_to(self, rights: frozenset[Right]) -> bool:
        """Whether someone with these rights finds something there."""
        return not self.rights or bool(self.rights & rights)

    def make(self) -> IntakeScreen:
        """A new screen."""
        module, name = self.screen
        kind: Callable[[], IntakeScreen] = getattr(import_module(module), name)
        return kind()


PLACES: tuple[Place, ...] = (
    Place(
        WORKLIST,
        N_("Worklist"),
        N_("The referrals that there is work on"),
        ("tui.screens.worklist", "WorklistScreen"),
    ),
    Place(
        "board",
        N_("Assigning"),
        N_("Who has how much work, and what is nobody's yet"),
        ("tui.screens.board", "BoardScreen"),
        frozenset({Right.ASSIGN}),
        "f3",
    ),
    Place(
        "tasks",
        N_("Tasks and reminders"),
        N_("What you should look at, soonest first"),
        ("tui.screens.tasks", "TasksScreen"),
    ),
    Place(
        "quarantine",
        N_("Quarantine"),
        N_("Messages that became no referral"),
        ("tui.screens.quarantine", "QuarantineScreen"),
        frozenset({Right.QUARANTINE_LIST}),
        "f6",
    ),
    Place(
        "retention",
        N_("Retention periods"),
        N_("What goes when and why, destruction lists, and what was discarded"),
        ("tui.screens.retention", "RetentionScreen"),
        frozenset({Right.RETENTION_PLAN}),
        "f4",
    ),
    Place(
        "log",
        N_("Access log"),
        N_("Who saw or did what, when and why"),
        ("tui.screens.log", "LogScreen"),
        frozenset({Right.LOG}),
        "f5",
    ),
    Place(
        "figures",
        N_("Figures"),
        N_("What came in, how quickly contact was made, how it ended"),
        ("tui.screens.figures", "FiguresScreen"),
        frozenset({Right.STATISTICS}),
        "f8",
    ),
    Place(
        "breaches",
        N_("Data breaches"),
        N_("The register of data breaches, with the 72-hour clock"),
        ("tui.screens.breaches", "BreachesScreen"),
        frozenset({Right.BREACH_OPEN}),
    ),
    Place(
        "quality",
        N_("Data quality"),
        N_("What was reported to the sender, until it is answered"),
        ("tui.screens.quality", "QualityScreen"),
        frozenset({Right.QUALITY_LIST}),
    ),
    Place(
        "disclosures",
        N_("Disclosures"),
        N_("What was given to partners, with the client's agreement"),
        ("tui.screens.disclosures", "DisclosuresScreen"),
        frozenset({Right.DISCLOSURES}),
    ),
    Place(
        "subjects",
        N_("Requests of clients"),
        N_("Which data are held on someone, a copy, erasure"),
        ("tui.screens.subjects", "SubjectsScreen"),
        frozenset({Right.SUBJECT_FIND}),
    ),
    Place(
        "office",
        N_("Administration"),
        N_("Accounts, mailbox, agreement, backups and evidence"),
        ("tui.screens.office", "OfficeScreen"),
        frozenset({Right.USERS_MANAGE, Right.SETTINGS, Right.BACKUP, Right.EVIDENCE}),
        "f10",
    ),
)
"""In the order of the menu."""


def places_for(rights: frozenset[Right]) -> tuple[Place, ...]:
    """Where someone with these rights can go."""
    return tuple(place for place in PLACES if place.open_to(rights))


def bindings() -> list[Binding]:
    """The commands of the places that have a key."""
    return [
        command(p.key, f"go('{p.code}')", p.words, p.tip, palette=False) for p in PLACES if p.key is not None
    ]
