"""Writes rows of a form as a file of each format, the way offices' programs write them. Knows nothing of the reader."""

import io
import json
import zipfile
from dataclasses import dataclass
from random import Random
from xml.sax.saxutils import escape

import openpyxl
from docx import Document
from docx.oxml import parse_xml
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

ON, OFF = "☒", "☐"


@dataclass(frozen=True)
class Line:
    """One line: plain text, or label and value. `kind` is text, pair, head or blank."""

    kind: str
    left: str = ""
    right: str = ""


def text_of(lines: list[Line], rng: Random) -> str:
    style = rng.choice(["colon", "colon", "colon", "dots", "tab", "below", "wide"])
    out: list[str] = []
    for line in lines:
        if line.kind == "blank":
            out.append("")
        elif line.kind == "head":
            out.append(line.left + rng.choice(["", ":", ""]))
        elif line.kind == "text":
            out.append(line.left)
        elif style == "colon":
            out.append(f"{line.left}{rng.choice([': ', ' : ', ':  ', ':'])}{line.right}")
        elif style == "dots":
            out.append(f"{line.left} {'.' * rng.randint(5, 20)} {line.right}")
        elif style == "tab":
            out.append(f"{line.left}\t{line.right}")
        elif style == "wide":
            out.append(f"{line.left:<28}   {line.right}")
        else:
            out.extend([f"{line.left}:", line.right])
    if rng.random() < 0.2:
        out = ["  " + line if line else line for line in out]
    return "\n".join(out)


def txt(lines: list[Line], rng: Random) -> bytes:
    text = text_of(lines, rng).replace("\n", rng.choice(["\n", "\r\n"]))
    encoding = rng.choice(["utf-8", "utf-8-sig", "utf-16", "cp1252"])
    if encoding == "cp1252":
        text = text.replace(ON, "[x]").replace(OFF, "[ ]")
    return text.encode(encoding)


def eml(lines: list[Line], rng: Random) -> bytes:
    from email.message import EmailMessage

    message = EmailMessage()
    message["From"] = "Lies Claes <lies.claes@opgroeien.be>"
    message["To"] = "intake@ocmwwervik.example"
    message["Subject"] = "doorverwijzing"
    message.set_content(text_of(lines, rng))
    if rng.random() < 0.4:
        message.add_alternative(html(lines, rng).decode(), subtype="html")
    return message.as_bytes()


def rtf(lines: list[Line], rng: Random) -> bytes:
    def esc(text: str) -> str:
        made = ""
        for ch in text:
            if ch in "\\{}":
                made += "\\" + ch
            elif ord(ch) < 128:
                made += ch
            elif ord(ch) < 256:
                made += f"\\'{ch.encode('latin-1').hex()}"
            else:
                made += f"\\u{ord(ch)}?"
        return made.replace("\t", "\\tab ")

    table = rng.random() < 0.5
    body = ""
    for line in lines:
        if line.kind == "pair" and table:
            body += (
                f"\\trowd\\cellx3000\\cellx9000\\intbl {esc(line.left)}\\cell {esc(line.right)}\\cell\\row\n"
            )
        elif line.kind == "pair":
            body += f"\\pard {{\\b {esc(line.left)}:}} {esc(line.right)}\\par\n"
        else:
            body += f"\\pard {esc(line.left)}\\par\n"
    return ("{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0 Calibri;}}\n" + body + "}").encode("ascii")


def html(lines: list[Line], rng: Random) -> bytes:
    table = rng.random() < 0.5
    out, inside = ["<html><head><title>fiche</title><style>td{color:red}</style></head><body>"], False
    for line in lines:
        if line.kind == "pair" and table:
            if not inside:
                out.append("<table>")
                inside = True
            out.append(f"<tr><td><b>{escape(line.left)}</b></td>\n<td>{escape(line.right)}</td></tr>")
            continue
        if inside:
            out.append("</table>")
            inside = False
        if line.kind == "pair":
            out.append(f"<p><strong>{escape(line.left)}</strong>: {escape(line.right)}</p>")
        elif line.kind == "head":
            out.append(f"<h2>{escape(line.left)}</h2>")
        else:
            out.append(f"<div>{escape(line.left)}&nbsp;</div>")
    return "\n".join([*out, "</table>" if inside else "", "</body></html>"]).encode()


def csv_pairs(lines: list[Line], rng: Random) -> bytes:
    mark = rng.choice([";", ";", ",", "\t"])
    quote = lambda cell: '"' + cell.replace('"', '""') + '"' if mark in cell or rng.random() < 0.2 else cell  # noqa: E731
    rows = [f"{quote(line.left)}{mark}{quote(line.right)}" for line in lines if line.kind != "blank"]
    return "\r\n".join(rows).encode(rng.choice(["utf-8-sig", "utf-8"]))


def xlsx_pairs(lines: list[Line], rng: Random) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    skew = rng.choice([0, 0, 1])
    wide = rng.choice([0, 0, 1])
    for number, line in enumerate(lines, 1 + skew):
        if line.kind == "blank":
            continue
        sheet.cell(number, 1 + skew, line.left)
        if line.right:
            digits = line.right.replace(" ", "")
            value = int(digits) if digits.isdigit() and len(digits) == 4 else line.right
            sheet.cell(number, 2 + skew + wide, value)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def docx(lines: list[Line], rng: Random) -> bytes:
    document = Document()
    document.sections[0].header.paragraphs[0].text = "Kind en Gezin – Tel: 056 99 99 99"
    mode = rng.choice(["lines", "table", "table", "controls"])
    table = None
    for line in lines:
        if line.kind == "pair" and mode == "table":
            table = table or document.add_table(rows=0, cols=2)
            cells = table.add_row().cells
            cells[0].text, cells[1].text = line.left, line.right
            continue
        table = None
        if line.kind == "pair":
            paragraph = document.add_paragraph()
            paragraph.add_run(line.left).bold = True
            paragraph.add_run(":\t" if rng.random() < 0.5 else ": ")
            if mode == "controls" and line.right[:1] not in (ON, OFF):
                paragraph._p.append(_control(line.right))
            else:
                half = len(line.right) // 2
                paragraph.add_run(line.right[:half])
                paragraph.add_run(line.right[half:])
        elif line.kind == "head" and rng.random() < 0.7:
            document.add_heading(line.left, 2)
        else:
            document.add_paragraph(line.left)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _control(text: str):
    prompt = "" if text else "<w:showingPlcHdr/>"
    shown = text or "Klik of tik om tekst in te voeren."
    return parse_xml(
        f"<w:sdt {_W}><w:sdtPr><w:alias w:val='veld'/>{prompt}</w:sdtPr><w:sdtContent><w:r><w:t xml:space='preserve'>"
        f"{escape(shown)}</w:t></w:r></w:sdtContent></w:sdt>"
    )


def odt(lines: list[Line], rng: Random) -> bytes:
    table = rng.random() < 0.5
    body, inside = "", False
    for line in lines:
        if line.kind == "pair" and table:
            body += "" if inside else '<table:table table:name="t">'
            inside = True
            body += (
                "<table:table-row>"
                + "".join(
                    f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
                    for cell in (line.left, line.right)
                )
                + "</table:table-row>"
            )
            continue
        body += "</table:table>" if inside else ""
        inside = False
        if line.kind == "pair":
            body += f'<text:p><text:span>{escape(line.left)}</text:span>:<text:s text:c="2"/>{escape(line.right)}</text:p>'
        elif line.kind == "head":
            body += f'<text:h text:outline-level="2">{escape(line.left)}</text:h>'
        else:
            body += f"<text:p>{escape(line.left)}</text:p>"
    body += "</table:table>" if inside else ""
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "text", "table", "draw", "form")
    )
    content = f"<?xml version='1.0' encoding='UTF-8'?><office:document-content {names}><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text", zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
    return buffer.getvalue()


def pdf_text(lines: list[Line], rng: Random) -> bytes:
    """Words drawn at their places, in an order of the program's own: values first, or at random."""
    buffer = io.BytesIO()
    page = canvas.Canvas(buffer, pagesize=A4)
    size = rng.choice([9, 10, 11, 12])
    page.setFont("Helvetica", size)
    y, drawn = 800.0, []
    joined = rng.random() < 0.4
    for line in lines:
        if line.kind == "blank":
            y -= size * 1.6
            continue
        y -= size * rng.choice([1.25, 1.3, 1.4])
        if line.kind == "pair" and not joined:
            drawn.append((60, y, line.left + ":"))
            drawn.append((220, y, line.right))
        elif line.kind == "pair":
            drawn.append((60, y, f"{line.left}: {line.right}"))
        else:
            drawn.append((60, y, line.left))
    order = rng.choice(["straight", "columns", "random"])
    if order == "columns":
        drawn.sort(key=lambda item: (item[0], -item[1]))
    elif order == "random":
        rng.shuffle(drawn)
    for x, at, text in drawn:
        page.drawString(x, at, text.replace(ON, "[x]").replace(OFF, "[ ]").replace("’", "'"))
    page.save()
    return buffer.getvalue()


def pdf_form(lines: list[Line], rng: Random) -> bytes:
    """A fillable form: printed labels with fields beside them, named by meaning or by number."""
    buffer = io.BytesIO()
    page = canvas.Canvas(buffer, pagesize=A4)
    named = rng.random() < 0.5
    seen: dict[str, int] = {}
    y = 800.0
    for number, line in enumerate(lines):
        y -= 22 if line.kind == "pair" else 14
        page.setFont("Helvetica", 10)
        if line.kind != "pair":
            page.drawString(60, y, line.left.replace(ON, "[x]").replace(OFF, "[ ]"))
            continue
        page.drawString(60, y, line.left)
        if line.right.count(ON) + line.right.count(OFF) > 0:
            x, rest = 230, line.right
            while rest:
                state, rest = rest[0], rest[1:].lstrip()
                stops = [p for p in (rest.find(ON), rest.find(OFF)) if p >= 0]
                words = rest[: min(stops)] if stops else rest
                rest = rest[len(words) :]
                page.acroForm.checkbox(name=f"vak{number}_{x}", x=x, y=y - 3, size=12, checked=state == ON)
                page.drawString(x + 16, y, words.strip())
                x += 90
            continue
        seen[line.left] = seen.get(line.left, 0) + 1
        own = line.left if seen[line.left] == 1 else f"{line.left}_{seen[line.left]}"
        name = own.replace(".", "") if named else f"Tekstveld{number}"
        page.acroForm.textfield(name=name, x=230, y=y - 5, width=300, height=18, value=line.right, fontSize=9)
    page.save()
    return buffer.getvalue()


def json_form(lines: list[Line], rng: Random) -> bytes:
    top: dict[str, object] = {}
    here: dict[str, object] = top
    for line in lines:
        if line.kind == "head":
            here = top.setdefault(line.left, {})  # type: ignore[assignment]
        elif line.kind == "pair":
            here[line.left] = line.right or None
    return json.dumps(top, ensure_ascii=rng.random() < 0.5, indent=rng.choice([None, 2])).encode()


FORMATS = {
    "txt": txt, "eml": eml, "rtf": rtf, "html": html, "csv": csv_pairs, "xlsx": xlsx_pairs, "docx": docx, "odt": odt,
    "pdf": pdf_text, "pdf-form": pdf_form, "json": json_form,
}  # fmt: skip
