"""`poll --watch` and `poll --status` as a user runs them: processes of their own, stopped by signals, killed, succeeded."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from intake.archive import Member, pack
from tests.journeys.inside import ProtocolOffice
from tests.journeys.mails import form, mail
from tests.journeys.office import ARCHIVE_PASSPHRASE, LEAD, WORKER
from tests.running import run_inside

POSIX = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")


class Process:
    """One `poll --watch --json`, and what it printed."""

    def __init__(self, office: ProtocolOffice, user: tuple[str, str], number: int) -> None:
        self._out, self._err = (office.folder / f"{name}-{number}" for name in ("out", "err"))
        command = [
            *(sys.executable, "-m", "tui.main", "--config", str(office.config), "--as", user[0]),
            *("--passphrase-file", str(office.secret(*user)), "poll", "--watch", "--json"),
        ]
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err)

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._out.read_text(encoding="utf-8").splitlines()]

    def err(self) -> list[str]:
        return self._err.read_text(encoding="utf-8").splitlines()

    def until(self, true: Callable[[], object], seconds: float = 30.0) -> None:
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, (self.lines(), self.err())
            time.sleep(0.02)

    def ends_by(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)


Start = Callable[[tuple[str, str]], Process]


@pytest.fixture
def start(office: ProtocolOffice) -> Iterator[Start]:
    started: list[Process] = []

    def one(user: tuple[str, str] = LEAD) -> Process:
        started.append(Process(office, user, len(started)))
        return started[-1]

    yield one
    for process in started:
        process.process.kill()
        process.process.wait()


def deliver(office: ProtocolOffice) -> None:
    office.deliver(mail(("fiche.7z", pack([Member(*form())], ARCHIVE_PASSPHRASE))))


def status(office: ProtocolOffice) -> tuple[int, dict[str, Any]]:
    done = run_inside("--config", office.config, "poll", "--status", "--json")
    assert not done.stderr
    return done.returncode, json.loads(done.stdout)


@POSIX
def test_a_watch_prints_a_line_a_poll_and_ends_well_when_told_to(
    office: ProtocolOffice, start: Start
) -> None:
    assert status(office) == (5, dict.fromkeys(status(office)[1]) | {"fresh": False})
    watch = start(LEAD)
    watch.until(lambda: status(office)[1]["poller"])
    for count in (1, 2):
        deliver(office)
        watch.until(lambda count=count: len(watch.lines()) == count)
    for line in watch.lines():
        assert line.keys() == {"found", "imported", "quarantined", "known", "references", "seconds"}
        assert (line["found"], line["imported"]) == (1, 1)
    code, told = status(office)
    assert (code, told["fresh"], told["poller"]["user"], told["polled_by"]) == (0, True, "els", "els")
    assert (told["found"], told["imported"], told["quarantined"], told["known"]) == (1, 1, 0, 0)
    # One poll in between, by someone who asks for it.
    assert office.json("poll")["found"] == 0
    assert watch.ends_by(signal.SIGTERM) == 0
    assert watch.err() == []
    code, told = status(office)
    assert (code, told["poller"]) == (0, None)
    said = office.run("poll", "--status", user=None)
    assert "laatste goede ophaling" in said.out


@POSIX
def test_a_second_watch_says_who_polls_and_takes_over_from_a_killed_one(
    office: ProtocolOffice, start: Start
) -> None:
    office.add(WORKER, "social-worker")
    first = start(LEAD)
    first.until(lambda: status(office)[1]["poller"])
    second = start(WORKER)
    second.until(second.err)
    assert second.err()[0].startswith("Het postvak wordt opgehaald door els (")
    first.process.kill()
    first.process.wait()
    deliver(office)
    second.until(second.lines)
    assert status(office)[1]["poller"]["user"] == WORKER[0]
    assert second.ends_by(signal.SIGINT) == 0
    assert len(second.err()) == 1


def test_a_watch_outside_the_agreement_or_by_who_may_not_ends_at_once(office: ProtocolOffice) -> None:
    office.add(("dirk", "zeven blauwe deuren open"), "dpo")
    assert office.run("poll", "--watch", user=("dirk", "zeven blauwe deuren open"), status=None).status == 4
    office.change(agreement={"ended_on": "2024-01-01"})
    assert office.run("poll", "--watch", status=None).status == 7


def test_a_stale_poll_and_a_changed_record_are_told_apart(office: ProtocolOffice) -> None:
    office.json("poll")
    assert status(office)[0] == 0
    with office.later(minutes=20):
        code, told = status(office)
        assert (code, told["fresh"], told["polled_by"]) == (5, False, "els")
    path = office.store / "poller.json"
    path.write_bytes(path.read_bytes().replace(b"els", b"jan"))
    done = run_inside("--config", office.config, "poll", "--status", "--json")
    assert done.returncode == 6
    assert "poller.json" in done.stderr
    assert office.run("poll").status == 0, "the next poll writes it anew"
    assert status(office)[0] == 0
    assert Path(path).exists()
