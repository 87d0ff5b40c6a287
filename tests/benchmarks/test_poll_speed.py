"""A poll from a real Dovecot over TLS, its referrals sealed and durable, beside what a shell does in the same run.

The shell ends with the text of each form, in clear on the disk; the poll with checked fields, each sealed for its receivers,
signed and logged in a store, and the mails moved. Each is timed as a whole process, with its start, and the poll of a
program that runs, too; where other work runs beside, what is held to is the ratio in processor time. Figures:
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
WARM = 50
LOOPED = USUAL if QUIET else 60
"""Mails for the loop, whose time for each mail is the same for few and for many."""
TIMES = 5 if QUIET else 1
"""Processor time differs little from one time to the next; the clock does."""

_numbers = count(1)
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def mails() -> list[bytes]:
    return referral_mails(MANY if QUIET else USUAL + WARM)


class Runs:
    """Polls and shells, each on a mailbox of its own."""

    def __init__(self, server: Dovecot, folder: Path, mails: list[bytes]) -> None:
        self._server, self._folder, self._mails = server, folder, mails

    def _mailbox(self, mails: int, *, last: bool = False) -> tuple[str, Path]:
        """A new mailbox with the first mails, or the `last`; and the name of a folder for it."""
        number = next(_numbers)
        user = f"poll-speed-{os.getpid()}-{number}"
        self._server.deliver(user, *(self._mails[-mails:] if last else self._mails[:mails]))
        return user, self._folder / str(number)

    def poll(self, mails: int) -> Taken:
        """What a process takes that takes in so many mails."""
        user, folder = self._mailbox(mails)
        said, taken = timed(self._command(user, folder), env=_environment())
        self._check(said, mails)
        return taken

    def poll_again(self, mails: int) -> float:
        """Seconds by the clock that so many mails take a program that runs, and took some in before."""
        user, folder = self._mailbox(WARM, last=True)
        with subprocess.Popen(
            self._command(user, folder), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment()
        ) as running:
            assert running.stdin is not None and running.stdout is not None
            self._check(running.stdout.readline(), WARM)
            self._server.deliver(user, *self._mails[:mails])
            running.stdin.write(b"\n")
            running.stdin.flush()
            said = running.stdout.readline()
            running.stdin.close()
        self._check(said, mails)
        return float(json.loads(said)["seconds"])

    def _command(self, user: str, folder: Path) -> list[str]:
        """Makes an office for this mailbox in `folder`; the command that polls it."""
        folder.mkdir()
        box = MailboxConfig(
            host=self._server.host,
            port=self._server.port,
            user=user,
            ca_pem=self._server.ca_file.read_text(encoding="ascii"),
        )
        office(folder, mailbox=box, secrets=(self._server.password, PASSPHRASE)).close()
        return [sys.executable, "-m", "tests.benchmarks.poll_worker", str(folder / "store")]

    def _check(self, said: bytes, mails: int) -> None:
        told = json.loads(said)
        assert (told["found"], told["imported"]) == (mails, mails)

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
    poll, loop, pipe, cut, best = [], [], [], [], []
    running = []
    for _ in range(TIMES):
        poll.append(_each(runs.poll(USUAL), USUAL))
        running.append(runs.poll_again(USUAL) / USUAL)
        loop.append(_each(runs.shell(shell_ways.LOOP, LOOPED), LOOPED))
        pipe.append(_each(runs.shell(shell_ways.PIPELINE, LOOPED), LOOPED))
        cut.append(_each(runs.shell(shell_ways.CUT, USUAL), USUAL))
        best.append(_each(runs.shell(shell_ways.AT_ONCE, USUAL), USUAL))
    whole, again = _usual(poll), median(running)
    print(
        f"\n{USUAL} mails: a poll with its start {1 / whole.clock:.0f} a second ({1000 * whole.processor:.1f} ms of processor time "
        f"each), of a program that runs {1 / again:.0f}"
    )
    ways = {
        "a shell loop": loop,
        "one 7zz over all": pipe,
        "its tags cut out": cut,
        "each program once": best,
    }
    usual = {name: _usual(taken) for name, taken in ways.items()}
    for name, way in usual.items():
        print(
            f"{name}: {1 / way.clock:.0f} a second, ratios {way.clock / whole.clock:.1f} and {way.clock / again:.1f}; in processor "
            f"time {way.processor / whole.processor:.1f}"
        )
    assert usual["a shell loop"].clock > 6 * whole.clock or not QUIET
    assert usual["one 7zz over all"].clock > 3 * whole.clock or not QUIET
    assert usual["a shell loop"].processor > 3 * whole.processor
    assert usual["one 7zz over all"].processor > 1.5 * whole.processor


def _environment() -> dict[str, str]:
    """As installed: what is imported was compiled at the first start."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


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
