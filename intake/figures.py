"""Statistics of referrals by month and year, and what of them may leave the office. Pure; anonymous by P2.

Inside the office all numbers are as they are. In what leaves it a cell below five is hidden, and so are as many others
as it takes that no hidden one follows from the rest: a year's breakdowns each add up to what was received in it, and
its months to the year. A breakdown leaves the office by month only where nothing of it is small in any month of the
year: beside the year's, eleven months would give the twelfth away. A small cell says that it is one, and one that was
left out for it does not, unless that would itself give a small one away. How a referral becomes `CountFacts` is in
`counts.py`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median, quantiles

from intake.causes import Cause
from intake.counts import CountFacts
from intake.referral import Wish
from intake.retention import Outcome

SMALLEST_SHOWN = 5
"""Cells below it are hidden in what leaves the office (P2)."""
HIDDEN = "<5"
"""How a small cell is told."""
LEFT_OUT = "…"
"""How a cell is shown that was left out because a small one would follow from it; among the numbers it is None."""

Told = int | str | None
"""A cell as it leaves the office: its number, `HIDDEN`, or None for one that was left out."""

RECEIVED = "received"
CONTACTED, NOT_CONTACTED = "contacted", "not-contacted"
NO_WISH = "wish-not-known"
CASE_OPENED, NO_CASE = "case-opened", "no-case"
STILL_OPEN = "still-open"

BREAKDOWNS: tuple[tuple[str, ...], ...] = (
    (CONTACTED, NOT_CONTACTED),
    (*(f"wish-{wish.value}" for wish in Wish), NO_WISH),
    (CASE_OPENED, NO_CASE),
    (*(f"ended-{outcome.value}" for outcome in Outcome), STILL_OPEN),
)
"""Each adds up to what was received."""
ALIKE: tuple[tuple[str, str], ...] = (
    (f"wish-{Wish.NO.value}", f"ended-{Outcome.DECLINED.value}"),
    (f"wish-{Wish.YES.value}", CASE_OPENED),
)
"""Cells that mostly are the same number: where one is hidden, so is the other."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took, in calendar days from receipt; of `count` referrals. None where there is none."""

    count: int
    median: float | None
    ninth_decile: float | None

    @classmethod
    def of(cls, days: Sequence[int]) -> "Spread":
        """Median and 90th percentile (linear between values, as a spreadsheet's PERCENTILE has it)."""
        if not days:
            return cls(0, None, None)
        if len(days) == 1:
            return cls(1, float(days[0]), float(days[0]))
        return cls(len(days), float(median(days)), round(quantiles(days, n=10, method="inclusive")[8], 2))


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of one period: of the referrals received in it, whatever became of them since.

    `period` is "2026", "2026-11", or "" for all of it. `cells` has every name of `BREAKDOWNS` and `RECEIVED`;
    `quarantine` counts the messages that went there in the period, by cause.
    """

    period: str
    cells: Mapping[str, int]
    to_first_attempt: Spread
    to_contact: Spread
    quarantine: Mapping[Cause, int]


@dataclass(frozen=True, slots=True)
class Statistics:
    """All of it, as it is: for inside the office. `workload` is the open referrals by worker today, None unassigned."""

    since: date | None
    until: date | None
    total: Figures
    years: tuple[Figures, ...]
    months: tuple[Figures, ...]
    workload: Mapping[str | None, int]


def statistics_of(
    facts: Iterable[CountFacts],
    quarantined: Iterable[tuple[date, Cause]],
    since: date | None = None,
    until: date | None = None,
) -> Statistics:
    """The statistics of what was received, and of what went to quarantine, from `since` to `until` (both included)."""
    everything = tuple(facts)

    def inside(day: date) -> bool:
        return (since is None or day >= since) and (until is None or day <= until)

    chosen = [f for f in everything if inside(f.received_on)]
    causes = [(day, cause) for day, cause in quarantined if inside(day)]
    days = [f.received_on for f in chosen] + [day for day, _cause in causes]

    def periods(length: int) -> tuple[Figures, ...]:
        names = _names(min(days), max(days), length) if days else []
        return tuple(
            _figures(
                name,
                [f for f in chosen if f.received_on.isoformat()[:length] == name],
                [cause for day, cause in causes if day.isoformat()[:length] == name],
            )
            for name in names
        )

    return Statistics(
        since,
        until,
        _figures("", chosen, [cause for _day, cause in causes]),
        periods(4),
        periods(7),
        dict(Counter(f.worker for f in everything if _is_open(f))),
    )


def _names(first: date, last: date, length: int) -> list[str]:
    """Every year (`length` 4) or month (7) from one day to another: one without referrals is a zero, not a gap."""
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return list(dict.fromkeys(f"{month // 12:04d}-{month % 12 + 1:02d}"[:length] for month in months))


def _is_open(facts: CountFacts) -> bool:
    return facts.outcome is None and facts.closed_on is None


def _figures(period: str, facts: Sequence[CountFacts], causes: Sequence[Cause]) -> Figures:
    cells = Counter({name: 0 for names in BREAKDOWNS for name in names})
    cells[RECEIVED] = len(facts)
    for one in facts:
        cells[CONTACTED if one.contacted_on else NOT_CONTACTED] += 1
        cells[f"wish-{one.wish.value}" if one.wish else NO_WISH] += 1
        cells[CASE_OPENED if one.case_opened else NO_CASE] += 1
        cells[f"ended-{one.outcome.value}" if one.outcome else STILL_OPEN] += 1
    tried = [(f.first_attempt_on - f.received_on).days for f in facts if f.first_attempt_on]
    reached = [(f.contacted_on - f.received_on).days for f in facts if f.contacted_on]
    counted = Counter(causes)
    return Figures(
        period,
        dict(cells),
        Spread.of(tried),
        Spread.of(reached),
        {cause: counted[cause] for cause in Cause if counted[cause]},
    )


def hidden_of(
    total: int,
    cells: Mapping[str, int],
    groups: Sequence[Sequence[str]],
    alike: Sequence[tuple[str, str]] = (),
) -> frozenset[str]:
    """Which cells are hidden beside a total that is shown, when each group adds up to it.

    A cell below five is; and of a group with hidden cells always two at least, with something in them, so that the
    total tells of none of them what it is. A total below five hides everything.
    """
    if total < SMALLEST_SHOWN:
        return frozenset(cells)
    hidden = {name for name, count in cells.items() if count < SMALLEST_SHOWN}
    before = -1
    while before != len(hidden):
        before = len(hidden)
        for group in groups:
            gone = [name for name in group if name in hidden]
            left = [name for name in group if name not in hidden]
            while gone and left and (len(gone) < 2 or not sum(cells[name] for name in gone)):
                smallest = min(left, key=lambda name: cells[name])
                hidden.add(smallest)
                gone.append(smallest)
                left.remove(smallest)
        for one, other in alike:
            if one in hidden or other in hidden:
                hidden |= {one, other}
    return frozenset(hidden)


def told_of(
    total: int,
    cells: Mapping[str, int],
    groups: Sequence[Sequence[str]],
    alike: Sequence[tuple[str, str]] = (),
) -> dict[str, Told]:
    """The cells as they may be told beside their total; which are hidden is in `hidden_of`."""
    hidden = hidden_of(total, cells, groups, alike)
    told: dict[str, Told] = {name: _told(count) if name in hidden else count for name, count in cells.items()}
    if total < SMALLEST_SHOWN:
        return told
    for group in groups:
        gone = [name for name in group if name in hidden]
        shown = [cells[name] for name in group if name not in hidden]
        if not _may_be_told_apart([cells[name] for name in gone], shown):
            told |= dict.fromkeys(gone)
    return told


def _told(count: int) -> str | None:
    return HIDDEN if count < SMALLEST_SHOWN else None


def _may_be_told_apart(hidden: Sequence[int], shown: Sequence[int]) -> bool:
    """Whether saying which of these are small leaves each of those every value it could have without that.

    Their sum follows from the total. The large ones are five at least each, and the small ones four at most: beside
    5 in all, a large one would say that the small one is nil. Beside several small ones it would say that they all are,
    as else it would not have been hidden; and it is no larger than the smallest that is `shown`, nor stands after one
    as large.
    """
    large = sum(count >= SMALLEST_SHOWN for count in hidden)
    most, total = SMALLEST_SHOWN - 1, sum(hidden)
    if large:
        bounded = bool(shown) and large * min(shown) < total
        return len(hidden) - large == 1 and total >= large * SMALLEST_SHOWN + most and not bounded
    return total <= most * (len(hidden) - 1) and total not in shown


@dataclass(frozen=True, slots=True)
class Shared:
    """One line of what may leave the office. None stands for a cell that is left out, and for days of too few referrals."""

    period: str
    cells: Mapping[str, Told]
    to_first_attempt: tuple[float, float] | None = None
    to_contact: tuple[float, float] | None = None


def shareable(statistics: Statistics) -> tuple[Shared, ...]:
    """What may leave the office: each year, then its months with what was received in them; small cells hidden.

    A year's cells are those of `Figures`, then `quarantine-` and the cause, under their own total `quarantined`.
    """
    lines: list[Shared] = []
    for year in statistics.years:
        shown = _shared_year(year)
        lines.append(shown)
        months = {m.period: m for m in statistics.months if m.period.startswith(year.period)}
        received = _months({name: m.cells[RECEIVED] for name, m in months.items()})
        quarantined = _months({name: sum(m.quarantine.values()) for name, m in months.items()})
        whole = [
            name
            for group in BREAKDOWNS
            if _is_large(group, [shown.cells, *(m.cells for m in months.values())])
            for name in group
        ]
        for name, month in months.items():
            parts: dict[str, Told] = {part: month.cells[part] for part in whole}
            lines.append(Shared(name, {RECEIVED: received[name], **parts, "quarantined": quarantined[name]}))
    return tuple(lines)


def _is_large(group: Sequence[str], periods: Sequence[Mapping[str, Told]]) -> bool:
    """Whether nothing of a breakdown is hidden or small in any of these periods."""
    values = [cells[name] for cells in periods for name in group]
    return all(isinstance(value, int) and value >= SMALLEST_SHOWN for value in values)


def _months(counts: Mapping[str, int]) -> dict[str, Told]:
    """A year's months beside the year."""
    return told_of(sum(counts.values()), counts, [tuple(counts)] if len(counts) > 1 else [])


def _shared_year(year: Figures) -> Shared:
    received = year.cells[RECEIVED]
    parts = {name: count for name, count in year.cells.items() if name != RECEIVED}
    causes = {f"quarantine-{cause.value}": year.quarantine.get(cause, 0) for cause in Cause}
    quarantined = sum(causes.values())
    cells: dict[str, Told] = {RECEIVED: received if received >= SMALLEST_SHOWN else HIDDEN}
    cells |= told_of(received, parts, BREAKDOWNS, ALIKE)
    cells["quarantined"] = quarantined if quarantined >= SMALLEST_SHOWN else HIDDEN
    cells |= told_of(quarantined, causes, [tuple(causes)])
    return Shared(year.period, cells, _shared_days(year.to_first_attempt), _shared_days(year.to_contact))


def _shared_days(spread: Spread) -> tuple[float, float] | None:
    if spread.count < SMALLEST_SHOWN or spread.median is None or spread.ninth_decile is None:
        return None
    return spread.median, spread.ninth_decile
