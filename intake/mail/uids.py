"""Small arithmetic on UIDs: chunks of them, and what COPYUID says (RFC 4315)."""

import re
from collections.abc import Iterator, Sequence

from intake.mail.message import Location

__all__ = ["in_chunks", "new_locations"]

_SET = re.compile(rb"\d{1,10}(?::\d{1,10})?(?:,\d{1,10}(?::\d{1,10})?)*")


def in_chunks(uids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """`uids` in pieces of at most `size`."""
    for start in range(0, len(uids), size):
        yield uids[start : start + size]


def new_locations(told: Sequence[bytes], folder: str, moved: Sequence[int]) -> dict[int, Location]:
    """Where each moved UID lies now, from the values of COPYUID; empty where the server's word makes no sense."""
    asked = set(moved)
    new: dict[int, Location] = {}
    for value in told:
        words = value.split()
        if len(words) != 3 or not words[0].isdigit():
            continue
        old, fresh = _expand(words[1], len(asked)), _expand(words[2], len(asked))
        if old and len(old) == len(fresh) and asked.issuperset(old):
            new.update((o, Location(folder, int(words[0]), f)) for o, f in zip(old, fresh, strict=True))
    return new


def _expand(uid_set: bytes, limit: int) -> list[int]:
    """The UIDs of a set such as 4,7:9; nothing where it is malformed or holds more than `limit`."""
    if not _SET.fullmatch(uid_set):
        return []
    uids: list[int] = []
    for piece in uid_set.split(b","):
        low, _colon, high = piece.partition(b":")
        first, last = int(low), int(high or low)
        if abs(last - first) >= limit - len(uids):
            return []
        uids.extend(range(min(first, last), max(first, last) + 1))
    return uids
