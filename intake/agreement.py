"""The agreement's terms as data: from when to when data may flow (P1, P5, P8, P11). Pure.

Six months' notice is reckoned from the day notice was given; "ended on" is the end at once of P8 or of a lapsed
legal ground. The end is the earliest of all that is set, and is the first day without flow.
"""

from datetime import date
from enum import StrEnum

from dateutil.relativedelta import relativedelta
from pydantic import BaseModel, ConfigDict, Field

from intake.moments import EARLIEST, LATEST

NOTICE_MONTHS = 6


class Standing(StrEnum):
    """Whether data may be received on a day."""

    IN_FORCE = "in-force"
    NOT_YET = "not-yet"
    ENDED = "ended"
    NOT_SET = "not-set"


class Agreement(BaseModel):
    """Dates of the protocol between the OCMW and Opgroeien; all days inclusive unless said otherwise."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ocmw: str = Field(default="", max_length=120)
    sender: str = Field(default="Opgroeien regie, lokaal team Kind en Gezin", max_length=120)
    in_force_from: date | None = Field(default=None, ge=EARLIEST, le=LATEST)
    notice_given_on: date | None = Field(default=None, ge=EARLIEST, le=LATEST)
    ended_on: date | None = Field(default=None, ge=EARLIEST, le=LATEST)

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
