"""OpenDocument texts (.odt): a walk over `content.xml`, with tables, text boxes and check boxes.

Tracked deletions and prompts of empty fields are left out; headers and footers lie in another part and are not read.
"""

from collections.abc import Iterator
from zipfile import ZipFile

from lxml import etree

from intake.form.model import MAX_CELLS, TICKED, UNTICKED, RowList, cells_of
from intake.form.zipped import parse_xml, read_part

MAX_DEPTH = 60
_BLOCKS = frozenset(
    {"section", "list", "list-item", "list-header", "text-box", "index-body", "table-of-content", "text"}
)


def read_odt(archive: ZipFile, rows: RowList) -> bool:
    """Add the document's rows to `rows`; True when it holds nothing but a picture. Raises KeyError, ValueError."""
    root = parse_xml(read_part(archive, "content.xml"))
    body = next(e for e in root.iter(tag=etree.Element) if _name(e) == "body")
    boxes = {_attribute(e, "id"): e for e in body.iter(tag=etree.Element) if _name(e) == "checkbox"}
    _Walk(rows, boxes).blocks(body, 0)
    return not rows.rows and next(body.iter("{*}image"), None) is not None


def _name(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _attribute(element: etree._Element, name: str) -> str:
    return next((str(v) for k, v in element.attrib.items() if str(k).rpartition("}")[2] == name), "")


class _Walk:
    def __init__(self, rows: RowList, boxes: dict[str, etree._Element]) -> None:
        self._rows = rows
        self._boxes = boxes
        self._frames: list[etree._Element] = []

    def blocks(self, parent: etree._Element, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise ValueError
        for child in parent:
            name = _name(child)
            if name in ("p", "h"):
                for line in "".join(self._text(child, depth)).split("\n"):
                    if line.strip():
                        self._rows.add(cells_of(line))
                    else:
                        self._rows.blank()
                self._pending(depth)
            elif name == "table":
                self._table(child, depth)
            elif name == "frame" or name in _BLOCKS:
                self.blocks(child, depth + 1)

    def _pending(self, depth: int) -> None:
        frames, self._frames = self._frames, []
        for frame in frames:
            self._rows.blank()
            self.blocks(frame, depth + 1)
            self._rows.blank()

    def _table(self, table: etree._Element, depth: int) -> None:
        number = self._rows.new_table()
        for row in self._inside(table, "table-row", depth):
            cells: list[str] = []
            for cell in row:
                if _name(cell) in ("table-cell", "covered-table-cell"):
                    repeat = _attribute(cell, "number-columns-repeated")
                    count = int(repeat) if repeat.isdecimal() and len(repeat) < 4 else 1
                    text = "\n".join(t for t in self._lines(cell, depth + 1) if t.strip())
                    cells.extend(
                        [text] * min(count, MAX_CELLS) if text.strip() else [""] * min(count, MAX_CELLS)
                    )
            self._rows.add(cells[: 2 * MAX_CELLS], number)
            self._pending(depth)
        self._rows.new_table()

    def _inside(self, parent: etree._Element, wanted: str, depth: int) -> Iterator[etree._Element]:
        if depth > MAX_DEPTH:
            raise ValueError
        for child in parent:
            name = _name(child)
            if name == wanted:
                yield child
            elif name in ("table-header-rows", "table-rows", "table-row-group"):
                yield from self._inside(child, wanted, depth + 1)

    def _lines(self, cell: etree._Element, depth: int) -> Iterator[str]:
        if depth > MAX_DEPTH:
            raise ValueError
        for child in cell:
            name = _name(child)
            if name in ("p", "h"):
                yield "".join(self._text(child, depth))
            elif name == "table":
                for row in self._inside(child, "table-row", depth):
                    for inner in row:
                        yield from self._lines(inner, depth + 1)
            elif name in _BLOCKS:
                yield from self._lines(child, depth + 1)

    def _text(self, element: etree._Element, depth: int) -> Iterator[str]:
        if depth > MAX_DEPTH:
            raise ValueError
        yield element.text or ""
        for child in element:
            name = _name(child)
            if name == "s":
                count = _attribute(child, "c")
                yield " " * (min(int(count), 80) if count.isdecimal() and len(count) < 4 else 1)
            elif name == "tab":
                yield "\t"
            elif name == "line-break":
                yield "\n"
            elif name == "control":
                box = self._boxes.get(_attribute(child, "control"))
                if box is not None:
                    yield TICKED if _attribute(box, "current-state") == "checked" else UNTICKED
            elif name == "frame":
                self._frames.append(child)
            elif name not in (
                "placeholder",
                "annotation",
                "annotation-end",
                "note",
                "tracked-changes",
                "deletion",
            ):
                yield from self._text(child, depth + 1)
            yield child.tail or ""
