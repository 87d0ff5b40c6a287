"""The program on a workstation that has no configuration yet: the same application, with another first screen."""

from pathlib import Path

from intake.config import Workstation, language_of
from tui.app import IntakeApp, run_until_left
from tui.screens.base import IntakeScreen
from tui.screens.start import StartScreen


class StartApp(IntakeApp):
    """Begins with the choice of how to begin.

    `demo_wanted` says, after it ended, that the demo was chosen; `making` that an office is being made just now.
    """

    def __init__(self, config: Path) -> None:
        # Of no office yet: the screens that lead to one put its workstation in place of this.
        super().__init__(
            Workstation.model_validate({"store": config.parent, "language": language_of(config)})
        )
        self.config_file = config
        self.demo_wanted = False
        self.making = False

    def first_screen(self) -> IntakeScreen:
        """The choice."""
        return StartScreen(self.config_file)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """At the choice there is nothing to mask, to lock, or to go to."""
        if action in ("mask", "menu", "lock", "go") and isinstance(self.screen, StartScreen):
            return False
        return super().check_action(action, parameters)

    async def action_quit(self) -> None:
        """Not while an office is half made: that takes a second or two."""
        if not self.making:
            await super().action_quit()


def run_start(config: Path) -> int | None:
    """Show the first run until the user leaves; the exit status, or None when the demo is to be shown."""
    app = StartApp(config)
    status = run_until_left(app)
    return None if app.demo_wanted else status
