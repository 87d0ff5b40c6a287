"""The hand-over sheet (overdrachtsfiche) of a case file: PDF to read, JSON and CSV for the social-file system (P3)."""

import csv
import io
import os
import re
from datetime import datetime
from importlib.resources import files
from pathlib import Path

import orjson

from intake.formats import show_date, show_moment, show_phone
from intake.referral import Referral
from intake.rows import Payload, iso
from intake.texts import N_, _
from intake.words import CHANNEL_WORDS, PURPOSE, PURPOSES, RESULT_WORDS

_E164 = re.compile(r"\+[0-9]{6,15}")
FIELD_WORDS = {
    "first_name": N_("First name"),
    "last_name": N_("Surname"),
    "street": N_("Street"),
    "house_number": N_("Number"),
    "box": N_("Box"),
    "postcode": N_("Postcode"),
    "municipality": N_("Municipality"),
    "phone": N_("Telephone"),
    "email": N_("E-mail"),
}


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
    written: list[Path] = []
    try:
        for ending, data in forms.items():
            path = folder / f"{referral.reference}{ending}"
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
            written.append(path)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
    except OSError:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    return written


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
    writer.writerow([_no_formula(value) for value in facts.values()])
    return ("\ufeff" + out.getvalue()).encode("utf-8")


def _no_formula(value: str | None) -> str | None:
    """A spreadsheet takes a leading = + - @ for a formula; an apostrophe keeps it text. Telephone numbers are none."""
    if value and value[0] in "=+-@\t" and not _E164.fullmatch(value):
        return f"'{value}"
    return value


def _as_pdf(referral: Referral, payload: Payload, ocmw: str, now: datetime) -> bytes:
    from xml.sax.saxutils import escape

    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.lib.units import mm
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

    # Noto Sans has the letters of all European languages; the fonts that every PDF reader has do not.
    registerFont(TTFont("Noto", str(files("fontpkg_noto_sans") / "files" / "NotoSans[wdth,wght].ttf")))
    styles = getSampleStyleSheet()
    for style in styles.byName.values():
        style.fontName = "Noto"

    def paragraph(text: str, style: str = "BodyText") -> Paragraph:
        return Paragraph(escape(text), styles[style])

    client = payload.client.as_dict() | {"phone": show_phone(payload.client.phone)}
    rows = [
        [_("Reference"), referral.reference],
        [_("Case file"), referral.case_number or ""],
        [_("Opened on"), show_date(referral.case_opened_on)],
        [_("Received on"), show_moment(referral.received_at)],
        *([_(FIELD_WORDS[name]), value or ""] for name, value in client.items()),
    ]
    grid = [("GRID", (0, 0), (-1, -1), 0.3, colors.grey), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    table = Table([[paragraph(a), paragraph(b)] for a, b in rows], colWidths=[50 * mm, 110 * mm], style=grid)
    story = [
        paragraph(_("Hand-over sheet"), "Title"),
        paragraph(ocmw),
        paragraph(_(PURPOSE)),
        Spacer(1, 6 * mm),
        table,
    ]
    if referral.attempts:
        story += [Spacer(1, 6 * mm), paragraph(_("Contact attempts"), "Heading2")]
        story += [
            paragraph(f"{show_moment(a.at)} · {_(CHANNEL_WORDS[a.channel])} · {_(RESULT_WORDS[a.result])}")
            for a in referral.attempts
        ]
    if payload.notes:
        story += [Spacer(1, 6 * mm), paragraph(_("Notes"), "Heading2")]
        for note in payload.notes:
            story += [paragraph(show_moment(note.at)), paragraph(note.text)]
    story += [Spacer(1, 8 * mm), paragraph(_("Made on %(day)s") % {"day": show_moment(now)})]
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4, title=referral.reference, author=ocmw).build(story)
    return out.getvalue()
