"""Two programs on one store: each shows within two seconds what the other did, and neither writes over the other."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from textual.widgets import TextArea

from intake.client import Client
from intake.desk.reading import View
from intake.referral import Channel, Result
from tests.tui.driving import Driver, fill, flat, open_line, references, screens, shows, until
from tests.tui.office import CLIENTS, ELS, LEAD, TestOffice
from tui.dialogs.attempt import AttemptDialog
from tui.screens.referral import ReferralScreen
from tui.screens.worklist import WorklistScreen
from tui.widgets.worktable import WorkTable

SEES_WITHIN = 2.0


@asynccontextmanager
async def two(office: TestOffice) -> AsyncIterator[tuple[Driver, Driver]]:
    """The programs of a social worker and of the team lead, each with a desk and threads of its own."""
    async with screens(office, ELS) as here, screens(office, LEAD) as there:
        yield here, there


async def in_time(driver: Driver, true: Callable[[], object]) -> None:
    """Wait until it is true on that screen, which must be soon after the other's."""
    start = time.monotonic()
    await until(driver, true)
    assert time.monotonic() - start < SEES_WITHIN


async def opened(driver: Driver, reference: str) -> None:
    await open_line(driver, reference)
    await until(driver, lambda: isinstance(driver.app.screen, ReferralScreen))


async def attempt_with_note(driver: Driver, reference: str, note: str) -> None:
    """The dialog of an attempt, filled in and not sent."""
    await driver.press("c")
    await until(driver, lambda: isinstance(driver.app.screen, AttemptDialog))
    await shows(driver, f"Contact attempt for {reference}")
    driver.app.screen.query_one(TextArea).load_text(note)


def stored(office: TestOffice, reference: str) -> View:
    """The referral as the store has it."""
    with office.desk(ELS) as desk:
        return desk.work.open(reference)


def row(driver: Driver, reference: str) -> str:
    """The line of a referral on the worklist; empty when it is not there."""
    if not isinstance(driver.app.screen, WorklistScreen) or reference not in references(driver):
        return ""
    return " ".join(driver.app.screen.query_one(WorkTable).row_texts(reference))


async def test_each_sees_the_others_steps_within_two_seconds(office: TestOffice) -> None:
    [first, second] = office.receive(CLIENTS[:2])
    async with two(office) as (here, there):
        # The lead assigns from the worklist: the worker's own worklist shows it.
        await until(there, lambda: second in references(there))
        there.app.screen.query_one(WorkTable).move_cursor(row=references(there).index(first))
        await there.press("a")
        await shows(there, f"Assign {first}", "● els")
        await there.press("f2")
        await until(there, lambda: "assigned" in row(there, first))
        await in_time(here, lambda: "assigned" in row(here, first) and "els" in row(here, first))
        # The worker works on it: the lead's worklist counts the attempt.
        await opened(here, first)
        await attempt_with_note(here, first, "Belt terug.")
        await here.press("f2")
        await shows(here, "phone, no answer", "Belt terug.")
        await in_time(there, lambda: "1" in row(there, first).split())
        # A new referral that one program took in stands on both.
        [third] = office.receive(
            [Client("Noor", "Claes", "Dorp", "2", None, "8940", "Wervik", "+3256300201")]
        )
        await in_time(there, lambda: third in references(there))
        assert isinstance(here.app.screen, ReferralScreen)
        await here.press("escape")
        await until(here, lambda: third in references(here))


async def test_a_stale_change_is_shown_as_such_and_never_written_over(office: TestOffice) -> None:
    [reference] = office.receive(CLIENTS[:1])
    with office.desk(LEAD) as desk:
        desk.work.assign([reference], ELS)
    office.clock.forward(hours=1)
    async with two(office) as (here, there):
        await opened(here, reference)
        await attempt_with_note(here, reference, "Stem van een buur.")
        # Meanwhile the lead opens the same referral and notes an attempt of her own.
        await open_line(there, reference)
        await shows(there, f"Why do you read {reference}?")
        await fill(there, "reason", "vervanging bij ziekte")
        await there.press("enter")
        await until(there, lambda: isinstance(there.app.screen, ReferralScreen))
        await attempt_with_note(there, reference, "Aan de balie geweest.")
        await there.press("f2")
        await shows(there, "Aan de balie geweest.", "phone, no answer")
        version = stored(office, reference).referral.version
        # The worker's dialog stays as it is, and what it sends is not saved over the lead's attempt.
        assert isinstance(here.app.screen, AttemptDialog)
        await here.press("f2")
        await until(here, lambda: isinstance(here.app.screen, ReferralScreen))
        await shows(here, "↻", "was changed by a colleague just now", "What you typed is kept.")
        await shows(here, "Aan de balie geweest.")
        view = stored(office, reference)
        assert view.referral.version == version
        assert [(made.by, made.result) for made in view.referral.attempts] == [(LEAD, Result.NO_ANSWER)]
        assert [note.text for note in view.payload.notes] == ["Aan de balie geweest."]
        # Opened again the dialog has the note; sent on the newer version it comes after the lead's.
        await here.press("c")
        await until(here, lambda: isinstance(here.app.screen, AttemptDialog))
        assert here.app.screen.query_one(TextArea).text == "Stem van een buur."
        await here.press("f2")
        await shows(here, "Stem van een buur.", "Aan de balie geweest.")
        await in_time(there, lambda: "Changed by a colleague just now" in flat(there))
        await shows(there, "Stem van een buur.")
    view = stored(office, reference)
    assert view.referral.version == version + 1
    assert [(made.by, made.channel) for made in view.referral.attempts] == [
        (LEAD, Channel.PHONE),
        (ELS, Channel.PHONE),
    ]
    assert [note.text for note in view.payload.notes] == ["Aan de balie geweest.", "Stem van een buur."]
