"""Names of files as they may be shown. A name from outside is text, never a path."""

import unicodedata

_LENGTH = 120
_SUFFIX_LENGTH = 10
# Control, format (with the bidi ones), surrogate, line and paragraph separators.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def clean_name(name: str) -> str:
    """The base name alone, without control and direction characters, in at most 120 letters with its suffix."""
    base = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    kept = "".join(letter for letter in base if unicodedata.category(letter) not in _HIDDEN)
    kept = unicodedata.normalize("NFC", kept).strip()
    if len(kept) > _LENGTH:
        stem, dot, suffix = kept.rpartition(".")
        tail = dot + suffix if stem and len(suffix) <= _SUFFIX_LENGTH else ""
        kept = kept[: _LENGTH - len(tail)] + tail
    return kept if kept.strip(".") else "-"
