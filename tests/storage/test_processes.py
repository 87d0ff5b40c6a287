"""Whether what someone left behind is still theirs: processes that run, that ended, and of other systems."""

import os
import subprocess
import sys

import pytest

from storage.processes import _runs_on_posix, _runs_on_windows, choose_look, runs


def test_each_system_is_asked_in_its_own_way() -> None:
    assert choose_look("win32") is _runs_on_windows, "os.kill would end the process there"
    assert choose_look("linux") is choose_look("darwin") is _runs_on_posix


def test_a_process_runs_until_it_has_ended() -> None:
    assert runs(os.getpid())
    ended = subprocess.Popen([sys.executable, "-c", "pass"])
    ended.wait()
    assert not runs(ended.pid)


@pytest.mark.parametrize("number", [0, -1, -(2**40)])
def test_what_is_no_number_of_a_process_does_not_run(number: int) -> None:
    assert not runs(number)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX numbers")
def test_in_doubt_it_runs() -> None:
    assert runs(2**70)
