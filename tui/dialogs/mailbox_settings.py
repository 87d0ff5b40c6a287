"""How the mailbox is reached, and how one signs in to it (`mailbox_way.py`). Secrets are never shown."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Button, Input

from intake.config import OfficeSettings, checked_use
from intake.errors import WrongUse
from intake.mail.token_errors import CodePending
from intake.mail.ways import MailboxSecret, MicrosoftDevice
from intake.texts import N_, _
from storage.errors import Refusal
from tui.commands import command, key_of, written
from tui.dialogs.base import Dialog, Mistake, Submit
from tui.dialogs.mailbox_way import (
    WayTyped,
    field_of_way,
    needs_secret,
    read_way,
    secret_for,
    show_way,
    typed_authority,
    way_fields,
)
from tui.widgets.choice import Choice
from tui.widgets.field import Field, fields_of

LEFT_ALONE = "-"
"""Typed instead of a folder: that for spam is not looked at."""


@dataclass(frozen=True, slots=True)
class MailboxChange:
    """The settings with another mailbox; `secret` is None where it stays. `code`: it comes by a code, yet to be asked."""

    settings: OfficeSettings
    secret: MailboxSecret | None
    code: MicrosoftDevice | None = None

    def __repr__(self) -> str:
        return "MailboxChange(…)"


class MailboxSettingsDialog(Dialog[MailboxChange]):
    """`test` tries what is typed, and returns a secret that it renewed; `ask_code` has a person confirm a code.

    `senders` tells whether the trusted senders may be changed, too.
    """

    HELP = "mailbox"
    SEND = N_("Put in force")
    BINDINGS: ClassVar[list[BindingType]] = [
        command(
            "ctrl+t",
            "test",
            N_("Test"),
            N_("Try what is typed, before it is saved"),
            bar=True,
            name="test-typed",
        ),
    ]

    def __init__(
        self,
        submit: Submit[MailboxChange],
        settings: OfficeSettings,
        draft: Mapping[str, str],
        *,
        test: Callable[[MailboxChange], Awaitable[MailboxSecret | None]],
        ask_code: Callable[[MicrosoftDevice], Awaitable[MailboxSecret | None]],
        senders: bool,
    ) -> None:
        async def send(change: MailboxChange) -> None:
            await submit(await self._complete(change))

        super().__init__(send, draft)
        self._settings = settings
        self._test = test
        self._ask_code = ask_code
        self._confirmed: tuple[MicrosoftDevice, MailboxSecret] | None = None
        self._renewed: tuple[MailboxSecret | None, MailboxSecret] | None = None
        self._senders = senders

    @property
    def title_text(self) -> str:
        """What it is about."""
        return _("Settings of the mailbox")

    def form(self) -> ComposeResult:
        """Server, account, folders."""
        box = self._settings.mailbox
        yield Field("host", _("Server"), Input(box.host, max_length=253, compact=True))
        yield Field("port", _("Port"), Input(str(box.port), max_length=5, compact=True))
        kinds = [
            ("tls", _("TLS from the first byte, most often port 993")),
            ("starttls", _("STARTTLS, most often port 143")),
        ]
        yield Field("security", _("Security"), Choice(kinds, box.security))
        yield Field("user", _("Account"), Input(box.user, max_length=254, compact=True))
        yield from way_fields(box.sign_in)
        own = _("Empty: unchanged. A minus sign: the authorities that this machine trusts.")
        usual = _("Only for a mail server with its own authority: the file with its certificate (PEM)")
        yield Field(
            "authority", _("Authority"), Input(max_length=1000, compact=True), own if box.ca_pem else usual
        )
        yield Field("inbox", _("Polled folder"), Input(box.inbox, max_length=120, compact=True))
        yield Field("processed", _("Taken in"), Input(box.processed, max_length=120, compact=True))
        yield Field("quarantine", _("Quarantine"), Input(box.quarantine, max_length=120, compact=True))
        junk = box.junk if isinstance(box.junk, str) else "" if box.junk else LEFT_ALONE
        yield Field(
            "junk",
            _("Spam folder"),
            Input(junk, max_length=120, compact=True),
            _("Empty: found by itself. A minus sign: left alone."),
        )
        seconds = Input(str(box.poll_seconds), max_length=4, compact=True)
        yield Field("poll", _("Poll every"), seconds, _("Seconds, from 5 to 3600"))
        if self._senders:
            senders = Input(", ".join(self._settings.trusted_senders), max_length=2000, compact=True)
            yield Field(
                "senders", _("Senders"), senders, _("Domains or addresses that may send, with commas between")
            )
            yield from self._genuine()

    def _genuine(self) -> ComposeResult:
        kinds = [
            ("warn", _("a remark on the referral")),
            ("require", _("to quarantine")),
            ("off", _("not looked at")),
        ]
        yield Field("authenticity", _("Not confirmed"), Choice(kinds, self._settings.authenticity))
        server = Input(self._settings.authentication_server, max_length=253, compact=True)
        hint = _("The name of your mail server in Authentication-Results; for Microsoft 365: microsoft")
        yield Field("server", _("Confirmed by"), server, hint)

    def on_mount(self) -> None:
        """The fields of the way that is set."""
        show_way(self, self.text("way"), self._settings.mailbox.sign_in)

    def on_choice_changed(self, event: Choice.Changed) -> None:
        """Those of another way, when that is chosen."""
        if event.choice is fields_of(self)["way"].control_widget:
            show_way(self, self.text("way"), self._settings.mailbox.sign_in)

    def buttons(self) -> ComposeResult:
        """One more, to try it."""
        yield from super().buttons()
        key = written(key_of(self.app, "test-typed", "ctrl+t"))
        yield Button(Content(_("Test") + f" ({key})"), id="test", compact=True)

    def read(self) -> MailboxChange:
        """The settings, checked."""
        box = self._settings.mailbox
        host, user = self.text("host").strip(), self.text("user").strip()
        junk = self.text("junk").strip()
        typed = read_way(self, box.sign_in)
        if (
            typed.values["kind"] == "password" == box.sign_in.kind
            and not typed.parts
            and ((host.casefold(), user) != (box.host.casefold(), box.user))
        ):
            raise Mistake(
                "password",
                _("Another server or account: type the password, so that the old one is not sent there."),
            )
        values = box.model_dump() | {
            "host": host,
            "user": user,
            "sign_in": typed.values,
            "security": self.text("security"),
            "port": number_in(self, "port", 1, 65535),
            "poll_seconds": number_in(self, "poll", 5, 3600),
            "ca_pem": typed_authority(self.text("authority").strip(), box.ca_pem, "authority"),
            "junk": {"": True, LEFT_ALONE: False}.get(junk, junk),
            **{name: self.text(name).strip() for name in ("inbox", "processed", "quarantine")},
        }
        whole = self._settings.model_dump() | {"mailbox": values}
        if self._senders:
            whole["trusted_senders"] = tuple(self.text("senders").replace(",", " ").split())
            whole["authenticity"] = self.text("authenticity")
            whole["authentication_server"] = self.text("server").strip()
        try:
            settings = checked_use(OfficeSettings, whole)
        except WrongUse as error:
            problem = str(error.values.get("problem", ""))
            raise Mistake(self._wrong(problem), problem) from None
        return self._change(settings, typed)

    def _change(self, settings: OfficeSettings, typed: WayTyped) -> MailboxChange:
        before, way = self._settings.mailbox.sign_in, settings.mailbox.sign_in
        secret = secret_for(typed, way)
        if isinstance(way, MicrosoftDevice):
            if self._confirmed is not None and self._confirmed[0] == way:
                return MailboxChange(settings, self._confirmed[1])
            same = (before.kind, before.goes_to) == (way.kind, way.goes_to)
            return MailboxChange(settings, None, way if typed.anew or not same else None)
        if secret is None and (mistake := needs_secret(before, way)):
            raise mistake
        if self._renewed is not None and secret == self._renewed[0]:
            secret = self._renewed[1]
        return MailboxChange(settings, secret)

    async def _complete(self, change: MailboxChange) -> MailboxChange:
        """With the secret that a code gives, asked once for a way. Raises CodePending when nobody confirmed it."""
        if change.code is None:
            return change
        secret = await self._ask_code(change.code)
        if secret is None:
            raise CodePending
        self._confirmed = (change.code, secret)
        return MailboxChange(change.settings, secret)

    def _wrong(self, problem: str) -> str:
        """The field that the first wrong setting stands in."""
        if field := field_of_way(problem):
            return field
        for name in ("host", "user", "inbox", "processed", "quarantine", "junk"):
            if f"mailbox.{name}" in problem:
                return name
        if "authentication_server" in problem and self._senders:
            return "server"
        return "senders" if "trusted_senders" in problem and self._senders else "host"

    def field_of(self, error: Refusal) -> str | None:
        """What the desk refuses stands above the buttons."""
        del error
        return None

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Trying; the other buttons are those of every dialog."""
        if event.button.id == "test":
            event.stop()
            event.prevent_default()  # there any other button than the one that sends closes
            self.action_test()

    def action_test(self) -> None:
        """Try what is typed; nothing is saved."""
        self._clear_errors()
        try:
            change = self.read()
        except Mistake as mistake:
            self._show_mistake(mistake.field, mistake.problem)
            return
        self._try(change)

    def _keep(self, used: MailboxSecret | None, renewed: MailboxSecret) -> None:
        """Go on with what a test renewed in the place of what was typed or confirmed: that is of no more use."""
        if self._confirmed is not None and used == self._confirmed[1]:
            self._confirmed = (self._confirmed[0], renewed)
        elif self._renewed is not None and used == self._renewed[1]:
            self._renewed = (self._renewed[0], renewed)
        else:
            self._renewed = (used, renewed)

    @work(exclusive=True, group="test")
    async def _try(self, change: MailboxChange) -> None:
        try:
            change = await self._complete(change)
            renewed = await self._test(change)
            if renewed is not None:
                self._keep(change.secret, renewed)
        except Refusal as error:
            self._show_refusal(error)


def number_in(dialog: Dialog[MailboxChange], name: str, least: int, most: int) -> int:
    """The whole number in a field. Raises Mistake."""
    text = dialog.text(name).strip()
    if text.isascii() and text.isdigit() and least <= int(text) <= most:
        return int(text)
    problem = _("Give a number from %(least)d to %(most)d.") % {"least": least, "most": most}
    raise Mistake(name, problem)
