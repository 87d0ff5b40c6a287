"""One of a closed list, chosen with the arrows: a round mark shows which, with or without colour."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

CHOSEN, OTHER = "●", "○"


class Choice(OptionList):
    """A list in which the highlighted line is the choice. `value` is its code.

    With `unasked` the first line is the choice where none is given; without it nothing is, until the user chooses.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
    ]

    class Changed(Message):
        """Another value was chosen."""

        def __init__(self, choice: "Choice", value: str | None) -> None:
            super().__init__()
            self.choice = choice
            self.value = value

        @property
        def control(self) -> "Choice":
            """The choice that changed."""
            return self.choice

    def __init__(
        self,
        options: Sequence[tuple[str, str]],
        value: str | None = None,
        *,
        unasked: bool = True,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id, markup=False, compact=True)
        self._choices: list[tuple[str, str]] = []
        self._told: str | None = None
        self._unasked = unasked
        self.offer(options, value)

    @property
    def value(self) -> str | None:
        """The code of the choice, None when the list is empty or nothing was chosen."""
        if self.highlighted is None or self.highlighted >= len(self._choices):
            return None
        return self._choices[self.highlighted][0]

    @value.setter
    def value(self, code: str | None) -> None:
        for index, (known, _words) in enumerate(self._choices):
            if known == code:
                self.highlighted = index
        self._mark()

    def offer(self, options: Sequence[tuple[str, str]], value: str | None = None) -> None:
        """Other options as (code, words); the choice stays where it is still offered, else `value`, else the first or none."""
        before = self.value if self._choices else value
        self._choices = list(options)
        codes = [code for code, _words in options]
        first = codes[0] if codes and self._unasked else None
        wanted = before if before in codes else value if value in codes else first
        self.set_options(Option(Content(f"{OTHER} {words}")) for _code, words in options)
        self.highlighted = codes.index(wanted) if wanted in codes else None
        self._mark()

    def _mark(self) -> None:
        for index, (_code, words) in enumerate(self._choices):
            mark = CHOSEN if index == self.highlighted else OTHER
            self.replace_option_prompt_at_index(index, Content(f"{mark} {words}"))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Move the mark along, and tell whoever listens."""
        event.stop()
        self._mark()
        if self.value != self._told:
            self._told = self.value
            self.post_message(self.Changed(self, self.value))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter goes on to the next field."""
        event.stop()
        self.screen.focus_next()
