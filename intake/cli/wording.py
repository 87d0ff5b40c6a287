"""The command line library's own words in the language in use: headings and marks of `--help`, and wrong use.

The library is English only. Its seams are used: `context_class` and `formatter_class` for help, the command's own
texts, and for wrong use the sentence of its exception, matched with the table here. Nothing of it is patched;
`tests/intake/cli/test_wording.py` fails when the library comes to say something else.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

from intake.texts import N_, _, language

Command = TypeVar("Command")
_HEADINGS = {"Arguments": N_("Arguments"), "Options": N_("Options"), "Commands": N_("Commands")}
_KINDS = {
    "str": N_("text"),
    "path": N_("path"),
    "int": N_("number"),
    "int range": N_("number"),
    "float": N_("number"),
}
_KIND = re.compile(r"<(list\[)?([\w| -]+)\]?>")
_MARKS = re.compile(r"(?:  |^)\[([^\[\]]+)\]$")
_DEFAULT = "default: "
_RANGE = re.compile(r"(\d+)<=x<=(\d+)")


class _Formatter(typer.Context.formatter_class):  # type: ignore[misc, valid-type]  # named nowhere else in public
    """The library's layout, our words."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The first line of a help text."""
        super().write_usage(prog, args, _("Usage") + ": " if prefix is None else prefix)

    def section(self, name: str) -> AbstractContextManager[None]:
        """A part of a help text under its heading."""
        section: AbstractContextManager[None] = super().section(_(_HEADINGS.get(name, name)))
        return section

    def write_dl(self, rows: Sequence[tuple[str, str]], *places: Any, **named: Any) -> None:
        """Names with what they are for."""
        super().write_dl([(_kind(name), _marked(help_text)) for name, help_text in rows], *places, **named)


def _kind(name: str) -> str:
    """`--out <path>` with the kind of value in words; choices, which are typed as they stand, without the library's "list"."""
    return _KIND.sub(
        lambda m: "<" + (_(_KINDS[m[2]]) if m[2] in _KINDS else m[2]) + ">" + ("…" if m[1] else ""), name
    )


def _marked(help_text: str) -> str:
    """The marks at the end of a line, such as [required]."""

    def words(found: re.Match[str]) -> str:
        before = found[0].partition("[")[0]
        return f"{before}[{'; '.join(_mark(mark) for mark in found[1].split('; '))}]"

    return _MARKS.sub(words, help_text)


def _mark(mark: str) -> str:
    if mark == "required":
        return _("required")
    if mark.startswith(_DEFAULT):
        return _("default: %(value)s") % {"value": mark.removeprefix(_DEFAULT)}
    if found := _RANGE.fullmatch(mark):
        return _("from %(least)s to %(most)s") % {"least": found[1], "most": found[2]}
    return mark


class _Context(typer.Context):
    formatter_class = _Formatter


def worded(command: Command) -> Command:
    """The command and all beneath it, with help in the language in use."""
    for each in _all(command):
        each.context_class = _Context
        each.options_metavar = _("[OPTIONS]")
        if isinstance(each, TyperGroup):
            each.subcommand_metavar = _("COMMAND [ARGUMENTS]...")
        help_option = each.get_help_option(_Context(each))
        if help_option is not None:
            help_option.help = _("Show this text and stop.")
    return command


def _all(command: Any) -> Iterator[TyperCommand | TyperGroup]:
    yield command
    for below in getattr(command, "commands", {}).values():
        yield from _all(below)


_SENTENCES: tuple[tuple[str, str], ...] = (
    (r"Missing command\.", N_("A command is missing.")),
    (r"Missing argument '(?P<name>.+?)'\.", N_("The argument %(name)s is missing.")),
    (r"Missing option '(?P<name>.+?)'\.", N_("The option %(name)s is missing.")),
    (
        r"Missing (argument|option) '(?P<name>.+?)'\. Choose from:\s*(?P<choices>.+)",
        N_("%(name)s is missing. Choose from %(choices)s."),
    ),
    (
        r"No such command '(?P<name>.*)'\. Did you mean (?P<others>.+)\?",
        N_("There is no command '%(name)s'. Did you mean %(others)s?"),
    ),
    (r"No such command '(?P<name>.*)'\.", N_("There is no command '%(name)s'.")),
    (
        r"No such option: (?P<name>.*) \(Possible options: (?P<others>.+)\)",
        N_("There is no option %(name)s. Did you mean %(others)s?"),
    ),
    (r"No such option: (?P<name>.*)", N_("There is no option %(name)s.")),
    (r"Option '(?P<name>.+?)' requires (an|\d+) arguments?\.", N_("The option %(name)s wants a value.")),
    (r"Option '(?P<name>.+?)' does not take a value\.", N_("The option %(name)s takes no value.")),
    (r"Got unexpected extra argument\(s\) \((?P<name>.*)\)", N_("There is too much: %(name)s.")),
    (
        r"Invalid value for '(?P<name>.+?)': (Value error, )?(?P<value>'.*'|\".*\") is not one of (?P<choices>.+?)\.?",
        N_("%(value)s cannot be used for %(name)s. Choose from %(choices)s."),
    ),
    (
        r"Invalid value for '(?P<name>.+?)': Input should be a valid integer.*",
        N_("The value of %(name)s is not a whole number."),
    ),
    (
        r"Invalid value for '(?P<name>.+?)': Input should be greater than or equal to (?P<least>\S+)",
        N_("The value of %(name)s must be at least %(least)s."),
    ),
    (
        r"Invalid value for '(?P<name>.+?)': Input should be less than or equal to (?P<most>\S+)",
        N_("The value of %(name)s may be at most %(most)s."),
    ),
    (r"Invalid value for '(?P<name>.+?)': .*", N_("The value of %(name)s cannot be used.")),
)


def problem(said: str) -> str:
    """What is wrong with how a command was given, from the library's own English sentence."""
    for pattern, words in _SENTENCES:
        if found := re.fullmatch(pattern, said, re.DOTALL):
            values = {name: _choices(value) for name, value in found.groupdict().items()}
            return _(words) % values
    return said if language() == "en" else _("The command was not given rightly.")


def _choices(text: str) -> str:
    """A list of choices in one line without quotation marks between them."""
    return " ".join(re.sub(r"'(,? or |, )'", ", ", text).split()).strip("'")
