"""Who polls the mailbox, until when, and how the last poll went: what the workstations tell each other. Pure.

It names accounts and machines of the office and counts messages; it holds nothing of a client or a sender. Where it is
kept is in `intake/desk/turns.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

__all__ = ["LEASE", "TOLERANCE", "Doing", "Proof", "Pulse", "fresh_until", "lapsed", "pulse_of", "row_of"]

LEASE = timedelta(minutes=3)
"""So long a turn lasts unless it is renewed. A poller that was killed on another machine is succeeded after that."""
TOLERANCE = timedelta(minutes=2)
"""So much the clocks of two workstations may differ without the one taking the other's turn."""
_MISSED = 3
"""So many intervals without a good poll, and the mailbox counts as not polled."""


class Doing(StrEnum):
    """What who has the turn does with it."""

    POLLING = "polling"
    WATCHING = "watching"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Proof:
    """The numbers of a poll; found = imported + quarantined + known."""

    found: int
    imported: int
    quarantined: int
    known: int


@dataclass(frozen=True, slots=True)
class Pulse:
    """The state of polling. Moments are aware (UTC, whole seconds); `every` is the interval in seconds.

    `token` is drawn by each poller for itself. `polled_at`, `polled_by` and `proof` are of the last poll that ended well,
    by whomever; `down_since` is the first failure after it, and `trouble` the name of its kind.
    """

    holder: str
    host: str
    process: int
    token: str
    doing: Doing
    since: datetime
    until: datetime
    every: int
    polled_at: datetime | None = None
    polled_by: str | None = None
    proof: Proof | None = None
    down_since: datetime | None = None
    trouble: str | None = None

    @property
    def who(self) -> str:
        """Account and machine, as people read it."""
        return f"{self.holder} ({self.host})" if self.host else self.holder


def lapsed(pulse: Pulse, now: datetime) -> bool:
    """Whether a turn is over by the clock, or was taken by a clock that is too far from ours to be believed."""
    return not now - TOLERANCE < pulse.until <= now + LEASE + TOLERANCE


def fresh_until(pulse: Pulse) -> datetime | None:
    """Until when the last good poll counts as fresh: three intervals, and the time a turn needs to be taken over."""
    if pulse.polled_at is None:
        return None
    return pulse.polled_at + timedelta(seconds=_MISSED * pulse.every) + LEASE


def row_of(pulse: Pulse) -> dict[str, Any]:
    """As it is written."""
    row: dict[str, Any] = {}
    for one in fields(pulse):
        value = getattr(pulse, one.name)
        if isinstance(value, datetime):
            value = value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        elif isinstance(value, Proof):
            value = [value.found, value.imported, value.quarantined, value.known]
        row[one.name] = str(value) if isinstance(value, Doing) else value
    return row


def pulse_of(row: Mapping[str, Any]) -> Pulse:
    """The inverse of `row_of`; raises KeyError, TypeError or ValueError when the row is not one of ours."""

    def moment(name: str) -> datetime:
        found = datetime.fromisoformat(row[name])
        if found.tzinfo is None:
            raise ValueError(name)
        return found

    proof = row["proof"]
    return Pulse(
        holder=str(row["holder"]),
        host=str(row["host"]),
        process=int(row["process"]),
        token=str(row["token"]),
        doing=Doing(row["doing"]),
        since=moment("since"),
        until=moment("until"),
        every=int(row["every"]),
        polled_at=moment("polled_at") if row["polled_at"] else None,
        polled_by=str(row["polled_by"]) if row["polled_by"] else None,
        proof=Proof(*(int(number) for number in proof)) if proof else None,
        down_since=moment("down_since") if row["down_since"] else None,
        trouble=str(row["trouble"]) if row["trouble"] else None,
    )
