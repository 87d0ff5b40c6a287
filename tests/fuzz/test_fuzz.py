"""The short run of the mutated cases: none crashes or hangs its process, each ends as foreseen. No time is held to here."""

import subprocess
from pathlib import Path

import pytest

from tests.fuzz import runner
from tests.fuzz.runner import Run
from tests.fuzz.targets import TARGETS, Target, case_of

CASES = {"archives": 300, "mails": 300, "structures": 200, "forms": 100}


@pytest.mark.parametrize("kind", sorted(TARGETS))
def test_each_mutated_case_ends_as_a_referral_or_with_a_cause(kind: str, tmp_path: Path) -> None:
    report = Run(kind, CASES[kind], seed=8940, keep=tmp_path).run()
    # How long a case takes on a machine with other work is told by the long run.
    assert [one for one in report.found if not one.slow] == [], report
    assert report.cases == CASES[kind]
    # Mutations that all end in the same way would show nothing.
    assert len(report.outcomes) >= 3, report


def test_the_same_seed_makes_the_same_cases() -> None:
    found = TARGETS["structures"].samples(None)
    assert [case_of("structures", found, 1, n) for n in range(50)] == [
        case_of("structures", found, 1, n) for n in range(50)
    ]
    assert case_of("structures", found, 1, 3) != case_of("structures", found, 2, 3)


def _broken(data: bytes) -> str:
    """A reader that ends its process, hangs or raises, as the case says."""
    import os
    import time

    if data == b"crash":
        os.abort()
    while data == b"hang":
        time.sleep(60)
    if data == b"raise":
        raise KeyError
    return "read"


def _broken_target() -> Target:
    return Target(
        lambda _: [b"fine", b"crash", b"raise", b"fine", b"hang", b"fine"],
        lambda _chance, data, _other: data,
        _broken,
        6,
    )


def test_what_crashes_hangs_or_raises_is_found_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TARGETS, "broken", _broken_target())
    monkeypatch.setattr(runner, "HANG", 3.0)
    child = tmp_path / "child.py"
    child.write_text(
        "import sys\n"
        "from tests.fuzz import child, test_fuzz\n"
        "from tests.fuzz.targets import TARGETS\n"
        "TARGETS['broken'] = test_fuzz._broken_target()\n"
        "child.main(*sys.argv[1:])\n",
        encoding="utf-8",
    )
    real = subprocess.Popen

    def start(words: list[str], **more: object) -> object:
        module = words.index("-m")
        return real([*words[:module], str(child), *words[module + 2 :]], **more)  # type: ignore[call-overload]

    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.setattr(runner.subprocess, "Popen", start)
    report = Run("broken", 6, seed=1, keep=tmp_path / "kept").run()
    told = {one.number: one.what for one in report.found}
    assert sorted(told) == [1, 2, 4], report
    assert "ended with" in told[1]
    assert "KeyError" in told[2]
    assert told[4] == "it hangs"
    assert report.cases == 6
    assert report.outcomes == {"read": 3, "crash or hang": 2, "KeyError": 1}
    assert sorted(file.read_bytes() for file in (tmp_path / "kept").iterdir()) == [
        b"crash",
        b"hang",
        b"raise",
    ]
