"""Disclosures to partners of the geïntegreerd breed onthaal: which fields, to whom, why, and that the client agreed (P4)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from intake.client import CLIENT_FIELDS
from intake.desk.logged import given_reason
from intake.desk.office import Office
from intake.desk.registering import check_texts, facts, fresh_key, put
from intake.desk.work import Work
from intake.errors import NotLawful, WrongUse
from intake.lawful import check_lawful
from intake.plaintext import clean_line
from intake.referral import Referral, Step
from intake.register_rows import DISCLOSURES, as_row, disclosure_of
from intake.registers import Disclosure
from intake.staff import Right
from intake.steps import disclose
from intake.texts import _
from storage.journal import Event
from storage.store import Transaction


@dataclass(frozen=True, slots=True)
class Passed:
    """A recorded disclosure and the values of exactly its fields, shown once to be passed on."""

    disclosure: Disclosure
    values: dict[str, str | None] = field(repr=False)


def no_partners() -> WrongUse:
    """The refusal when the agreement names none."""
    return WrongUse(
        problem=_("No partners are named in the settings (agreement.partners). A team lead adds them.")
    )


class Disclosures:
    """Use cases on disclosures."""

    def __init__(self, office: Office, work: Work) -> None:
        self._office = office
        self._work = work

    def items(self, reference: str | None = None) -> list[Disclosure]:
        """What was disclosed, of one referral or of all, by number. No value of a client is in it."""
        self._office.require(Right.DISCLOSURES)
        found = facts(self._office, DISCLOSURES, disclosure_of)
        return [one for one in found if reference is None or one.reference == reference]

    def partners(self) -> tuple[str, ...]:
        """The partners that the agreement names."""
        self._office.require(Right.WORK)
        return self._office.settings.agreement.partners

    def disclose(
        self,
        reference: str,
        partner: str,
        chosen: Sequence[str],
        why: str,
        *,
        client_agrees: bool,
        agreed_on: date | None = None,
        version: int | None = None,
    ) -> Passed:
        """Record a disclosure and return the values to pass on; both are in the log before.

        Raises NotLawful without the client's agreement or before contact, WrongUse for another partner or field,
        PersonNamed, NotAssignedToYou.
        """
        office = self._office
        office.require(Right.WORK)
        _row, referral = office.readable(office.store.snapshot(), reference)
        check_lawful(referral, Step.DISCLOSE)
        if not client_agrees:
            raise NotLawful(
                problem=_(
                    "Data go to a partner only with the client's agreement. Ask the client first, and record the agreement."
                ),
                article=_("P4, decree of 9 February 2018 on local social policy"),
            )
        fields = self._fields(chosen)
        known = self._partner(partner)
        reason = given_reason(why)
        made: list[Disclosure] = []

        def record(tx: Transaction) -> None:
            check_texts(office, tx, (reference,), reason)
            key = fresh_key(office, tx, DISCLOSURES, "V")
            day = agreed_on or office.today()
            made.append(Disclosure(key, reference, known, fields, office.now(), office.name, day, reason))
            put(office, tx, DISCLOSURES, as_row(made[0]))
            tx.record(Event("export", references=(reference, key), fields=fields, reason=reason))

        def step(before: Referral) -> Referral:
            return disclose(before, made[0].id, made[0].agreed_on, office.name, office.now())

        self._work.change(
            reference, Step.DISCLOSE, step, version, detail={"partner": known[:200]}, check=record
        )
        client = office.payload(office.row_of(office.store.snapshot(), reference), reference).client
        values = client.as_dict()
        return Passed(made[0], {name: values[name] for name in fields})

    def _partner(self, given: str) -> str:
        partners = self._office.settings.agreement.partners
        wanted = clean_line(given).casefold()
        for partner in partners:
            if clean_line(partner).casefold() == wanted:
                return partner
        if not partners:
            raise no_partners()
        raise WrongUse(
            problem=_("That is no partner of the agreement. The partners are: %(partners)s.")
            % {"partners": "; ".join(partners)}
        )

    @staticmethod
    def _fields(chosen: Sequence[str]) -> tuple[str, ...]:
        wanted = {clean_line(name) for name in chosen} - {""}
        if not wanted or wanted - set(CLIENT_FIELDS):
            raise WrongUse(
                problem=_("Give the fields to pass on, from: %(fields)s.")
                % {"fields": ", ".join(CLIENT_FIELDS)}
            )
        return tuple(name for name in CLIENT_FIELDS if name in wanted)
