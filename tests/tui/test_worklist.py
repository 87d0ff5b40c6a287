"""The worklist: who sees which name, filter, order, masking, and what others do meanwhile."""

from textual.widgets import Input

from intake.client import Consent
from intake.desk.reading import Scope
from intake.desk.work import AttemptRequest
from intake.referral import Channel, Result
from tests.tui.driving import app_of, flat, hears, open_line, references, screens, seen, shows, until
from tests.tui.office import CLIENTS, ELS, LEAD, TOM, TestOffice
from tui.screens.worklist import WorklistScreen
from tui.widgets.worktable import WorkTable


def assign(office: TestOffice, reference: str, to: str) -> None:
    with office.desk(LEAD) as desk:
        desk.work.assign([reference], to)


async def test_an_empty_list_says_what_to_do_next(office: TestOffice) -> None:
    async with screens(office, LEAD) as driver:
        await shows(driver, "No open referrals.", "p polls the mailbox now")


async def test_names_are_shown_to_those_the_referral_is_sealed_for(office: TestOffice) -> None:
    mine, theirs = office.receive(CLIENTS[:2])
    assign(office, mine, ELS)
    assign(office, theirs, TOM)
    async with screens(office, ELS) as driver:
        await shows(driver, "Fatima El", mine, theirs)
        assert "Peeters" not in flat(driver)
        [line] = [row for row in seen(driver).split("\n") if theirs in row and "tom" in row]
        assert " — " in line


async def test_the_filter_narrows_while_one_types_and_escape_clears_it(office: TestOffice) -> None:
    office.receive(CLIENTS)
    async with screens(office, LEAD) as driver:
        await driver.press("slash", *"zoe")
        await until(driver, lambda: references(driver) == ["D2026-0003"])
        await driver.press("enter")
        assert driver.app.screen.focused is driver.app.screen.query_one(WorkTable)
        await driver.press("escape")
        await until(driver, lambda: len(references(driver)) == 4)
        assert not driver.app.screen.query_one("#filter").display


async def test_a_filter_that_nothing_fits_says_so(office: TestOffice) -> None:
    office.receive(CLIENTS)
    async with screens(office, LEAD) as driver:
        await driver.press("slash", *"xyz")
        await shows(driver, "No line fits the filter. Press Esc")
        await driver.press("escape")
        await until(driver, lambda: len(references(driver)) == 4)
        assert driver.app.screen.focused is driver.app.screen.query_one(WorkTable)


async def test_the_most_urgent_stands_first_and_any_column_can_lead(office: TestOffice) -> None:
    office.receive(CLIENTS[:1])
    office.clock.forward(days=9)
    office.receive(CLIENTS[1:3])
    async with screens(office, LEAD) as driver:
        assert references(driver)[0] == "D2026-0001"
        await shows(driver, "23/11/2026 ‼ overdue", "‼ overdue 1")
        for _time in range(4):
            await driver.press("s")
            if app_of(driver).screen._choice.sorted_by == "name":  # type: ignore[attr-defined]
                break
            await driver.pause()
        else:
            for _time in range(4):
                await driver.press("s")
                if app_of(driver).screen._choice.sorted_by == "name":  # type: ignore[attr-defined]
                    break
        await until(driver, lambda: references(driver) == ["D2026-0001", "D2026-0002", "D2026-0003"])
        await driver.press("S")
        await until(driver, lambda: references(driver) == ["D2026-0003", "D2026-0002", "D2026-0001"])
        await shows(driver, "▼Name")


async def test_a_click_on_a_heading_sorts_and_a_second_turns_it_round(office: TestOffice) -> None:
    office.receive([CLIENTS[1], CLIENTS[0], CLIENTS[2]])
    async with screens(office, LEAD) as driver:
        # The name's heading begins after state and reference.
        await driver.click(WorkTable, offset=(30, 0))
        await until(driver, lambda: references(driver) == ["D2026-0002", "D2026-0001", "D2026-0003"])
        await driver.click(WorkTable, offset=(30, 0))
        await until(driver, lambda: references(driver) == ["D2026-0003", "D2026-0001", "D2026-0002"])


async def test_one_key_hides_the_names_and_the_filter_no_longer_finds_them(office: TestOffice) -> None:
    office.receive(CLIENTS)
    async with screens(office, LEAD) as driver:
        await shows(driver, "Fatima")
        await driver.press("x")
        await shows(driver, "•••")
        assert "Fatima" not in flat(driver)
        await driver.press("slash", *"fatima")
        await shows(driver, "No line fits the filter.")
        driver.app.screen.query_one("#filter", Input).value = ""
        await driver.press("escape", "x")
        await shows(driver, "Fatima")


async def test_a_state_with_its_count_is_a_filter(office: TestOffice) -> None:
    first, *_others = office.receive(CLIENTS)
    assign(office, first, ELS)
    async with screens(office, LEAD) as driver:
        await shows(driver, "○ received 3", "◔ assigned 1")
        await driver.press("f", "f")
        await until(driver, lambda: references(driver) == [first])
        await driver.click("#counts", offset=(2, 0))
        await until(driver, lambda: len(references(driver)) == 3)


async def test_the_scopes_show_mine_and_what_is_unassigned(office: TestOffice) -> None:
    first, second, *others = office.receive(CLIENTS)
    assign(office, first, LEAD)
    assign(office, second, TOM)
    async with screens(office, LEAD) as driver:
        await driver.press("i")
        await until(driver, lambda: references(driver) == [first])
        await driver.press("n")
        await until(driver, lambda: references(driver) == others)
        await driver.press("l")
        await shows(driver, "No closed referrals are kept.")


async def test_a_colleagues_change_and_a_new_referral_appear_without_a_key(office: TestOffice) -> None:
    first, *_others = office.receive(CLIENTS[:3])
    async with screens(office, LEAD) as driver:
        assert "tom" not in flat(driver)
        assign(office, first, TOM)
        await shows(driver, "◔ assigned", "tom")
        [new] = office.receive(CLIENTS[3:])
        await until(driver, lambda: new in references(driver))


async def test_the_cursor_stays_on_its_referral_and_the_scroll_where_it_was(office: TestOffice) -> None:
    office.receive(CLIENTS * 10)
    async with screens(office, LEAD) as driver:
        table = driver.app.screen.query_one(WorkTable)
        await driver.press("G", "k", "k", "k")
        await until(driver, lambda: table.current == "D2026-0037" and table.scroll_y > 0)
        before = table.scroll_y
        assign(office, "D2026-0038", TOM)
        await until(driver, lambda: "tom" in table.row_texts("D2026-0038"))
        assert (table.current, table.scroll_y) == ("D2026-0037", before)
        office.clock.forward(minutes=5)
        [new] = office.receive(CLIENTS[:1])
        await until(driver, lambda: new in references(driver))
        await driver.pause()
        assert (table.current, table.scroll_y) == ("D2026-0037", before)


async def test_a_team_lead_assigns_from_the_list(office: TestOffice) -> None:
    [reference] = office.receive(CLIENTS[:1])
    async with screens(office, LEAD) as driver:
        await driver.press("a")
        await shows(driver, f"Assign {reference}", "● els", "○ tom", "Proposed: els (least work).")
        await driver.press("down", "f2")
        await hears(driver, f"{reference} is assigned.")
        await shows(driver, "◔ assigned")
    with office.desk(TOM) as desk:
        [line] = desk.work.worklist(Scope.MINE)
        assert line.client == CLIENTS[0]


async def test_a_social_worker_hears_that_assigning_is_for_the_team_lead(office: TestOffice) -> None:
    office.receive(CLIENTS[:1])
    async with screens(office, ELS) as driver:
        await driver.press("a")
        await hears(driver, "Your role does not include this; ask a team lead.")
        assert isinstance(driver.app.screen, WorklistScreen)


async def test_what_is_not_sealed_for_the_user_is_not_opened(office: TestOffice) -> None:
    [reference] = office.receive(CLIENTS[:1])
    async with screens(office, ELS) as driver:
        await open_line(driver, reference)
        await hears(driver, f"{reference} is not assigned to you.")
        assert isinstance(driver.app.screen, WorklistScreen)


async def test_the_number_of_attempts_is_shown(office: TestOffice) -> None:
    [reference] = office.receive(CLIENTS[:1])
    with office.desk(LEAD) as desk:
        for _time in range(2):
            desk.work.attempt(AttemptRequest(reference, Channel.PHONE, Result.NO_ANSWER))
    async with screens(office, LEAD, size=(120, 36)) as driver:
        [row] = [row for row in seen(driver).split("\n") if reference in row and "an.lead" in row]
        assert " 2 " in row
        assert "Wervik" in row
        assert "18/11/2026" in row


async def test_what_is_held_for_its_consent_says_so_in_its_row_and_is_counted(office: TestOffice) -> None:
    [held] = office.receive(CLIENTS[:1], consent=Consent.NOT_STATED)
    others = office.receive(CLIENTS[1:3])
    assign(office, held, ELS)
    assign(office, others[0], ELS)
    for size in ((80, 24), (120, 36)):
        async with screens(office, ELS, language="nl", size=size) as driver:
            [row] = [line for line in seen(driver).split("\n") if held in line and "els" in line]
            assert "⊗ niet bellen" in row
            await shows(driver, "⊗ niet bellen 1", "◔ toegewezen 1")
            await driver.press("f")
            await until(driver, lambda: references(driver) == [held])
            await shows(driver, f"{held} · toestemming ? niet vermeld")
            await driver.press("f", "f")
            await until(driver, lambda: references(driver) == [others[0]])
