"""What a watch costs while nothing comes, and how soon a mail stands on the worklist where the server has IDLE.

`pytest -n 0 -s tests/benchmarks/test_watching.py` prints the figures.
"""

import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import psutil

from intake.config import MailboxConfig
from tests.benchmarks.making import QUIET
from tests.dovecot import Dovecot
from tests.journeys.hour import left_in_inbox, poll_often
from tests.journeys.office import LEAD as JOURNEY_LEAD
from tests.journeys.office import JourneyOffice
from tests.tui.driving import references, screens, shows, until
from tests.tui.office import LEAD
from tests.tui.test_mailbox import _on, _referral

IDLE_SECONDS = 30.0 if QUIET else 5.5
MOST = 0.02
"""Of one processor's time, while nothing comes."""
SOON = 2.0
"""Seconds from the delivery to the worklist on the screen."""


def test_a_watch_that_waits_costs_next_to_nothing(
    tmp_path: Path, dovecot: Dovecot, mailbox_user: str
) -> None:
    office = JourneyOffice(tmp_path, dovecot, mailbox_user)
    office.found()
    poll_often(
        office, 5
    )  # the shortest interval that an office can set: a poll each five seconds beside IDLE
    command = [
        *(sys.executable, "-m", "tui.main", "--config", str(office.config), "--as", JOURNEY_LEAD[0]),
        *("--passphrase-file", str(office.secret(*JOURNEY_LEAD)), "poll", "--watch", "--json"),
    ]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        seen = psutil.Process(process.pid)
        pulse = office.store / "poller.json"
        end = time.monotonic() + 30
        while not pulse.exists() or b'"watching"' not in pulse.read_bytes():
            assert time.monotonic() < end
            time.sleep(0.02)
        before, start = sum(seen.cpu_times()[:2]), time.monotonic()
        time.sleep(IDLE_SECONDS)  # the measure itself
        spent, passed = sum(seen.cpu_times()[:2]) - before, time.monotonic() - start
        switches = seen.num_ctx_switches().voluntary
    finally:
        process.terminate()
        status = process.wait(30)
    share = spent / passed
    print(f"\nan idle watch, polling every 5 s: {share:.2%} of one processor; {switches} waits in all")
    assert status == 0
    assert share < MOST


async def test_a_mail_stands_on_the_worklist_within_two_seconds(
    tmp_path: Path, dovecot: Dovecot, mailbox_user: str
) -> None:
    office = _on(dovecot, mailbox_user, tmp_path)
    assert isinstance(office.settings.mailbox, MailboxConfig)
    taken: list[float] = []
    raw = [_referral(number) for number in range(9 if QUIET else 5)]
    async with screens(office, LEAD, size=(120, 36)) as driver:
        await shows(driver, "✔ mailbox ok")
        for count, one in enumerate(raw, 1):
            start = time.monotonic()
            dovecot.deliver(mailbox_user, one, received_at=datetime.now(UTC))
            await until(driver, lambda count=count: len(references(driver)) == count)
            taken.append(time.monotonic() - start)
    print(
        f"\nfrom the delivery to the worklist: {median(taken):.2f} s, at most {max(taken):.2f} s, of {len(taken)}"
    )
    assert median(taken) < SOON
    assert max(taken) < SOON or not QUIET
    assert left_in_inbox(JourneyOffice(tmp_path, dovecot, mailbox_user)) == 0
