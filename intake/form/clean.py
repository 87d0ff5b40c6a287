"""Text made comparable: accents and case folded. For comparing only; what is kept passes `intake.plaintext`."""

import re
import unicodedata

__all__ = ["bag", "fold", "same_text"]

_NOT_WORD = re.compile(r"[^a-z0-9@]+")


def bag(words: str) -> frozenset[str]:
    """The words of a text, for lists of words in the code."""
    return frozenset(words.split())


def fold(text: str) -> str:
    """Lower case without accents; punctuation and white space become single blanks (for comparing)."""
    text = text.lower().replace("&", " en ")
    if not text.isascii():
        text = (
            text.replace("ß", "ss").replace("ø", "o").replace("œ", "oe").replace("æ", "ae").replace("ł", "l")
        )
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", text).strip()


def same_text(one: str, other: str) -> bool:
    """Whether two values say the same, but for case, accents, blanks and punctuation."""
    return fold(one).replace(" ", "") == fold(other).replace(" ", "")
