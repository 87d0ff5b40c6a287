"""One line of the doctor's report, and how a look becomes one: whatever goes wrong while looking is told, not raised."""

from collections.abc import Callable
from dataclasses import dataclass

from intake.errors import sentence
from intake.texts import _
from storage.errors import Refusal

__all__ = ["Check", "Wrong", "check_of"]


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor's report."""

    name: str
    ok: bool
    said: str


class Wrong(Refusal):
    """What was looked at is not in order."""

    template = "%(problem)s"


def check_of(name: str, look: Callable[[], str]) -> Check:
    """In order when `look` says how it is; not when it raises."""
    try:
        return Check(name, True, look())
    except Refusal as error:
        return Check(name, False, sentence(error))
    except Exception as error:  # noqa: BLE001 - whatever lies in a file, the doctor says its line; no value is told
        return Check(
            name, False, _("this could not be looked at (%(what)s).") % {"what": type(error).__name__}
        )
