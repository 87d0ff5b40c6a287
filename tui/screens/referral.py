"""One referral: who the client is, what may be done now, and what happened. Read only after the log has it (A12)."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from intake.desk import Desk
from intake.desk.reading import ReasonNeeded
from intake.errors import NotFound, sentence
from intake.referral import Flag, Step
from intake.texts import N_, _
from intake.words import PURPOSE
from storage.errors import Refusal
from tui import asks
from tui.commands import command
from tui.dialogs.confirm import ConfirmDialog
from tui.dialogs.disclose import DiscloseDialog, passed_dialog
from tui.dialogs.seen_by import seen_by_dialog
from tui.dialogs.shown import ShownDialog
from tui.dialogs.superfluous import SuperfluousDialog
from tui.screens.base import IntakeScreen
from tui.screens.done import done_text
from tui.screens.facts import CLIENT, SUPERFLUOUS_KEY, WORK, client_facts, work_facts
from tui.screens.steps import dialog_for, directly, question_of
from tui.shown import NOT_YOURS
from tui.widgets.facts import Facts
from tui.widgets.keybar import KeyBar
from tui.widgets.steps import STEP_KEYS, StepList, step_key
from tui.widgets.timeline import Timeline
from tui.widgets.titlebar import TitleBar


def _step(step: Step, label: str, tip: str) -> Any:
    return command(STEP_KEYS[step], f"step('{step.value}')", label, tip, bar=step in _IN_BAR)


_IN_BAR = (
    Step.ATTEMPT,
    Step.WISH,
    Step.CASE_OPEN,
    Step.CASE_HAND_OVER,
    Step.CASE_CONFIRM,
    Step.CASE_CLOSE,
    Step.ASK,
    Step.REOPEN,
)
_MOST_IN_BAR = 2
"""The key bar has so many of these steps: the first that can be taken now."""


class ReferralScreen(IntakeScreen):
    """Shows one view and takes steps on it; each step carries the version that was on the screen."""

    HELP = "referral"
    BINDINGS: ClassVar[list[BindingType]] = [
        command("escape", "back", N_("Back"), N_("Back to the list"), bar=True),
        _step(Step.ATTEMPT, N_("Contact attempt"), N_("Record a call, visit, letter or message")),
        _step(Step.WISH, N_("Wish"), N_("Record whether the client wants help")),
        _step(Step.CASE_OPEN, N_("Case file"), N_("Open a case file under the OCMW's own number")),
        _step(
            Step.CASE_HAND_OVER,
            N_("Hand over"),
            N_("Hand the case file to the OCMW's own social-file system"),
        ),
        _step(Step.CASE_CLOSE, N_("Close case file"), N_("Close a case file that is kept here")),
        _step(Step.TAKE, N_("Take"), N_("Assign the referral to yourself")),
        _step(Step.ASSIGN, N_("Assign"), N_("Give the referral to a colleague")),
        _step(
            Step.UNASSIGN,
            N_("Take the assignment back"),
            N_("Make the referral nobody's again; its worker reads it no more"),
        ),
        _step(Step.CONSENT, N_("Consent"), N_("Record what was said about consent")),
        _step(Step.CLOSE, N_("Close"), N_("Close without a case file, with the reason")),
        _step(Step.REOPEN, N_("Reopen"), N_("Take a closed referral up again")),
        _step(Step.INFORM, N_("Client informed"), N_("Record that the client was told what is held")),
        _step(Step.ASK, N_("Ask the sender"), N_("Put a question about the consent among the drafts")),
        _step(Step.QUALITY, N_("Notice to the sender"), N_("Report wrong or superfluous data, as a draft")),
        _step(
            Step.DISCLOSE,
            N_("Disclosure to a partner"),
            N_("Give fields to a partner, with the client's agreement"),
        ),
        _step(
            Step.CASE_CONFIRM,
            N_("Confirm hand-over"),
            N_("Confirm that the OCMW's own system holds the case file"),
        ),
        _step(Step.HOLD, N_("Keep longer"), N_("Keep it from being discarded until a day")),
        _step(Step.RELEASE, N_("End the hold"), N_("Let the retention period decide again")),
        _step(
            Step.LETTER,
            N_("Neutral letter"),
            N_("Write a neutral letter to a client who could not be reached"),
        ),
        command(
            "T", "copy_field('phone')", N_("Copy telephone"), N_("Copy the telephone number to the clipboard")
        ),
        command("A", "copy_field('address')", N_("Copy address"), N_("Copy the address to the clipboard")),
        command(
            "E", "copy_field('email')", N_("Copy e-mail"), N_("Copy the e-mail address to the clipboard")
        ),
        command("W", "seen_by", N_("Who saw this"), N_("Everyone who looked at this referral, and why")),
        command(
            SUPERFLUOUS_KEY,
            "superfluous",
            N_("Superfluous data"),
            N_("Show, once, what the form held besides the agreed data"),
        ),
        Binding("pageup", "page(-1)", show=False, priority=True),
        Binding("pagedown", "page(1)", show=False, priority=True),
    ]

    def __init__(self, opened: asks.Opened, reason: str | None) -> None:
        super().__init__(classes="referral")
        self._opened = opened
        self._reason = reason
        self._drafts: dict[Step, Mapping[str, str]] = {}

    @property
    def reference(self) -> str:
        """Which referral."""
        return self._opened.view.referral.reference

    def compose(self) -> ComposeResult:
        """Facts and timeline at the left, steps at the right."""
        yield TitleBar(self.reference, self._opened.me.display_name)
        yield Static(Content(_(PURPOSE)), id="purpose")
        stale = Static("", id="stale")
        stale.display = False
        yield stale
        with Horizontal(id="panes"):
            with VerticalScroll(id="left"):
                yield Facts(_("Client"), CLIENT, id="client")
                yield Facts(_("Referral"), WORK, id="work")
                yield Static(Content(_("Timeline")), classes="facts-heading")
                yield Timeline(id="timeline")
            yield StepList(id="steps")
        yield KeyBar()

    def on_mount(self) -> None:
        """Draw what was opened."""
        self.query_one("#steps").border_title = Content(_("What can be done"))
        self.query_one(StepList).focus()
        self._draw()

    # -- drawing ----------------------------------------------------------------------------------------------------

    def redraw(self) -> None:
        """Draw the view that is held."""
        if self.is_mounted:
            self._draw()

    def _draw(self) -> None:
        opened = self._opened
        view = opened.view
        masked = self.intake.masked
        self.query_one("#client", Facts).show(client_facts(view.payload, masked=masked))
        self.query_one("#work", Facts).show(work_facts(opened, partial(step_key, self.app)))
        self.query_one(StepList).show(view.steps)
        self.refresh_bindings()
        self._draw_timeline()

    @work(exclusive=True, group="timeline")
    async def _draw_timeline(self) -> None:
        opened = self._opened
        await self.query_one(Timeline).show(opened.view, opened.names, masked=self.intake.masked)

    def offers(self, name: str) -> bool:
        """Of the steps the next ones that can be taken now."""
        if not name.startswith("step."):
            return True
        allowed = {verdict.step for verdict in self._opened.view.steps if verdict.allowed}
        return name.removeprefix("step.") in [step for step in _IN_BAR if step in allowed][:_MOST_IN_BAR]

    def _tell(self, text: str) -> None:
        banner = self.query_one("#stale", Static)
        banner.update(Content(text))
        banner.display = bool(text)

    # -- changes by others ------------------------------------------------------------------------------------------

    def store_changed(self) -> None:
        """Perhaps this one changed."""
        self._compare()

    def on_screen_resume(self) -> None:
        """As `store_changed`, after a dialog."""
        self._compare()

    @work(exclusive=True, group="compare")
    async def _compare(self) -> None:
        try:
            version = await self.bridge.ask(partial(asks.version, reference=self.reference))
        except Refusal as error:
            self.intake.refuse(error)
            return
        # The screen stays as it is under an open dialog: its step is on what was on the screen then.
        if version != self._opened.view.referral.version and self.is_current:
            changed = _("↻ Changed by a colleague just now; you see it as it is now.")
            await self._reload(changed)

    async def _reload(self, told: str) -> None:
        try:
            self._opened = await self.bridge.ask(
                partial(asks.opened, reference=self.reference, reason=self._reason)
            )
        except ReasonNeeded as needed:
            worker = str(needed.values.get("worker", ""))
            self._leave(
                _("%(reference)s is now assigned to %(worker)s.")
                % {"reference": self.reference, "worker": worker}
            )
        except NotFound:
            self._leave(
                _("%(reference)s is no longer there: it has been discarded.") % {"reference": self.reference}
            )
        except Refusal as error:
            self._leave(sentence(error))
        else:
            self._tell(told)
            self.redraw()

    def _leave(self, why: str) -> None:
        self.intake.say(why)
        if self.is_current:
            self.app.pop_screen()

    # -- doing ------------------------------------------------------------------------------------------------------

    def action_back(self) -> None:
        """Back to where one came from."""
        self.app.pop_screen()

    def action_page(self, pages: int) -> None:
        """Facts and timeline, a page up or down, whatever has the cursor."""
        left = self.query_one("#left", VerticalScroll)
        left.scroll_relative(y=pages * left.scrollable_content_region.height, animate=False)

    def on_step_list_chosen(self, event: StepList.Chosen) -> None:
        """Enter or a click in the list of steps."""
        self.action_step(event.step.value)

    def action_step(self, code: str) -> None:
        """Take a step, or say why it is not open now."""
        step = Step(code)
        verdict = next(v for v in self._opened.view.steps if v.step is step)
        if not verdict.allowed:
            self.intake.say(verdict.why_not, bad=True)
            return
        if step is Step.DISCLOSE and self.intake.masked:
            self.intake.say(_("Names are hidden now; show them first (x)."), bad=True)
            return
        self._take(step)

    @work(exclusive=True, group="step")
    async def _take(self, step: Step) -> None:
        opened = self._opened
        self._tell("")
        if step is Step.TAKE:
            if await self._directly(
                lambda desk: desk.work.take(self.reference, opened.view.referral.version)
            ):
                self._say_done(step, None)
            return
        question = question_of(step, self.reference)
        if question is not None:
            if await self.app.push_screen_wait(question):
                version = opened.view.referral.version
                if await self._directly(directly(step, self.reference, version)):
                    self._say_done(step, None)
            return
        try:
            dialog = await dialog_for(step, opened, self.bridge, self._drafts.get(step, {}))
        except Refusal as error:
            self.intake.refuse(error)
            return
        sent = await self.app.push_screen_wait(dialog)
        if dialog.stale is not None:
            self._drafts[step] = dialog.left_over
            kept = _("What you typed is kept.")
            await self._reload(f"↻ {sentence(dialog.stale)} {kept}")
        elif sent is not None:
            self._drafts.pop(step, None)
            self._say_done(step, sent)
            await self._reload("")
            if step is Step.LETTER and isinstance(sent, Path):
                await self.app.push_screen_wait(self._letter_written(sent))
            if isinstance(dialog, DiscloseDialog) and dialog.passed is not None:
                await self.app.push_screen_wait(passed_dialog(dialog.passed))

    def action_superfluous(self) -> None:
        """Show the form's other data this once, after a question; or say why there is nothing to show."""
        if Flag.SUPERFLUOUS not in self._opened.view.referral.flags:
            seen = Flag.SUPERFLUOUS_SEEN in self._opened.view.referral.flags
            self.intake.say(
                _("The superfluous data were shown already, and once is all. (P3)")
                if seen
                else _("The form holds no superfluous data."),
                bad=True,
            )
        elif self.intake.masked:
            self.intake.say(_("Names are hidden now; show them first (x)."), bad=True)
        else:
            self._superfluous()

    @work(exclusive=True, group="step")
    async def _superfluous(self) -> None:
        self._tell("")
        ask = ConfirmDialog(
            _("Superfluous data of %(reference)s") % {"reference": self.reference},
            _("They are fetched from the mailbox, shown once and kept nowhere. Look at them now?"),
            keep=_("Not now"),
            go_on=_("Show them"),
            for_good=True,
        )
        if not await self.app.push_screen_wait(ask):
            return
        version = self._opened.view.referral.version
        try:
            shown = await self.bridge.ask(
                lambda desk: desk.superfluous.show(self.reference, version, self._reason)
            )
        except Refusal as error:
            await self._reload(f"✖ {sentence(error)}")
            return
        # Before it is shown: the new version is our own doing, and no colleague's.
        await self._reload("")
        await self.app.push_screen_wait(SuperfluousDialog(self.reference, shown.lines))

    def action_copy_field(self, code: str) -> None:
        """A field of the client to the clipboard, while names are shown."""
        label, value = next(
            (label, value)
            for one, label, value in client_facts(self._opened.view.payload, masked=False)
            if one == code
        )
        if self.intake.masked:
            self.intake.say(_("Names are hidden now; show them first (x)."), bad=True)
        elif not value or value == NOT_YOURS:
            self.intake.say(_("%(what)s is not known.") % {"what": label}, bad=True)
        else:
            self.run_worker(self.intake.copy(str(value), label), group="copy", exclusive=True)

    def action_seen_by(self) -> None:
        """Who looked at it."""
        self.app.push_screen(seen_by_dialog(self.reference))

    async def _directly(self, use: Callable[[Desk], object]) -> bool:
        try:
            await self.bridge.ask(use)
        except Refusal as error:
            await self._reload(f"✖ {sentence(error)}")
            return False
        await self._reload("")
        return True

    def _letter_written(self, file: Path) -> ShownDialog:
        title = _("The letter for %(reference)s is written") % {"reference": self.reference}
        posting = _("Use an envelope with its window at the right and nothing printed on it.")
        posted = _("Once it is posted, record the attempt (%(key)s).") % {
            "key": step_key(self.app, Step.ATTEMPT)
        }
        return ShownDialog(title, [Content(str(file))], below=f"{posting} {posted}")

    def _say_done(self, step: Step, sent: object) -> None:
        if said := done_text(step, sent, self.reference):
            self.intake.say(said)
