"""Whether a client is the one that is asked for: by name in any order, telephone, e-mail or address (GDPR 15). Pure.

Case, accents and the way a telephone number is written do not count. What is sought is a person's data: it is never
logged and never in an error.
"""

import re
import unicodedata

from intake.client import Client
from intake.errors import WrongUse
from intake.texts import _

_NOT_WORD = re.compile(r"[^a-z0-9]+")
_BARE_PHONE = re.compile(r"[\d\s+./()-]+")
_FEWEST_DIGITS = 6
_FEWEST_LETTERS = 2


def _folded(text: str) -> str:
    # The Turkish dotless i has no accent to take off.
    text = (
        text.casefold()
        .replace("ı", "i")
        .replace("ß", "ss")
        .replace("ø", "o")
        .replace("ł", "l")
        .replace("æ", "ae")
    )
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", plain).strip()


def _joined(text: str | None) -> str:
    return _folded(text or "").replace(" ", "")


class Sought:
    """What is asked for. Raises WrongUse when it is too little to tell anyone from another."""

    def __init__(self, text: str) -> None:
        given = " ".join(text.split())[:200]
        self._words = _folded(given).split()
        self._joined = "".join(self._words)
        self._mail = given.casefold() if "@" in given else ""
        self._phone, self._digits = _phone_of(given)
        if len(self._joined) < _FEWEST_LETTERS:
            raise WrongUse(
                problem=_("Give a name, a telephone number, an e-mail address or an address to look for.")
            )

    def __repr__(self) -> str:
        return "Sought(…)"

    def fits(self, client: Client) -> bool:
        """Whether this may be the client that is asked for."""
        if self._mail:
            return bool(client.email) and self._mail in str(client.email).casefold()
        if self._phone or self._digits:
            return self._fits_phone(client.phone)
        values = [_folded(value) for value in client.as_dict().values() if value]
        words = {word for value in values for word in value.split()} | {v.replace(" ", "") for v in values}
        if all(any(_begins(word, own) for own in words) for word in self._words):
            return True
        # "Dhondt" for D'Hondt, "vander meersch" for Van der Meersch.
        first, last = _joined(client.first_name), _joined(client.last_name)
        return len(self._joined) > _FEWEST_LETTERS and self._joined in (last, first + last, last + first)

    def where(self, client: Client) -> tuple[str, ...]:
        """The fields in which something of it stands, of a client that fits; their names, never their values."""
        if self._mail:
            return ("email",)
        if self._phone or self._digits:
            return ("phone",)
        found: list[str] = []
        for name, value in client.as_dict().items():
            own = {*_folded(value or "").split(), _joined(value)} - {""}
            if any(_begins(word, one) for word in self._words for one in own) or self._joined in own:
                found.append(name)
        # "dhondtan" stands in both and in neither alone.
        return tuple(found) or ("first_name", "last_name")

    def _fits_phone(self, phone: str | None) -> bool:
        if not phone:
            return False
        return phone == self._phone or bool(self._digits and self._digits in phone)


def _begins(word: str, own: str) -> bool:
    """Whole words; of longer ones their beginning is enough. House numbers only whole."""
    return own == word or (len(word) > _FEWEST_LETTERS and not word.isdigit() and own.startswith(word))


def _phone_of(text: str) -> tuple[str, str]:
    """A text of digits as a number in E.164 form, and its digits without the country's or the trunk's."""
    if not _BARE_PHONE.fullmatch(text):
        return "", ""
    import phonenumbers

    digits = re.sub(r"\D", "", text)
    if len(digits) < _FEWEST_DIGITS:
        return "", ""
    try:
        number = phonenumbers.parse(text, "BE")
    except phonenumbers.NumberParseException:
        return "", digits
    whole = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return whole, digits.lstrip("0")
