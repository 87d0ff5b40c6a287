"""What was worked out of one form is remembered while that form is read, and forgotten at the next: forms say things twice.

For pure functions of text. Nothing of a client stays longer than until the next form, and never more than `_MOST` results.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast

__all__ = ["forget", "remembered"]

_Given = ParamSpec("_Given")
_Told = TypeVar("_Told")
_MOST = 2_048
_clearing: list[Callable[[], None]] = []


def remembered(function: Callable[_Given, _Told]) -> Callable[_Given, _Told]:
    """The function with its results remembered until `forget`. Callers do not change what they get."""
    kept = lru_cache(maxsize=_MOST)(function)
    _clearing.append(kept.cache_clear)
    return cast(Callable[_Given, _Told], kept)


def forget() -> None:
    """Forget all that was remembered."""
    for clear in _clearing:
        clear()
