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
