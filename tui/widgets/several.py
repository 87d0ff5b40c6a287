"""Some of a closed list, ticked with the space bar: a sign shows which are, with or without colour."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.widgets.tick import TICKED, UNTICKED


class Several(OptionList):
    """A list of which each line is ticked or not. `value` holds the codes of those that are, with commas between."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
        Binding("space", "tick", show=False),
    ]

    def __init__(self, options: Sequence[tuple[str, str]], *, id: str | None = None) -> None:
        self._choices = list(options)
        self._chosen: set[str] = set()
        super().__init__(
            *(Option(Content(f"{UNTICKED} {words}")) for _code, words in self._choices),
            id=id,
            markup=False,
            compact=True,
        )
        self.highlighted = 0 if self._choices else None

    @property
    def value(self) -> str:
        """The codes that are ticked, in the order of the list."""
        return ",".join(code for code, _words in self._choices if code in self._chosen)

    @value.setter
    def value(self, codes: str) -> None:
        self._chosen = set(codes.split(",")) & {code for code, _words in self._choices}
        for index, (code, words) in enumerate(self._choices):
            mark = TICKED if code in self._chosen else UNTICKED
            self.replace_option_prompt_at_index(index, Content(f"{mark} {words}"))

    def action_tick(self) -> None:
        """Tick the line under the cursor, or no more."""
        if self.highlighted is not None:
            self._turn(self.highlighted)

    def _turn(self, index: int) -> None:
        code = self._choices[index][0]
        self.value = ",".join(self._chosen ^ {code})

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click ticks as well; Tab goes on to the next field."""
        event.stop()
        self._turn(event.option_index)
