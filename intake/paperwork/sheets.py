"""Values for a spreadsheet: what it would take for a formula stays text. Pure."""

import re

_E164 = re.compile(r"\+[0-9]{6,15}")


def no_formula(value: str | None) -> str | None:
    """A spreadsheet takes a leading = + - @ for a formula; an apostrophe keeps it text. Telephone numbers are none."""
    if value and value[0] in "=+-@\t\r" and not _E164.fullmatch(value):
        return f"'{value}"
    return value
