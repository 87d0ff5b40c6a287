"""HTML forms and mails saved as a file: what a reader sees of them, as rows."""

from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from typing import Final

from lxml import etree, html

from intake.form.clean import bag
from intake.form.model import TICKED, UNTICKED, RowList, cells_of

_UNSEEN = frozenset(
    {"script", "style", "head", "template", "noscript", "del", "s", "strike", "object", "svg", "title"}
)
_BLOCKS = bag(
    "address article blockquote body center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr html "
    "legend li main nav ol p pre section ul table"
)
MAX_DEPTH: Final = 120
MAX_PARTS: Final = 50


def read_html(text: str, rows: RowList) -> None:
    """Add the rows of a page. Raises ValueError when it cannot be parsed or nests too deep."""
    if not text.strip():
        raise ValueError
    parser = html.HTMLParser(
        no_network=True, remove_comments=True, remove_pis=True, huge_tree=False, encoding="utf-8"
    )
    root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    _Page(rows).walk(root, 0)


class _Page:
    def __init__(self, rows: RowList) -> None:
        self._rows = rows
        self._line: list[str] = []

    def walk(self, element: etree._Element, depth: int) -> None:
        self._visit(element, depth)
        self._flush()

    def _flush(self) -> None:
        text = "".join(self._line)
        self._line = []
        for line in text.split("\n"):
            if line.strip():
                self._rows.add(cells_of(line))

    def _visit(self, element: etree._Element, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise ValueError
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag in _UNSEEN or not tag or _hidden(element):
            return
        if tag == "table":
            self._flush()
            self._table(element, depth)
            return
        block = tag in _BLOCKS
        if block:
            self._flush()
            if tag not in ("div", "dd", "li", "body", "html"):
                self._rows.blank()
        self._line.append(_shown(tag, element))
        if tag != "textarea" or not self._line[-1]:
            self._line.append(_squeezed(element.text, tag))
        for child in element:
            self._visit(child, depth + 1)
            self._line.append(_squeezed(child.tail, tag))
        if block:
            self._flush()

    def _table(self, table: etree._Element, depth: int) -> None:
        number = self._rows.new_table()
        for row in table.iter("tr"):
            if next(row.iterancestors("table"), None) is not table:
                continue
            cells = [c for c in row if c.tag in ("td", "th")]
            inner = [t for cell in cells for t in cell.iter("table")]
            if inner:
                for cell in cells:
                    for child in [cell, *cell]:
                        if child is cell:
                            self._line.append(_squeezed(cell.text, "td"))
                        else:
                            self._visit(child, depth + 1)
                            self._line.append(_squeezed(child.tail, "td"))
                    self._flush()
                number = self._rows.new_table()
            else:
                self._rows.add([_cell_text(cell, depth) for cell in cells], number)
        self._rows.new_table()


def _hidden(element: etree._Element) -> bool:
    style = str(element.get("style") or "").replace(" ", "").lower()
    return (
        "display:none" in style
        or "visibility:hidden" in style
        or "line-through" in style
        or (element.get("type") == "hidden" or element.get("hidden") is not None)
    )


def _squeezed(text: str | None, tag: str) -> str:
    if not text:
        return ""
    return (
        text
        if tag == "pre"
        else (" " if text[0].isspace() else "")
        + " ".join(text.split())
        + (" " if text[-1].isspace() and text.strip() else "")
    )


def _shown(tag: str, element: etree._Element) -> str:
    if tag == "br":
        return "\n"
    if tag == "input":
        if str(element.get("type") or "").lower() in ("checkbox", "radio"):
            return (TICKED if element.get("checked") is not None else UNTICKED) + " "
        return str(element.get("value") or "")
    if tag == "option" and element.get("selected") is None:
        return ""
    return ""


def _cell_text(cell: etree._Element, depth: int) -> str:
    parts: list[str] = []

    def inside(element: etree._Element, level: int) -> Iterator[str]:
        if level > MAX_DEPTH:
            raise ValueError
        tag = element.tag if isinstance(element.tag, str) else ""
        if (
            tag in _UNSEEN
            or not tag
            or _hidden(element)
            or (tag == "option" and element.get("selected") is None)
        ):
            return
        if tag in _BLOCKS:
            yield "\n"
        yield _shown(tag, element)
        yield _squeezed(element.text, tag)
        for child in element:
            yield from inside(child, level + 1)
            yield _squeezed(child.tail, tag)
        if tag in _BLOCKS:
            yield "\n"

    parts.extend(inside(cell, depth))
    return "\n".join(line.strip() for line in "".join(parts).split("\n") if line.strip())


def mail_text(data: bytes) -> tuple[str, bool, list[tuple[str, bytes]]]:
    """Body of a saved mail, whether it is HTML, and its attached files (name, content). Raises ValueError."""
    message = message_from_bytes(data)
    plain, page, files = "", "", []
    for number, part in enumerate(message.walk()):
        if number > MAX_PARTS:
            raise ValueError
        if part.is_multipart():
            continue
        content = _payload(part)
        kind = part.get_content_type()
        if part.get_filename() or part.get_content_disposition() == "attachment":
            files.append((str(part.get_filename() or "")[:200], content))
        elif kind == "text/plain" and not plain:
            plain = _decoded(part, content)
        elif kind == "text/html" and not page:
            page = _decoded(part, content)
    if plain.strip():
        return (
            "\n".join(line.lstrip("> ") if line.startswith(">") else line for line in plain.splitlines()),
            False,
            files,
        )
    return page, True, files


def _payload(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _decoded(part: Message, content: bytes) -> str:
    try:
        return content.decode(part.get_content_charset() or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return content.decode("cp1252", "replace")
