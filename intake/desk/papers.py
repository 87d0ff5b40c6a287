"""Papers that leave the office: statistics, the evidence, the register entry, a letter, a packed form (P2, P6, GDPR 30).

Whatever leaves is logged before it is written. What the papers say and look like is in `intake/paperwork/`.
"""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from intake.desk.office import PASSPHRASES_SECRET, Office
from intake.errors import ConfigurationError
from intake.figures import Statistics
from intake.lawful import check_lawful
from intake.paperwork.files import check_ending, check_new, write_paper
from intake.referral import CONTACT_RESULTS, Step
from intake.staff import Right
from intake.texts import N_
from storage.directory import Directory
from storage.journal import Event

if TYPE_CHECKING:
    from intake.desk.desk import Desk
    from intake.paperwork.evidence import Proven
    from intake.paperwork.sending import Packed

LETTER_FIELDS = ("first_name", "last_name", "street", "house_number", "box", "postcode", "municipality")
"""What of a client stands on a letter."""


class NoArchivePassphrase(ConfigurationError):
    """The office has no passphrase for archives."""

    template = N_("The office has no archive passphrase. Give one with --archive-passphrase-file.")


class Papers:
    """Use cases on papers."""

    def __init__(self, office: Office, desk: "Desk") -> None:
        self._office = office
        self._desk = desk

    # -- counts (P2) ------------------------------------------------------------------------------------------------

    def statistics(self, since: date | None = None, until: date | None = None) -> Statistics:
        """All numbers of what was received from `since` to `until`, both included: for inside the office."""
        from intake.desk.evidence import statistics_now

        self._office.require(Right.STATISTICS)
        return statistics_now(self._office, since, until)

    def statistics_file(self, statistics: Statistics, file: Path) -> Path:
        """Write the numbers as CSV, small cells hidden; logged before. Raises WrongUse."""
        from intake.paperwork.counting import statistics_csv

        self._office.require(Right.STATISTICS)
        check_new(file)
        data = statistics_csv(statistics)
        self._log("statistics")
        return write_paper({file: data})[0]

    # -- proof (P6, GDPR 30) ----------------------------------------------------------------------------------------

    def evidence(self, file: Path) -> list[Path]:
        """Write the evidence: a PDF, and the signed JSON beside it; logged before. Raises WrongUse."""
        from intake.desk.evidence import evidence_of
        from intake.paperwork.evidence import signed_evidence
        from intake.paperwork.evidence_pdf import evidence_pdf

        office = self._office
        office.require(Right.EVIDENCE)
        check_ending(file, ".pdf", ".json")
        paper, document = file.with_suffix(".pdf"), file.with_suffix(".json")
        check_new(paper, document)
        content = evidence_of(self._desk)
        data = signed_evidence(content, office.session.signer, office.session.ring.public.signing)
        printed = evidence_pdf(orjson.loads(data), data)
        self._log("evidence")
        return write_paper({paper: printed, document: data})

    def check_evidence(self, data: bytes) -> "Proven":
        """Whether evidence is whole and signed with a key of one of this office's users, former ones too.

        Raises EvidenceUnreadable, EvidenceNotGenuine, EvidenceByAnother.
        """
        from intake.paperwork.evidence import verified

        self._office.require(Right.EVIDENCE)
        staff: Directory = self._office.directory
        return verified(data, signing_key=staff.signing_key)

    def register(self, file: Path) -> Path:
        """Write the entry for the processing register, as PDF or JSON by the name's ending; logged before."""
        from intake.paperwork.register import register_entry, register_pdf

        office = self._office
        office.require(Right.EVIDENCE)
        ending = check_ending(file, ".pdf", ".json")
        check_new(file)
        entry = register_entry(office.settings, office.today())
        data = register_pdf(entry) if ending == ".pdf" else orjson.dumps(entry, option=orjson.OPT_INDENT_2)
        self._log("register")
        return write_paper({file: data})[0]

    # -- clients and senders ----------------------------------------------------------------------------------------

    def letter(self, reference: str, file: Path) -> Path:
        """Write a neutral letter to a client who could not be reached (P3); logged before.

        Raises NotLawful, NotAssignedToYou (keys), NoAddress, NoContactData, WrongUse.
        """
        from intake.paperwork.letter import compose, letter_pdf

        office = self._office
        office.require(Right.WORK)
        check_ending(file, ".pdf")
        row = office.row_of(office.store.snapshot(), reference)
        referral = office.facts(row, reference)
        check_lawful(referral, Step.LETTER)
        check_new(file)
        payload = office.payload(row, reference)
        writer = office.directory.user(referral.assigned_to or office.name).display_name
        tried = any(made.result not in CONTACT_RESULTS for made in referral.attempts)
        letter = letter_pdf(
            compose(reference, payload.client, office.settings.agreement, writer, office.today(), tried=tried)
        )
        self._log("letter", reference)
        return write_paper({file: letter})[0]

    def pack(self, form: bytes, ending: str) -> "Packed":
        """Pack a filled form with the archive passphrase in force (P6). Raises as `pack_form`."""
        from intake.desk.passphrases import outgoing
        from intake.paperwork.sending import pack_form

        office = self._office
        office.require(Right.POLL)
        passphrase = outgoing(office.secret(PASSPHRASES_SECRET), office.today())
        if passphrase is None:
            raise NoArchivePassphrase
        return pack_form(form, ending, passphrase["secret"])

    def _log(self, what: str, reference: str | None = None) -> None:
        event = (
            Event("export", detail={"what": what})
            if reference is None
            else Event(
                "export",
                references=(reference,),
                fields=LETTER_FIELDS,
                reason="=letter",
                detail={"what": what},
            )
        )
        self._office.store.journal.append(self._office.session.signer, [event])
