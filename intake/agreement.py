"""The agreement as data: who the parties are, from when to when data may flow, whom to tell, who processes. Pure.

Source: the protocol between Opgroeien regie and the OCMW (P) and the DPO's advice on it (A). Six months' notice is
reckoned from the day it was given; "ended on" is the end at once of P8 or of a lapsed legal ground. The end is the
earliest of all that is set, and is the first day without flow. Nothing of one municipality is written here: what an
office agreed is in its settings.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from dateutil.relativedelta import relativedelta
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from intake.moments import EARLIEST, LATEST

NOTICE_MONTHS = 6
CHECK_PUBLICATION_MONTHS = 12
"""How long a look at the published texts stays good (A, advice; the office looks once a year)."""


GIVEN_NOW = {"given": "now"}
"""The context for checking what someone gives now; what is stored already is read as it is, so that it can be put right."""


def _plausible(day: date) -> date:
    if not EARLIEST <= day <= LATEST:
        raise ValueError("a day between 2000 and 2200")
    return day


def _mail_address(text: str) -> str:
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ValueError(str(error)) from None


def _enterprise_number(text: str) -> str:
    """A Belgian enterprise number with valid check digits, as 0212.181.659."""
    from stdnum.be import vat
    from stdnum.exceptions import ValidationError

    try:
        digits = vat.validate(text)
    except ValidationError as error:
        raise ValueError(str(error)) from None
    return f"{digits[:4]}.{digits[4:7]}.{digits[7:]}"


Day = Annotated[date, AfterValidator(_plausible)]
Line = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]
Mail = Annotated[str, StringConstraints(max_length=254), AfterValidator(_mail_address)]
EnterpriseNumber = Annotated[str, AfterValidator(_enterprise_number)]
Url = Annotated[str, StringConstraints(max_length=500, pattern=r"^https?://[^\s<>\"]+$")]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Standing(StrEnum):
    """Whether data may be received on a day."""

    IN_FORCE = "in-force"
    NOT_YET = "not-yet"
    ENDED = "ended"
    NOT_SET = "not-set"


class Party(_Data):
    """One of the two parties, as the head of the protocol names it."""

    name: Line = ""
    enterprise_number: EnterpriseNumber | None = None
    address: Line = ""
    represented_by: tuple[Line, ...] = Field(default=(), max_length=10)


class Contact(_Data):
    """Someone to turn to: a DPO (P9), the local team (P7), the OCMW's own social service."""

    name: Line = ""
    email: Mail | None = None
    phone: Line = ""


class Advice(_Data):
    """What a DPO advised on a draft of the protocol (P recitals E and F; A)."""

    by: Line
    on: Day
    positive: bool
    reference: Line = ""


class Processor(_Data):
    """Who processes the data for the OCMW under GDPR 28 (P6), as long as `until` is not set."""

    name: Line
    service: Line = ""
    country: Line = ""
    agreement_on: Day | None = None
    since: Day | None = None
    until: Day | None = None


class Publication(_Data):
    """Where a party publishes the protocol and the agreement (P recital D; A, advice), and when someone last looked."""

    by: Line
    url: Url
    checked_on: Day | None = None


class Measure(_Data):
    """A document that proves a measure of P6: the security policy, the security plan, the register entry."""

    kind: Literal["security-policy", "security-plan", "register", "other"]
    title: Line
    version: Line = ""
    on: Day | None = None


class Agreement(_Data):
    """The protocol and what belongs to it; all days inclusive unless said otherwise.

    `ocmw` and `sender` are the short names that papers and screens use; the `Party` of each has the rest. `contact` is
    the OCMW's social service as a client is asked to reach it.
    """

    ocmw: str = Field(default="", max_length=120)
    sender: str = Field(default="Opgroeien regie, lokaal team Kind en Gezin", max_length=120)
    in_force_from: Day | None = None
    notice_given_on: Day | None = None
    ended_on: Day | None = None
    reference: Line = ""
    council_decided_on: Day | None = None
    receiving_party: Party = Party()
    sending_party: Party = Party()
    dpo: Contact = Contact()
    sender_dpo: Contact = Contact()
    team: Contact = Contact()
    contact: Contact = Contact()
    advices: tuple[Advice, ...] = Field(default=(), max_length=20)
    processors: tuple[Processor, ...] = Field(default=(), max_length=50)
    processors_version: int = Field(default=1, ge=1)
    processors_sent_on: Day | None = None
    publications: tuple[Publication, ...] = Field(default=(), max_length=20)
    measures: tuple[Measure, ...] = Field(default=(), max_length=50)
    partners: tuple[Line, ...] = Field(default=(), max_length=100)

    @field_validator("notice_given_on", "ended_on")
    @classmethod
    def _not_before_it_began(cls, day: date | None, info: ValidationInfo) -> date | None:
        """What has not begun cannot end: such a day is a slip of the keyboard that would stop all intake."""
        start = info.data.get("in_force_from")
        if info.context == GIVEN_NOW and day is not None and start is not None and day < start:
            raise PydanticCustomError("before_start", "in_force_from")
        return day

    @property
    def ends_on(self) -> date | None:
        """The first day on which nothing may flow any more; None while no end is known."""
        ends = [self.ended_on] if self.ended_on else []
        if self.notice_given_on:
            ends.append(self.notice_given_on + relativedelta(months=NOTICE_MONTHS))
        return min(ends) if ends else None

    def standing(self, today: date) -> Standing:
        """Whether data may be received today (P5: as long as the agreement runs)."""
        if self.in_force_from is None:
            return Standing.NOT_SET
        if today < self.in_force_from:
            return Standing.NOT_YET
        if self.ends_on is not None and today >= self.ends_on:
            return Standing.ENDED
        return Standing.IN_FORCE

    def processors_on(self, today: date) -> tuple[Processor, ...]:
        """Who processes data for the OCMW on that day."""
        return tuple(p for p in self.processors if p.until is None or today <= p.until)

    def publications_to_check(self, today: date) -> tuple[Publication, ...]:
        """The published texts at which nobody looked for a year, or ever."""
        limit = today - relativedelta(months=CHECK_PUBLICATION_MONTHS)
        return tuple(p for p in self.publications if p.checked_on is None or p.checked_on < limit)


def stops(before: Agreement, after: Agreement, today: date) -> bool:
    """Whether data may be received today under `before` and no more under `after` (P1, P5)."""
    return before.standing(today) is Standing.IN_FORCE and after.standing(today) is not Standing.IN_FORCE


def revised(before: Agreement, after: Agreement) -> Agreement:
    """`after`, with a new version of the list of processors where it changed: the other party must get it anew (P6, P9)."""
    if after.processors == before.processors:
        return after
    sent = after.processors_sent_on if after.processors_sent_on != before.processors_sent_on else None
    return after.model_copy(
        update={"processors_version": before.processors_version + 1, "processors_sent_on": sent}
    )
