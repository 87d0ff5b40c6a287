"""The first steps of setting up a new office, each a dialog: folder, mailbox, agreement. The others: `founding_lead.py`.

They ask and check what was typed; in what order they come, and what is made of it, is in `tui/screens/founding.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Button, Input

from intake.config import DEFAULT_SENDER, PORTS, MailboxConfig, OfficeSettings, checked_use
from intake.desk.starting import full_path, read_authority
from intake.errors import WrongUse
from intake.formats import show_date
from intake.plaintext import clean_line
from intake.texts import N_, _
from storage.errors import Refusal
from tui.commands import command, send_key
from tui.dialogs.base import Dialog, Mistake, Submit
from tui.widgets.choice import Choice
from tui.widgets.field import Field

D = TypeVar("D")
STEPS = 6


class StepDialog(Dialog[D]):
    """One step: Esc goes back to the one before, and what was typed is in `left_over` either way."""

    HELP = "start"
    SEND = N_("Next")
    NUMBER: ClassVar[int] = 0
    WORDS: ClassVar[str] = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        command("escape", "leave", N_("Back"), N_("Back to the step before; nothing is made yet"), bar=True),
        command("f2,ctrl+s", "send", N_("Next"), N_("On to the next step"), bar=True),
    ]

    @property
    def title_text(self) -> str:
        """Which of how many."""
        step = _("Step %(number)d of %(count)d") % {"number": self.NUMBER, "count": STEPS}
        return f"{step} · {_(self.WORDS)}"

    def buttons(self) -> ComposeResult:
        """Back is the safe one: nothing is made yet."""
        yield Button(Content(_("Back") + " (Esc)"), id="leave", compact=True)
        yield Button(
            Content(f"{_(self.SEND)} ({send_key(self.app)})"), id="send", variant="primary", compact=True
        )

    def action_leave(self) -> None:
        """Back, without a question: it is all there when one comes again."""
        self.left_over = self.values()
        self.dismiss(None)

    def action_send(self) -> None:
        """On."""
        self.left_over = self.values()
        super().action_send()

    def line(self, name: str, problem: str) -> str:
        """What stands in a field, on one line; a Mistake with this sentence when it is empty."""
        text = clean_line(self.text(name))
        if not text:
            raise Mistake(name, problem)
        return text


@dataclass(frozen=True, slots=True)
class Place:
    """Where the store will be, and whose it is."""

    folder: Path
    ocmw: str
    postcodes: tuple[str, ...]


class PlaceStep(StepDialog[Place]):
    """The folder, the OCMW's name, its postcodes."""

    NUMBER = 1
    WORDS = N_("the office and its folder")

    def form(self) -> ComposeResult:
        """Three fields."""
        yield Field("ocmw", _("Name"), Input(max_length=120, compact=True), _("For example: OCMW Wervik"))
        yield Field(
            "folder",
            _("Folder"),
            Input(max_length=1000, compact=True),
            _(
                "A new one, that all colleagues reach and can write: a network drive, or this machine to begin with"
            ),
        )
        yield Field(
            "postcodes",
            _("Postcodes"),
            Input(max_length=200, compact=True),
            _("Of the municipality, with commas between; a client of another one is flagged"),
        )

    def read(self) -> Place:
        """The folder's full path."""
        ocmw = self.line("ocmw", _("Give the name of the OCMW."))
        try:
            folder = full_path(self.text("folder"))
        except WrongUse as error:
            raise Mistake("folder", str(error.values["problem"])) from None
        codes = tuple(dict.fromkeys(self.text("postcodes").replace(",", " ").split()))
        if any(not (code.isascii() and code.isdigit() and len(code) in (4, 5)) for code in codes):
            raise Mistake("postcodes", _("A postcode has four digits, for example 8940."))
        return Place(folder, ocmw, codes)

    def field_of(self, error: Refusal) -> str | None:
        """Whatever is refused is the folder."""
        del error
        return "folder"


@dataclass(frozen=True, slots=True)
class Box:
    """The mailbox, its password, who may send, and the passphrase of the archives."""

    config: MailboxConfig
    password: str
    senders: tuple[str, ...]
    archive: str

    def __repr__(self) -> str:
        return "Box(…)"


class BoxStep(StepDialog[Box]):
    """The mailbox; sending it tests it."""

    NUMBER = 2
    WORDS = N_("the mailbox")
    SEND = N_("Test")

    def form(self) -> ComposeResult:
        """Server, account, senders, archives."""
        yield Field(
            "host",
            _("Server"),
            Input(max_length=253, compact=True),
            _("The IMAP server; outlook.office365.com takes no password: run ocmw-intake init --sign-in"),
        )
        kinds = [
            ("tls", _("TLS from the first byte, most often port 993")),
            ("starttls", _("STARTTLS, most often port 143")),
        ]
        yield Field("security", _("Security"), Choice(kinds, "tls"))
        yield Field("port", _("Port"), Input(max_length=5, compact=True), _("Empty: the usual one"))
        yield Field("user", _("Account"), Input(max_length=254, compact=True))
        tokens = _("Microsoft 365 and other token services: ocmw-intake init --sign-in")
        yield Field("password", _("Password"), Input(password=True, max_length=1024, compact=True), tokens)
        yield Field(
            "senders",
            _("Senders"),
            Input(DEFAULT_SENDER, max_length=2000, compact=True),
            _("Domains or addresses that may send, with commas between"),
        )
        yield Field(
            "archive",
            _("Archives"),
            Input(password=True, max_length=1024, compact=True),
            _("The passphrase of the archives, as agreed with the sender (P6)"),
        )
        yield Field(
            "authority",
            _("Authority"),
            Input(max_length=1000, compact=True),
            _("Only for a mail server with its own authority: the file with its certificate (PEM)"),
        )

    def read(self) -> Box:
        """The settings, checked."""
        host = self.line("host", _("Give the mail server."))
        user = self.line("user", _("Give the account of the mailbox."))
        port = self.text("port").strip() or str(PORTS[self.text("security")])
        if not (port.isascii() and port.isdigit() and 1 <= int(port) <= 65535):
            raise Mistake(
                "port", _("Give a number from %(least)d to %(most)d.") % {"least": 1, "most": 65535}
            )
        password, archive = self.text("password"), self.text("archive")
        if not password:
            raise Mistake("password", _("Give the password of the mailbox."))
        if not archive:
            raise Mistake("archive", _("Give the passphrase of the archives."))
        senders = tuple(self.text("senders").replace(",", " ").split())
        try:
            authority = read_authority(self.text("authority"))
        except WrongUse as error:
            raise Mistake("authority", str(error.values["problem"])) from None
        box = {
            "host": host,
            "port": int(port),
            "security": self.text("security"),
            "user": user,
            "ca_pem": authority,
        }
        try:
            known = checked_use(OfficeSettings, {"mailbox": box, "trusted_senders": senders})
        except WrongUse as error:
            problem = str(error.values["problem"])
            raise Mistake("senders" if "trusted_senders" in problem else "host", problem) from None
        return Box(known.mailbox, password, known.trusted_senders, archive)


@dataclass(frozen=True, slots=True)
class Agreed:
    """The first terms; the others follow in the administration. `until` is the last day, None for no end."""

    sender: str
    start: date
    until: date | None
    visibility: str
    case_files: str


class AgreedStep(StepDialog[Agreed]):
    """From when to when, and what the office decided."""

    NUMBER = 3
    WORDS = N_("the agreement")

    def __init__(self, submit: Submit[Agreed], draft: Mapping[str, str] | None, today: date) -> None:
        super().__init__(submit, draft)
        self._today = today

    def form(self) -> ComposeResult:
        """Two days and two decisions."""
        sender = "Opgroeien regie, lokaal team Kind en Gezin"
        yield Field("sender", _("Sender"), Input(sender, max_length=120, compact=True))
        start = Input(show_date(self._today), max_length=20, compact=True)
        yield Field("start", _("Runs from"), start, _("Before this day nothing is received. (P5)"))
        until = Input(max_length=20, compact=True)
        yield Field("until", _("Until"), until, _("The last day, included; empty when no end is known. (P1)"))
        who = [("assigned", _("the assigned worker and team leads")), ("team", _("all social workers"))]
        yield Field("visibility", _("Who reads"), Choice(who, "assigned"))
        where = [("external", _("in another system of the OCMW")), ("local", _("in this program"))]
        yield Field("case_files", _("Case files"), Choice(where, "external"))

    def read(self) -> Agreed:
        """The terms."""
        sender = self.line("sender", _("Give the name of the sender."))
        start = self.day("start", self._today)
        until = self.day_if_any("until", self._today, ahead=True)
        if until is not None and until < start:
            raise Mistake("until", _("The last day cannot lie before the first."))
        return Agreed(sender, start, until, self.text("visibility"), self.text("case_files"))


def settings_of(place: Place, box: Box, agreed: Agreed) -> OfficeSettings:
    """What the steps gave, as an office's settings. Raises WrongUse."""
    values: dict[str, Any] = {
        "mailbox": box.config.model_dump(),
        "agreement": {
            "ocmw": place.ocmw,
            "sender": agreed.sender,
            "in_force_from": agreed.start,
            # The first day without data flow, as the settings have it.
            "ended_on": agreed.until + timedelta(days=1) if agreed.until is not None else None,
        },
        "postcodes": place.postcodes,
        "trusted_senders": box.senders,
        "visibility": agreed.visibility,
        "case_files": agreed.case_files,
    }
    return checked_use(OfficeSettings, values)
