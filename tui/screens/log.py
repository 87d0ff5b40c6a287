"""The access log (A12): who saw or did what, when and why, the newest first; and writing it to a file.

It is read a page at a time from its end, each entry checked in its place. How a line and an entry are put in words is in
`tui/logshown.py`, verifying the whole of it in `tui/widgets/verifyline.py`. No client's name stands in the log, so none
is here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from intake.desk import Desk
from intake.desk.records import Sought
from intake.formats import show_moment, show_number
from intake.logwords import Kind
from intake.rows import moment_of
from intake.texts import N_, _
from storage.errors import Refusal
from storage.lookback import Looked, Page
from tui import asks
from tui.asks_log import MOST_ROWS, PAGE, LogPart, codes_of, first_part, newer_part
from tui.commands import command
from tui.dialogs.export import ExportDialog, Written
from tui.dialogs.log_search import LogSearchDialog, WhichDialog, of_kind, sought_text
from tui.dialogs.reading import ReadingDialog
from tui.dialogs.seen_by import seen_by_dialog
from tui.logshown import entry_text, headings, keyed, row_of
from tui.screens.listing import ListScreen, Tab
from tui.widgets.grid import Cells, Grid
from tui.widgets.verifyline import VerifyLine

_TABS: tuple[tuple[str, str, str, Kind | None], ...] = (
    ("all", "a", N_("All"), None),
    ("view", "i", N_("Viewed"), Kind.VIEW),
    ("export", "p", N_("Exports"), Kind.EXPORT),
    ("admin", "b", N_("Back office"), Kind.ADMIN),
)
_EMPTY = N_("No entry of the log fits this. Press f to search otherwise, or n to look further back.")

LOOK_SECONDS = 10.0


class LogScreen(ListScreen):
    """Tabs by what was done; `f` searches the whole log, `/` what stands on the screen."""

    HELP = "log"
    TITLE_WORDS = N_("Access log")
    BINDINGS: ClassVar[list[BindingType]] = [
        command(
            "f",
            "search",
            N_("Search"),
            N_("Search the whole log by person, reference, action and day"),
            bar=True,
        ),
        command("n", "older", N_("Older"), N_("Read on, further back"), bar=True),
        command("w", "seen_by", N_("Who saw"), N_("Who saw the referral of this line"), bar=True),
        command(
            "v",
            "verify(False)",
            N_("Verify"),
            N_("Check the log from where it was checked last"),
            bar=True,
            name="verify",
        ),
        command(
            "V",
            "verify(True)",
            N_("Verify all"),
            N_("Check the log from its first entry on"),
            name="verify-all",
        ),
        command(
            "e",
            "export",
            N_("Export"),
            N_("Write the log to a file that can be verified by itself"),
            bar=True,
        ),
        *(command(key, f"scope('{code}')", words, "") for code, key, words, _kind in _TABS),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.found: LogPart | None = None
        self.sought = Sought()
        self._reading = False

    # -- what stands there ------------------------------------------------------------------------------------------

    def tabs(self) -> Sequence[Tab]:
        """One for each kind of action."""
        return [
            Tab(
                code,
                key,
                words,
                _EMPTY,
                ask=partial(self._first, kind),
                headings=headings,
                rows=self._rows,
                detail=_detail,
            )
            for code, key, words, kind in _TABS
        ]

    def _first(self, kind: Kind | None, desk: Desk) -> LogPart:
        return first_part(desk, of_kind(self.sought, codes_of(kind)))

    def _rows(self, part: LogPart) -> Mapping[str, Cells]:
        columns = len(headings(self.size.width))
        return {key: row_of(looked, part.names)[:columns] for key, looked in keyed(part.looked).items()}

    def above(self) -> ComposeResult:
        """What is sought and how far back was looked; what verifying found."""
        yield Static("", id="log-said")
        yield VerifyLine(id="log-verified")

    @work(exclusive=True, group="load")
    async def load(self) -> None:
        """The newest of the tab in front; when it stands there already, what was written since."""
        tab, known = self.tab, self.found

        def look(desk: Desk) -> tuple[asks.Me, LogPart]:
            return asks.me(desk), newer_part(desk, known) if known is not None else tab.ask(desk)

        self._say_reading(known is None)
        try:
            me, found = await self.bridge.ask(look)
        except Refusal as error:
            self.intake.refuse(error)
            if self.found is None:
                self.leave()
            return
        finally:
            self._say_reading(False)
        if tab is self.tab and known is self.found:
            self.me, self.found = me, found
            self.redraw()
            if not found.looked and found.mark is not None:
                self._older(found)

    @property
    def _verification(self) -> VerifyLine:
        return self.query_one(VerifyLine)

    def redraw(self) -> None:
        """The lines above the table as well."""
        super().redraw()
        if self.is_mounted:
            self.query_one("#log-said", Static).update(self._said())
            self._verification.redraw()

    def _say_reading(self, reading: bool) -> None:
        self._reading = reading
        if self.is_mounted:
            self.query_one("#log-said", Static).update(self._said())

    def _said(self) -> Content:
        if self._reading or self.found is None:
            return Content(_("Reading the log…"))
        part = self.found
        said = sought_text(self.sought, part.names)
        line = Content.styled(f"{said} · ", "bold") if said else Content("")
        if part.faults:
            line += Content.styled(
                _("✖ %(count)d places do not hold; press V") % {"count": part.faults}, "bold $text-error"
            )
        else:
            line += Content(
                _("✔ %(count)s shown, each signed and in its place")
                % {"count": show_number(len(part.looked))}
            )
        if part.mark is None:
            return line + Content(" · " + _("up to its start"))
        back = show_moment(moment_of(part.at))
        return line + Content(" · " + _("back to %(moment)s, n for older") % {"moment": back})

    def on_mount(self) -> None:
        """Read, and look again now and then: who only reads changes nothing in the store, and stands in the log."""
        self.set_interval(LOOK_SECONDS, self._look_again)

    def _look_again(self) -> None:
        if self.is_current and not self._verification.running and not self._reading:
            self.load()

    # -- reading on -------------------------------------------------------------------------------------------------

    def action_older(self) -> None:
        """The page before."""
        part = self.found
        if part is None or self._reading:
            return
        if part.mark is None:
            self.intake.say(_("This is the start of the log: there is nothing older."))
        elif len(part.looked) >= MOST_ROWS:
            self.intake.say(_("So many lines stand here already; search with f for fewer."))
        else:
            self._older(part)

    @work(exclusive=True, group="older")
    async def _older(self, part: LogPart) -> None:
        """The page before; where nothing on it fits, the one before that, and so on. Each is a short wait in the lane."""
        self._say_reading(True)
        try:
            while part.mark is not None:
                page = await self.bridge.ask(partial(_page_before, part))
                now = self.found
                if now is None or now.mark != part.mark or now.sought != part.sought:
                    return
                part = self.found = now.with_older(page)
                if page.looked:
                    return
        except Refusal as error:
            self.intake.refuse(error)
        finally:
            self._say_reading(False)
            self.redraw()

    @on(Grid.Highlighted, "#rows")
    def _at_the_end(self) -> None:
        """Going down beyond the last line reads on by itself, as long as nothing is filtered."""
        part, grid = self.found, self.grid
        if part is None or part.mark is None or self._reading or len(part.looked) >= MOST_ROWS:
            return
        if grid.row_count > 1 and grid.cursor_row == grid.row_count - 1 == len(part.looked) - 1:
            self._older(part)

    # -- searching --------------------------------------------------------------------------------------------------

    def action_search(self) -> None:
        """By person, reference, action and day."""
        part = self.found
        if part is None:
            return

        async def send(sought: Sought) -> None:
            del sought

        def chosen(sought: Sought | None) -> None:
            if sought is not None:
                if sought.actions is not None:
                    self.tab = self.tabs_by_code["all"]
                self._seek(sought)

        self.app.push_screen(LogSearchDialog(send, self.sought, names=part.names, today=part.today), chosen)

    def _seek(self, sought: Sought) -> None:
        self.sought, self.found = sought, None
        self._draw_tabs()
        self.load()

    def action_scope(self, code: str) -> None:
        """Another tab; an action that was sought is of no tab and goes."""
        if code in self.tabs_by_code and self.sought.actions is not None:
            self.sought = replace(self.sought, actions=None)
            self.found = None
            self.tab = self.tabs_by_code[code]
            self._draw_tabs()
            self.load()
            return
        super().action_scope(code)

    def action_back(self) -> None:
        """Stop verifying; else the filter away, then the search, then back to the worklist."""
        if self._verification.running:
            self._verification.stop()
        elif self.query_one("#filter").display or self.sought == Sought():
            super().action_back()
        else:
            self._seek(Sought())

    # -- one entry --------------------------------------------------------------------------------------------------

    def _looked(self, key: str | None) -> Looked | None:
        return None if key is None or self.found is None else keyed(self.found.looked).get(key)

    def row_chosen(self, key: str) -> None:
        """The whole entry."""
        looked = self._looked(key)
        if looked is not None and self.found is not None:
            title = _("Entry %(number)s of the access log") % {"number": show_number(looked.seq)}
            self.app.push_screen(ReadingDialog(title, entry_text(looked, self.found.names), help="log"))

    def action_seen_by(self) -> None:
        """Who saw the referral of the line."""
        looked = self._looked(self.current)
        references = looked.entry.references if looked is not None and looked.entry is not None else ()
        if not references:
            self.intake.say(_("This line is of no referral."))
        elif len(references) == 1:
            self.app.push_screen(seen_by_dialog(references[0]))
        else:

            async def send(reference: str) -> None:
                del reference

            def chosen(reference: str | None) -> None:
                if reference is not None:
                    self.app.push_screen(seen_by_dialog(reference))

            self.app.push_screen(WhichDialog(send, references), chosen)

    # -- verifying and exporting ------------------------------------------------------------------------------------

    def action_verify(self, from_start: bool) -> None:
        """Check the log."""
        self._verification.verify(from_start=from_start)

    def action_export(self) -> None:
        """Write the whole log to a file."""
        part = self.found
        if part is None:
            return

        async def send(file: Path) -> None:
            await self.bridge.ask(lambda desk: desk.log.export(file))

        def done(file: Path | None) -> None:
            if file is not None:
                self.intake.say(
                    _(
                        "The log is written; check the file with 'ocmw-intake log verify --file'. The export is logged."
                    )
                )

        written = Written(
            _("Export the access log"),
            _(
                "The whole log as JSON lines, with the signed list of users, so that the file can be verified by "
                "itself. It holds references and no names of clients. The export is logged. (A12)"
            ),
            _("access-log-%(day)s.jsonl") % {"day": part.today.isoformat()},
        )
        self.app.push_screen(ExportDialog(send, written, folder=Path.home()), done)


def _page_before(part: LogPart, desk: Desk) -> Page:
    return desk.log.newest(part.sought, part.mark, most=PAGE)


def _detail(part: LogPart, key: str | None) -> Content:
    looked = keyed(part.looked).get(key) if key is not None else None
    return entry_text(looked, part.names, most=6) if looked is not None else Content("")
