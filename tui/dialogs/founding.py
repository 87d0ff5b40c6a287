"""The steps of setting up a new office, each a dialog: folder, mailbox, agreement, team lead, recovery key.

They ask and check what was typed; in what order they come, and what is made of it, is in `tui/screens/founding.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Button, Input, Label, Static

from intake.config import MailboxConfig, OfficeSettings, checked_use
from intake.desk.starting import full_path, read_authority
from intake.errors import WrongUse
from intake.formats import show_date
from intake.moments import NotADate, read_date
from intake.plaintext import clean_line
from intake.texts import N_, _
from storage.errors import Refusal, WeakPassphrase, WrongDisplayName, WrongUserName
from storage.passphrases import LEAST_SCORE, SHORTEST, score
from tui.bridge import Bridge
from tui.commands import command
from tui.dialogs.base import Dialog, Mistake, Submit
from tui.widgets.choice import Choice
from tui.widgets.field import Field, fields_of

D = TypeVar("D")
STEPS = 6
PORTS = {"tls": 993, "starttls": 143}
DEFAULT_SENDER = "opgroeien.be"
PAUSE_SECONDS = 0.3
"""So long after the last key a passphrase is judged."""


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
        yield Button(Content(f"{_(self.SEND)} (F2)"), id="send", variant="primary", compact=True)

    def action_leave(self) -> None:
        """Back."""
        self.left_over = self.values()
        super().action_leave()

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
            _("The IMAP server, for example outlook.office365.com"),
        )
        kinds = [
            ("tls", _("TLS from the first byte, most often port 993")),
            ("starttls", _("STARTTLS, most often port 143")),
        ]
        yield Field("security", _("Security"), Choice(kinds, "tls"))
        yield Field("port", _("Port"), Input(max_length=5, compact=True), _("Empty: the usual one"))
        yield Field("user", _("Account"), Input(max_length=254, compact=True))
        yield Field("password", _("Password"), Input(password=True, max_length=1024, compact=True))
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
        start = self._day("start")
        until = self._day("until", ahead=True) if self.text("until").strip() else None
        if until is not None and until < start:
            raise Mistake("until", _("The last day cannot lie before the first."))
        return Agreed(sender, start, until, self.text("visibility"), self.text("case_files"))

    def _day(self, name: str, *, ahead: bool = False) -> date:
        try:
            return read_date(self.text(name), self._today, ahead=ahead)
        except NotADate as error:
            raise Mistake(name, str(error)) from None


@dataclass(frozen=True, slots=True)
class Lead:
    """The first team lead."""

    name: str
    passphrase: str

    def __repr__(self) -> str:
        return "Lead(…)"


class LeadStep(StepDialog[Lead]):
    """The passphrase is judged while it is typed."""

    NUMBER = 4
    WORDS = N_("the first team lead")

    def __init__(self, submit: Submit[Lead], draft: Mapping[str, str] | None = None) -> None:
        super().__init__(submit, draft)
        self._waiting: Timer | None = None

    def form(self) -> ComposeResult:
        """Name, passphrase twice, secrecy."""
        yield Field(
            "name",
            _("Your name"),
            Input(max_length=120, compact=True),
            _("Your account is made of it: Els Peeters signs in as els.peeters"),
        )
        yield Field(
            "new",
            _("Passphrase"),
            Input(password=True, max_length=1024, compact=True),
            _("At least 12 characters, for example four words"),
        )
        yield Field("again", _("Once more"), Input(password=True, max_length=1024, compact=True))
        answers = [("", _("not confirmed yet")), ("yes", _("yes, I confirm this"))]
        yield Field(
            "secrecy",
            _("Secrecy"),
            Choice(answers, ""),
            _("I am bound by professional secrecy. The confirmation is kept with today's date. (A2)"),
        )

    def on_input_changed(self, event: Input.Changed) -> None:
        """Judge when the typing pauses."""
        if event.input is fields_of(self)["new"].control_widget:
            if self._waiting is not None:
                self._waiting.stop()
            self._waiting = self.set_timer(PAUSE_SECONDS, self._look)

    def _look(self) -> None:
        typed, name = self.text("new"), self.text("name")
        if typed:
            self.run_worker(self._judge(typed, name), exclusive=True, group="judge")

    async def _judge(self, typed: str, name: str) -> None:
        bridge: Bridge = self.app.bridge  # type: ignore[attr-defined]  # of this program's application
        found = await bridge.apart(lambda: judgement(typed, name))
        if self.is_attached and typed == self.text("new"):
            fields_of(self)["new"].clear_error()
            fields_of(self)["new"].say(found)

    def read(self) -> Lead:
        """Both passphrases alike."""
        name = self.line("name", _("Give your name."))
        if not self.text("new"):
            raise Mistake("new", _("Choose a passphrase."))
        if self.text("new") != self.text("again"):
            raise Mistake("again", _("This is not the same passphrase. Type it once more."))
        if not self.text("secrecy"):
            raise Mistake("secrecy", _("Without this confirmation you cannot sign in."))
        return Lead(name, self.text("new"))

    def field_of(self, error: Refusal) -> str | None:
        """A passphrase that is too weak, a name that cannot be one."""
        if isinstance(error, WeakPassphrase):
            return "new"
        return "name" if isinstance(error, WrongUserName | WrongDisplayName) else None


_JUDGED = (
    N_("guessed at once: choose four words that have nothing to do with each other"),
    N_("easily guessed: choose four words that have nothing to do with each other"),
    N_("still too easily guessed: add a word or two"),
    N_("good"),
    N_("very good"),
)


def judgement(passphrase: str, *about: str) -> str:
    """What is thought of a passphrase: a glyph and words."""
    if len(passphrase) < SHORTEST:
        return "✖ " + _("too short: %(count)d of at least %(least)d characters") % {
            "count": len(passphrase),
            "least": SHORTEST,
        }
    found = score(passphrase, *about)
    return ("✔ " if found >= LEAST_SCORE else "✖ ") + _(_JUDGED[found])


class KeyStep(StepDialog[bool]):
    """Shows the recovery key, to be written down."""

    NUMBER = 5
    WORDS = N_("the recovery key")
    SEND = N_("I have it on paper")
    BINDINGS: ClassVar[list[BindingType]] = [
        command("c", "copy", N_("Copy"), N_("Copy the key to the clipboard, to print it"), bar=True),
    ]

    def __init__(self, submit: Submit[bool], key: str) -> None:
        super().__init__(submit)
        self._key = key

    def form(self) -> ComposeResult:
        """The key in numbered groups, so that they can be asked for."""
        yield Static(
            Content(
                _(
                    "With this key the office gets in again when the last team lead forgot the passphrase. It is shown only "
                    "now and stored nowhere. Write it down or print it, and lay it in a safe. Whoever has it can read "
                    "everything."
                )
            ),
            classes="dialog-text",
        )
        yield Static(numbered(self._key), classes="secret", id="recovery-key")
        yield Static(Content(""), id="copied", classes="dialog-text")

    def read(self) -> bool:
        """Seen."""
        return True

    def action_copy(self) -> None:
        """To the clipboard, and say so."""
        self.app.copy_to_clipboard(self._key)
        said = "✔ " + _("Copied. Empty the clipboard once it is printed.")
        self.query_one("#copied", Static).update(Content(said))


def numbered(key: str) -> Content:
    """The groups of the key, four on a line, each with its number."""
    groups = key.split("-")
    cells = [f"{number:>2} {group}" for number, group in enumerate(groups, 1)]
    return Content("\n".join("   ".join(cells[i : i + 4]) for i in range(0, len(cells), 4)))


class KeyBackStep(StepDialog[bool]):
    """Asks some groups of the key, as proof that it is on paper; sending it makes the office."""

    NUMBER = 6
    WORDS = N_("the recovery key from your paper")
    SEND = N_("Set up the office")

    def __init__(self, submit: Submit[bool], key: str, asked: Sequence[int]) -> None:
        super().__init__(submit)
        self._groups = key.split("-")
        self._asked = tuple(asked)

    def form(self) -> ComposeResult:
        """A field for each group that is asked."""
        text = _(
            "Type these groups from your paper; Esc shows the key once more. Then the office is made, and you are signed in."
        )
        yield Static(Content(text), classes="dialog-text")
        for number in self._asked:
            label = _("Group %(number)d") % {"number": number}
            yield Field(f"group-{number}", label, Input(max_length=20, compact=True))

    def action_leave(self) -> None:
        """Back, unless the office is being made just now."""
        if self._sending is None:
            super().action_leave()

    def _busy(self, busy: bool) -> None:
        super()._busy(busy)
        state = self.query_one(".dialog-error", Label)
        state.set_class(busy, "-plain")
        if busy:
            state.update(Content("◌ " + _("Making the office…")))
            state.display = True

    def read(self) -> bool:
        """As on the paper."""
        for number in self._asked:
            typed = "".join(self.text(f"group-{number}").split()).upper()
            if typed != self._groups[number - 1].upper():
                raise Mistake(
                    f"group-{number}",
                    _("This is not group %(number)d of the key. Compare it with your paper.")
                    % {"number": number},
                )
        return True


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
