"""What the signed-in user should look at, soonest first. What is due when is reckoned in `intake/reminders.py`."""

from datetime import date

from intake import reminders
from intake.client import Consent
from intake.desk.office import Office
from intake.desk.outgoing import drafts
from intake.desk.registering import facts
from intake.desk.unread import missed_lately
from intake.referral import Referral, State
from intake.register_rows import BREACHES, QUALITY, TASKS, breach_of, notice_of, task_of
from intake.registers import Draft, DraftKind
from intake.rejecting import goes_on
from intake.reminders import Reminder
from intake.rows import QUARANTINE, REFERRALS, from_row, moment_of
from intake.staff import Right
from intake.workdays import local_date


class Reminders:
    """The one list of reminders."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def items(self) -> list[Reminder]:
        """A worker's own notices and drafts; a team lead's are everybody's, with breaches, tasks and the agreement.

        A DPO sees breaches, tasks and the agreement. No client data is in them.
        """
        office = self._office
        office.require(Right.LIST)
        today = office.today()
        found: list[Reminder] = []
        mine: list[Reminder] = []
        if office.may(Right.QUALITY):
            mine += reminders.of_quality(facts(office, QUALITY, notice_of), today)
        if office.may(Right.DRAFT):
            mine += reminders.of_drafts([d for d in drafts(office) if self._placeable(d)], today)
        found += [r for r in mine if r.who == office.name or office.may(Right.ASSIGN)]
        if office.may(Right.BREACH):
            ready = {
                d.about for d in drafts(office) if d.kind is DraftKind.BREACH and d.placed_at is not None
            }
            found += reminders.of_breaches(facts(office, BREACHES, breach_of), office.now(), ready)
        if office.may(Right.TASKS):
            found += reminders.of_tasks(facts(office, TASKS, task_of), today)
            found += reminders.of_agreement(office.settings.agreement, today)
        if office.may(Right.QUARANTINE_DECIDE):
            found += reminders.of_quarantine(self._quarantined(), today)
            found += reminders.of_missed(missed_lately(office), today)
        if office.may(Right.ASSIGN):
            found += reminders.of_unassigned(
                self._open_referrals(), today, office.settings.targets, office.calendar
            )
        return reminders.soonest_first(found)

    def _placeable(self, draft: Draft) -> bool:
        """Whether placing it is still to be done, by someone like the signed-in user."""
        office = self._office
        if draft.kind is DraftKind.BREACH:
            return office.may(Right.BREACH)
        if (
            draft.placed_at is None and draft.kind is DraftKind.ASK
        ):  # answered meanwhile: nothing is left to ask
            row = dict(office.referrals(closed=True)).get(draft.about)
            return row is not None and row.get("consent") == Consent.NOT_STATED.value
        return True

    def _quarantined(self) -> list[tuple[str, date]]:
        days = self._office.settings.keep_quarantine_days
        return [
            (key, goes_on(local_date(moment_of(row["quarantined_at"])), days))
            for key, row in self._office.snapshot().rows(QUARANTINE)
            if "sealed" in row
        ]

    def _open_referrals(self) -> list[Referral]:
        office = self._office
        staff = office.directory
        found = []
        for key, row in office.referrals(closed=False):
            office.verified(row, REFERRALS, key, staff)
            if row["state"] != State.DISCARDING.value:
                found.append(from_row(row))
        return found
