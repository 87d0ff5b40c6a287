"""A retention run under way: how far it is, stopping it, and what came of it (P3)."""

import contextlib
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.message import Message

from intake.desk.discarding import RunResult
from intake.desk.watching import RunProgress, Stage, Watch
from intake.texts import N_, _, ngettext
from tui.dialogs.told import WorkDialog
from tui.retention_words import some, waiting_cause

if TYPE_CHECKING:
    from tui.bridge import Bridge

STAGE_WORDS: dict[Stage, str] = {
    Stage.STORE: N_("Taking the data out of the store"),
    Stage.MAILBOX: N_("Deleting the messages from the mailbox"),
    Stage.BACKUPS: N_("Taking them out of the backups"),
    Stage.CLOSING: N_("Writing down what is gone"),
}
_BAR = 30


class RunDialog(WorkDialog):
    """Esc stops the run after the referrals at hand; once it has ended it closes."""

    class Further(Message):
        """How far the run is; from the thread of the run."""

        def __init__(self, progress: RunProgress) -> None:
            super().__init__()
            self.progress = progress

        def can_replace(self, message: Message) -> bool:
            """Only the newest counts."""
            return isinstance(message, RunDialog.Further)

    HELP: ClassVar[str] = "retention"

    def __init__(self, bridge: "Bridge") -> None:
        super().__init__(_("Retention run"))
        self._bridge = bridge
        self._stop = threading.Event()
        self.result: RunResult | None = None

    async def do(self) -> Sequence[Content]:
        """The run."""
        watch = Watch(self._told, self._stop.is_set)
        self.result = await self._bridge.ask(lambda desk: desk.retention.run(watch=watch))
        return result_lines(self.result)

    def _told(self, progress: RunProgress) -> None:
        # In the thread of the run, which goes on when the program is being left.
        with contextlib.suppress(RuntimeError):
            self.post_message(self.Further(progress))

    def after_refusal(self) -> Sequence[Content]:
        """What was done before stays done."""
        return [Content(_("What was begun stands under 'Still to discard'; the next run goes on with it."))]

    def on_run_dialog_further(self, message: Further) -> None:
        """Draw it."""
        message.stop()
        if self.busy:
            self.say_busy(progress_content(message.progress))

    def button_words(self) -> str:
        """Stop while it goes on."""
        if not self.busy:
            return super().button_words()
        return _("Stopping…") if self._stop.is_set() else _("Stop") + " (Esc)"

    def action_close(self) -> None:
        """Stop the run; once it has ended, away with the dialog."""
        if not self.busy:
            self.dismiss(None)
            return
        self._stop.set()
        self.draw_button()

    def on_unmount(self) -> None:
        """Nobody looks on any more."""
        self._stop.set()


def progress_content(progress: RunProgress) -> Content:
    """The stage in words, and a bar with numbers where they are known."""
    words = _(STAGE_WORDS[progress.stage]) + "…"
    if not progress.total:
        return Content(words)
    filled = _BAR * progress.done // progress.total
    bar = "█" * filled + "░" * (_BAR - filled)
    count = _("%(done)d of %(total)d") % {"done": progress.done, "total": progress.total}
    return Content(f"{words}\n{bar} {count}")


def result_lines(result: RunResult) -> list[Content]:
    """What a run did and what it left, each with a sign and a word."""
    count = len(result.discarded)
    lines: list[Content] = []
    if result.stopped:
        lines.append(
            Content.styled("■ " + _("Stopped. What was begun is safe: the next run goes on with it."), "bold")
        )
    gone = ngettext("%(count)d referral discarded", "%(count)d referrals discarded", count) % {"count": count}
    if count or not result.removed:
        lines.append(Content.styled(f"✔ {gone}" if count else "– " + _("Nothing was discarded."), "bold"))
    if count:
        lines.append(Content(f"  {some(result.discarded, 40)}"))
    if result.removed:
        count = len(result.removed)
        gone = ngettext("%(count)d rejected message removed", "%(count)d rejected messages removed", count)
        lines.append(Content.styled("✔ " + gone % {"count": count}, "bold"))
        lines.append(Content(f"  {some(result.removed, 40)}"))
    if result.waiting:
        lines += [
            Content(""),
            Content.styled("⌫ " + _("Still to discard: %(count)d") % {"count": len(result.waiting)}, "bold"),
        ]
        lines += _by_cause(result)
    kept = [
        ("▮", _("held"), result.held),
        ("?", _("hand-over not confirmed"), result.unconfirmed),
        ("✖", _("blocked: a date is missing"), result.blocked),
        ("◔", _("destruction list, waits for a second person"), result.proposed),
    ]
    left = [
        Content(f"{glyph} {words}: {some(references, 12)}") for glyph, words, references in kept if references
    ]
    if left:
        lines += [Content(""), *left]
    return lines


def _by_cause(result: RunResult) -> list[Content]:
    causes: dict[tuple[str, str], list[str]] = {}
    for waiting in result.waiting:
        causes.setdefault(waiting_cause(waiting), []).append(waiting.reference)
    lines: list[Content] = []
    for (cause, advice), references in causes.items():
        lines.append(Content(f"  {cause}: {some(references, 12)}"))
        lines.append(Content.styled(f"  → {advice}", "dim"))
    return lines
