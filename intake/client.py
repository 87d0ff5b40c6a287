"""The client as the protocol lets us know one: exactly the fields of P3, and the consent status (P recital C).

Pure data. Reading a form is in `intake/form`; sealing it is in `storage/sealing.py`.
"""

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any


class Consent(StrEnum):
    """What the sender stated about the client's consent (recital C; A5)."""

    CONFIRMED = "confirmed"
    NOT_STATED = "not-stated"
    DISPUTED = "disputed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, repr=False)
class Client:
    """First name, name, address, telephone and e-mail: what P3 allows and nothing else.

    `phone` is in E.164 form (+32470123456); `postcode` has four digits for Belgium; None where not given.
    """

    first_name: str | None = None
    last_name: str | None = None
    street: str | None = None
    house_number: str | None = None
    box: str | None = None
    postcode: str | None = None
    municipality: str | None = None
    phone: str | None = None
    email: str | None = None

    def __repr__(self) -> str:
        return "Client(…)"  # a traceback or a log line prints reprs

    def as_dict(self) -> dict[str, str | None]:
        """The nine fields by name, None where not given."""
        return {name: getattr(self, name) for name in CLIENT_FIELDS}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Client":
        """The client of a stored or given mapping; unknown keys are dropped (P3: exactly these fields)."""
        return cls(**{name: values.get(name) or None for name in cls.__dataclass_fields__})


CLIENT_FIELDS: tuple[str, ...] = tuple(f.name for f in fields(Client))
