"""The board of team leads: what is nobody's yet, whose is what, and how much work each colleague has.

The columns and rows of its lists are in `board_tabs.py`.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from intake.desk.reading import Line
from intake.texts import N_, _
from tui.asks_board import Boarded
from tui.assigning import Outcome, assign, spread, take_back
from tui.commands import command
from tui.opening import open_with_reason
from tui.screens.board_tabs import board_tabs, listed
from tui.screens.listing import ListScreen, Tab
from tui.screens.referral import ReferralScreen
from tui.shown_workers import worker_detail
from tui.widgets.bars import ScopeBar
from tui.widgets.grid import Grid
from tui.widgets.keybar import KeyBar
from tui.widgets.mailline import MailLine
from tui.widgets.selectable import SelectableGrid, chosen_text
from tui.widgets.storeline import StoreLine
from tui.widgets.titlebar import TitleBar
from tui.widgets.workerpane import WorkerGrid, WorkerPane

SIDE_BY_SIDE = 116
"""From this many cells the colleagues stand at the right of the referrals."""


class BoardGrid(SelectableGrid):
    """Referrals by reference."""

    BINDINGS: ClassVar[list[BindingType]] = [
        command(
            "space", "choose", N_("Pick"), N_("Choose this line, or no longer; then to the next"), bar=True
        ),
        command("enter", "select", N_("Open it"), N_("Open the referral under the cursor")),
    ]


class BoardScreen(ListScreen):
    """Referrals at the left or above, colleagues at the right or below."""

    HELP = "board"
    TITLE_WORDS = N_("Assigning")
    GRID = BoardGrid
    BINDINGS: ClassVar[list[BindingType]] = [
        command(
            "a",
            "assign",
            N_("Assign"),
            N_("Give what is chosen, or under the cursor, to a colleague"),
            bar=True,
        ),
        command("v", "propose", N_("Propose"), N_("Spread what is nobody's over who is present"), bar=True),
        command("u", "undo", N_("Undo"), N_("Take back the last assignment made here"), bar=True),
        command("n", "scope('unassigned')", N_("Unassigned referrals"), N_("What has no worker yet")),
        command("w", "scope('by-worker')", N_("By worker"), N_("What is assigned, colleague by colleague")),
        # Of the keys that every screen has this one gives way in the bar; it works, and is in the palette.
        command("f2", "app.menu", N_("Go to"), N_("All screens, to choose from")),
        command("slash", "filter", N_("Filter"), N_("Show only lines that hold what you type")),
        command("escape", "back", N_("Back"), N_("Choose none, clear the filter, or back to the worklist")),
    ]

    def tabs(self) -> Sequence[Tab]:
        """What is nobody's, the longest first; then whose is what."""
        return board_tabs(self)

    @property
    def masked(self) -> bool:
        """Whether the names of clients are hidden."""
        return self.intake.masked

    @property
    def late_style(self) -> str:
        """How what is overdue is drawn."""
        colour = self.app.theme_variables.get("error", "")
        return f"bold {colour}".strip()

    # -- drawing ----------------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """From top to bottom; the two panes beside or above each other."""
        yield TitleBar(_(self.TITLE_WORDS))
        yield ScopeBar(id="scopes")
        yield Input(id="filter", compact=True, placeholder=_("Filter: part of what stands in a line…"))
        with Container(id="panes"):
            with Vertical(id="left"):
                yield BoardGrid(id="rows")
                empty = Static("", id="empty")
                empty.display = False
                yield empty
            yield WorkerPane(id="right")
        with VerticalScroll(id="detail", can_focus=False):
            yield Static("", id="detail-text")
        yield StoreLine(id="store")
        yield MailLine(id="mail")
        yield KeyBar()

    def on_mount(self) -> None:
        """Before the rows are there the board is no less than its frame."""
        self.add_class("board")
        self._place_panes()

    def on_resize(self) -> None:
        """Beside each other where there is room."""
        self._place_panes()

    def _place_panes(self) -> None:
        self.set_class(self.beside, "-beside")

    @property
    def beside(self) -> bool:
        """Whether the two panes stand beside each other."""
        return self.size.width >= SIDE_BY_SIDE

    @property
    def workers_width(self) -> int:
        """The cells that the colleagues have."""
        width = self.size.width
        return max(50, width * 40 // 100) if self.beside else width

    @property
    def list_width(self) -> int:
        """The cells that the referrals have."""
        width = self.size.width
        return width - self.workers_width if self.beside else width

    @property
    def boxes(self) -> BoardGrid:
        """The referrals' table."""
        return self.query_one("#rows", BoardGrid)

    @property
    def people(self) -> WorkerGrid:
        """The colleagues' table."""
        return self.query_one(WorkerPane).grid

    def title_line(self) -> str:
        """With how many are chosen."""
        return " · ".join(part for part in (_(self.TITLE_WORDS), chosen_text(self.boxes)) if part)

    def redraw(self) -> None:
        """Both panes."""
        found = self.found
        if isinstance(found, Boarded) and self.is_mounted:
            # What is gone, or in the other list now, is chosen no more.
            self.boxes.keep({line.referral.reference for line in listed(found, self.tab.code)})
            self.query_one(WorkerPane).show(
                found.board.workers,
                found.names,
                self.workers_width,
                narrow=self.beside,
                late=self.late_style,
            )
        super().redraw()
        self._choice_changed()  # which of those chosen a filter hides is known only now

    def draw_detail(self) -> None:
        """Of what has the cursor: a referral, or a colleague."""
        if isinstance(self.found, Boarded) and self.focused is self.people:
            account = self.people.current
            worker = next((one for one in self.found.board.workers if one.account == account), None)
            if worker is not None:
                told = " · ".join(worker_detail(worker, self.found.names))
                self.query_one("#detail-text", Static).update(Content(told))
                self.query_one("#detail").display = True
                return
        super().draw_detail()

    def on_descendant_focus(self) -> None:
        """The other pane: tell of what is there."""
        self.draw_detail()

    @on(Grid.Highlighted, "#workers")
    def _worker_highlighted(self) -> None:
        self.draw_detail()

    @on(SelectableGrid.Changed)
    def _choice_changed(self) -> None:
        if self.me is not None and self.is_mounted:
            self.query_one(TitleBar).show(self.title_line(), self.me.display_name)

    # -- doing ------------------------------------------------------------------------------------------------------

    def action_back(self) -> None:
        """What is chosen first, then the filter, then the screen."""
        if self.boxes.chosen and not isinstance(self.focused, Input):
            self.boxes.drop(self.boxes.chosen)
            return
        super().action_back()

    def row_chosen(self, key: str) -> None:
        """Open the referral."""
        self._open(key)

    @work(exclusive=True, group="open")
    async def _open(self, reference: str) -> None:
        opened = await open_with_reason(self.intake, reference)
        if opened is not None:
            self.app.push_screen(ReferralScreen(*opened))

    def action_assign(self) -> None:
        """Give what is chosen, or under the cursor, to a colleague."""
        self._assign_to(None)

    @on(Grid.Selected, "#workers")
    def _worker_chosen(self, event: Grid.Selected) -> None:
        event.stop()
        self._assign_to(event.key)

    def _assign_to(self, worker: str | None) -> None:
        lines = self._lines(self.boxes.chosen or ((self.current,) if self.current else ()))
        if not lines:
            self.intake.say(_("Choose a referral first, with the space bar."), bad=True)
            return
        self._assign(lines, worker)

    @work(exclusive=True, group="assign")
    async def _assign(self, lines: list[Line], worker: str | None) -> None:
        self._after(await assign(self.intake, lines, self.found.names, worker))

    def action_propose(self) -> None:
        """Spread those chosen, or all that are nobody's, over who is present."""
        found = self.found
        if not isinstance(found, Boarded):
            return
        free = [line for line in found.board.lines if line.referral.assigned_to is None]
        chosen = set(self.boxes.chosen)
        lines = [line for line in free if line.referral.reference in chosen] or free
        if not lines:
            self.intake.say(_("Every referral has a worker; there is nothing to propose."))
            return
        self._spread(lines, found)

    @work(exclusive=True, group="assign")
    async def _spread(self, lines: list[Line], found: Boarded) -> None:
        self._after(await spread(self.intake, lines, found.names, found.board.workers))

    def _after(self, outcome: Outcome) -> None:
        if outcome.made is not None:
            self.intake.assigned.append(outcome.made)
            self.boxes.drop(outcome.made.versions)
        elif outcome.stale is not None:
            # The others stay chosen; what the colleague did is shown.
            self.boxes.drop([outcome.stale])
        else:
            return
        self.load()

    def action_undo(self) -> None:
        """Take back the last assignment made here."""
        if not self.intake.assigned:
            self.intake.say(_("There is no assignment of yours to take back."), bad=True)
        elif isinstance(self.found, Boarded):
            self._undo(self.found.names)

    @work(exclusive=True, group="assign")
    async def _undo(self, names: Mapping[str, str]) -> None:
        made = self.intake.assigned[-1]
        if await take_back(self.intake, made, names):
            self.intake.assigned.remove(made)
        self.load()

    def _lines(self, references: Sequence[str]) -> list[Line]:
        if not isinstance(self.found, Boarded):
            return []
        lines = {line.referral.reference: line for line in self.found.board.lines}
        return [lines[key] for key in references if key in lines]
