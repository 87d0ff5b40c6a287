"""How a worker's workload, absence and the reason of a proposal are written on the screen. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from intake.desk.assigning import Worker
from intake.formats import show_date
from intake.plaintext import clean_line
from intake.proposals import REASON_WORDS, Reason
from intake.texts import _, ngettext
from intake.workload import LATELY_DAYS
from tui.shown import LATE, late_mark, person

BLOCK = "▇"
AWAY = "⊘"
MOST_NAMED = 6


def bar(count: int, most: int, width: int) -> str:
    """A number as a row of blocks; at least one for any work, and `width` for the `most` that anyone has."""
    if count <= 0 or most <= 0:
        return ""
    return BLOCK * max(1, round(width * min(count, most) / most))


def most_open(workers: Iterable[Worker]) -> int:
    """What the longest bar stands for."""
    return max((worker.load.open for worker in workers), default=0)


def worker_name(worker: Worker) -> str:
    """The name, with a sign when absent."""
    name = clean_line(worker.user.display_name)
    return f"{AWAY} {name}" if worker.absent_until else name


def absence(worker: Worker, names: Mapping[str, str]) -> str:
    """Until when someone is absent and who stands in, in short; nothing for who is there."""
    if worker.absent_until is None:
        return ""
    return f"{AWAY} {show_date(worker.absent_until)} → {person(names, worker.substitute)}"


def absence_words(worker: Worker, names: Mapping[str, str]) -> str:
    """The same in words."""
    if worker.absent_until is None:
        return ""
    told = {"day": show_date(worker.absent_until), "substitute": person(names, worker.substitute)}
    return AWAY + " " + _("absent up to and including %(day)s, substitute %(substitute)s") % told


def overdue(worker: Worker) -> str:
    """How many are overdue, with the sign for it."""
    return f"{LATE} {worker.load.overdue}" if worker.load.overdue else ""


def load_words(worker: Worker) -> str:
    """The open and overdue ones, in words."""
    count = worker.load.open
    said = ngettext("%(count)d open", "%(count)d open", count) % {"count": count}
    return f"{said}, {late_mark()} {worker.load.overdue}" if worker.load.overdue else said


def worker_detail(worker: Worker, names: Mapping[str, str]) -> list[str]:
    """All that is known of someone's work, in words."""
    load = worker.load
    parts = [f"{clean_line(worker.user.display_name)}: {load_words(worker)}"]
    parts.append(
        ngettext("%(count)d waits for a first attempt", "%(count)d wait for a first attempt", load.to_try)
        % {"count": load.to_try}
    )
    parts.append(_("%(count)d received in %(days)d days") % {"count": load.lately, "days": LATELY_DAYS})
    if worker.absent_until:
        parts.append(absence_words(worker, names))
    if worker.terms.postcodes:
        parts.append(_("area %(postcodes)s") % {"postcodes": ", ".join(worker.terms.postcodes)})
    if worker.terms.languages:
        parts.append(_("languages %(languages)s") % {"languages": ", ".join(worker.terms.languages)})
    return parts


def reason_text(because: Sequence[Reason]) -> str:
    """Why someone is proposed."""
    return ", ".join(_(REASON_WORDS[reason]) for reason in because)


def references_text(references: Sequence[str]) -> str:
    """Some references in one line, and how many more there are."""
    named = ", ".join(references[:MOST_NAMED])
    more = len(references) - MOST_NAMED
    return _("%(named)s and %(count)d more") % {"named": named, "count": more} if more > 0 else named
