"""From a key to what it changes on the screen, while a poll imports 500 messages and beside it without a poll.

`pytest -n 0 -s tests/benchmarks/test_key_to_paint.py` prints the figures. The real program in a real terminal: from the
byte of the key written to it until the byte of the moved cursor's line comes back. The mailbox and the measuring are
processes of their own.
"""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

import pytest

from intake.config import MailboxConfig, Workstation, save_workstation
from tests.benchmarks import mailbox_worker as mailbox
from tests.benchmarks.making import PASSPHRASE, QUIET, fill, office
from tests.journeys.terminal import Terminal

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no pseudo-terminal for this test"
)

MESSAGES = 500 if QUIET else 60
"""All of them where the figure is wanted; among other work fewer show the same."""
BEFORE = 200
"""Referrals that are on the worklist already."""

EVERY = 0.05
"""Seconds between two keys, as of a key held down."""

QUIETLY, BUSILY = 50.0, 120.0
"""Milliseconds within which 95 % is painted: on a machine with nothing else to do, and on one that has; where even
without a poll it takes longer than half of that, at most twice that."""

_UNDER_CURSOR = re.compile(rb"(D\d{4}-\d{4,5}) \xc2\xb7 ")
"""The reference in the line that tells of the row under the cursor; in the table no dot follows it."""


@contextmanager
def serving(folder: Path) -> Iterator[MailboxConfig]:
    """The mailbox with its messages, in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.mailbox_worker", str(folder), str(MESSAGES)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None and process.stdout is not None
        facts = json.loads(process.stdout.readline())
        yield MailboxConfig(
            host="127.0.0.1",
            port=facts["port"],
            user=mailbox.USER,
            ca_pem=Path(facts["ca_file"]).read_text(encoding="ascii"),
            poll_seconds=3600,
        )
        process.stdin.close()


class Keys:
    """Presses j and k in turn, and notes after how many milliseconds the line of the row under the cursor changed."""

    def __init__(self, terminal: Terminal, current: str) -> None:
        self._terminal = terminal
        self._current = current.encode()
        self._down = True
        self.written = b""

    def press(self) -> list[float]:
        """One key. One that waits longer than the next would come stands for those too, that would have waited as well."""
        start = time.perf_counter()
        seen = len(self.written)
        self._terminal.type("j" if self._down else "k")
        self._down = not self._down
        while not (other := self._moved(seen)):
            assert time.perf_counter() - start < 20, self.written[-2000:]
            self.written += self._terminal.raw(0.5)
        taken = time.perf_counter() - start
        self._current = other
        late = [taken - n * EVERY for n in range(int(taken / EVERY) + 1)]
        while (left := EVERY - (time.perf_counter() - start)) > 0:
            self.written += self._terminal.raw(left)
        return [seconds * 1000 for seconds in late]

    def _moved(self, since: int) -> bytes | None:
        for found in _UNDER_CURSOR.finditer(self.written, max(0, since - 20)):
            if found.end() > since and found[1] != self._current:
                return found[1]
        return None


def told(what: str, taken: list[float]) -> float:
    p95 = quantiles(taken, n=20)[-1]
    print(
        f"{what}: median {median(taken):.1f} ms, 95 % {p95:.1f} ms, worst {max(taken):.1f} ms, {len(taken)} keys"
    )
    return p95


def test_keys_are_painted_at_once_while_a_poll_imports(tmp_path: Path) -> None:
    with serving(tmp_path) as box:
        desk = office(tmp_path, mailbox=box, secrets=(mailbox.PASSWORD, mailbox.PASSPHRASE))
        fill(desk, BEFORE)
        desk.close()
        config = tmp_path / "config.toml"
        save_workstation(config, Workstation(store=tmp_path / "store", user="els", language="nl"))
        with Terminal(["--config", str(config)]) as terminal:
            terminal.wait_for("els", "Wachtwoordzin")
            terminal.type(PASSPHRASE)
            terminal.press("enter")
            found = _UNDER_CURSOR.search(terminal.wait_for(f"Open {BEFORE}", " · ").encode())
            assert found is not None
            keys = Keys(terminal, found[1].decode())
            keys.press()
            started, during = time.perf_counter(), []
            while f"{MESSAGES} = ".encode() not in keys.written:
                during += keys.press()
            seconds = time.perf_counter() - started
            for _ in range(10):  # the last batch's rows
                keys.press()
            after = [taken for _ in range(60) for taken in keys.press()]
            terminal.draw(keys.written)
            terminal.type("q")
            assert terminal.wait_closed() == 0
    print()
    p95 = told(f"key to paint during a poll of {MESSAGES} messages ({seconds:.1f} s)", during)
    alone = told("without a poll", after)
    assert p95 < (QUIETLY if QUIET else max(BUSILY, 2 * alone))
