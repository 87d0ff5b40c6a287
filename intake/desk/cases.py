"""Case files: opening one, handing it over to the OCMW's own social-file system, closing a local one (P3)."""

from datetime import date
from pathlib import Path

from intake.client import CLIENT_FIELDS
from intake.desk.filenumber import checked_number
from intake.desk.office import Office
from intake.desk.work import Work
from intake.errors import NotLawful, WrongUse
from intake.lawful import check_lawful
from intake.paperwork.handover import write_sheet
from intake.referral import Referral, Step
from intake.staff import Right
from intake.steps import close_case, confirm_hand_over, hand_over, open_case
from intake.texts import _
from storage.journal import Event


class Cases:
    """Use cases on case files."""

    def __init__(self, office: Office, work: Work) -> None:
        self._office = office
        self._work = work

    def open(self, reference: str, number: str, version: int | None = None) -> Referral:
        """Open a case file under the OCMW's own number."""
        office = self._office
        office.require(Right.WORK)
        given = checked_number(office, reference, number)
        return self._work.change(
            reference,
            Step.CASE_OPEN,
            lambda r: open_case(r, given, office.name, office.now()),
            version,
        )

    def hand_over(
        self, reference: str, folder: Path, version: int | None = None, *, confirm: bool = False
    ) -> list[Path]:
        """Write the hand-over sheet and mark the referral handed over; the intake's copy goes once that is confirmed.

        With `confirm` at once, for a script whose file system takes the sheet in at that moment. The sheet is PDF, JSON
        and CSV, named after the reference. What is exported is logged before it is written. Raises WrongUse when the folder cannot be written: then nothing has changed.
        """
        office = self._office
        office.require(Right.WORK)
        if office.settings.case_files == "local":
            raise NotLawful(
                problem=_("Case files are kept here; close the case file instead of handing it over."),
                article="P3",
            )
        row = office.row_of(office.store.snapshot(), reference)
        referral = office.facts(row, reference)
        check_lawful(referral, Step.CASE_HAND_OVER)
        payload = office.payload(row, reference)
        event = Event("export", references=(reference,), fields=CLIENT_FIELDS, reason="=hand-over")
        office.store.journal.append(office.session.signer, [event])
        try:
            written = write_sheet(folder, referral, payload, office.settings.agreement.ocmw, office.now())
        except FileExistsError:
            raise WrongUse(
                problem=_(
                    "A hand-over sheet of this referral is already in that folder. Choose another folder."
                )
            ) from None
        except OSError:
            raise WrongUse(
                problem=_(
                    "The hand-over sheet cannot be written in that folder. Choose a folder you can write to."
                )
            ) from None

        def handed_over(r: Referral) -> Referral:
            given = hand_over(r, office.name, office.now())
            return confirm_hand_over(given, office.name, office.now()) if confirm else given

        self._work.change(
            reference,
            Step.CASE_HAND_OVER,
            handed_over,
            referral.version if version is None else version,
        )
        return written

    def confirm(self, reference: str, version: int | None = None) -> Referral:
        """Confirm that the OCMW's own system holds the case file; from here on the intake's copy is due to go (P3)."""
        office = self._office
        office.require(Right.WORK)
        return self._work.change(
            reference,
            Step.CASE_CONFIRM,
            lambda r: confirm_hand_over(r, office.name, office.now()),
            version,
        )

    def close(self, reference: str, on: date, version: int | None = None) -> Referral:
        """Close a case file that is kept here (`local`); ten years are kept from that day."""
        office = self._office
        office.require(Right.WORK)
        if office.settings.case_files == "external":
            raise NotLawful(
                problem=_("Case files are kept in the OCMW's own system; hand it over instead."), article="P3"
            )
        return self._work.change(
            reference, Step.CASE_CLOSE, lambda r: close_case(r, on, office.name, office.now()), version
        )
