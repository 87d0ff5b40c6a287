"""The first screen where there is no configuration: look at the demo, join an office, or set up a new one.

Nothing is written before the last step of a way has succeeded, and what was typed is kept while a step fails.
"""

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from intake.config import Workstation
from intake.demo import require_packages
from intake.desk.starting import OfficeThere, look_at
from intake.texts import N_, _, language
from storage.errors import Refusal
from tui.commands import command
from tui.dialogs.confirm import ConfirmDialog
from tui.dialogs.join import JoinDialog
from tui.screens.base import IntakeScreen
from tui.screens.founding import Outcome, found_an_office
from tui.screens.signin import SignInScreen
from tui.widgets.keybar import KeyBar

if TYPE_CHECKING:
    from tui.first_run import StartApp

DEMO, JOIN, NEW = "demo", "join", "new"
_WAYS = {
    DEMO: (
        N_("Look at the demo"),
        N_("A made-up office with its own mail server and 120 made-up referrals. Nothing of it stays."),
    ),
    JOIN: (
        N_("Join an office"),
        N_(
            "Your colleagues work with this program already: you need the folder of the store and an account."
        ),
    ),
    NEW: (
        N_("Set up a new office"),
        N_(
            "For the first team lead. You need a folder that all colleagues reach, the mailbox with its password, the "
            "passphrase of the archives, and paper for the recovery key."
        ),
    ),
}


class Ways(OptionList):
    """A mark stands before the one under the cursor, so that it is seen without colour."""

    BINDINGS: ClassVar[list[BindingType]] = [
        command("enter", "select", N_("Choose"), N_("Go this way"), bar=True),
        command("j", "cursor_down", N_("Down"), "", palette=False, name="down"),
        command("k", "cursor_up", N_("Up"), "", palette=False, name="up"),
    ]

    def __init__(self) -> None:
        super().__init__(*(Option("", id=code) for code in _WAYS), id="ways", compact=True, markup=False)

    def mark(self) -> None:
        """Draw the lines anew."""
        for index, (words, _tip) in enumerate(_WAYS.values()):
            glyph = "▸" if index == self.highlighted else " "
            self.replace_option_prompt_at_index(index, Content(f"{glyph} {_(words)}"))


class StartScreen(IntakeScreen):
    """Three ways. `config` is the file that the configuration will be written to."""

    HELP = "start"
    BINDINGS: ClassVar[list[BindingType]] = [
        command(
            "escape", "app.quit", N_("Quit"), N_("Leave the program"), bar=True, palette=False, name="leave"
        ),
    ]

    def __init__(self, config: Path) -> None:
        super().__init__(classes="signin")
        self.config = config
        self._folder: dict[str, str] = {}
        self._founding: dict[str, dict[str, str]] = {}

    def compose(self) -> ComposeResult:
        """A box in the middle."""
        with Vertical(classes="signin-box"):
            yield Static(Content("ocmw-intake"), classes="signin-title")
            yield Static(
                Content(_("This workstation does not know an office yet. How do you begin?")),
                classes="signin-subtitle",
            )
            yield Ways()
            yield Static("", id="way-tip", classes="signin-hint")
        yield KeyBar()

    def on_mount(self) -> None:
        """The first way."""
        ways = self.query_one(Ways)
        ways.mark()
        ways.focus()
        ways.highlighted = 0

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """What is needed for it."""
        event.stop()
        self.query_one(Ways).mark()
        _words, tip = _WAYS[str(event.option_id)]
        self.query_one("#way-tip", Static).update(Content(_(tip)))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Go that way."""
        event.stop()
        self._go(str(event.option_id))

    def _go(self, way: str) -> None:
        if way == DEMO:
            self._demo()
        elif way == JOIN:
            self.join()
        else:
            self.found()

    def _demo(self) -> None:
        try:
            require_packages()
        except Refusal as error:
            self.intake.refuse(error)
            return
        # The demo is made and shown by the command of that name, once this application has let go of the terminal.
        cast("StartApp", self.app).demo_wanted = True
        self.app.exit(0)

    # -- joining ----------------------------------------------------------------------------------------------------

    @work(exclusive=True, group="way")
    async def join(self) -> None:
        """Ask the folder, show whose it is, and go to the sign-in on it."""
        seen: list[OfficeThere] = []

        async def submit(folder: Path) -> None:
            seen.append(await self.bridge.apart(lambda: look_at(folder)))

        dialog = JoinDialog(submit, self._folder)
        chosen = await self.app.push_screen_wait(dialog)
        self._folder = dialog.left_over
        if chosen is None or not await self._recognised(seen[-1]):
            return
        self.intake.workstation = Workstation.model_validate(
            {
                "store": chosen,
                "language": language(),
                "fingerprint": seen[-1].fingerprint or None,
                "file": self.config,
            }
        )
        # The configuration is written by the sign-in, when it has succeeded.
        self.app.switch_screen(SignInScreen(back=self._again))

    async def _recognised(self, there: OfficeThere) -> bool:
        if there.outdated:
            text = _(
                "The store was written by an older version of this program. Your sign-in makes a backup and brings it up "
                "to date; colleagues then need this version as well."
            )
        else:
            text = _(
                "Team leads: %(leads)s. Accounts: %(count)d.\n\nFingerprint: %(fingerprint)s\n\nCompare it with what a colleague "
                "sees with 'ocmw-intake doctor': this workstation trusts only this list of users from now on."
            ) % {
                "leads": ", ".join(there.leads),
                "count": there.users,
                "fingerprint": grouped(there.fingerprint),
            }
        title = _("Is this your office: %(name)s?") % {"name": there.name or str(there.location)}
        sure: bool | None = await self.app.push_screen_wait(
            ConfirmDialog(title, text, keep=_("Another folder"), go_on=N_("Yes, sign in"))
        )
        return bool(sure)

    def _again(self) -> None:
        again = StartScreen(self.config)
        again._folder, again._founding = self._folder, self._founding
        self.app.switch_screen(again)

    # -- a new office -----------------------------------------------------------------------------------------------

    @work(exclusive=True, group="way")
    async def found(self) -> None:
        """Step by step; the office is made by the last one."""
        app = cast("StartApp", self.app)
        outcome = await found_an_office(app, self.config, self._founding)
        if outcome is Outcome.SIGNED_IN:
            app.enter()
        elif outcome is Outcome.MADE:
            app.switch_screen(SignInScreen(app.workstation.user or ""))


def grouped(fingerprint: str) -> str:
    """In groups of four, to be compared by eye."""
    return " ".join(fingerprint[i : i + 4] for i in range(0, len(fingerprint), 4))
