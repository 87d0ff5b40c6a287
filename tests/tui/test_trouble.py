"""What is wrong with the store stands at the foot of the worklist while it lasts, and reading goes on meanwhile."""

import asyncio
import shutil
import threading
from pathlib import Path

import pytest
from textual.worker import WorkerState

from intake.config import Workstation
from intake.desk.desk import open_desk
from intake.memory import memory_folder
from intake.staff import Role
from storage import journal
from storage.errors import StoreNotWritable
from storage.witness import witness_file
from tests.tui.driving import Driver, app_of, flat, notices, references, screens, seen, shows, until
from tests.tui.office import CLIENTS, COST, LEAD, PASSPHRASES, TestOffice
from tui.bridge import Bridge
from tui.widgets.storeline import StoreLine
from tui.widgets.worktable import WorkTable

AWAY = "cannot be reached. Check the network drive"


def line(driver: Driver) -> str:
    """What the lines on the store say; empty when they are not there."""
    found = driver.app.screen.query_one(StoreLine)
    return str(found.content) if found.display else ""


async def test_a_lost_folder_is_told_once_the_worklist_stays_and_its_return_takes_the_line_away(
    office: TestOffice,
) -> None:
    [reference] = office.receive([CLIENTS[1]])
    async with screens(office, LEAD) as driver:
        await shows(driver, "Jan Peeters")
        away = office.location.rename(office.location.parent / "away")
        await shows(driver, AWAY)
        assert seen(driver).count("✖ The store in") == 1
        assert not any(AWAY in notice for notice in notices(driver))
        await driver.press("o")
        await driver.press("p")
        await shows(driver, "Jan Peeters", AWAY, "■ not polled: the store cannot be used")
        assert references(driver) == [reference]
        away.rename(office.location)
        await until(driver, lambda: not line(driver))
        await shows(driver, "Jan Peeters")


async def test_a_log_that_cannot_be_written_shows_no_new_name_and_is_tried_again(
    office: TestOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rights are no obstacle to root, so the system's refusal is put where it comes from: below the log."""
    office.receive([CLIENTS[1]])
    monkeypatch.setattr("tui.bridge.RETRY_SECONDS", 0.1)
    async with screens(office, LEAD) as driver:
        await shows(driver, "Jan Peeters")
        office.receive([CLIENTS[2]])
        write = journal.append_durably

        def refused(path: Path, data: bytes) -> None:
            raise StoreNotWritable(location=str(path.parent))

        with monkeypatch.context() as while_full:
            while_full.setattr(journal, "append_durably", refused)
            await driver.press("o")
            await until(driver, lambda: "The access log in" in line(driver))
            assert "Vandam" not in flat(driver)
            assert "Jan Peeters" in flat(driver)
        assert journal.append_durably is write
        await until(driver, lambda: not line(driver))
        await shows(driver, "Zoë Vandam")


async def test_a_failed_backup_is_told_and_the_work_is_saved(office: TestOffice) -> None:
    [reference] = office.receive([CLIENTS[1]])
    office.clock.forward(days=1)
    with office.desk(LEAD) as desk:
        backups = desk.backups.plan.folder
    shutil.rmtree(backups, ignore_errors=True)
    backups.write_bytes(b"a file where the folder of backups should be")
    async with screens(office, LEAD) as driver:
        await shows(driver, "Jan Peeters")
        assert not line(driver)
        await app_of(driver).bridge.ask(lambda desk: desk.work.assign([reference], LEAD))
        await until(driver, lambda: "could not be brought up to date" in line(driver))
        assert "your work itself is saved" in line(driver)
        backups.unlink()
        with office.desk(LEAD) as colleague:
            # The next change, whoever makes it, makes the backup.
            colleague.staff.add("new", [Role.SOCIAL_WORKER], cost=COST)
        await until(driver, lambda: not line(driver))


async def test_an_older_store_is_told_at_the_sign_in_and_when_it_is_put_back_during_work(
    office: TestOffice,
) -> None:
    office.receive([CLIENTS[1]])
    older = office.location.parent / "older"
    shutil.copytree(office.location, older)
    async with screens(office, LEAD) as driver:
        await shows(driver, "Jan Peeters")
        office.receive([CLIENTS[2]])
        await shows(driver, "Zoë Vandam")
        newer = office.location.rename(office.location.parent / "newer")
        shutil.copytree(older, office.location)
        await until(driver, lambda: "is older than what this workstation saw" in line(driver))
        shutil.rmtree(office.location)
        newer.rename(office.location)
        await until(driver, lambda: not line(driver))
    shutil.rmtree(office.location)
    shutil.copytree(older, office.location)
    async with screens(office, LEAD) as driver:
        await until(driver, lambda: "is older than what this workstation saw" in line(driver))


async def test_a_first_sign_in_is_remembered_and_compared_as_any_other(office: TestOffice) -> None:
    """Stops a first sign-in on a workstation from passing over a store that was rolled back under it."""
    with office.desk(LEAD) as desk:
        code = desk.staff.add("new", [Role.SOCIAL_WORKER], cost=COST)
    workstation: Workstation = office.workstation("new")
    memory = memory_folder(workstation)
    older = office.location.parent / "older"
    shutil.copytree(office.location, older)
    posted: list[object] = []
    bridge = Bridge(posted.append, office.clock)
    await bridge.first_sign_in(workstation, "new", code, "een lange zin voor nieuw")
    bridge.close()
    assert witness_file(memory, office.location).exists()
    shutil.rmtree(office.location)
    older.rename(office.location)
    posted.clear()
    bridge = Bridge(posted.append, office.clock)
    await bridge.first_sign_in(workstation, "new", code, "een lange zin voor nieuw")
    await bridge.ask(lambda desk: desk.user)  # what the sign-in found is told before this is answered
    bridge.close()
    [told] = [message.error for message in posted if getattr(message, "error", None) is not None]  # type: ignore[attr-defined]
    assert type(told).__name__ == "StoreRolledBack"
    warned = open_desk(office.location, LEAD, PASSPHRASES[LEAD], clock=office.clock, memory=memory)
    assert warned.warning is not None
    warned.close()


async def test_the_program_ends_while_an_answer_is_under_way(office: TestOffice) -> None:
    """Textual takes away what is on the screen before the work that would draw on it: that work ends without a fault."""
    office.receive(CLIENTS[:1])
    async with screens(office, LEAD) as driver:
        app = app_of(driver)
        going = threading.Event()
        before = set(app.workers)
        app.bridge._lane.do(lambda: [going.wait(20)].clear())
        app.screen.store_changed()  # type: ignore[attr-defined]
        [load] = set(app.workers) - before
        await app.screen.query_one(WorkTable).remove()
        app._running = False
        going.set()
        await until(driver, lambda: load.is_finished)
        app._running = True
        assert load.state is WorkerState.CANCELLED


async def test_what_a_worker_began_beside_itself_still_gets_its_answer(office: TestOffice) -> None:
    """As a dialog that a worker opened: its tasks inherit the worker, and to cancel them would leave it standing for ever."""
    async with screens(office, LEAD) as driver:
        app = app_of(driver)
        going = threading.Event()
        begun: list[asyncio.Task[str]] = []

        async def begins() -> None:
            begun.append(asyncio.create_task(app.bridge.ask(lambda desk: desk.office.name)))

        app.bridge._lane.do(lambda: [going.wait(20)].clear())
        await app.screen.run_worker(begins()).wait()
        app._running = False
        going.set()
        assert await begun[0] == LEAD
        app._running = True
