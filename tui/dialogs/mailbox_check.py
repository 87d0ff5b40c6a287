"""The live test of a mailbox, step by step: what went well, what did not, and what to do about it."""

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from intake.mail.check import STEP_WORDS, CheckStep, Finding, MailboxCheck, Verdict
from intake.plaintext import clean_line
from intake.texts import N_, _
from tui.bridge import Bridge
from tui.commands import command, send_key

_GLYPHS = {Verdict.GOOD: "✔", Verdict.LESS: "△", Verdict.BAD: "✖", Verdict.SKIPPED: "–"}
_STYLES = {
    Verdict.GOOD: "$text-success",
    Verdict.LESS: "$text-warning",
    Verdict.BAD: "$text-error",
    Verdict.SKIPPED: "$text-muted",
}


class MailboxCheckDialog(ModalScreen[bool]):
    """Runs the test. True when the user wants to go on with this mailbox; with `go_on` there is a button for that."""

    HELP: ClassVar[str] = "mailbox"
    BINDINGS: ClassVar[list[BindingType]] = [
        command("escape", "leave", N_("Dismiss"), N_("Close; a test that is under way is stopped"), bar=True),
        command("f2", "go", N_("Go on"), N_("Go on with this mailbox"), bar=True, name="send"),
        command("j", "down", N_("Down"), "", palette=False),
        command("k", "up", N_("Up"), "", palette=False),
    ]

    def __init__(self, check: MailboxCheck, *, go_on: bool = False) -> None:
        super().__init__(classes="dialog")
        self._check = check
        self._go_on = go_on
        self._found: dict[CheckStep, Finding] = {}
        self._over = False

    def compose(self) -> ComposeResult:
        """A line for each step."""
        with Vertical(classes="dialog-box"):
            yield Static(Content(_("Test of the mailbox")), classes="dialog-title")
            with VerticalScroll(id="check-steps"):
                for step in CheckStep:
                    yield Static("", id=f"step-{step.value}", classes="check-step")
            yield Static("", id="check-end")
            with Horizontal(classes="dialog-buttons"):
                yield Button(Content(_("Dismiss") + " (Esc)"), id="leave", variant="primary", compact=True)
                if self._go_on:
                    yield Button(
                        Content(_("Go on") + f" ({send_key(self.app)})"), id="go", disabled=True, compact=True
                    )

    def on_mount(self) -> None:
        """Begin."""
        self.query_one("#check-steps").focus()
        self._draw()
        self.run_check()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Going on is for a test that is over, where it leads somewhere."""
        del parameters
        return self._go_on and self._over if action == "go" else True

    @property
    def bad(self) -> bool:
        """Whether the program could not work with this mailbox."""
        return any(finding.verdict is Verdict.BAD for finding in self._found.values())

    @work(exclusive=True)
    async def run_check(self) -> None:
        """In a thread of its own; each step is drawn when it is known."""
        bridge: Bridge = self.app.bridge  # type: ignore[attr-defined]  # of this program's application
        await bridge.beside(self._check.run, self._hear)
        self._over = True
        for button in self.query("#go").results(Button):
            button.disabled = False
            if self.bad:
                button.label = Content(_("Go on anyway") + f" ({send_key(self.app)})")
                button.refresh(layout=True)
        self._draw()
        self.refresh_bindings()

    def _hear(self, finding: Finding) -> None:
        self._found[finding.step] = finding
        self._draw()

    def _draw(self) -> None:
        waiting = True
        for step in CheckStep:
            line, words = self.query_one(f"#step-{step.value}", Static), _(STEP_WORDS[step])
            finding = self._found.get(step)
            if finding is not None:
                mark = Content.styled(f"{_GLYPHS[finding.verdict]} {words}", _STYLES[finding.verdict])
                line.update(mark + Content(": ") + Content(clean_line(finding.said)))
            elif waiting and not self._over:
                line.update(Content.styled(f"◌ {words}…", "$text-accent"))
                waiting = False
            else:
                line.update(Content.styled(f"  {words}", "$text-muted"))
        self.query_one("#check-end", Static).update(self._end())

    def _end(self) -> Content:
        if not self._over:
            return Content(_("Testing… Esc stops it."))
        if self.bad:
            return Content.styled(
                "✖ " + _("The program cannot work with this mailbox yet."), "$text-error bold"
            )
        return Content.styled("✔ " + _("The program can work with this mailbox."), "$text-success bold")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """The buttons do what the keys do."""
        event.stop()
        if event.button.id == "go":
            self.action_go()
        else:
            self.action_leave()

    def action_down(self) -> None:
        """A line further."""
        self.query_one("#check-steps").scroll_down(animate=False)

    def action_up(self) -> None:
        """A line back."""
        self.query_one("#check-steps").scroll_up(animate=False)

    def action_go(self) -> None:
        """Take it as it is."""
        if self._go_on and self._over:
            self.dismiss(True)

    def action_leave(self) -> None:
        """Stop what is under way, and back."""
        self._check.cancel()
        self.dismiss(False)
