"""Word documents (.docx): a direct walk over `word/document.xml`.

Counts what a reader of the paper sees: tracked insertions, content controls, text boxes, form fields, check boxes.
Leaves out tracked deletions, struck-through and hidden text, prompts of empty controls, headers and footers
(an office's own letterhead). No network, no entities.
"""

from collections.abc import Iterator
from zipfile import ZipFile

from lxml import etree

from intake.form.model import TICKED, UNTICKED, RowList, cells_of
from intake.form.zipped import parse_xml, read_part

_SKIPPED = frozenset(
    {"del", "moveFrom", "instrText", "delText", "Fallback", "pPr", "tblPr", "trPr", "tcPr", "sectPr"}
)
_ON_SYMBOLS = frozenset(
    {"F0FE", "F0FD", "F053", "F052", "F0FC", "F0FB", "F054", "2612", "2611", "2714", "2713"}
)
_OFF_SYMBOLS = frozenset({"F0A8", "F06F", "F0A3", "F071", "F072", "2610"})
_OFF_VALUES = frozenset({"0", "false", "off", "none"})
_WRAPPERS = frozenset({"sdtContent", "ins", "moveTo", "customXml", "smartTag", "AlternateContent", "Choice"})
"""What stands around paragraphs and tables without being seen itself."""
MAX_DEPTH = 60
"""Nested elements below the body; deeper is no form."""


class TooDeep(ValueError):
    """The document nests deeper than a form does."""


def read_docx(archive: ZipFile, rows: RowList) -> bool:
    """Add the document's rows to `rows`; True when it holds nothing but a picture. Raises KeyError, ValueError."""
    root = parse_xml(read_part(archive, "word/document.xml"))
    body = next((child for child in root if _name(child) == "body"), None)
    if body is None:
        raise KeyError("body")
    _Walk(rows).blocks(body, 0)
    return not rows.rows and next(body.iter("{*}drawing", "{*}pict", "{*}object"), None) is not None


def _name(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _value(element: etree._Element) -> str:
    return next((str(v) for k, v in element.attrib.items() if str(k).rpartition("}")[2] == "val"), "1")


class _Walk:
    def __init__(self, rows: RowList) -> None:
        self._rows = rows
        self._boxes: list[etree._Element] = []

    def blocks(self, parent: etree._Element, depth: int) -> None:
        """Paragraphs and tables, in order."""
        if depth > MAX_DEPTH:
            raise TooDeep
        for child in parent:
            name = _name(child)
            if name == "p":
                self._paragraph(child, depth)
            elif name == "tbl":
                self._table(child, depth)
            elif name == "sdt":
                if not self._control(child):
                    self.blocks(child, depth + 1)
            elif name in _WRAPPERS:
                self.blocks(child, depth + 1)

    def _paragraph(self, paragraph: etree._Element, depth: int) -> None:
        for line in self._text(paragraph, depth).split("\n"):
            if line.strip():
                self._rows.add(cells_of(line))
            else:
                self._rows.blank()
        self._pending_boxes(depth)

    def _pending_boxes(self, depth: int) -> None:
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            self._rows.blank()
            self.blocks(box, depth + 1)
            self._rows.blank()

    def _table(self, table: etree._Element, depth: int) -> None:
        number = self._rows.new_table()
        for row in self._inside(table, "tr", depth):
            if any(_name(mark) == "del" for props in row if _name(props) == "trPr" for mark in props):
                continue
            cells: list[str] = []
            nested: list[etree._Element] = []
            for cell in self._inside(row, "tc", depth):
                cells.append(self._cell(cell, nested, depth))
            self._rows.add(cells, number)
            self._pending_boxes(depth)
            for inner in nested:
                self._table(inner, depth + 1)
                number = self._rows.new_table()
        self._rows.new_table()

    def _cell(self, cell: etree._Element, nested: list[etree._Element], depth: int) -> str:
        lines: list[str] = []

        def collect(parent: etree._Element, level: int) -> None:
            if level > MAX_DEPTH:
                raise TooDeep
            for child in parent:
                name = _name(child)
                if name == "p":
                    lines.append(self._text(child, level))
                elif name == "tbl":
                    nested.append(child)
                elif name == "sdt":
                    mark = self._control(child)
                    if mark:
                        lines.append(mark if mark != " " else "")
                    else:
                        collect(child, level + 1)
                elif name in _WRAPPERS:
                    collect(child, level + 1)

        collect(cell, depth + 1)
        return "\n".join(line for line in lines if line.strip())

    def _inside(self, parent: etree._Element, wanted: str, depth: int) -> Iterator[etree._Element]:
        """Rows or cells, also those wrapped in content controls or tracked insertions."""
        if depth > MAX_DEPTH:
            raise TooDeep
        for child in parent:
            name = _name(child)
            if name == wanted:
                yield child
            elif name in ("sdt", "sdtContent", "ins", "customXml"):
                yield from self._inside(child, wanted, depth + 1)

    def _control(self, control: etree._Element) -> str:
        """What stands for a content control: a box, a blank for an empty one, nothing when its text counts."""
        props = next((child for child in control if _name(child) == "sdtPr"), None)
        if props is None:
            return ""
        for prop in props:
            name = _name(prop)
            if name == "checkbox":
                state = next((_value(c) for c in prop if _name(c) == "checked"), "0")
                return UNTICKED if state.lower() in _OFF_VALUES else TICKED
            if name == "showingPlcHdr" and _value(prop).lower() not in _OFF_VALUES:
                return " "
        return ""

    def _text(self, parent: etree._Element, depth: int) -> str:
        pieces: list[str] = []
        self._read(parent, depth, pieces)
        return "".join(pieces)

    def _read(self, parent: etree._Element, depth: int, pieces: list[str]) -> None:
        if depth > MAX_DEPTH:
            raise TooDeep
        for child in parent:
            name = _name(child)
            if name == "t":
                pieces.append(child.text or "")
            elif name == "r":
                if not _struck(child):
                    self._read(child, depth + 1, pieces)
            elif name == "tab":
                pieces.append("\t")
            elif name in ("br", "cr"):
                pieces.append("\n")
            elif name == "noBreakHyphen":
                pieces.append("-")
            elif name == "sym":
                pieces.append(_symbol(child))
            elif name == "checkBox":
                pieces.append(_legacy_box(child))
            elif name == "sdt":
                mark = self._control(child)
                if mark:
                    pieces.append(mark)
                else:
                    self._read(child, depth + 1, pieces)
            elif name == "txbxContent":
                self._boxes.append(child)
            elif name not in _SKIPPED and name != "rPr":
                self._read(child, depth + 1, pieces)


def _struck(run: etree._Element) -> bool:
    for props in run:
        if _name(props) == "rPr":
            for prop in props:
                if _name(prop) in ("strike", "dstrike", "vanish") and _value(prop).lower() not in _OFF_VALUES:
                    return True
    return False


def _symbol(element: etree._Element) -> str:
    code = next(
        (str(v).upper() for k, v in element.attrib.items() if str(k).rpartition("}")[2] == "char"), ""
    )
    return TICKED if code in _ON_SYMBOLS else UNTICKED if code in _OFF_SYMBOLS else " "


def _legacy_box(element: etree._Element) -> str:
    states = {_name(child): _value(child).lower() for child in element}
    return UNTICKED if states.get("checked", states.get("default", "0")) in _OFF_VALUES else TICKED
