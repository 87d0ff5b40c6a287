"""Proposing who could work which referral: by language, by area, and by least work. Pure.

A proposal changes nothing: a team lead confirms or alters it. The postcode stays here; what is told of it is only
that the area counted. Which language a client speaks is no datum that is kept (P3): a team lead who knows it may say so
for the moment of the proposal.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from intake.texts import N_
from intake.workload import NO_WORK, Workload


class Reason(StrEnum):
    """Why someone is proposed, the strongest first."""

    LANGUAGE = "language"
    AREA = "area"
    WORKLOAD = "workload"
    NOBODY = "nobody"


REASON_WORDS: dict[Reason, str] = {
    Reason.LANGUAGE: N_("language"),
    Reason.AREA: N_("area"),
    Reason.WORKLOAD: N_("least work"),
    Reason.NOBODY: N_("nobody is present"),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Someone who could work referrals; `present` social workers alone are proposed."""

    account: str
    load: Workload = NO_WORK
    present: bool = True
    postcodes: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A referral that wants a worker. `postcode` where it may be read, `language` where someone said it."""

    reference: str
    postcode: str | None = field(default=None, repr=False)
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who could work it, and why; nobody when nobody is present."""

    reference: str
    to: str | None
    because: tuple[Reason, ...]


def propose(wanted: Iterable[Wanted], candidates: Iterable[Candidate]) -> tuple[Proposal, ...]:
    """A worker for each, in the order given; each one proposed counts as work for the next."""
    able = {one.account: one for one in candidates if one.present}
    found: list[Proposal] = []
    for one in wanted:
        to, because = choose([one], list(able.values()))
        found.append(Proposal(one.reference, to, because))
        if to is not None:
            chosen = able[to]
            able[to] = replace(
                chosen, load=replace(chosen.load, open=chosen.load.open + 1, lately=chosen.load.lately + 1)
            )
    return tuple(found)


def choose(
    wanted: Sequence[Wanted], candidates: Iterable[Candidate]
) -> tuple[str | None, tuple[Reason, ...]]:
    """One worker for all of these together, and why.

    Whoever speaks the language goes before who does not, then whoever has the area, then who has the least open
    referrals; of several the one with fewer overdue, fewer lately, and at last by account.
    """
    left = [one for one in candidates if one.present]
    if not left:
        return None, (Reason.NOBODY,)
    because: list[Reason] = []
    tests: tuple[tuple[Reason, Callable[[Candidate], bool]], ...] = (
        (Reason.LANGUAGE, lambda c: all(w.language in c.languages for w in wanted)),
        (Reason.AREA, lambda c: all(w.postcode in c.postcodes for w in wanted)),
    )
    for reason, fits in tests:
        fitting = [one for one in left if fits(one)]
        if fitting:
            left = fitting
            because.append(reason)
    if len(left) > 1 or not because:
        because.append(Reason.WORKLOAD)
    best = min(left, key=lambda c: (c.load.open, c.load.overdue, c.load.lately, c.account))
    return best.account, tuple(because)
