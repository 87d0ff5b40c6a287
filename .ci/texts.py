#!/usr/bin/env python3
"""Bring the Dutch catalogue up to date with the code: new texts appear empty, unused ones go, then it is compiled.

Run with the project's own environment: `.venv/bin/python .ci/texts.py`. Fill in what is empty and run it again.
"""

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "intake" / "locale" / "nl" / "LC_MESSAGES" / "ocmw-intake.po"
HEADER = r"""# Flemish Dutch of ocmw-intake.
msgid ""
msgstr ""
"Language: nl\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"
"""
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}


def extracted() -> Catalog:
    """Every message id in the code, with the files it stands in."""
    found = Catalog(
        locale="nl", charset="utf-8", fuzzy=False, header_comment="# Flemish Dutch of ocmw-intake."
    )
    for package in ("storage", "intake", "tui"):
        for name, _line, message, _comments, _context in extract_from_dir(
            str(ROOT / package), method_map=[("**.py", "python")], keywords=KEYWORDS
        ):
            found.add(message, locations=[(f"{package}/{Path(name).as_posix()}", 0)])
    return found


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as gettext reads it; the same texts give the same bytes."""
    catalogue.creation_date = catalogue.revision_date = datetime(2000, 1, 1, tzinfo=UTC)
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def current() -> Catalog:
    """The Dutch catalogue as it stands."""
    if not PO.exists():
        return Catalog(locale="nl", project="ocmw-intake", charset="utf-8")
    with PO.open("rb") as file:
        return read_po(file, locale="nl")


def main(fragments: list[str]) -> int:
    """Update and compile; `fragments` are further catalogues to take translations from."""
    known = {m.id: m.string for m in current() if m.id and m.string and any(m.string)}
    for fragment in fragments:
        with Path(fragment).open("rb") as file:
            known |= {
                m.id: m.string for m in read_po(file, locale="nl") if m.id and m.string and m.id not in known
            }
    catalogue = extracted()
    empty = 0
    for message in catalogue:
        if not message.id:
            continue
        message.string = known.get(message.id, message.string)
        empty += not (message.string and all(message.string))
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, catalogue, width=110, sort_output=True, omit_header=True, include_lineno=False)
    text = PO.read_text(encoding="utf-8")
    PO.write_text(f"{HEADER}\n{text}", encoding="utf-8", newline="\n")
    PO.with_suffix(".mo").write_bytes(compiled(current()))
    print(f"{len(catalogue)} texts, {empty} to translate")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
