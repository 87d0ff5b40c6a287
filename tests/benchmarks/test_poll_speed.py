"""A poll from a real Dovecot over TLS, its referrals sealed and durable, beside what a shell does in the same run.

The shell ends with the text of each form, in clear on the disk; the poll with checked fields, each sealed for its receivers,
signed and logged in a store, and the mails moved. Each is timed as a whole process, with its start;
where other work runs beside, what is held to is the ratio in processor time. Figures:
`pytest -n 0 -s tests/benchmarks/test_poll_speed.py`; with OCMW_INTAKE_QUIET=1 2,000 mails as well.
"""

import json
import os
import re
import sys
from collections.abc import Iterator
from itertools import count, pairwise
from pathlib import Path
from statistics import median

import pytest

from intake.config import MailboxConfig
from tests.benchmarks import shell_ways
from tests.benchmarks.making import QUIET, office
from tests.benchmarks.referral_mails import PASSPHRASE, referral_mails
from tests.benchmarks.timing import Taken, timed
from tests.conftest import require_or_skip
from tests.dovecot import Dovecot

USUAL, FEW, MANY = 500, 100, 2_000
LOOPED = USUAL if QUIET else 60
"""Mails for the loop, whose time for each mail is the same for few and for many."""
TIMES = 5 if QUIET else 1
"""Processor time differs little from one time to the next; the clock does."""

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

    def poll(self, mails: int) -> Taken:
        """What a process takes that takes in so many mails."""
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
        said, taken = timed(words, env=environment)
        told = json.loads(said)
        assert (told["found"], told["imported"]) == (mails, mails)
        return taken

    def shell(self, script: str, mails: int) -> Taken:
        """What a shell takes that gets the texts of so many mails."""
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
    polls, pipes, loops, at_once = [], [], [], []
    for _ in range(TIMES):
        polls.append(_each(runs.poll(USUAL), USUAL))
        pipes.append(_each(runs.shell(shell_ways.PIPELINE, LOOPED), LOOPED))
        loops.append(_each(runs.shell(shell_ways.LOOP, LOOPED), LOOPED))
        at_once.append(_each(runs.shell(shell_ways.AT_ONCE, USUAL), USUAL))
    poll, pipe, loop, best = _usual(polls), _usual(pipes), _usual(loops), _usual(at_once)
    print(
        f"\n{USUAL} mails, with all starts, by the clock: poll {1 / poll.clock:.0f} a second; a shell loop {1 / loop.clock:.0f} a "
        f"second, ratio {loop.clock / poll.clock:.1f}; one 7zz over all {1 / pipe.clock:.0f} a second, ratio "
        f"{pipe.clock / poll.clock:.1f}; each program once over all {1 / best.clock:.0f} a second, ratio {best.clock / poll.clock:.1f}; "
        f"in processor time {1000 * poll.processor:.1f} ms a mail, ratios {loop.processor / poll.processor:.1f}, "
        f"{pipe.processor / poll.processor:.1f} and {best.processor / poll.processor:.1f}"
    )
    assert loop.clock > 6 * poll.clock or not QUIET
    assert pipe.clock > 3 * poll.clock or not QUIET
    assert loop.processor > 2 * poll.processor
    assert pipe.processor > 0.8 * poll.processor


def _each(taken: Taken, mails: int) -> Taken:
    return Taken(taken.clock / mails, taken.processor / mails)


def _usual(taken: list[Taken]) -> Taken:
    """The median of each: one lucky or unlucky run of either side does not count."""
    return Taken(median(one.clock for one in taken), median(one.processor for one in taken))


def test_the_time_of_a_poll_grows_no_more_than_the_number_of_mails(runs: Runs) -> None:
    sizes = (FEW, USUAL, MANY) if QUIET else (FEW, USUAL)
    each = {size: min(runs.poll(size).processor for _ in range(TIMES)) / size for size in sizes}
    print(
        "\nprocessor time: " + "; ".join(f"{n} mails {1000 * taken:.1f} ms each" for n, taken in each.items())
    )
    for fewer, more in pairwise(sizes):
        assert each[more] < 1.5 * each[fewer]
