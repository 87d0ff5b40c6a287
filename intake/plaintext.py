"""Text from outside made harmless: no control, bidirectional or other invisible characters. Pure.

Everything that comes in by mail, form or keyboard passes one of these before it is kept or shown.
"""

import re
import unicodedata

# Bidi controls, zero-width characters, soft hyphen, byte order mark, tags, variation selectors, lone surrogates.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff\ud800-\udfff]"
)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_BLANK = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")


def _visible(text: str) -> str:
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _BLANK.sub(" ", _INVISIBLE.sub("", text)))


def clean_line(text: str) -> str:
    """`text` on one line, composed (NFC): all white space becomes single blanks, the ends are stripped."""
    return " ".join(_CONTROL.sub(" ", _visible(text)).split())


def clean_lines(text: str) -> str:
    """`text` with its line breaks (as LF), tabs and runs of blanks, which carry the layout of a form."""
    lines = _visible(text).replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n")
    return _CONTROL.sub(" ", lines)
