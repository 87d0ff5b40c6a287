"""The command line speaks Dutch in all its words, the library's too, and Belgian dates and numbers."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.exceptions import TyperException

from intake.cli import wording
from intake.cli.main import _build
from intake.cli.wording import problem, worded
from intake.texts import set_language
from tests.intake.cli.test_contract import every_command
from tests.running import run_inside as run
from tests.tui.office import CLIENTS, ELS, LEAD, PASSPHRASES, found_office

ENGLISH = re.compile(
    r"\b(Usage|Options|Arguments|Commands|OPTIONS|COMMAND|ARGS|Show this|required|default|env var)\b"
    r"|<(str|path|int|float|bool|list)\b|<=x|(?<!\d)20\d\d-\d\d-\d\d"
)


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@pytest.fixture(autouse=True)
def _dutch() -> object:
    set_language("nl")
    yield
    set_language("nl")


def test_every_help_text_is_dutch_to_its_headings_and_marks():
    app = typer.main.get_command(_build(lambda *_a, **_k: 0))
    worded(app)
    groups = [(name, one) for name, one in app.commands.items() if hasattr(one, "commands")]
    assert len(groups) > 10
    for words, one in [("", app), *groups, *every_command(app)]:
        text = one.get_help(one.context_class(one, info_name=words))
        assert text.startswith("Gebruik: "), words
        assert not ENGLISH.search(text), f"{words}: {ENGLISH.search(text)}\n{text}"
        assert "Deze tekst tonen en stoppen." in text, words


@pytest.mark.parametrize(
    ("language", "help_of_kind", "help_of_scope"),
    [
        (
            "nl",
            "password, microsoft-app, microsoft-device of oauth",
            "Waarvoor het token dient (scope); bij Microsoft het gewone.",
        ),
        (
            "en",
            "password, microsoft-app, microsoft-device or oauth",
            "What the token is for; Microsoft has the usual one.",
        ),
    ],
)
def test_two_commands_share_their_options_on_signing_in_in_the_language_of_the_moment(
    language: str, help_of_kind: str, help_of_scope: str
) -> None:
    set_language(language)
    commands = dict(every_command(typer.main.get_command(_build(lambda *_a, **_k: 0))))
    init, mailbox = (
        {option.opts[0]: option.help for option in commands[words].params}
        for words in ("init", "settings mailbox")
    )
    assert len(mailbox) == 15 and mailbox.items() <= init.items()
    assert (mailbox["--sign-in"], mailbox["--scope"]) == (help_of_kind, help_of_scope)


def _wrong(*arguments: str) -> str:
    """What the library itself says of a wrong use, as an exception that the entry catches."""
    app = typer.Typer(rich_markup_mode=None, add_completion=False)

    @app.callback(invoke_without_command=False)
    def main() -> None:
        pass

    @app.command()
    def paint(
        name: str,
        colour: Annotated[Colour, typer.Option()],
        size: Annotated[int, typer.Option(min=1, max=9)] = 1,
        share: Annotated[float, typer.Option()] = 1.0,
        wet: Annotated[bool, typer.Option("--wet")] = False,
        out: Annotated[str, typer.Option()] = "",
        who: Annotated[str, typer.Option()] = ...,  # type: ignore[assignment]
    ) -> None:
        pass

    @app.command()
    def wash() -> None:
        pass

    with pytest.raises(TyperException) as caught:
        typer.main.get_command(app).main(args=list(arguments), standalone_mode=False)
    return caught.value.format_message()


FINE = ("--colour", "red", "--who", "x")
WRONG = {
    (): "Er ontbreekt een opdracht.",
    ("pain",): "Er is geen opdracht 'pain'. Bedoelde u paint?",
    ("zzz",): "Er is geen opdracht 'zzz'.",
    ("paint", *FINE): "Het argument name ontbreekt.",
    ("paint", "x", "--colour", "red"): "De optie --who ontbreekt.",
    ("paint", "x", "--who", "x"): "--colour ontbreekt. Kies uit red, blue.",
    ("paint", "x", *FINE, "--sizes", "2"): "Er is geen optie --sizes. Bedoelde u --size?",
    ("paint", "x", *FINE, "--qqqq", "2"): "Er is geen optie --qqqq.",
    ("paint", "x", *FINE, "--out"): "De optie --out vraagt een waarde.",
    ("paint", "x", *FINE, "--wet=3"): "De optie --wet neemt geen waarde.",
    ("paint", "x", "y", *FINE): "Er staat te veel: y.",
    ("paint", "x", "--who", "x", "--colour", "gr"): "gr is niet bruikbaar voor --colour. Kies uit red, blue.",
    ("paint", "x", *FINE, "--size", "a"): "De waarde van --size is geen geheel getal.",
    ("paint", "x", *FINE, "--size", "0"): "De waarde van --size moet minstens 1 zijn.",
    ("paint", "x", *FINE, "--size", "10"): "De waarde van --size mag hoogstens 9 zijn.",
    ("paint", "x", *FINE, "--share", "a"): "De waarde van --share is niet bruikbaar.",
}


def test_every_wrong_use_is_told_in_dutch_from_what_the_library_says_today():
    hit = set()
    for arguments, sentence in WRONG.items():
        said = _wrong(*arguments)
        assert problem(said) == sentence, (arguments, said)
        hit.add(next(i for i, (p, _w) in enumerate(wording._SENTENCES) if re.fullmatch(p, said, re.DOTALL)))
    assert hit == set(range(len(wording._SENTENCES))), "a sentence that the library no longer says"


def test_what_the_library_may_come_to_say_is_never_english_in_dutch():
    assert problem("Something quite new happened.") == "De opdracht is niet juist gegeven."
    set_language("en")
    assert problem("Something quite new happened.") == "Something quite new happened."
    assert problem("Missing command.") == "A command is missing."


def test_a_group_without_a_command_shows_its_help_line_by_line(tmp_path: Path):
    done = run("--config", tmp_path / "none.toml", "user")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Gebruik: ocmw-intake user [OPTIES] OPDRACHT")
    assert "\nOpdrachten:\n" in done.stderr


ISO = re.compile(r"(?<![\w-])20\d\d-\d\d-\d\d(?!\d)")
POINT = re.compile(r"(?<![\d.:/\w])\d+\.\d+(?![\d.])(?! *(TLS|MHz))")
COMMANDS = (
    ("list",),
    ("list", "--all"),
    ("show", "{ref}", "--reason", "nazicht"),
    ("workload",),
    ("proposal",),
    ("retention", "plan"),
    ("retention", "lists"),
    ("user", "list"),
    ("log", "show"),
    ("quality", "list", "--all"),
    ("breach", "list"),
    ("task", "list", "--all"),
    ("reminders",),
    ("backup", "list"),
    ("stats",),
    ("quarantine", "list"),
    ("subject", "find", "Sofie"),
    ("disclosures",),
)


def test_commands_show_people_belgian_dates_and_numbers(tmp_path: Path):
    """Human output held ISO dates here and there, and backups sizes with a decimal point."""
    office = found_office(tmp_path)
    reference = office.receive(CLIENTS[:2])[0]
    with office.desk(LEAD) as lead:
        lead.work.assign([reference], ELS)
        lead.backups.create()
    config = tmp_path / "config.toml"
    config.write_text('store = "store"\nlanguage = "nl"\n', encoding="utf-8")
    secret = tmp_path / "secret"
    secret.write_text(PASSPHRASES[LEAD] + "\n", encoding="utf-8")
    with_dates = 0
    for words in COMMANDS:
        call = [word.format(ref=reference) for word in words]
        done = run("--config", config, "--as", LEAD, "--passphrase-file", secret, *call)
        assert done.returncode == 0, (words, done.stderr)
        assert not ISO.search(done.stdout), (words, done.stdout)
        assert not POINT.search(done.stdout), (words, done.stdout)
        with_dates += bool(re.search(r"\b\d\d/\d\d/20\d\d\b", done.stdout))
    assert with_dates > 4
