"""Statistics as files and as JSON. What is counted and what is hidden is in `intake/figures.py`.

The JSON of `stats` is for inside the office and hides nothing; the CSV, and the numbers of the evidence, may leave it.
In the evidence's JSON null stands for a cell that was left out because a small one would follow from it.
"""

import csv
import io
from typing import Any

from intake.causes import Cause
from intake.figures import BREAKDOWNS, LEFT_OUT, RECEIVED, Figures, Shared, Spread, Statistics, shareable
from intake.paperwork.sheets import no_formula
from intake.paperwork.words import left_out_words

CELLS: tuple[str, ...] = (RECEIVED, *(name for names in BREAKDOWNS for name in names))
DAYS = ("days-to-first-attempt", "days-to-contact")


def statistics_json(statistics: Statistics) -> dict[str, Any]:
    """All numbers as they are; days are calendar days from receipt."""
    return {
        "from": statistics.since.isoformat() if statistics.since else None,
        "to": statistics.until.isoformat() if statistics.until else None,
        "total": _figures_json(statistics.total),
        "years": [_figures_json(figures) for figures in statistics.years],
        "months": [_figures_json(figures) for figures in statistics.months],
        "workload": [
            {"worker": worker, "open": count}
            for worker, count in sorted(statistics.workload.items(), key=lambda item: item[0] or "")
        ],
    }


def _figures_json(figures: Figures) -> dict[str, Any]:
    return {
        "period": figures.period or None,
        **{name: figures.cells[name] for name in CELLS},
        DAYS[0]: _spread_json(figures.to_first_attempt),
        DAYS[1]: _spread_json(figures.to_contact),
        "quarantine": {cause.value: count for cause, count in figures.quarantine.items()},
    }


def _spread_json(spread: Spread) -> dict[str, Any]:
    return {"count": spread.count, "median": spread.median, "ninth-decile": spread.ninth_decile}


def shared_json(statistics: Statistics) -> list[dict[str, Any]]:
    """What may leave the office, small cells as "<5", and null for what is left out because of them."""
    return [_line(line) for line in shareable(statistics)]


def _line(line: Shared) -> dict[str, Any]:
    values: dict[str, Any] = {"period": line.period, **line.cells}
    if len(line.period) == 4:
        for name, spread in zip(DAYS, (line.to_first_attempt, line.to_contact), strict=True):
            values[f"{name}-median"], values[f"{name}-ninth-decile"] = spread or (None, None)
    return values


def statistics_csv(statistics: Statistics) -> bytes:
    """RFC 4180, UTF-8: a line for each year and each month, small cells hidden.

    The columns bear codes, the same in every language. What a month does not tell is empty; `note` says of a line with
    cells that were left out what their mark means.
    """
    columns = [
        "period",
        *CELLS,
        *(f"{name}-{part}" for name in DAYS for part in ("median", "ninth-decile")),
        "quarantined",
        *(f"quarantine-{cause.value}" for cause in Cause),
        "note",
    ]
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\r\n")
    writer.writeheader()
    for line in shared_json(statistics):
        note = left_out_words() if None in line.values() else ""
        cells = {name: LEFT_OUT if value is None else str(value) for name, value in line.items()}
        writer.writerow({name: no_formula(text) for name, text in cells.items()} | {"note": note})
    return out.getvalue().encode()
