"""Holds: keeping a referral from being discarded while a complaint or a question of the client is under way (P3)."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from intake.desk.logged import given_reason
from intake.desk.office import Office
from intake.desk.planning import Planning
from intake.referral import Referral, Step
from intake.staff import Right
from intake.steps import hold, release

if TYPE_CHECKING:
    from intake.desk.work import Work


class Holding(Planning):
    """Use cases on holds. The reason is sealed with the notes; the end date stands in clear, so that it ends by itself."""

    def __init__(self, office: Office, work: "Callable[[], Work]") -> None:
        super().__init__(office)
        self._work = work

    def hold(self, reference: str, until: date, why: str, version: int | None = None) -> Referral:
        """Keep a referral up to and including a day, in whatever way it ended; a later hold replaces this one.

        Raises NotAllowed, WrongUse for a day in the past or over a year away, NotLawful when it is discarded already.
        """
        office = self._office
        office.require(Right.RETENTION_HOLD)
        return self._work().change(
            reference,
            Step.HOLD,
            lambda r: hold(r, until, office.name, office.now()),
            version,
            note=given_reason(why),
            detail={"until": until.isoformat()},
        )

    def release(self, reference: str, why: str, version: int | None = None) -> Referral:
        """End a hold before its day: the retention table alone decides again. Raises NotLawful when there is none."""
        office = self._office
        office.require(Right.RETENTION_HOLD)
        return self._work().change(
            reference,
            Step.RELEASE,
            lambda r: release(r, office.name, office.now()),
            version,
            note=given_reason(why),
        )
