"""The words people read: gettext with English message ids, and the catalogues beside this file.

`set_language` is called once at start-up; `_` translates at the moment it is called, `N_` marks a constant for
later. What is formatted for people (dates, phones, addresses) is in `intake/formats.py`.
"""

import gettext
from functools import cache
from pathlib import Path

from storage.errors import N_

__all__ = ["LANGUAGES", "N_", "_", "dutch", "language", "ngettext", "set_language"]

DOMAIN = "ocmw-intake"
LANGUAGES = ("nl", "en")
_LOCALE = Path(__file__).with_name("locale")
_current = "nl"


@cache
def _catalogue(code: str) -> gettext.NullTranslations:
    if code == "en":
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, _LOCALE, languages=[code], fallback=True)


def set_language(code: str) -> None:
    """Choose the language of every later `_` call; an unknown code means Dutch."""
    global _current
    _current = code if code in LANGUAGES else "nl"


def language() -> str:
    """The code of the language in use."""
    return _current


def _(message: str) -> str:
    """Translate `message` (an English message id) into the language in use."""
    return _catalogue(_current).gettext(message)


def dutch(message: str) -> str:
    """Translate `message` into Dutch whatever the language in use: for what goes to the Flemish partners."""
    return _catalogue("nl").gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """Translate a message whose form depends on `count`."""
    return _catalogue(_current).ngettext(one, many, count)
