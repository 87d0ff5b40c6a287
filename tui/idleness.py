"""How long the user did nothing, and whether it is long enough to lock the screen. What the lock hides is the application's."""

from collections.abc import Callable
from datetime import datetime, timedelta

from textual import events

__all__ = ["Idleness"]

_DOINGS = (events.Key, events.Paste, events.MouseDown, events.MouseScrollDown, events.MouseScrollUp)


class Idleness:
    """The time since the last key or click. `limit` is what the office has set, None until someone signed in."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._active_at = clock()
        self.limit: timedelta | None = None

    def heard(self, event: events.Event) -> None:
        """Something happened; it counts when the user did it."""
        if isinstance(event, _DOINGS):
            self.begin()

    def begin(self) -> None:
        """Count from now."""
        self._active_at = self._clock()

    def is_over_limit(self) -> bool:
        """Whether nothing was done for longer than the limit. A machine that slept counts as idle."""
        if self.limit is None:
            return False
        now = self._clock()
        # A clock that was set back must not put off the lock.
        self._active_at = min(self._active_at, now)
        return now - self._active_at >= self.limit
