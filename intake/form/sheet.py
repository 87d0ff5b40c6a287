"""Sheets: Excel workbooks (.xlsx) and delimited text (csv). A sheet is one table; its first rows may be headings."""

import csv
import io
from datetime import date, datetime
from typing import Final
from zipfile import ZipFile

from intake.causes import Cause
from intake.form.model import MAX_CELL, MAX_CELLS, MAX_ROWS, FormError, RowList
from intake.form.zipped import repacked

MAX_SHEETS: Final = 10


def read_xlsx(archive: ZipFile, rows: RowList) -> None:
    """Add the rows of every visible sheet. Raises FormError when there are too many."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(repacked(archive)), read_only=True, data_only=True, keep_links=False)
    try:
        for sheet in book.worksheets[:MAX_SHEETS]:
            if sheet.sheet_state != "visible":
                continue
            table = rows.new_table()
            sheet.reset_dimensions()
            for number, values in enumerate(sheet.iter_rows(max_col=MAX_CELLS, values_only=True)):
                if number > MAX_ROWS:
                    raise FormError(Cause.UNREADABLE_FORM)
                rows.add([_text(value) for value in values], table)
    finally:
        book.close()


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.strftime("%d/%m/%Y")
    return str(value)[:MAX_CELL]


def delimiter_of(text: str) -> str | None:
    """The delimiter of a csv text, None when it is running text: every line must have the same one."""
    lines = [line for line in text.splitlines() if line.strip()][:40]
    if len(lines) < 1:
        return None
    for mark in (";", "\t", ","):
        counts = [len(row) for row in csv.reader(lines, delimiter=mark)]
        if min(counts) >= 2 and max(counts) == min(counts) and (len(lines) > 1):
            return mark
        # Sheets saved as csv repeat the delimiter on every line, also where cells are empty.
        if mark == ";" and len(lines) > 2 and sum(count >= 2 for count in counts) >= 0.8 * len(counts):
            return mark
    return None


def read_csv(text: str, delimiter: str, rows: RowList) -> None:
    """Add the rows of a delimited text."""
    table = rows.new_table()
    for cells in csv.reader(io.StringIO(text), delimiter=delimiter):
        rows.add(cells, table)
