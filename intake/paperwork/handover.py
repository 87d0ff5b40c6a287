"""The hand-over sheet (overdrachtsfiche) of a case file: PDF to read, JSON and CSV for the social-file system (P3)."""

import csv
import io
from datetime import datetime
from pathlib import Path

import orjson

from intake.formats import show_date, show_moment, show_phone
from intake.paperwork.files import write_new
from intake.paperwork.sheets import no_formula
from intake.referral import Referral
from intake.rows import Payload, iso
from intake.texts import _
from intake.words import CHANNEL_WORDS, FIELD_WORDS, PURPOSE, PURPOSES, result_words


def write_sheet(folder: Path, referral: Referral, payload: Payload, ocmw: str, now: datetime) -> list[Path]:
    """Write the sheet's three forms into `folder`, named after the reference; returns their paths.

    All are made before the first is written, each is new and readable by this user only (where the system knows file
    modes), and what was written is taken back when a later one fails. Raises FileExistsError or OSError.
    """
    forms = {
        ".json": _as_json(referral, payload, now),
        ".csv": _as_csv(referral, payload),
        ".pdf": _as_pdf(referral, payload, ocmw, now),
    }
    folder.mkdir(parents=True, exist_ok=True)
    return write_new({folder / f"{referral.reference}{ending}": data for ending, data in forms.items()})


def _facts(referral: Referral, payload: Payload) -> dict[str, str | None]:
    return {
        "reference": referral.reference,
        "case_number": referral.case_number,
        "case_opened_on": referral.case_opened_on.isoformat() if referral.case_opened_on else None,
        "received_at": iso(referral.received_at),
        "contacted_at": iso(referral.contacted_at) if referral.contacted_at else None,
        **payload.client.as_dict(),
    }


def _as_json(referral: Referral, payload: Payload, now: datetime) -> bytes:
    attempts = [
        {"at": iso(a.at), "by": a.by, "channel": a.channel.value, "result": a.result.value}
        for a in referral.attempts
    ]
    notes = [{"at": iso(n.at), "by": n.by, "step": n.step, "text": n.text} for n in payload.notes]
    purposes = [_(purpose) for purpose in PURPOSES]
    sheet = _facts(referral, payload) | {"made_at": iso(now), "purposes": purposes}
    return orjson.dumps({**sheet, "attempts": attempts, "notes": notes}, option=orjson.OPT_INDENT_2)


def _as_csv(referral: Referral, payload: Payload) -> bytes:
    facts = _facts(referral, payload)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(facts)
    writer.writerow([no_formula(value) for value in facts.values()])
    return ("\ufeff" + out.getvalue()).encode("utf-8")


def _as_pdf(referral: Referral, payload: Payload, ocmw: str, now: datetime) -> bytes:
    from intake.paperwork.pages import facts, gap, made, paragraph

    client = payload.client.as_dict() | {"phone": show_phone(payload.client.phone)}
    rows = [
        (_("Reference"), referral.reference),
        (_("Case file"), referral.case_number or ""),
        (_("Opened on"), show_date(referral.case_opened_on)),
        (_("Received on"), show_moment(referral.received_at)),
        *((_(FIELD_WORDS[name]), value or "") for name, value in client.items()),
    ]
    story = [
        paragraph(_("Hand-over sheet"), "Title"),
        paragraph(ocmw),
        paragraph(_(PURPOSE)),
        gap(6),
        facts(rows),
    ]
    if referral.attempts:
        story += [paragraph(_("Contact attempts"), "Heading2")]
        story += [
            paragraph(
                f"{show_moment(a.at)} · {_(CHANNEL_WORDS[a.channel])} · {_(result_words(a.channel, a.result))}"
            )
            for a in referral.attempts
        ]
    if payload.notes:
        story += [paragraph(_("Notes"), "Heading2")]
        for note in payload.notes:
            story += [paragraph(show_moment(note.at)), paragraph(note.text)]
    story += [gap(8), paragraph(_("Made on %(day)s") % {"day": show_moment(now)})]
    return made(story, referral.reference, ocmw)
