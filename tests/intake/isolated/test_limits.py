"""Which limits are set where: the choice of the branch, and the layout of what Windows is told."""

import ctypes
from types import SimpleNamespace

import pytest

from intake.isolated import limits, windows


def test_on_windows_the_process_is_put_in_a_job_and_sets_nothing_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(limits.sys, "platform", "win32")
    monkeypatch.setattr(windows, "contain", lambda handle, memory: told.append((handle, memory)))
    monkeypatch.setattr(limits, "_restrict_posix", lambda: pytest.fail("not on Windows"), raising=False)
    monkeypatch.setattr(limits, "_renew_posix", lambda: pytest.fail("not on Windows"), raising=False)
    limits.restrict()
    limits.renew_cpu()
    limits.contain(SimpleNamespace(_handle=42))
    assert told == [(42, limits.MEMORY_BYTES)]


def test_elsewhere_it_sets_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(limits.sys, "platform", "linux")
    monkeypatch.setattr(limits, "_restrict_posix", lambda: told.append("all"), raising=False)
    monkeypatch.setattr(limits, "_renew_posix", lambda: told.append("cpu"), raising=False)
    limits.restrict()
    limits.renew_cpu()
    assert limits.contain(SimpleNamespace(_handle=42)) is None
    assert told == ["all", "cpu"]


@pytest.mark.skipif(ctypes.sizeof(ctypes.c_void_p) != 8, reason="the size is that of 64-bit Windows")
def test_what_windows_is_told_has_its_layout() -> None:
    told = windows.limits_of(1 << 30)
    assert ctypes.sizeof(told) == 144
    assert windows.Limits.process_memory.offset == 112
    assert told.basic.flags == 0x2500
    assert told.process_memory == 1 << 30
