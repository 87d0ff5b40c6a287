"""Text made comparable: accents and case folded. For comparing only; what is kept passes `intake.plaintext`."""

import unicodedata

from intake.form.remembered import remembered

__all__ = ["bag", "fold", "same_text"]

_WORDS = "".join(c if c.islower() or c.isdigit() or c == "@" else " " for c in map(chr, range(128)))
"""Each ASCII character as it is compared: a small letter, a digit, @, or a blank."""

_SHORT = 300
"""Characters up to which a text is worth remembering: pieces of an endless line would be remembered many times over."""


def bag(words: str) -> frozenset[str]:
    """The words of a text, for lists of words in the code."""
    return frozenset(words.split())


def fold(text: str) -> str:
    """Lower case without accents; punctuation and white space become single blanks (for comparing)."""
    return _remembered(text) if len(text) <= _SHORT else _folded(text)


def _folded(text: str) -> str:
    text = text.lower().replace("&", " en ")
    if not text.isascii():
        text = (
            text.replace("ß", "ss").replace("ø", "o").replace("œ", "oe").replace("æ", "ae").replace("ł", "l")
        )
        text = "".join([c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)])
        text = text.encode("ascii", "replace").decode("ascii")
    return " ".join(text.translate(_WORDS).split())


_remembered = remembered(_folded)


def same_text(one: str, other: str) -> bool:
    """Whether two values say the same, but for case, accents, blanks and punctuation."""
    return fold(one).replace(" ", "") == fold(other).replace(" ", "")
