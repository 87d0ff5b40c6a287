"""The program on a workstation that has no configuration yet: the same application, with another first screen."""

from pathlib import Path

from intake.config import Workstation, language_of
from tui.app import IntakeApp
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

    async def action_quit(self) -> None:
        """Not while an office is half made: that takes a second or two."""
        if not self.making:
            await super().action_quit()


def run_start(config: Path) -> int | None:
    """Show the first run until the user leaves; the exit status, or None when the demo is to be shown."""
    app = StartApp(config)
    try:
        app.run()
    finally:
        app.bridge.close()
    return None if app.demo_wanted else app.return_code or 0
