"""A made-up Kind en Gezin fiche as a file, in every format a sender might use.

What stands on it is composed in `fiche.py`; the formats are in `forms_pdf.py`, `forms_office.py` and
`forms_text.py`. The same client, consent and randomness give the same bytes.
"""

import random
from collections.abc import Callable
from datetime import date

from intake.client import Client, Consent
from intake.demo import forms_office, forms_pdf, forms_text
from intake.demo.fiche import Fiche, compose
from intake.demo.people import TeamMember, make_member
from intake.errors import WrongUse

__all__ = ["FORM_KINDS", "make_form"]

_Writer = Callable[[Fiche, random.Random], bytes]

# Kind -> extension, writer, and whether the form has one box for each field.
_WRITERS: dict[str, tuple[str, _Writer, bool]] = {
    "pdf-form": ("pdf", forms_pdf.fillable, True),
    "pdf": ("pdf", forms_pdf.flat, False),
    "scan": ("pdf", forms_pdf.scan, False),
    "docx": ("docx", forms_office.docx, False),
    "docx-controls": ("docx", forms_office.docx_with_controls, True),
    "odt": ("odt", forms_office.odt, False),
    "rtf": ("rtf", forms_text.rtf, False),
    "xlsx": ("xlsx", forms_office.xlsx, False),
    "csv": ("csv", forms_text.csv_table, True),
    "html": ("html", forms_text.html, False),
    "eml": ("eml", forms_text.eml, False),
    "txt": ("txt", forms_text.txt, False),
    "json": ("json", forms_text.json_document, True),
}
FORM_KINDS: tuple[str, ...] = tuple(kind for kind in _WRITERS if kind != "scan")
"""Every kind that can be read; a "scan" can be made as well, and only be looked at."""

_SIGNED_ON = date(2026, 11, 2)


def make_form(
    kind: str,
    client: Client,
    consent: Consent,
    rng: random.Random,
    *,
    member: TeamMember | None = None,
    signed_on: date = _SIGNED_ON,
    remark: str | None = None,
) -> tuple[str, bytes]:
    """The file name and the bytes of a form of `kind`: one of `FORM_KINDS`, or "scan".

    The name says nothing of the client. `member` signs (one is made up when not given) on `signed_on`; `remark` is the
    sender's free text. Raises `WrongUse` for another kind.
    """
    if kind not in _WRITERS:
        raise WrongUse(problem=f"form kind: {', '.join(_WRITERS)}")
    extension, write, split = _WRITERS[kind]
    fiche = compose(
        client,
        consent,
        rng,
        member=member or make_member(rng),
        signed_on=signed_on,
        remark=remark,
        split=split,
    )
    stem = rng.choice(
        ("fiche", "doorverwijzing", "Doorverwijsfiche", "fiche K&G", "formulier", "aanmelding OCMW")
    )
    number = rng.choice(("", "", f"_{rng.randint(1, 9)}", f" ({rng.randint(1, 3)})"))
    return f"{stem}{number}.{extension}", write(fiche, rng)
