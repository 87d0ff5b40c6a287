"""Two rows of things to click on above the worklist: the scopes, and the states with their counts."""

from collections.abc import Sequence

from textual.content import Content

from tui.commands import key_of, written
from tui.widgets.clickable import Clickable, part


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

    def show(self, counts: Sequence[tuple[str, str, int]], chosen: str | None) -> None:
        """`counts` are (code, words with glyph, number)."""
        parts: list[Content] = []
        for code, words, count in counts:
            # No break within one of them.
            text = Content(f"{words} {count}".replace(" ", "\u00a0"))
            if code == chosen:
                text = Content("▸") + text.stylize("bold $text-primary")
            parts.append(part(text, f"only('{code}')"))
        self.update(Content("  ").join(parts))
        self.display = bool(parts)
