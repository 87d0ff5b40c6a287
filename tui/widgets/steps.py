"""What may be done with a referral now, with its keys; and the rest, greyed, with the reason why not."""

import textwrap
from collections.abc import Sequence
from typing import Any, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from intake.referral import Step, Verdict
from intake.texts import _
from intake.words import STEP_WORDS
from tui.commands import key_of, written

STEP_KEYS: dict[Step, str] = {
    Step.ASSIGN: "a",
    Step.TAKE: "o",
    Step.UNASSIGN: "n",
    Step.CONSENT: "t",
    Step.ATTEMPT: "c",
    Step.WISH: "w",
    Step.CASE_OPEN: "d",
    Step.CASE_HAND_OVER: "v",
    Step.CASE_CLOSE: "e",
    Step.CLOSE: "s",
    Step.REOPEN: "h",
    Step.INFORM: "i",
    Step.ASK: "z",
    Step.QUALITY: "m",
    Step.CASE_CONFIRM: "b",
    Step.HOLD: "l",
    Step.RELEASE: "u",
    Step.DISCLOSE: "p",
    Step.LETTER: "r",
}
"""The same in every language: the Dutch words, and where it can be the English, have the letter in them."""

_ORDER = (
    Step.ATTEMPT,
    Step.INFORM,
    Step.WISH,
    Step.CASE_OPEN,
    Step.CASE_HAND_OVER,
    Step.CASE_CONFIRM,
    Step.CASE_CLOSE,
    Step.TAKE,
    Step.ASSIGN,
    Step.UNASSIGN,
    Step.CONSENT,
    Step.ASK,
    Step.QUALITY,
    Step.DISCLOSE,
    Step.LETTER,
    Step.CLOSE,
    Step.REOPEN,
    Step.HOLD,
    Step.RELEASE,
)
_QUIET = frozenset(
    {
        Step.ASK,
        Step.UNASSIGN,
        Step.CASE_CONFIRM,
        Step.HOLD,
        Step.RELEASE,
        Step.INFORM,
        Step.DISCLOSE,
        Step.LETTER,
    }
)
"""Steps of rare moments: listed when they are open, and not among what is closed now."""


_INDENT = "   "
"""As wide as the key before a step."""


def step_key(app: App[Any], step: Step) -> str:
    """The key in force of a step, as it is written."""
    return written(key_of(app, f"step.{step.value}", STEP_KEYS[step]))


class StepList(OptionList):
    """The steps; Enter or a click takes one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
    ]

    class Chosen(Message):
        """A step is to be taken."""

        def __init__(self, step: Step) -> None:
            super().__init__()
            self.step = step

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False, compact=True)
        self._verdicts: Sequence[Verdict] = ()
        self._width = 0

    def on_resize(self) -> None:
        """The reasons are broken to the width."""
        self._fit()

    def _fit(self) -> None:
        if self._verdicts and self._width != self.scrollable_content_region.width:
            self.show(self._verdicts)

    def show(self, verdicts: Sequence[Verdict]) -> None:
        """Draw them: what is open first; what is not, once for each reason."""
        self._verdicts = verdicts
        self._width = self.scrollable_content_region.width
        by_step = {verdict.step: verdict for verdict in verdicts}
        known = [by_step[step] for step in _ORDER if step in by_step]
        before = self._step_at(self.highlighted)
        options = [
            Option(
                Content.styled(f" {step_key(self.app, v.step)} ", "bold $text-primary")
                + _words(v, self._width),
                id=v.step.value,
            )
            for v in known
            if v.allowed
        ]
        reasons: dict[str, list[Verdict]] = {}
        for verdict in known:
            if not verdict.allowed and verdict.step not in _QUIET:
                reasons.setdefault(verdict.why_not, []).append(verdict)
        options += [
            Option(_greyed(reason, closed, self._width), disabled=True) for reason, closed in reasons.items()
        ]
        self.set_options(options)
        ids = [option.id for option in options if option.id]
        if ids:
            self.highlighted = ids.index(before) if before in ids else 0
        # Where there was no room yet, or a scrollbar came: no event tells of it.
        self.call_after_refresh(self._fit)

    def _step_at(self, index: int | None) -> str | None:
        return self.get_option_at_index(index).id if index is not None else None

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Pass it on in our own words."""
        event.stop()
        if event.option_id:
            self.post_message(self.Chosen(Step(event.option_id)))


def _words(verdict: Verdict, width: int) -> Content:
    lines = textwrap.wrap(_(STEP_WORDS[verdict.step]), max(16, width - len(_INDENT) - 1))
    return Content(f"\n{_INDENT}".join(lines))


def _greyed(reason: str, closed: Sequence[Verdict], width: int) -> Content:
    lines = [f" – {_(STEP_WORDS[v.step])}" for v in closed]
    lines += textwrap.wrap(reason, max(16, width - 1), initial_indent=_INDENT, subsequent_indent=_INDENT)
    return Content("\n".join(lines))
