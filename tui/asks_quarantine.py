"""What the quarantine's screen asks of the desk in one go. Runs in the bridge's lane."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from intake.causes import Cause
from intake.desk import Desk
from intake.desk.breaches import Account
from intake.desk.passphrases import NewPassphrase
from intake.desk.quarantine import QuarantineItem
from intake.desk.rereading import Retried
from intake.staff import Right

__all__ = ["Quarantined", "again", "look", "record_breach"]


@dataclass(frozen=True, slots=True)
class Quarantined:
    """The quarantine's list; `breaches` are the items that are to be recorded as a breach and are not."""

    items: tuple[QuarantineItem, ...]
    breaches: frozenset[str]
    now: datetime

    def item(self, key: str | None) -> QuarantineItem | None:
        """One of the items."""
        return next((item for item in self.items if item.id == key), None)

    def with_cause(self, cause: Cause) -> tuple[str, ...]:
        """The numbers of those with a cause."""
        return tuple(item.id for item in self.items if item.cause is cause)


def look(desk: Desk) -> Quarantined:
    """The quarantine as it is now."""
    items = tuple(desk.quarantine.items())
    proposed = desk.breaches.proposals() if desk.office.may(Right.BREACH) else []
    return Quarantined(items, frozenset(one.item for one in proposed), desk.office.now())


def again(desk: Desk, keys: Sequence[str], new: NewPassphrase | None = None) -> list[Retried]:
    """Read these anew. Of a single one the problem is raised."""
    results = desk.quarantine.retry(keys, new)
    if len(results) == 1 and results[0].problem is not None:
        raise results[0].problem
    return results


def record_breach(desk: Desk, item: str) -> str:
    """Record an item as a breach with the facts that are known; the breach's number."""
    return desk.breaches.open(Account(), quarantine=item).id
