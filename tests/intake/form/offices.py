"""Untidy fiches as ten made-up teams would make them, each with its truth; and how the reader does on them.

`python -m tests.intake.form.offices SEED COUNT` prints the figures (`offices_score.py`). The teams' words and habits are in
`offices_teams.py`, people in `offices_people.py`, file formats in `offices_paper.py`.
"""

import random
from dataclasses import dataclass, replace

from intake.client import Client, Consent
from tests.intake.form import offices_paper as paper
from tests.intake.form.offices_paper import Block, Head, Pair, Text, Wide
from tests.intake.form.offices_people import (
    CHILDREN,
    Person,
    mobile,
    person,
    write_address,
    write_name,
    write_phone,
    write_street,
    write_town,
)
from tests.intake.form.offices_teams import TEAMS, Team
from tests.intake.form.offices_words import ANSWERS, BOXES, MARKS, REMARKS, SENTENCES, TOGETHER, UNCLEAR


@dataclass(frozen=True)
class Fiche:
    """One form as sent, and what a careful human reads on it."""

    data: bytes
    kind: str
    clients: tuple[Client, ...]
    second_phones: tuple[str | None, ...]  # another number of the same client: right as well
    consent: str  # a Consent, or "unclear"
    surely: bool
    team: str
    text: str


def fiches(seed: int, count: int) -> list[Fiche]:
    """`count` fiches; the same for the same seed."""
    return [_fiche(random.Random(seed * 1_000_003 + i)) for i in range(count)]


def _date(rng: random.Random) -> str:
    day, month = rng.randint(1, 28), rng.randint(1, 11)
    return rng.choice(
        (f"{day:02d}/{month:02d}/2026", f"{day}/{month}", f"{day}-{month}-2026", f"{day}.{month:02d}.26")
    )


def _consent(rng: random.Random, team: Team, who: Person, kind: str) -> tuple[str, list[Block]]:
    roll = rng.random()
    wanted = (
        Consent.CONFIRMED
        if roll < 0.80
        else rng.choice((Consent.NOT_STATED,) * 3 + (Consent.DISPUTED, Consent.WITHDRAWN, UNCLEAR))
    )
    shape = rng.choice(team.consent)
    values = {"n": ("Mevrouw" if who.female else "Meneer"), "v": who.client.first_name, "d": _date(rng)}
    if wanted is Consent.NOT_STATED and (shape == "sentence" or rng.random() < 0.4):
        return wanted, []
    if shape == "boxes" and wanted is not Consent.WITHDRAWN:
        label, line = rng.choice(BOXES)
        on, off = rng.choice(MARKS[1:4] if kind == "pdf" else MARKS)
        first, second = {
            Consent.CONFIRMED: (on, off),
            Consent.DISPUTED: (off, on),
            Consent.NOT_STATED: (off, off),
            UNCLEAR: (on, on),
        }[wanted]
        if "{2}" not in line and wanted in (Consent.DISPUTED, UNCLEAR):
            wanted, first = Consent.NOT_STATED, off
        text = line.replace("{1}", first).replace("{2}", second)
        return wanted, [Pair(label, text) if label else Text(text)]
    answers = [(label, value) for truth, label, value in ANSWERS if truth == wanted]
    if shape == "answer" and answers:
        label, value = rng.choice(answers)
        return wanted, [Pair(label, value.format(**values))]
    sentences = [text for truth, text in SENTENCES if truth == wanted]
    if not sentences:
        return wanted, []
    return wanted, [Text(rng.choice(sentences).format(**values))]


def _household(rng: random.Random, key: str, label: str, who: Person) -> str:
    child = rng.choice(CHILDREN)
    if key == "child" and "datum" in label:
        return f"{rng.randint(1, 28):02d}/{rng.randint(1, 11):02d}/2026"
    if key == "child":
        return rng.choice(
            (
                f"{child} ({rng.randint(1, 30)} maand)",
                f"{child} {who.client.last_name} °{_date(rng)}",
                child,
                f"{child} en {rng.choice(CHILDREN)}",
            )
        )
    other = person(rng, female=False)
    tail = rng.choice(("", "", f" ({write_phone(rng, mobile(rng))})", ", zelfde adres"))
    return f"{other.client.first_name} {other.client.last_name}{tail}"


def _shown(rng: random.Random, who: Person) -> Person:
    """Some fields are not known to the sender."""
    client = who.client
    if rng.random() < 0.25:
        client = replace(client, email=None)
    elif rng.random() < 0.08:
        client = replace(client, phone=None)
        who = replace(who, second_phone=None)
    if rng.random() < 0.07:
        client = replace(client, street=None, house_number=None, box=None, postcode=None, municipality=None)
    if rng.random() < 0.03:
        client = replace(client, first_name=None)
    return replace(who, client=client)


def _pairs(rng: random.Random, team: Team, who: Person, labels: dict[str, str]) -> tuple[list[Block], bool]:
    """The client's lines in the team's order, and whether the second number is on them."""
    client, second = who.client, False
    out: list[Block] = []
    for key in team.order:
        value: str | None
        match key:
            case "first":
                value = client.first_name or ""
            case "last":
                value = client.last_name
            case "both":
                value = client.last_name if client.first_name is None else write_name(rng, who, team.names)
            case "address":
                value = write_address(rng, client) if client.street else ""
            case "street":
                value = write_street(rng, client) if client.street else ""
            case "street_only":
                value = write_street(rng, replace(client, box=None)) if client.street else ""
            case "town":
                value = write_town(rng, client) if client.street else ""
            case "post":
                value = client.postcode or ""
            case "town_only":
                value = client.municipality or ""
            case "box":
                value = client.box or ""
            case "mobile":
                value = write_phone(rng, client.phone) if client.phone else rng.choice(("", "/", "-"))
                if client.phone and who.second_phone and "second" not in labels:
                    value += rng.choice((" of ", " / ", " en ")) + write_phone(rng, who.second_phone)
                    second = True
                elif client.phone and rng.random() < 0.1:
                    value += rng.choice((" (na 17u)", " (liefst sms)", " (mama)"))
            case "second":
                value = write_phone(rng, who.second_phone) if who.second_phone else None
                second = second or bool(who.second_phone)
            case "email":
                value = client.email or rng.choice(("", "/", "geen", "-", None, "niet gekend"))
            case "remark":
                value = rng.choice(REMARKS) if rng.random() < 0.6 else None
            case _:
                value = _household(rng, key, labels[key], who) if rng.random() < 0.5 else None
        if value is None:
            continue
        label = labels["street" if key == "street_only" and "street" in labels else key]
        out.append(Pair(label, value))
    return out, second


def _prose(rng: random.Random, team: Team, who: Person) -> list[Block]:
    client = who.client
    name = write_name(rng, who, team.names) if client.first_name else f"Mevrouw {client.last_name}"
    she, her = ("Zij", "haar") if who.female else ("Hij", "hem")
    where = write_address(rng, client) if client.street else ""
    lines = [
        rng.choice(
            (
                f"Graag zou ik {name} bij jullie willen aanmelden.",
                f"Hierbij verwijs ik {name} door naar jullie dienst.",
                f"Kunnen jullie contact opnemen met {name}?",
                f"Vandaag was ik op huisbezoek bij {name}.",
            )
        )
    ]
    if where:
        lines.append(
            rng.choice(
                (
                    f"{she} woont in de {where}.",
                    f"{she} woont te {where}.",
                    f"Adres is {where}.",
                    f"{she} verblijft momenteel op het adres {where}.",
                )
            )
        )
    if client.phone:
        phone = write_phone(rng, client.phone)
        lines.append(
            rng.choice(
                (
                    f"Je kan {her} bereiken op het nummer {phone}.",
                    f"Haar gsm-nummer is {phone}." if who.female else f"Zijn gsm-nummer is {phone}.",
                    f"{she} is bereikbaar op {phone}",
                    f"Tel: {phone}",
                )
            )
        )
    if client.email:
        lines.append(
            rng.choice(
                (
                    f"Mailen kan naar {client.email}.",
                    f"E-mail: {client.email}",
                    f"Ook bereikbaar via mail ({client.email}).",
                )
            )
        )
    if rng.random() < 0.5:
        lines.append(rng.choice(REMARKS))
    if rng.random() < 0.4:
        return [Text(" ".join(lines))]
    return [Text(line) for line in lines]


def _fiche(rng: random.Random) -> Fiche:
    team = rng.choice(TEAMS)
    kind = rng.choice(team.kinds)
    people = [
        _shown(
            rng,
            person(rng, female=not (team.name.startswith("Kind en Gezin Oostende") and rng.random() < 0.2)),
        )
    ]
    labels = {key: rng.choice(words) for key, words in team.labels.items()}
    signature = {"c": team.contact, "p": team.phone, "m": team.mail, "t": team.name, "d": _date(rng)}
    blocks: list[Block] = [Text(line) for line in team.head if rng.random() < 0.95]
    if team.title:
        blocks.append(Text(team.title) if team.title.endswith((",", ":")) else Head(team.title))
    consent, said = _consent(rng, team, people[0], kind)
    sender: list[Block] = []
    for line in team.sender:
        label, _, value = line.format(**signature).partition(":")
        sender.append(Pair(label.strip(), value.strip()))
    if sender and rng.random() < 0.6:
        blocks, sender = [*blocks, Head("Verwijzer"), *sender], []
    two = rng.random() < 0.12 and not team.prose and people[0].client.first_name is not None
    if two:
        people.append(_shown(rng, person(rng, female=False)))
    used: list[bool] = []
    # With two clients, "mevrouw is akkoord" at the end would not say which of them
    each = two and rng.random() < 0.5
    if two and not each and not team.wide and said:
        both = [(truth, text) for truth, text in TOGETHER if truth == consent]
        consent, said = (
            (consent, [Text(rng.choice(both)[1].format(**signature))]) if both else (Consent.NOT_STATED, [])
        )
    if team.wide:
        blocks += _wide(rng, team, people, labels, said, used)
        said = []
    elif team.prose:
        blocks += _prose(rng, team, people[0])
        used.append(False)
    else:
        for number, who in enumerate(people):
            section = team.section
            if two:
                base = {"Ouder 1": "Ouder", "": "Cliënt"}.get(section, section)
                section = f"{base} {number + 1}"
            if section:
                blocks.append(Head(section))
            pairs, second = _pairs(rng, team, who, labels)
            blocks += pairs
            if two and each:
                blocks += said
            used.append(second)
        if two and each:
            said = []
    if said:
        if isinstance(said[0], Text) and rng.random() < 0.4 and not team.prose:
            blocks.append(Head(rng.choice(("Toestemming", "2. Toestemming", "Akkoord"))))
        elif not team.prose and rng.random() < 0.3:
            blocks.append(Text(""))
        blocks += said
    if sender:
        blocks += [Head(rng.choice(("Verwijzer", "Aanmelder", "Gegevens doorverwijzer"))), *sender]
    if team.sign and kind not in ("xlsx", "csv"):
        blocks += [Text("")] + [Text(line.format(**signature)) for line in team.sign]
    # A calling name is not surely the first name
    called = "Roepnaam" in labels.values()
    whole = not called and all(
        p.client.first_name and p.client.last_name and (p.client.phone or p.client.email) for p in people
    )
    data = paper.PRINTERS[kind](blocks, team.habit)
    return Fiche(
        data,
        kind,
        tuple(p.client for p in people),
        tuple(p.second_phone if shown else None for p, shown in zip(people, used, strict=True)),
        consent,
        whole and consent != UNCLEAR,
        team.name,
        paper.as_text(blocks, team.habit),
    )


def _wide(
    rng: random.Random,
    team: Team,
    people: list[Person],
    labels: dict[str, str],
    said: list[Block],
    used: list[bool],
) -> list[Block]:
    rows: list[list[str]] = []
    names: list[str] = []
    for who in people:
        keep = replace(who, second_phone=None)
        values = {"remark": rng.choice(REMARKS)}
        pairs, _ = _pairs(
            rng, replace(team, order=tuple(k for k in team.order if k != "remark")), keep, labels
        )
        row = {pair.label: pair.value for pair in pairs if isinstance(pair, Pair)} | {
            labels["remark"]: values["remark"]
        }
        row.setdefault(labels["email"], "")
        row |= {pair.label: pair.value for pair in said if isinstance(pair, Pair)}
        if not names:
            names = [labels[key] for key in team.order] + [
                pair.label for pair in said if isinstance(pair, Pair)
            ]
        rows.append([row.get(name, "") for name in names])
        used.append(False)
    return [Wide((tuple(names), *map(tuple, rows)))]


if __name__ == "__main__":
    from tests.intake.form.offices_score import main

    main()
