"""What the board of a team lead, and who else assigns, asks of the desk in one go. Runs in the bridge's lane."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from intake.desk import Desk
from intake.desk.assigning import Board, Offer
from intake.proposals import Proposal
from tui import asks


@dataclass(frozen=True, slots=True)
class Boarded:
    """The board of one moment. `names` are the staff's display names by account."""

    board: Board
    names: Mapping[str, str]
    today: date

    def __repr__(self) -> str:
        return f"Boarded({len(self.board.lines)})"


@dataclass(frozen=True, slots=True)
class Made:
    """An assignment that was saved: whose each referral was before, and the version that the assignment made."""

    former: Mapping[str, str | None]
    versions: Mapping[str, int]


def boarded(desk: Desk) -> Boarded:
    """All open referrals and the workers."""
    return Boarded(desk.assigning.board(), asks.names(desk), desk.office.today())


def offer(desk: Desk, references: Sequence[str]) -> Offer:
    """To whom they can go."""
    return desk.assigning.offer(references)


def proposal(desk: Desk, references: Sequence[str], languages: Mapping[str, str]) -> tuple[Proposal, ...]:
    """A worker for each."""
    return desk.assigning.proposal(references, languages)


def distributed(
    desk: Desk,
    workers: Mapping[str, str | None],
    versions: Mapping[str, int],
    former: Mapping[str, str | None],
) -> Made:
    """Save it, all or none. Raises what `desk.work.distribute` raises."""
    done = desk.work.distribute(workers, dict(versions))
    return Made({r.reference: former[r.reference] for r in done}, {r.reference: r.version for r in done})


def untouched(desk: Desk, made: Made) -> tuple[str, ...]:
    """Those on which nobody did anything since they were assigned."""
    return tuple(r for r, version in made.versions.items() if asks.version(desk, r) == version)
