"""Puts the blocks of one fiche on paper: plain text, Word, PDF, Excel, web page, message, CSV or RTF."""

import csv
import html
import io
from dataclasses import dataclass
from email.message import EmailMessage
from functools import cache

import docx
import openpyxl
from fontpkg_noto_sans import ROOT
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table


@dataclass(frozen=True)
class Head:
    """A title of the template."""

    text: str


@dataclass(frozen=True)
class Text:
    """A line or paragraph of running text; empty for white space."""

    text: str


@dataclass(frozen=True)
class Pair:
    """A label of the template and what was filled in."""

    label: str
    value: str


@dataclass(frozen=True)
class Wide:
    """A table with its labels in the first row."""

    rows: tuple[tuple[str, ...], ...]


Block = Head | Text | Pair | Wide


@dataclass(frozen=True)
class Habit:
    """How a team's template sets label and value: in a table, two pairs a row, or on a line with this sign between."""

    table: bool = False
    double: bool = False
    sign: str = ": "


def _line(pair: Pair, habit: Habit) -> str:
    if habit.sign == "dots":
        return pair.label + " " + "." * max(3, 24 - len(pair.label)) + " " + pair.value
    return pair.label + habit.sign + pair.value


def _rows(blocks: list[Block], habit: Habit) -> list[list[Pair] | Head | Text | Wide]:
    """Pairs that follow each other become the rows of one table."""
    out: list[list[Pair] | Head | Text | Wide] = []
    for block in blocks:
        if not isinstance(block, Pair):
            out.append(block)
        elif out and isinstance(out[-1], list):
            out[-1].append(block)
        else:
            out.append([block])
    return out


def _cells(pairs: list[Pair], habit: Habit) -> list[list[str]]:
    if not habit.double:
        return [[pair.label, pair.value] for pair in pairs]
    rows = []
    for i in range(0, len(pairs), 2):
        row = [cell for pair in pairs[i : i + 2] for cell in (pair.label, pair.value)]
        rows.append(row + [""] * (4 - len(row)))
    return rows


def as_text(blocks: list[Block], habit: Habit) -> str:
    lines: list[str] = []
    for block in blocks:
        match block:
            case Head(text):
                lines += ["", text]
            case Text(text):
                lines.append(text)
            case Pair():
                lines.append(_line(block, habit))
            case Wide(rows):
                lines += ["\t".join(row) for row in rows]
    return "\n".join(lines).strip() + "\n"


def txt(blocks: list[Block], habit: Habit) -> bytes:
    return as_text(blocks, habit).replace("\n", "\r\n").encode("utf-8-sig")


def eml(blocks: list[Block], habit: Habit) -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = "team@kindengezin.be", "intake@ocmw.example"
    message["Subject"] = "Aanmelding via Kind en Gezin"
    message.set_content(as_text(blocks, habit), cte="quoted-printable")
    return message.as_bytes()


def word(blocks: list[Block], habit: Habit) -> bytes:
    document = docx.Document()
    for item in _rows(blocks, habit):
        match item:
            case Head(text):
                document.add_heading(text, 2)
            case Text(text):
                document.add_paragraph(text)
            case Wide(rows):
                _word_table(document, [list(row) for row in rows])
            case list() if habit.table:
                _word_table(document, _cells(item, habit))
            case list():
                for pair in item:
                    paragraph = document.add_paragraph()
                    line = _line(pair, habit)
                    paragraph.add_run(line[: len(pair.label)]).bold = True
                    paragraph.add_run(line[len(pair.label) :])
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _word_table(document: docx.document.Document, rows: list[list[str]]) -> None:
    table = document.add_table(rows=0, cols=len(rows[0]))
    for row in rows:
        cells = table.add_row().cells
        for cell, text in zip(cells, row, strict=True):
            cell.text = text


@cache
def _font() -> str:
    (face,) = [path for path in ROOT.rglob("*.ttf") if path.stem.startswith("NotoSans[")]
    pdfmetrics.registerFont(TTFont("OfficeSans", face))
    return "OfficeSans"


def pdf(blocks: list[Block], habit: Habit) -> bytes:
    font = _font()
    body = ParagraphStyle("body", fontName=font, fontSize=10, leading=14)
    title = ParagraphStyle("title", fontName=font, fontSize=13, leading=20, spaceBefore=6)
    story: list[Flowable] = []
    for item in _rows(blocks, habit):
        match item:
            case Head(text):
                story.append(Paragraph(html.escape(text), title))
            case Text(text):
                story.append(Paragraph(html.escape(text), body) if text else Spacer(1, 8))
            case Wide(rows):
                story.append(_pdf_table([list(row) for row in rows], body))
            case list() if habit.table:
                story.append(_pdf_table(_cells(item, habit), body))
            case list():
                story += [
                    Paragraph(html.escape(_line(pair, habit).replace("\t", "    ")), body) for pair in item
                ]
    stream = io.BytesIO()
    SimpleDocTemplate(stream, pagesize=A4, leftMargin=50, rightMargin=50).build(story)
    return stream.getvalue()


def _pdf_table(rows: list[list[str]], body: ParagraphStyle) -> Table:
    cells = [[Paragraph(html.escape(cell), body) for cell in row] for row in rows]
    grid = Table(cells, colWidths=[495 / len(rows[0])] * len(rows[0]), hAlign="LEFT")
    grid.setStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.grey), ("VALIGN", (0, 0), (-1, -1), "TOP")])
    return grid


def xlsx(blocks: list[Block], habit: Habit) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for item in _rows(blocks, habit):
        match item:
            case Head(text) | Text(text):
                sheet.append([text] if text else [])
            case Wide(rows):
                for row in rows:
                    sheet.append(list(row))
            case list():
                for cells in _cells(item, habit):
                    sheet.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def web(blocks: list[Block], habit: Habit) -> bytes:
    def grid(rows: list[list[str]]) -> str:
        return (
            "<table>"
            + "".join(
                "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
            )
            + "</table>"
        )

    parts = []
    for item in _rows(blocks, habit):
        match item:
            case Head(text):
                parts.append(f"<h3>{html.escape(text)}</h3>")
            case Text(text):
                parts.append(f"<p>{html.escape(text) or '&nbsp;'}</p>")
            case Wide(rows):
                parts.append(grid([list(row) for row in rows]))
            case list() if habit.table:
                parts.append(grid(_cells(item, habit)))
            case list():
                parts.append(
                    "<p>"
                    + "<br>\n".join(
                        f"<b>{html.escape(pair.label)}</b>{html.escape(_line(pair, habit)[len(pair.label) :])}"
                        for pair in item
                    )
                    + "</p>"
                )
    return (
        "<!DOCTYPE html><html><head><meta charset='utf-8'><title>Aanmelding</title></head><body>"
        + "\n".join(parts)
        + "</body></html>"
    ).encode()


def comma(blocks: list[Block], habit: Habit) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    for item in _rows(blocks, habit):
        match item:
            case Head(text) | Text(text):
                writer.writerow([text] if text else [])
            case Wide(rows):
                writer.writerows(rows)
            case list():
                writer.writerows(_cells(item, habit))
    return stream.getvalue().encode("utf-8-sig")


def rtf(blocks: list[Block], habit: Habit) -> bytes:
    def escaped(text: str) -> str:
        out = []
        for c in text:
            if c in "\\{}":
                out.append("\\" + c)
            elif c == "\t":
                out.append("\\tab ")
            elif ord(c) < 128:
                out.append(c)
            else:
                out.append(f"\\u{ord(c)}?")
        return "".join(out)

    body = "\\par\n".join(escaped(line) for line in as_text(blocks, habit).splitlines())
    return (
        "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0 Calibri;}}\\f0\\fs22\n" + body + "\\par}"
    ).encode("ascii")


PRINTERS = {
    "txt": txt,
    "eml": eml,
    "docx": word,
    "pdf": pdf,
    "xlsx": xlsx,
    "html": web,
    "csv": comma,
    "rtf": rtf,
}
