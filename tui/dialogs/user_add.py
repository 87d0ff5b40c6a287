"""Inviting a colleague: name, account and roles."""

from collections.abc import Mapping
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.widgets import Input

from intake.desk.staff import account_name
from intake.errors import WrongUse
from intake.plaintext import clean_line
from intake.staff import ROLE_WORDS, Role
from intake.texts import N_, _
from storage.errors import Refusal, UserExists, WrongDisplayName, WrongUserName
from tui.dialogs.base import Dialog, Mistake, Submit
from tui.widgets.field import Field
from tui.widgets.tick import Tick

_TOLD = {
    Role.TEAM_LEAD: N_("assigns, decides, keeps the accounts, reads all"),
    Role.SOCIAL_WORKER: N_("reads and works what is assigned"),
    Role.DPO: N_("reads the log, counts and registers; no client"),
    Role.ADMIN: N_("mailbox and backups; no client"),
    Role.SERVICE: N_("polls and discards by itself; no person"),
}


@dataclass(frozen=True, slots=True)
class NewUser:
    """Whom to invite."""

    account: str
    display_name: str
    roles: tuple[Role, ...]


class UserAddDialog(Dialog[NewUser]):
    """The account name is made of the person's name where it is left empty."""

    HELP = "office"
    SEND = N_("Invite")

    def __init__(self, submit: Submit[NewUser], draft: Mapping[str, str] | None = None) -> None:
        super().__init__(submit, draft)

    @property
    def title_text(self) -> str:
        """What it is about."""
        return _("Invite a colleague")

    def form(self) -> ComposeResult:
        """Two names and a box for each role."""
        yield Field("name", _("Name"), Input(max_length=120, compact=True), _("As colleagues know them"))
        yield Field(
            "account",
            _("Account"),
            Input(max_length=32, compact=True),
            _("For signing in; left empty it is made of the name, as els.peeters"),
        )
        for number, role in enumerate(Role):
            label = "" if number else _("Roles")
            yield Field(f"role-{role.value}", label, Tick(_(ROLE_WORDS[role])), _(_TOLD[role]))

    def read(self) -> NewUser:
        """Name, account and at least one role."""
        name = clean_line(self.text("name"))
        if not name:
            raise Mistake("name", _("Give the name."))
        account = self.text("account").strip() or name
        if not account_name(account):
            raise Mistake("account", _("Give an account name of letters and digits."))
        roles = tuple(role for role in Role if self.text(f"role-{role.value}"))
        if not roles:
            raise Mistake(f"role-{Role.SERVICE.value}", _("Give at least one role."))
        return NewUser(account, name, roles)

    def field_of(self, error: Refusal) -> str | None:
        """A name that is taken or cannot be one."""
        if isinstance(error, UserExists | WrongUserName):
            return "account"
        if isinstance(error, WrongDisplayName):
            return "name"
        return f"role-{Role.SERVICE.value}" if isinstance(error, WrongUse) else None
