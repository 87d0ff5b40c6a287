"""The two lists of the board: their columns, rows, and what is told of the referral under the cursor.

What can be done on them is in `board.py`.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from rich.text import Text
from textual.content import Content

from intake.desk.reading import Line, urgency
from intake.formats import show_moment, show_name
from intake.plaintext import clean_line
from intake.texts import N_, _, ngettext
from intake.workdays import local_date
from tui.asks_board import Boarded, boarded
from tui.screens.listing import NOTHING, Tab
from tui.shown import LATE, consent_text, due_text, flag_text, late, name_text, person, plain, standing_text
from tui.shown_workers import worker_name
from tui.widgets.grid import Cells, Heading

UNASSIGNED, BY_WORKER = "unassigned", "by-worker"
_ROOMY = 90
"""From this many cells a list tells the municipality too."""
_STATES = 78
"""From this many cells whose is what is told with its state; below it the line at the foot tells it."""


class Shown(Protocol):
    """What the lists must know of the screen that they stand on."""

    @property
    def list_width(self) -> int:
        """The cells that the referrals have."""

    @property
    def late_style(self) -> str:
        """How what is overdue is drawn."""

    @property
    def masked(self) -> bool:
        """Whether the names of clients are hidden."""


def board_tabs(screen: Shown) -> tuple[Tab, ...]:
    """What is nobody's, the longest first; then whose is what."""

    def unassigned_rows(found: Boarded) -> Mapping[str, Cells]:
        return _unassigned_rows(found, screen)

    def assigned_rows(found: Boarded) -> Mapping[str, Cells]:
        return _assigned_rows(found, screen)

    return (
        Tab(
            UNASSIGNED,
            "n",
            N_("Unassigned"),
            N_("Every referral has a worker. Press w to see whose is what; Esc leads back to the worklist."),
            boarded,
            _unassigned_headings,
            unassigned_rows,
            _line_detail,
        ),
        Tab(
            BY_WORKER,
            "w",
            N_("By worker"),
            N_("No open referral is assigned yet. Press n to see what is nobody's."),
            boarded,
            _assigned_headings,
            assigned_rows,
            _line_detail,
        ),
    )


def listed(found: Boarded, code: str) -> list[Line]:
    """What belongs in the list of this tab."""
    free = code == UNASSIGNED
    return [line for line in found.board.lines if (line.referral.assigned_to is None) is free]


def _unassigned_headings(width: int) -> Sequence[Heading]:
    roomy = [Heading("municipality", _("Municipality"), 14, 1)] if width >= _ROOMY else []
    return [
        Heading("reference", _("Reference"), 11),
        Heading("name", _("Name"), 13, 2),
        *roomy,
        Heading("waits", _("Waits"), 11),
        Heading("due", _("Due"), 21),
    ]


def _unassigned_rows(found: Boarded, screen: Shown) -> Mapping[str, Cells]:
    lines = listed(found, UNASSIGNED)
    # Those who wait longest, and among them whoever is beyond the working day that assigning may take.
    lines.sort(key=lambda line: (not line.unclaimed, line.referral.received_at, line.referral.reference))
    roomy = screen.list_width >= _ROOMY
    rows: dict[str, Cells] = {}
    for line in lines:
        place = [_municipality(line)] if roomy else []
        waits = Text(_waits(line, found), style=screen.late_style if line.unclaimed else "")
        rows[line.referral.reference] = [
            line.referral.reference,
            _client_name(line, screen),
            *place,
            waits,
            _due(line, found, screen),
        ]
    return rows


def _assigned_headings(width: int) -> Sequence[Heading]:
    roomy = [Heading("municipality", _("Municipality"), 14, 1)] if width >= _ROOMY else []
    return [
        Heading("worker", _("Worker"), 12, 2),
        Heading("reference", _("Reference"), 11),
        Heading("name", _("Name"), 13, 3),
        *roomy,
        *([Heading("state", _("State"), 16)] if width >= _STATES else []),
        Heading("due", _("Due"), 21),
    ]


def _assigned_rows(found: Boarded, screen: Shown) -> Mapping[str, Cells]:
    names = {worker.account: worker_name(worker) for worker in found.board.workers}
    lines = listed(found, BY_WORKER)

    def whose(line: Line) -> str:
        account = line.referral.assigned_to or ""
        return names.get(account) or person(found.names, account)

    lines.sort(key=lambda line: (plain(person(found.names, line.referral.assigned_to)), urgency(line)))
    roomy = screen.list_width >= _ROOMY
    rows: dict[str, Cells] = {}
    for line in lines:
        place = [_municipality(line)] if roomy else []
        rows[line.referral.reference] = [
            whose(line),
            line.referral.reference,
            _client_name(line, screen),
            *place,
            *([standing_text(line.referral)] if screen.list_width >= _STATES else []),
            _due(line, found, screen),
        ]
    return rows


def _client_name(line: Line, screen: Shown) -> str:
    name = None if line.client is None else show_name(line.client)
    return name_text(name, masked=screen.masked)


def _due(line: Line, found: Boarded, screen: Shown) -> Text:
    is_late = late(line.referral, line.due_on, found.today)
    return Text(due_text(line.referral, line.due_on, found.today), style=screen.late_style if is_late else "")


def _municipality(line: Line) -> str:
    return clean_line((line.client.municipality if line.client else None) or "")


def _waits(line: Line, found: Boarded) -> str:
    days = (found.today - local_date(line.referral.received_at)).days
    said = ngettext("%(count)d day", "%(count)d days", days) % {"count": days} if days else _("today")
    return f"{LATE} {said}" if line.unclaimed else said


def _line_detail(found: Boarded, key: str | None) -> Content:
    line = next((line for line in found.board.lines if line.referral.reference == key), None)
    if line is None:
        return NOTHING
    referral = line.referral
    consent = _("consent") + " " + consent_text(referral.consent)
    parts = [referral.reference, standing_text(referral), consent]
    if line.client is not None and line.client.municipality:
        parts.append(_municipality(line))
    parts.append(_("received %(moment)s") % {"moment": show_moment(referral.received_at)})
    if referral.assigned_to is not None:
        parts.append(person(found.names, referral.assigned_to))
    parts += [flag_text(flag) for flag in referral.flags]
    return Content(" · ".join(parts))
