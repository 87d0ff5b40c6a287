"""Killing the program at any moment loses and doubles nothing: the next poll completes it."""

import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from intake.demo.messages import sample_messages
from storage.store import open_store
from tests.dovecot import Dovecot
from tests.journeys.office import ARCHIVE_PASSPHRASE, LEAD, JourneyOffice

RUNS = 5


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system knows no SIGKILL")
def test_polls_killed_at_random_moments_lose_and_double_nothing(
    office: JourneyOffice, dovecot: Dovecot
) -> None:
    samples = sample_messages(10 * RUNS, 5, ARCHIVE_PASSPHRASE, datetime.now(UTC))
    command = [
        *(sys.executable, "-m", "tui.main", "--config", str(office.config), "--as", LEAD[0]),
        *("--passphrase-file", str(office.secret(*LEAD)), "poll"),
    ]
    undisturbed = JourneyOffice(office.folder / "again", dovecot, f"{office.mailbox}-again")
    undisturbed.folder.mkdir()
    undisturbed.found()
    for sample in samples:
        dovecot.deliver(undisturbed.mailbox, sample.raw, received_at=sample.received_at)
    started = time.monotonic()
    undisturbed.run("poll")
    whole = time.monotonic() - started

    moments = random.Random(8)
    store = open_store(office.store)
    killed = 0
    for run in range(RUNS):
        for sample in samples[10 * run : 10 * run + 10]:  # so that no run finds nothing to do
            dovecot.deliver(office.mailbox, sample.raw, received_at=sample.received_at)
        before = store.generation
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        if run % 2:
            # Between the commit and the move, or a random moment after it.
            while process.poll() is None and store.generation == before:
                time.sleep(0.0005)
            time.sleep(moments.choice((0.0, moments.uniform(0.0, 0.05))))
        else:
            time.sleep(moments.uniform(0.1, 0.6) * whole)
        process.kill()
        killed += process.wait() == -signal.SIGKILL
    store.close()
    assert killed >= 2
    last = office.run("poll", "--json").json
    assert last["found"] == last["imported"] + last["quarantined"] + last["known"]
    assert office.run("poll", "--json").json["found"] == 0

    def clients(one: JourneyOffice) -> list[str]:
        return sorted(str(row["client"]) for row in one.run("list", "--all", "--json").json)

    def causes(one: JourneyOffice) -> list[str]:
        return sorted(row["cause"] for row in one.run("quarantine", "list", "--json").json)

    assert clients(office) == clients(undisturbed)
    assert causes(office) == causes(undisturbed)
    assert office.run("log", "verify", "--json").json["ok"]
    entries = [e for e in office.run("log", "show", "--json").json if e["action"] == "import"]
    assert len({e["references"][0] for e in entries}) == len(entries) == len(clients(office))
