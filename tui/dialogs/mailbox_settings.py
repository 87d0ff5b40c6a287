"""How the mailbox is reached. The password is never shown: an empty field leaves it as it is."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Button, Input

from intake.config import OfficeSettings, checked_use
from intake.desk.starting import read_authority
from intake.errors import WrongUse
from intake.texts import N_, _
from storage.errors import Refusal
from tui.commands import command, key_of, written
from tui.dialogs.base import Dialog, Mistake, Submit
from tui.widgets.choice import Choice
from tui.widgets.field import Field

NO_AUTHORITY = "-"
"""Typed instead of a file: the authorities that the machine trusts again."""
LEFT_ALONE = "-"
"""Typed instead of a folder: that for spam is not looked at."""


@dataclass(frozen=True, slots=True)
class MailboxChange:
    """The settings with another mailbox; `password` is None where it stays."""

    settings: OfficeSettings
    password: str | None

    def __repr__(self) -> str:
        return "MailboxChange(…)"


class MailboxSettingsDialog(Dialog[MailboxChange]):
    """`test` tries what is typed; `senders` tells whether the trusted senders may be changed, too."""

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
        test: Callable[[MailboxChange], Awaitable[None]],
        senders: bool,
    ) -> None:
        super().__init__(submit, draft)
        self._settings = settings
        self._test = test
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
        password = Input(password=True, max_length=1024, compact=True)
        yield Field("password", _("Password"), password, _("Empty: unchanged. It is never shown."))
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

    def buttons(self) -> ComposeResult:
        """One more, to try it."""
        yield from super().buttons()
        key = written(key_of(self.app, "test-typed", "ctrl+t"))
        yield Button(Content(_("Test") + f" ({key})"), id="test", compact=True)

    def read(self) -> MailboxChange:
        """The settings, checked."""
        box = self._settings.mailbox
        host, user = self.text("host").strip(), self.text("user").strip()
        password = self.text("password") or None
        junk = self.text("junk").strip()
        if password is None and (host.casefold(), user) != (box.host.casefold(), box.user):
            raise Mistake(
                "password",
                _("Another server or account: type the password, so that the old one is not sent there."),
            )
        values = box.model_dump() | {
            "host": host,
            "user": user,
            "security": self.text("security"),
            "port": number_in(self, "port", 1, 65535),
            "poll_seconds": number_in(self, "poll", 5, 3600),
            "ca_pem": self._authority(box.ca_pem),
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
        return MailboxChange(settings, password)

    def _authority(self, known: str | None) -> str | None:
        text = self.text("authority").strip()
        if not text:
            return known
        if text == NO_AUTHORITY:
            return None
        try:
            return read_authority(text)
        except WrongUse as error:
            raise Mistake("authority", str(error.values["problem"])) from None

    def _wrong(self, problem: str) -> str:
        """The field that the first wrong setting stands in."""
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

    @work(exclusive=True, group="test")
    async def _try(self, change: MailboxChange) -> None:
        try:
            await self._test(change)
        except Refusal as error:
            self._show_refusal(error)


def number_in(dialog: Dialog[MailboxChange], name: str, least: int, most: int) -> int:
    """The whole number in a field. Raises Mistake."""
    text = dialog.text(name).strip()
    if text.isascii() and text.isdigit() and least <= int(text) <= most:
        return int(text)
    problem = _("Give a number from %(least)d to %(most)d.") % {"least": least, "most": most}
    raise Mistake(name, problem)
