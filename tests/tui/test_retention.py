"""The retention periods on the screen: what goes when and why, by whom it is decided, and the proof that it is gone (P3)."""

import threading
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from intake.causes import Cause
from intake.desk.discarding import Retention, RunResult
from intake.desk.planning import Waiting
from intake.desk.watching import RunProgress, Stage, Watch
from intake.memory import memory_folder
from intake.rejecting import Because
from intake.retention import Due, Outcome
from intake.staff import Role
from intake.texts import set_language
from tests.tui.driving import Driver, app_of, fill, flat, hears, screens, seen, shows, until
from tests.tui.office import CLIENTS, ELS, HOSTILE, LEAD, TestOffice
from tests.tui.retained import DPO, MIA, add, at_every_place, case_file, closed, local, with_message
from tui.commands import in_key_bar
from tui.dialogs.certificate import CertificateDialog
from tui.dialogs.confirm import ConfirmDialog
from tui.dialogs.hold import HoldDialog
from tui.dialogs.proof import ProofDialog
from tui.dialogs.run import RunDialog, progress_content, result_lines
from tui.dialogs.told import ToldDialog
from tui.dialogs.why import WhyDialog
from tui.remembered import FOLDER_FILE, last_folder
from tui.retention_words import cause_of, period_text, some
from tui.screens.referral import ReferralScreen
from tui.screens.retention import RetentionScreen
from tui.widgets.field import fields_of


@asynccontextmanager
async def retention(office: TestOffice, user: str = LEAD, **options: Any) -> Any:
    """The program, on the screen of the retention periods."""
    async with screens(office, user, **options) as driver:
        await until(driver, lambda: app_of(driver).rights)
        await driver.press("f4")
        await until(driver, lambda: isinstance(driver.app.screen, RetentionScreen))
        await loaded(driver)
        yield driver


def screen_of(driver: Driver) -> RetentionScreen:
    found = next(s for s in driver.app.screen_stack if isinstance(s, RetentionScreen))
    assert isinstance(found, RetentionScreen)
    return found


async def loaded(driver: Driver) -> None:
    await until(driver, lambda: screen_of(driver).found is not None)


async def tab(driver: Driver, key: str) -> None:
    await driver.press(key)
    await until(driver, lambda: screen_of(driver).tab.key == key)
    await loaded(driver)


async def on(driver: Driver, reference: str) -> None:
    """The cursor on a row."""
    grid = screen_of(driver).grid
    await until(driver, lambda: reference in grid.keys)
    grid.move_cursor(row=grid.get_row_index(reference))
    await until(driver, lambda: screen_of(driver).current == reference)


async def dialog(driver: Driver, kind: type) -> Any:
    await until(driver, lambda: isinstance(driver.app.screen, kind))
    return driver.app.screen


async def back(driver: Driver) -> None:
    await until(driver, lambda: isinstance(driver.app.screen, RetentionScreen))


def keys(driver: Driver) -> list[str]:
    return [binding.key for binding in in_key_bar(driver.app.screen)]


# -- the plan ---------------------------------------------------------------------------------------------------------


async def test_the_plan_tells_of_each_what_goes_when_why_and_what_the_next_run_does(
    office: TestOffice,
) -> None:
    places = at_every_place(office)
    async with retention(office, size=(80, 30)) as driver:
        for words in (
            "‼ overdue 15/11/2026",
            "● today 18/11/2026",
            "◔ needs a second person",
            "? hand-over unconfirmed",
            "✖ blocked: no date",
            "◕ within a week 22/11/2026",
            "▮ held 01/12/2026",
            "○ later 16/12/2026",
        ):
            assert words in flat(driver), words
        rows = list(screen_of(driver).grid.keys)
        assert rows[:3] == [places["overdue"], places["today"], places["second"]]
        for place, told in {
            "overdue": ("could go from 15/11/2026 on", "recital C: sent to the wrong", "Start a run with r"),
            "second": ("closed on 01/06/2015, kept 10 years", "puts it on a destruction list"),
            "unconfirmed": ("Nobody confirmed yet", "confirms the hand-over"),
            "blocked": ("missing, or lies before its receipt", "without a date nothing is discarded"),
            "soon": ("in 4 days", "closed on 23/10/2026, kept 30 days"),
            "held": ("Held until and including 30/11/2026", "u ends the hold"),
        }.items():
            await on(driver, places[place])
            await shows(driver, places[place], *told)
        assert CLIENTS[0].last_name not in seen(driver)
        assert keys(driver)[:4] == ["slash", "escape", "r", "l"]


async def test_enter_opens_what_one_may_read_and_the_log_has_it_first(office: TestOffice) -> None:
    with office.desk(LEAD) as desk:
        reference = closed(office, desk)
    async with retention(office) as driver:
        await driver.press("enter")
        await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))
        with office.desk(LEAD) as desk:
            read = [e.action for e in desk.log.entries() if reference in e.references and e.user == LEAD]
        assert "read" in read
        await driver.press("escape")
        await back(driver)


@pytest.mark.parametrize("user", [DPO, ELS])
async def test_who_may_not_discard_sees_the_plan_and_none_of_its_keys(office: TestOffice, user: str) -> None:
    """P3: the DPO checks; neither the DPO nor a social worker discards, holds or approves."""
    add(office, DPO, Role.DPO)
    places = at_every_place(office)
    async with retention(office, user) as driver:
        await shows(driver, "‼ overdue", places["held"])
        assert not set(keys(driver)) & {"r", "l"}
        await on(driver, places["held"])
        assert "u ends the hold" not in flat(driver)
        await driver.press("r", "l", "u")
        assert isinstance(driver.app.screen, RetentionScreen)
        if user == DPO:
            await driver.press("enter")
            await hears(driver, "Your role does not read referrals")
        await tab(driver, "s")
        assert not set(keys(driver)) & {"n", "a"}
        await tab(driver, "e")
        assert ("w" in keys(driver), "v" in keys(driver)) == (True, user == DPO)
    with office.desk(LEAD) as desk:
        assert len(desk.retention.plan().due) == 2


async def test_nothing_at_all_says_what_that_means_on_every_tab(office: TestOffice) -> None:
    async with retention(office) as driver:
        await shows(driver, "Nothing is waiting for its day")
        await driver.press("r")
        await hears(driver, "Nothing is due today")
        await tab(driver, "s")
        await shows(driver, "There are no destruction lists.")
        await driver.press("a", "n")
        await hears(driver, "Nobody else could approve this list")
        await tab(driver, "t")
        await shows(driver, "Nothing is left unfinished")
        await tab(driver, "e")
        await shows(driver, "Nothing was discarded yet.")
        await driver.press("w")
        await hears(driver, "Nothing was discarded yet.")


# -- a run ------------------------------------------------------------------------------------------------------------


async def test_a_run_asks_first_and_tells_what_went_and_what_waits_for_the_mailbox(
    office: TestOffice,
) -> None:
    """P3: nobody answers at the mailbox; the data go all the same, and what is left is told with what to do."""
    with office.desk(LEAD) as desk:
        gone, waits = closed(office, desk), with_message(office, desk)
    async with retention(office) as driver:
        await shows(driver, gone, waits)
        await driver.press("r")
        await dialog(driver, ConfirmDialog)
        await shows(driver, f"2 referrals go for good: {gone}, {waits}.", "cannot be undone")
        await driver.press("enter")
        await back(driver)
        with office.desk(LEAD) as desk:
            assert len(desk.retention.plan().due) == 2, "the safe answer comes first"
        await driver.press("r")
        await dialog(driver, ConfirmDialog)
        await driver.press("right", "enter")
        await dialog(driver, RunDialog)
        await shows(driver, "✔ 1 referral discarded", gone, "⌫ Still to discard: 1")
        await shows(driver, f"the mailbox could not be reached: {waits}", "→ Run again once the line")
        await driver.press("escape")
        await back(driver)
        await shows(driver, "⌫ still to discard")
        await on(driver, waits)
        for key in ("l", "enter"):
            await driver.press(key)
            await hears(driver, "Its data are gone already")
        await tab(driver, "t")
        await shows(driver, "⌫ the mailbox could not be reached", "Start a run with r")
        await driver.press("enter")
        assert isinstance(driver.app.screen, RetentionScreen)
        await driver.press("r")
        await dialog(driver, ConfirmDialog)
        await shows(driver, "1 that an earlier run could not finish is tried again.")
        await driver.press("escape")
        await back(driver)
        await tab(driver, "e")
        await shows(driver, gone, "∅ 18/11/2026", "Nobody searched yet")
        assert waits not in seen(driver)


async def test_a_run_shows_how_far_it_is_and_esc_stops_it(
    office: TestOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    with office.desk(LEAD) as desk:
        reference = closed(office, desk)
    whole, waiting = Retention.run, threading.Event()

    def slow(
        self: Retention, on: date | None = None, *, dry_run: bool = False, watch: Watch | None = None
    ) -> RunResult:
        if dry_run or watch is None:
            return whole(self, on, dry_run=dry_run)
        watch.progress(RunProgress(Stage.MAILBOX, 2, 5))
        while not watch.stop():
            waiting.wait(0.005)
        return whole(self, watch=watch)

    monkeypatch.setattr(Retention, "run", slow)
    async with retention(office) as driver:
        await shows(driver, reference)
        await driver.press("r")
        await dialog(driver, ConfirmDialog)
        await driver.press("right", "enter")
        await dialog(driver, RunDialog)
        await shows(driver, "Deleting the messages from the mailbox…", "2 of 5", "Stop (Esc)")
        await driver.press("escape")
        await shows(driver, "■ Stopped.", "– Nothing was discarded.", "Dismiss (Esc)")
        await driver.press("escape")
        await back(driver)
    with office.desk(LEAD) as desk:
        assert [due.reference for due in desk.retention.plan().due] == [reference]


async def test_a_list_emptied_beneath_a_dialog_gives_its_keys_to_no_hidden_filter(
    office: TestOffice,
) -> None:
    """Textual then focused the first widget it found: letters were typed where nobody saw them."""
    with office.desk(LEAD) as desk:
        closed(office, desk)
    async with retention(office) as driver:
        await driver.press("r")
        await dialog(driver, ConfirmDialog)
        await driver.press("right", "enter")
        await dialog(driver, RunDialog)
        await shows(driver, "✔ 1 referral discarded")
        await until(driver, lambda: not screen_of(driver).found.lines)
        await driver.press("escape")
        await back(driver)
        await tab(driver, "s")


async def test_a_run_that_is_refused_says_why_and_closes(
    office: TestOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    from storage.errors import StoreMissing

    with office.desk(LEAD) as desk:
        closed(office, desk)
    whole = Retention.run

    def refused(self: Retention, on: date | None = None, **options: Any) -> RunResult:
        if options.get("dry_run"):
            return whole(self, on, **options)
        raise StoreMissing(location="Z:\\intake")

    monkeypatch.setattr(Retention, "run", refused)
    async with retention(office) as driver:
        await driver.press("r")
        await dialog(driver, ConfirmDialog)
        await driver.press("right", "enter")
        await dialog(driver, RunDialog)
        await shows(driver, "✖ There is no store in Z:\\intake", "the next run goes on with it")
        await driver.press("escape")
        await back(driver)


def test_the_result_names_causes_once_and_the_bar_fits() -> None:
    set_language("en")
    waiting = tuple(Waiting(f"D2026-{n:04}", "mailbox-down") for n in range(1, 16))
    result = RunResult(date(2026, 11, 18), (), waiting, ("D2026-0020",), held=("D2026-0021",))
    told = "\n".join(line.plain for line in result_lines(result))
    assert told.count("the mailbox could not be reached") == 1
    assert "D2026-0012 and 3 more" in told and "D2026-0013" not in told
    assert "✖ blocked: a date is missing: D2026-0020" in told and "▮ held: D2026-0021" in told
    bar = progress_content(RunProgress(Stage.MAILBOX, 5, 10)).plain
    assert bar.count("█") == bar.count("░") == 15 and bar.endswith("5 of 10")
    assert "of" not in progress_content(RunProgress(Stage.STORE, 0, 0)).plain.split("\n", 1)[1:]


async def test_a_rejected_message_waits_for_the_next_run_and_its_number_is_told_once_it_is_gone(
    office: TestOffice,
) -> None:
    item = office.quarantine(Cause.NOT_ENCRYPTED, "tekst", "iemand@opgroeien.be")
    with office.desk(LEAD) as desk:
        desk.quarantine.reject(item, "is geen doorverwijzing", because=Because.NO_REFERRAL)
    async with retention(office) as driver:
        await shows(driver, item, "⌫ rejected message", "Rejected, goes at the next retention run.")
        assert "not finished" not in flat(driver)
        await driver.press("enter")
        await hears(driver, "Its data are gone already")
        await tab(driver, "t")
        await shows(driver, "⌫ Rejected, goes at the next retention run.", "What the message said is gone")
        await driver.press("r")
        await dialog(driver, ConfirmDialog)
        await shows(driver, f"1 rejected message goes: {item}.")
        assert "could not finish" not in flat(driver)
        await driver.press("right", "enter")
        await dialog(driver, RunDialog)
        await shows(driver, "✔ 1 rejected message removed", item)
        assert "Nothing was discarded" not in flat(driver)


# -- holds ------------------------------------------------------------------------------------------------------------


async def test_a_team_lead_holds_and_releases_from_the_plan(office: TestOffice) -> None:
    with office.desk(LEAD) as desk:
        reference = closed(office, desk)
    async with retention(office) as driver:
        await shows(driver, reference)
        await driver.press("u")
        await hears(driver, f"No hold keeps {reference}.")
        await driver.press("l")
        asked = await dialog(driver, HoldDialog)
        fields_of(asked)["why"].text = "klacht loopt"
        await fill(driver, "until", "01/01/2029")
        await driver.press("f2")
        await shows(driver, "✖ A hold ends on a day from today on")
        assert fields_of(asked)["why"].text == "klacht loopt"
        await fill(driver, "until", "01/12/2026")
        await driver.press("f2")
        await back(driver)
        await shows(driver, "▮ held 02/12/2026")
        await driver.press("u")
        asked = await dialog(driver, WhyDialog)
        await driver.press("f2")
        await shows(driver, "✖ Say why")
        fields_of(asked)["why"].text = "afgehandeld"
        await driver.press("f2")
        await back(driver)
        await shows(driver, "● today")


async def test_what_a_colleague_changed_meanwhile_is_not_held_unseen(office: TestOffice) -> None:
    """The hold was decided on what was on the screen; what was typed is there again the next time."""
    with office.desk(LEAD) as desk:
        reference = closed(office, desk)
    async with retention(office) as driver:
        await shows(driver, reference)
        await driver.press("l")
        asked = await dialog(driver, HoldDialog)
        fields_of(asked)["why"].text = "klacht loopt"
        with office.desk(LEAD) as desk:
            desk.work.reopen(reference, "toch nog werk")
        await driver.press("f2")
        await hears(driver, "What you typed is kept.")
        await shows(driver, "Nothing is waiting for its day")
        with office.desk(LEAD) as desk:
            assert desk.retention.plan().held == ()


# -- destruction lists ------------------------------------------------------------------------------------------------


async def test_who_proposed_a_list_cannot_approve_it(office: TestOffice) -> None:
    """P3: two people; what is on the list is shown as it stands, whatever stands in it."""
    add(office, MIA, Role.TEAM_LEAD)
    local(office)
    with office.desk(LEAD) as desk:
        case_file(office, desk, HOSTILE)
    async with retention(office) as driver:
        await tab(driver, "s")
        await driver.press("n")
        await hears(driver, "X2026-0001: 1 case file. Another team lead approves it.")
        await shows(driver, "◔ waits for a second person", HOSTILE, "You proposed it yourself")
        await driver.press("a")
        await hears(driver, "You proposed X2026-0001 yourself.")
        await driver.press("n")
        await hears(driver, "There is nothing to propose.")
        await tab(driver, "p")
        await shows(driver, "It stands on destruction list X2026-0001")


async def test_another_approves_after_a_question_and_the_run_destroys(office: TestOffice) -> None:
    """P3: the question names the list and what is on it, and its safe answer comes first."""
    add(office, MIA, Role.TEAM_LEAD)
    local(office)
    with office.desk(LEAD) as desk:
        reference = case_file(office, desk, HOSTILE)
        desk.destruction.propose()
    async with retention(office, MIA) as driver:
        await tab(driver, "s")
        await shows(driver, "Approve it with a")
        await driver.press("enter")
        await dialog(driver, ToldDialog)
        await shows(driver, "Destruction list X2026-0001", HOSTILE)
        await driver.press("escape")
        await back(driver)
        await driver.press("a")
        await dialog(driver, ConfirmDialog)
        await shows(driver, "Approve destruction list X2026-0001", f"1 case file: {reference}.", LEAD)
        await driver.press("enter")
        await back(driver)
        await shows(driver, "◔ waits")
        await driver.press("a")
        await dialog(driver, ConfirmDialog)
        await driver.press("right", "enter")
        await hears(driver, "X2026-0001 is approved")
        await shows(driver, "◕ approved; goes with the next run", "approved by mia")
        await driver.press("a")
        await hears(driver, "This list was approved before.")
        await tab(driver, "p")
        await shows(driver, "Approved on destruction list X2026-0001.")
        with office.desk(LEAD) as desk:
            assert desk.retention.run().waiting[0].reference == reference
        await shows(driver, "⌫ still to discard")


async def test_a_list_is_not_approved_when_its_case_file_changed_or_no_rule_is_set(
    office: TestOffice,
) -> None:
    add(office, MIA, Role.TEAM_LEAD)
    local(office)
    with office.desk(LEAD) as desk:
        reference = case_file(office, desk)
        desk.destruction.propose()
        desk.settings.change(desk.settings.show().model_copy(update={"selection_rule": ""}))
    async with retention(office, MIA) as driver:
        await tab(driver, "s")
        await shows(driver, "◔ waits")
        await driver.press("a")
        await dialog(driver, ConfirmDialog)
        await driver.press("right", "enter")
        await hears(driver, "No rule of the selection list is set")
        with office.desk(LEAD) as desk:
            of = desk.office
            with of.store.transaction(of.session.signer) as tx:
                row = of.row_of(tx, reference)
                facts = of.facts(row, reference)
                other = replace(facts, case_closed_on=date(2015, 7, 1), version=facts.version + 1)
                of.put_referral(tx, other, row["sealed"])
        await shows(driver, "✖ no longer valid")
        await driver.press("a")
        await hears(driver, "are no longer as they were proposed")
        assert isinstance(driver.app.screen, RetentionScreen)


# -- certificates and proof -------------------------------------------------------------------------------------------


@pytest.fixture
def gone(office: TestOffice) -> list[str]:
    """Two that were discarded."""
    with office.desk(LEAD) as desk:
        references = [closed(office, desk, 1), closed(office, desk)]
        assert desk.retention.run().discarded == tuple(references)
    return references


async def test_the_dpo_writes_a_certificate_of_what_is_marked(
    office: TestOffice, gone: list[str], tmp_path: Path
) -> None:
    """P6: a file that cannot be used is told beside the field, which keeps it; the folder is remembered."""
    add(office, DPO, Role.DPO)
    there = tmp_path / "er al.pdf"
    there.write_bytes(b"")
    async with retention(office, DPO) as driver:
        await tab(driver, "e")
        await on(driver, gone[1])
        await driver.press("space", "space")
        await shows(driver, "● 2 marked")
        await driver.press("m")
        await until(driver, lambda: not screen_of(driver).marked)
        await driver.press("m", "w")
        asked = await dialog(driver, CertificateDialog)
        await shows(driver, "Certificate of destruction of 2 referrals", ", ".join(gone))
        assert asked.query_one(Input).value == str(Path.home() / "certificate-of-destruction-2026-11-18.pdf")
        for typed, problem in {
            "": "Give a file.",
            "verklaring.pdf": "Give its full path.",
            str(tmp_path / "v.docx"): "must end in .pdf",
            str(there): "That file exists already.",
            str(tmp_path / "nergens" / "v.pdf"): "Choose a folder you can write to.",
            str(tmp_path / ("v" * 300 + ".pdf")): "Choose a folder you can write to.",
        }.items():
            await fill(driver, "file", typed)
            await driver.press("f2")
            await shows(driver, f"✖ {problem}" if typed == "" else problem)
            assert fields_of(asked)["file"].text == typed
        new = tmp_path / "v.pdf"
        await fill(driver, "file", str(new))
        await driver.press("f2")
        await hears(driver, f"The certificate is in {new}.")
        assert new.read_bytes().startswith(b"%PDF")
        assert not screen_of(driver).marked
        memory = memory_folder(app_of(driver).workstation)
        assert last_folder(memory) == tmp_path
        await driver.press("v")
        await dialog(driver, ProofDialog)
        await shows(driver, "Nothing is left where you may look.", "? mailbox: could not be searched")
        await driver.press("escape")
        await back(driver)
        await driver.press("w")
        asked = await dialog(driver, CertificateDialog)
        assert asked.query_one(Input).value == str(tmp_path / "certificate-of-destruction-2026-11-18.pdf")
    with office.desk(LEAD) as desk:
        logged = [e.references for e in desk.log.entries() if e.action == "certificate"]
    assert logged == [tuple(gone)], "what was refused was not made"


async def test_a_search_tells_place_by_place_and_its_result_stands_in_the_list(
    office: TestOffice, gone: list[str]
) -> None:
    """P6: a mailbox that cannot be reached proves nothing, and is told apart from one where something is left."""
    async with retention(office, size=(80, 30)) as driver:
        await tab(driver, "e")
        await on(driver, gone[0])
        await driver.press("v")
        await dialog(driver, ProofDialog)
        await shows(
            driver,
            f"✖ {gone[0]}: not proven.",
            "Only the mailbox could not be searched.",
            "✔ store: nothing there",
            "? mailbox: could not be searched",
        )
        await driver.press("j", "escape")
        await back(driver)
        await shows(driver, "? incomplete 18/11/2026", "but not everywhere")
        await driver.press("enter")
        await dialog(driver, ProofDialog)
    with office.desk(LEAD) as desk:
        assert (gone[0],) in [e.references for e in desk.log.entries() if e.action == "discard-verify"]


def test_a_folder_that_is_gone_or_no_folder_is_not_offered(tmp_path: Path) -> None:
    for said in ("/nergens/bij/ons", "verklaringen", "\0", ""):
        (tmp_path / FOLDER_FILE).write_text(said, encoding="utf-8")
        assert last_folder(tmp_path) == Path.home()
    assert last_folder(tmp_path / "weg") == Path.home()


# -- words ------------------------------------------------------------------------------------------------------------


def test_a_cause_of_a_newer_version_is_shown_as_it_stands() -> None:
    set_language("en")
    cause, advice = cause_of("[red]moon\x1b[2J")
    assert "\x1b" not in cause and cause.startswith("[red]moon") and "newest version" in advice
    assert some(["D2026-0001"], 5) == "D2026-0001"


def test_a_period_says_what_it_runs_from() -> None:
    set_language("en")
    day = date(2026, 11, 18)
    due = Due("D2026-0001", Outcome.DECLINED, day, "P3", False, started=day)
    assert period_text(due) == "closed on 18/11/2026, no longer kept after that"
    later = replace(due, on=day + timedelta(days=1))
    assert period_text(later) == "closed on 18/11/2026, kept 1 day"
    assert period_text(replace(due, on=None)) == "closed on 18/11/2026"
    assert period_text(replace(due, started=None, on=None)) == ""
