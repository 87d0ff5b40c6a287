"""The worklist: which referrals there are, what is urgent, and the way into each."""

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Center, Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from intake.desk.reading import Line, Scope
from intake.formats import show_moment
from intake.plaintext import clean_line
from intake.staff import ROLE_WORDS, Right, Role
from intake.texts import N_, _, ngettext
from storage.errors import Refusal
from tui import asks
from tui.assigning import assign
from tui.choosing import Choosing
from tui.commands import command
from tui.opening import open_with_reason
from tui.screens.base import IntakeScreen
from tui.screens.referral import ReferralScreen
from tui.seen import MARK_GLYPHS, MARK_WORDS, Mark, Seen
from tui.shown import consent_text, discard_text
from tui.widgets.bars import CountBar, ScopeBar
from tui.widgets.grid import Grid
from tui.widgets.keybar import KeyBar
from tui.widgets.linepane import PANE_FROM, PANE_WIDTH, LinePane
from tui.widgets.mailline import MailLine
from tui.widgets.selectable import SelectableGrid, chosen_text
from tui.widgets.storeline import StoreLine
from tui.widgets.titlebar import TitleBar
from tui.widgets.worktable import COLUMNS as ALL_COLUMNS
from tui.widgets.worktable import Drawing, WorkTable, columns_for

FIRST_LOOK = 200
"""Of how many referrals the clients are looked up before anything is shown."""

_SCOPES: tuple[tuple[Scope, str, str], ...] = (
    (Scope.OPEN, "o", N_("Open")),
    (Scope.MINE, "i", N_("Mine")),
    (Scope.UNASSIGNED, "n", N_("Unassigned")),
    (Scope.CLOSED, "l", N_("Closed")),
)
_EMPTY: dict[Scope, str] = {
    Scope.OPEN: N_("No open referrals. New ones appear by themselves after a poll; p polls the mailbox now."),
    Scope.MINE: N_("Nothing is assigned to you. Press n to see what is unassigned, or o for all open ones."),
    Scope.UNASSIGNED: N_("Every referral has a worker. Press o to see all open ones."),
    Scope.CLOSED: N_("No closed referrals are kept. Press o to see the open ones."),
}


class WorklistScreen(IntakeScreen):
    """The first screen after signing in."""

    HELP = "worklist"
    BINDINGS: ClassVar[list[BindingType]] = [
        command("slash", "filter", N_("Filter"), N_("Show only lines that hold what you type"), bar=True),
        command("s", "sort", N_("Sort"), N_("Sort by the next column")),
        command("p", "poll", N_("Poll"), N_("Fetch new referrals from the mailbox now"), bar=True),
        command("S", "backwards", N_("Turn order round"), N_("Sort the other way round")),
        command("f", "next_state", N_("Next state"), N_("Show one state at a time")),
        command("o", "scope('open')", N_("Open referrals"), N_("All referrals with work to do")),
        command("i", "scope('mine')", N_("My referrals"), N_("What is assigned to you")),
        command("n", "scope('unassigned')", N_("Unassigned referrals"), N_("What has no worker yet")),
        command("l", "scope('closed')", N_("Closed referrals"), N_("What is closed and not yet discarded")),
        command("a", "assign", N_("Assign"), N_("Give what is chosen, or under the cursor, to a colleague")),
        command("escape", "clear", N_("Clear filter"), N_("Show all lines again"), palette=False),
    ]

    def __init__(self) -> None:
        super().__init__(classes="worklist")
        self._listed: asks.Listed | None = None
        self._scope = Scope.OPEN
        self._choice = Choosing()
        self._seen: Seen | None = None

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield TitleBar(_("Worklist"))
        yield ScopeBar(id="scopes")
        yield CountBar(id="counts")
        yield Input(id="filter", compact=True, placeholder=_("Filter: part of a name, reference, state…"))
        with Horizontal(id="panes"):
            yield WorkTable(id="table")
            with Center(id="empty"), Vertical():
                yield Static("", id="empty-text")
            yield LinePane(id="pane")
        yield Static("", id="peek")
        yield StoreLine(id="store")
        yield MailLine(id="mail")
        yield KeyBar()

    def on_mount(self) -> None:
        """Ask for the lines."""
        self.query_one("#filter").display = False
        self.query_one("#empty").display = False
        self.mailbox_changed(self.intake.mailbox)
        self.trouble_changed(self.intake.trouble)
        self.query_one(WorkTable).focus()
        self._recall()
        self._draw_scopes(None)
        self._load()

    def _recall(self) -> None:
        """The list as the user left it on this workstation."""
        kept = self.intake.preferences
        self._scope = next((scope for scope, _key, _words in _SCOPES if scope == kept.scope), Scope.OPEN)
        if any(column.key == kept.sorted_by for column in ALL_COLUMNS):
            self._choice.sorted_by, self._choice.backwards = kept.sorted_by, kept.backwards

    # -- getting ----------------------------------------------------------------------------------------------------

    @work(exclusive=True, group="worklist")
    async def _load(self) -> None:
        # The first look shows at once what stands on the screen, and the rest as soon as it is there.
        first = FIRST_LOOK if self._listed is None else None
        try:
            listed = await self.bridge.ask(partial(asks.listed, scope=self._scope, first=first))
            self._look_at(listed)
            if not listed.whole:
                await self._painted()
                self._look_at(await self.bridge.ask(partial(asks.listed, scope=self._scope)))
        except Refusal as error:
            self.intake.refuse(error)

    def _look_at(self, listed: asks.Listed) -> None:
        if self._seen is None:
            self._seen = Seen(listed.me.name, self.intake.preferences.seen)
        self._seen.look(line.referral for line in listed.lines)
        self._listed = listed
        self.redraw()

    def leaving(self) -> None:
        """What is on the list counts as seen the next time."""
        if self._seen is not None:
            self.intake.prefer(seen=self._seen.at_leaving())

    def _mark(self, line: Line) -> Mark | None:
        return self._seen.mark(line.referral) if self._seen is not None else None

    async def _painted(self) -> None:
        """Wait until what was drawn is on the screen."""
        painted = asyncio.Event()
        if self.call_after_refresh(painted.set):
            await painted.wait()

    def store_changed(self) -> None:
        """Look again."""
        self._load()

    # -- drawing ----------------------------------------------------------------------------------------------------

    def on_resize(self) -> None:
        """Other columns may fit."""
        self.redraw()

    def redraw(self) -> None:
        """Draw what is known, with filter and order."""
        listed = self._listed
        if listed is None or not self.is_mounted:
            return
        self._offer_boxes(listed)
        self._draw_scopes(len(listed.lines))
        drawing = self._drawing(listed)
        self._draw_counts(listed, drawing)
        typed, columns = self.query_one("#filter", Input).value, columns_for(self._list_width)
        lines = self._choice.lines(listed, typed, drawing, columns)
        table = self.query_one(WorkTable)
        with self.app.batch_update():
            table.draw(lines, drawing, self._list_width, self._choice.sorted_by, self._choice.backwards)
            table.display = bool(lines)
            empty = self.query_one("#empty")
            empty.display = not lines
            if not lines:
                self.query_one("#empty-text", Static).update(Content(self._why_empty()))
        if lines and self.focused is None:
            table.focus()
        self._draw_title()
        self._draw_peek()
        self.refresh_bindings()

    def offers(self, name: str) -> bool:
        """Opening and polling are for those whose role includes them."""
        needed = {"select": Right.READ, "poll": Right.POLL}.get(name)
        return needed is None or self._listed is None or needed in self._listed.me.rights

    @property
    def _list_width(self) -> int:
        """What the pane beside the list leaves of the screen."""
        return self.size.width - (PANE_WIDTH if self.size.width >= PANE_FROM else 0)

    def _drawing(self, listed: asks.Listed) -> Drawing:
        colour = self.app.theme_variables.get("error", "")
        return Drawing(
            listed.names, listed.today, self.intake.masked, f"bold {colour}".strip(), mark=self._mark
        )

    def _draw_scopes(self, count: int | None) -> None:
        scopes = [(scope.value, key, _(words)) for scope, key, words in _SCOPES]
        self.query_one(ScopeBar).show(scopes, self._scope.value, count)

    def _draw_counts(self, listed: asks.Listed, drawing: Drawing) -> None:
        counts = self._choice.counts(listed, drawing)
        self.query_one(CountBar).show(counts, self._choice.only)

    def _why_empty(self) -> str:
        if self.query_one("#filter", Input).value or self._choice.only:
            return _("No line fits the filter. Press Esc to see all lines again.")
        return self.own_keys_in(_(_EMPTY[self._scope]))

    def _line(self) -> Line | None:
        reference = self.query_one(WorkTable).current
        if self._listed is None or reference is None:
            return None
        return next((line for line in self._listed.lines if line.referral.reference == reference), None)

    def _draw_peek(self) -> None:
        line = self._line()
        peek, pane = self.query_one("#peek"), self.query_one(LinePane)
        pane.display = self.size.width >= PANE_FROM and bool(self.query_one(WorkTable).row_count)
        peek.display = not pane.display
        if pane.display and self._listed is not None:
            mark = None if line is None else self._mark(line)
            pane.show(line, self._listed, mark, masked=self.intake.masked)
        parts: list[str] = []
        if line is not None:
            referral = line.referral
            parts = [referral.reference, _("consent") + " " + consent_text(referral.consent)]
            if mark := self._mark(line):
                words = _(MARK_WORDS[mark])
                parts.append(f"{MARK_GLYPHS[mark]} {words}")
            if line.client is not None and line.client.municipality:
                parts.append(clean_line(line.client.municipality))
            parts.append(_("received %(moment)s") % {"moment": show_moment(referral.received_at)})
            if referral.flags:
                parts.append(
                    ngettext("⚑ %(count)d remark", "⚑ %(count)d remarks", len(referral.flags))
                    % {"count": len(referral.flags)}
                )
            if line.discard is not None:
                day = discard_text(line.discard)
                parts.append(_("discard %(day)s") % {"day": day})
        self.query_one("#peek", Static).update(Content(" · ".join(parts)), layout=False)

    @on(Grid.Highlighted)
    def _cursor_moved(self) -> None:
        self._draw_peek()

    # -- choosing what is shown -------------------------------------------------------------------------------------

    def action_scope(self, code: str) -> None:
        """Another scope."""
        self._scope = Scope(code)
        self._choice.only = None
        self.intake.prefer(scope=code)
        self._draw_scopes(None)
        self._load()

    def action_only(self, code: str) -> None:
        """One state only, or all again."""
        self._choice.turn(code)
        self.redraw()

    def action_next_state(self) -> None:
        """The next state that occurs, and after the last all of them."""
        self._choice.next_kind()
        self.redraw()

    def action_filter(self) -> None:
        """Open the filter."""
        box = self.query_one("#filter", Input)
        box.display = True
        box.focus()

    def action_clear(self) -> None:
        """What is chosen no more; else no filter, and back to the table."""
        table = self.query_one(WorkTable)
        if table.chosen and self.focused is table:
            table.drop(table.chosen)
            return
        box = self.query_one("#filter", Input)
        box.value = ""
        box.display = False
        self._choice.only = None
        self.redraw()
        self.query_one(WorkTable).focus()

    @on(Input.Changed, "#filter")
    def _filter_changed(self) -> None:
        self.redraw()

    @on(Input.Submitted, "#filter")
    def _filter_done(self) -> None:
        self.query_one("#filter").display = bool(self.query_one("#filter", Input).value)
        self.query_one(WorkTable).focus()

    def action_sort(self) -> None:
        """By the next column."""
        keys = [column.key for column in columns_for(self._list_width)]
        at = keys.index(self._choice.sorted_by) if self._choice.sorted_by in keys else -1
        self._sort(keys[(at + 1) % len(keys)], backwards=False)

    def action_backwards(self) -> None:
        """The other way round."""
        self._sort(self._choice.sorted_by, backwards=not self._choice.backwards)

    @on(Grid.HeadingChosen)
    def _heading_clicked(self, event: Grid.HeadingChosen) -> None:
        known = event.key == self._choice.sorted_by
        self._sort(event.key, backwards=known and not self._choice.backwards)

    def _sort(self, column: str, *, backwards: bool) -> None:
        self._choice.sorted_by, self._choice.backwards = column, backwards
        self.intake.prefer(sorted_by=column, backwards=backwards)
        self.redraw()

    # -- doing ------------------------------------------------------------------------------------------------------

    def action_poll(self) -> None:
        """Fetch now."""
        if self._listed is not None and Right.POLL not in self._listed.me.rights:
            self.intake.say(_("Your account does not poll the mailbox."), bad=True)
            return
        self.bridge.poll_now()

    @on(Grid.Selected)
    def _row_chosen(self, event: Grid.Selected) -> None:
        event.stop()
        line = self._line()
        if line is not None:
            self._open(line)

    @work(exclusive=True, group="open")
    async def _open(self, line: Line) -> None:
        found = await open_with_reason(self.intake, line.referral.reference)
        if found is not None:
            opened, reason = found
            referral = opened.view.referral
            if self._seen is not None:
                self._seen.opened(referral.reference, referral.version)
            self.app.push_screen(ReferralScreen(opened, reason), lambda _nothing: self.redraw())

    def action_assign(self) -> None:
        """Give what is chosen, or under the cursor, to a colleague."""
        lines = self._to_assign()
        if not lines or self._listed is None:
            return
        if Right.ASSIGN not in self._listed.me.rights:
            self.intake.say(_("Your role does not include this; ask a team lead."), bad=True)
            return
        self._assign(lines, self._listed.names)

    def _to_assign(self) -> list[Line]:
        chosen = set(self.query_one(WorkTable).chosen)
        listed = self._listed.lines if self._listed is not None else ()
        line = self._line()
        return [one for one in listed if one.referral.reference in chosen] or ([line] if line else [])

    @work(exclusive=True, group="assign")
    async def _assign(self, lines: list[Line], names: Mapping[str, str]) -> None:
        outcome = await assign(self.intake, lines, names)
        if outcome.made is not None:
            self.query_one(WorkTable).drop(outcome.made.versions)
        elif outcome.stale is not None:
            self.query_one(WorkTable).drop([outcome.stale])
            self._load()

    @on(SelectableGrid.Changed)
    def _choice_changed(self) -> None:
        self._draw_title()

    def _draw_title(self) -> None:
        listed = self._listed
        if listed is not None:
            table = self.query_one(WorkTable)
            roles = ", ".join(_(ROLE_WORDS[role]) for role in Role if role in listed.me.roles)
            parts = (_("Worklist"), listed.me.agreement.ocmw, chosen_text(table))
            place = " · ".join(part for part in parts if part)
            self.query_one(TitleBar).show(place, f"{listed.me.display_name} ({roles})")

    def _offer_boxes(self, listed: asks.Listed) -> None:
        """Whoever assigns can choose several of what is open; those that are gone are chosen no more."""
        table = self.query_one(WorkTable)
        table.selectable = Right.ASSIGN in listed.me.rights and self._scope is not Scope.CLOSED
        table.keep({line.referral.reference for line in listed.lines})
