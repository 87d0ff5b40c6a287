"""The people on the fiches of the ten made-up teams, and the ways their data get written down.

Every person, number and address is invented. What a fiche looks like is in `offices_teams.py`.
"""

import random
from dataclasses import dataclass

from intake.client import Client

_ORIGINS: tuple[tuple[int, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        9,
        (
            "An",
            "Lies",
            "Tine",
            "Annelies",
            "Katrien",
            "Evelien",
            "Sofie",
            "Jolien",
            "Kim",
            "Lotte",
            "Wim",
            "Pieter",
            "Bart",
            "Marie-Claire",
            "Anne-Sophie",
            "Dieter",
            "Stijn",
            "Hilde",
            "Nele",
            "Charlotte",
            "Britt",
            "Yana",
        ),
        (
            "Janssens",
            "Van den Broecke",
            "Vandenbroucke",
            "De Smet",
            "Vanhoutte",
            "D'hondt",
            "Decock",
            "Verschuere",
            "Van Damme",
            "De Clercq",
            "Ghekiere",
            "Deleu-Vermeersch",
            "Maes",
            "Van de Walle",
            "Dewaele",
            "Peeters",
            "Verhaeghe Decoster",
            "Van Acker",
            "Callewaert",
            "Vanneste",
            "Lagae",
            "De Vos",
        ),
    ),
    (
        2,
        ("Ionela", "Mădălina", "Ștefan", "Andreea", "Ioana-Maria", "Gheorghe"),
        ("Popescu", "Țurcanu", "Ciobănașu", "Munteanu", "Stănescu"),
    ),
    (
        2,
        ("Gülşen", "Ayşe", "Elif", "Mehmet", "Çağla", "Emre"),
        ("Yıldırım", "Özdemir", "Şahin", "Kaya", "Koç"),
    ),
    (
        3,
        ("Fatima-Zahra", "Samira", "Mohamed", "Yasmina", "Naïma", "Hicham", "Aïcha"),
        ("El Khattabi", "Ben Saïd", "Al-Hassan", "Bouzid", "El Amrani", "Ait Lahcen"),
    ),
    (
        2,
        ("Małgorzata", "Agnieszka", "Paweł", "Kasia", "Łucja"),
        ("Wójcik", "Kowalska-Nowak", "Wiśniewska", "Zając", "Dąbrowska"),
    ),
    (
        2,
        ("Aurélie", "Céline", "Jean-Baptiste", "Maëlle", "Chloé"),
        ("Lefèvre", "Delahaye", "Dubois", "Le Grand", "Lemaître"),
    ),
)
_STREETS = (
    "Koestraat",
    "Menenstraat",
    "Sint-Maartensplein",
    "Speiestraat",
    "Hoogweg",
    "Guido Gezellelaan",
    "Oude Beselarestraat",
    "Ten Brielensesteenweg",
    "Nieuwstraat",
    "Kruisekestraat",
    "Leiekaai",
    "Pastoor Vanhautestraat",
    "Zuidstraat",
    "'s-Gravenstraat",
    "Groenestraat",
    "Kapelhoek",
    "Molenwijk",
    "Koningin Astridlaan",
    "Burgemeester Cardijnlaan",
    "Dokter Folensplein",
)
_TOWNS = (
    ("8940", "Wervik"),
    ("8940", "Geluwe"),
    ("8930", "Menen"),
    ("8800", "Roeselare"),
    ("8500", "Kortrijk"),
    ("8900", "Ieper"),
    ("8560", "Wevelgem"),
    ("8980", "Zonnebeke"),
    ("8501", "Heule"),
    ("8930", "Lauwe"),
)
_FRENCH = (
    ("rue de la Lys", "59560", "Comines"),
    ("rue de Lille", "59250", "Halluin"),
    ("avenue du Général de Gaulle", "59117", "Wervicq-Sud"),
)
_PROVIDERS = ("gmail.com", "hotmail.com", "telenet.be", "outlook.be", "skynet.be", "yahoo.fr", "proximus.be")
CHILDREN = ("Noor", "Elias", "Mila", "Adam", "Lou", "Matteo", "Amira", "Jules", "Zoë", "Daan")


@dataclass(frozen=True)
class Person:
    """One adult as known to the team: the client's nine fields, and a second number of the same person."""

    client: Client
    second_phone: str | None
    female: bool


def _ascii(text: str) -> str:
    import unicodedata

    plain = unicodedata.normalize("NFKD", text.replace("ł", "l").replace("Ł", "L").replace("ı", "i"))
    return "".join(c for c in plain if c.isalnum() and c.isascii()).lower()


def mobile(rng: random.Random) -> str:
    return f"+324{rng.choice(('70', '71', '72', '84', '86', '94', '95', '97', '99', '65'))}{rng.randrange(10**6):06d}"


def landline(rng: random.Random) -> str:
    return f"+32{rng.choice(('56', '57', '51'))}{rng.randrange(200_000, 799_999)}"


def person(rng: random.Random, *, female: bool = True) -> Person:
    weights = [origin[0] for origin in _ORIGINS]
    _, firsts, lasts = rng.choices(_ORIGINS, weights)[0]
    first, last = rng.choice(firsts), rng.choice(lasts)
    street, (postcode, town) = rng.choice(_STREETS), rng.choice(_TOWNS)
    phone = mobile(rng) if rng.random() < 0.85 else landline(rng)
    if rng.random() < 0.06:
        street, postcode, town = rng.choice(_FRENCH)
        phone = f"+336{rng.randint(1, 8)}{rng.randrange(10**7):07d}" if rng.random() < 0.6 else phone
    number = str(rng.randint(1, 240)) + ("" if rng.random() < 0.85 else rng.choice("ABC"))
    box = rng.choice(("1", "2", "3", "12", "0301", "A")) if rng.random() < 0.25 and number.isdigit() else None
    email = f"{_ascii(first)}{rng.choice(('.', '_', ''))}{_ascii(last)}{rng.choice(('', '', '88', '1'))}"
    client = Client(
        first, last, street, number, box, postcode, town, phone, f"{email}@{rng.choice(_PROVIDERS)}"
    )
    return Person(client, landline(rng) if rng.random() < 0.2 else None, female)


def write_phone(rng: random.Random, number: str) -> str:
    """The number as somebody types it."""
    if number.startswith("+33"):
        rest = number[3:]
        pairs = " ".join(rest[i : i + 2] for i in range(1, 9, 2))
        return rng.choice(
            (f"+33 {rest[0]} {pairs}", f"0033 {rest[0]} {pairs}", f"+33{rest}", f"+33(0){rest[0]} {pairs}")
        )
    rest = number[3:]
    if rest[0] == "4":
        a, b, c, d = rest[:3], rest[3:5], rest[5:7], rest[7:9]
        return rng.choice(
            (
                f"0{a}/{b}.{c}.{d}",
                f"0{a} {b} {c} {d}",
                f"0{a}/{b}{c}{d}",
                f"0{a}-{b}-{c}-{d}",
                f"0{a}/{b} {c} {d}",
                f"+32 {a} {b} {c} {d}",
                f"0032 {a} {b} {c} {d}",
                f"+32(0){a} {b} {c} {d}",
                f"0{a}{b}{c}{d}",
                f"0{a} {rest[3:6]} {rest[6:]}",
                f"0{a} / {b} {c} {d}",
                f"0{a}.{b}.{c}.{d}",
                f"+32{rest}",
                f"0032{rest}",
            )
        )
    a, b, c, d = rest[:2], rest[2:4], rest[4:6], rest[6:8]
    return rng.choice(
        (
            f"0{a}/{b}.{c}.{d}",
            f"(0{a}) {b} {c} {d}",
            f"0{a} {b} {c} {d}",
            f"+32 {a} {b} {c} {d}",
            f"0{a}-{b}{c}{d}",
            f"0{a}/{b} {c} {d}",
        )
    )


def write_street(rng: random.Random, client: Client) -> str:
    """Street, number and box on one line."""
    if client.postcode and len(client.postcode) == 5:
        tail = f" apt {client.box}" if client.box else ""
        return f"{client.house_number}{rng.choice((' ', ', '))}{client.street}{tail}"
    box = (
        ""
        if not client.box
        else rng.choice((" bus {}", " bus {}", "/{}", " bte {}", " b {}", ", bus {}")).format(client.box)
    )
    link = rng.choice((" ", " ", " ", " nr. ", ", "))
    return f"{client.street}{link}{client.house_number}{box}"


def write_town(rng: random.Random, client: Client) -> str:
    code, town = client.postcode or "", client.municipality or ""
    if len(code) == 5:
        return rng.choice((f"{code} {town}", f"F-{code} {town}", f"{code} {town} (Frankrijk)"))
    return rng.choice(
        (f"{code} {town}", f"{code} {town}", f"{code} {town.upper()}", f"B-{code} {town}", f"{code}  {town}")
    )


def write_address(rng: random.Random, client: Client) -> str:
    gap = rng.choice((", ", ", ", " - ", " te ", " "))
    return f"{write_street(rng, client)}{gap}{write_town(rng, client)}"


def write_name(rng: random.Random, who: Person, styles: tuple[str, ...]) -> str:
    first, last = who.client.first_name or "", who.client.last_name or ""
    upper = last.upper()
    title = (
        rng.choice(("Mevr.", "Mevrouw", "mevr", "Mw."))
        if who.female
        else rng.choice(("Dhr.", "De heer", "Mr."))
    )
    return {
        "upper-first": f"{upper} {first}",
        "comma": f"{last}, {first}",
        "title": f"{title} {first} {last}",
        "title-upper": f"{title} {first} {upper}",
        "first-upper": f"{first} {upper}",
        "last-first": f"{last} {first}",
        "first-last": f"{first} {last}",
    }[rng.choice(styles)]
