"""From bytes to rows: finds out by content what a file is, and calls the reader of that format.

File names are not believed. Heavy readers are imported only when such a file comes. What a row means is decided in
`intake/form/fields.py`.
"""

import json
from dataclasses import dataclass
from typing import Any, Final

from intake.causes import Cause
from intake.form.clean import bag
from intake.form.model import MAX_FILE, FormError, Row, RowList, plain_text

MAX_JSON_DEPTH: Final = 12
MAX_RTF: Final = 6_000_000
_IMAGES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\x00", b"MM\x00*", b"BM", b"\x00\x00\x01\x00")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class Document:
    """The rows of one file, and the format it was in."""

    kind: str
    rows: list[Row]


def read_document(data: bytes, *, nested: bool = False) -> Document:
    """The rows of a file. Raises FormError, or nearly anything for a broken file (wrapped by `read_form`)."""
    if not data.strip(b"\0 \r\n\t"):
        raise FormError(Cause.UNREADABLE_FORM)
    if len(data) > MAX_FILE:
        raise FormError(Cause.UNREADABLE_FORM)
    rows = RowList()
    kind = _binary(data, rows) or _textual(data, rows, nested=nested)
    if not rows.rows:
        raise FormError(Cause.UNREADABLE_FORM)
    return Document(kind, rows.rows)


def _binary(data: bytes, rows: RowList) -> str:
    head = data[:1024]
    if (
        head.startswith(_IMAGES)
        or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
        or head[4:12]
        in (
            b"ftypheic",
            b"ftypheix",
            b"ftypmif1",
            b"ftypavif",
        )
    ):
        raise FormError(Cause.SCAN)
    if head.startswith(_OLE):
        # Word writes its stream name in UTF-16 into the directory of the compound file.
        word = "WordDocument".encode("utf-16-le") in data
        raise FormError(Cause.OLD_WORD_FORMAT if word else Cause.UNSUPPORTED_FORM)
    if b"%PDF-" in head:
        from intake.form.pdf import read_pdf

        read_pdf(data, rows)
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(data, rows)
    if head.lstrip().startswith(b"{\\rtf"):
        if len(data) > MAX_RTF:
            raise FormError(Cause.UNREADABLE_FORM)
        from striprtf.striprtf import rtf_to_text

        text: str = rtf_to_text(  # type: ignore[no-untyped-call]  # the library has no types
            data.decode("cp1252", "replace"), errors="replace"
        )
        _piped(text, rows)
        return "rtf"
    return ""


def _piped(text: str, rows: RowList) -> None:
    """Text in which table rows come as cells ended by bars."""
    table = 0
    for line in text.split("\n"):
        if line.rstrip().endswith("|") or line.count("|") > 1:
            table = table or rows.new_table()
            rows.add(line.rstrip().removesuffix("|").split("|"), table)
        else:
            table = 0
            rows.add_text(line)


def _zipped(data: bytes, rows: RowList) -> str:
    from intake.form.zipped import BadZip, open_zip, read_part

    try:
        archive = open_zip(data)
        names = set(archive.namelist())
        if "word/document.xml" in names:
            from intake.form.docx import read_docx

            picture = read_docx(archive, rows)
            if picture:
                raise FormError(Cause.SCAN)
            return "docx"
        if "xl/workbook.xml" in names:
            from intake.form.sheet import read_xlsx

            read_xlsx(archive, rows)
            return "xlsx"
        if "mimetype" in names and read_part(archive, "mimetype", 200).startswith(
            b"application/vnd.oasis.opendocument.text"
        ):
            from intake.form.odt import read_odt

            picture = read_odt(archive, rows)
            if picture:
                raise FormError(Cause.SCAN)
            return "odt"
    except BadZip:
        raise FormError(Cause.UNREADABLE_FORM) from None
    raise FormError(Cause.UNSUPPORTED_FORM)


def decode(data: bytes) -> str:
    """Text of unknown encoding: UTF-8 or UTF-16 by mark or by shape, otherwise Windows-1252. Raises FormError."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if data.startswith(b"\xef\xbb\xbf"):
        return data[3:].decode("utf-8", "replace")
    head = data[:2000]
    even, odd = head[::2].count(0), head[1::2].count(0)
    # UTF-16 without a mark: every second byte of Western text is nil, and none of the others.
    if max(even, odd) > 0.8 * (len(head) // 2) and min(even, odd) == 0:
        return data.decode("utf-16-le" if odd else "utf-16-be", "replace")
    if 0 in data or sum(byte < 9 or 13 < byte < 32 for byte in head) > max(8, len(head) // 20):
        raise FormError(Cause.UNSUPPORTED_FORM)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _textual(data: bytes, rows: RowList, *, nested: bool) -> str:
    text = decode(data)
    start = text.lstrip()[:2000]
    if start.startswith(("{", "[")):
        try:
            content = json.loads(text, object_pairs_hook=_Pairs)
        except ValueError:
            content = None
        if isinstance(content, list):
            _json_rows(content, "", rows, 0)
            return "json"
    low = start.lower()
    if low.startswith(
        ("<!doctype html", "<html", "<?xml", "<table", "<body", "<div", "<form", "<head", "<p")
    ):
        from intake.form.web import read_html

        if low.startswith("<?xml") and "<html" not in low:
            raise FormError(Cause.UNSUPPORTED_FORM)
        read_html(text, rows)
        return "html"
    if not nested and _is_mail(start):
        return _mail(data, rows)
    from intake.form.sheet import delimiter_of, read_csv

    delimiter = delimiter_of(text)
    if delimiter:
        read_csv(text, delimiter, rows)
        return "csv"
    if text.count("|") >= 4 and all(line.count("|") for line in text.splitlines() if line.strip()):
        _piped(text, rows)
    else:
        rows.add_text(text)
    return "txt"


_HEADERS = bag(
    "from to cc subject date message-id mime-version content-type received return-path delivered-to reply-to "
    "x-mailer content-transfer-encoding thread-topic sender authentication-results"
)


def _is_mail(start: str) -> bool:
    found = set()
    for line in start.splitlines()[:40]:
        if not line.strip():
            break
        name, colon, _ = line.partition(":")
        if colon and name.lower() in _HEADERS:
            found.add(name.lower())
        elif line[0] not in " \t" and not (colon and name.lower().startswith("x-")):
            return False
    return len(found) >= 2 and bool(found & {"from", "mime-version", "message-id"})


def _mail(data: bytes, rows: RowList) -> str:
    from intake.form.web import mail_text, read_html

    text, page, files = mail_text(data)
    if text.strip():
        if page:
            read_html(text, rows)
        else:
            rows.add_text(text)
    for _, content in files[:5]:
        try:
            inner = read_document(content, nested=True)
        except FormError:
            continue
        rows.blank()
        table = rows.new_table()
        for row in inner.rows:
            rows.add(list(row.cells), table + row.table if row.table else 0)
    return "eml"


class _Pairs(list[tuple[str, Any]]):
    """A JSON object that keeps a key given twice, so that a contradiction is seen."""


def _json_rows(content: Any, name: str, rows: RowList, depth: int) -> None:
    if depth > MAX_JSON_DEPTH:
        raise FormError(Cause.UNREADABLE_FORM, plain_text(rows.rows))
    if isinstance(content, _Pairs):
        if name:
            rows.blank()
            rows.add([name])
        table = rows.new_table()
        later: list[tuple[str, Any]] = []
        for key, value in content:
            if isinstance(value, list):
                later.append((key, value))
            else:
                rows.add([_key(key), _json_text(value)], table)
        for key, value in later:
            _json_rows(value, _key(key), rows, depth + 1)
    elif isinstance(content, list):
        if any(isinstance(item, list) for item in content):
            for number, item in enumerate(content, 1):
                _json_rows(item, f"{name or 'cliënt'} {number}", rows, depth + 1)
        else:
            rows.add([name, " ; ".join(_json_text(item) for item in content)], rows.new_table())


def _key(key: str) -> str:
    words = key.replace("_", " ").replace("-", " ")
    return "".join(
        f" {c.lower()}" if c.isupper() and i and words[i - 1].islower() else c for i, c in enumerate(words)
    )


def _json_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    return str(value)
