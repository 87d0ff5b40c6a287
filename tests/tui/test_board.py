"""The board of team leads: what it shows, choosing several, assigning, the proposal, taking back, and who may."""

from datetime import date

from textual.widgets import Button, Input

from intake.client import Consent
from intake.config import WorkerTerms
from intake.desk.work import AttemptRequest
from intake.referral import Channel, Result
from tests.tui.driving import (
    Driver,
    app_of,
    fill,
    flat,
    hears,
    screens,
    seen,
    shows,
    until,
)
from tests.tui.office import CLIENTS, ELS, HOSTILE, HOSTILE_CLIENT, LEAD, TOM, TestOffice
from tui.dialogs.assign import AssignDialog
from tui.dialogs.confirm import ConfirmDialog
from tui.dialogs.propose import ProposeDialog
from tui.screens.board import BoardScreen
from tui.screens.referral import ReferralScreen
from tui.screens.worklist import WorklistScreen
from tui.widgets.selectable import SelectableGrid


def board(driver: Driver) -> BoardScreen:
    screen = driver.app.screen
    assert isinstance(screen, BoardScreen), screen
    return screen


async def to_board(driver: Driver) -> BoardScreen:
    await until(driver, lambda: app_of(driver).rights)
    await driver.press("f3")
    await until(
        driver, lambda: isinstance(driver.app.screen, BoardScreen) and board(driver).found is not None
    )
    await driver.pause()
    return board(driver)


def rows(driver: Driver) -> list[str]:
    grid = driver.app.screen.query_one(SelectableGrid)
    return list(grid.keys) if grid.display else []


def workers(office: TestOffice, *references: str) -> list[str | None]:
    with office.desk(LEAD) as desk:
        lines = {line.referral.reference: line.referral for line in desk.work.worklist()}
        return [lines[reference].assigned_to for reference in references]


async def in_front(driver: Driver, kind: type[object]) -> None:
    await until(driver, lambda: isinstance(driver.app.screen, kind))


async def test_what_waits_longest_stands_first_and_colleagues_with_their_work(office: TestOffice) -> None:
    mine, old = office.receive(CLIENTS[:2])
    office.clock.forward(days=6)
    [hostile] = office.receive([HOSTILE_CLIENT], consent=Consent.NOT_STATED)
    with office.desk(LEAD) as desk:
        desk.work.assign([mine], ELS)
        desk.staff.absent(TOM, date(2026, 11, 27), ELS)
    async with screens(office, LEAD) as driver:
        await to_board(driver)
        assert rows(driver) == [old, hostile]
        await shows(
            driver, "‼ 6 days", "today", HOSTILE[:8], "▇▇▇▇▇▇ 1 ‼ 1 1 +1", "⊘ tom", "⊘ 27/11/2026 → els"
        )
        assert " els ▇" in flat(driver), "the bar stands in its colleague's line"
        await driver.press("G")
        await shows(driver, f"{hostile} · ⊗ do not contact · consent ? not stated · {HOSTILE}")
        await driver.press("x")
        await shows(driver, "•••")
        assert "Peeters" not in seen(driver)
        await driver.press("x", "w")
        await until(driver, lambda: rows(driver) == [mine])
        await shows(driver, "By worker 1", "Fatima", "◔ assigned")
        await driver.press("tab", "j", "j")
        await shows(
            driver, "tom: 0 open · 0 wait for a first attempt", "absent up to and including 27/11/2026"
        )
        await driver.resize_terminal(120, 36)
        await shows(driver, "tom: ⊘ absent up to and including 27/11/2026, substitute els")
        with office.desk(LEAD) as desk:
            listed = [e for e in desk.log.entries(user=LEAD) if e.action == "list"]
        assert {mine, old, hostile} <= {r for e in listed for r in e.references}


async def test_several_are_chosen_assigned_in_one_go_and_taken_back(office: TestOffice) -> None:
    one, two, three, four = office.receive(CLIENTS)
    with office.desk(LEAD) as desk:
        desk.work.assign([four], TOM)
    async with screens(office, LEAD) as driver:
        screen = await to_board(driver)
        await driver.press("u")
        await hears(driver, "There is no assignment of yours to take back.")
        await driver.press("space", "space", "escape")
        assert (screen.boxes.chosen, board(driver)) == ((), screen), "Esc chooses none first"
        await driver.press("slash", *"fatima", "enter", "A")
        await shows(driver, "Assigning · ☑ 1 chosen")
        await driver.press("slash", "x", "enter")
        await shows(driver, "Assigning · ☑ 1 chosen (1 not shown)")
        await driver.press("escape", "escape")
        await until(driver, lambda: rows(driver) == [one, two, three])
        assert (screen.boxes.chosen, board(driver)) == ((), screen), "what is chosen first, then the filter"
        await driver.press("A", "A", "g", "j", "space")
        await driver.click("#rows", offset=(0, 1))
        await until(driver, lambda: set(screen.boxes.chosen) == {one, two})
        await shows(driver, "Assigning · ☑ 2 chosen", "☑ D2026-0001", "☐ D2026-0003")
        await driver.press("a")
        await in_front(driver, AssignDialog)
        await shows(driver, "Assign 2 referrals: D2026-000", "Proposed: els (least work).", "1 open", "● els")
        await driver.press("f2")
        await in_front(driver, BoardScreen)
        await until(driver, lambda: rows(driver) == [three])
        await hears(driver, "2 referrals are assigned.")
        assert screen.boxes.chosen == () and workers(office, one, two) == [ELS, ELS]
        # Someone works on one of them: that one stays, the other goes back.
        with office.desk(ELS) as els:
            els.work.attempt(AttemptRequest(two, Channel.PHONE, Result.NO_ANSWER))
        await driver.press("u")
        await in_front(driver, ConfirmDialog)
        await shows(driver, f"{one} → nobody", f"Someone has worked on {two} since; that stays assigned.")
        assert driver.app.screen.query_one("#keep", Button).has_focus
        await driver.press("tab", "enter")
        await in_front(driver, BoardScreen)
        await until(driver, lambda: rows(driver) == [one, three])
        assert workers(office, one, two) == [None, ELS]
        await driver.press("u")
        await hears(driver, "There is no assignment of yours to take back.")


async def test_a_reassigned_one_goes_back_to_whose_it_was_unless_worked_on(office: TestOffice) -> None:
    [one] = office.receive(CLIENTS[:1])
    with office.desk(LEAD) as desk:
        desk.work.assign([one], TOM)
    async with screens(office, LEAD) as driver:
        await to_board(driver)
        await driver.press("w")
        for turn in range(2):
            await until(driver, lambda: rows(driver) == [one])
            await driver.press("tab", "j", "enter")
            await in_front(driver, AssignDialog)
            await shows(driver, f"Assign {one}", "● els", "(assigned now)")
            await driver.press("f2")
            await in_front(driver, BoardScreen)
            await until(driver, lambda: workers(office, one) == [ELS])
            await driver.press("shift+tab")
            if turn == 0:
                await driver.press("u")
                await shows(driver, f"{one} → tom")
                await driver.press("tab", "enter")
                await in_front(driver, BoardScreen)
                await until(driver, lambda: workers(office, one) == [TOM])
                board(driver).people.move_cursor(row=0)
        with office.desk(ELS) as els:
            els.work.attempt(AttemptRequest(one, Channel.PHONE, Result.REACHED))
        await driver.press("u")
        await hears(driver, f"Someone has worked on {one} since, so it stays.")
        assert workers(office, one) == [ELS]


async def test_what_a_colleague_changed_meanwhile_is_not_written_over(office: TestOffice) -> None:
    one, two, three = office.receive(CLIENTS[:3])
    async with screens(office, LEAD) as driver:
        screen = await to_board(driver)
        await driver.press("A", "a")
        await in_front(driver, AssignDialog)
        with office.desk(LEAD) as desk:
            desk.work.assign([two], TOM)
        await driver.press("f2")
        await in_front(driver, BoardScreen)
        await hears(driver, f"{two} was changed by a colleague just now.")
        await until(driver, lambda: rows(driver) == [one, three])
        assert set(screen.boxes.chosen) == {one, three}
        assert workers(office, one, two, three) == [None, TOM, None]
        # A colleague whose account ends while the dialog is open: the refusal stands in it, and the choice is kept.
        await driver.press("a")
        await in_front(driver, AssignDialog)
        await driver.press("G")
        with office.desk(LEAD) as desk:
            desk.staff.disable(ELS)
        await driver.press("f2")
        await shows(driver, "✖ Referrals can only be assigned to an active social worker")
        await driver.press("escape")
        await in_front(driver, BoardScreen)
        assert set(screen.boxes.chosen) == {one, three}


async def test_the_proposal_is_altered_and_confirmed_all_at_once(office: TestOffice) -> None:
    one, two, three = office.receive(CLIENTS[:3])
    with office.desk(LEAD) as desk:
        settings = desk.settings.show()
        terms = {TOM: WorkerTerms(postcodes=("8930",), languages=("tr",))}
        desk.settings.change(settings.model_copy(update={"workers": terms}))
    async with screens(office, LEAD) as driver:
        await to_board(driver)
        await driver.press("v")
        await in_front(driver, ProposeDialog)
        await shows(
            driver, "Proposal for 3 referrals", "‹ els › least work", "‹ tom › area", "els 0 → 1 · tom 0 → 2"
        )
        assert "8930" not in seen(driver)
        await driver.press("l")
        await shows(driver, "language (tr)")
        await driver.press("x")
        await shows(driver, "•••")
        await driver.press("x", "j", "left", "left")
        await shows(driver, "‹ nobody › your choice", "1 stays nobody's")
        await driver.press("escape")
        await in_front(driver, BoardScreen)
        assert workers(office, one, two, three) == [None, None, None]
        # Of those chosen only; nobody for any of them is said in words.
        await driver.press("space", "v")
        await in_front(driver, ProposeDialog)
        await driver.press("left", "left", "f2")
        await shows(driver, "‹ nobody ›", "✖ Nobody is chosen for any of them.")
        await driver.press("right", "right", "right", "f2")
        await in_front(driver, BoardScreen)
        await until(driver, lambda: rows(driver) == [two, three])
        assert workers(office, one, two, three) == [TOM, None, None]
        await driver.press("v")
        await in_front(driver, ProposeDialog)
        await driver.press("f2")
        await in_front(driver, BoardScreen)
        await shows(driver, "Every referral has a worker. Press w to see whose is what")
        assert workers(office, one, two, three) == [TOM, ELS, TOM]
        await driver.press("v")
        await hears(driver, "there is nothing to propose")
        await driver.press("escape")
        await in_front(driver, WorklistScreen)


async def test_enter_opens_the_referral_and_a_colleagues_after_a_reason(office: TestOffice) -> None:
    free, theirs = office.receive(CLIENTS[:2])
    with office.desk(LEAD) as desk:
        desk.work.assign([theirs], ELS)
    async with screens(office, LEAD) as driver:
        await to_board(driver)
        await driver.press("enter")
        await in_front(driver, ReferralScreen)
        await driver.press("escape", "w")
        await until(driver, lambda: rows(driver) == [theirs])
        await driver.press("enter")
        await shows(driver, "Reason")
        await fill(driver, "reason", "werkverdeling")
        await driver.press("f2")
        await in_front(driver, ReferralScreen)
        # The step on the referral itself: it asks first, and is nobody's then.
        await driver.press("n")
        await shows(driver, f"Take back the assignment of {theirs}")
        await driver.press("tab", "enter")
        await until(driver, lambda: workers(office, free, theirs) == [None, None])
        await driver.press("escape")
        await until(driver, lambda: rows(driver) == [])
        await shows(driver, "No open referral is assigned yet.")


async def test_the_board_is_for_who_assigns(office: TestOffice) -> None:
    office.receive(CLIENTS[:1])
    async with screens(office, ELS) as driver:
        await until(driver, lambda: app_of(driver).rights)
        await driver.press("f3")
        await hears(driver, "Your role has nothing on that screen; ask a team lead.")
        assert isinstance(driver.app.screen, WorklistScreen)
        assert "☐" not in seen(driver)
        await driver.press("space", "A")
        assert driver.app.screen.query_one(SelectableGrid).chosen == ()


async def test_several_are_assigned_from_the_worklist_too(office: TestOffice) -> None:
    one, two, three = office.receive(CLIENTS[:3])
    async with screens(office, LEAD) as driver:
        grid = driver.app.screen.query_one(SelectableGrid)
        await shows(driver, f"☐ ○ received {one}")
        await driver.press("space", "space", "j", "escape")
        assert grid.chosen == ()
        # A click above the boxes sorts by nothing: it chooses all, and none.
        await driver.click("#table", offset=(0, 0))
        assert set(grid.chosen) == {one, two, three}
        await driver.click("#table", offset=(0, 0))
        await driver.press("g", "space", "space")
        await shows(driver, "☑ 2 chosen")
        await driver.press("slash", *"zoe", "enter")
        await shows(driver, "☑ 2 chosen (2 not shown)")
        driver.app.screen.query_one("#filter", Input).value = ""
        await driver.press("a")
        await in_front(driver, AssignDialog)
        await driver.press("f2")
        await in_front(driver, WorklistScreen)
        await until(driver, lambda: workers(office, one, two, three) == [ELS, ELS, None])
        await until(driver, lambda: grid.chosen == ())
        await driver.press("l")
        await until(driver, lambda: not grid.selectable)
