"""The mailbox from the screens: polls in the background, their proof, and what is said when it does not answer."""

import threading
import time
from datetime import UTC, date, datetime
from pathlib import Path

from intake.agreement import Agreement
from intake.archive import Member, pack
from intake.config import MailboxConfig
from intake.demo.messages import REFERRAL, sample_messages
from intake.demo.server import DemoServer
from intake.desk.mailwatch import MailWatch
from intake.desk.staff import first_sign_in
from intake.desk.turns import Turns
from intake.staff import Role
from storage.store import open_store
from tests.dovecot import Dovecot
from tests.journeys.mails import form, mail
from tests.tui.driving import app_of, flat, hears, notices, open_line, references, screens, shows, until
from tests.tui.office import CLIENTS, COST, ELS, LEAD, PASSPHRASES, START, TestOffice, found_office
from tui.messages import MailboxState

PASSWORD = "paars tafelkleed"
POLL_SECONDS = 5
"""The shortest that an office can set."""

ITSELF = 2.0
"""Seconds for the poll and for drawing what it brought."""


async def test_polls_run_by_themselves_and_end_with_their_proof(tmp_path: Path) -> None:
    samples = [
        s for s in sample_messages(12, 3, "geheim", datetime.now(UTC)) if s.scenario in ("referral", REFERRAL)
    ][:4]
    assert len(samples) == 4
    with DemoServer(tmp_path, "box@ocmw.example", PASSWORD) as server:
        office = found_office(
            tmp_path,
            MailboxConfig(
                host="127.0.0.1",
                port=server.port,
                user="box@ocmw.example",
                ca_pem=server.ca_file.read_text(encoding="ascii"),
                poll_seconds=POLL_SECONDS,
            ),
            PASSWORD,
            senders=("opgroeien.be",),
        )
        office.clock.now = datetime.now(UTC)
        for sample in samples[:2]:
            server.deliver(sample.raw, sample.received_at)
        async with screens(office, LEAD, size=(120, 36)) as driver:
            await until(driver, lambda: len(references(driver)) == 2, seconds=20)
            await shows(driver, "✔ mailbox ok", "found 2 = 2 imported + 0 quarantine + 0 known")
            server.deliver(samples[2].raw, samples[2].received_at)
            await driver.press("p")
            await until(driver, lambda: len(references(driver)) == 3, seconds=20)
            await hears(driver, "Polled: 1 new.")
            # Without a key, within one interval.
            start = time.monotonic()
            server.deliver(samples[3].raw, samples[3].received_at)
            await until(driver, lambda: len(references(driver)) == 4, seconds=20)
            assert time.monotonic() - start < POLL_SECONDS + ITSELF
            await shows(driver, "found 1 = 1 imported + 0 quarantine + 0 known")


def _on(server: Dovecot, user: str, folder: Path) -> TestOffice:
    """An office on a real mailbox that polls once an hour: what is seen sooner, the server told."""
    box = MailboxConfig(
        host=server.host,
        port=server.port,
        user=user,
        ca_pem=server.ca_file.read_text(encoding="ascii"),
        poll_seconds=3600,
    )
    office = found_office(folder, box, server.password, senders=("opgroeien.be",))
    office.clock.now = datetime.now(UTC)
    return office


def _referral(number: int) -> bytes:
    return mail(("fiche.7z", pack([Member(*form())], "geheim")), message_id=f"<{number}@opgroeien.be>")


async def test_mail_stands_on_the_worklist_when_it_comes(
    tmp_path: Path, dovecot: Dovecot, mailbox_user: str
) -> None:
    """How soon is measured in `tests/benchmarks/test_watching.py`; here the next poll by time would be in an hour."""
    office = _on(dovecot, mailbox_user, tmp_path)
    async with screens(office, LEAD, size=(120, 36)) as driver:
        await shows(driver, "✔ mailbox ok")
        for count in (1, 2):
            dovecot.deliver(mailbox_user, _referral(count))
            await until(driver, lambda count=count: len(references(driver)) == count)
        await shows(driver, "found 1 = 1 imported + 0 quarantine + 0 known")


async def test_another_workstation_that_polls_is_named_with_what_it_found(
    tmp_path: Path, dovecot: Dovecot, mailbox_user: str
) -> None:
    office = _on(dovecot, mailbox_user, tmp_path)
    dovecot.deliver(mailbox_user, _referral(1))
    with office.desk(ELS) as desk:
        watch = MailWatch(desk.office, desk.polling, lambda told: None)
        thread = threading.Thread(target=watch.run, daemon=True)
        thread.start()
        end = time.monotonic() + 20
        while not (pulse := Turns(desk.office).look()) or pulse.proof is None:
            assert time.monotonic() < end
            time.sleep(0.01)
        async with screens(office, LEAD, size=(120, 36)) as driver:
            await shows(driver, f"✔ polled by {ELS} (", "found 1 = 1 imported + 0 quarantine + 0 known")
            assert len(references(driver)) == 1
            # Asked for, a poll goes between two of the other's.
            await driver.press("p")
            await hears(driver, "Polled: 0 new.")
            watch.stop()
            thread.join(20)
            watch.close()
            await shows(driver, "✔ mailbox ok")
            dovecot.deliver(mailbox_user, _referral(2))
            await until(driver, lambda: len(references(driver)) == 2)


async def test_the_end_of_an_outage_is_said(tmp_path: Path, mailbox_user: str) -> None:
    with Dovecot() as server:
        office = _on(server, mailbox_user, tmp_path)
        async with screens(office, LEAD) as driver:
            await shows(driver, "✔ mailbox ok")
            server.stop()
            await shows(driver, "✖ mailbox not reached")
            server.start()
            await driver.press("p")
            await hears(driver, "The mailbox is polled again.")
            await shows(driver, "✔ mailbox ok")


async def test_a_mailbox_that_is_down_is_told_once_in_words_and_the_worklist_goes_on(
    office: TestOffice,
) -> None:
    [reference] = office.receive([CLIENTS[1]])
    async with screens(office, LEAD) as driver:
        await shows(driver, "✖ mailbox not reached")
        told = "The mail server 127.0.0.1 (port 1) cannot be reached."
        await hears(driver, told)
        assert sum(told in notice for notice in notices(driver)) == 1
        await open_line(driver, reference)
        await shows(driver, "Jan Peeters")


async def test_an_ended_agreement_stops_the_polls_and_is_said(tmp_path: Path) -> None:
    office = found_office(tmp_path)
    with office.desk(LEAD) as desk:
        ended = Agreement(in_force_from=date(2024, 1, 1), ended_on=date(2026, 11, 1))
        desk.settings.change(office.settings.model_copy(update={"agreement": ended}))
    async with screens(office, LEAD) as driver:
        await shows(driver, "■ not polled: no agreement in force")
        await hears(driver, "The agreement ended on 01/11/2026.")


async def test_who_may_not_poll_does_not(office: TestOffice) -> None:
    with office.desk(LEAD) as desk:
        code = desk.staff.add("dpo", [Role.DPO], cost=COST)
    store = open_store(office.location)
    first_sign_in(store, "dpo", code, PASSPHRASES[ELS], START.date(), cost=COST)
    store.close()
    PASSPHRASES["dpo"] = PASSPHRASES[ELS]
    office.receive([CLIENTS[1]])
    async with screens(office, "dpo") as driver:
        await shows(driver, "○ mailbox not polled by this account", "—")
        assert "Peeters" not in flat(driver)
        await driver.press("p")
        await hears(driver, "Your account does not poll the mailbox.")
        assert app_of(driver).mailbox.state is MailboxState.OFF


async def test_an_empty_quarantine_says_so(office: TestOffice) -> None:
    async with screens(office, LEAD) as driver:
        await driver.press("f6")
        await shows(driver, "The quarantine is empty")
