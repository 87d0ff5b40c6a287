"""The certificate of destruction (verklaring van vernietiging): what was discarded, when, why, and from where (P3).

It is made from what stays after a discard, so no client can be known by it. What may be on it is decided in
`desk/proof.py`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intake.formats import show_date, show_moment
from intake.paperwork.files import write_new
from intake.paperwork.words import outcome_words
from intake.rows import iso
from intake.texts import N_, _

if TYPE_CHECKING:
    pass

RECOVERABLE = N_(
    "A mail server may keep deleted messages recoverable for a while (Exchange Online: 14 to 30 days), and an administrator "
    "could bring them back until then. After that time nothing of them is left."
)
REMOVED = (
    N_("the client's data and notes, and the keys they were sealed with, from the store"),
    N_("the messages they came in, from every folder of the mailbox, wherever they lay"),
    N_("drafts the program had made about them, and copies in quarantine"),
    N_("the same from every backup that the program keeps"),
)
KEPT = N_(
    "What stays is the reference, the dates, the outcome and its ground. Nothing on this certificate leads to a client."
)


@dataclass(frozen=True, slots=True)
class Destroyed:
    """One discarded referral. `mails` and `drafts` count what was deleted in the mailbox, None where it was not counted.

    The last four are those of the destruction list, for a case file that was kept here for ten years.
    """

    reference: str
    received_on: date
    outcome: str
    basis: str
    due_on: date | None
    discarded_at: datetime
    discarded_by: str
    mails: int | None = None
    drafts: int | None = None
    list_id: str | None = None
    rule: str | None = None
    approved_by: str | None = None
    approved_on: date | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate about one or more referrals; `made_by` is the name of who asked for it."""

    ocmw: str
    made_at: datetime
    made_by: str
    items: tuple[Destroyed, ...]


def certificate_json(certificate: Certificate) -> dict[str, Any]:
    """The certificate for machines; days and moments are ISO."""
    return {
        "ocmw": certificate.ocmw,
        "made_at": iso(certificate.made_at),
        "made_by": certificate.made_by,
        "items": [
            {
                "reference": item.reference,
                "received_on": item.received_on.isoformat(),
                "outcome": item.outcome,
                "basis": _(item.basis) if item.basis else "",
                "due_on": item.due_on.isoformat() if item.due_on else None,
                "discarded_at": iso(item.discarded_at),
                "discarded_by": item.discarded_by,
                "mails": item.mails,
                "drafts": item.drafts,
                "list": item.list_id,
                "selection_rule": item.rule,
                "approved_by": item.approved_by,
                "approved_on": item.approved_on.isoformat() if item.approved_on else None,
            }
            for item in certificate.items
        ],
        "removed": [_(words) for words in REMOVED],
        "kept": _(KEPT),
        "recoverable": _(RECOVERABLE),
    }


def write_certificate(path: Path, certificate: Certificate) -> None:
    """Write the certificate as PDF to a new file that only this user may read (where the system knows file modes).

    Raises FileExistsError, OSError; then no new file is left.
    """
    write_new({path: certificate_pdf(certificate)})


def _rows(item: Destroyed) -> list[tuple[str, str]]:
    outcome = outcome_words(item.outcome)
    rows = [
        (_("Reference"), item.reference),
        (_("Received on"), show_date(item.received_on)),
        (_("Outcome"), outcome),
        (_("Ground"), _(item.basis) if item.basis else ""),
        (_("To be discarded from"), show_date(item.due_on)),
        (_("Discarded"), f"{show_moment(item.discarded_at)} · {item.discarded_by}"),
    ]
    if item.mails is not None:
        rows.append((_("Messages deleted"), str(item.mails)))
    if item.drafts:
        rows.append((_("Of which drafts"), str(item.drafts)))
    if item.list_id:
        approved = f"{item.approved_by} · {show_date(item.approved_on)}"
        rows += [
            (_("Destruction list"), item.list_id),
            (_("Rule of the selection list"), item.rule or ""),
            (_("Approved by"), approved),
        ]
    return rows


def certificate_pdf(certificate: Certificate) -> bytes:
    """The certificate as the bytes of a PDF, in the user's language."""
    from reportlab.platypus import KeepTogether

    from intake.paperwork.pages import facts, gap, made, paragraph

    title = _("Certificate of destruction")
    story = [
        paragraph(title, "Title"),
        paragraph(certificate.ocmw),
        gap(4),
        paragraph(_("These referrals were discarded, with all that the program kept of them:")),
        *(paragraph(f"– {_(words)}") for words in REMOVED),
        gap(4),
    ]
    for item in certificate.items:
        story.append(KeepTogether([facts(_rows(item)), gap(4)]))
    made_by = {"day": show_moment(certificate.made_at), "name": certificate.made_by}
    story += [
        paragraph(_(KEPT)),
        paragraph(_(RECOVERABLE)),
        gap(6),
        paragraph(_("Made on %(day)s by %(name)s") % made_by),
    ]
    return made(story, title, certificate.ocmw)
