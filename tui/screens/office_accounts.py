"""What the administration does with accounts: inviting, a new code, ending, absences. The screen is `office.py`."""

from collections.abc import Callable

from textual import work

from intake.desk import Desk
from intake.desk.staff import Disabled
from intake.plaintext import clean_line
from intake.texts import N_, _
from storage.directory import ACTIVE, DISABLED, User
from storage.errors import Refusal
from tui.asks_office import Accounts
from tui.dialogs.absence import AbsenceData, AbsenceDialog
from tui.dialogs.code import CodeDialog
from tui.dialogs.confirm import ConfirmDialog
from tui.dialogs.tell import TellDialog
from tui.dialogs.user_add import NewUser, UserAddDialog
from tui.dialogs.user_end import UserEndDialog
from tui.screens.listing import ListScreen


class AccountActions(ListScreen):
    """For a screen whose list in front may be that of the accounts."""

    @property
    def _accounts(self) -> Accounts | None:
        return self.found if isinstance(self.found, Accounts) else None

    @property
    def _user(self) -> User | None:
        return self._accounts.user(self.current) if self._accounts is not None else None

    def _substitutes(self, user: User) -> list[tuple[str, str]]:
        known = self._accounts
        return [
            (other.name, clean_line(other.display_name))
            for other in (known.users if known is not None else ())
            if other.name != user.name
            and other.status == ACTIVE
            and other.roles & {"team-lead", "social-worker"}
        ]

    @work(exclusive=True, group="step")
    async def action_add(self) -> None:
        """Invite a colleague."""
        codes: list[str] = []

        async def submit(new: NewUser) -> None:
            codes.append(
                await self.bridge.ask(
                    lambda desk: desk.staff.add(new.account, new.roles, display_name=new.display_name)
                )
            )

        new = await self.app.push_screen_wait(UserAddDialog(submit))
        if new is not None:
            await self.app.push_screen_wait(CodeDialog(new.display_name, codes[-1]))
            self.load()

    @work(exclusive=True, group="step")
    async def action_reset(self) -> None:
        """A new one-time code for who forgot the passphrase."""
        user = self._user
        if user is None:
            return
        name = clean_line(user.display_name)
        sure = await self.app.push_screen_wait(
            ConfirmDialog(
                _("A new code for %(user)s?") % {"user": name},
                _(
                    "The old passphrase of %(user)s is worth nothing from then on. You get a one-time code to give "
                    "personally; with it a new passphrase is chosen."
                )
                % {"user": name},
                keep=_("Change nothing"),
                go_on=N_("New code"),
            )
        )
        if not sure:
            return
        try:
            code = await self.bridge.ask(lambda desk: desk.staff.reset(user.name))
        except Refusal as error:
            self.intake.refuse(error)
            return
        await self.app.push_screen_wait(CodeDialog(name, code))
        self.load()

    @work(exclusive=True, group="step")
    async def action_end(self) -> None:
        """End an account."""
        user, known = self._user, self._accounts
        if user is None or known is None:
            return
        if user.status == DISABLED:
            self.intake.say(_("This account is disabled already."))
            return
        ended: list[Disabled] = []

        async def submit(to: str) -> None:
            ended.append(await self.bridge.ask(lambda desk: desk.staff.disable(user.name, to or None)))

        name = clean_line(user.display_name)
        dialog = UserEndDialog(submit, name, known.open.get(user.name, 0), self._substitutes(user))
        if await self.app.push_screen_wait(dialog) is None:
            return
        done = ended[-1]
        count = {"user": name, "count": len(done.handed_over)}
        if not done.handed_over:
            told = _("%(user)s is disabled.") % {"user": name}
        elif done.to:
            told = _("%(user)s is disabled; %(count)d open referrals went to %(to)s.") % (
                count | {"to": done.to}
            )
        else:
            told = _("%(user)s is disabled; %(count)d open referrals wait to be assigned.") % count
        if done.knew_secrets:
            told += "\n\n" + _(
                "This account could open the mailbox: have its password changed, and agree on a new archive "
                "passphrase with the senders."
            )
        await self.app.push_screen_wait(TellDialog(_("Account ended"), told))
        self.load()

    @work(exclusive=True, group="step")
    async def action_absence(self) -> None:
        """Absent, or back."""
        user, known = self._user, self._accounts
        if user is None or known is None:
            return
        name = clean_line(user.display_name)
        if user.substitute:
            sure = await self.app.push_screen_wait(
                ConfirmDialog(
                    _("Is %(user)s back?") % {"user": name},
                    _("The substitute can read the referrals no more, from now on."),
                    keep=_("Still absent"),
                    go_on=N_("Back at work"),
                )
            )
            if sure:
                await self._do(
                    lambda desk: desk.staff.back(user.name), _("%(user)s is back.") % {"user": name}
                )
            return

        async def submit(data: AbsenceData) -> None:
            await self.bridge.ask(lambda desk: desk.staff.absent(user.name, data.until, data.substitute))

        dialog = AbsenceDialog(submit, name, self._substitutes(user), today=known.today)
        if await self.app.push_screen_wait(dialog) is not None:
            self.intake.say(_("The absence of %(user)s is noted.") % {"user": name})
            self.load()

    async def _do(self, use: Callable[[Desk], object], said: str) -> None:
        try:
            await self.bridge.ask(use)
        except Refusal as error:
            self.intake.refuse(error)
            return
        self.intake.say(said)
        self.load()
