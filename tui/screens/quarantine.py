"""The quarantine: messages that became no referral, with the cause in words; the text for who may read it."""

from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import DataTable, Static

from intake.causes import CAUSE_WORDS
from intake.desk.quarantine import QuarantineItem
from intake.formats import show_moment
from intake.plaintext import clean_line, clean_lines
from intake.staff import Right
from intake.texts import N_, _
from intake.words import PURPOSE
from storage.errors import Refusal
from tui import asks
from tui.commands import command
from tui.messages import MailboxStatus
from tui.screens.base import IntakeScreen
from tui.shown import MASK, NOT_YOURS
from tui.widgets.keybar import KeyBar
from tui.widgets.mailline import MailLine
from tui.widgets.storeline import StoreLine
from tui.widgets.titlebar import TitleBar

_HEADINGS = (N_("Number"), N_("Received"), N_("Sender"), N_("Cause"))


class QuarantineTable(DataTable[Text]):
    """Rows by the item's number."""

    BINDINGS: ClassVar[list[BindingType]] = [
        command(
            "enter", "select_cursor", N_("Show text"), N_("Show what could be read, and log it"), bar=True
        ),
        command("j", "cursor_down", N_("Down"), "", palette=False),
        command("k", "cursor_up", N_("Up"), "", palette=False),
        command("g", "scroll_top", N_("First"), N_("To the first line")),
        command("G", "scroll_bottom", N_("Last"), N_("To the last line")),
    ]


class QuarantineScreen(IntakeScreen):
    """The list above, the item under the cursor below."""

    HELP = "quarantine"
    BINDINGS: ClassVar[list[BindingType]] = [
        command("escape", "back", N_("Back"), N_("Back to the worklist"), bar=True),
        command("p", "poll", N_("Poll"), N_("Fetch new referrals from the mailbox now"), bar=True),
    ]

    def __init__(self) -> None:
        super().__init__(classes="quarantine")
        self._found: asks.Quarantined | None = None
        self._text: QuarantineItem | None = None

    def compose(self) -> ComposeResult:
        """List, item, mailbox."""
        yield TitleBar(_("Quarantine"))
        yield QuarantineTable(id="items", cursor_type="row", cell_padding=0)
        empty = Static(
            Content(_("The quarantine is empty: every message became a referral. Press Esc to go back.")),
            id="empty",
        )
        empty.display = False
        yield empty
        with VerticalScroll(id="item"):
            yield Static("", id="item-text")
        yield StoreLine(id="store")
        yield MailLine(id="mail")
        yield KeyBar()

    def on_mount(self) -> None:
        """Ask for the list."""
        self.query_one(QuarantineTable).focus()
        self.mailbox_changed(self.intake.mailbox)
        self.trouble_changed(self.intake.trouble)
        self._load()

    @work(exclusive=True, group="quarantine")
    async def _load(self) -> None:
        try:
            self._found = await self.bridge.ask(asks.quarantined)
        except Refusal as error:
            self.intake.refuse(error)
            self.action_back()
            return
        self.redraw()

    def on_resize(self) -> None:
        """The cause takes what is left over."""
        self.redraw()

    def store_changed(self) -> None:
        """Look again."""
        self._load()

    def mailbox_changed(self, status: MailboxStatus) -> None:
        """Draw the line at the foot."""
        for line in self.query(MailLine):
            line.show(status)

    def trouble_changed(self, trouble: Refusal | None) -> None:
        """Say it above the mailbox, or no more."""
        for line in self.query(StoreLine):
            line.show(trouble)

    def redraw(self) -> None:
        """Draw the list; the cursor stays on its item."""
        if self._found is None or not self.is_mounted:
            return
        self.query_one(TitleBar).show(_("Quarantine"), self._found.me.display_name)
        table = self.query_one(QuarantineTable)
        where, row_before, top = self._current(), table.cursor_row, table.scroll_y
        items = self._found.items
        widths = (12, 18, 26, max(20, self.size.width - 59))
        with self.app.batch_update():
            table.clear(columns=True)
            for heading, width in zip(_HEADINGS, widths, strict=True):
                table.add_column(Text(_(heading)), width=width, key=heading)
            for item in items:
                cells = [Text(cell, no_wrap=True) for cell in self._row(item)]
                for cell, width in zip(cells, widths, strict=True):
                    cell.truncate(width - 1, overflow="ellipsis")
                table.add_row(*cells, key=item.id)
            self.query_one("#empty").display = not items
            table.display = bool(items)
            if items:
                ids = [item.id for item in items]
                row = ids.index(where) if where in ids else min(row_before, len(ids) - 1)
                table.move_cursor(row=row, scroll=False)
                self.call_after_refresh(table.scroll_to, y=top, animate=False)
        self._draw_item()

    def _row(self, item: QuarantineItem) -> tuple[str, str, str, str]:
        cause = _(CAUSE_WORDS[item.cause])
        return item.id, show_moment(item.received_at), self._sender(item), cause

    def _sender(self, item: QuarantineItem) -> str:
        if item.sender is None:
            return NOT_YOURS
        return clean_line(item.sender)

    def _current(self) -> str | None:
        table = self.query_one(QuarantineTable)
        if not table.row_count:
            return None
        return table.coordinate_to_cell_key(table.cursor_coordinate).row_key.value

    def _draw_item(self) -> None:
        where = self._current()
        found = self._found.items if self._found else ()
        item = next((item for item in found if item.id == where), None)
        content = Content("")
        if item is not None:
            content = Content.styled(f"✖ {_(CAUSE_WORDS[item.cause])}", "bold")
            content += Content(
                "\n"
                + _("Sender: %(sender)s · tried %(count)d times")
                % {"sender": self._sender(item), "count": item.attempts}
            )
            if self._text is not None and self._text.id == item.id:
                read = clean_lines(self._text.text or "") or _("No text could be read from it.")
                content += Content.styled("\n" + _(PURPOSE), "dim")
                content += Content("\n\n" + (MASK if self.intake.masked else read))
            elif self._found is not None and Right.QUARANTINE_READ in self._found.me.rights:
                content += Content.styled("\n\n" + _("Enter shows the text that could be read."), "dim")
        self.query_one("#item-text", Static).update(content)

    @on(DataTable.RowHighlighted)
    def _cursor_moved(self) -> None:
        if self._text is not None and self._text.id != self._current():
            self._text = None
        self._draw_item()

    @on(DataTable.RowSelected)
    def _row_chosen(self, event: DataTable.RowSelected) -> None:
        event.stop()
        if event.row_key.value:
            self._read(event.row_key.value)

    @work(exclusive=True, group="text")
    async def _read(self, key: str) -> None:
        try:
            self._text = await self.bridge.ask(lambda desk: desk.quarantine.show(key))
        except Refusal as error:
            self.intake.refuse(error)
            return
        self._draw_item()

    def action_back(self) -> None:
        """Back to the worklist."""
        if self.is_current:
            self.app.pop_screen()

    def action_poll(self) -> None:
        """Fetch now."""
        self.bridge.poll_now()
