"""Whether a text that is kept in clear names the client: the log and the registers hold references, never names (A12). Pure."""

import re
import unicodedata

from intake.client import Client
from intake.special import is_national_number

_PARTICLES = frozenset(
    ["aan", "ben", "bij", "den", "der", "des", "het", "las", "los", "ten", "ter", "van", "von"]
)
"""Of names of three letters or more; shorter words are not looked at: they stand in any sentence."""


def _words(text: str) -> list[str]:
    """Its words without accents and capitals; a hyphen and an apostrophe part them."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"\w+", "".join(c for c in split if not unicodedata.combining(c)))


def names_client(text: str, client: Client) -> bool:
    """Whether a part of the client's name, the street, the telephone or the e-mail stands in the text.

    Parts of names count as whole words of three letters or more, a street as a whole; so does any national register
    number, whoever's it is.
    """
    said = _words(text)
    named = {
        word
        for name in (client.first_name, client.last_name)
        for word in _words(name or "")
        if len(word) >= 3 and word not in _PARTICLES
    }
    street = " ".join(_words(client.street or ""))
    digits = re.sub(r"\D", "", text)
    return bool(
        named.intersection(said)
        or (len(street) >= 4 and f" {street} " in f" {' '.join(said)} ")
        or (client.email and client.email.casefold() in text.casefold())
        or (client.phone and len(client.phone) > 8 and client.phone[-8:] in digits)
        or is_national_number(text)
    )
