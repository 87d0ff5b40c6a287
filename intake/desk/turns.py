"""One poller at a time: whose turn it is, told to all workstations, and how polling goes.

A turn is a lease. It is taken for a poll, kept between polls by who watches, renewed while it lasts, and free again when it
ended, when its process is no more, or when it lapsed. Someone who asks for one poll may go between two polls of a watch.
What comes in is safe without it, by the ledger's transactions; the turn saves the mail server and the store double work.
"""

import os
import platform
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from intake.desk.office import Office
from intake.errors import IntakeError
from intake.pulse import LEASE, Doing, Proof, Pulse, lapsed, pulse_of, row_of
from intake.rows import iso
from intake.staff import WRITERS
from intake.texts import N_
from storage.bulletin import Bulletin
from storage.directory import Directory
from storage.errors import Refusal, StorageError, StoreLocked
from storage.processes import runs

__all__ = ["PollerBusy", "Turns", "read_pulse"]

NAME = "poller"
RENEW_SECONDS = 45.0
WAIT_SECONDS = 30.0
"""So long someone who asks for one poll waits for another's to end."""
_LOOK_SECONDS = 0.1


class PollerBusy(IntakeError):
    """Another polls just now. Values: who, since (ISO 8601, UTC)."""

    template = N_(
        "The mailbox is being polled by %(who)s since %(since)s, and one at a time polls. What came in stands on the "
        "worklist; try again in a few minutes."
    )
    exit_code = 6


def bulletin_of(location: Path) -> Bulletin:
    """Where the state of polling stands in a store's folder."""
    return Bulletin(location, NAME, WRITERS)


def read_pulse(location: Path, staff: Directory) -> Pulse | None:
    """The state of polling, for which nobody need be signed in; None before the first poll.

    Raises BulletinDamaged, StoreNotReadable.
    """
    return _read(bulletin_of(location).read(staff))


def _read(row: Mapping[str, Any] | None) -> Pulse | None:
    if row is None:
        return None
    try:
        return pulse_of(row)
    except (KeyError, TypeError, ValueError):
        return None  # of another version of the program


class Turns:
    """The turns of one desk. Used from one thread."""

    def __init__(self, office: Office, running: Callable[[int], bool] = runs) -> None:
        self._office = office
        self._running = running
        self._bulletin = bulletin_of(office.store.location)
        self._token = secrets.token_hex(8)
        self._written = 0.0
        self._mine = False
        self._seen: tuple[Pulse, float] | None = None

    def look(self) -> Pulse | None:
        """The state of polling; None before the first poll, or when it cannot be read."""
        with suppress(StorageError):
            return _read(self._bulletin.read(self._office.directory))
        return None

    def is_own(self, pulse: Pulse) -> bool:
        """Whether this desk has, or had, this turn."""
        return pulse.token == self._token

    def may_take(self) -> bool:
        """Whether the turn is ours or free, by a look that holds nobody up."""
        pulse = self.look()
        return pulse is None or self.is_own(pulse) or self._free(pulse, self._office.now(), between=False)

    def take(self, every: int, *, between: bool = False) -> None:
        """Have the turn from now on, to poll; `every` is the interval in seconds.

        With `between` also when another only watches. Raises PollerBusy, and the errors of the store.
        """

        def say(row: Mapping[str, Any] | None) -> dict[str, Any]:
            before, now = _read(row), self._office.now()
            own = before is not None and self.is_own(before)
            if before is not None and not own and not self._free(before, now, between):
                raise PollerBusy(who=before.who, since=iso(before.since))
            return row_of(
                Pulse(
                    holder=self._office.name,
                    host=platform.node()[:64],
                    process=os.getpid(),
                    token=self._token,
                    doing=Doing.POLLING,
                    since=before.since if before is not None and own else now,
                    until=now + LEASE,
                    every=every,
                    polled_at=before.polled_at if before else None,
                    polled_by=before.polled_by if before else None,
                    proof=before.proof if before else None,
                    down_since=before.down_since if before else None,
                    trouble=before.trouble if before else None,
                )
            )

        self._change(say)
        self._mine = True

    def wait_and_take(self, every: int, stop: Callable[[], bool]) -> None:
        """As `take` with `between`, waiting a while for a poll that is under way."""
        end = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                return self.take(every, between=True)
            except PollerBusy:
                if stop() or time.monotonic() >= end:
                    raise
            busy = self.look()
            while not stop() and time.monotonic() < end and busy is not None and busy == self.look():
                if self._free(busy, self._office.now(), between=True):
                    break
                time.sleep(_LOOK_SECONDS)

    def renew(self) -> bool:
        """Keep the turn, written when it is time for that; False when another has it now."""
        if not self._mine or time.monotonic() - self._written < RENEW_SECONDS:
            return self._mine

        def say(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
            before = _read(row)
            if before is None or not self.is_own(before):
                self._mine = False
                return None
            return row_of(replace(before, until=self._office.now() + LEASE))

        with suppress(StoreLocked):
            self._change(say)
        return self._mine

    def went_well(self, proof: Proof, *, watching: bool) -> None:
        """A poll ended well; with `watching` the turn is kept."""

        def tell(before: Pulse, now: datetime) -> Pulse:
            return replace(
                before, polled_at=now, polled_by=self._office.name, proof=proof, down_since=None, trouble=None
            )

        self._end_poll(tell, watching)

    def went_wrong(self, error: Refusal | None, *, watching: bool) -> None:
        """A poll could not be done, for a reason that is not a message's."""

        def tell(before: Pulse, now: datetime) -> Pulse:
            trouble = type(error).__name__ if error is not None else "Fault"
            return replace(before, down_since=before.down_since or now, trouble=trouble)

        self._end_poll(tell, watching)

    def leave(self) -> None:
        """Let another have the turn. What cannot be written lapses."""
        self._end_poll(lambda before, _now: before, watching=False)

    def _end_poll(self, tell: Callable[[Pulse, datetime], Pulse], watching: bool) -> None:
        if not self._mine:
            return

        def say(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
            before, now = _read(row), self._office.now()
            if before is None or not self.is_own(before):
                return None
            doing, until = (Doing.WATCHING, now + LEASE) if watching else (Doing.ENDED, now)
            return row_of(replace(tell(before, now), doing=doing, until=until))

        with suppress(StorageError):
            self._change(say)
        self._mine = watching

    def _change(self, say: Callable[[Mapping[str, Any] | None], dict[str, Any] | None]) -> None:
        office = self._office
        self._bulletin.change(office.directory, office.session.signer, office.now, say)
        self._written = time.monotonic()

    def _free(self, pulse: Pulse, now: datetime, between: bool) -> bool:
        """Whether a turn that is not ours may be taken."""
        if pulse.doing is Doing.ENDED or (between and pulse.doing is Doing.WATCHING):
            return True
        if pulse.host == platform.node()[:64] and not self._running(pulse.process):
            return True
        return lapsed(pulse, now) or self._stands_still(pulse)

    def _stands_still(self, pulse: Pulse) -> bool:
        """Whether it was not renewed in all the time of a lease that we looked on, whatever the clocks say."""
        if self._seen is None or self._seen[0] != pulse:
            self._seen = (pulse, time.monotonic())
        return time.monotonic() - self._seen[1] > LEASE.total_seconds()
