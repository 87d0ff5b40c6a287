"""The office that the screens' tests work in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import textual._wait
import textual.constants
import textual.css.stylesheet
from textual.screen import Screen

import tui.clipboard
from intake.texts import language, set_language
from tests.tui.office import TestOffice, found_office

# After each key Textual's pilot waits until the program does next to nothing for 20 ms. The tests wait for what they
# want to see (`driving.until`), so that half of it is enough: it is much of the time of these tests.
textual._wait.SLEEP_GRANULARITY = 1 / 100
textual._wait.SLEEP_IDLE = 1 / 2000

# No motion to wait for.
textual.constants.TEXTUAL_ANIMATIONS = "none"

_parse = textual.css.stylesheet.parse
_parsed: dict[tuple[object, ...], list[Any]] = {}


def _parse_once(
    scope: str, css: str, read_from: Any, variable_tokens: dict[str, list[Any]], **options: Any
) -> Iterator[Any]:
    """Each program that starts parses the same styles in the same colours again: a quarter of its start.

    Within one program Textual shares the parsed rules as well (`Stylesheet._parse_cache`); here with the next one.
    """
    # The text a variable stands for is all that parsing takes of it.
    variables = tuple((name, *(token.value for token in tokens)) for name, tokens in variable_tokens.items())
    key = (scope, css, read_from, variables, *options.items())
    if key not in _parsed:
        _parsed[key] = list(_parse(scope, css, read_from, variable_tokens=variable_tokens, **options))
    return iter(_parsed[key])


textual.css.stylesheet.parse = _parse_once


def _paint_for_nobody(screen: Screen[Any]) -> None:
    """Without a terminal Textual paints each change and throws it away: a fifth of these tests.

    `driving.seen` paints the whole screen whenever a test looks at it, as do the pictures.
    """
    if screen is screen.app.screen or screen in screen.app._background_screens:
        screen._compositor._dirty_regions.clear()
        screen._dirty_widgets.clear()
    screen.app._update_mouse_over(screen)


Screen._compositor_refresh = _paint_for_nobody  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _language() -> object:
    before = language()
    yield
    set_language(before)


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What went to this machine's clipboard, which stays as it is."""
    texts: list[str] = []
    monkeypatch.setattr(tui.clipboard, "over_ssh", lambda *_environment: False)
    monkeypatch.setattr(tui.clipboard, "copy_here", lambda text: not texts.append(text))  # type: ignore[func-returns-value]
    return texts


@pytest.fixture
def office(tmp_path: Path) -> TestOffice:
    """A team lead, two social workers, no referral yet, and a mailbox that nobody answers."""
    return found_office(tmp_path)
