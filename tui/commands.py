"""One line a command: its key, words, tooltip and place; and the palette (Ctrl+P) that lists those of the screen.

A command is a Textual `Binding` with English message ids: they are translated where they are shown, since bindings
are made when a class is defined and the language is known only later.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

from textual.app import App
from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import Screen

from intake.texts import N_, _

PREFIX = "intake."
"""The ids of this program's own commands begin so; Textual's own bindings stay out of palette and key bar."""

_CALL = re.compile(r"(?:app\.|screen\.)?(?P<name>\w+)(?:\('(?P<of>[\w-]+)'\))?")

MOST_IN_KEY_BAR = 7


def command(
    key: str,
    action: str,
    label: str,
    tip: str,
    *,
    bar: bool = False,
    shown: str | None = None,
    palette: bool = True,
    priority: bool = False,
    name: str | None = None,
) -> Binding:
    """A command. `key` may name several, separated by commas; `shown` is what the key bar writes for it.

    `name` is what it is called in a user's own key map; most often it follows from the action. The same name on two
    screens is the same command, with the same key on both.
    """
    return Binding(
        key,
        action,
        label,
        show=bar,
        key_display=shown,
        tooltip=tip,
        id=PREFIX + (name or name_of(action)),
        priority=priority,
        system=not palette,
    )


def name_of(action: str) -> str:
    """`assign` of "assign", `scope.open` of "scope('open')", `menu` of "app.menu"."""
    found = _CALL.fullmatch(action)
    if found is None:
        raise ValueError(action)
    return ".".join(part.replace("_", "-") for part in found.groups() if part)


def key_of(app: App[Any], name: str, default: str) -> str:
    """The key in force of a command: the user's own, else `default`."""
    own: dict[str, str] = getattr(app, "own_keys", {})
    return own.get(name, default)


def send_key(app: App[Any]) -> str:
    """The key that sends a dialog, for its button."""
    return written(key_of(app, "send", "f2"))


_KEY_WORDS = {
    "escape": "Esc",
    "enter": "Enter",
    "slash": "/",
    "question_mark": "?",
    "space": N_("Space"),
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "left": "←",
    "right": "→",
}


def written(key: str) -> str:
    """How a key is written: a, F11, Ctrl+T, Esc."""
    if key in _KEY_WORDS:
        return _(_KEY_WORDS[key])
    if key.startswith("ctrl+"):
        return f"Ctrl+{key[5:].upper()}"
    return key.upper() if len(key) > 1 else key


def ours(screen: Screen[Any]) -> Iterator[Binding]:
    """The commands in force on a screen, each once."""
    found: dict[str, Binding] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        identity = binding.id or ""
        known = found.get(identity)
        # Of several keys the letter is told, which stands after Home where a widget of Textual's has that as well.
        better = known is None or len(binding.key) == 1 < len(known.key)
        if active.enabled and identity.startswith(PREFIX) and better:
            found[identity] = binding
    yield from found.values()


def names_on(screen: Screen[Any]) -> list[str]:
    """The names of the commands in force on a screen."""
    return [binding.id.removeprefix(PREFIX) for binding in ours(screen) if binding.id]


def in_key_bar(screen: Screen[object], width: int | None = None) -> list[Binding]:
    """The commands for the key bar: at most seven, and in `width` cells, in the order in which they are written down.

    Where there is no room for all, help stays to the last; what the screen has by itself stands before what is everywhere.
    """
    offers: Callable[[str], bool] = getattr(screen, "offers", lambda _name: True)
    shown = [b for b in ours(screen) if b.show and offers((b.id or "").removeprefix(PREFIX))]
    if getattr(screen.app, "own_keys", None):
        # Textual puts a command with another key behind the others.
        places = {active.binding.id: active.node for active in screen.active_bindings.values()}
        nodes = list(dict.fromkeys(places.values()))
        shown.sort(key=lambda b: (nodes.index(places[b.id]), _written_down(type(places[b.id])).index(b.id)))
    chosen: list[Binding] = []
    room = width
    for binding in sorted(shown, key=_rank):
        cells = bar_text(screen.app, binding).cell_length
        if len(chosen) < MOST_IN_KEY_BAR and (room is None or cells <= room):
            chosen.append(binding)
            room = None if room is None else room - cells
    return [binding for binding in shown if binding in chosen]


_EVERYWHERE = ("command-palette", "mask", "menu")
"""What gives way to a screen's own commands, the last one first: the palette and the help tell of all."""


def _rank(binding: Binding) -> int:
    name = (binding.id or "").removeprefix(PREFIX)
    if name in _EVERYWHERE:
        return 2 + _EVERYWHERE.index(name)
    return 0 if name == "help" else 1


def bar_text(app: App[object], binding: Binding) -> Content:
    """A command as it stands in the key bar."""
    key = Content.styled(f" {key_word(app, binding)} ", "$footer-key-foreground bold")
    return key + Content(_(binding.description)) + Content(" ")


@cache
def _written_down(kind: type[DOMNode]) -> list[str | None]:
    """The ids of a class's commands in the order in which they are written down, those of its bases first."""
    lists = (base.__dict__.get("BINDINGS", ()) for base in reversed(kind.__mro__))
    return [binding.id for some in lists for binding in Binding.make_bindings(some)]


def key_word(app: App[object], binding: Binding) -> str:
    """How a key is written: Esc, F1, Ctrl+P, c."""
    if binding.key_display:
        return binding.key_display
    key = binding.key
    if key in _KEY_WORDS:
        return written(key)
    if key.startswith("ctrl+") or (len(key) > 1 and key[0] == "f" and key[1:].isdigit()):
        return written(key)
    return app.get_key_display(binding)


class ScreenCommands(Provider):
    """The palette's entries: every command of the screen from which it was called, and where one can go."""

    def _entries(self) -> Iterator[tuple[str, str, Callable[[], object]]]:
        for binding in ours(self.screen):
            if binding.system:
                continue
            label = f"{_(binding.description)}  ({key_word(self.app, binding)})"
            yield label, _(binding.tooltip), partial(self._run, binding)
        yield from getattr(self.app, "more_commands", tuple)()

    async def _run(self, binding: Binding) -> None:
        await self.app.run_action(binding.action, self.screen)

    async def discover(self) -> Hits:
        """Everything, before a letter is typed."""
        for label, tip, run in self._entries():
            yield DiscoveryHit(Content(label), run, help=tip)

    async def search(self, query: str) -> Hits:
        """What matches, or one line that says that nothing does."""
        matcher = self.matcher(query)
        found = False
        for label, tip, run in self._entries():
            score = matcher.match(label)
            if score > 0:
                found = True
                yield Hit(score, matcher.highlight(label), run, help=tip)
        if not found:
            nothing = _("There is no such action here. Press Esc to go back.")
            yield Hit(1.0, Content(nothing), lambda: None, text=nothing)
