"""Fields of a client as a person types them, brought to the form in which the readers of forms give them. Pure.

Each field is checked as the readers do (P3): a telephone by phonenumbers, an e-mail by email-validator, a postcode by its
form. What is wrong is told by field, all at once, and never quotes what was typed.
"""

import re
from collections.abc import Mapping

from intake.client import CLIENT_FIELDS, Client
from intake.errors import WrongUse
from intake.form.address import number_box_of, postcode_of
from intake.form.contact import emails_in, phones_in
from intake.plaintext import clean_line
from intake.special import is_national_number
from intake.texts import N_, _

LONGEST = 120
_BOX = re.compile(r"[0-9A-Za-z]{1,4}(?:[./-][0-9A-Za-z]{1,4})?")


class FieldsWrong(WrongUse):
    """Fields that cannot be used as typed: `fields` has a sentence for each. Values: problem."""

    template = N_("The client's data cannot be saved so. %(problem)s")

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(problem=" ".join(fields.values()))
        self.fields = dict(fields)


def entered(values: Mapping[str, str | None]) -> Client:
    """The client of what was typed. Raises FieldsWrong.

    The surname is needed, and a way of contact: telephone, e-mail, or street with postcode or municipality.
    """
    given = {name: clean_line(values.get(name) or "") for name in CLIENT_FIELDS}
    wrong: dict[str, str] = {}
    for name, text in given.items():
        if len(text) > LONGEST:
            wrong[name] = _("This is longer than %(count)d characters.") % {"count": LONGEST}
        elif is_national_number(text):
            wrong[name] = _("A national register number may not be kept here (P3). Leave it out.")
    good = {name: text for name, text in given.items() if text and name not in wrong}
    _names(good, wrong)
    _contact(good, wrong)
    _address(good, wrong)
    if wrong:
        raise FieldsWrong({name: wrong[name] for name in CLIENT_FIELDS if name in wrong})
    if not (good.get("phone") or good.get("email") or _postal(good)):
        raise FieldsWrong(
            {"phone": _("Give a telephone number, an e-mail address, or a street with its municipality.")}
        )
    return Client.from_dict(good)


def _postal(good: Mapping[str, str]) -> bool:
    return "street" in good and ("postcode" in good or "municipality" in good)


def _names(good: dict[str, str], wrong: dict[str, str]) -> None:
    if "last_name" not in good and "last_name" not in wrong:
        wrong["last_name"] = _("Give the client's surname.")
    for name in ("first_name", "last_name", "street", "municipality"):
        if name in good and not any(c.isalpha() for c in good[name]):
            wrong[name] = _("This is no name: it has no letter.")
    for name in ("first_name", "last_name"):
        if name in good and any(c.isdigit() or c == "@" for c in good[name]):
            wrong[name] = _("A name has no digits. Put telephone and e-mail in their own fields.")


def _contact(good: dict[str, str], wrong: dict[str, str]) -> None:
    if "phone" in good:
        phones = phones_in(good["phone"])
        if len(phones.good) == 1 and not phones.rest:
            good["phone"] = phones.good[0]
        else:
            wrong["phone"] = _("This is no valid telephone number. Give one, such as 0470 12 34 56.")
    if "email" in good:
        emails = emails_in(good["email"])
        if len(emails.good) == 1 and not emails.rest:
            good["email"] = emails.good[0]
        else:
            wrong["email"] = _("This is no valid e-mail address of the client. Give one, or leave it empty.")


def _address(good: dict[str, str], wrong: dict[str, str]) -> None:
    if "postcode" in good:
        if (code := postcode_of(good["postcode"])) is not None:
            good["postcode"] = code
        else:
            wrong["postcode"] = _("A postcode has four digits, such as 8940; a French one has five.")
    if "house_number" in good:
        parts = number_box_of(good["house_number"])
        if parts is None:
            wrong["house_number"] = _("Give the house number, such as 12 or 12A; the box has its own field.")
        elif parts[1] and "box" in good:
            wrong["box"] = _("The box stands in the house number already. Give it once.")
        else:
            good["house_number"] = parts[0]
            if parts[1]:
                good["box"] = parts[1]
        if "street" not in good and "street" not in wrong:
            wrong["street"] = _("A house number needs its street.")
    if "box" in good and "box" not in wrong:
        box = re.sub(r"^bus\s+", "", good["box"], flags=re.IGNORECASE)
        if not _BOX.fullmatch(box):
            wrong["box"] = _("A box is short, such as 3 or A/2.")
        elif "house_number" not in good and "house_number" not in wrong:
            wrong["house_number"] = _("A box needs its house number.")
        else:
            good["box"] = box
