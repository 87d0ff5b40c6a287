"""What in a single row tells whose it is: the office's name or mail, a person's label, a letter's subject."""

from intake.form.clean import fold
from intake.form.contact import emails_in
from intake.form.labels import sender_cue
from intake.form.names import is_adult
from intake.form.segments import Segment
from intake.form.words import Field, Party

__all__ = ["about_children", "addressed", "row_party"]


def row_party(parts: list[Segment]) -> Party | None:
    """The person a whole row is about: "Kind en Gezin – Tel: …", "Partner: Tom Maes  Tel: …"."""
    for part in parts:
        if part.label is None:
            if sender_cue(part.value):
                return Party.SENDER
        elif (
            part.label.party is not None
            and part.label.field in (Field.PERSON, Field.HEADING)
            and len(parts) > 1
        ):
            return part.label.party
        elif part.label.field is Field.EMAIL and "@" in part.value and _office_mail(part.value):
            return Party.SENDER
    return None


def about_children(part: Segment) -> bool:
    """Children have no telephone of their own: a line about them does not begin another person's part."""
    low = part.phrase.lower()
    return any(word in low for word in ("kind", "baby", "zoon", "dochter")) and "gezin" not in low


def addressed(part: Segment) -> bool:
    """ "Betreft: mevrouw An Janssens": a letter about an adult names its client so; a bare name may be a child's."""
    return fold(part.phrase) in ("betreft", "betreffende", "wie") and is_adult(part.value)


def _office_mail(text: str) -> bool:
    found = emails_in(text)
    return not found.good and not found.wrong
