"""Textual's own words: those that someone could see are ours, in the language in use; new ones are noticed."""

import ast
import re
from importlib import import_module
from pathlib import Path

from textual.widgets import LoadingIndicator

from tests.tui.driving import app_of, hears, screens, shows
from tests.tui.office import LEAD, TestOffice

ROOT = Path(__file__).resolve().parents[2]

# What Textual can say, and why nobody sees it here.
UNSEEN = {
    "Loading...": "styles/palette.tcss takes it out of the palette, and no widget of ours is `loading`",
    "Search for commands…": "the palette is opened with our own placeholder",
    "Search for themes…": "there is no such palette here",
    "No matches found": "our provider tells in a line of its own that nothing is found",
    "Do you want to quit?": "action_help_quit is ours",
    "Press [b]": "action_help_quit is ours",
    "[/b] to quit the app": "action_help_quit is ours",
    "[b]The app returned:": "only under Textual's own `textual run`",
    "errors shown above.": "a fault is told once (`_handle_exception`)",
    "errors shown. Run with [b]textual run --dev[/] to see all errors.": "a fault is told once",
    # The system commands, which the palette does not have (COMMANDS).
    "Theme": "system command",
    "Change the current theme": "system command",
    "Quit": "system command",
    "Quit the application as soon as possible": "system command",
    "Screenshot": "system command",
    "Save an SVG 'screenshot' of the current screen": "system command",
    "Failed to save screenshot": "system command",
    "Saved screenshot": "system command",
    "Saved screenshot to [$text-success]": "system command",
    "Keys": "system command",
    "Hide the keys and widget help panel": "system command",
    "Show help for the focused widget and a summary of available keys": "system command",
    "Minimize": "system command",
    "Minimize the widget and restore to normal size": "system command",
    "Maximize": "system command",
    "Maximize the focused widget": "system command",
}
_NO_WORDS = re.compile(r"log|Binding$|warn|Error$|getattr|TypeVar|cast|query|set_class|Deprecated")
_INSIDE = {"screenshot timer", "css monitor", "move towards", "await mount", "not bold"}


def _modules() -> set[str]:
    """Textual's modules that the screens use, and those of the application itself."""
    found = {"textual.app", "textual.screen", "textual.widget", "textual.command"}
    found |= {f"textual.widgets.{name}" for name in ("_loading_indicator", "_toast", "_tooltip")}
    for path in (ROOT / "tui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("textual.widgets"):
                for alias in node.names:
                    kind = getattr(import_module(node.module or ""), alias.name)
                    found.add(kind.__module__)
    return found


def _words(module: str) -> set[str]:
    """The strings of a module that are made for people: not those of exceptions, logs, docstrings, types, names."""
    tree = ast.parse(Path(import_module(module).__file__ or "").read_text(encoding="utf-8"))
    skipped: set[int] = set()
    for node in ast.walk(tree):
        parts: list[ast.AST | None] = []
        if isinstance(node, ast.Raise | ast.Assert):
            parts = [node]
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            parts = [node.value]
        elif isinstance(node, ast.Call) and _NO_WORDS.search(ast.unparse(node.func)):
            parts = [node]
        elif isinstance(node, ast.AnnAssign):
            parts = [node.annotation]
            if "TypeAlias" in ast.unparse(node.annotation):
                parts.append(node.value)
        elif isinstance(node, ast.arg):
            parts = [node.annotation]
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            parts = [node.returns]
        elif isinstance(node, ast.Assign) and any(
            isinstance(t, ast.Name) and t.id in ("__all__", "DEFAULT_CSS", "CSS") for t in node.targets
        ):
            parts = [node.value]
        skipped |= {id(below) for part in parts if part is not None for below in ast.walk(part)}
    return {
        node.value.strip()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in skipped
        and "\n" not in node.value
        and re.search(r"^[A-Z].*[a-z]|[a-z] [a-z]", node.value)
        and not re.fullmatch(r"\w+ \| .*|[A-Z]\w*|.*\[.*\] ?.*\|.*", node.value.strip())
    }


def test_textual_has_no_word_that_is_not_known_here():
    """A newer Textual with other words is noticed before someone reads English between the Dutch."""
    single = {word for word in UNSEEN if re.fullmatch(r"[A-Z]\w*", word)}
    found = set().union(*(_words(module) for module in _modules())) - _INSIDE
    found = {word for word in found if "has not been registered" not in word}
    assert found - set(UNSEEN) == set()
    assert set(UNSEEN) - found - single == set(), "Textual no longer says this"


def test_nothing_is_used_that_speaks_by_itself():
    """Validators, Select and `loading` have English texts of their own."""
    for path in (ROOT / "tui").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"textual\.validation|validators=|\bSelect\(|\.loading\b|ProgressBar\(", text), (
            path
        )


async def test_palette_and_leaving_speak_dutch(office: TestOffice):
    async with screens(office, LEAD, language="nl") as driver:
        await driver.press("ctrl+p")
        await shows(driver, "Zoek een actie…")
        app = app_of(driver)
        for sign in app.screen.query(LoadingIndicator):
            sign.add_class("--visible")
            await driver.pause()
            assert not sign.display
        await driver.press(*"zzzz")
        await shows(driver, "Zo'n actie is er hier niet.")
        await driver.press("escape")
        await driver.press("ctrl+c")
        await hears(driver, "Druk op q, of tijdens het typen op Ctrl+Q")
