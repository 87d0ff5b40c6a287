"""The figures (P2): what came in, how quickly contact was made, how it ended, who works how much; drawn and as a table.

The numbers are those of the command `stats`. What is drawn of them is in `tui/charts.py`; nothing here is of one client.
"""

from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from intake.figures import LEFT_OUT
from intake.formats import show_moment
from intake.paperwork.words import left_out_words
from intake.texts import N_, _
from storage.errors import Refusal
from tui.asks_figures import Counted, Period, counted
from tui.charts import CHARTS, Chart, day_name
from tui.commands import command
from tui.dialogs.export import ExportDialog, Written
from tui.dialogs.period import PeriodDialog
from tui.screens.base import IntakeScreen
from tui.widgets.bars import ScopeBar
from tui.widgets.chart import BAR, MARK, ChartPlot
from tui.widgets.grid import Grid, Heading
from tui.widgets.keybar import KeyBar
from tui.widgets.mailline import MailLine
from tui.widgets.storeline import StoreLine
from tui.widgets.titlebar import TitleBar

WIDE = 112
"""From so many cells on drawing and table stand side by side."""
_TABS = (
    ("intake", "i", N_("Intake")),
    ("days", "d", N_("Days to contact")),
    ("outcomes", "u", N_("Outcomes")),
    ("workload", "w", N_("Workload")),
)


class FiguresScreen(IntakeScreen):
    """One chart at a time, of one period."""

    HELP = "figures"
    BINDINGS: ClassVar[list[BindingType]] = [
        command("t", "table", N_("Table"), N_("The numbers as a table, or the drawing again"), bar=True),
        command("p", "period", N_("Period"), N_("Choose the days of which the figures are"), bar=True),
        command(
            "h",
            "small",
            N_("Small ones"),
            N_("Hide numbers below five, as in what may leave the office"),
            bar=True,
        ),
        command(
            "e", "export", N_("Export"), N_("Write the figures to a CSV file, small numbers hidden"), bar=True
        ),
        command("escape", "back", N_("Back"), N_("Back to the worklist"), bar=True),
        command(
            "v,left",
            "move(-1)",
            N_("A year earlier"),
            N_("The same period of the year before"),
            name="earlier",
        ),
        command(
            "l,right", "move(1)", N_("A year later"), N_("The same period of the year after"), name="later"
        ),
        command("r", "renew", N_("Count anew"), N_("The figures as they are now")),
        *(command(key, f"scope('{code}')", words, "") for code, key, words in _TABS),
    ]

    def __init__(self) -> None:
        super().__init__(classes="figures")
        self.tab = "intake"
        self.table = False
        self.shared = False
        self.found: Counted | None = None
        self._wanted: Period | None = None

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield TitleBar(_("Figures"))
        yield ScopeBar(id="scopes")
        yield Static(Content(_("Counting…")), id="period")
        yield Static("", id="chart-title")
        with Horizontal(id="body"):
            yield ChartPlot(id="plot")
            yield Grid(id="rows")
        empty = Static("", id="empty")
        empty.display = False
        yield empty
        yield Static("", id="legend")
        yield StoreLine(id="store")
        yield MailLine(id="mail")
        yield KeyBar()

    def on_mount(self) -> None:
        """Count."""
        self.mailbox_changed(self.intake.mailbox)
        self.trouble_changed(self.intake.trouble)
        self.query_one(Grid).display = False
        self._draw_tabs()
        self.load()

    @work(exclusive=True, group="load")
    async def load(self) -> None:
        """Ask the desk; what was shown stays until there is an answer."""
        wanted = self._wanted
        self.query_one("#period", Static).update(Content(_("Counting…")))
        try:
            self.found = await self.bridge.ask(lambda desk: counted(desk, wanted))
        except Refusal as error:
            self.intake.refuse(error)
            if self.found is None:
                self.action_back()
        self.redraw()

    # -- drawing ----------------------------------------------------------------------------------------------------

    @property
    def chart(self) -> Chart | None:
        """What is drawn; None before anything was counted."""
        if self.found is None:
            return None
        return CHARTS[self.tab](self.found.statistics, self.found.names, shared=self.shared)

    def on_resize(self) -> None:
        """Side by side, or one of both."""
        self.redraw()

    def redraw(self) -> None:
        """Draw what was counted last."""
        chart = self.chart
        if chart is None or self.found is None or not self.is_mounted:
            return
        self.query_one(TitleBar).show(_("Figures"), self.found.me.display_name)
        wide = self.size.width >= WIDE
        plot, grid, empty = self.query_one(ChartPlot), self.query_one(Grid), self.query_one("#empty", Static)
        with self.app.batch_update():
            self._draw_tabs()
            self.query_one("#period", Static).update(self._period_line())
            self.query_one("#chart-title", Static).update(Content.styled(chart.title, "bold"))
            self.query_one("#body").display = bool(chart.rows)
            plot.display = (wide or not self.table) and not chart.nothing
            grid.display = wide or self.table or chart.nothing
            plot.show(chart)
            columns = _headings(chart)
            width = self.size.width - 2
            beside = wide and plot.display
            if beside:
                width = min(sum(column.width for column in columns) + 3, self.size.width * 3 // 5)
            grid.styles.width = width if beside else "1fr"
            rows = {
                str(number): (
                    row[0],
                    *(text.rjust(len(w)) for text, w in zip(row[1:], chart.headings[1:], strict=True)),
                )
                for number, row in enumerate(chart.rows)
            }
            grid.show(columns, rows, width)
            empty.display = not chart.rows
            empty.update(Content(self._nothing(chart)))
            self.query_one("#legend", Static).update(self._legend(chart, plot_shown=plot.display))
        if grid.display and chart.rows:
            grid.focus()
        else:
            self.set_focus(None)

    def _draw_tabs(self) -> None:
        tabs = [(code, key, _(words)) for code, key, words in _TABS]
        self.query_one(ScopeBar).show(tabs, self.tab, None)

    def _period_line(self) -> Content:
        assert self.found is not None
        period = self.found.period
        told = (
            _("⊘ small numbers hidden, as they may leave the office")
            if self.shared
            else _("● all numbers, for inside the office")
        )
        when = _("counted on %(moment)s") % {"moment": show_moment(self.found.at)}
        days = f"{day_name(period.since)} – {day_name(period.until)}"
        line = Content.styled(days, "bold") + Content(f" · {told}")
        return line + Content.styled(f" · {when}", "dim") if self.size.width >= WIDE else line

    def _nothing(self, chart: Chart) -> str:
        if self.tab == "workload":
            return chart.note or _("No referral is open now.")
        return _("Nothing came in in this period. Press p for another period, or Esc to go back.")

    def _legend(self, chart: Chart, *, plot_shown: bool) -> Content:
        parts = []
        if plot_shown and len(chart.series) > 1:
            signs = (BAR, MARK)
            parts = [f"{sign} {series.words}" for sign, series in zip(signs, chart.series, strict=True)]
        if chart.rows and chart.note:
            parts.append(chart.note)
        if any(LEFT_OUT in row for row in chart.rows):
            parts.append(left_out_words())
        return Content("  ".join(parts))

    # -- doing ------------------------------------------------------------------------------------------------------

    def action_scope(self, code: str) -> None:
        """Another chart."""
        if code in CHARTS:
            self.tab = code
            self.redraw()

    def action_table(self) -> None:
        """The table, or the drawing; on a wide screen both stand there anyway."""
        self.table = not self.table
        self.redraw()
        if self.size.width >= WIDE:
            self.intake.say(_("On a wide screen the table stands beside the drawing."))

    def action_small(self) -> None:
        """Small numbers hidden, or shown again."""
        self.shared = not self.shared
        self.redraw()

    def action_renew(self) -> None:
        """Count anew."""
        self.load()

    def action_move(self, years: int) -> None:
        """The same days of another year."""
        if self.found is None:
            return
        moved = self.found.period.moved(years)
        if moved == self.found.period:
            self.intake.say(_("This period has no first and last day; choose one with p."))
            return
        self._wanted = moved
        self.load()

    def action_period(self) -> None:
        """Choose the days."""
        if self.found is None:
            return

        async def send(period: Period) -> None:
            self.found = await self.bridge.ask(lambda desk: counted(desk, period))
            self._wanted = period

        def chosen(period: Period | None) -> None:
            if period is not None:
                self.redraw()

        dialog = PeriodDialog(send, self.found.period, today=self.found.today)
        self.app.push_screen(dialog, chosen)

    def action_export(self) -> None:
        """Write what may leave the office."""
        if self.found is None:
            return
        statistics = self.found.statistics

        async def send(file: Path) -> None:
            await self.bridge.ask(lambda desk: desk.papers.statistics_file(statistics, file))

        def done(file: Path | None) -> None:
            if file is not None:
                self.intake.say(_("The figures are written; the export is in the log."))

        written = Written(
            _("Export the figures"),
            _(
                "Each year and month of the period as a line of CSV, for a spreadsheet. Numbers below five are hidden, "
                "and with them as many others as would tell them. The export is logged. (P2)"
            ),
            _("figures-%(day)s.csv") % {"day": self.found.today.isoformat()},
        )
        self.app.push_screen(ExportDialog(send, written, folder=Path.home()), done)

    def action_back(self) -> None:
        """Back to the worklist."""
        if self.is_current:
            self.app.pop_screen()


def _headings(chart: Chart) -> list[Heading]:
    first, *others = chart.headings
    widest = max((len(row[0]) for row in chart.rows), default=8)
    return [
        Heading("0", first, min(34, max(len(first), widest) + 2), 0),
        *(Heading(str(n), words, max(9, min(len(words) + 2, 28))) for n, words in enumerate(others, 1)),
    ]
