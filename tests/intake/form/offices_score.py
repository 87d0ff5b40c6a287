"""How the reader does on the fiches of the ten teams: wrong, missed, held, by hand.

`python -m tests.intake.form.offices SEED COUNT` prints the figures; a third argument ("wrong", "hand", "held",
"missed") also shows such fiches.
"""

import re
import sys
from collections import Counter
from dataclasses import dataclass, field, replace

from intake.client import Client, Consent
from intake.form import FormError, read_form
from tests.intake.form.offices import Fiche, fiches
from tests.intake.form.offices_teams import TEAMS
from tests.intake.form.offices_words import UNCLEAR


def _plain(text: str | None) -> str:
    # YILDIRIM does not tell Yıldırım from Yildirim
    return re.sub(r"[\s.]+", " ", text or "").strip().casefold().replace("ı", "i").replace("i̇", "i")


def _number(client: Client) -> str:
    whole = f"{client.house_number or ''}" + (f"/{client.box}" if client.box else "")
    return re.sub(r"\s*(bus|bte|apt|b)\s*", "/", whole.casefold()).replace(" ", "")


def _compared(truth: Client, also: str | None, read: Client) -> tuple[list[str], list[str]]:
    """The fields with another value than the truth, and the fields left out."""
    wrong, missed = [], []
    for name in ("first_name", "last_name", "street", "postcode", "municipality", "email", "phone"):
        should, got = getattr(truth, name), getattr(read, name)
        if got is None:
            missed += [name] if should else []
        elif _plain(got) != _plain(should) and not (name == "phone" and got == also):
            wrong.append(name)
    if read.house_number is None and read.box is None:
        missed += ["house_number"] if truth.house_number else []
    elif _number(read) != _number(truth):
        (
            missed
            if read.box is None and read.house_number and _number(replace(truth, box=None)) == _number(read)
            else wrong
        ).append("house_number")
    return wrong, missed


@dataclass
class Score:
    """What went wrong on a number of fiches."""

    wrong: Counter[str]
    missed: Counter[str]
    hand: Counter[str]  # surely readable, yet left to a person
    read: int = 0
    sure: int = 0
    held: int = 0
    examples: list[tuple[str, Fiche, object]] = field(default_factory=list)


def score(sheets: list[Fiche]) -> Score:
    """Reads every fiche and compares."""
    total = Score(Counter(), Counter(), Counter())
    for sheet in sheets:
        total.sure += sheet.surely
        try:
            readings = read_form(f"fiche.{sheet.kind}", sheet.data)
        except FormError as error:
            if sheet.surely:
                total.hand[error.cause.value] += 1
                total.examples.append(("hand " + error.cause.value, sheet, error))
            continue
        total.read += 1
        if len(readings) != len(sheet.clients):
            total.wrong["number of clients"] += 1
            total.examples.append(("wrong number of clients", sheet, readings))
            continue
        for truth, also, reading in zip(sheet.clients, sheet.second_phones, readings, strict=True):
            wrong, missed = _compared(truth, also, reading.client)
            if reading.consent.value == Consent.NOT_STATED and sheet.consent == Consent.CONFIRMED:
                total.held += 1
                total.examples.append(("held", sheet, readings))
            elif reading.consent.value != sheet.consent and (sheet.consent, reading.consent) != (
                UNCLEAR,
                Consent.NOT_STATED,
            ):
                wrong.append("consent")
            total.wrong.update(wrong)
            total.missed.update(missed)
            total.examples += [("wrong " + name, sheet, reading) for name in wrong]
            total.examples += [("missed " + name, sheet, reading) for name in missed]
    return total


def main() -> None:
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    total = score(fiches(seed, count))
    print(f"fiches {count}, surely readable {total.sure}, read {total.read}")
    print(f"wrong values {sum(total.wrong.values())}: {dict(total.wrong.most_common())}")
    print(f"missed values {sum(total.missed.values())}: {dict(total.missed.most_common())}")
    print(f"confirmed consent held as not stated: {total.held}")
    print(f"surely readable yet by hand {sum(total.hand.values())}: {dict(total.hand.most_common())}")
    prose = {team.name for team in TEAMS if team.prose}
    letters = sum(what.startswith("hand") and sheet.team in prose for what, sheet, _ in total.examples)
    print(f"  of these running text without labels, never read by machine: {letters}")
    if len(sys.argv) > 3:
        shown = 0
        for what, sheet, found in total.examples:
            if what.startswith(sys.argv[3]) and shown < int(sys.argv[4] if len(sys.argv) > 4 else 10):
                shown += 1
                got = found.client.as_dict() if hasattr(found, "client") else ""
                print(f"=== {what} | {sheet.team} | {sheet.kind} | {sheet.consent}\n{sheet.text}\n--> {got}")
                print("    truth", [c.as_dict() for c in sheet.clients] if got else "")
