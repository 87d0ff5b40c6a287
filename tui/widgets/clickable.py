"""A line of text of which parts can be clicked, without the look of a link."""

from textual import events
from textual.content import Content
from textual.style import Style
from textual.widgets import Static

_ACT = "act"


def part(text: Content, action: str) -> Content:
    """`text`, which runs `action` when it is clicked."""
    return text.stylize(Style.from_meta({_ACT: action}))


class Clickable(Static):
    """Runs the action of the part that is clicked, seen from its screen."""

    ALLOW_SELECT = False

    async def on_click(self, event: events.Click) -> None:
        """Run it."""
        action = event.style.meta.get(_ACT)
        if isinstance(action, str):
            event.stop()
            await self.app.run_action(action, self.screen)
