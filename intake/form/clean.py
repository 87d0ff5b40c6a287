"""Text from outside made harmless and comparable: control characters out, accents and case folded.

Every string a form yields passes `clean_text`; `fold` is for comparing only and is never shown.
"""

import re
import unicodedata

__all__ = ["bag", "clean_text", "fold", "same_text"]

# Formatting characters: bidi controls, zero-width characters, soft hyphen, byte order mark, tags, variation selectors.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff\ud800-\udfff]"
)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_BLANK = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_PLAIN_SPACE = re.compile(" +")
_NOT_WORD = re.compile(r"[^a-z0-9@]+")


def clean_text(text: str, *, one_line: bool = True) -> str:
    """`text` without C0/C1, bidi and invisible characters, composed (NFC).

    With `one_line` all white space becomes single blanks and the ends are stripped; without it tabs, line
    breaks and runs of blanks stay, because they carry the layout of a form.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", _BLANK.sub(" ", _INVISIBLE.sub("", text)))
    if one_line:
        return " ".join(_CONTROL.sub(" ", text).split())
    return _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n"))


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
