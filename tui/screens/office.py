"""Administration: accounts, the mailbox with its live test, the agreement, backups, and the papers that prove it.

Each tab is for who may do something there; the desk decides again.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.binding import BindingType

from intake.config import OfficeSettings
from intake.desk import Desk
from intake.mail.ways import MailboxSecret, MicrosoftDevice
from intake.staff import Right
from intake.texts import N_, _
from storage.errors import Refusal
from tui import asks_office
from tui.asks_office import Terms
from tui.commands import command
from tui.dialogs.mailbox_check import MailboxCheckDialog
from tui.dialogs.mailbox_code import MailboxCodeDialog
from tui.dialogs.mailbox_settings import MailboxChange, MailboxSettingsDialog
from tui.dialogs.paper import PaperDialog
from tui.dialogs.tell import TellDialog
from tui.dialogs.terms import TermsDialog
from tui.messages import MailboxStatus
from tui.screens import office_passphrases as phrases
from tui.screens import office_rows as drawn
from tui.screens.listing import Tab
from tui.screens.office_accounts import AccountActions
from tui.screens.office_passphrases import PassphraseActions
from tui.widgets.grid import Grid

_OF_TAB = {
    "add": "users",
    "reset": "users",
    "end": "users",
    "absence": "users",
    "add_passphrase": "passphrases",
    "last_day": "passphrases",
    "test": "mailbox",
    "make": "backups",
    "verify": "backups",
}
"""The tab in which an action is one."""
_NEEDS = {
    "add": Right.USERS_MANAGE,
    "reset": Right.USERS_MANAGE,
    "end": Right.USERS_MANAGE,
    "absence": Right.USERS_MANAGE,
    "add_passphrase": Right.TERMS,
    "last_day": Right.TERMS,
    "test": Right.MAILBOX,
    "make": Right.BACKUP,
    "verify": Right.BACKUP,
}
_TAB_NEEDS = {"passphrases": Right.POLL, "backups": Right.BACKUP, "evidence": Right.EVIDENCE}
"""The others are read by everyone who has this screen."""


class OfficeGrid(Grid):
    """Enter does something in the list of papers alone."""

    BINDINGS: ClassVar[list[BindingType]] = [
        command(
            "enter",
            "select",
            N_("Save as file"),
            N_("Write the paper under the cursor to a file"),
            bar=True,
        ),
    ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """See above."""
        del parameters
        return action != "select" or getattr(self.screen, "writes", False)


class OfficeScreen(AccountActions, PassphraseActions):
    """The administration."""

    GRID = OfficeGrid
    HELP = "office"
    TITLE_WORDS = N_("Administration")
    BINDINGS: ClassVar[list[BindingType]] = [
        command("n", "add", N_("New"), N_("Invite a colleague; the one-time code is shown once"), bar=True),
        command(
            "R",
            "reset",
            N_("Code"),
            N_("A colleague forgot the passphrase: a new one-time code"),
            bar=True,
        ),
        command(
            "d", "end", N_("Disable"), N_("End an account for good; its referrals go to another"), bar=True
        ),
        command("e", "absence", N_("Absent"), N_("Note an absence with a substitute, or its end"), bar=True),
        command(
            "a",
            "add_passphrase",
            N_("New"),
            N_("Add an archive passphrase that was agreed with the senders"),
            bar=True,
        ),
        command(
            "l",
            "last_day",
            N_("Last day"),
            N_("Give the archive passphrase under the cursor its last day"),
            bar=True,
        ),
        command("t", "test", N_("Test"), N_("Try the mailbox step by step, now"), bar=True),
        command("m", "make", N_("Make one now"), N_("Make a backup of the store now"), bar=True),
        command("v", "verify", N_("Verify"), N_("Check the backup under the cursor whole"), bar=True),
        command("w", "change", N_("Change"), N_("Change the settings of this list"), bar=True),
        command("u", "scope('users')", N_("Accounts"), N_("Who works here"), palette=True),
        command("o", "scope('mailbox')", N_("Mailbox"), N_("The mailbox and its test"), palette=True),
        command("r", "scope('agreement')", N_("Agreement"), N_("What was agreed, and what is missing")),
        command(
            "c", "scope('passphrases')", N_("Archive passphrases"), N_("The passphrases of what comes in")
        ),
        command("b", "scope('backups')", N_("Backups"), N_("The backups of the store")),
        command("i", "scope('evidence')", N_("Evidence"), N_("The papers that prove the measures taken")),
    ]

    def __init__(self) -> None:
        self._verifying: str | None = None
        self._busy = False
        super().__init__()

    def tabs(self) -> Sequence[Tab]:
        """Six lists; those that this user has nothing in are left out once it is known who that is."""
        return (
            Tab(
                "users",
                "u",
                N_("Users"),
                N_("Nobody works here yet. Press n to invite a colleague."),
                asks_office.accounts,
                drawn.account_headings,
                lambda found: drawn.account_rows(found, self.size.width),
                drawn.account_detail,
            ),
            Tab(
                "mailbox",
                "o",
                N_("Mailbox"),
                N_("There are no settings."),
                asks_office.terms,
                drawn.setting_headings,
                lambda found: drawn.mailbox_rows(found, self.intake.mailbox),
                drawn.mailbox_detail,
                counted=False,
            ),
            Tab(
                "agreement",
                "r",
                N_("Agreement"),
                N_("There is no agreement."),
                asks_office.terms,
                drawn.agreement_headings,
                drawn.agreement_rows,
                drawn.agreement_detail,
                counted=False,
            ),
            Tab(
                "passphrases",
                "c",
                N_("Archives"),
                N_(
                    "There is no archive passphrase, so nothing that comes in can be opened. Press a to add one."
                ),
                asks_office.passphrases,
                phrases.headings,
                phrases.rows,
                phrases.detail,
            ),
            Tab(
                "backups",
                "b",
                N_("Backups"),
                N_(
                    "There is no backup yet: one is made at the first change of each day. Press m to make one now."
                ),
                asks_office.backups,
                drawn.backup_headings,
                lambda found: drawn.backup_rows(found, self._verifying),
                drawn.backup_detail,
            ),
            Tab(
                "evidence",
                "i",
                N_("Evidence"),
                N_("There is nothing to write."),
                asks_office.terms,
                drawn.paper_headings,
                lambda _found: drawn.paper_rows(),
                lambda _found, key: drawn.paper_detail(key),
            ),
        )

    def on_mount(self) -> None:
        """Only the tabs of this user's roles."""
        may = self.intake.rights
        self.tabs_by_code = {
            code: tab
            for code, tab in self.tabs_by_code.items()
            if code not in _TAB_NEEDS or _TAB_NEEDS[code] in may
        }

    def mailbox_changed(self, status: MailboxStatus) -> None:
        """The line at the foot, and the row that tells the same."""
        super().mailbox_changed(status)
        if self.tab.code == "mailbox":
            self.redraw()

    def action_scope(self, code: str) -> None:
        """Another tab has other keys."""
        super().action_scope(code)
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what the tab in front and this user's roles have."""
        if action in _OF_TAB:
            return self.tab.code == _OF_TAB[action] and _NEEDS[action] in self.intake.rights
        if action == "change":
            needs = {"mailbox": Right.SETTINGS, "agreement": Right.TERMS}
            return self.tab.code in needs and needs[self.tab.code] in self.intake.rights
        if action == "scope" and parameters:
            return parameters[0] in self.tabs_by_code
        return True

    @property
    def writes(self) -> bool:
        """Whether the list in front is that of the papers."""
        return self.tab.code == "evidence"

    def row_chosen(self, key: str) -> None:
        """Enter writes a paper; elsewhere the row's detail stands below already."""
        if self.writes:
            self._write(key)

    # -- mailbox and agreement --------------------------------------------------------------------------------------

    @work(exclusive=True, group="step")
    async def action_test(self) -> None:
        """Try the mailbox as it is set."""
        try:
            check = await self.bridge.ask(lambda desk: desk.polling.checkup())
            await self.app.push_screen_wait(MailboxCheckDialog(check))
            await self.bridge.ask(lambda desk: desk.polling.keep(check))
        except Refusal as error:
            self.intake.refuse(error)

    @work(exclusive=True, group="step")
    async def action_change(self) -> None:
        """Other settings for what stands in front."""
        mailbox = self.tab.code == "mailbox"
        draft: dict[str, str] = {}
        while True:
            try:
                terms = await self.bridge.ask(asks_office.terms)
            except Refusal as error:
                self.intake.refuse(error)
                return
            dialog = (
                self._mailbox_dialog(terms, draft)
                if mailbox
                else TermsDialog(self._save, terms.settings, draft, today=terms.today)
            )
            await self.app.push_screen_wait(dialog)
            if dialog.stale is None:
                break
            # On the colleague's version, with what was changed here put into it again.
            self.intake.refuse(dialog.stale)
            draft = dialog.typed
        self.load()

    def _mailbox_dialog(self, terms: Terms, draft: Mapping[str, str]) -> MailboxSettingsDialog:
        async def save(change: MailboxChange) -> None:
            await self.bridge.ask(
                lambda desk: desk.settings.change(change.settings, mailbox_secret=change.secret)
            )
            self.intake.say(_("The settings are in force."))

        async def test(change: MailboxChange) -> MailboxSecret | None:
            check = await self.bridge.ask(
                lambda desk: desk.polling.checkup(change.settings.mailbox, change.secret)
            )
            await self.app.push_screen_wait(MailboxCheckDialog(check))
            return await self.bridge.ask(lambda desk: desk.polling.keep(check))

        async def ask_code(way: MicrosoftDevice) -> MailboxSecret | None:
            sign_in = await self.bridge.ask(lambda desk: desk.polling.code(way))
            return await self.app.push_screen_wait(MailboxCodeDialog(sign_in))

        senders = Right.TERMS in self.intake.rights
        return MailboxSettingsDialog(
            save, terms.settings, draft, test=test, ask_code=ask_code, senders=senders
        )

    async def _save(self, settings: OfficeSettings) -> None:
        await self.bridge.ask(lambda desk: desk.settings.change(settings))
        self.intake.say(_("The settings are in force."))

    # -- backups ----------------------------------------------------------------------------------------------------

    def action_make(self) -> None:
        """A backup now."""
        if not self._busy:
            self.intake.say(_("Making a backup…"))
            self._backup(lambda desk: desk.backups.create(), _("The backup is made."))

    def action_verify(self) -> None:
        """Check the one under the cursor."""
        name = self.current
        if name is None or self._busy or not isinstance(self.found, asks_office.KeptBackups):
            return
        path = next(kept.listed.path for kept in self.found.items if kept.listed.path.name == name)
        self._verifying = name
        self.redraw()
        self._backup(lambda desk: desk.backups.verify(path), _("The backup is whole."))

    @work(group="backup")
    async def _backup(self, use: Callable[[Desk], object], said: str) -> None:
        self._busy = True
        try:
            await self.bridge.ask(use)
        except Refusal as error:
            self.intake.refuse(error)
        else:
            self.intake.say(said)
        finally:
            self._busy, self._verifying = False, None
        self.load()

    # -- evidence ---------------------------------------------------------------------------------------------------

    @work(exclusive=True, group="step")
    async def _write(self, which: str) -> None:
        written: list[Path] = []
        use: Callable[[Desk, Path], list[Path]] = _evidence if which == drawn.EVIDENCE else _register

        async def submit(file: Path) -> None:
            written.extend(await self.bridge.ask(lambda desk: use(desk, file)))

        title = _("Evidence") if which == drawn.EVIDENCE else _("Entry for the processing register")
        name = "bewijsdossier.pdf" if which == drawn.EVIDENCE else "verwerkingsregister.pdf"
        if await self.app.push_screen_wait(PaperDialog(submit, title, Path.home() / name)) is not None:
            told = "\n".join(str(path) for path in written)
            await self.app.push_screen_wait(TellDialog(_("Written"), told))


def _evidence(desk: Desk, file: Path) -> list[Path]:
    return desk.papers.evidence(file)


def _register(desk: Desk, file: Path) -> list[Path]:
    return [desk.papers.register(file)]
