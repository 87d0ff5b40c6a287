"""What the screens with one list share: tabs, filter, table, what is told of the row under the cursor, loading.

A screen of this kind gives a `Tab` for each of its lists; what the desk is asked is said there too. Draws and asks;
decides nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from intake.desk import Desk
from intake.texts import N_, _
from storage.errors import Refusal
from tui import asks
from tui.commands import command
from tui.screens.base import IntakeScreen
from tui.shown import plain
from tui.widgets.bars import ScopeBar
from tui.widgets.grid import Cells, Grid, Heading
from tui.widgets.keybar import KeyBar
from tui.widgets.mailline import MailLine
from tui.widgets.storeline import StoreLine
from tui.widgets.titlebar import TitleBar

NOTHING = Content("")


@dataclass(frozen=True, slots=True)
class Tab:
    """One of a screen's lists.

    `ask` runs in the bridge's lane and must not draw; `rows` and `detail` draw from what it returned. `key` is the
    letter that chooses the tab, part of its words. `words` and `empty` are message ids. `counted` tells that the number of
    lines says something: that of settings does not.
    """

    code: str
    key: str
    words: str
    empty: str
    ask: Callable[[Desk], Any]
    headings: Callable[[int], Sequence[Heading]]
    rows: Callable[[Any], Mapping[str, Cells]]
    detail: Callable[[Any, str | None], Content] = lambda _found, _key: NOTHING
    counted: bool = True


class ListScreen(IntakeScreen):
    """A title, tabs when there are more than one, the table, the detail of its row, and the lines at the foot.

    Subclasses give `TITLE_WORDS` and `tabs()`, and may draw otherwise by `redraw`. `found` is what the desk answered
    last for the tab in front, None before.
    """

    TITLE_WORDS: ClassVar[str]
    AUTO_FOCUS = (
        ""  # Textual's would put the cursor in the filter while that is hidden, and a key would filter
    )
    GRID: ClassVar[type[Grid]] = Grid
    BINDINGS: ClassVar[list[BindingType]] = [
        command("slash", "filter", N_("Filter"), N_("Show only lines that hold what you type"), bar=True),
        command("escape", "back", N_("Back"), N_("Clear the filter, or back to the worklist"), bar=True),
    ]

    def __init__(self) -> None:
        super().__init__(classes="listing")
        self.tabs_by_code = {tab.code: tab for tab in self.tabs()}
        self.tab = next(iter(self.tabs_by_code.values()))
        self.me: asks.Me | None = None
        self.found: Any = None

    # -- what a screen of this kind is ------------------------------------------------------------------------------

    def tabs(self) -> Sequence[Tab]:
        """Its lists, the first one in front at the start."""
        raise NotImplementedError

    def empty_text(self) -> str:
        """What stands in the place of a list without lines: what to do next."""
        return _(self.tab.empty)

    def row_chosen(self, key: str) -> None:
        """Enter or a click on a row."""

    # -- drawing ----------------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield TitleBar(_(self.TITLE_WORDS))
        if len(self.tabs_by_code) > 1:
            yield ScopeBar(id="scopes")
        yield Input(id="filter", compact=True, placeholder=_("Filter: part of what stands in a line…"))
        yield from self.above()
        yield self.GRID(id="rows")
        empty = Static("", id="empty")
        empty.display = False
        yield empty
        with VerticalScroll(id="detail", can_focus=False):
            yield Static("", id="detail-text")
        yield StoreLine(id="store")
        yield MailLine(id="mail")
        yield KeyBar()

    def title_line(self) -> str:
        """What stands in the first line."""
        return _(self.TITLE_WORDS)

    @property
    def list_width(self) -> int:
        """The cells that the table has."""
        return self.size.width

    def above(self) -> ComposeResult:
        """What stands above the table besides; nothing on most screens."""
        yield from ()

    def on_mount(self) -> None:
        """Ask for the list."""
        self._show_filter(False)
        self.mailbox_changed(self.intake.mailbox)
        self.trouble_changed(self.intake.trouble)
        self.start_focus().focus()
        self._draw_tabs()
        self.load()

    def start_focus(self) -> Widget:
        """What has the cursor at the start."""
        return self.grid

    @property
    def grid(self) -> Grid:
        """The table."""
        return self.query_one("#rows", Grid)

    @property
    def current(self) -> str | None:
        """The key of the row under the cursor."""
        return self.grid.current

    @work(exclusive=True, group="load")
    async def load(self) -> None:
        """Ask the desk anew for the tab in front."""
        tab = self.tab

        def look(desk: Desk) -> tuple[asks.Me, Any]:
            return asks.me(desk), tab.ask(desk)

        try:
            me, found = await self.bridge.ask(look)
        except Refusal as error:
            self.intake.refuse(error)
            if self.found is None:
                self.leave()
            return
        if tab is self.tab:
            self.me, self.found = me, found
            self.redraw()

    def store_changed(self) -> None:
        """Look again."""
        self.load()

    def on_resize(self) -> None:
        """Other widths."""
        self.redraw()

    def redraw(self) -> None:
        """Draw what is known; the cursor stays on its row."""
        if self.me is None or self.found is None or not self.is_mounted:
            return
        self.query_one(TitleBar).show(self.title_line(), self.me.display_name)
        rows = self.tab.rows(self.found)
        words = plain(self.query_one("#filter", Input).value).split()
        if words:
            rows = {key: cells for key, cells in rows.items() if _holds(cells, words)}
        grid, empty = self.grid, self.query_one("#empty", Static)
        with self.app.batch_update():
            self._draw_tabs(len(rows))
            grid.show(self.tab.headings(self.list_width), rows, self.list_width)
            grid.display, empty.display = bool(rows), not rows
            if not rows:
                filtered = _("No line fits the filter. Press Esc to see all lines again.")
                empty.update(Content(filtered if words else self.own_keys_in(self.empty_text())))
        if rows and self.focused is None:
            grid.focus()
        self.draw_detail()

    def _draw_tabs(self, count: int | None = None) -> None:
        for bar in self.query(ScopeBar):
            tabs = [(tab.code, tab.key, _(tab.words)) for tab in self.tabs_by_code.values()]
            bar.show(tabs, self.tab.code, count if self.tab.counted else None)

    def draw_detail(self) -> None:
        """Tell of the row under the cursor."""
        if self.found is not None:
            content = self.tab.detail(self.found, self.current)
            self.query_one("#detail-text", Static).update(content)
            self.query_one("#detail").display = bool(content.plain)

    @on(Grid.Highlighted, "#rows")
    def _cursor_moved(self) -> None:
        self.draw_detail()

    @on(Grid.Selected, "#rows")
    def _chosen(self, event: Grid.Selected) -> None:
        event.stop()
        if event.key is not None:
            self.row_chosen(event.key)

    # -- doing ------------------------------------------------------------------------------------------------------

    def action_scope(self, code: str) -> None:
        """Another tab."""
        if code in self.tabs_by_code and code != self.tab.code:
            self.tab, self.found = self.tabs_by_code[code], None
            self._draw_tabs()
            self.load()

    def action_filter(self) -> None:
        """Open the filter."""
        self._show_filter(True)
        self.query_one("#filter", Input).focus()

    def _show_filter(self, shown: bool) -> None:
        """When a dialog closes above an empty list Textual focuses the first widget that can have it, seen or not."""
        box = self.query_one("#filter", Input)
        box.display = box.can_focus = shown

    @on(Input.Changed, "#filter")
    def _filter_changed(self) -> None:
        self.redraw()

    @on(Input.Submitted, "#filter")
    def _filter_done(self) -> None:
        self._show_filter(bool(self.query_one("#filter", Input).value))
        self.grid.focus()

    def action_back(self) -> None:
        """The filter away; without one back to the worklist."""
        box = self.query_one("#filter", Input)
        if box.display or box.value:
            box.value = ""
            self._show_filter(False)
            self.redraw()
            self.grid.focus()
            return
        self.leave()

    def leave(self) -> None:
        """Back to what was before."""
        if self.is_current:
            self.app.pop_screen()


def _holds(cells: Cells, words: Sequence[str]) -> bool:
    text = plain(" ".join(str(cell) for cell in cells))
    return all(word in text for word in words)
