"""What a walk over a form yields: labelled values with the person they belong to, and the other text. Data only."""

import dataclasses
from dataclasses import dataclass

from intake.form.words import Field, Party

__all__ = ["Entry", "Section", "Walk"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One labelled value. `client` is the number the form gives the client, 0 when it gives none.

    `sure` is False for a soft value: it may be the client's or someone else's, and is never used.
    """

    field: Field
    value: str = dataclasses.field(repr=False)
    party: Party = Party.CLIENT
    client: int = 0
    sure: bool = True
    row: int = 0
    phrase: str = ""


@dataclass(slots=True)
class Section:
    """The part of the form the walk is in: whose it is, and how that became known."""

    party: Party
    kind: str
    """flat, heading, inline, letterhead, cue, notes or signature."""
    number: int = 0


@dataclass(slots=True)
class Walk:
    """What the walk over a form found."""

    entries: list[Entry] = dataclasses.field(default_factory=list)
    leftovers: list[str] = dataclasses.field(default_factory=list, repr=False)
    clients: dict[int, int] = dataclasses.field(default_factory=dict)
    """Row number to client number, for statements that stand in one client's part."""
    called: list[str] = dataclasses.field(default_factory=list, repr=False)
    """Calling names: no first names, but they tell when a name holds only family names."""
    tabular: set[int] = dataclasses.field(default_factory=set)
    """Rows of tables with headings, whose consent is in the entries."""
