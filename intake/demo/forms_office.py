"""The fiche as an office document: docx, docx with content controls, odt and xlsx.

All are zip containers. They are packed again with a fixed time, so that the same fiche gives the same bytes.
"""

import io
import random
import re
import zipfile
from xml.sax.saxutils import escape, quoteattr

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from intake.demo.fiche import Fiche, Row, Tick
from intake.demo.forms_text import consent_lines

__all__ = ["docx", "docx_with_controls", "odt", "xlsx"]

_FIXED_TIME = (2026, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_W14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
_ODT_TYPE = "application/vnd.oasis.opendocument.text"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"


def docx(fiche: Fiche, rng: random.Random) -> bytes:
    """A Word document; the labelled values as lines, in a table, or in a table of two pairs a row."""
    document = _word_head(fiche)
    layout = rng.choice(("lines", "table", "pairs"))
    for heading, rows in fiche.sections:
        document.add_heading(heading, level=2)
        if layout == "lines":
            for row in rows:
                paragraph = document.add_paragraph()
                paragraph.add_run(f"{row.label}: ").bold = True
                paragraph.add_run(row.value)
        else:
            _word_table(document, rows, pairs=1 if layout == "table" else 2)
    document.add_heading(fiche.consent_heading, level=2)
    for line in consent_lines(fiche, rng):
        document.add_paragraph(line)
    return _word_foot(document, fiche)


def docx_with_controls(fiche: Fiche, rng: random.Random) -> bytes:
    """A Word form: each value in a content control, the consent in check box controls."""
    document = _word_head(fiche)
    tabled = rng.random() < 0.6
    for heading, rows in fiche.sections:
        document.add_heading(heading, level=2)
        table = document.add_table(rows=0, cols=2) if tabled else None
        for row in rows:
            control = parse_xml(_text_control(row))
            if table is None:
                paragraph = document.add_paragraph(f"{row.label}: ")
            else:
                cells = table.add_row().cells
                cells[0].text = row.label
                paragraph = cells[1].paragraphs[0]
            paragraph._p.append(control)
    document.add_heading(fiche.consent_heading, level=2)
    document.add_paragraph(fiche.consent_note or f"{fiche.consent_text}:")
    if fiche.consent_note is None:
        line = document.add_paragraph()
        for tick in fiche.consent_ticks:
            line._p.append(parse_xml(_check_control(tick)))
            line.add_run(f" {tick.label}   ")
    return _word_foot(document, fiche)


def odt(fiche: Fiche, rng: random.Random) -> bytes:
    """An OpenDocument text; the labelled values as lines or in a table."""
    tabled = rng.random() < 0.5
    body = [_odt_paragraph(line) for line in fiche.letterhead]
    body.append(_odt_heading(fiche.title, 1))
    for heading, rows in fiche.sections:
        body.append(_odt_heading(heading, 2))
        if tabled:
            body.append(_odt_table(heading, rows))
        else:
            body += [_odt_paragraph(f"{row.label}: {row.value}".rstrip()) for row in rows]
    body.append(_odt_heading(fiche.consent_heading, 2))
    body += [_odt_paragraph(line) for line in consent_lines(fiche, rng)]
    if fiche.remark is not None:
        body.append(_odt_paragraph(f"{fiche.remark.label}: {fiche.remark.value}"))
    body += [_odt_paragraph(line) for line in fiche.signature]
    content = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<office:document-content xmlns:office="{_ODF}:office:1.0" xmlns:text="{_ODF}:text:1.0"'
        f' xmlns:table="{_ODF}:table:1.0" office:version="1.3"><office:body><office:text>'
        f"{''.join(body)}</office:text></office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<manifest:manifest xmlns:manifest="{_ODF}:manifest:1.0" manifest:version="1.3">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODT_TYPE}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        # The format asks for the type first and uncompressed, so that a file can be told by its first bytes.
        container.writestr(zipfile.ZipInfo("mimetype", _FIXED_TIME), _ODT_TYPE)
        for name, text in (("content.xml", content), ("META-INF/manifest.xml", manifest)):
            entry = zipfile.ZipInfo(name, _FIXED_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            container.writestr(entry, text)
    return out.getvalue()


def xlsx(fiche: Fiche, rng: random.Random) -> bytes:
    """A workbook: labels beside the values, or one row of values under its labels; numbers stay text."""
    fiche = fiche.with_consent_row()
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "Fiche"
    line = 1
    for words in (*fiche.letterhead, fiche.title):
        sheet.cell(line, 1, words)
        line += 1
    across = rng.random() < 0.4
    for heading, rows in fiche.sections:
        line += 1
        sheet.cell(line, 1, heading).font = Font(bold=True)
        line += 1
        for offset, row in enumerate(rows):
            at_label, at_value = (
                ((line, 1 + offset), (line + 1, 1 + offset))
                if across
                else ((line + offset, 1), (line + offset, 2))
            )
            sheet.cell(*at_label, row.label)
            if row.value:
                cell = sheet.cell(*at_value, row.value)
                cell.data_type = "s"  # a number that starts with + is no formula
                cell.number_format = "@"
        line += 2 if across else len(rows)
    line += 1
    if fiche.remark is not None:
        sheet.cell(line, 1, fiche.remark.label)
        sheet.cell(line, 2, fiche.remark.value)
        line += 1
    for words in fiche.signature:
        sheet.cell(line, 1, words)
        line += 1
    for column in range(1, 9):
        sheet.column_dimensions[get_column_letter(column)].width = 24
    out = io.BytesIO()
    workbook.save(out)
    return _settled(out.getvalue())


def _word_head(fiche: Fiche) -> DocumentObject:
    document = Document()
    document.core_properties.author = "Kind en Gezin"
    for line in fiche.letterhead:
        document.add_paragraph(line)
    document.add_heading(fiche.title, level=1)
    return document


def _word_foot(document: DocumentObject, fiche: Fiche) -> bytes:
    if fiche.remark is not None:
        document.add_paragraph(f"{fiche.remark.label}: {fiche.remark.value}")
    for line in fiche.signature:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return _settled(out.getvalue())


def _word_table(document: DocumentObject, rows: tuple[Row, ...], *, pairs: int) -> None:
    grid = next(
        style for style in document.styles if style.type == WD_STYLE_TYPE.TABLE and style.name == "Table Grid"
    )
    table = document.add_table(rows=0, cols=2 * pairs)
    table.style = grid.name
    for start in range(0, len(rows), pairs):
        cells = table.add_row().cells
        for offset, row in enumerate(rows[start : start + pairs]):
            cells[2 * offset].text = row.label
            cells[2 * offset + 1].text = row.value


def _text_control(row: Row) -> str:
    shown = row.value or "Klik of tik om tekst in te voeren."
    empty = "" if row.value else "<w:showingPlcHdr/>"
    return (
        f"<w:sdt {nsdecls('w')}><w:sdtPr><w:alias w:val={quoteattr(row.label)}/>"
        f"<w:tag w:val={quoteattr(row.field)}/>{empty}<w:text/></w:sdtPr>"
        f'<w:sdtContent><w:r><w:t xml:space="preserve">{escape(shown)}</w:t></w:r></w:sdtContent></w:sdt>'
    )


def _check_control(tick: Tick) -> str:
    state, sign = ("1", "\u2612") if tick.ticked else ("0", "\u2610")
    return (
        f"<w:sdt {nsdecls('w')} {_W14}><w:sdtPr><w:alias w:val={quoteattr(tick.label)}/>"
        f"<w:tag w:val={quoteattr(tick.field)}/><w14:checkbox>"
        f'<w14:checked w14:val="{state}"/><w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
        '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox></w:sdtPr>'
        f"<w:sdtContent><w:r><w:t>{sign}</w:t></w:r></w:sdtContent></w:sdt>"
    )


def _odt_paragraph(text: str) -> str:
    # Runs of spaces are one space in this format unless written as an element.
    spaced = re.sub(r" {2,}", lambda run: f' <text:s text:c="{len(run[0]) - 1}"/>', escape(text))
    return f"<text:p>{spaced}</text:p>"


def _odt_heading(text: str, level: int) -> str:
    return f'<text:h text:outline-level="{level}">{escape(text)}</text:h>'


def _odt_table(name: str, rows: tuple[Row, ...]) -> str:
    def cell(text: str) -> str:
        return f'<table:table-cell office:value-type="string">{_odt_paragraph(text)}</table:table-cell>'

    lines = "".join(f"<table:table-row>{cell(row.label)}{cell(row.value)}</table:table-row>" for row in rows)
    columns = '<table:table-column table:number-columns-repeated="2"/>'
    return f"<table:table table:name={quoteattr(name)}>{columns}{lines}</table:table>"


def _settled(container: bytes) -> bytes:
    """The zip container with every time in it fixed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(container)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _STAMP.sub(rb"\g<1>2026-01-01T00:00:00Z", content)
            entry = zipfile.ZipInfo(name, _FIXED_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, content)
    return out.getvalue()
