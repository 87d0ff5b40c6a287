"""A chart as a drawing of characters, in the colours of the theme. What is drawn is in `tui/charts.py`.

Bars are filled and the second series are triangles, so that they are told apart without colour as well.
"""

from rich.text import Text
from textual.color import Color
from textual_plotext import Plot, PlotextPlot

from intake.formats import show_number
from intake.plaintext import clean_line
from intake.texts import _
from tui.charts import Chart, cell, ticks

BAR, MARK = "█", "▲"
_FRAME = 3
"""Lines that the frame and the labels beneath it take."""
_LONGEST_LABEL = 34
_LABEL = 6
"""Cells for the label of a column, and what keeps it from the next."""

Rgb = tuple[int, int, int]


class ChartPlot(PlotextPlot):
    """Draws one chart as large as the widget is."""

    can_focus = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._chart: Chart | None = None

    def show(self, chart: Chart) -> None:
        """Draw this one from now on."""
        self._chart = chart
        self.refresh()

    def render(self) -> Text:
        """The drawing."""
        chart, (width, height) = self._chart, self.size
        if chart is None or chart.nothing or width < 20 or height < _FRAME + 2:
            return Text("")
        draw = _across if chart.across else _upright
        colours = self._colour("primary"), self._colour("accent"), self._colour("foreground")
        return Text.from_ansi(draw(chart, width, height, colours))

    def _colour(self, name: str) -> Rgb:
        return Color.parse(self.app.theme_variables[name]).rgb


def _plot(width: int, height: int, colour: Rgb) -> Plot:
    plot = Plot()
    plot.plotsize(width, height)
    plot.theme("clear")
    plot.ticks_color(colour)
    return plot


def _upright(chart: Chart, width: int, height: int, colours: tuple[Rgb, Rgb, Rgb]) -> str:
    """A column for each label."""
    plot = _plot(width, height, colours[2])
    count = len(chart.labels)
    places = range(1, count + 1)
    marks = ticks(max((v for series in chart.series for v in series.shown), default=0))
    bars, *above = chart.series
    if bars.shown:
        heights = [value if isinstance(value, int | float) else 0 for value in bars.values]
        plot.bar(list(places), heights, width=0.5, marker=BAR, color=colours[0])
    for series in above:
        points = [(at, v) for at, v in zip(places, series.values, strict=True) if isinstance(v, int | float)]
        if points:
            plot.scatter([at for at, _v in points], [v for _at, v in points], marker=MARK, color=colours[1])
    for at, value in zip(places, bars.values, strict=True):
        if isinstance(value, str):
            plot.text(value, at, marks[-1] / (height * 2), alignment="center", color=colours[2])
    every = max(1, -(-count * _LABEL // max(1, width - 8)))
    labelled: list[float] = [at for at in places if not (count - at) % every]
    plot.xticks(labelled, [chart.labels[int(at) - 1] for at in labelled])
    plot.yticks(list(marks), [show_number(mark) for mark in marks])
    plot.xlim(0.4, count + 0.6)
    plot.ylim(0, marks[-1])
    return str(plot.build()).rstrip("\n")


def _across(chart: Chart, width: int, height: int, colours: tuple[Rgb, Rgb, Rgb]) -> str:
    """A line for each label, the first one on top; those for which there is no room are counted beneath."""
    bars = chart.series[0]
    room = height - _FRAME
    fits = len(chart.labels) if len(chart.labels) <= room else room - 1
    left_out = len(chart.labels) - fits
    lines = 2 * fits - 1 if 2 * fits - 1 <= room - bool(left_out) else fits
    plot = _plot(width, lines + _FRAME, colours[2])
    # From below to above, one line each: the places of the bars are exactly those of the lines.
    values = bars.values[:fits][::-1]
    labels = [
        f"{clean_line(words)[: min(_LONGEST_LABEL, width // 2)]} {cell(value)}"
        for words, value in zip(chart.labels[:fits][::-1], values, strict=True)
    ]
    heights = [value if isinstance(value, int | float) else 0 for value in values]
    places: list[float] = [*range(1, fits + 1)]
    plot.bar(places, heights, orientation="horizontal", width=0.01, marker=BAR, color=colours[0])
    marks = ticks(max(bars.shown, default=0))
    plot.xticks(list(marks), [show_number(mark) for mark in marks])
    plot.yticks(places, labels)
    plot.xlim(0, marks[-1])
    plot.ylim(*((1, fits) if fits > 1 else (0.5, 1.5)))
    drawing = str(plot.build()).rstrip("\n")
    if left_out:
        drawing += "\n" + _("… and %(count)d more in the table (t)") % {"count": left_out}
    return drawing
