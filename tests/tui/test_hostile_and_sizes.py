"""Text that wants to be more than text, in every field that comes from outside or from users; and every size of a terminal.

Both in one round through the program, since a round takes longer than what is looked at: at each stop the terminal
gets another size while someone types.
"""

import random
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from textual.widgets import Input, Static, TextArea

from intake.client import Client
from tests.tui.driving import Driver, app_of, screens, seen
from tests.tui.office import LEAD
from tests.tui.rounds import LEAD_ROUNDS, Brought, Filled, at_rest, steady_office

_ALL_SIZES = list(product(range(60, 201, 20), range(20, 61, 10)))
random.Random(5).shuffle(_ALL_SIZES)  # small after large, and the other way round
SIZES = {"work": _ALL_SIZES[::2], "office": _ALL_SIZES[1::2]}
NOT_TEXT = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def hostile(field: str, room: int = 10_000) -> str:
    """Markup that ends, colours and acts; a direction turned round; a terminal that is cleared; very long."""
    markup = f"[/]{field}[red]r[/red][@click=app.quit]q[/]"
    return f"{markup}\u202e\x1b[2J\x1b]0;t\x07\x9b31m{'W' * 10_000}"[:room]


def typed(field: str, room: int) -> str:
    """The same of what users type; in other words, since a reason must not hold words of the client's name."""
    return f"[/]{field}[blue]b[/blue][link=x]k[/]\u202e\x1b[1A\x1bc\x9b0K{'V' * 10_000}"[:room]


WORDS = Brought(
    clients=[
        Client(
            hostile(f"voor{n}"),
            hostile(f"naam{n}"),
            hostile("straat"),
            hostile("nr"),
            hostile("bus"),
            hostile("post"),
            hostile("gem"),
            hostile("tel"),
            hostile("mail"),
        )
        for n in range(4)
    ],
    note=typed("nota", 2000),
    why=typed("reden", 180),
    number=typed("dos", 38),
    name=typed("coll", 100),
    sender=hostile("zender"),
    form=hostile("fiche") + "\n" + hostile("tweede"),
    ocmw=hostile("ocmw", 120),
    partner=typed("partner", 200),
    folder=re.sub("[\x00-\x1f]", "", hostile("map"))[:118],  # no control character gets into the settings
    host=hostile("server", 253),
    task=typed("taak", 180),
    what=typed("lek", 1000),
    data=typed("data", 300),
    sought="naam1",
)


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Filled]:
    yield from steady_office(tmp_path, monkeypatch, WORDS)


class Watch:
    """What is looked at at each stop."""

    def __init__(self, driver: Driver, sizes: list[tuple[int, int]]) -> None:
        self.driver = driver
        self.shown = ""
        self.notices = ""
        self.stops = 0
        self.resized = 0
        self.sizes = sizes

    async def look(self, stop: str) -> None:
        self._plain(stop)
        if self.stops % 2:
            await self._other_size(stop)
            self.resized += 1
        self.stops += 1

    def _plain(self, stop: str) -> None:
        text = seen(self.driver)
        parts = [str(part.content) for part in self.driver.app.screen.query(Static) if part.display]
        for shown in (text, *parts):
            found = NOT_TEXT.search(shown)
            assert found is None, (stop, found)
        self.shown += "\n".join([text, *parts])
        app = self.driver.app
        told = [app.title, app.sub_title, app.screen.title or ""]
        told += [n.message + n.title for n in app._notifications]
        assert not re.search(r"\[red\]|\[blue\]", " ".join(told)), stop

    async def _other_size(self, stop: str) -> None:
        """Resizing while someone types: neither the cursor nor what was typed is lost."""
        app = self.driver.app
        screen, focused = app.screen, app.focused
        typing = isinstance(focused, Input | TextArea) and not getattr(focused, "password", False)
        if typing:
            await self.driver.press("z")
        typed = _typed(screen)
        await self.driver.resize_terminal(*self.sizes[self.resized % len(self.sizes)])
        await at_rest(self.driver)
        assert app.screen is screen, stop
        # A table that there is no room for beside its drawing has no cursor either.
        gone = focused is None or not focused.display
        assert gone or app.focused is focused, (stop, focused, app.focused)
        assert _typed(screen) == typed, stop
        if typing:
            await self.driver.press("backspace")


def _typed(screen: object) -> list[str]:
    return [box.value for box in screen.query(Input)] + [box.text for box in screen.query(TextArea)]  # type: ignore[attr-defined]


SHOWN = {
    "work": (
        *(
            "voor0",
            "naam0",
            "straat",
            "gem",
            "tel",
            "mail",
            "nota",
            "reden",
            "dos",
            "coll",
            "zender",
            "fiche",
        ),
        *("tweede", "ocmw", "partner"),
    ),
    "office": ("taak", "lek", "data", "reden", "partner", "coll", "map", "voor1", "dos", "server"),
}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("which", LEAD_ROUNDS)
async def test_hostile_text_stays_text_in_every_field_and_at_every_size(filled: Filled, which: str) -> None:
    walk, expected = LEAD_ROUNDS[which]
    async with screens(filled.office, LEAD, language="nl", size=(120, 36)) as driver:
        watch = Watch(driver, SIZES[which])
        assert await walk(driver, filled, watch.look) == expected
        assert app_of(driver).return_code is None
        missing = [field for field in SHOWN[which] if f"[/]{field}" not in watch.shown]
        assert missing == []
        assert watch.resized >= len(watch.sizes), "each size was there"
