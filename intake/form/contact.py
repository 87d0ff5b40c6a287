"""Telephone numbers and e-mail addresses out of a value: only valid ones, and never another person's.

A number or address that carries a remark about someone else ("van de partner") is not the client's.
"""

import itertools
import re
from dataclasses import dataclass

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from intake.form.labels import party_in
from intake.form.remembered import remembered
from intake.form.words import SENDER_DOMAINS, Party

__all__ = ["Found", "emails_in", "phones_in"]

_PARTS = re.compile(r"\s+(?:of|en|ou|or|&)\s+|[;|\n,]|\s-\s(?=[+0])", re.IGNORECASE)
_NUMBER = re.compile(r"(?:\+|\b00|\b|\()\d[\d\s./()\u2010-\u2015-]{5,24}\d")
_EMAIL = re.compile(r"[^\s<>()\[\],;:\"'|]{1,64}@[^\s<>()\[\],;:\"'|]{1,190}")
_BELOW = tuple("." + known for known in SENDER_DOMAINS)
_NATIONAL_TRUNK = re.compile(r"\(0\)")


@dataclass(frozen=True, slots=True)
class Found:
    """What a value holds: the good ones in order, and the text that is not a good one."""

    good: tuple[str, ...]
    rest: tuple[str, ...]
    wrong: bool
    """True when something meant as a number or address failed its check."""


@remembered
def phones_in(text: str) -> Found:
    """Valid numbers in E.164 form; numbers without a country are Belgian."""
    good: list[str] = []
    rest: list[str] = []
    wrong = False
    for part in itertools.chain.from_iterable(map(_stroked, _PARTS.split(text))):
        if not part.strip():
            continue
        party = party_in(part)
        numbers = () if party in (Party.OTHER, Party.SENDER) else _valid(part)
        if numbers:
            good.extend(n for n in numbers if n not in good)
            remark = " ".join(_NUMBER.sub(" ", part).split()).strip(" .:()-/")
            if len(remark) > 2:
                rest.append(part.strip())
        else:
            rest.append(part.strip())
            wrong = wrong or (party is None and sum(ch.isdigit() for ch in part) >= 4)
    return Found(tuple(good), tuple(rest), wrong)


def _stroked(part: str) -> list[str]:
    """Two numbers parted by a stroke between blanks; "0470 / 12 34 56" is one."""
    pieces = re.split(r"\s/\s", part)
    if len(pieces) == 1:
        return pieces
    return pieces if _valid(pieces[0]) or not _valid(part) else [part]


@remembered
def _valid(part: str) -> tuple[str, ...]:
    found: list[str] = []
    for match in _NUMBER.finditer(_NATIONAL_TRUNK.sub("", part)):
        number = _parsed(match.group())
        if number:
            found.append(number)
        else:
            # Two numbers parted by a stroke or only a blank.
            halves = [_parsed(half) for half in re.split(r"\s+(?=0\d|\+)|/(?=0[1-9])", match.group())]
            if len(halves) > 1 and all(halves):
                found.extend(half for half in halves if half)
    return tuple(found)


def _parsed(text: str) -> str | None:
    try:
        number = phonenumbers.parse(text, "BE")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number) or number.extension:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@remembered
def emails_in(text: str) -> Found:
    """Valid addresses, without those of the sending office."""
    good: list[str] = []
    rest: list[str] = []
    wrong = False
    for part in re.split(r"[;|\n]|,\s", text.replace("mailto:", " ")):
        if not part.strip():
            continue
        party = party_in(_EMAIL.sub(" ", part))
        found = (
            []
            if party in (Party.OTHER, Party.SENDER)
            else [m.group().strip(".") for m in _EMAIL.finditer(part)]
        )
        valid = [mail for mail in map(_checked, found) if mail]
        if valid and len(valid) == len(found):
            good.extend(m for m in valid if m not in good)
            remark = " ".join(_EMAIL.sub(" ", part).split()).strip(" .:()<>-/")
            if len(remark) > 2:
                rest.append(part.strip())
        else:
            rest.append(part.strip())
            office = any(sender_address(mail) for mail in found)
            wrong = wrong or (party is None and not office and ("@" in part or "(at)" in part.lower()))
    return Found(tuple(good), tuple(rest), wrong)


def sender_address(mail: str) -> bool:
    """Whether an address belongs to the sending office."""
    domain = mail.rpartition("@")[2].lower().rstrip(".>")
    return domain in SENDER_DOMAINS or domain.endswith(_BELOW)


def _checked(mail: str) -> str | None:
    if (
        sender_address(mail) or len(mail.rpartition(".")[2]) < 2
    ):  # no land or suffix has one letter: it was cut
        return None
    try:
        return validate_email(mail, check_deliverability=False, allow_smtputf8=True).normalized
    except EmailNotValidError:
        return None
