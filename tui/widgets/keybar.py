"""The key bar at the foot of a screen: at most seven keys, clickable, in the language in use."""

from textual.content import Content
from textual.screen import Screen
from textual.style import Style
from textual.widgets import Static

from intake.texts import _
from tui.commands import in_key_bar, key_word


class KeyBar(Static):
    """Shows the commands in force on its screen that are marked for it."""

    ALLOW_SELECT = False

    def on_mount(self) -> None:
        """Follow what has the focus."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)
        self._changed(self.screen)

    def _changed(self, _screen: Screen[object]) -> None:
        parts: list[Content] = []
        for binding in in_key_bar(self.screen):
            click = Style.from_meta({"@click": f"app.press('{binding.key}')"})
            key = Content.styled(f" {key_word(self.app, binding)} ", "$footer-key-foreground bold")
            parts.append((key + Content(_(binding.description)) + Content(" ")).stylize(click))
        self.update(Content("").join(parts))
