"""Made-up clients and made-up members of a Kind en Gezin team, the same for the same seed.

Names, streets and numbers are combined at random around Wervik, the example municipality; e-mail addresses are at
the domains kept for examples. What is written about them is in `fiche.py`.
"""

import random
import unicodedata
from dataclasses import dataclass

from intake.client import Client

__all__ = ["NEIGHBOURS", "Place", "TeamMember", "make_client", "make_clients", "make_member"]


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality with some of its streets and the fixed-line prefix of its numbers (E.164)."""

    postcode: str
    name: str
    streets: tuple[str, ...]
    landline: str


HOME: tuple[Place, ...] = (
    Place(
        "8940",
        "Wervik",
        (
            "Koestraat",
            "Nieuwstraat",
            "Magdalenastraat",
            "Steenakker",
            "Leiestraat",
            "Ooievaarstraat",
            "Duivenstraat",
            "Sint-Maartensplein",
            "Speiestraat",
            "Kruisekestraat",
            "Groenestraat",
            "Hoogweg",
        ),
        "+325630",
    ),
    Place(
        "8940",
        "Geluwe",
        (
            "Beselarestraat",
            "Menenstraat",
            "Nieuwe Kerkstraat",
            "Ieperstraat",
            "Wervikstraat",
            "Nachtegaallaan",
        ),
        "+325651",
    ),
)
NEIGHBOURS: tuple[Place, ...] = (
    Place(
        "8930", "Menen", ("Rijselstraat", "Bruggestraat", "Oude Leielaan", "Generaal Lemanstraat"), "+325651"
    ),
    Place("7780", "Komen", ("Houthemstraat", "Vierhoekenstraat", "Rue du Fort"), "+325655"),
    Place("8900", "Ieper", ("Boterstraat", "Elverdingestraat", "Patersstraat", "Maloulaan"), "+325720"),
    Place("59250", "Halluin", ("Rue de Lille", "Rue Gustave Desmettre", "Rue de la Lys"), "+33320"),
    Place("59560", "Comines", ("Rue du Pont", "Rue d'Hurlupin", "Grand'Place"), "+33320"),
)

_FIRST_NAMES = (
    "An", "Anke", "Amina", "Aurélie", "Bart", "Brahim", "Céline", "Chloë", "Dries", "Ellen", "Elke", "Fatima",
    "Femke", "Françoise", "Gaëlle", "Hanne", "Ibrahim", "Ilse", "Jan", "Jana", "Jo", "Jelle", "Joris", "Karim",
    "Katrien", "Kevin", "Koen", "Laura", "Lien", "Lotte", "Loubna", "Maité", "Marie-Claire", "Mehdi", "Melissa",
    "Mohamed", "Nadia", "Naïma", "Noémie", "Oksana", "Pieter", "Pieter-Jan", "Rachida", "Sarah", "Sien",
    "Sofie", "Stijn", "Thi Lan", "Tine", "Tom", "Valérie", "Wim", "Yasmina", "Zoë",
)  # fmt: skip
_LAST_NAMES = (
    "Acar", "Benali", "Bouckaert", "Callewaert", "Claeys", "D'Hondt", "D'hoore", "De Backer", "De Clercq",
    "De Smet", "Debaere", "Declerck", "Delaere", "Demeyere", "Deprez", "Desmet", "Dewitte", "Dupont", "El Amrani",
    "El Khattabi", "Goethals", "Hoornaert", "Janssens", "Kovacs", "Lefèvre", "Maes", "Nguyen", "Ozturk", "Peeters",
    "Ramírez Ortega", "Soenen", "'t Jonck", "Vandamme", "Van Acker", "Van Damme", "Van den Broeck",
    "Van der Meersch", "Vandenbroucke", "Vandewalle", "Vanhoutte", "Verbeke", "Verhaeghe", "Vermeersch",
    "Vermeulen-Claeys", "Wouters", "Yilmaz",
)  # fmt: skip
_MAIL_DOMAINS = (
    "example.be",
    "example.com",
    "example.org",
    "example.net",
    "post.example.com",
    "mail.example.org",
)
_MOBILE_PREFIXES = ("470", "471", "472", "473", "474", "475", "476", "477", "478", "479", "484", "485", "486")
_FUNCTIONS = (
    "gezinsondersteuner",
    "verpleegkundige",
    "gezinsbegeleider",
    "medewerker lokaal team",
    "teamcoach",
)


@dataclass(frozen=True, slots=True)
class TeamMember:
    """Who refers: a member of the local team Kind en Gezin. `phone` is in E.164 form."""

    first_name: str
    last_name: str
    function: str
    phone: str
    email: str

    @property
    def name(self) -> str:
        """First name and name, as one signs."""
        return f"{self.first_name} {self.last_name}"


def make_client(rng: random.Random, place: Place | None = None) -> Client:
    """One made-up client with name and address, and a telephone number or an e-mail address or both.

    In Wervik or Geluwe unless `place` names another municipality.
    """
    if place is None:
        place = rng.choices(HOME, weights=(3, 1))[0]
    first_name, last_name = rng.choice(_FIRST_NAMES), rng.choice(_LAST_NAMES)
    reach = rng.choices(("both", "phone", "email"), weights=(6, 3, 1))[0]
    return Client(
        first_name=first_name,
        last_name=last_name,
        street=rng.choice(place.streets),
        house_number=f"{rng.randint(1, 240)}{rng.choice(('', '', '', '', 'A', 'B'))}",
        box=rng.choice((None, None, None, None, "1", "3", "12", "0201", "B")),
        postcode=place.postcode,
        municipality=place.name,
        phone=None if reach == "email" else _phone(rng, place),
        email=None if reach == "phone" else _email(rng, first_name, last_name),
    )


def make_clients(count: int, seed: int) -> tuple[Client, ...]:
    """`count` clients of `seed`, one in eight of a neighbouring municipality."""
    rng = random.Random(seed)  # noqa: S311 - sample data, nothing secret
    return tuple(
        make_client(rng, rng.choice(NEIGHBOURS) if rng.random() < 1 / 8 else None) for _ in range(count)
    )


def make_member(rng: random.Random) -> TeamMember:
    """One made-up member of the referring team, with an address at opgroeien.be."""
    first_name, last_name = rng.choice(_FIRST_NAMES), rng.choice(_LAST_NAMES)
    return TeamMember(
        first_name=first_name,
        last_name=last_name,
        function=rng.choice(_FUNCTIONS),
        phone=f"+3256{rng.choice(('53', '65'))}{rng.randint(0, 9999):04d}",
        email=f"{_plain(first_name)}.{_plain(last_name)}@opgroeien.be",
    )


def _phone(rng: random.Random, place: Place) -> str:
    french = place.landline.startswith("+33")
    if rng.random() < 0.7:
        if french or rng.random() < 0.05:
            return f"+336{rng.randint(10_000_000, 29_999_999)}"
        return f"+32{rng.choice(_MOBILE_PREFIXES)}{rng.randint(0, 999_999):06d}"
    digits = (12 if french else 11) - len(place.landline)
    return f"{place.landline}{rng.randint(0, 10**digits - 1):0{digits}d}"


def _email(rng: random.Random, first_name: str, last_name: str) -> str:
    first, last = _plain(first_name), _plain(last_name)
    local = rng.choice((f"{first}.{last}", f"{first}{last}", f"{first[0]}.{last}", f"{first}_{last}"))
    if rng.random() < 0.3:
        local += str(rng.randint(70, 99))
    return f"{local}@{rng.choice(_MAIL_DOMAINS)}"


def _plain(name: str) -> str:
    """The name as people write it in an address: lower case, without accents, spaces or apostrophes."""
    decomposed = unicodedata.normalize("NFKD", name.lower())
    return "".join(c for c in decomposed if c.isascii() and (c.isalnum() or c == "-"))
