"""A user's own keys, of `[keys]` in the workstation's configuration: which commands there are, and what may be changed.

A command's name is its binding's id without prefix (`tui/commands.py`). What Enter, Space, Escape and the arrows do, and
j, k, g and G in lists, is the same everywhere and stays; so does Ctrl+Q. No digit and no sign: they need AltGr or Shift on
a Belgian keyboard.
"""

import inspect
import pkgutil
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import combinations
from typing import Any

from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import ModalScreen, Screen
from textual.widgets import Input, TextArea

import tui.dialogs
import tui.screens
import tui.widgets
from intake.config import Workstation
from intake.errors import ConfigurationError
from intake.texts import N_, _
from tui.commands import PREFIX, written

EVERYWHERE = "app"
"""Where the commands of the application itself stand."""

_LETTER = re.compile(r"[a-zA-Z]")
_AT_ANY_TIME = re.compile(r"f([1-9]|1[0-2])|ctrl\+[a-z]")
_STAYS = frozenset({"down", "up", "top", "bottom", "leave", "back", "keep", "select", "choose", "choose-all"})
_TERMINAL = frozenset({"ctrl+c", "ctrl+h", "ctrl+i", "ctrl+j", "ctrl+m", "ctrl+q", "ctrl+z"})
"""Ctrl+C and Ctrl+Q leave; the others are Backspace, Tab and Enter for a terminal, or stop the program."""


class KeysUnusable(ConfigurationError):
    """`[keys]` in the configuration names a command or a key that cannot be."""

    template = N_("The keys in the configuration %(path)s cannot be used: %(problem)s")


@dataclass(frozen=True, slots=True)
class Command:
    """A command where it stands. `keys` are its own, the first one shown; `words` and `tip` are message ids."""

    name: str
    place: str
    keys: tuple[str, ...]
    words: str
    tip: str
    priority: bool

    @property
    def stays(self) -> bool:
        """Whether it keeps its key whatever the configuration says."""
        first = self.keys[0]
        return self.name in _STAYS or not (_LETTER.fullmatch(first) or _AT_ANY_TIME.fullmatch(first))

    @property
    def while_typing(self) -> bool:
        """Whether it has to work in a field as well, where letters are what is typed."""
        return self.priority or not _LETTER.fullmatch(self.keys[0])


def _of(kind: type[DOMNode], place: str) -> Iterator[Command]:
    found: dict[str, list[Binding]] = {}
    for base in reversed(kind.__mro__):
        for binding in Binding.make_bindings(base.__dict__.get("BINDINGS", ())):
            if binding.id is not None and binding.id.startswith(PREFIX):
                found.setdefault(binding.id.removeprefix(PREFIX), []).append(binding)
    for name, bindings in found.items():
        first = bindings[0]
        keys = tuple(dict.fromkeys(binding.key for binding in bindings))
        yield Command(name, place, keys, first.description, first.tooltip, first.priority)


@cache
def commands() -> tuple[Command, ...]:
    """All commands of the program, those of the application first, then place by place."""
    from tui.app import IntakeApp

    found: dict[tuple[str, str], Command] = {(c.name, c.place): c for c in _of(IntakeApp, EVERYWHERE)}
    for package in (tui.screens, tui.dialogs, tui.widgets):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            for _name, kind in inspect.getmembers(import_module(module.name), inspect.isclass):
                if issubclass(kind, DOMNode) and kind.__module__ == module.name:
                    place = module.name.removeprefix("tui.")
                    for one in _of(kind, place):
                        found.setdefault((one.name, place), one)
    return tuple(found.values())


@cache
def _modal(place: str) -> bool:
    module = import_module(f"tui.{place}")
    screens = [k for _n, k in inspect.getmembers(module, inspect.isclass) if issubclass(k, Screen)]
    own = [kind for kind in screens if kind.__module__ == module.__name__]
    return bool(own) and all(issubclass(kind, ModalScreen) for kind in own)


def _together() -> Iterator[tuple[str, list[Command]]]:
    """For each screen and dialog the commands that are in force there at once."""
    everywhere = [c for c in commands() if c.place == EVERYWHERE]
    lists = [c for c in commands() if c.place.startswith("widgets.")]
    for place in dict.fromkeys(c.place for c in commands()):
        if place.startswith(("screens.", "dialogs.")):
            above = [c for c in everywhere if c.priority] if _modal(place) else everywhere
            yield place, [c for c in commands() if c.place == place] + lists + above


def own_keys(workstation: Workstation) -> dict[str, str]:
    """The user's keys by name of command, checked. Raises KeysUnusable, which names the first that is wrong."""
    if not workstation.keys:
        return {}
    own = {name: _normal(key) for name, key in workstation.keys.items()}
    problem = next(_problems(own, workstation.keys), None)
    if problem is not None:
        raise KeysUnusable(path=workstation.file or "config.toml", problem=problem)
    return own


def _normal(key: str) -> str:
    key = key.strip()
    return key if len(key) == 1 else key.lower()


def _problems(own: Mapping[str, str], given: Mapping[str, str]) -> Iterator[str]:
    by_name: dict[str, list[Command]] = {}
    for command in commands():
        by_name.setdefault(command.name, []).append(command)
    for name, key in own.items():
        same = by_name.get(name)
        if same is None:
            text = _("there is no command %(name)s. 'ocmw-intake keys' names them all.")
            yield text % {"name": name}
        elif any(command.stays for command in same):
            yield _("%(name)s keeps its key, which is the same everywhere.") % {"name": name}
        elif not (_LETTER.fullmatch(key) or _AT_ANY_TIME.fullmatch(key)):
            text = _(
                "%(key)s cannot be the key of %(name)s. Give a letter, F1 to F12, or Ctrl+ and a letter."
            )
            yield text % {"key": given[name], "name": name}
        elif key in _TERMINAL or key in _field_keys():
            text = _("%(key)s cannot be the key of %(name)s: it is needed while typing, or by the terminal.")
            yield text % {"key": written(key), "name": name}
        elif _LETTER.fullmatch(key) and any(command.while_typing for command in same):
            text = _(
                "%(key)s cannot be the key of %(name)s, which must work while typing. "
                "Give F1 to F12, or Ctrl+ and a letter."
            )
            yield text % {"key": written(key), "name": name}
    yield from _clashes(own)


def _clashes(own: Mapping[str, str]) -> Iterator[str]:
    for place, together in _together():
        for one, other in combinations(together, 2):
            if one.name == other.name or not {one.name, other.name} & set(own):
                continue
            before = set(one.keys) & set(other.keys)
            clash = (set(_keys(one, own)) & set(_keys(other, own))) - before
            if clash:
                text = _("%(one)s and %(other)s would both have the key %(key)s (%(place)s).")
                yield text % {
                    "one": one.name,
                    "other": other.name,
                    "key": written(min(clash)),
                    "place": _place(place),
                }


def _keys(command: Command, own: Mapping[str, str]) -> tuple[str, ...]:
    """The keys in force: the user's, and beside it those that are no letter, such as an arrow."""
    if command.name not in own:
        return command.keys
    stay = [k for k in command.keys if not (_LETTER.fullmatch(k) or _AT_ANY_TIME.fullmatch(k))]
    return (own[command.name], *stay)


@cache
def _field_keys() -> frozenset[str]:
    """The Ctrl keys with which text is edited in a field."""
    kinds = (Input, TextArea)
    bindings = [b for kind in kinds for b in Binding.make_bindings(kind.BINDINGS)]
    return frozenset(b.key for b in bindings if re.fullmatch(r"ctrl\+[a-z]", b.key))


def textual_keymap(own: Mapping[str, str]) -> dict[str, str]:
    """What `App.set_keymap` wants, of checked keys."""
    return {
        PREFIX + command.name: ",".join(_keys(command, own)) for command in commands() if command.name in own
    }


def changed(names: Iterable[str], own: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Of the named commands those with another key than the program's: words, key in force, key of old."""
    found: dict[str, tuple[str, str, str]] = {}
    wanted = set(names)
    for command in commands():
        if command.name in wanted and own.get(command.name, command.keys[0]) != command.keys[0]:
            key = written(own[command.name])
            found.setdefault(command.name, (_(command.words), key, written(command.keys[0])))
    return list(found.values())


_PLACES = {
    EVERYWHERE: N_("everywhere"),
    "screens.referral": N_("Referral"),
    "screens.signin": N_("Sign in"),
    "screens.first": N_("First sign-in"),
    "screens.lock": N_("Locked"),
    "screens.secrecy": N_("Professional secrecy"),
    "screens.start": N_("First run"),
}


def _place(place: str) -> str:
    """Where a command stands, in words."""
    from tui.places import PLACES

    words = _PLACES | {one.screen[0].removeprefix("tui."): one.words for one in PLACES}
    if place.startswith("widgets."):
        return _("lists")
    return _(words[place]) if place in words else _("dialogs")


_COMMON = ("screens.base", "screens.listing", "screens.registers", "screens.office_accounts", "dialogs.base")
"""What several screens are made of; no place of its own."""


def listed(workstation: Workstation | None) -> list[dict[str, Any]]:
    """For the command line: every command once, with the key in force, what it is called, and where it stands."""
    own = own_keys(workstation) if workstation is not None else {}
    places: dict[str, dict[str, None]] = {}
    first: dict[str, Command] = {}
    stays: set[str] = set()
    for one in commands():
        if one.place not in _COMMON:
            first.setdefault(one.name, one)
            places.setdefault(one.name, {})[_place(one.place)] = None
            stays |= {one.name} if one.stays else set()
    return [
        {
            "id": name,
            "key": written(_keys(one, own)[0]),
            "default": written(one.keys[0]),
            "words": _(one.words),
            "screens": list(places[name]),
            "changeable": name not in stays,
        }
        for name, one in first.items()
    ]


_PRESS = re.compile(r"\b([Pp]ress|or|op|with|met) ([A-Za-z]|F[0-9]{1,2})(?![\w-])")


def in_force(text: str, names: Iterable[str], own: Mapping[str, str]) -> str:
    """A sentence such as "Press n to see …" with the user's own keys of the named commands."""
    if not own:
        return text
    now = {before: key for _words, key, before in changed(names, own)}
    return _PRESS.sub(lambda found: f"{found[1]} {now.get(found[2], found[2])}", text)
