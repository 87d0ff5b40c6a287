"""A workstation that polls and works until it is killed; it tells each thing the store acknowledged.

A process of its own, started by `multiprocessing` (where the system can fork, from a server that has loaded the program
once, so that sixty kills do not load it sixty times): `Workstation.start`.
"""

import contextlib
import multiprocessing
import random
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Self

from intake.desk import Desk, open_desk
from intake.desk.work import AttemptRequest
from intake.referral import Channel, Result

Acknowledged = tuple[str, str, int]
"""What was done, the reference, the version of its row."""


def work(desk: Desk, chance: random.Random, told: Connection) -> None:
    """Poll and work without end."""
    while True:
        for reference in desk.polling.poll().references:
            told.send(("import", reference, 1))
        lines = [line for line in desk.work.worklist() if len(line.referral.attempts) < 8]
        for line in chance.sample(lines, min(4, len(lines))):
            reference = line.referral.reference
            request = AttemptRequest(reference, Channel.PHONE, Result.NO_ANSWER, note="niemand thuis")
            told.send(("step", reference, desk.work.attempt(request).version))


def _signed_in(store: Path, user: str, passphrase: str, seed: int, told: Connection) -> None:
    desk = open_desk(store, user, passphrase, memory=store.with_name("memory"))
    told.send(("ready", "", 0))
    work(desk, random.Random(seed), told)


@dataclass
class Workstation:
    """The process and what it tells."""

    process: BaseProcess
    told: Connection

    @classmethod
    def start(cls, store: Path, user: str, passphrase: str, seed: int) -> Self:
        """Start it and wait until it has signed in."""
        methods = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
        if "forkserver" in methods:
            # With what it loads only at work: py7zr, the readers of documents, the mailbox.
            context.set_forkserver_preload(
                [__name__, "intake.archive.headers", "intake.form.docx", "py7zr", "imapclient"]
            )
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(
            target=_signed_in, args=(store, user, passphrase, seed, theirs), daemon=True
        )
        process.start()
        theirs.close()
        assert ours.recv()[0] == "ready"
        return cls(process, ours)

    def lines(self) -> Iterator[Acknowledged]:
        """What it tells, until it is dead; what it was telling when it was killed does not count."""
        with contextlib.suppress(EOFError, OSError):
            while True:
                yield self.told.recv()

    def kill(self) -> None:
        """End it at once."""
        self.process.kill()

    def killed(self) -> bool:
        """Wait for its end; whether it was killed, and did not end by itself."""
        self.process.join()
        self.told.close()
        return (self.process.exitcode or 0) < 0
