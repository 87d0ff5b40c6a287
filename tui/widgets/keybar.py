"""The key bar at the foot of a screen: at most seven keys, clickable, in the language in use."""

from textual.content import Content
from textual.screen import Screen

from intake.texts import _
from tui.commands import in_key_bar, key_word
from tui.widgets.clickable import Clickable, part


class KeyBar(Clickable):
    """Shows the commands in force on its screen that are marked for it."""

    def on_mount(self) -> None:
        """Follow what has the focus."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)
        self._changed(self.screen)

    def _changed(self, _screen: Screen[object]) -> None:
        parts: list[Content] = []
        for binding in in_key_bar(self.screen):
            key = Content.styled(f" {key_word(self.app, binding)} ", "$footer-key-foreground bold")
            text = key + Content(_(binding.description)) + Content(" ")
            parts.append(part(text, f"app.press('{binding.key}')"))
        self.update(Content("").join(parts))
