"""What of the statistics is drawn and what stands in the table beside it: each chart as data. Draws nothing.

Inside the office all numbers stand as they are. In what may leave it (`shared`) small ones are hidden as in the CSV:
a hidden one has no height, and nothing of the drawing depends on it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from intake.causes import CAUSE_WORDS, Cause
from intake.figures import (
    BREAKDOWNS,
    CONTACTED,
    LEFT_OUT,
    RECEIVED,
    STILL_OPEN,
    Figures,
    Shared,
    Spread,
    Statistics,
    shareable,
)
from intake.figures import CASE_OPENED as CASES
from intake.formats import show_number
from intake.paperwork.words import cell_words, outcome_words
from intake.plaintext import clean_line
from intake.retention import Outcome
from intake.texts import _

MOST_MONTHS = 36
"""Beyond it years are drawn."""
NONE = "–"
_ENDED = (*(f"ended-{outcome.value}" for outcome in Outcome), STILL_OPEN)
_QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers in the order of the labels: None is nothing, and what is hidden is a text."""

    words: str
    values: tuple[float | str | None, ...]

    @property
    def shown(self) -> tuple[float, ...]:
        """Those that have a height."""
        return tuple(value for value in self.values if isinstance(value, int | float))


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing and its table, in the user's language. `across` draws the bars from left to right, one a line.

    With a second series, its marks stand above the bars. `note` says what is left out or how to read it.
    """

    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    across: bool = False
    note: str = ""

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(value for series in self.series for value in series.values)


def cell(value: float | str | None) -> str:
    """A number in Belgian form, what is hidden as it is, and a dash for nothing."""
    if value is None:
        return NONE
    return value if isinstance(value, str) else show_number(value)


def _month(period: str) -> str:
    """2026-11 as 11/2026, 2026 as it is."""
    year, dash, month = period.partition("-")
    return f"{month}/{year}" if dash else year


def _short(period: str) -> str:
    year, dash, month = period.partition("-")
    return f"{int(month)}/{year[2:]}" if dash else year


@dataclass(frozen=True, slots=True)
class _Line:
    """A period as either side has it."""

    period: str
    cells: Mapping[str, float | str | None]
    days: tuple[float | str | None, float | str | None]
    first: tuple[float | str | None, float | str | None]


def _own(figures: Figures) -> _Line:
    cells: dict[str, float | str | None] = dict(figures.cells)
    cells[_QUARANTINED] = sum(figures.quarantine.values())
    cells |= {f"quarantine-{cause.value}": figures.quarantine.get(cause, 0) for cause in Cause}
    return _Line(figures.period, cells, _spread(figures.to_contact), _spread(figures.to_first_attempt))


def _spread(spread: Spread) -> tuple[float | None, float | None]:
    return spread.median, spread.ninth_decile


def _shown(line: Shared) -> _Line:
    hidden = (LEFT_OUT, LEFT_OUT)
    cells = {name: LEFT_OUT if value is None else value for name, value in line.cells.items()}
    if len(line.period) > 4:  # days are told of a year alone
        return _Line(line.period, cells, (None, None), (None, None))
    return _Line(line.period, cells, line.to_contact or hidden, line.to_first_attempt or hidden)


def _lines(statistics: Statistics, *, shared: bool) -> tuple[list[_Line], list[_Line]]:
    """The years, and the months."""
    if not shared:
        return [_own(year) for year in statistics.years], [_own(month) for month in statistics.months]
    lines = [_shown(line) for line in shareable(statistics)]
    return [x for x in lines if len(x.period) == 4], [x for x in lines if len(x.period) > 4]


def intake(statistics: Statistics, names: Mapping[str, str], *, shared: bool) -> Chart:
    """What was received by month; beyond three years by year."""
    del names
    years, months = _lines(statistics, shared=shared)
    drawn = months if len(months) <= MOST_MONTHS else years
    columns = (RECEIVED, CONTACTED, CASES, _QUARANTINED)
    return Chart(
        title=_("Referrals received by month") if drawn is months else _("Referrals received by year"),
        labels=tuple(_short(line.period) for line in drawn),
        series=(Series(_("received"), tuple(line.cells[RECEIVED] for line in drawn)),),
        headings=(_("Period"), _("Received"), _("Contacted"), _("Case files"), _("Quarantine")),
        rows=tuple(
            (_month(line.period), *(cell(line.cells.get(name)) for name in columns))
            for line in (*months, *years)
        ),
        note=_("What a month does not tell may not leave the office.") if shared else "",
    )


def days(statistics: Statistics, names: Mapping[str, str], *, shared: bool) -> Chart:
    """Days from receipt to the first contact: the middle one, and within how many nine of ten were reached."""
    del names
    years, months = _lines(statistics, shared=shared)
    drawn = years if shared or len(months) > MOST_MONTHS else months
    return Chart(
        title=_("Days to contact by year") if drawn is years else _("Days to contact by month"),
        labels=tuple(_short(line.period) for line in drawn),
        series=(
            Series(_("half of them within"), tuple(line.days[0] for line in drawn)),
            Series(_("nine of ten within"), tuple(line.days[1] for line in drawn)),
        ),
        headings=(
            _("Period"),
            _("Contact: half"),
            _("Contact: 90%"),
            _("1st attempt: half"),
            _("1st attempt: 90%"),
        ),
        rows=tuple(
            (_month(line.period), *(cell(value) for value in (*line.days, *line.first)))
            for line in ((*months, *years) if drawn is months else years)
        ),
        note=_("Calendar days from receipt, of those that were reached."),
    )


def outcomes(statistics: Statistics, names: Mapping[str, str], *, shared: bool) -> Chart:
    """How they ended; in the table every count there is, with a column for each year."""
    del names
    years = _lines(statistics, shared=shared)[0]
    # In what may leave the office there is no total beside the years: it would tell what they hide.
    lines = years if shared else [_own(statistics.total), *years]
    drawn = (lines[-1] if shared else lines[0]) if lines else None
    known = [*_ENDED]
    if drawn is not None:
        known.sort(key=lambda name: -(value if isinstance(value := drawn.cells[name], int) else 0))
    cells = [RECEIVED, *(name for group in BREAKDOWNS for name in group), _QUARANTINED]
    cells += [
        name
        for name in (f"quarantine-{cause.value}" for cause in Cause)
        if any(line.cells.get(name) for line in lines)
    ]
    title = _("How they ended")
    return Chart(
        title=f"{title}: {drawn.period}" if shared and drawn is not None else title,
        labels=tuple(_outcome(name) for name in known) if drawn is not None else (),
        series=(Series(title, tuple(drawn.cells[name] for name in known)),) if drawn is not None else (),
        headings=(_("Count"), *(line.period or _("Total") for line in lines)),
        rows=tuple((_cell_words(name), *(cell(line.cells.get(name)) for line in lines)) for name in cells)
        if statistics.years
        else (),
        across=True,
        note=_("Of the referrals received in the period, whatever became of them since."),
    )


def _outcome(name: str) -> str:
    return cell_words(name) if name == STILL_OPEN else outcome_words(name.removeprefix("ended-"))


def _cell_words(name: str) -> str:
    kind, _dash, code = name.partition("-")
    if kind == "quarantine":
        return _("Quarantine: %(cause)s") % {"cause": _(CAUSE_WORDS[Cause(code)])}
    return cell_words(name)


def workload(statistics: Statistics, names: Mapping[str, str], *, shared: bool) -> Chart:
    """The open referrals of each worker today; for inside the office alone."""
    load = sorted(statistics.workload.items(), key=lambda item: (-item[1], item[0] or ""))
    if shared:
        load = []
    words = tuple(_("nobody") if who is None else clean_line(names.get(who, who)) for who, _count in load)
    return Chart(
        title=_("Open referrals of each worker now"),
        labels=words,
        series=(Series(_("open"), tuple(count for _who, count in load)),),
        headings=(_("Worker"), _("Open now")),
        rows=tuple((name, cell(count)) for name, (_who, count) in zip(words, load, strict=True)),
        across=True,
        note=_("What each worker has stays inside the office.") if shared else "",
    )


Maker = Callable[..., Chart]
CHARTS: dict[str, Maker] = {"intake": intake, "days": days, "outcomes": outcomes, "workload": workload}


def ticks(highest: float) -> Sequence[int]:
    """At most six whole numbers from 0 up to or beyond `highest`, at steps of 1, 2 or 5 times a power of ten."""
    step, factors = 1, (2, 2.5, 2)
    at = 0
    while step * 5 < highest:
        step = int(step * factors[at % 3])
        at += 1
    return range(0, step * (int(-(-highest // step)) or 1) + 1, step)


def day_name(day: date | None) -> str:
    """A day of a period in short, or an ellipsis where it has no bound."""
    return day.strftime("%d/%m/%Y") if day else "…"
