"""The words printed on the OCMW's own fiche. They are no data: on a fiche that comes back they are not leftovers.

How the fiche is drawn is in `intake/paperwork/fiche.py`. Its words are those of the sending team and stay Dutch in every
language; each is one printed line.
"""

from intake.causes import Cause
from intake.form.model import TICKED, UNTICKED, FormError, Row

__all__ = ["CONSENTS", "FIELDS", "HEADING", "HOW_TO_FILL", "HOW_TO_SEND", "INFORMED", "TITLE", "as_sent"]

TITLE = "Fiche doorverwijzing naar het OCMW"
HOW_TO_FILL = (
    "Eén fiche per volwassene. Vul alleen deze velden in en zet er niets anders bij: de overeenkomst laat geen andere",
    "gegevens toe. Wat u niet weet, laat u leeg.",
)
HEADING = "Gegevens van de cliënt"
FIELDS: dict[str, str] = {
    "first_name": "Voornaam",
    "last_name": "Naam",
    "street": "Straat",
    "house_number": "Huisnummer",
    "box": "Bus",
    "postcode": "Postcode",
    "municipality": "Gemeente",
    "phone": "Telefoon",
    "email": "E-mail",
}
"""The fields of P3 by their name in the form, with the label printed beside each."""
INFORMED = "De cliënt werd geïnformeerd over deze doorverwijzing."
CONSENTS = "De cliënt geeft toestemming om deze gegevens door te geven aan het OCMW."
HOW_TO_SEND = (
    "Zo verstuurt u deze fiche: pak de ingevulde PDF zelf, geen afdruk of scan ervan, in met 7-Zip (formaat 7z, AES-256,",
    "met de optie om ook de namen van de bestanden te versleutelen) en mail alleen dat archief naar het afgesproken",
    "postvak. Zet geen naam in het onderwerp, de tekst of de naam van het archief. De wachtwoordzin staat nooit in een mail.",
)
_PRINTED = frozenset({*HOW_TO_FILL, *HOW_TO_SEND})


def as_sent(rows: list[Row]) -> list[Row]:
    """The rows of a form without what we printed on it; of another form, as they are.

    Recital C asks both that the client was informed and that the client consents: unless both of the fiche's boxes are
    ticked nothing is said, and the sender is asked. Raises FormError (SCAN) for a print of it, whose boxes are gone: the
    bare statements would pass for a consent that nobody gave.
    """
    lines = [" ".join(row.cells).strip() for row in rows]
    if TITLE not in lines:
        return rows
    if INFORMED in lines or CONSENTS in lines:
        raise FormError(Cause.SCAN)
    boxes = {f"{mark} {words}": mark for words in (INFORMED, CONSENTS) for mark in (TICKED, UNTICKED)}
    said = [boxes[line] for line in lines if line in boxes] == [TICKED, TICKED]
    return [
        row
        for row, line in zip(rows, lines, strict=True)
        if line not in _PRINTED and (said or line not in boxes)
    ]
