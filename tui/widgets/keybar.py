"""The key bar at the foot of a screen: at most seven keys, clickable, in the language in use."""

from textual.content import Content
from textual.screen import Screen

from tui.commands import bar_text, in_key_bar
from tui.widgets.clickable import Clickable, part


class KeyBar(Clickable):
    """Shows the commands in force on its screen that are marked for it."""

    def on_mount(self) -> None:
        """Follow what has the focus."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)
        self._changed(self.screen)

    def _changed(self, _screen: Screen[object]) -> None:
        # A cell more than there is: the last one needs no blank behind it.
        width = self.size.width + 1 if self.size.width else None
        shown = in_key_bar(self.screen, width)
        parts = [part(bar_text(self.app, b), f"app.press('{b.key}')") for b in shown]
        self.update(Content("").join(parts).rstrip())

    def on_resize(self) -> None:
        """More or fewer fit."""
        self._changed(self.screen)
