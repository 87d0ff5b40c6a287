"""Two rows of things to click on above the worklist: the scopes, and the states with their counts."""

from collections.abc import Sequence

from textual.content import Content

from tui.commands import key_of, written
from tui.widgets.clickable import Clickable, part

_GAP = "  "


class ScopeBar(Clickable):
    """The scopes as tabs; the letter that chooses one is underlined."""

    def show(self, scopes: Sequence[tuple[str, str, str]], chosen: str, count: int | None) -> None:
        """`scopes` are (code, key, words)."""
        parts: list[Content] = []
        for code, key, words in scopes:
            label = f"{words} {count}" if code == chosen and count is not None else words
            text = Content(f" {label} ")
            key = key_of(self.app, f"scope.{code}", key)
            at = text.plain.casefold().find(key)
            if at < 0:
                text += Content(f"({written(key)}) ")
            else:
                text = text.stylize("underline", at, at + 1)
            if code == chosen:
                text = Content("▸") + text.stylize("bold $text-primary")
            else:
                text = Content(" ") + text
            parts.append(part(text, f"scope('{code}')"))
        self.update(Content(" ").join(parts))


class CountBar(Clickable):
    """How many there are of each kind; a click shows only those, another click all again."""

    _shown: tuple[Sequence[tuple[str, str, int]], str | None] = ((), None)

    def show(self, counts: Sequence[tuple[str, str, int]], chosen: str | None) -> None:
        """`counts` are (code, words with glyph, number)."""
        self._shown = (tuple(counts), chosen)
        lines: list[list[Content]] = [[]]
        room = 0
        for code, words, count in counts:
            text = Content(f"{words} {count}")
            if code == chosen:
                text = Content("▸") + text.stylize("bold $text-primary")
            # Broken here, between two of them: Textual would break within one, no-break spaces or not.
            room -= text.cell_length + len(_GAP)
            if room < 0 and lines[-1]:
                lines.append([])
            if len(lines[-1]) == 0:
                room = (self.content_size.width or 1000) - text.cell_length
            lines[-1].append(part(text, f"only('{code}')"))
        self.update(Content("\n").join(Content(_GAP).join(line) for line in lines))
        self.display = bool(counts)

    def on_resize(self) -> None:
        """As many on a line as fit."""
        self.show(*self._shown)
