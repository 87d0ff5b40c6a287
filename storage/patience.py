"""Slowing down after wrong passphrases, over processes and restarts; nobody is locked out for ever.

Kept per account in a small file of the workstation. It holds off whoever tries passphrases in the program; whoever
can read the store's folder can try them elsewhere, and what that costs is Argon2id's affair (`keys.py`).
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from math import ceil
from pathlib import Path

import orjson
from filelock import FileLock, Timeout

from storage.errors import N_, SignInSlowed, StorageError, WrongPassphrase
from storage.rows import canonical

FREE = 3
"""So many wrong passphrases in a row cost no waiting: people mistype."""
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=5)
FORGOTTEN_AFTER = timedelta(hours=24)
_MOST_NAMES = 200
_MOST_BYTES = 65536
_MOST_FAILURES = 1_000_000
_LOCK_SECONDS = 20.0


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Failures:
    """How often in a row an account's passphrase was wrong here, and when last."""

    count: int
    last: datetime

    def wait(self) -> timedelta:
        """How long after the last failure the next passphrase is looked at: 0, then 5 s, doubling up to 5 min."""
        if self.count < FREE:
            return timedelta(0)
        doublings = min(self.count - FREE, 16)
        return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


class FailuresDamaged(StorageError):
    """The file in which wrong passphrases are counted is not as it was written. Values: file."""

    template = N_(
        "The file %(file)s, in which wrong passphrases are counted, was changed. Ask who was at this workstation; it is "
        "written anew at the next sign-in."
    )


def _check(failures: object) -> str:
    return sha256(canonical(["ocmw-intake sign-ins 1", failures])).hexdigest()


class Patience:
    """Counts the wrong passphrases of each account, in `file`; without one, or where it cannot be written, in memory."""

    def __init__(self, file: Path | None, clock: Callable[[], datetime] = _utc_now) -> None:
        self._file = file
        self._clock = clock
        self.damaged = False
        self._memory: dict[str, Failures] = {}
        self._lock = None if file is None else FileLock(f"{file}.lock", timeout=_LOCK_SECONDS)

    def failures(self, name: str) -> int:
        """How many wrong passphrases in a row there were for `name`, as of now."""
        found = self._known().get(name)
        return 0 if found is None else found.count

    @contextmanager
    def attempt(self, name: str) -> Iterator[None]:
        """The block tries one passphrase for `name`; a WrongPassphrase it raises counts, its normal end clears.

        Raises SignInSlowed without running the block when it is too soon. Once attempts have to wait they are made one
        at a time, so that many processes at once are no way round.
        """
        with ExitStack() as held:
            held.enter_context(self._alone())
            before = self._known().get(name)
            self._check(name, before)
            if before is None or before.count < FREE:
                held.close()
            try:
                yield
            except WrongPassphrase:
                with self._alone():
                    known = self._known()
                    count = known[name].count if name in known else 0
                    failed = Failures(min(count + 1, _MOST_FAILURES), self._clock())
                    self._keep(known | {name: failed})
                raise
            with self._alone():
                known = self._known()
                if known.pop(name, None) is not None or self.damaged:
                    self._keep(known)

    def _check(self, name: str, before: Failures | None) -> None:
        if before is None:
            return
        now, wait = self._clock(), before.wait()
        if before.last > now:
            # The clock was set back: begin the waiting anew rather than let it last until the old time.
            before = Failures(before.count, now)
            self._keep(self._known() | {name: before})
        left = before.last + wait - now
        if left > timedelta(0):
            raise SignInSlowed(seconds=ceil(left.total_seconds()))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with ExitStack() as stack:
            if self._lock is not None:
                try:
                    stack.enter_context(self._lock)
                except Timeout:
                    raise SignInSlowed(seconds=ceil(FIRST_WAIT.total_seconds())) from None
                except OSError:
                    # A folder that cannot be written keeps nobody out; this process still counts.
                    self._lock = None
            yield

    def _known(self) -> dict[str, Failures]:
        now = self._clock()
        read = self._read()
        known = self._memory if read is None else read
        return {name: f for name, f in known.items() if now - f.last < FORGOTTEN_AFTER}

    def _read(self) -> dict[str, Failures] | None:
        if self._file is None or self._lock is None:
            return None
        try:
            with self._file.open("rb") as file:
                data = file.read(_MOST_BYTES + 1)
        except FileNotFoundError:
            self.damaged = False
            return {}
        except OSError:
            return None
        found: dict[str, Failures] = {}
        self.damaged = True
        """Whether the file was not as it was written when it was last read."""
        with suppress(orjson.JSONDecodeError, TypeError, ValueError, KeyError, AttributeError):
            if len(data) <= _MOST_BYTES:
                kept = orjson.loads(data)
                for name, (count, last) in kept["failures"].items():
                    moment = datetime.fromisoformat(last)
                    if isinstance(count, int) and 0 < count <= _MOST_FAILURES and moment.tzinfo is not None:
                        found[str(name)] = Failures(count, moment)
                self.damaged = kept["check"] != _check(kept["failures"])
        return found

    def check(self) -> None:
        """Raise FailuresDamaged when the file is not as it was written; its failures count all the same."""
        self.damaged = False
        if self._read() is not None and self.damaged:
            raise FailuresDamaged(file=str(self._file))

    def _keep(self, known: dict[str, Failures]) -> None:
        newest = sorted(known.items(), key=lambda item: item[1].last)[-_MOST_NAMES:]
        self._memory = dict(newest)
        if self._file is None or self._lock is None:
            return
        failures = {name: [f.count, f.last.isoformat()] for name, f in newest}
        data = orjson.dumps({"failures": failures, "check": _check(failures)})
        with suppress(OSError):
            self._file.write_bytes(data)
