"""Runs the cases of a kind in children, and adds up how they ended. A child that crashes or hangs costs one case."""

import json
import pickle
import queue
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz.targets import TARGETS, case_of
from tests.sevenzip import SevenZip, program

START, HANG = 120.0, 30.0
"""Seconds without a word, before its first case and after, from which a child is held to hang: more than it ever takes."""
SECONDS, BYTES = 2.0, 200 * 1024 * 1024
"""What no case may pass: processor time, and growth of memory."""


@dataclass(frozen=True)
class Found:
    """One case that did not end as it must: how to make it again, what happened, and the file it is kept in."""

    kind: str
    seed: int
    number: int
    what: str
    kept: str = ""
    slow: bool = False

    def __str__(self) -> str:
        return f"{self.kind}, seed {self.seed}, case {self.number}: {self.what} {self.kept}".rstrip()


@dataclass
class Report:
    """What the cases of one kind came to. `worst_*` is (value, number of the case)."""

    kind: str
    seed: int
    cases: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    worst_seconds: tuple[float, int] = (0.0, -1)
    worst_bytes: tuple[int, int] = (0, -1)
    found: list[Found] = field(default_factory=list)

    def __str__(self) -> str:
        ended = ", ".join(f"{name} {count}" for name, count in self.outcomes.most_common())
        lines = [
            f"{self.kind}: {self.cases} cases, {len(self.found)} to be mended",
            f"  ended as: {ended}",
            f"  longest: {self.worst_seconds[0]:.2f} s of processor time (case {self.worst_seconds[1]}); "
            f"most memory: {self.worst_bytes[0] / 1048576:.0f} MB (case {self.worst_bytes[1]})",
        ]
        return "\n".join([*lines, *(f"  {one}" for one in self.found)])


class Run:
    """The cases of one kind with one seed, from `first` on, by so many children at once."""

    def __init__(
        self,
        kind: str,
        cases: int,
        seed: int,
        *,
        first: int = 0,
        processes: int = 1,
        keep: Path | None = None,
    ) -> None:
        self.report = Report(kind, seed)
        self._past, self._first, self._processes, self._keep = first + cases, first, processes, keep
        self._lock = threading.Lock()
        self._samples: list[bytes] = []

    def run(self) -> Report:
        """Make the samples, run all cases, and tell."""
        with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
            found = program()
            sevenzip = SevenZip(found, Path(folder) / "7z") if found else None
            self._samples = TARGETS[self.report.kind].samples(sevenzip)
            file = Path(folder) / "samples"
            file.write_bytes(pickle.dumps(self._samples))
            lanes = [
                threading.Thread(target=self._lane, args=(file, self._first + lane))
                for lane in range(self._processes)
            ]
            for lane in lanes:
                lane.start()
            for lane in lanes:
                lane.join()
        return self.report

    def _lane(self, samples: Path, number: int) -> None:
        """Every `processes`-th case from `number`; the child is started anew after the one it ended at."""
        while number < self._past:
            at, why = self._child(samples, number)
            if at is None:
                return
            if at < number:
                raise AssertionError(f"The child of {self.report.kind} does not start: {why}")
            self._failed(at, why)
            number = at + self._processes

    def _child(self, samples: Path, first: int) -> tuple[int | None, str]:
        """Run one child; (None, "") when it did all, else the case it was at, and why it ended."""
        words = [self.report.kind, samples, self.report.seed, first, self._past, self._processes]
        process = subprocess.Popen(
            [sys.executable, "-X", "faulthandler", "-m", "tests.fuzz.child", *map(str, words)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        assert process.stdout is not None
        assert process.stderr is not None
        lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        reader = threading.Thread(target=_hand_over, args=(process.stdout, lines), daemon=True)
        reader.start()
        at, done, hung = first - 1, True, False
        while True:
            try:
                line = lines.get(timeout=HANG if at >= first else START)
            except queue.Empty:
                hung = True
                process.kill()
                break
            if not line:
                break
            if line.startswith(">"):
                at, done = int(line[1:]), False
            else:
                self._ended(at, json.loads(line))
                done = True
        said = process.stderr.read()[-1500:]
        process.wait()
        reader.join()
        process.stdout.close()
        process.stderr.close()
        if process.returncode == 0 and done:
            return None, ""
        return at, "it hangs" if hung else f"the process ended with {process.returncode}: {said}"

    def _ended(self, number: int, result: dict[str, object]) -> None:
        seconds, size = float(str(result["seconds"])), int(str(result["bytes"]))
        with self._lock:
            self.report.cases += 1
            self.report.outcomes[str(result["outcome"])] += 1
            self.report.worst_seconds = max(self.report.worst_seconds, (seconds, number))
            self.report.worst_bytes = max(self.report.worst_bytes, (size, number))
        if result["failed"]:
            self._failed(number, str(result["failed"]), counted=True)
        elif seconds > SECONDS:
            self._failed(number, f"took {seconds:.1f} s", counted=True, slow=True)
        elif size > BYTES:
            self._failed(number, f"took {size / 1048576:.0f} MB", counted=True)

    def _failed(self, number: int, what: str, *, counted: bool = False, slow: bool = False) -> None:
        kept = ""
        if self._keep is not None:
            self._keep.mkdir(parents=True, exist_ok=True)
            file = self._keep / f"{self.report.kind}-{self.report.seed}-{number}"
            file.write_bytes(case_of(self.report.kind, self._samples, self.report.seed, number))
            kept = f"(kept in {file})"
        with self._lock:
            if not counted:
                self.report.cases += 1
                self.report.outcomes["crash or hang"] += 1
            self.report.found.append(Found(self.report.kind, self.report.seed, number, what, kept, slow))


def _hand_over(stream: object, lines: "queue.SimpleQueue[str]") -> None:
    for line in stream:  # type: ignore[attr-defined]
        lines.put(line)
    lines.put("")
