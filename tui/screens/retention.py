"""The retention periods: what goes when and why, destruction lists, what a run could not finish, and certificates (P3).

Shows no client's name; how things are written is in `tui/retention_words.py`.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.binding import BindingType
from textual.content import Content

from intake.desk.destruction import DestructionList, ListChanged, OwnProposal, Standing
from intake.errors import NotFound, WrongUse, sentence
from intake.memory import memory_folder
from intake.referral import Step
from intake.staff import Right
from intake.texts import N_, _, ngettext
from storage.errors import Refusal
from tui import asks_retention as asks
from tui.commands import command
from tui.destruction_words import item_lines, list_facts, standing_text
from tui.dialogs.base import Dialog
from tui.dialogs.certificate import CertificateDialog
from tui.dialogs.confirm import ConfirmDialog
from tui.dialogs.hold import HoldData, HoldDialog
from tui.dialogs.proof import ProofDialog
from tui.dialogs.run import RunDialog
from tui.dialogs.told import ToldDialog
from tui.dialogs.why import WhyDialog
from tui.opening import open_with_reason
from tui.retention_words import RECENT, PlanLine, When, some
from tui.screens.listing import ListScreen, Tab
from tui.screens.referral import ReferralScreen
from tui.screens.retention_tabs import GONE, LISTS, PLAN, UNFINISHED, retention_tabs
from tui.shown import person

_ACTIONS: dict[str, tuple[frozenset[str], Right | None]] = {
    "run": (frozenset({PLAN, UNFINISHED}), Right.RETENTION_RUN),
    "hold": (frozenset({PLAN}), Right.RETENTION_HOLD),
    "release": (frozenset({PLAN}), Right.RETENTION_HOLD),
    "propose": (frozenset({LISTS}), Right.RETENTION_PROPOSE),
    "approve": (frozenset({LISTS}), Right.RETENTION_APPROVE),
    "certificate": (frozenset({GONE}), None),
    "verify": (frozenset({GONE}), Right.RETENTION_VERIFY),
    "mark": (frozenset({GONE}), None),
    "mark_all": (frozenset({GONE}), None),
}
"""What can be done on which tab, and with which right."""


class RetentionScreen(ListScreen):
    """Four lists. What is done to a referral carries the version that it had when its dialog opened."""

    HELP = "retention"
    TITLE_WORDS = N_("Retention periods")
    BINDINGS: ClassVar[list[BindingType]] = [
        command("r", "run", N_("Discard"), N_("Discard what is due, after a question"), bar=True),
        command("l", "hold", N_("Hold"), N_("Keep it from being discarded until a day"), bar=True),
        command("u", "release", N_("End the hold"), N_("Let the retention period decide again")),
        command("n", "propose", N_("New list"), N_("Put case files whose time is over on a list"), bar=True),
        command("a", "approve", N_("Approve"), N_("Approve the list as the second person"), bar=True),
        command("w", "certificate", N_("Certificate"), N_("Write the certificate of destruction"), bar=True),
        command(
            "v", "verify", N_("Search"), N_("Search everywhere whether anything is left of it"), bar=True
        ),
        command("space", "mark", N_("Mark"), N_("Mark it for the certificate, or no more")),
        command("m", "mark_all", N_("Mark all"), N_("Mark all lines shown, or none")),
        command("p", "scope('plan')", N_("Plan"), N_("What goes when, and why")),
        command("s", "scope('lists')", N_("Destruction lists"), N_("Case files that two people decide on")),
        command("t", "scope('unfinished')", N_("Still to discard"), N_("What a run could not finish")),
        command("e", "scope('gone')", N_("Certificates"), N_("What was discarded, and its proof")),
    ]

    def __init__(self) -> None:
        self.marked: set[str] = set()
        self._drafts: dict[tuple[Step, str], Mapping[str, str]] = {}
        super().__init__()

    def tabs(self) -> Sequence[Tab]:
        """Plan, lists, unfinished, discarded."""
        return retention_tabs(self)

    # -- which keys there are ---------------------------------------------------------------------------------------

    @property
    def rights(self) -> frozenset[Right]:
        """What the user may do."""
        return self.me.rights if self.me is not None else self.intake.rights

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what fits the tab in front and the role has its key."""
        del parameters
        if action not in _ACTIONS:
            return True
        where, right = _ACTIONS[action]
        return self.tab.code in where and (right is None or right in self.rights)

    def action_scope(self, code: str) -> None:
        """Another tab, with its own keys."""
        super().action_scope(code)
        self.HELP = "certificate" if self.tab.code == GONE else "retention"  # type: ignore[misc]  # of the tab
        self.refresh_bindings()

    def redraw(self) -> None:
        """Draw what is known; the keys may be others too."""
        super().redraw()
        self.refresh_bindings()

    def _line(self, reference: str | None) -> PlanLine | None:
        if not isinstance(self.found, asks.Planned):
            return None
        return self.found.lines.get(reference or "")

    # -- opening ----------------------------------------------------------------------------------------------------

    def row_chosen(self, key: str) -> None:
        """The referral, the whole list, or what the search for it gives."""
        if self.tab.code == PLAN:
            self._open(key)
        elif self.tab.code == UNFINISHED:
            self._say_gone()
        elif self.tab.code == LISTS:
            self._show_list(key)
        elif self.check_action("verify", ()):
            self.action_verify()
        else:
            self.action_mark()

    def _say_gone(self) -> None:
        self.intake.say(_("Its data are gone already; only what is told below is left."), bad=True)

    def _open(self, reference: str) -> None:
        line = self._line(reference)
        if line is not None and line.waiting is not None:
            self._say_gone()
        elif Right.READ not in self.rights:
            self.intake.say(_("Your role does not read referrals; what it may know is told below."), bad=True)
        else:
            self._show_referral(reference)

    @work(exclusive=True, group="open")
    async def _show_referral(self, reference: str) -> None:
        opened = await open_with_reason(self.intake, reference)
        if opened is not None:
            await self.app.push_screen(ReferralScreen(*opened))

    def _list(self, list_id: str | None) -> DestructionList | None:
        if not isinstance(self.found, asks.Lists):
            return None
        return next((one for one in self.found.lists if one.id == list_id), None)

    def _show_list(self, list_id: str) -> None:
        found = self._list(list_id)
        if found is not None and isinstance(self.found, asks.Lists):
            lines = [Content(standing_text(found)), *list_facts(found, self.found.names), Content("")]
            title = _("Destruction list %(list)s") % {"list": found.id}
            self.app.push_screen(ToldDialog(title, [*lines, *item_lines(found.items)]))

    # -- discarding -------------------------------------------------------------------------------------------------

    @work(exclusive=True, group="do")
    async def action_run(self) -> None:
        """Ask, naming what goes; then discard it, with its progress and what came of it."""
        try:
            before = await self.bridge.ask(lambda desk: desk.retention.run(dry_run=True))
        except Refusal as error:
            self.intake.refuse(error)
            return
        if not before.discarded and not before.waiting:
            self.intake.say(_("Nothing is due today, and nothing is left unfinished."))
            return
        parts = []
        count = len(before.discarded)
        if count:
            parts.append(
                ngettext(
                    "%(count)d referral goes for good: %(references)s.",
                    "%(count)d referrals go for good: %(references)s.",
                    count,
                )
                % {"count": count, "references": some(before.discarded, 12)}
            )
        rejected = [one.reference for one in before.waiting if one.untried]
        if rejected:
            parts.append(
                ngettext(
                    "%(count)d rejected message goes: %(references)s.",
                    "%(count)d rejected messages go: %(references)s.",
                    len(rejected),
                )
                % {"count": len(rejected), "references": some(rejected, 12)}
            )
        count = len(before.waiting) - len(rejected)
        if count:
            parts.append(
                ngettext(
                    "%(count)d that an earlier run could not finish is tried again.",
                    "%(count)d that an earlier run could not finish are tried again.",
                    count,
                )
                % {"count": count}
            )
        if before.recent:
            looked_at = [one.reference for one in before.recent]
            parts.append(
                f"{RECENT} "
                + _("Someone came back to these after they ended; look first: %(references)s.")
                % {"references": some(looked_at, 12)}
            )
        parts.append(_("They leave the store, the mailbox and every backup. This cannot be undone. (P3)"))
        ask = ConfirmDialog(
            _("Discard what is due"),
            "\n".join(parts),
            keep=_("Not now"),
            go_on=_("Discard for good"),
            for_good=True,
        )
        if await self.app.push_screen_wait(ask):
            await self.app.push_screen_wait(RunDialog(self.bridge))
            self.load()

    # -- holding ----------------------------------------------------------------------------------------------------

    def action_hold(self) -> None:
        """Keep the referral under the cursor longer."""
        line = self._line(self.current)
        if line is not None and line.waiting is not None:
            self._say_gone()
        elif line is not None:
            self._take(Step.HOLD, line.reference)

    def action_release(self) -> None:
        """End its hold."""
        line = self._line(self.current)
        if line is None:
            return
        if line.when is not When.HELD:
            self.intake.say(_("No hold keeps %(reference)s.") % {"reference": line.reference}, bad=True)
        else:
            self._take(Step.RELEASE, line.reference)

    @work(exclusive=True, group="do")
    async def _take(self, step: Step, reference: str) -> None:
        try:
            known = await self.bridge.ask(lambda desk: asks.holdable(desk, reference))
        except Refusal as error:
            self.intake.refuse(error)
            return
        if known.version is None:
            self.intake.refuse(NotFound(what=reference))
            self.load()
            return
        dialog = self._dialog(step, reference, known)
        sent = await self.app.push_screen_wait(dialog)
        if dialog.stale is not None:
            self._drafts[step, reference] = dialog.left_over
            kept = _("What you typed is kept.")
            self.intake.say(f"{sentence(dialog.stale)} {kept}", bad=True)
        elif sent is not None:
            self._drafts.pop((step, reference), None)
        self.load()

    def _dialog(self, step: Step, reference: str, known: asks.Holdable) -> Dialog[HoldData] | Dialog[str]:
        draft = self._drafts.get((step, reference), {})
        if step is Step.HOLD:

            async def send_hold(data: HoldData) -> None:
                await self.bridge.ask(
                    lambda desk: desk.retention.hold(reference, data.until, data.why, known.version)
                )

            return HoldDialog(send_hold, reference, today=known.today, draft=draft)

        async def send_release(why: str) -> None:
            await self.bridge.ask(lambda desk: desk.retention.release(reference, why, known.version))

        title = _("End the hold on %(reference)s") % {"reference": reference}
        return WhyDialog(send_release, title, N_("End the hold"), draft)

    # -- destruction lists ------------------------------------------------------------------------------------------

    @work(exclusive=True, group="do")
    async def action_propose(self) -> None:
        """Put what has come due on a list."""
        try:
            made = await self.bridge.ask(lambda desk: desk.destruction.propose())
        except Refusal as error:
            self.intake.refuse(error)
            return
        if not made:
            self.intake.say(_("There is nothing to propose."))
            return
        count = sum(len(one.items) for one in made)
        told = ngettext(
            "%(lists)s: %(count)d case file. Another team lead approves it.",
            "%(lists)s: %(count)d case files. Another team lead approves it.",
            count,
        )
        self.intake.say(told % {"lists": ", ".join(one.id for one in made), "count": count})
        self.load()

    @work(exclusive=True, group="do")
    async def action_approve(self) -> None:
        """Approve the list under the cursor, after a question that names it and what is on it."""
        found = self._list(self.current)
        if found is None or not isinstance(self.found, asks.Lists):
            return
        refused = _refusal(found, self.found.me)
        if refused is not None:
            self.intake.refuse(refused)
            return
        if not await self.app.push_screen_wait(_approval(found, self.found.names)):
            return
        try:
            await self.bridge.ask(lambda desk: desk.destruction.approve(found.id))
        except Refusal as error:
            self.intake.refuse(error)
        else:
            self.intake.say(_("%(list)s is approved; it goes with the next run.") % {"list": found.id})
        self.load()

    # -- what was discarded -----------------------------------------------------------------------------------------

    def action_mark(self) -> None:
        """Mark the line for the certificate, or no more, and go on to the next."""
        if self.current is not None:
            self.marked ^= {self.current}
            self.redraw()
            self.grid.action_cursor_down()

    def action_mark_all(self) -> None:
        """Mark every line shown, or none when all are."""
        shown = set(self.grid.keys)
        self.marked = self.marked - shown if shown <= self.marked else self.marked | shown
        self.redraw()

    @work(exclusive=True, group="do")
    async def action_certificate(self) -> None:
        """Write the certificate of what is marked, or else of the line under the cursor."""
        references = sorted(self.marked) or [self.current] if self.current else []
        wanted = [reference for reference in references if reference]
        if not wanted:
            self.intake.say(_("Nothing was discarded yet."), bad=True)
            return
        memory = memory_folder(self.intake.workstation)
        # A message id, as the file's name is in the user's language.
        name = _("certificate-of-destruction-%(day)s")
        try:
            file = await self.bridge.ask(lambda desk: asks.new_file(desk, memory, name))
        except Refusal as error:
            self.intake.refuse(error)
            return

        async def write(chosen: Path) -> None:
            await self.bridge.ask(lambda desk: asks.certified(desk, wanted, chosen, memory))

        written = await self.app.push_screen_wait(CertificateDialog(write, wanted, file=file))
        if written is not None:
            self.marked.clear()
            self.redraw()
            self.intake.say(_("The certificate is in %(file)s.") % {"file": written})

    @work(exclusive=True, group="do")
    async def action_verify(self) -> None:
        """Search everywhere for the reference under the cursor."""
        reference = self.current
        if reference is not None:
            await self.app.push_screen_wait(
                ProofDialog(self.bridge, reference, opens_mailbox=Right.MAILBOX in self.rights)
            )
            self.load()


def _refusal(found: DestructionList, me: str) -> Refusal | None:
    """Why a list cannot be approved, as far as that can be seen; the desk looks again."""
    if found.standing is Standing.CHANGED:
        return ListChanged(list=found.id)
    if found.standing is not Standing.PROPOSED:
        return WrongUse(problem=_("This list was approved before. The next run destroys what it names."))
    return OwnProposal(list=found.id) if found.proposed_by == me else None


def _approval(found: DestructionList, names: Mapping[str, str]) -> ConfirmDialog:
    count = len(found.items)
    text = ngettext(
        "%(count)d case file: %(references)s. Proposed by %(name)s. The next run destroys it; that cannot be undone. (P3)",
        "%(count)d case files: %(references)s. Proposed by %(name)s. The next run destroys them; that cannot be undone. (P3)",
        count,
    ) % {
        "count": count,
        "references": some([item.reference for item in found.items], 20),
        "name": person(names, found.proposed_by),
    }
    title = _("Approve destruction list %(list)s") % {"list": found.id}
    return ConfirmDialog(title, text, keep=_("Not yet"), go_on=_("Approve"), for_good=True)
