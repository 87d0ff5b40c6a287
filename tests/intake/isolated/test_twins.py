"""A reader as the twin of another: as good, ended as surely, and only where the system has a handle of it."""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.isolated import Reader, launching
from intake.isolated.launching import Started, Twin
from intake.mail.message import Incoming
from intake.receive import Judgement, judge
from tests.intake.isolated import breaking
from tests.intake.isolated.conftest import TERMS, asks
from tests.intake.isolated.test_reader import STOPPED

LINUX = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux has handles of processes that others started"
)


@pytest.fixture
def two() -> Iterator[tuple[Reader, Reader]]:
    """Two readers that break on demand, the second beside the first."""
    with Reader(breaking.command()) as first, Reader(breaking.command()) as second:
        first.start()
        second.start(beside=first)
        yield first, second


def said(reader: Reader, word: str) -> str:
    return reader.judge(asks(word), TERMS).rejected[0].text


def is_twin(reader: Reader) -> bool:
    assert reader._process is not None
    return isinstance(reader._process._launched, Twin)


def gone(number: int) -> bool:
    """Whether a process has ended; one that its maker has not looked at yet has, too."""
    try:
        told = Path(f"/proc/{number}/stat").read_text(encoding="ascii", errors="replace")
        return told.rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


@LINUX
def test_a_twin_is_a_process_of_its_own_that_judges_as_the_first(
    two: tuple[Reader, Reader], referral: Incoming
) -> None:
    first, second = two
    assert is_twin(second) and not is_twin(first)
    both = [reader.begin([referral, asks("pid")], TERMS) for reader in two]
    (found, mine), (same, its) = [pending.wait() for pending in both]
    assert found == same == judge(referral, TERMS)
    assert mine.rejected[0].text != its.rejected[0].text


@LINUX
def test_each_of_two_breaks_for_itself(two: tuple[Reader, Reader], referral: Incoming) -> None:
    first, second = two
    for breaks, goes_on in ((first, second), (second, first)):
        breaks.judge(referral, TERMS)
        number = said(goes_on, "pid")
        assert breaks.begin([asks("segfault"), referral], TERMS).wait() == [STOPPED, judge(referral, TERMS)]
        assert said(goes_on, "pid") == number
    assert not is_twin(second)  # it was started anew


@LINUX
def test_a_twin_is_ended_whatever_it_does(two: tuple[Reader, Reader]) -> None:
    first, second = two
    number = int(said(second, "pid"))
    second._deadline = 0.3
    assert second.begin([asks("sleep")], TERMS).wait() == [STOPPED]
    assert gone(number)
    number = int(said(first, "pid"))
    assert not gone(number)
    first.close()
    assert gone(number)


@LINUX
def test_a_twin_ends_with_the_program_and_without_its_first(two: tuple[Reader, Reader]) -> None:
    first, second = two
    number = int(said(second, "pid"))
    first.close()
    assert int(said(second, "pid")) == number
    second.close()
    assert gone(number)


@LINUX
def test_one_that_is_closed_while_it_is_made_leaves_nothing_behind(referral: Incoming) -> None:
    with Reader(breaking.command()) as first:
        first.start()
        with Reader(breaking.command()) as second:
            second.start(beside=first)
            assert is_twin(second)
        assert first.judge(referral, TERMS).accepted
        assert first._process is not None and isinstance(first._process._launched, Started)
        number = first._process._launched.process.pid
        until = time.monotonic() + 20
        while children := _living_children(number):
            assert time.monotonic() < until, children
            time.sleep(0.01)


def _living_children(number: int) -> list[int]:
    told = Path(f"/proc/{number}/task/{number}/children").read_text(encoding="ascii")
    return [child for child in map(int, told.split()) if not gone(child)]


def test_of_one_that_has_read_there_is_no_twin(referral: Incoming) -> None:
    with Reader() as first, Reader() as second:
        first.judge(referral, TERMS)
        second.start(beside=first)
        assert not is_twin(second)
        assert second.judge(referral, TERMS).accepted


def test_one_that_runs_is_not_started_again(two: tuple[Reader, Reader]) -> None:
    first, second = two
    number = said(second, "pid")
    second.start(beside=first)
    assert said(second, "pid") == number
    assert second.started == 1


def test_where_the_system_has_no_handles_each_is_started(
    monkeypatch: pytest.MonkeyPatch, referral: Incoming
) -> None:
    monkeypatch.setattr(launching, "has_twins", lambda: False)
    with Reader() as first, Reader() as second:
        first.start()
        second.start(beside=first)
        assert not is_twin(second)
        assert [reader.judge(referral, TERMS) for reader in (first, second)] == [judge(referral, TERMS)] * 2


@LINUX
def test_a_system_that_refuses_handles_has_no_twins(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(_number: int) -> int:
        raise PermissionError

    monkeypatch.setattr(os, "pidfd_open", refuses)
    assert not launching.has_twins.__wrapped__()
    monkeypatch.delattr(os, "pidfd_open")
    assert not launching.has_twins.__wrapped__()


@LINUX
def test_a_twin_that_tells_a_number_that_is_none_is_not_taken(
    monkeypatch: pytest.MonkeyPatch, referral: Incoming
) -> None:
    with Reader() as first, Reader() as second:
        monkeypatch.setattr(Twin, "ready", lambda _self, _told: False)
        first.start()
        second.start(beside=first)
        found: Judgement = second.judge(referral, TERMS)
        assert found.accepted
        assert second.started == 2
        assert not is_twin(second)
