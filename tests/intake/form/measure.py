"""Compares what was read with the truth of untidy fiches. Run as a module it prints the figures."""

import contextlib
import sys
import time
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from intake.form import FormError, read_form
from tests.intake.form.untidy import Fiche, fiches


@dataclass
class Figures:
    """Counts over a set of fiches; `wrong`, `missed` and `by_hand` name the fiche and the field."""

    read: int = 0
    surely: int = 0
    wrong: list[tuple[int, str]] = field(default_factory=list)
    missed: list[tuple[int, str]] = field(default_factory=list)
    by_hand: list[tuple[int, str]] = field(default_factory=list)


def _same(one: str, other: str) -> bool:
    def plain(text: str) -> str:
        return "".join(unicodedata.normalize("NFC", text).casefold().replace("’", "'").split())

    return plain(one) == plain(other)


def compare(made: list[Fiche]) -> Figures:
    """Read every fiche and hold it against its truth."""
    figures = Figures()
    for number, fiche in enumerate(made):
        figures.surely += fiche.surely
        try:
            readings = read_form("fiche", fiche.data)
        except FormError as error:
            if fiche.surely:
                figures.by_hand.append((number, error.cause.value))
            continue
        figures.read += 1
        if len(readings) != 1:
            figures.wrong.append((number, "clients"))
            continue
        reading = readings[0]
        for name, value in reading.client.as_dict().items():
            true = fiche.truth[name]
            if value is not None and name == "phone" and value in fiche.phones:
                continue
            if value is not None and (true is None or not _same(value, true)):
                figures.wrong.append((number, name))
            elif value is None and true is not None:
                figures.missed.append((number, name))
        if reading.consent.value != fiche.consent:
            figures.wrong.append((number, f"consent {fiche.consent} read as {reading.consent.value}"))
    return figures


def main() -> None:
    """Print the figures of a set: seed, wordings, count."""
    seed, words, count = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    made = fiches(seed, words, count)
    figures = compare(made)
    spent: dict[str, float] = defaultdict(float)
    for fiche in made:
        begun = time.perf_counter()
        with contextlib.suppress(FormError):
            read_form("fiche", fiche.data)
        spent[fiche.kind] += time.perf_counter() - begun
    kinds = Counter(fiche.kind for fiche in made)
    print(
        "read",
        figures.read,
        "of",
        len(made),
        "wrong",
        len(figures.wrong),
        "missed",
        len(figures.missed),
        "by hand",
        len(figures.by_hand),
        "of",
        figures.surely,
    )
    print({kind: f"{1000 * seconds / kinds[kind]:.2f} ms" for kind, seconds in spent.items()})
    if "-v" in sys.argv:
        for what, items in (("WRONG", figures.wrong), ("MISSED", figures.missed), ("HAND", figures.by_hand)):
            for number, detail in items:
                lines = [f"{line.kind[0]}|{line.left}|{line.right}" for line in made[number].lines]
                print(what, number, made[number].kind, detail, "\n      ", "\n       ".join(lines))


if __name__ == "__main__":
    main()
