"""A poll from a real Dovecot over TLS, its referrals sealed and durable, beside what a shell does in the same run.

The shell ends with the text of each form, in clear on the disk; the poll with checked fields, each sealed for its receivers,
signed and logged in a store, and the mails moved. Each is timed as a whole process, with its start. Figures:
`pytest -n 0 -s tests/benchmarks/test_poll_speed.py`; with OCMW_INTAKE_QUIET=1 2,000 mails as well.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import count, pairwise
from pathlib import Path
from time import perf_counter

import pytest

from intake.config import MailboxConfig
from tests.benchmarks import shell_ways
from tests.benchmarks.making import QUIET, office
from tests.benchmarks.referral_mails import PASSPHRASE, referral_mails
from tests.conftest import require_or_skip
from tests.dovecot import Dovecot

USUAL, FEW, MANY = 500, 100, 2_000
LOOPED = USUAL if QUIET else 120
"""Mails for the loop, whose time for each mail is the same for few and for many."""

_numbers = count(1)
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def mails() -> list[bytes]:
    return referral_mails(MANY if QUIET else USUAL)


class Runs:
    """Polls and shells, each on a mailbox of its own."""

    def __init__(self, server: Dovecot, folder: Path, mails: list[bytes]) -> None:
        self._server, self._folder, self._mails = server, folder, mails

    def _mailbox(self, mails: int) -> tuple[str, Path]:
        number = next(_numbers)
        user = f"poll-speed-{os.getpid()}-{number}"
        self._server.deliver(user, *self._mails[:mails])
        return user, self._folder / str(number)

    def poll(self, mails: int) -> float:
        """Seconds of a process that takes in so many mails."""
        user, folder = self._mailbox(mails)
        folder.mkdir()
        box = MailboxConfig(
            host=self._server.host,
            port=self._server.port,
            user=user,
            ca_pem=self._server.ca_file.read_text(encoding="ascii"),
        )
        office(folder, mailbox=box, secrets=(self._server.password, PASSPHRASE)).close()
        words = [sys.executable, "-m", "tests.benchmarks.poll_worker", str(folder / "store")]
        # As installed: what is imported was compiled at the first start.
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        start = perf_counter()
        done = subprocess.run(words, capture_output=True, check=True, timeout=300, env=environment)
        taken = perf_counter() - start
        told = json.loads(done.stdout)
        assert (told["found"], told["imported"]) == (mails, mails)
        return taken

    def shell(self, script: str, mails: int) -> float:
        """Seconds of a shell that gets the texts of so many mails."""
        user, folder = self._mailbox(mails)
        taken = shell_ways.run(script, folder, self._server, user)
        digits = re.sub(r"[^0-9]", "", shell_ways.texts(folder))
        assert all(f"470{number:06d}" in digits for number in range(1, mails + 1))
        return taken


@pytest.fixture
def runs(dovecot: Dovecot, tmp_path: Path, mails: list[bytes]) -> Iterator[Runs]:
    found = Runs(dovecot, tmp_path, mails)
    found.poll(1)  # what is compiled or cached at a first start is not measured
    yield found


def test_a_poll_is_quicker_than_a_shell_that_keeps_nothing_safe(runs: Runs) -> None:
    for part in shell_ways.missing():
        require_or_skip(part, f"{part} is not installed: it is one of the shell's programs beside the poll.")
    ours, at_once, loops = [], [], []
    for _ in range(3 if QUIET else 2):
        ours.append(runs.poll(USUAL) / USUAL)
        at_once.append(runs.shell(shell_ways.AT_ONCE, USUAL) / USUAL)
        loops.append(runs.shell(shell_ways.LOOP, LOOPED) / LOOPED)
    poll, whole, loop = min(ours), min(at_once), min(loops)
    print(
        f"\n{USUAL} mails, with all starts: poll {1 / poll:.0f} a second; one 7zz over all {1 / whole:.0f} a second, ratio "
        f"{whole / poll:.1f}; a shell loop {1 / loop:.0f} a second, ratio {loop / poll:.1f}"
    )
    assert loop > 6 * poll or not QUIET
    assert whole > 3 * poll or not QUIET
    assert loop > 3 * poll
    assert whole > 1.5 * poll


def test_the_time_of_a_poll_grows_no_more_than_the_number_of_mails(runs: Runs) -> None:
    sizes = (FEW, USUAL, MANY) if QUIET else (FEW, USUAL)
    each = {size: min(runs.poll(size) for _ in range(2)) / size for size in sizes}
    print("\n" + "; ".join(f"{size} mails: {1000 * taken:.1f} ms each" for size, taken in each.items()))
    for fewer, more in pairwise(sizes):
        assert each[more] < 1.5 * each[fewer]
