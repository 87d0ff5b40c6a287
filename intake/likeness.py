"""By what the same client is noticed when referred twice: name, telephone, e-mail, address, brought to one form. Pure.

A referral's row holds keyed hashes of these (`LedgerKey.likeness`), so that a double is noticed among referrals that
the user may not read. A person decides whether it is the same client: adults of one family share a telephone and an
address and are a referral each.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from intake.client import Client
from intake.referral import Referral
from intake.texts import N_


class Trait(StrEnum):
    """What two referrals can have in common."""

    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"


TRAIT_WORDS: dict[Trait, str] = {
    Trait.NAME: N_("same name"),
    Trait.PHONE: N_("same telephone"),
    Trait.EMAIL: N_("same e-mail"),
    Trait.ADDRESS: N_("same address"),
}
TELLING = frozenset({Trait.NAME, Trait.PHONE, Trait.EMAIL})
"""One of these proposes a double; the same address alone is a household."""


def _folded(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in bare if c.isalnum() or c.isspace())


def traits(client: Client) -> dict[Trait, str]:
    """Each trait that the client has, in one form: without accents, capitals and signs, names in any order."""
    names = sorted(_folded(f"{client.first_name or ''} {client.last_name or ''}").split())
    found: dict[Trait, str] = {}
    if client.first_name and client.last_name:
        found[Trait.NAME] = " ".join(names)
    if client.phone:
        found[Trait.PHONE] = client.phone
    if client.email:
        found[Trait.EMAIL] = client.email.casefold()
    if client.street and client.house_number and client.postcode:
        place = (client.street, client.house_number, client.box or "", client.postcode)
        found[Trait.ADDRESS] = "|".join("".join(_folded(part).split()) for part in place)
    return found


@dataclass(frozen=True, slots=True)
class Alike:
    """Another referral that may be of the same client; `case_number` where that one has a case file."""

    reference: str
    same: tuple[Trait, ...]
    case_number: str | None = None


def kept(referral: Referral) -> bool:
    """Whether a referral can be the one that another doubles: worked on, or the client has a case file."""
    return referral.is_open or referral.case_number is not None


class Index:
    """Who is like whom, by the keyed hashes that the rows hold."""

    def __init__(self, referrals: Iterable[Referral]) -> None:
        self._by_hash: dict[tuple[str, str], list[Referral]] = {}
        for referral in referrals:
            if referral.likeness and kept(referral):
                for item in referral.likeness.items():
                    self._by_hash.setdefault(item, []).append(referral)

    def like(self, referral: Referral) -> tuple[Alike, ...]:
        """The other referrals that may be of the same client, those with most in common first."""
        if not referral.likeness or not referral.is_open:
            return ()
        common: dict[str, tuple[Referral, set[Trait]]] = {}
        for trait, value in referral.likeness.items():
            for other in self._by_hash.get((trait, value), ()):
                if other.reference != referral.reference:
                    common.setdefault(other.reference, (other, set()))[1].add(Trait(trait))
        found = [
            Alike(other.reference, tuple(t for t in Trait if t in same), other.case_number)
            for other, same in common.values()
            if same & TELLING
        ]
        return tuple(sorted(found, key=lambda one: (-len(one.same), one.reference)))


def filled(kept_client: Client, doubled: Client) -> Client:
    """The kept client with what only the other form says. An address is taken whole or not at all."""
    address = ("street", "house_number", "box", "postcode", "municipality")
    mine, other = kept_client.as_dict(), doubled.as_dict()
    blank = not any(mine[name] for name in address)
    values: Mapping[str, str | None] = {
        name: other[name] if (blank if name in address else not mine[name]) else mine[name] for name in mine
    }
    return Client.from_dict(dict(values))
