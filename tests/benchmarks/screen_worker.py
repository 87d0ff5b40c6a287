"""The screens in a process of their own, for what is measured of them; each prints one line of JSON.

`bare`: a Textual table of 50 rows, seconds from the start of the process (`time.time()` in the first argument).
`worklist STORE USER CONFIG`: this program from the passphrase accepted to the rows on the screen, and its memory.
"""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

from textual.app import App, ComposeResult
from textual.widgets import DataTable

COLUMNS = ("State", "Reference", "Name", "Municipality", "Received", "Due", "Tries", "Worker")


class Bare(App[None]):
    """The same columns, and nothing else."""

    def compose(self) -> ComposeResult:
        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        table: DataTable[Any] = self.query_one(DataTable)
        table.add_columns(*COLUMNS)
        for number in range(50):
            table.add_row(*(f"{name} {number}" for name in COLUMNS))
        self.call_after_refresh(self.exit)


def bare(started: float) -> dict[str, float]:
    Bare().run(headless=True, size=(120, 36))
    return {"seconds": time.time() - started}


async def _worklist(store: Path, user: str, passphrase: str, config: Path) -> dict[str, float]:
    from intake.config import Workstation
    from tui.app import IntakeApp
    from tui.widgets.worktable import WorkTable

    app = IntakeApp(Workstation(store=store, user=user, language="nl", file=config), passphrase=passphrase)
    accepted, enter = [0.0], app.enter

    def entering() -> None:
        accepted[0] = time.perf_counter()
        enter()

    app.enter = entering  # type: ignore[method-assign]
    async with app.run_test(size=(120, 36)) as driver:
        while not (tables := app.screen.query(WorkTable)) or not tables.first().row_count:
            await asyncio.sleep(0.001)
        shown = asyncio.Event()
        app.screen.call_after_refresh(shown.set)
        await shown.wait()
        seconds = time.perf_counter() - accepted[0]
        rows = tables.first().row_count
        await driver.press("G")
    return {"seconds": seconds, "rows": rows, "megabytes": _megabytes()}


def _megabytes() -> float:
    """The most memory that this program ever held, where the system tells.

    Linux counts into `ru_maxrss` what the process that started it held; the program's own is in its status.
    """
    status = Path("/proc/self/status")
    if status.exists():
        [line] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
        return int(line.split()[1]) / (1 << 10)
    try:
        import resource
    except ImportError:
        return 0.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)


if __name__ == "__main__":
    if sys.argv[1] == "bare":
        result = bare(float(sys.argv[2]))
    else:
        store, user, config = sys.argv[2:5]
        result = asyncio.run(_worklist(Path(store), user, sys.stdin.readline().strip(), Path(config)))
    print(json.dumps(result))
