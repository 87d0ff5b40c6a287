"""The colleagues with their work, as a table; who is absent stands in it, or beneath it where it is narrow."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from intake.desk.assigning import Worker
from intake.plaintext import clean_line
from intake.texts import N_, _
from intake.workload import LATELY_DAYS
from tui.commands import command
from tui.shown_workers import absence, absence_words, bar, most_open, overdue, worker_name
from tui.widgets.grid import Grid, Heading

_BAR_CELLS = 6


class WorkerGrid(Grid):
    """Colleagues by account."""

    BINDINGS: ClassVar[list[BindingType]] = [
        command(
            "enter",
            "select",
            N_("Give"),
            N_("Assign what is chosen to this colleague"),
            bar=True,
        ),
    ]


class WorkerPane(Vertical):
    """The table `workers` and the absences."""

    def compose(self) -> ComposeResult:
        """One above the other."""
        yield WorkerGrid(id="workers")
        yield Static("", id="absences")

    @property
    def grid(self) -> WorkerGrid:
        """The table."""
        return self.query_one(WorkerGrid)

    def show(
        self, workers: Sequence[Worker], names: Mapping[str, str], width: int, *, narrow: bool, late: str
    ) -> None:
        """Draw them in `width` cells; `narrow` leaves no column for absences, `late` is the style of what is overdue."""
        headings = [
            Heading("worker", _("Worker"), 14, 2),
            Heading("open", _("Open"), _BAR_CELLS + 5),
            Heading("overdue", _("Late"), 7),
            Heading("to-try", _("To try"), 7),
            Heading("lately", _("%(days)d days") % {"days": LATELY_DAYS}, 8),
        ]
        if not narrow:
            headings.append(Heading("absent", _("Absent until"), 24, 1))
        most = most_open(workers)
        rows: dict[str, list[str | Text]] = {}
        for worker in workers:
            load = worker.load
            rows[worker.account] = [
                worker_name(worker),
                f"{bar(load.open, most, _BAR_CELLS):<{_BAR_CELLS}} {load.open}",
                Text(overdue(worker), style=late),
                str(load.to_try or ""),
                f"+{load.lately}" if load.lately else "",
                *([] if narrow else [absence(worker, names)]),
            ]
        self.grid.show(headings, rows, width)
        away = [
            f"{clean_line(worker.user.display_name)}: {absence_words(worker, names)}"
            for worker in workers
            if worker.absent_until
        ]
        absences = self.query_one("#absences", Static)
        absences.display = narrow and bool(away)
        absences.update(Content("\n".join(away)))
