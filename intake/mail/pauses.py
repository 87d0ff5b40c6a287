"""How long to wait before the next attempt at a mailbox that does not answer. Pure: the dice are passed in."""

from collections.abc import Callable

__all__ = ["FIRST_SECONDS", "LONGEST_SECONDS", "LONGEST_SUGGESTED", "pause_after"]

FIRST_SECONDS = 1.0
LONGEST_SECONDS = 300.0
LONGEST_SUGGESTED = 3600.0
"""A server's own suggestion is obeyed up to this many seconds."""


def pause_after(failures: int, dice: Callable[[], float], suggested: float | None = None) -> float:
    """Seconds before the next attempt, after so many failures in a row (1 or more).

    Doubled each time from one second to five minutes, and between half and the whole of that by `dice` (0 to 1), so that
    many workstations do not all come back in the same second. Never shorter than what the server `suggested` (seconds).
    """
    # 2**9 is beyond the longest; a bare power would pass what a float can hold after a week.
    whole = min(FIRST_SECONDS * 2.0 ** min(max(failures, 1) - 1, 9), LONGEST_SECONDS)
    pause = whole * (0.5 + dice() / 2)
    if suggested is not None and suggested > 0:
        pause = max(pause, min(suggested, LONGEST_SUGGESTED))
    return pause
