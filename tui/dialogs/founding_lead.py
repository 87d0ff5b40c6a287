"""The last steps of setting up a new office: the first team lead, the recovery key, and the key typed back from paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, Label, Static

from intake.texts import N_, _
from storage.errors import Refusal, WeakPassphrase, WrongDisplayName, WrongUserName
from storage.passphrases import LEAST_SCORE, SHORTEST, score
from tui.bridge import Bridge
from tui.clipboard import copy
from tui.commands import command
from tui.dialogs.base import Mistake, Submit
from tui.dialogs.founding import StepDialog
from tui.widgets.field import Field, fields_of
from tui.widgets.newcomer import newcomer_fields, newcomer_problems

BAD = "✖ "
PAUSE_SECONDS = 0.3
"""So long after the last key a passphrase is judged."""


@dataclass(frozen=True, slots=True)
class Lead:
    """The first team lead."""

    name: str
    passphrase: str

    def __repr__(self) -> str:
        return "Lead(…)"


class LeadStep(StepDialog[Lead]):
    """The passphrase is judged while it is typed."""

    NUMBER = 4
    WORDS = N_("the first team lead")

    def __init__(self, submit: Submit[Lead], draft: Mapping[str, str] | None = None) -> None:
        super().__init__(submit, draft)
        self._waiting: Timer | None = None
        self._judged = ("", "")
        """The passphrase that was judged last, and what was thought of it."""

    def form(self) -> ComposeResult:
        """Name, passphrase twice, secrecy."""
        yield Field(
            "name",
            _("Your name"),
            Input(max_length=120, compact=True),
            _("Your account is made of it: Els Peeters signs in as els.peeters"),
        )
        yield from newcomer_fields(_("Passphrase"))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Judge when the typing pauses."""
        if event.input is fields_of(self)["new"].control_widget:
            if self._waiting is not None:
                self._waiting.stop()
            self._waiting = self.set_timer(PAUSE_SECONDS, self._look)

    def _look(self) -> None:
        typed, name = self.text("new"), self.text("name")
        if typed:
            self.run_worker(self._judge(typed, name), exclusive=True, group="judge")

    async def _judge(self, typed: str, name: str) -> None:
        bridge: Bridge = self.app.bridge  # type: ignore[attr-defined]  # of this program's application
        found = await bridge.apart(lambda: judgement(typed, name))
        if self.is_attached and typed == self.text("new"):
            self._judged = (typed, found)
            fields_of(self)["new"].clear_error()
            fields_of(self)["new"].say(found)

    def read(self) -> Lead:
        """Both passphrases alike."""
        name = self.line("name", _("Give your name."))
        for field, problem in newcomer_problems(fields_of(self)).items():
            if problem:
                # The first that is wrong is the passphrase, where it is known to be weak.
                weak = self._weak()
                raise Mistake("new", weak) if weak else Mistake(field, problem)
        return Lead(name, self.text("new"))

    def _weak(self) -> str:
        """What is wrong with the passphrase as far as that is known; whether it can be guessed is judged while one types."""
        typed = self.text("new")
        if typed and len(typed) < SHORTEST:
            return judgement(typed).removeprefix(BAD)
        judged, found = self._judged
        return found.removeprefix(BAD) if typed and typed == judged and found.startswith(BAD) else ""

    def field_of(self, error: Refusal) -> str | None:
        """A passphrase that is too weak, a name that cannot be one."""
        if isinstance(error, WeakPassphrase):
            return "new"
        return "name" if isinstance(error, WrongUserName | WrongDisplayName) else None


_JUDGED = (
    N_("guessed at once: choose four words that have nothing to do with each other"),
    N_("easily guessed: choose four words that have nothing to do with each other"),
    N_("still too easily guessed: add a word or two"),
    N_("good"),
    N_("very good"),
)


def judgement(passphrase: str, *about: str) -> str:
    """What is thought of a passphrase: a glyph and words."""
    if len(passphrase) < SHORTEST:
        return BAD + _("too short: %(count)d of at least %(least)d characters") % {
            "count": len(passphrase),
            "least": SHORTEST,
        }
    found = score(passphrase, *about)
    return ("✔ " if found >= LEAST_SCORE else BAD) + _(_JUDGED[found])


class KeyStep(StepDialog[bool]):
    """Shows the recovery key, to be written down."""

    NUMBER = 5
    WORDS = N_("the recovery key")
    SEND = N_("I have it on paper")
    BINDINGS: ClassVar[list[BindingType]] = [
        command("c", "copy", N_("Copy"), N_("Copy the key to the clipboard, to print it"), bar=True),
    ]

    def __init__(self, submit: Submit[bool], key: str) -> None:
        super().__init__(submit)
        self._key = key

    def form(self) -> ComposeResult:
        """The key in numbered groups, so that they can be asked for."""
        yield Static(
            Content(
                _(
                    "With this key the office gets in again when the last team lead forgot the passphrase. It is shown only "
                    "now and stored nowhere. Write it down or print it, and lay it in a safe. Whoever has it can read "
                    "everything."
                )
            ),
            classes="dialog-text",
        )
        yield Static(numbered(self._key), classes="secret", id="recovery-key")
        yield Static(Content(""), id="copied", classes="dialog-text")

    def read(self) -> bool:
        """Seen."""
        return True

    def action_copy(self) -> None:
        """To the clipboard, and say so."""
        # Of the program: going on at once must not stop it.
        self.app.run_worker(self._copy(), group="copy", exclusive=True)

    async def _copy(self) -> None:
        await copy(self.app, self._key)
        if self.is_attached:
            said = "✔ " + _("Copied. Empty the clipboard once it is printed.")
            self.query_one("#copied", Static).update(Content(said))


def numbered(key: str) -> Content:
    """The groups of the key, four on a line, each with its number."""
    groups = key.split("-")
    cells = [f"{number:>2} {group}" for number, group in enumerate(groups, 1)]
    return Content("\n".join("   ".join(cells[i : i + 4]) for i in range(0, len(cells), 4)))


class KeyBackStep(StepDialog[bool]):
    """Asks some groups of the key, as proof that it is on paper; sending it makes the office."""

    NUMBER = 6
    WORDS = N_("the recovery key from your paper")
    SEND = N_("Set up the office")

    def __init__(self, submit: Submit[bool], key: str, asked: Sequence[int]) -> None:
        super().__init__(submit)
        self._groups = key.split("-")
        self._asked = tuple(asked)

    def form(self) -> ComposeResult:
        """A field for each group that is asked."""
        text = _(
            "Type these groups from your paper; Esc shows the key once more. Then the office is made, and you are signed in."
        )
        yield Static(Content(text), classes="dialog-text")
        for number in self._asked:
            label = _("Group %(number)d") % {"number": number}
            yield Field(f"group-{number}", label, Input(max_length=20, compact=True))

    def action_leave(self) -> None:
        """Back, unless the office is being made just now."""
        if self._sending is None:
            super().action_leave()

    def _busy(self, busy: bool) -> None:
        super()._busy(busy)
        state = self.query_one(".dialog-error", Label)
        state.set_class(busy, "-plain")
        if busy:
            state.update(Content("◌ " + _("Making the office…")))
            state.display = True

    def read(self) -> bool:
        """As on the paper."""
        for number in self._asked:
            typed = "".join(self.text(f"group-{number}").split()).upper()
            if typed != self._groups[number - 1].upper():
                raise Mistake(
                    f"group-{number}",
                    _("This is not group %(number)d of the key. Compare it with your paper.")
                    % {"number": number},
                )
        return True
