"""Rounds through every screen and dialog of the program, for tests that look at each of them in one start.

A round calls `visit(name)` at every stop, when the screen in front has come to rest. What the office holds is the
caller's: `fill_office` takes the words that people and mails bring in.
"""

import gc
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partialmethod
from pathlib import Path
from typing import Any

import pytest
from textual.command import CommandPalette
from textual.screen import Screen
from textual.widgets import Checkbox, Input
from textual.worker import WorkerState

import tui.screens.founding
from intake.agreement import Agreement, Contact, Processor, Publication
from intake.causes import Cause
from intake.client import Client, Consent
from intake.desk import Desk
from intake.desk.breaches import Account
from intake.desk.mailwatch import MailWatch, Polled
from intake.desk.polling import PollResult
from intake.desk.staff import Staff, first_sign_in
from intake.desk.work import AttemptRequest
from intake.errors import IntakeError
from intake.mail.code import Code, CodeSignIn, Waiting
from intake.mail.ways import MailboxSecret, MicrosoftDevice
from intake.referral import Channel, Closure, Flag, Result, State, Wish
from intake.registers import BreachKind, Subject, What
from intake.rows import Payload
from intake.staff import Role
from storage.store import open_store
from tests.tui.driving import Driver, app_of, fill, flat, until
from tests.tui.office import CLIENTS, COST, ELS, LEAD, PASSPHRASES, START, TOM, TestOffice, found_office
from tests.tui.retained import DPO as DIRK
from tests.tui.retained import MIA, case_file, closed, with_message
from tui.dialogs.absence import AbsenceDialog
from tui.dialogs.answer import AnswerDialog
from tui.dialogs.assign import AssignDialog
from tui.dialogs.attempt import AttemptDialog
from tui.dialogs.breach import BreachDialog, BreachNoticeDialog
from tui.dialogs.case_open import CaseOpenDialog
from tui.dialogs.certificate import CertificateDialog
from tui.dialogs.close import CloseDialog
from tui.dialogs.code import CodeDialog
from tui.dialogs.confirm import ConfirmDialog
from tui.dialogs.consent import ConsentDialog
from tui.dialogs.day import DayDialog
from tui.dialogs.disclose import DiscloseDialog
from tui.dialogs.export import ExportDialog
from tui.dialogs.founding import AgreedStep, BoxStep, PlaceStep
from tui.dialogs.founding_lead import KeyBackStep, KeyStep, LeadStep
from tui.dialogs.hand_over import HandOverDialog
from tui.dialogs.help import HelpDialog
from tui.dialogs.hold import HoldDialog
from tui.dialogs.join import JoinDialog
from tui.dialogs.log_search import LogSearchDialog, WhichDialog
from tui.dialogs.mailbox_check import MailboxCheckDialog
from tui.dialogs.mailbox_code import MailboxCodeDialog
from tui.dialogs.mailbox_settings import MailboxSettingsDialog
from tui.dialogs.menu import MenuDialog
from tui.dialogs.paper import PaperDialog
from tui.dialogs.passphrase import PassphraseDialog
from tui.dialogs.passphrase_add import PassphraseAddDialog
from tui.dialogs.passphrase_end import PassphraseEndDialog
from tui.dialogs.period import PeriodDialog
from tui.dialogs.proof import ProofDialog
from tui.dialogs.propose import ProposeDialog
from tui.dialogs.quality import QualityDialog
from tui.dialogs.reading import ReadingDialog
from tui.dialogs.reason import ReasonDialog
from tui.dialogs.register import RegisterDialog
from tui.dialogs.reject import RejectDialog
from tui.dialogs.run import RunDialog
from tui.dialogs.seen_by import SeenByDialog
from tui.dialogs.shown import ShownDialog
from tui.dialogs.superfluous import SuperfluousDialog
from tui.dialogs.task import TaskDialog
from tui.dialogs.tell import TellDialog
from tui.dialogs.terms import TermsDialog
from tui.dialogs.told import ToldDialog
from tui.dialogs.user_add import UserAddDialog
from tui.dialogs.user_end import UserEndDialog
from tui.dialogs.why import WhyDialog
from tui.dialogs.wish import WishDialog
from tui.logshown import keyed
from tui.messages import MailboxState
from tui.screens.board import BoardScreen
from tui.screens.breaches import BreachesScreen
from tui.screens.disclosures import DisclosuresScreen
from tui.screens.figures import FiguresScreen
from tui.screens.first import FirstSignInScreen
from tui.screens.lock import LockScreen
from tui.screens.log import LogScreen
from tui.screens.office import OfficeScreen
from tui.screens.quality import QualityScreen
from tui.screens.quarantine import QuarantineScreen
from tui.screens.referral import ReferralScreen
from tui.screens.retention import RetentionScreen
from tui.screens.secrecy import SecrecyScreen
from tui.screens.signin import SignInScreen
from tui.screens.start import StartScreen
from tui.screens.subjects import SubjectsScreen
from tui.screens.tasks import TasksScreen
from tui.screens.worklist import WorklistScreen
from tui.widgets.choice import Choice
from tui.widgets.field import fields_of
from tui.widgets.grid import Grid

Visit = Callable[[str], Awaitable[None]]

SOFIE, NUMBER = "sofie", "2026/0117"
PASSPHRASES |= {SOFIE: "een lange zin voor sofie"}


# -- the office that is walked through ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Brought:
    """The words that come from outside or are typed by users."""

    clients: Sequence[Client] = CLIENTS
    note: str = "Neemt niet op voor de middag; liefst bellen na 14 uur."
    why: str = "vraag van de ouders zelf"
    number: str = NUMBER
    name: str = "Sofie Vandenbroucke"
    sender: str = "lien.desmet@kindengezin.example"
    form: str = "Voornaam: Lien\nNaam: De Smet\nTel: 0470 00 00 00\nGemeente: Wervik"
    ocmw: str = "OCMW Wervik"
    partner: str = "Huis van het Kind Wervik"
    folder: str = "Verwerkt"
    host: str = "127.0.0.1"
    task: str = "nieuwe verwerker voor de mailbox"
    what: str = "Mail met een lijst van cliënten naar het verkeerde adres gestuurd"
    data: str = "naam, telefoonnummer"
    sought: str = "peeters"


@dataclass
class Filled:
    """The office, and which referral stands where."""

    office: TestOffice
    words: Brought
    at: dict[str, str] = field(default_factory=dict)


def fill_office(office: TestOffice, words: Brought = Brought()) -> Filled:
    """Put something into every list of the office."""
    filled = Filled(office, words)
    at = filled.at
    _colleague(office, SOFIE, words.name, Role.SOCIAL_WORKER)
    _colleague(office, DIRK, "Dirk Dewulf", Role.DPO)
    _colleague(office, MIA, "Mia Lambrecht", Role.TEAM_LEAD)
    office.clock.now = START - timedelta(days=9)
    client = words.clients[0]
    with office.desk(LEAD) as desk:
        _settings(desk, words)
        new, mine, colleagues, case, confirm = office.receive_at(desk, [*words.clients[:4], client])
        (doubt,) = office.receive_at(desk, [words.clients[1]], Consent.NOT_STATED)
        at |= {"new": new, "mine": mine, "colleagues": colleagues, "case": case, "doubt": doubt}
        desk.work.assign([mine, case, confirm], LEAD)
        desk.work.assign([colleagues], ELS)
        office.clock.forward(days=2)
        for reference in (mine, case, confirm):
            _reached(desk, reference, words.note)
        desk.work.inform(mine)
        desk.work.wish(mine, Wish.YES)
        desk.work.wish(case, Wish.YES, note=words.note)
        desk.work.wish(confirm, Wish.YES)
        desk.cases.open(case, NUMBER)
        if words.number != NUMBER:  # one that the desk refuses: as a row has it that was written otherwise
            _changed(desk, case, words.clients[3], case_number=words.number)
        _changed(desk, confirm, words.clients[0], state=State.HANDED_OVER, handed_over_on=date(2026, 11, 12))
        at["confirm"] = confirm
        _changed(desk, doubt, words.clients[1], flags=(Flag.SUPERFLUOUS.value,))
        with suppress(IntakeError):  # recorded; nobody answers for the mailbox
            desk.quality.open(mine, "phone", What.WRONG)
        desk.disclosures.disclose(mine, words.partner, ("first_name", "phone"), words.why, client_agrees=True)
        office.clock.now = START
        at["ended"] = closed(office, desk, 3)
        at["later"] = closed(office, desk, 5, closed_because=Closure.UNREACHABLE)
        at["held"] = closed(office, desk, 1, hold_until=START.date() + timedelta(days=12))
        at["list"] = case_file(office, desk, words.number)
        with_message(office, desk, 4)
        desk.destruction.propose()
        desk.staff.absent(TOM, START.date() + timedelta(days=4), SOFIE)
        desk.tasks.open(Subject.LAW, words.task, START.date() + timedelta(days=12))
        account = Account(words.what, words.data, 3, 3, words.why, words.why)
        desk.breaches.open(account, START - timedelta(hours=20), kind=BreachKind.LOST)
        desk.breaches.open(account, START - timedelta(hours=80), kind=BreachKind.LOST)
        desk.backups.create()
    for cause in (Cause.NOT_ENCRYPTED, Cause.UNKNOWN_PASSPHRASE, Cause.UNCLEAR_FORM):
        at[cause.value] = office.quarantine(cause, words.form, words.sender)
    return filled


def _colleague(office: TestOffice, name: str, shown: str, role: Role) -> None:
    with office.desk(LEAD) as desk:
        code = desk.staff.add(name, [role], display_name=shown, cost=COST)
    store = open_store(office.location, clock=office.clock)
    first_sign_in(store, name, code, PASSPHRASES[name], START.date(), cost=COST)
    store.close()


def _settings(desk: Desk, words: Brought) -> None:
    agreement = Agreement(
        ocmw=words.ocmw[:120],
        in_force_from=date(2024, 1, 1),
        reference=words.number[:200],
        dpo=Contact(name=words.name[:200], email="dpo@ocmw.example"),
        sender_dpo=Contact(email="dpo@kindengezin.example"),
        team=Contact(email="team@kindengezin.example", phone=words.why[:200]),
        partners=(words.partner[:200],),
        processors=(Processor(name=words.name[:200], service=words.task[:200]),),
        publications=(Publication(by=words.ocmw[:200], url="https://wervik.example/protocol"),),
    )
    settings = desk.settings.show()
    mailbox = settings.mailbox.model_copy(
        update={"host": words.host, "processed": words.folder, "quarantine": words.folder + " 2"}
    )
    changed = {"agreement": agreement, "mailbox": mailbox, "case_files": "local", "selection_rule": "B 12.3"}
    desk.settings.change(settings.model_copy(update=changed))


def _reached(desk: Desk, reference: str, note: str) -> None:
    desk.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.NO_ANSWER))
    desk.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.REACHED, note=note))


def _changed(desk: Desk, reference: str, client: Client, **changes: Any) -> None:
    of = desk.office
    with of.store.transaction(of.session.signer) as tx:
        facts = replace(of.facts(of.row_of(tx, reference), reference), **changes)
        of.put_referral(tx, facts, of.seal_payload(Payload(client), facts))


def steady_office(
    folder: Path, monkeypatch: pytest.MonkeyPatch, words: Brought = Brought()
) -> Iterator[Filled]:
    """A filled office in which nothing differs from run to run, and that is walked through quickly. For a fixture."""
    monkeypatch.setenv("OCMW_INTAKE_LANGUAGE", "nl")
    monkeypatch.setattr("platform.node", lambda: "werkplek")
    monkeypatch.setattr(Path, "home", classmethod(lambda _cls: Path("/home/els")))
    monkeypatch.setattr(tui.screens.founding, "COST", COST)
    for name in ("add", "reset"):
        monkeypatch.setattr(Staff, name, partialmethod(getattr(Staff, name), cost=COST))
    filled = fill_office(found_office(folder), words)

    def polled(watch: MailWatch, asked: bool) -> float:
        watch._tell(Polled(PollResult(12, 10, 1, 1, (), 1.0), asked))
        return 3600.0

    monkeypatch.setattr(MailWatch, "_once", polled)
    # A sixth of the time goes into looking for cycles among the tens of thousands of widgets and styles.
    gc.disable()
    yield filled
    gc.enable()


# -- walking ------------------------------------------------------------------------------------------------------------


async def at_rest(driver: Driver) -> None:
    """Wait until nothing is under way for the screen in front, and take the notices away."""
    app = driver.app
    ended = (WorkerState.SUCCESS, WorkerState.CANCELLED, WorkerState.ERROR)

    def quiet() -> bool:
        busy = [w for w in app.workers if w.state not in ended and w.node is app.screen]
        return not busy and not getattr(app.screen, "busy", False)

    await until(driver, quiet)
    app.clear_notifications()
    await driver.pause()


class Round:
    """Goes from stop to stop. `classes` are those of the screens and dialogs that were in front."""

    def __init__(self, driver: Driver, filled: Filled, visit: Visit) -> None:
        self.driver = driver
        self.filled = filled
        self.visit = visit
        self.classes: set[type] = set()

    async def at(self, name: str, kind: type[Screen[Any]]) -> None:
        """Wait for a screen of this class, and visit it."""
        await self.front(kind)
        await until(self.driver, lambda: getattr(self.driver.app.screen, "found", self) is not None)
        await at_rest(self.driver)
        self.classes.add(type(self.driver.app.screen))
        await self.visit(name)

    async def front(self, kind: type[Screen[Any]]) -> None:
        """Wait for a screen of this class."""
        await until(self.driver, lambda: isinstance(self.driver.app.screen, kind))

    async def press(self, *keys: str) -> None:
        """Press, and wait until what they do is done."""
        await self.driver.press(*keys)
        await self.driver.pause()

    async def dialog(self, name: str, kind: type[Screen[Any]], *keys: str, leave: str = "escape") -> None:
        """Open a dialog with these keys, visit it, and leave it."""
        await self.press(*keys)
        await self.at(name, kind)
        await self.leave(leave)

    async def leave(self, key: str = "escape") -> None:
        """Leave the dialog in front."""
        dialog = self.driver.app.screen
        await self.press(key)
        await until(self.driver, lambda: self.driver.app.screen is not dialog)
        await at_rest(self.driver)

    async def go(self, code: str, kind: type[Screen[Any]], name: str | None = None) -> None:
        """To a place, and visit it."""
        await until(self.driver, lambda: app_of(self.driver).rights)
        await app_of(self.driver).action_go(code)
        await self.at(name or code, kind)

    async def tab(self, name: str, key: str) -> None:
        """Another list of the screen in front."""
        await self.press(key)
        await self.at(name, type(self.driver.app.screen))

    async def on(self, key: str) -> None:
        """The cursor on a line of the screen in front."""
        grid = self.driver.app.screen.query(Grid).first()
        await until(self.driver, lambda: key in grid.keys)
        grid.focus()
        grid.move_cursor(row=grid.get_row_index(key))
        await at_rest(self.driver)

    async def back(self, kind: type[Screen[Any]]) -> None:
        """From a screen to the one beneath it."""
        await self.press("escape")
        await self.front(kind)
        await at_rest(self.driver)

    async def open(self, reference: str, name: str | None = None, reason: str = "nazicht") -> None:
        """From any list: the referral with this reference; a colleague's with a reason."""
        await self.on(reference)
        await self.press("enter")
        await until(
            self.driver,
            lambda: isinstance(self.driver.app.screen, ReferralScreen | ReasonDialog),
        )
        if isinstance(self.driver.app.screen, ReasonDialog):
            await self.at("dialog-reason", ReasonDialog)
            box = self.driver.app.screen.query_one("#field-reason Input", Input)
            box.value = reason[: box.max_length]
            await self.press("f2")
        await self.front(ReferralScreen)
        await at_rest(self.driver)
        if name is not None:
            await self.at(name, ReferralScreen)


async def work_round(driver: Driver, filled: Filled, visit: Visit) -> set[type]:
    """What a team lead meets between the sign-in and the day's work: worklist, referrals, log, board, quarantine."""
    r = Round(driver, filled, visit)
    await until(driver, lambda: app_of(driver).mailbox.state is MailboxState.UP)
    await _worklist(r)
    await _referral(r, filled.at)
    await _log(r)
    await _board(r)
    await _quarantine(r, filled.at)
    return r.classes


async def office_round(driver: Driver, filled: Filled, visit: Visit) -> set[type]:
    """The other screens and dialogs of a team lead: registers, figures, administration, retention; then the lock."""
    r = Round(driver, filled, visit)
    await until(driver, lambda: app_of(driver).mailbox.state is MailboxState.UP)
    await _registers(r)
    await _figures(r)
    await _office(r)
    await _subjects(r)
    await _retention(r, filled.at)
    await r.press("ctrl+l")
    await r.at("lock", LockScreen)
    return r.classes


async def main_round(driver: Driver, filled: Filled, visit: Visit) -> None:
    """The screens at which people work most, without their dialogs."""
    r = Round(driver, filled, visit)
    await until(driver, lambda: app_of(driver).mailbox.state is MailboxState.UP)
    await r.at("worklist", WorklistScreen)
    await r.open(filled.at["mine"], "referral")
    await r.go("board", BoardScreen)
    await r.go("retention", RetentionScreen)
    await r.go("quarantine", QuarantineScreen)
    await r.go("figures", FiguresScreen)


async def _worklist(r: Round) -> None:
    await r.at("worklist", WorklistScreen)
    await r.dialog("dialog-menu", MenuDialog, "f2")
    await r.dialog("dialog-help", HelpDialog, "f1")
    await r.press("ctrl+p")
    await r.front(CommandPalette)
    await r.press("c", "i", "j")
    await at_rest(r.driver)
    await r.at("dialog-palette", CommandPalette)
    await r.press("escape")
    await r.front(WorklistScreen)
    await r.press("x")
    await r.at("worklist-masked", WorklistScreen)
    await r.press("x")


async def _referral(r: Round, at: dict[str, str]) -> None:
    await r.open(at["new"], "referral-new")
    for name, kind, key in (
        ("dialog-attempt", AttemptDialog, "c"),
        ("dialog-consent", ConsentDialog, "t"),
        ("dialog-close", CloseDialog, "s"),
        ("dialog-assign", AssignDialog, "a"),
        ("dialog-hold", HoldDialog, "l"),
        ("dialog-quality", QualityDialog, "m"),
    ):
        await r.dialog(name, kind, key)
    await r.back(WorklistScreen)
    await r.open(at["mine"], "referral")
    for name, kind, key in (
        ("dialog-wish", WishDialog, "w"),
        ("dialog-case-open", CaseOpenDialog, "d"),
        ("dialog-disclose", DiscloseDialog, "p"),
        ("dialog-unassign", ConfirmDialog, "n"),
    ):
        await r.dialog(name, kind, key)
    await r.back(WorklistScreen)
    await r.open(at["case"], "referral-case")
    await r.dialog("dialog-hand-over", HandOverDialog, "v")
    await r.dialog("dialog-case-close", DayDialog, "e")
    await r.dialog("dialog-inform", DayDialog, "i")
    await r.back(WorklistScreen)
    await r.open(at["doubt"], "referral-doubt")
    await r.dialog("dialog-ask", ConfirmDialog, "z")
    await r.dialog("dialog-superfluous-question", ConfirmDialog, "f7")
    # It shows what is fetched from the mailbox, which nobody answers for here.
    lines = ("Opmerking: moeder is zwanger van de tweede", "Werk: in de bakkerij")
    r.driver.app.push_screen(SuperfluousDialog(at["doubt"], lines))
    await r.dialog("dialog-superfluous", SuperfluousDialog)
    await r.back(WorklistScreen)
    # With a reason that someone typed: it is told in the log and in the list of who saw it.
    await r.open(at["colleagues"], "referral-colleagues", r.filled.words.why)
    await r.back(WorklistScreen)
    await r.tab("worklist-closed", "l")
    await r.open(at["ended"], "referral-closed")
    await r.dialog("dialog-reopen", WhyDialog, "h")
    await r.back(WorklistScreen)
    await r.tab("worklist-open", "o")


async def _log(r: Round) -> None:
    await r.go("log", LogScreen)
    await r.dialog("dialog-log-search", LogSearchDialog, "f")
    await r.dialog("dialog-log-entry", ReadingDialog, "enter")
    await r.dialog("dialog-log-export", ExportDialog, "e")
    screen = r.driver.app.screen
    assert isinstance(screen, LogScreen)
    looked = keyed(screen.found.looked)
    await r.on(next(key for key, one in looked.items() if one.entry and len(one.entry.references) > 2))
    await r.press("w")
    await r.at("dialog-which", WhichDialog)
    await r.press("f2")
    await r.dialog("dialog-seen-by", SeenByDialog)


async def _board(r: Round) -> None:
    await r.go("board", BoardScreen)
    await r.dialog("dialog-propose", ProposeDialog, "v")
    await r.tab("board-by-worker", "w")


async def _quarantine(r: Round, at: dict[str, str]) -> None:
    await r.go("quarantine", QuarantineScreen)
    await r.on(at["not-encrypted"])
    await r.press("enter")
    await r.at("quarantine-text", QuarantineScreen)
    await r.press("escape")
    await r.dialog("dialog-breach-of-quarantine", ConfirmDialog, "b")
    await r.dialog("dialog-reject", RejectDialog, "w")
    await r.dialog("dialog-register", RegisterDialog, "h")
    await r.on(at["unknown-passphrase"])
    await r.dialog("dialog-passphrase", PassphraseDialog, "n")


async def _registers(r: Round) -> None:
    await r.go("tasks", TasksScreen)
    await r.tab("tasks-to-do", "t")
    await r.dialog("dialog-task", TaskDialog, "n")
    await r.dialog("dialog-task-done", WhyDialog, "b")
    await r.go("breaches", BreachesScreen)
    await r.dialog("dialog-breach-facts", ShownDialog, "enter")
    await r.dialog("dialog-breach-update", BreachDialog, "b")
    await r.dialog("dialog-breach-notice", BreachNoticeDialog, "m")
    await r.tab("breaches-proposals", "o")
    await r.dialog("dialog-breach", BreachDialog, "n")
    await r.go("quality", QualityScreen)
    await r.dialog("dialog-answer", AnswerDialog, "b")
    await r.go("disclosures", DisclosuresScreen)


async def _figures(r: Round) -> None:
    await r.go("figures", FiguresScreen)
    await r.dialog("dialog-period", PeriodDialog, "p")
    await r.tab("figures-table", "t")
    await r.press("t")
    await r.tab("figures-days", "d")
    await r.tab("figures-ends", "u")
    await r.tab("figures-workload", "w")


async def _office(r: Round) -> None:
    await r.go("office", OfficeScreen)
    await r.press("n")
    await r.at("dialog-user-add", UserAddDialog)
    await fill(r.driver, "name", "Wout Maes")
    fields_of(r.driver.app.screen)["role-dpo"].query_one(Checkbox).value = True  # type: ignore[arg-type]
    await r.press("f2")
    await r.dialog("dialog-code", CodeDialog)
    await r.on("wout.maes")
    await r.dialog("dialog-reset", ConfirmDialog, "R")
    await r.press("d")
    await r.at("dialog-user-end", UserEndDialog)
    await r.press("f2")
    await r.dialog("dialog-tell", TellDialog)
    await r.on(SOFIE)
    await r.dialog("dialog-absence", AbsenceDialog, "e")
    await r.tab("office-mailbox", "o")
    await r.dialog("dialog-mailbox-check", MailboxCheckDialog, "t")
    await r.dialog("dialog-mailbox-settings", MailboxSettingsDialog, "w")
    await _mailbox_ways(r)
    await r.tab("office-agreement", "r")
    await r.dialog("dialog-terms", TermsDialog, "w")
    await r.tab("office-passphrases", "c")
    await r.dialog("dialog-passphrase-add", PassphraseAddDialog, "a")
    await r.dialog("dialog-passphrase-end", PassphraseEndDialog, "l")
    await r.tab("office-backups", "b")
    await r.tab("office-evidence", "i")
    await r.dialog("dialog-paper", PaperDialog, "enter")


async def _mailbox_ways(r: Round) -> None:
    await r.press("w")
    await r.front(MailboxSettingsDialog)
    way = fields_of(r.driver.app.screen)["way"]
    way.text = "microsoft-app"
    way.focus_control()
    await r.at("dialog-mailbox-way", MailboxSettingsDialog)
    await r.leave()
    r.driver.app.push_screen(MailboxCodeDialog(Unconfirmed(DEVICE)))
    await until(r.driver, lambda: "BLAUW-42" in flat(r.driver))
    await r.at("dialog-mailbox-code", MailboxCodeDialog)
    await r.leave()


class Unconfirmed(CodeSignIn):
    """A sign-in by a code that nobody confirms, at rest as the rounds want it."""

    def run(self) -> Iterator[Code | Waiting | MailboxSecret]:
        yield Code("BLAUW-42", "https://microsoft.com/devicelogin", 900)


DEVICE = MicrosoftDevice(tenant="ocmw.example", client_id="x")


async def _subjects(r: Round) -> None:
    await r.go("subjects", SubjectsScreen)
    await fill_seek(r.driver, r.filled.words.sought)
    await r.at("subjects-found", SubjectsScreen)
    await r.dialog("dialog-copy", ExportDialog, "e")
    await r.press("w")
    await r.at("dialog-erase", ConfirmDialog)
    await r.press("right", "enter")
    await r.dialog("dialog-erase-why", WhyDialog)


async def fill_seek(driver: Driver, text: str) -> None:
    """Look for a client."""
    box = driver.app.screen.query_one("#seek", Input)
    box.focus()
    box.value = text
    await driver.pause()
    await driver.press("enter")
    await until(driver, lambda: driver.app.screen.query_one(Grid).keys)


async def _retention(r: Round, at: dict[str, str]) -> None:
    await r.go("retention", RetentionScreen)
    await r.on(at["held"])
    await r.dialog("dialog-release", WhyDialog, "u")
    await r.tab("retention-lists", "s")
    await r.dialog("dialog-list", ToldDialog, "enter")
    await r.tab("retention-plan", "p")
    await r.press("r")
    await r.at("dialog-discard", ConfirmDialog)
    await r.press("right", "enter")
    await r.dialog("dialog-run", RunDialog)
    await r.tab("retention-unfinished", "t")
    await r.tab("retention-gone", "e")
    await r.dialog("dialog-certificate", CertificateDialog, "w")
    await r.dialog("dialog-proof", ProofDialog, "v")


async def start_round(driver: Driver, filled: Filled, visit: Visit) -> set[type]:
    """Every screen and dialog before the sign-in, on a workstation that knows no office yet."""
    r = Round(driver, filled, visit)
    app = driver.app
    await r.at("start", StartScreen)
    await r.press("j", "enter")
    await r.at("dialog-join", JoinDialog)
    await fill(driver, "folder", str(filled.office.location))
    await r.press("f2")
    await r.at("dialog-join-sure", ConfirmDialog)
    await r.press("right", "enter")
    await r.at("signin", SignInScreen)
    await r.dialog("first-signin", FirstSignInScreen, "f3")
    app.push_screen(SecrecyScreen())
    await r.at("secrecy", SecrecyScreen)
    app.pop_screen()
    await r.front(SignInScreen)
    await r.press("escape")
    await r.front(StartScreen)
    await r.press("j", "j", "enter")
    await r.at("founding-place", PlaceStep)
    await fill(driver, "ocmw", "OCMW Wervik")
    await fill(driver, "folder", str(filled.office.location.parent / "nieuw"))
    await r.press("f2")
    await r.at("founding-mailbox", BoxStep)
    for name, text in (
        ("host", "127.0.0.1"),
        ("port", "1"),
        ("user", "box"),
        ("password", "x"),
        ("archive", "y"),
    ):
        await fill(driver, name, text)
    await r.press("f2")
    await r.at("founding-mailbox-check", MailboxCheckDialog)
    await r.press("f2")
    await r.at("founding-agreement", AgreedStep)
    await r.press("f2")
    await r.at("founding-lead", LeadStep)
    await fill(driver, "name", "Els Peeters")
    for name in ("new", "again"):
        await fill(driver, name, "vier blauwe stoelen dansen")
    app.screen.query_one(Choice).highlighted = 1
    await r.press("f2")
    await r.at("founding-key", KeyStep)
    await r.press("f2")
    await r.at("founding-key-back", KeyBackStep)
    return r.classes


WORK_CLASSES: frozenset[type] = frozenset(
    {
        AssignDialog,
        AttemptDialog,
        BoardScreen,
        CaseOpenDialog,
        CloseDialog,
        CommandPalette,
        ConfirmDialog,
        ConsentDialog,
        DayDialog,
        DiscloseDialog,
        ExportDialog,
        HandOverDialog,
        HelpDialog,
        HoldDialog,
        LogScreen,
        LogSearchDialog,
        MenuDialog,
        PassphraseDialog,
        ProposeDialog,
        QualityDialog,
        QuarantineScreen,
        ReadingDialog,
        ReasonDialog,
        ReferralScreen,
        RegisterDialog,
        RejectDialog,
        SeenByDialog,
        SuperfluousDialog,
        WhichDialog,
        WhyDialog,
        WishDialog,
        WorklistScreen,
    }
)
OFFICE_CLASSES: frozenset[type] = frozenset(
    {
        AbsenceDialog,
        AnswerDialog,
        BreachDialog,
        BreachNoticeDialog,
        BreachesScreen,
        CertificateDialog,
        CodeDialog,
        ConfirmDialog,
        DisclosuresScreen,
        ExportDialog,
        FiguresScreen,
        LockScreen,
        MailboxCheckDialog,
        MailboxCodeDialog,
        MailboxSettingsDialog,
        OfficeScreen,
        PaperDialog,
        PassphraseAddDialog,
        PassphraseEndDialog,
        PeriodDialog,
        ProofDialog,
        QualityScreen,
        RetentionScreen,
        RunDialog,
        ShownDialog,
        SubjectsScreen,
        TaskDialog,
        TasksScreen,
        TellDialog,
        TermsDialog,
        ToldDialog,
        UserAddDialog,
        UserEndDialog,
        WhyDialog,
    }
)
START_CLASSES: frozenset[type] = frozenset(
    {
        AgreedStep,
        BoxStep,
        ConfirmDialog,
        FirstSignInScreen,
        JoinDialog,
        KeyBackStep,
        KeyStep,
        LeadStep,
        MailboxCheckDialog,
        PlaceStep,
        SecrecyScreen,
        SignInScreen,
        StartScreen,
    }
)
"""What each round comes by; a test compares."""

LEAD_ROUNDS = {"work": (work_round, WORK_CLASSES), "office": (office_round, OFFICE_CLASSES)}
