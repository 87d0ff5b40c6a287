"""Whose data each value of a form is: walks the rows and hands every labelled value to a person.

A value without a label is nobody's. The office's letterhead and signature, the referrer and other members of the
household are told from the client by headings, by words in the label, and by where a field stands. Where that leaves
room for doubt a value is *soft*: it is never used, and when the client lacks that field the form is unclear.
"""

from dataclasses import replace

from intake.form.continued import continued
from intake.form.cues import about_children, addressed, row_party
from intake.form.entries import Entry, Section, Walk
from intake.form.grids import grid_at
from intake.form.labels import Label, is_greeting, is_office, is_title, party_in, sender_cue
from intake.form.model import Row
from intake.form.parents import of_parent
from intake.form.segments import NAMES, Segment, fits, is_empty, segments_of, strip_value
from intake.form.words import Field, Party
from intake.plaintext import clean_line

__all__ = ["Entry", "Walk", "walk"]

_CONTACTS = frozenset({Field.PHONE, Field.MOBILE, Field.EMAIL, Field.CONTACT})
_IDENTITY = frozenset(
    {"persoonsgegevens", "identificatiegegevens", "identificatie", "personalia", "identiteit"}
)
_NO_VALUE = frozenset({Field.HEADING, Field.PERSON, Field.CONSENT, Field.NOTES, Field.OTHER, Field.ROLE})


class _Walker:
    def __init__(self, rows: list[Row]) -> None:
        self._rows = rows
        self.found = Walk()
        self._section = Section(Party.CLIENT, "flat")
        self._base = self._section
        self._named = False
        self._preamble = False
        """Text that may be a letterhead stood above, and no name of a client yet."""
        self._pending: Segment | None = None
        self._name_tables = {
            row.table
            for row in rows
            if row.table and any(part.label and part.label.field in NAMES for part in segments_of(row.cells))
        }
        self._wary = False
        """Someone else's part has ended, or so it seems: a telephone that follows may still be theirs."""
        self._stack = 0
        self._at = 0

    def run(self) -> Walk:
        index = 0
        while index < len(self._rows):
            grid = grid_at(self._rows, index)
            taken = 0
            if grid is not None:
                table = self._columns if grid.by_column else self._records
                taken = table(index, list(grid.heads), list(grid.block))
            if taken:
                self._pending = None
                index += taken
                continue
            self._row(index)
            index += 1
        return self.found

    # Tables with headings ------------------------------------------------------------------------------------------

    def _columns(self, index: int, heads: list[Label | None], block: list[int]) -> int:
        """A table with one column a person."""
        people = [(i, head) for i, head in enumerate(heads) if head is not None]
        taken = [index]
        for at in block:
            cells = self._rows[at].cells
            parts = segments_of((cells[0],)) if cells and cells[0].strip() else []
            label = parts[0].label if len(parts) == 1 and not parts[0].value else None
            if label is None:
                if len(cells) == 1:
                    break
                self._leave(" ".join(cell for cell in cells if cell.strip()))
                taken.append(at)
                continue
            # Running text has no columns of its own: without a value for each person nobody can tell whose it is.
            aligned = self._rows[at].table > 0
            shift = 0 if aligned else len(heads) - len(cells)
            fits = aligned or len(cells) == len(people) + 1
            for order, (column, head) in enumerate(people):
                place = column if aligned else order + 1
                value = cells[place] if 0 <= place < len(cells) else ""
                if not value.strip() or head.party is None:
                    continue
                self._enter(
                    label.field,
                    value,
                    head.party,
                    head.number or 0,
                    sure=fits or (shift == 0 and aligned),
                    row=at,
                    phrase=parts[0].phrase,
                )
            self.found.tabular.add(at)
            taken.append(at)
        self._section = self._base = Section(Party.OTHER, "notes")
        return len(taken)

    def _records(self, index: int, heads: list[Label | None], block: list[int]) -> int:
        """A table with one row a person."""
        fields = {head.field for head in heads if head is not None}
        if self._rows[index].table == 0:
            block = [at for at in block if len(self._rows[at].cells) == len(heads)]
            if not block or block != list(range(index + 1, index + 1 + len(block))):
                return 0
        if not fields & NAMES and Field.PERSON not in fields and len(block) > 1:
            return 0
        reachable = bool(
            fields & (_CONTACTS | {Field.ADDRESS, Field.PLACE, Field.STREET, Field.POST_CITY, Field.POSTCODE})
        )
        several = len(block) > 1
        for order, at in enumerate(block, 1):
            cells = self._rows[at].cells
            party = self._section.party
            sure = self._section.kind in ("flat", "heading", "inline") and (reachable or not several)
            for head, cell in zip(heads, cells, strict=False):
                if (
                    head is not None
                    and head.field in (Field.ROLE, Field.PERSON)
                    and (about := party_in(cell))
                ):
                    party, sure = about, True
            number = (100 + order) if several else self._section.number
            for column, cell in enumerate(cells):
                head = heads[column] if column < len(heads) else None
                if not cell.strip():
                    continue
                if head is None:
                    self._leave(cell)
                elif head.field is Field.CONSENT:
                    # "Toestemming OCMW-contact" and "Akkoord ouder" are about the person of the row.
                    phrase = self._rows[index].cells[column]
                    aside = head.party is Party.OTHER and not of_parent(head, phrase)
                    about = Party.OTHER if aside else party
                    self._enter(head.field, cell, about, number, sure=sure, row=at, phrase=phrase)
                elif head.field is not Field.ROLE and not (head.field is Field.PERSON and party_in(cell)):
                    # A column "Telefoon partner" keeps its own person.
                    self._enter(
                        head.field,
                        cell,
                        head.party or party,
                        number,
                        sure=sure,
                        row=at,
                        phrase=self._rows[index].cells[column],
                    )
            self.found.tabular.add(at)
        self.found.tabular.add(index)
        self._named = True
        return 1 + len(block)

    # Rows -----------------------------------------------------------------------------------------------------------

    def _row(self, index: int) -> None:
        row = self._rows[index]
        self._at = index
        text = " ".join(cell.replace("\n", " ") for cell in row.cells if cell.strip())
        if row.gap:
            self._gap()
        if is_greeting(text):
            self._pending = None
            self._section = self._base = Section(Party.SENDER, "signature")
        parts = segments_of(row.cells)
        labelled = [part for part in parts if part.label is not None]
        if not labelled:
            self._plain(index, text)
            return
        own_party = row_party(parts)
        for number, part in enumerate(parts):
            if part.label is None:
                office = own_party is Party.SENDER and sender_cue(part.value)
                if not office and not self._continues(part.value):
                    self._leave(part.value)
                continue
            last = number == len(parts) - 1
            self._label(part, index, own_party, last=last, first=number == 0)
        if self._section.party is Party.CLIENT and self._section.number:
            self.found.clients[index] = self._section.number

    def _gap(self) -> None:
        self._stack = 0
        if self._section.kind in ("inline", "letterhead", "cue"):
            self._section = self._base
            self._wary = True

    def _plain(self, index: int, text: str) -> None:
        """A row without any label."""
        pending = self._pending
        self._pending = None
        row = self._rows[index]
        if pending is not None and pending.label is not None and self._stack <= 1:
            label = pending.label
            if label.field is Field.PERSON or label.field not in _NO_VALUE:
                held = self._value_below(pending, text, index)
                if held:
                    return
        if is_title(text) and len(text) < 120:
            if self._section.kind in ("letterhead", "flat", "cue") and not self._named:
                cue = sender_cue(text)
                self._section = self._base = Section(Party.CLIENT, "flat")
                self._wary = False
                self._preamble = cue
            return
        if self._continues(text):
            return
        if (
            sender_cue(text)
            and len(text.split()) <= 12
            and self._section.kind in ("flat", "heading", "inline")
        ):
            kind = "letterhead" if row.gap or index == 0 or not self._named else "cue"
            if not (self._section.kind == "heading" and self._section.party is not Party.CLIENT):
                self._section = Section(Party.SENDER, kind)
            self._preamble = self._preamble or not self._named
            return
        if not self._named and self._section.kind == "flat":
            self._preamble = True
        self._leave(text)

    def _continues(self, text: str) -> bool:
        """A second line of a value: "8940 Wervik" below an address, an e-mail address below contact data."""
        entries = self.found.entries
        longer = continued(entries[-1], text, self._at) if entries else None
        if longer is None:
            return False
        entries[-1] = longer
        return True

    def _value_below(self, pending: Segment, text: str, index: int) -> bool:
        label = pending.label
        if label is None or not fits(label.field, text):
            return False
        self._field(Segment(label, text, pending.cell, pending.phrase), index, None)
        return True

    def _label(self, part: Segment, index: int, row_party: Party | None, *, last: bool, first: bool) -> None:
        label = part.label
        if label is None:
            return
        blank = not strip_value(part.value)
        if first:
            held = self._pending.label if self._pending is not None else None
            stacked = held is not None and held.field is not Field.PERSON
            self._stack = self._stack + 1 if blank and stacked else int(blank)
            self._pending = None
        if label.field is Field.CONSENT:
            return
        if label.field in (Field.HEADING, Field.PERSON):
            self._heading(part, index, blank=blank, last=last, alone=first and last)
        elif label.field is Field.NOTES:
            if blank and first and last:
                self._section = Section(self._section.party, "notes", self._section.number)
            self._leave(part.value)
        elif label.field in (Field.OTHER, Field.ROLE) and addressed(part):
            self._heading(
                replace(part, label=Label(Field.PERSON, Party.CLIENT)),
                index,
                blank=False,
                last=last,
                alone=first and last,
            )
        elif label.field in (Field.OTHER, Field.ROLE):
            if "handtekening" in part.phrase.lower():
                self._section = self._base = Section(Party.SENDER, "signature")
            if not is_empty(part.value):
                self._aside(part.phrase, part.value)
        elif blank:
            if last:
                self._pending = part
            if label.party is not None and first and last and label.field in (Field.CONTACT, Field.ADDRESS):
                self._section = Section(label.party, "heading", label.number or 0)
                self._base = self._section
        else:
            self._field(part, index, row_party)

    def _heading(self, part: Segment, index: int, *, blank: bool, last: bool, alone: bool) -> None:
        label = part.label
        if label is None:
            return
        if label.party is None:
            words = set(part.phrase.lower().split())
            if blank and (words & _IDENTITY) and self._section.kind != "signature":
                self._section = self._base = Section(Party.CLIENT, "flat")
                self._preamble = False
            elif not blank:
                self._leave(part.value)
            return
        if blank:
            if about_children(part) and not alone:
                return
            if label.party is Party.SENDER and not self._named and is_office(part.phrase):
                self._section = Section(Party.SENDER, "letterhead")
                self._preamble = True
                return
            self._section = self._base = Section(label.party, "heading", label.number or 0)
            self._preamble = self._wary = False
            self._stack = 1
            if last and label.field is Field.PERSON:
                self._pending = part
            return
        if is_empty(part.value):
            return
        if label.party is Party.CLIENT:
            self._section = self._base = Section(Party.CLIENT, "heading", label.number or 0)
            self._preamble = False
            self._named = True
            self._enter(
                Field.NAME,
                part.value,
                Party.CLIENT,
                label.number or 0,
                sure=True,
                row=index,
                phrase=part.phrase,
            )
            return
        if not about_children(part):
            self._section = Section(label.party, "inline")
        if label.party is Party.OTHER or len(part.value.split()) > 8:
            self._leave(f"{part.phrase}: {part.value}")

    def _field(self, part: Segment, index: int, row_party: Party | None) -> None:
        label = part.label
        if label is None:
            return
        section = self._section
        name = label.field in NAMES
        if label.party is None and row_party is None and section.kind == "inline" and name:
            section = self._section = self._base
        party, number, sure = section.party, section.number, True
        # Before any name a telephone may be of a letterhead whose name is a picture; in one table with a name, not.
        lone = label.field in _CONTACTS and self._rows[index].table not in self._name_tables
        if label.party is not None:
            party, number = (
                label.party,
                label.number or (section.number if label.party is section.party else 0),
            )
            if label.party is Party.CLIENT and section.party is not Party.CLIENT:
                self._section = self._base = Section(Party.CLIENT, "flat", number)
            elif label.party is not Party.CLIENT and name and section.party is Party.CLIENT:
                self._section = Section(label.party, "inline")
        elif row_party is not None:
            party = row_party
        elif section.kind == "inline":
            sure = section.party is Party.SENDER and label.field in _CONTACTS
        elif (
            section.kind in ("notes", "cue")
            or (section.kind == "flat" and not self._named and not name and (self._preamble or lone))
            or (self._wary and label.field in _CONTACTS and section.party is Party.CLIENT)
        ):
            sure = False
        if name or label.party is Party.CLIENT or label.field not in _CONTACTS:
            self._wary = False
        if part.weak and not self._named and not name and section.kind == "flat":
            sure = False
        if name and party is Party.CLIENT and sure and not is_empty(part.value):
            self._named = True
        self._enter(label.field, part.value, party, number, sure=sure, row=index, phrase=part.phrase)

    def _enter(
        self, kind: Field, value: str, party: Party, number: int, *, sure: bool, row: int, phrase: str
    ) -> None:
        value = "\n".join(clean_line(line) for line in strip_value(value).split("\n"))
        if kind in (Field.OTHER, Field.NOTES, Field.HEADING, Field.ROLE):
            if not is_empty(value):
                self._aside("" if kind is Field.NOTES else phrase, value)
            return
        if is_empty(value) and kind is not Field.CONSENT:
            return
        kind = Field.NAME if kind is Field.PERSON else kind
        if party is Party.CLIENT and number:
            self.found.clients[row] = number
        if party is Party.OTHER or (party is Party.CLIENT and not sure):
            # Someone else's, or perhaps so: shown as other text of the form. The office's own is not.
            self._leave(f"{phrase}: {value}")
        self.found.entries.append(Entry(kind, value, party, number, sure, row, phrase))

    def _aside(self, phrase: str, value: str) -> None:
        if phrase.lower().strip() in ("roepnaam", "bijnaam"):
            self.found.called.append(value)
        self._leave(f"{phrase}: {value}" if phrase else value)

    def _leave(self, text: str) -> None:
        text = clean_line(strip_value(text))
        if len(text) > 1 and any(ch.isalnum() for ch in text):
            self.found.leftovers.append(text)


def walk(rows: list[Row]) -> Walk:
    """Every labelled value of a form with the person it belongs to, and the other text."""
    return _Walker(rows).run()
