"""The application: who is signed in, the lock, what the bridge's messages mean for the screens, and crashing quietly.

When it locks by itself is in `idleness.py`, going from one screen to another in `going.py`, leaving in `leaving.py`.
"""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.command import CommandPalette, Provider
from textual.reactive import var

from intake.config import Workstation
from intake.desk import Desk
from intake.desk.office import utc_now
from intake.errors import sentence
from intake.staff import Right
from intake.texts import N_, _, set_language
from intake.workdays import prepare
from storage.errors import Refusal
from tui import asks
from tui.asks_board import Made
from tui.bridge import Bridge
from tui.clipboard import copy, is_remote
from tui.comfort import Comfort
from tui.commands import ScreenCommands, command, names_on
from tui.dialogs.help import HelpDialog
from tui.faults import told
from tui.going import Going
from tui.idleness import Idleness
from tui.keymap import changed, own_keys, textual_keymap
from tui.leaving import Leaving
from tui.mailnews import MailNotices
from tui.messages import MailboxNews, MailboxStatus, StoreChanged, StoreTrouble
from tui.places import bindings
from tui.preferences import Preferences
from tui.screens.base import IntakeScreen
from tui.screens.first import FirstSignInScreen
from tui.screens.lock import LockScreen
from tui.screens.secrecy import SecrecyScreen
from tui.screens.signin import SignInScreen
from tui.screens.worklist import WorklistScreen
from tui.themes import DARK, THEMES
from tui.typeahead import KeysInOrder
from tui.widgets.storeline import StoreLine

IDLE_LOOK_SECONDS = 5.0
DEFAULT_LOCK_MINUTES = 10

_STYLES = Path(__file__).parent / "styles"


class IntakeApp(KeysInOrder):
    """One user at one workstation."""

    CSS_PATH: ClassVar[list[str | Path]] = [  # type: ignore[assignment]  # Textual types it narrower than it takes
        _STYLES / "app.tcss",
        *sorted(path for path in _STYLES.glob("*.tcss") if path.name != "app.tcss"),
    ]
    TITLE = "ocmw-intake"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {ScreenCommands}
    BINDINGS: ClassVar[list[BindingType]] = [
        command("x", "mask", N_("Names"), N_("Hide or show the names of clients"), bar=True),
        command("f2", "menu", N_("Go to"), N_("All screens, to choose from"), bar=True),
        *bindings(),
        command("f1", "help", N_("Help"), N_("Help on this screen"), bar=True, priority=True),
        command(
            "ctrl+p",
            "command_palette",
            N_("Actions"),
            N_("Search all actions of this screen"),
            bar=True,
            shown="^P",
            palette=False,
            priority=True,
        ),
        command("question_mark", "help_again", N_("Help"), N_("Help on this screen"), palette=False),
        command("f9", "theme", N_("Colours"), N_("Dark, light or high contrast")),
        command(
            "ctrl+l",
            "lock",
            N_("Lock"),
            N_("Hide everything until your passphrase is given"),
            priority=True,  # over a dialog, too
        ),
        command(
            "ctrl+o", "sign_out", N_("Sign out"), N_("Let someone else sign in at this screen"), priority=True
        ),
        command("q", "quit", N_("Quit"), N_("Leave the program")),
        command(
            "ctrl+q", "quit", N_("Quit"), N_("Leave the program"), palette=False, priority=True, name="leave"
        ),
    ]

    masked: var[bool] = var(False)
    mailbox: var[MailboxStatus] = var(MailboxStatus)
    trouble: var[Refusal | None] = var(None)

    def __init__(
        self,
        workstation: Workstation,
        *,
        user: str | None = None,
        passphrase: str | None = None,
        banner: str | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        set_language(workstation.language)
        super().__init__()
        self.workstation = workstation
        self.own_keys = own_keys(workstation)
        if self.own_keys:
            self.set_keymap(textual_keymap(self.own_keys))
        self.bridge = Bridge(self.post_message, clock)
        self._first_user = (workstation.user or "") if user is None else user
        self._first_passphrase = passphrase
        self._banner = banner
        self._clock = clock
        self.idleness = Idleness(clock)
        self._mail_notices = MailNotices()
        self._display_name = ""
        self.rights: frozenset[Right] = frozenset()
        self._comfort = Comfort(self, self.bridge)
        self._going = Going(self)
        self._leaving = Leaving(self, self._comfort)
        self.signed_out = False
        """Whether, after it ended, someone else is to sign in."""
        self._said: dict[str, float] = {}
        """The notices that stand on the screen, each with the moment at which it goes (monotonic clock)."""
        self.assigned: list[Made] = []
        """What the signed-in user assigned on the board and can still take back, the last one last."""

    def on_mount(self) -> None:
        """Colours, then the sign-in."""
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DARK
        if is_remote():
            self.animation_level = "none"  # each step of it is sent over the line
        self.push_screen(self.first_screen())
        self._first_passphrase = None
        # While the passphrase is typed and checked.
        self.run_worker(self.bridge.apart(partial(prepare, self._clock().year)), group="prepare")
        self.set_interval(IDLE_LOOK_SECONDS, self.lock_when_idle)

    def first_screen(self) -> IntakeScreen:
        """What is seen first."""
        return SignInScreen(self._first_user, self._first_passphrase, self._banner)

    def on_unmount(self) -> None:
        """Let go of keys and store."""
        self.bridge.close()

    def enter(self) -> None:
        """Someone signed in: the worklist, and polling from now on."""
        # A worker of the application: those of the sign-in screen end with it.
        self.run_worker(self._enter(), group="enter", exclusive=True)

    async def _enter(self) -> None:
        if isinstance(self.screen, FirstSignInScreen | SecrecyScreen):
            await self.pop_screen()
        await self._comfort.recall(self.workstation)
        if self.preferences.theme in self.available_themes:
            self.theme = self.preferences.theme
        await self.switch_screen(WorklistScreen())
        await self._learn()
        await self.bridge.start_polling()

    # -- what a user prefers ----------------------------------------------------------------------------------------

    @property
    def preferences(self) -> Preferences:
        """What the signed-in user prefers."""
        return self._comfort.preferences

    def prefer(self, **changes: object) -> None:
        """Remember something for the user who is signed in."""
        if not self.locked:
            self._comfort.prefer(changes)

    # -- the lock ---------------------------------------------------------------------------------------------------

    @property
    def locked(self) -> bool:
        """Whether the lock hides everything."""
        return any(isinstance(screen, LockScreen) for screen in self.screen_stack)

    async def on_event(self, event: events.Event) -> None:
        """Remember when the user last did something."""
        self.idleness.heard(event)
        await super().on_event(event)

    async def _learn(self) -> None:
        """Who is signed in, and after how long without a key or a click the screen locks."""

        def look(desk: Desk) -> tuple[str, frozenset[Right], int]:
            known = asks.me(desk)
            return known.display_name, known.rights, desk.settings.show().lock_minutes

        try:
            self._display_name, self.rights, minutes = await self.bridge.ask(look)
        except Refusal:
            # What was known stays in force; the folder may be away for a moment.
            minutes = DEFAULT_LOCK_MINUTES
        self.idleness.limit = timedelta(minutes=minutes)

    def lock_when_idle(self) -> None:
        """Lock when nothing was done for the time that the office has set."""
        if not self.locked and self.idleness.is_over_limit():
            self.action_lock()

    def action_lock(self) -> None:
        """Hide everything until the passphrase is given."""
        if self.idleness.limit is None or self.locked:
            return
        self.bridge.lock()
        self.push_screen(LockScreen(self._display_name), self._unlocked)

    def _unlocked(self, _nothing: None) -> None:
        self.idleness.begin()
        self.run_worker(self._learn(), group="learn", exclusive=True)

    # -- what the bridge tells --------------------------------------------------------------------------------------

    def on_store_changed(self, _message: StoreChanged) -> None:
        """Whatever is open looks again."""
        for screen in self.screen_stack:
            if isinstance(screen, IntakeScreen):
                screen.store_changed()

    def on_store_trouble(self, message: StoreTrouble) -> None:
        """Something is wrong with the shared folder, or no more: it stands at the foot of the lists meanwhile."""
        self.trouble = message.error
        for screen in self.screen_stack:
            if isinstance(screen, IntakeScreen):
                screen.trouble_changed(message.error)
        if message.error is None:
            self.say(_("All is well with the store again."))
        elif not self.screen.query(StoreLine):
            self.say(sentence(message.error), bad=True)

    def on_mailbox_news(self, message: MailboxNews) -> None:
        """Show it, and say what there is to say of it."""
        before, self.mailbox = self.mailbox, message.status
        for screen in self.screen_stack:
            if isinstance(screen, IntakeScreen):
                screen.mailbox_changed(message.status)
        for notice in self._mail_notices.of(before, message):
            self.say(notice.text, bad=notice.bad)

    async def copy(self, text: str, words: str) -> None:
        """Copy a text of the client to the clipboard and say so; `words` tell what it is, and are not the text."""
        named = {"what": words}
        if await copy(self, text):
            self.say("✔ " + _("%(what)s copied.") % named)
        else:
            self.say("✔ " + _("%(what)s copied, if your terminal passes it on.") % named)

    # -- what every screen can do -----------------------------------------------------------------------------------

    def say(self, text: str, *, bad: bool = False) -> None:
        """A short notice, said once while it stands. Never with a client's data."""
        now, lasts = time.monotonic(), 6 if bad else 3
        self._said = {said: until for said, until in self._said.items() if until > now}
        if text not in self._said:
            self._said[text] = now + lasts
            self.notify(text, severity="error" if bad else "information", timeout=lasts, markup=False)

    def refuse(self, error: Refusal) -> None:
        """Say why something was refused."""
        self.say(sentence(error), bad=True)

    # -- where one can go -------------------------------------------------------------------------------------------

    def more_commands(self) -> Iterator[tuple[str, str, Callable[[], object]]]:
        """For the palette, besides the commands of the screen: where one can go, as label, tip and action."""
        return self._going.commands()

    def action_menu(self) -> None:
        """Choose a screen."""
        self._going.choose()

    async def action_go(self, code: str) -> None:
        """To a screen; the worklist stays beneath it."""
        await self._going.to(code)

    def action_mask(self) -> None:
        """Hide or show the names of clients everywhere."""
        self.masked = not self.masked
        self._redraw()

    def _redraw(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, IntakeScreen):
                screen.redraw()

    def action_theme(self) -> None:
        """The next colours: dark, light, high contrast; remembered for who is signed in."""
        names = [theme.name for theme in THEMES]
        self.theme = names[(names.index(self.theme) + 1) % len(names)]
        self.prefer(theme=self.theme)
        self._redraw()

    def action_press(self, key: str) -> None:
        """A click on the key bar is a press of that key."""
        self.simulate_key(key)

    def action_help(self) -> None:
        """Help on what is in front."""
        if not isinstance(self.screen, HelpDialog | CommandPalette):
            here = changed(names_on(self.screen), self.own_keys) if self.own_keys else ()
            self.push_screen(HelpDialog(getattr(self.screen, "HELP", "dialogs"), here))

    def action_help_again(self) -> None:
        """The same under another key."""
        self.action_help()

    def action_command_palette(self) -> None:
        """All actions of the screen, in the language in use."""
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette(placeholder=_("Search an action…"), id="--command-palette"))

    async def action_quit(self) -> None:
        """Leave; asks first only when something typed would be lost."""
        await self._leaving.after_asking(_("Quit without saving?"), _("Quit"))

    async def action_sign_out(self) -> None:
        """Leave, and begin anew at the sign-in: nothing of this user's work stays in memory."""

        def signed_out() -> None:
            self.signed_out = True

        await self._leaving.after_asking(_("Sign out without saving?"), _("Sign out"), signed_out)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only who is signed in can sign out."""
        if action == "sign_out":
            return self.idleness.limit is not None
        return super().check_action(action, parameters)

    def action_help_quit(self) -> None:
        """Ctrl+C, which people press to leave."""
        self.say(_("Press q, or Ctrl+Q while typing, to leave the program."))

    # -- crashing ---------------------------------------------------------------------------------------------------

    def _handle_exception(self, error: Exception) -> None:
        """A fault in the program: leave with one sentence, its class and its place, and no value from memory.

        Textual would print a traceback with local variables, which hold clients' data.
        """
        self._return_code = 1
        if self._exception is not None:
            return  # Textual would count further ones, in English
        # Held for whoever drives the program in a test, as Textual does.
        self._exception = error
        self._exception_event.set()
        self.panic(Text(told(error, self.workstation, self._front())))

    def _front(self) -> str:
        """The class of the screen in front."""
        return type(self.screen_stack[-1]).__name__ if self._screen_stack else ""


def run_app(
    workstation: Workstation,
    *,
    user: str | None = None,
    passphrase: str | None = None,
    banner: str | None = None,
) -> int:
    """Show the screens until the user leaves; the exit status.

    `user` fills in the sign-in, and with `passphrase` signs in at once; `banner` is shown there. Who signs out leaves the
    sign-in to someone else.
    """
    app = IntakeApp(workstation, user=user, passphrase=passphrase, banner=banner)
    return run_until_left(app, banner)


def run_until_left(app: IntakeApp, banner: str | None = None) -> int:
    """Run an application, and after each sign-out another one, empty as at the start; the exit status."""
    while True:
        try:
            app.run()
        finally:
            app.bridge.close()
        if not app.signed_out:
            return app.return_code or 0
        app = IntakeApp(app.workstation, user="", banner=banner)
