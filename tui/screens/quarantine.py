"""The quarantine: messages that became no referral; what is wrong, what to do, and doing it."""

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from intake.causes import Cause
from intake.desk.outgoing import DraftToPlace
from intake.desk.passphrases import NewPassphrase
from intake.desk.quarantine import QuarantineItem, RejectedItem
from intake.errors import sentence
from intake.registers import INCIDENTS
from intake.staff import Right
from intake.texts import N_, _
from intake.workdays import local_date
from storage.errors import Refusal
from tui import asks_quarantine
from tui.asks_quarantine import Quarantined
from tui.commands import command
from tui.dialogs.confirm import ConfirmDialog
from tui.dialogs.passphrase import PassphraseDialog
from tui.dialogs.register import RegisterData, RegisterDialog
from tui.dialogs.reject import RejectData, RejectDialog
from tui.screens.listing import ListScreen, Tab
from tui.shown_quarantine import headings, rows, text_of, told_of
from tui.widgets.grid import Grid

DECIDING = frozenset({"retry", "retry_all", "by_hand", "reject", "passphrase"})
"""Actions that only who decides on the quarantine has."""


class QuarantineGrid(Grid):
    """With the key that shows the text."""

    BINDINGS: ClassVar[list[BindingType]] = [
        command("enter", "select", N_("Text"), N_("Show what could be read, and log it"), bar=True),
    ]


class QuarantineScreen(ListScreen):
    """The list above, the item under the cursor below."""

    HELP = "quarantine"
    GRID = QuarantineGrid
    TITLE_WORDS = N_("Quarantine")
    BINDINGS: ClassVar[list[BindingType]] = [
        command(
            "r", "retry", N_("Again"), N_("Read this message again, with all that is known today"), bar=True
        ),
        command("h", "by_hand", N_("By hand"), N_("Register by hand who is on the form"), bar=True),
        command("w", "reject", N_("Reject"), N_("Reject this message, with a mail to the sender"), bar=True),
        command("n", "passphrase", N_("New passphrase"), N_("Try a new archive passphrase, and keep it")),
        command("a", "retry_all", N_("All again"), N_("Read all messages in quarantine again")),
        command("b", "breach", N_("Breach"), N_("Record this message as a data breach (P9)")),
        command("p", "poll", N_("Poll"), N_("Fetch new referrals from the mailbox now")),
        # Known from every screen: the bar has room for what is done here.
        command("slash", "filter", N_("Filter"), N_("Show only lines that hold what you type")),
        command("x", "app.mask", N_("Names"), N_("Hide or show the names of clients")),
        command("f2", "app.menu", N_("Go to"), N_("All screens, to choose from")),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._text: QuarantineItem | None = None
        self._stop = False
        self._working = False

    def tabs(self) -> Sequence[Tab]:
        """The one list."""
        return (
            Tab(
                "items",
                "",
                N_("Quarantine"),
                N_("The quarantine is empty: every message became a referral. Press Esc to go back."),
                asks_quarantine.look,
                headings,
                rows,
                self._detail,
            ),
        )

    def above(self) -> ComposeResult:
        """How far a new try of several messages is."""
        progress = Static("", id="progress")
        progress.display = False
        yield progress

    # -- who may what -----------------------------------------------------------------------------------------------

    def redraw(self) -> None:
        """The keys follow the rights."""
        super().redraw()
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without the right to decide its keys are not there; the desk refuses them anyway."""
        if action in DECIDING and self.me is not None and Right.QUARANTINE_DECIDE not in self.me.rights:
            return False
        return super().check_action(action, parameters)

    # -- drawing ----------------------------------------------------------------------------------------------------

    def _detail(self, found: Quarantined, key: str | None) -> Content:
        item = found.item(key)
        if item is None:
            return Content("")
        if self._text is not None and self._text.id == key:
            return text_of(self._text, masked=self.intake.masked)
        decides = self.me is not None and Right.QUARANTINE_DECIDE in self.me.rights
        return told_of(item, decides=decides, breach=key in found.breaches)

    def draw_detail(self) -> None:
        """The text of another item is let go."""
        if self._text is not None and self._text.id != self.current:
            self._text = None
            self.query_one("#detail", VerticalScroll).can_focus = False
        self.query_one("#detail").set_class(self._text is not None, "-reading")
        super().draw_detail()

    def _item(self) -> QuarantineItem | None:
        found: Quarantined | None = self.found
        return found.item(self.current) if found else None

    # -- reading ----------------------------------------------------------------------------------------------------

    def row_chosen(self, key: str) -> None:
        """Show the text, which can be scrolled then; Esc goes back to the table."""
        self._read(key)

    @work(exclusive=True, group="text")
    async def _read(self, key: str) -> None:
        item = await self._shown(key)
        if item is not None:
            self._text = item
            self.draw_detail()
            pane = self.query_one("#detail", VerticalScroll)
            pane.can_focus = True
            pane.focus()

    async def _shown(self, key: str) -> QuarantineItem | None:
        """The item with its text, its reading logged; None when that is refused."""
        try:
            return await self.bridge.ask(lambda desk: desk.quarantine.show(key))
        except Refusal as error:
            self.intake.refuse(error)
            return None

    def action_back(self) -> None:
        """Stop a round of new tries; from the text to the table; else as every list."""
        if self._working:
            self._stop = True
        elif self._text is not None:
            self._text = None
            self.grid.focus()
            self.draw_detail()
        else:
            super().action_back()

    def action_poll(self) -> None:
        """Fetch now."""
        self.bridge.poll_now()

    # -- trying again -----------------------------------------------------------------------------------------------

    def action_retry(self) -> None:
        """The one under the cursor."""
        if self.current:
            self._again((self.current,))

    def action_retry_all(self) -> None:
        """All of them."""
        if self.found is not None and self.found.items:
            self._again(tuple(item.id for item in self.found.items))

    @work(exclusive=True, group="again")
    async def _again(self, keys: Sequence[str]) -> None:
        """One after another, so that it can be stopped and other work goes on in between."""
        self._working, self._stop = True, False
        line = self.query_one("#progress", Static)
        line.display = True
        became = stayed = 0
        try:
            for number, key in enumerate(keys, 1):
                said = _("Reading again: %(number)d of %(count)d · Esc stops") % {
                    "number": number,
                    "count": len(keys),
                }
                line.update(Content(said))
                result = (await self.bridge.ask(partial(asks_quarantine.again, keys=(key,))))[0]
                became += len(result.references)
                stayed += result.cause is not None
                if self._stop:
                    break
        except Refusal as error:
            self.intake.refuse(error)
        finally:
            self._working = False
            line.display = False
        if became or stayed:
            said = _("Read again. Became a referral: %(became)d. Still in quarantine: %(stayed)d.")
            self.notify(said % {"became": became, "stayed": stayed}, markup=False)
        self.load()

    def action_passphrase(self) -> None:
        """For the message under the cursor."""
        item = self._item()
        if item is None:
            return
        if item.cause is not Cause.UNKNOWN_PASSPHRASE:
            self.notify(_("A new passphrase is for messages whose passphrase is unknown."), markup=False)
            return

        async def send(new: NewPassphrase) -> None:
            await self.bridge.ask(partial(asks_quarantine.again, keys=(item.id,), new=new))

        dialog = PassphraseDialog(send, item.id, local_date(self.found.now))

        def after(new: NewPassphrase | None) -> None:
            if new is not None:
                self._passphrase_kept(item.id)

        self.app.push_screen(dialog, after)

    @work(group="kept")
    async def _passphrase_kept(self, opened: str) -> None:
        """Offer to try the others with the same cause."""
        self.notify(_("The passphrase opens %(item)s and is kept.") % {"item": opened}, markup=False)
        try:
            found = await self.bridge.ask(asks_quarantine.look)
        except Refusal as error:
            self.intake.refuse(error)
            return
        others = tuple(k for k in found.with_cause(Cause.UNKNOWN_PASSPHRASE) if k != opened)
        if not others:
            return
        text = _("Other messages with an unknown passphrase: %(count)d. Read them again with this one?")
        dialog = ConfirmDialog(
            _("Other messages"),
            text % {"count": len(others)},
            keep=_("Not now"),
            go_on=_("Read them again"),
        )

        def after(yes: bool | None) -> None:
            if yes:
                self._again(others)

        self.app.push_screen(dialog, after)

    # -- by hand ----------------------------------------------------------------------------------------------------

    def action_by_hand(self) -> None:
        """The text beside the fields; its reading is logged before."""
        if not self.current:
            return
        if self.intake.masked:
            self.notify(_("Names are hidden. Press x to show them, then register."), markup=False)
            return
        self._by_hand(self.current)

    @work(exclusive=True, group="text")
    async def _by_hand(self, key: str) -> None:
        item = await self._shown(key)
        if item is None:
            return

        async def send(data: RegisterData) -> None:
            made = await self.bridge.ask(
                lambda desk: desk.quarantine.register(key, [data.person], more=data.more)
            )
            said = _("%(item)s is registered as %(reference)s.")
            self.notify(said % {"item": key, "reference": made[0].reference}, markup=False)

        self.app.push_screen(RegisterDialog(send, item), self._decided)

    def _decided(self, _data: Any) -> None:
        self._text = None
        self.load()

    # -- rejecting --------------------------------------------------------------------------------------------------

    def action_reject(self) -> None:
        """With a reason, and a mail to the sender where fitting."""
        item = self._item()
        if item is None:
            return
        done: list[RejectedItem] = []

        async def send(data: RejectData) -> None:
            try:
                done.append(
                    await self.bridge.ask(
                        lambda desk: desk.quarantine.reject(item.id, data.why, data.because, draft=data.draft)
                    )
                )
            except DraftToPlace as error:
                # It is rejected; only its draft waits for the mailbox.
                self.notify(sentence(error), severity="warning", markup=False, timeout=20)
                done.append(RejectedItem(item.id, data.because, False, item.cause in INCIDENTS))

        def after(data: RejectData | None) -> None:
            self._decided(data)
            if done:
                said = _("%(item)s is rejected; its message goes at the next retention run.")
                self.notify(said % {"item": item.id}, markup=False)
                if done[0].incident:
                    self._offer_breach(item.id)

        self.app.push_screen(RejectDialog(send, item.id, item.cause), after)

    def action_breach(self) -> None:
        """Record the one under the cursor."""
        found: Quarantined | None = self.found
        if found is None or self.current is None:
            return
        if self.current in found.breaches:
            self._offer_breach(self.current)
        else:
            self.notify(_("This message is no breach that is still to be recorded."), markup=False)

    def _offer_breach(self, item: str) -> None:
        text = _(
            "%(item)s came in against the agreed encryption (P6). Recorded as a breach, the 72 hours to tell the DPOs are "
            "kept in sight."
        )
        dialog = ConfirmDialog(
            _("Record %(item)s as a data breach?") % {"item": item},
            text % {"item": item},
            keep=_("Not now"),
            go_on=_("Record it"),
        )

        def after(yes: bool | None) -> None:
            if yes:
                self._record(item)

        self.app.push_screen(dialog, after)

    @work(group="breach")
    async def _record(self, item: str) -> None:
        try:
            breach = await self.bridge.ask(partial(asks_quarantine.record_breach, item=item))
        except Refusal as error:
            self.intake.refuse(error)
            return
        self.notify(_("Recorded as breach %(breach)s.") % {"breach": breach}, markup=False)
        self.load()
