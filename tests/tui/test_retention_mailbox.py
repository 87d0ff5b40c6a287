"""On a real mailbox: a run from the screen deletes the message, and the search from the screen proves that it is gone."""

from datetime import UTC, datetime
from pathlib import Path

from intake.config import MailboxConfig
from intake.demo.messages import REFERRAL, sample_messages
from intake.demo.server import DemoServer
from intake.referral import Closure
from tests.tui.driving import app_of, screens, seen, shows, until
from tests.tui.office import LEAD, found_office
from tests.tui.test_retention import back, dialog, on, tab
from tui.dialogs.confirm import ConfirmDialog
from tui.dialogs.proof import ProofDialog
from tui.dialogs.run import RunDialog
from tui.screens.retention import RetentionScreen

PASSWORD = "paars tafelkleed"


async def test_what_the_screen_discards_is_gone_everywhere_and_proven_so(tmp_path: Path) -> None:
    """P3, P6."""
    sample = next(s for s in sample_messages(12, 3, "geheim", datetime.now(UTC)) if s.scenario == REFERRAL)
    with DemoServer(tmp_path, "box@ocmw.example", PASSWORD) as server:
        box = MailboxConfig(
            host="127.0.0.1",
            port=server.port,
            user="box@ocmw.example",
            ca_pem=server.ca_file.read_text(encoding="ascii"),
            poll_seconds=3600,
        )
        office = found_office(tmp_path, box, PASSWORD, senders=("opgroeien.be",))
        office.clock.now = datetime.now(UTC)
        server.deliver(sample.raw, sample.received_at)
        with office.desk(LEAD) as desk:
            (reference,) = desk.polling.poll().references
            desk.work.close(reference, Closure.WRONG_OCMW, "woont elders")
            name = desk.work.open(reference, "nazicht").payload.client.last_name
        async with screens(office, LEAD, size=(80, 36)) as driver:
            await until(driver, lambda: app_of(driver).rights)
            await driver.press("f4")
            await until(driver, lambda: isinstance(driver.app.screen, RetentionScreen))
            await shows(driver, reference, "● today")
            await driver.press("r")
            await dialog(driver, ConfirmDialog)
            await driver.press("right", "enter")
            await dialog(driver, RunDialog)
            await shows(driver, "✔ 1 referral discarded", reference)
            await driver.press("escape")
            await back(driver)
            await tab(driver, "e")
            await on(driver, reference)
            await shows(driver, "1 message deleted")
            await driver.press("v")
            await dialog(driver, ProofDialog)
            await shows(driver, f"✔ {reference}: nothing is left of it.", "folder of the mailbox")
            assert name and name not in seen(driver)
            await driver.press("escape")
            await back(driver)
            await shows(driver, "✔ nothing left", "nothing is left of it.")
