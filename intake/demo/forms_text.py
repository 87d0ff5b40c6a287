"""The fiche as text: txt, rtf, html, csv, json, and an e-mail saved as a file (eml).

Plain text has no boxes to tick, so a tick is written the ways people type one.
"""

import csv
import io
import json
import random
from email.message import EmailMessage
from email.policy import SMTP
from html import escape

from intake.demo.fiche import Fiche, Row

__all__ = ["csv_table", "eml", "html", "json_document", "rtf", "tick_words", "txt"]


def tick_words(fiche: Fiche, rng: random.Random, *, ascii_only: bool = False) -> str:
    """The consent's two boxes as typed: `[x] ja  [ ] nee`, or with the box characters."""
    on, off = ("[x]", "[ ]") if ascii_only else rng.choice((("[x]", "[ ]"), ("[X]", "[ ]"), ("☒", "☐")))
    return "   ".join(f"{on if tick.ticked else off} {tick.label}" for tick in fiche.consent_ticks)


def consent_lines(fiche: Fiche, rng: random.Random, *, ascii_only: bool = False) -> tuple[str, ...]:
    """The consent as one or two lines of text: a sentence with boxes, a sentence with the answer, or a note."""
    if fiche.consent_note is not None:
        return (fiche.consent_note,)
    if rng.random() < 0.5:
        return (f"{fiche.consent_text}: {fiche.consent_answer}".rstrip(),)
    return (f"{fiche.consent_text}:", tick_words(fiche, rng, ascii_only=ascii_only))


def txt(fiche: Fiche, rng: random.Random) -> bytes:
    """A text file, from an editor on Windows as often as not."""
    ruled = rng.random() < 0.5
    # Windows' older editors write in their own code page, where there are no box characters.
    encoding = rng.choice(("utf-8", "utf-8-sig", "cp1252"))
    lines = _plain_lines(fiche, rng, ruled=ruled, ascii_only=encoding == "cp1252")
    return (rng.choice(("\r\n", "\n")).join(lines) + "\r\n").encode(encoding)


def eml(fiche: Fiche, rng: random.Random) -> bytes:
    """A mail with the fiche as its text, saved as a file."""
    message = EmailMessage(policy=SMTP)
    sender = next(row.value for row in fiche.sender_rows if row.field == "teamlid_email")
    message["From"] = sender
    message["To"] = "doorverwijzingen@ocmw.example.be"
    message["Subject"] = "Doorverwijzing"
    message["Date"] = "Mon, 02 Nov 2026 09:12:00 +0100"
    message["Message-ID"] = f"<{rng.getrandbits(64):016x}@opgroeien.be>"
    text = "\n".join(_plain_lines(fiche, rng, ruled=False, ascii_only=False)) + "\n"
    message.set_content(text, cte=rng.choice(("quoted-printable", "base64", "8bit")))
    if rng.random() < 0.4:
        message.add_alternative(html(fiche, rng).decode("utf-8"), subtype="html", cte="quoted-printable")
        # Without this the boundary would be drawn from the process's own randomness.
        message.set_boundary(f"=_{rng.getrandbits(64):016x}")
    return message.as_bytes()


def rtf(fiche: Fiche, rng: random.Random) -> bytes:
    """Rich text, its labelled values in a table or as paragraphs."""
    tabled = rng.random() < 0.5
    parts = [
        r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss Calibri;}}",
        r"{\info{\title Fiche}}\viewkind4\uc1\f0\fs22",
    ]
    parts += [_rtf_paragraph(line) for line in fiche.letterhead]
    parts.append(_rtf_paragraph(fiche.title, bold=True))
    for heading, rows in fiche.sections:
        parts.append(_rtf_paragraph(heading, bold=True))
        if tabled:
            parts += [_rtf_row(row) for row in rows]
            parts.append(r"\pard\par")
        else:
            parts += [_rtf_paragraph(f"{row.label}: {row.value}".rstrip()) for row in rows]
    parts.append(_rtf_paragraph(fiche.consent_heading, bold=True))
    parts += [_rtf_paragraph(line) for line in consent_lines(fiche, rng)]
    if fiche.remark is not None:
        parts.append(_rtf_paragraph(f"{fiche.remark.label}: {fiche.remark.value}"))
    parts += [_rtf_paragraph(line) for line in fiche.signature]
    return ("\r\n".join(parts) + "\r\n}").encode("ascii")


def html(fiche: Fiche, rng: random.Random) -> bytes:
    """A web page, its labelled values in tables or definition lists."""
    tabled = rng.random() < 0.6
    body = [
        f"<p>{'<br>'.join(escape(line) for line in fiche.letterhead)}</p>",
        f"<h1>{escape(fiche.title)}</h1>",
    ]
    for heading, rows in fiche.sections:
        body.append(f"<h2>{escape(heading)}</h2>")
        if tabled:
            cells = (f"<tr><th>{escape(r.label)}</th><td>{escape(r.value)}</td></tr>" for r in rows)
            body.append(f"<table>{''.join(cells)}</table>")
        else:
            terms = (f"<dt>{escape(r.label)}</dt><dd>{escape(r.value)}</dd>" for r in rows)
            body.append(f"<dl>{''.join(terms)}</dl>")
    body.append(f"<h2>{escape(fiche.consent_heading)}</h2>")
    body += [f"<p>{escape(line)}</p>" for line in consent_lines(fiche, rng)]
    if fiche.remark is not None:
        body.append(f"<p>{escape(fiche.remark.label)}: {escape(fiche.remark.value)}</p>")
    body += [f"<p>{escape(line)}</p>" for line in fiche.signature]
    page = (
        f'<!DOCTYPE html>\n<html lang="nl"><head><meta charset="utf-8"><title>{escape(fiche.title)}</title>'
        "<style>th{text-align:left}</style></head><body>\n" + "\n".join(body) + "\n</body></html>\n"
    )
    return page.encode("utf-8")


def csv_table(fiche: Fiche, rng: random.Random) -> bytes:
    """What a spreadsheet exports: one row under a header, or one labelled value a line; semicolons as in Belgium."""
    rows = fiche.with_consent_row().client_rows
    if fiche.remark is not None:
        rows = (*rows, fiche.remark)
    out = io.StringIO(newline="")
    table = csv.writer(out, delimiter=rng.choice((";", ";", ",")), lineterminator="\r\n")
    if rng.random() < 0.5:
        table.writerow([row.label for row in rows])
        table.writerow([row.value for row in rows])
    else:
        table.writerows((row.label, row.value) for row in rows)
    return out.getvalue().encode(rng.choice(("utf-8-sig", "utf-8", "cp1252")))


def json_document(fiche: Fiche, rng: random.Random) -> bytes:
    """What another program exports: sender, client and consent as objects."""
    answers: dict[str, object] = {"ja": True, "nee": False, "": None}
    consent: object = answers[fiche.consent_answer]
    if fiche.consent_note is not None:
        consent = "ingetrokken"
    elif rng.random() < 0.4:
        consent = fiche.consent_answer or None
    document: dict[str, object] = {
        "formulier": fiche.title,
        "doorverwijzer": {row.field.removeprefix("teamlid_"): row.value for row in fiche.sender_rows},
        rng.choice(("client", "cliënt")): {row.field: row.value or None for row in fiche.client_rows},
        "toestemming": consent,
    }
    if fiche.remark is not None:
        document[fiche.remark.field] = fiche.remark.value
    return json.dumps(document, ensure_ascii=rng.random() < 0.5, indent=2).encode("utf-8")


def _plain_lines(fiche: Fiche, rng: random.Random, *, ruled: bool, ascii_only: bool) -> list[str]:
    lines = [*fiche.letterhead, "", fiche.title.upper() if ruled else fiche.title, ""]
    width = max(len(row.label) for _, rows in fiche.sections for row in rows) + 1
    aligned = rng.random() < 0.5
    for heading, rows in fiche.sections:
        lines.append(heading)
        if ruled:
            lines.append("-" * len(heading))
        for row in rows:
            label = f"{row.label:<{width}}: " if aligned else f"{row.label}: "
            lines.append((label + row.value).rstrip())
        lines.append("")
    lines += [fiche.consent_heading, *consent_lines(fiche, rng, ascii_only=ascii_only), ""]
    if fiche.remark is not None:
        lines += [f"{fiche.remark.label}: {fiche.remark.value}", ""]
    return [*lines, *fiche.signature]


def _rtf_text(text: str) -> str:
    out = []
    for character in text:
        if character in "\\{}":
            out.append("\\" + character)
        elif character.isascii():
            out.append(character)
        elif ord(character) < 256:
            out.append(f"\\'{ord(character):02x}")
        else:
            out.append(f"\\u{ord(character)}?")
    return "".join(out)


def _rtf_paragraph(text: str, *, bold: bool = False) -> str:
    words = _rtf_text(text)
    return rf"\pard {{\b {words}}}\par" if bold else rf"\pard {words}\par"


def _rtf_row(row: Row) -> str:
    return (
        rf"\trowd\cellx3000\cellx9000\pard\intbl {_rtf_text(row.label)}\cell"
        rf"\pard\intbl {_rtf_text(row.value)}\cell\row"
    )
