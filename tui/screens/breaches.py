"""The register of data breaches: the 72-hour clock, what happened, and who was told when (P9, GDPR 33)."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from rich.text import Text
from textual import work
from textual.binding import BindingType
from textual.content import Content

from intake.causes import CAUSE_WORDS
from intake.desk import Desk
from intake.desk.breaches import Listed, NotTold, Proposal
from intake.desk.outgoing import DraftToPlace
from intake.errors import MailboxError, NotLawful
from intake.formats import show_date, show_moment
from intake.registers import BREACH_WORDS, Breach
from intake.staff import Right
from intake.telling_breaches import clock_words, hours_words
from intake.texts import N_, _, ngettext
from storage.errors import Refusal
from tui import asks_registers as asks
from tui.commands import command
from tui.dialogs.breach import BreachData, BreachDialog, BreachNoticeDialog, How, NoticeData
from tui.dialogs.shown import ShownDialog
from tui.dialogs.why import WhyDialog, Words
from tui.screens.listing import Tab
from tui.screens.registers import NARROW, RegisterScreen, named, short, told
from tui.shown import LATE, person
from tui.widgets.grid import Cells, Heading

REGISTER, PROPOSALS = "register", "proposals"

_MEASURES = Words(
    label=N_("Measures"),
    hint=N_("What was done, so that it does not happen again. The breach stays in the register."),
    missing=N_("Say which measures were taken, in a few words."),
    help="breaches",
)


class DraftWaits(MailboxError):
    """As `DraftToPlace`, with what to do on this screen. Values: about, why."""

    template = N_(
        "%(about)s is recorded, but its draft is not in the mailbox yet. %(why)s Then press m once more."
    )


class BreachesScreen(RegisterScreen):
    """Everybody reports here; team leads and DPOs read and work the register."""

    HELP = "breaches"
    TITLE_WORDS = N_("Data breaches")
    BINDINGS: ClassVar[list[BindingType]] = [
        command("n", "new", N_("New"), N_("Report a data breach; of a proposal with its facts"), bar=True),
        command("b", "update", N_("Update"), N_("Complete what is known of the breach"), bar=True),
        command(
            "m",
            "notice",
            N_("Tell"),
            N_("Make the draft to both DPOs, or record when they were told"),
            bar=True,
        ),
        command("z", "close", N_("Close"), N_("Close the breach with the measures taken"), bar=True),
        # Known from every screen: the bar has room for what is done here.
        command("slash", "filter", N_("Filter"), N_("Show only lines that hold what you type")),
        command("r", "scope('register')", N_("Register"), N_("All data breaches")),
        command("o", "scope('proposals')", N_("Proposals"), N_("Messages that came unencrypted")),
    ]

    # -- the lists --------------------------------------------------------------------------------------------------

    def tabs(self) -> Sequence[Tab]:
        """The register, and what is proposed from the quarantine."""
        return (
            Tab(
                REGISTER,
                "r",
                N_("Register"),
                N_("No data breach is recorded. Press n to report one: also a suspicion, and at once."),
                asks.breaches,
                self._headings,
                self._rows,
                lambda found, key: Content("\n").join(_facts(found, key)),
            ),
            Tab(
                PROPOSALS,
                "o",
                N_("Proposals"),
                N_("Nothing is proposed: no message came unencrypted that is not in the register."),
                asks.proposals,
                _proposal_headings,
                _proposal_rows,
                _proposal_detail,
            ),
        )

    def tab_open(self, code: str) -> bool:
        """Proposals are for who may read the register."""
        return code == REGISTER or Right.BREACH in self.intake.rights

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that the role has nothing on are not offered."""
        if action in ("update", "notice", "close"):
            return Right.BREACH in self.intake.rights
        return super().check_action(action, parameters)

    def empty_text(self) -> str:
        """Who only reports is told so; whoever reads the register, how many proposals wait."""
        if isinstance(self.found, asks.BreachList) and not self.found.readable:
            return _(
                "Press n to report a data breach: also a suspicion, and at once. "
                "Only team leads and the DPO read the register."
            )
        if isinstance(self.found, asks.BreachList) and self.found.proposed:
            waiting = ngettext(
                "No data breach is recorded. %(count)d proposal from the quarantine waits. Press o to look at it.",
                "No data breach is recorded. %(count)d proposals from the quarantine wait. Press o to look at them.",
                self.found.proposed,
            )
            return waiting % {"count": self.found.proposed}
        return super().empty_text()

    @property
    def _narrow(self) -> bool:
        return self.size.width < NARROW

    def _headings(self, _width: int) -> list[Heading]:
        known = [] if self._narrow else [Heading("known", _("Known since"), 18)]
        return [
            Heading("id", _("Number"), 11),
            *known,
            Heading("clock", _("Clock"), 21 if self._narrow else 22),
            Heading("state", _("State"), 23 if self._narrow else 30),
            Heading("what", _("What happened"), 12, grows=1),
        ]

    def _rows(self, found: asks.BreachList) -> Mapping[str, Cells]:
        rows: dict[str, Cells] = {}
        for item in found.items:
            known = () if self._narrow else (show_moment(item.breach.known_at),)
            rows[item.breach.id] = (
                item.breach.id,
                *known,
                _clock(item),
                state_text(item),
                short(item.text.what) if item.text else "—",
            )
        return rows

    # -- doing ------------------------------------------------------------------------------------------------------

    def row_chosen(self, key: str) -> None:
        """A breach whole; a proposal becomes one."""
        if isinstance(self.found, asks.ProposalList):
            self.action_new()
            return
        title = _("Data breach %(id)s") % {"id": key}
        self.app.push_screen(ShownDialog(title, _facts(self.found, key)))

    def _one(self) -> Listed | None:
        item = self.found.one(self.current) if isinstance(self.found, asks.BreachList) else None
        if item is None:
            self.intake.say(_("Choose a breach of the register first."), bad=True)
        return item

    def action_new(self) -> None:
        """Report one, of a proposal with its facts."""
        proposal = self.found.one(self.current) if isinstance(self.found, asks.ProposalList) else None
        self._new(proposal)

    @work(exclusive=True, group="step")
    async def _new(self, proposal: Proposal | None) -> None:
        made: list[Breach] = []
        now = await self._now()
        if now is None:
            return

        async def send(data: BreachData) -> None:
            def record(desk: Desk) -> Breach:
                return desk.breaches.open(
                    data.account,
                    data.known_at,
                    references=data.references,
                    kind=data.kind,
                    quarantine=proposal.item if proposal else None,
                )

            made.append(await self.bridge.ask(record))

        if await self.sent(BreachDialog(send, now=now, proposal=proposal)):
            named_ = {"id": made[0].id, "when": show_moment(made[0].due_at)}
            if Right.BREACH in self.intake.rights:
                said = _("%(id)s is recorded. The DPOs are to be told before %(when)s (m).")
            else:
                said = _("%(id)s is recorded. A team lead tells the DPOs before %(when)s; tell them as well.")
            self.intake.say(said % named_)

    def action_update(self) -> None:
        """Complete what is known."""
        item = self._one()
        if item is not None:
            self._update(item)

    @work(exclusive=True, group="step")
    async def _update(self, item: Listed) -> None:
        async def send(data: BreachData) -> None:
            await self.bridge.ask(lambda desk: desk.breaches.update(item.breach.id, data.account))

        now = await self._now()
        if now is not None:
            await self.sent(BreachDialog(send, now=now, known=item))

    def action_notice(self) -> None:
        """Tell the DPOs, or record that they were told."""
        item = self._one()
        if item is None:
            return
        if item.breach.noticed_at is not None:
            when = {"id": item.breach.id, "when": show_moment(item.breach.noticed_at)}
            self.intake.say(_("The DPOs were told of %(id)s already, on %(when)s.") % when, bad=True)
            return
        self._notice(item)

    @work(exclusive=True, group="step")
    async def _notice(self, item: Listed) -> None:
        key = item.breach.id

        async def send(data: NoticeData) -> None:
            def tell(desk: Desk) -> Breach:
                if data.how is How.SENT and data.at is not None:
                    return desk.breaches.sent(key, data.at)
                return desk.breaches.notice(key, data.at)

            try:
                await self.bridge.ask(tell)
            except DraftToPlace as error:
                raise DraftWaits(about=error.values["about"], why=error.values["why"]) from None
            if data.at is None:
                self.intake.say(
                    _("%(id)s: the draft lies in the mailbox. Read it, send it, then record when (m).")
                    % {"id": key}
                )

        now = await self._now()
        if now is not None:
            may = {Right.DRAFT, Right.MAILBOX} <= self.intake.rights
            await self.sent(BreachNoticeDialog(send, item, now=now, may_place=may))

    def action_close(self) -> None:
        """Close with the measures."""
        item = self._one()
        if item is not None:
            self._close(item)

    @work(exclusive=True, group="step")
    async def _close(self, item: Listed) -> None:
        async def send(measures: str) -> None:
            try:
                await self.bridge.ask(lambda desk: desk.breaches.close(item.breach.id, measures))
            except NotTold as error:
                problem = _("%(problem)s Go back and press m.") % {"problem": error.values["problem"]}
                raise NotLawful(problem=problem, article=error.values["article"]) from None

        title = _("Close data breach %(id)s") % {"id": item.breach.id}
        await self.sent(WhyDialog(send, title, N_("Close"), words=_MEASURES))

    async def _now(self) -> Any:
        try:
            return await self.bridge.ask(asks.now)
        except Refusal as error:
            self.intake.refuse(error)
            return None


def state_text(item: Listed) -> str:
    """A glyph and a word: what is next, or what was done."""
    if item.breach.closed_on is not None:
        return "■ " + _("closed")
    if item.breach.noticed_at is not None:
        return "✔ " + _("DPOs told")
    if item.ready_since is not None:
        return "✉ " + _("draft still to send")
    if item.draft_waits:
        return "… " + _("draft still to place")
    return "○ " + _("DPOs to be told")


def _clock(item: Listed) -> Text:
    left = item.hours_left
    if item.breach.closed_on is not None or left is None:
        return Text("—")
    words = hours_words(left)
    return Text(f"{LATE} {words}", style="bold") if left < 0 else Text(f"⏱ {words}")


def _facts(found: Any, key: str | None) -> list[Content]:
    item = found.one(key) if isinstance(found, asks.BreachList) else None
    if item is None:
        return []
    breach, text, names = item.breach, item.text, found.names
    running = "" if item.hours_left is None else show_moment(breach.due_at)
    clock = clock_words(breach, item.hours_left) if running else ""
    late = f"{LATE} " if item.hours_left is not None and item.hours_left < 0 else ""
    noticed = closed = ""
    if breach.noticed_at is not None:
        noticed = named((show_moment(breach.noticed_at), person(names, breach.noticed_by)))
    if breach.closed_on is not None:
        closed = named((show_date(breach.closed_on), person(names, breach.closed_by)))
    ready = show_moment(item.ready_since)
    lines = told(
        (_("Kind"), _(BREACH_WORDS[breach.kind])),
        (_("To be told before"), named((running, late + clock))),
        (_("State"), named((state_text(item), ready and _("since %(when)s") % {"when": ready}))),
        (_("Known since"), show_moment(breach.known_at)),
        (_("Reported"), named((show_moment(breach.opened_at), person(names, breach.opened_by)))),
        (_("DPOs told"), noticed),
        (_("Closed"), closed),
        (_("Referrals"), ", ".join(breach.references)),
        (_("Quarantine"), ", ".join(breach.quarantine)),
    )
    if text is None:
        return [*lines, Content.styled(_("The text is not sealed for you."), "$text-muted")]
    numbers = ("" if n is None else str(n) for n in (text.people, text.records))
    people, records = numbers
    return lines + told(
        (_("What happened"), text.what),
        (_("Which data"), text.categories),
        (_("People"), people),
        (_("Records"), records),
        (_("Consequences"), text.consequences),
        (_("Measures"), text.measures),
        (_("On closing"), text.closing),
    )


def _proposal_headings(_width: int) -> list[Heading]:
    return [
        Heading("item", _("Number"), 13),
        Heading("received", _("Received"), 18),
        Heading("known", _("Known since"), 18),
        Heading("cause", _("Cause"), 20, grows=1),
    ]


def _proposal_rows(found: asks.ProposalList) -> Mapping[str, Cells]:
    return {
        one.item: (
            one.item,
            show_moment(one.received_at),
            show_moment(one.known_at),
            "✖ " + _(CAUSE_WORDS[one.cause]),
        )
        for one in found.items
    }


def _proposal_detail(found: Any, key: str | None) -> Content:
    one = found.one(key) if isinstance(found, asks.ProposalList) else None
    if one is None:
        return Content("")
    return Content(_("Is it a data breach? Press n to record it with what is known of the message. (P6, P9)"))
