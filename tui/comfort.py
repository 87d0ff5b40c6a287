"""Remembering what the signed-in user prefers, through the bridge; what it is and where it lies is in `preferences.py`."""

import asyncio
from contextlib import suppress
from pathlib import Path

from textual.app import App
from textual.worker import Worker, WorkerCancelled, WorkerFailed

from intake.config import Workstation
from intake.desk import Desk
from intake.memory import memory_folder
from storage.errors import Refusal
from tui.bridge import Bridge
from tui.preferences import Preferences, file_for, read, write

KEEP_SECONDS = 1.0
"""How long leaving waits for what the user prefers to be written down."""


class Comfort:
    """The preferences in force. Before somebody signed in they are those of a new user, and nothing is kept."""

    def __init__(self, app: App[int], bridge: Bridge) -> None:
        self._app = app
        self._bridge = bridge
        self._file: Path | None = None
        self._keeping: Worker[None] | None = None
        self.preferences = Preferences()

    async def recall(self, workstation: Workstation) -> None:
        """As the user who is signed in left them on this workstation."""

        def look(desk: Desk) -> tuple[Path, Preferences]:
            file = file_for(desk.office.memory or memory_folder(workstation), desk.office.name)
            return file, read(file)

        with suppress(Refusal):
            self._file, self.preferences = await self._bridge.ask(look)

    def prefer(self, changes: dict[str, object]) -> None:
        """Remember something, in its turn and without anybody waiting."""
        file = self._file
        if file is None:
            return
        self.preferences = kept = self.preferences.model_copy(update=changes)

        async def keep() -> None:
            with suppress(Refusal):
                await self._bridge.ask(lambda _desk: write(file, kept))

        self._keeping = self._app.run_worker(keep(), group="prefer")

    async def kept(self) -> None:
        """Wait a moment until the last of it is written down."""
        if self._keeping is not None:
            with suppress(TimeoutError, WorkerFailed, WorkerCancelled):
                await asyncio.wait_for(self._keeping.wait(), KEEP_SECONDS)
