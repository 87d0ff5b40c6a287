"""Leaving the program or the sign-in: a question first where something typed would be lost, and the last things kept."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from intake.texts import _
from tui.comfort import Comfort
from tui.dialogs.base import Dialog
from tui.dialogs.confirm import ConfirmDialog
from tui.screens.worklist import WorklistScreen

if TYPE_CHECKING:
    from tui.app import IntakeApp

__all__ = ["Leaving"]


class Leaving:
    """Ends the application, in order."""

    def __init__(self, app: "IntakeApp", comfort: Comfort) -> None:
        self._app = app
        self._comfort = comfort

    async def after_asking(
        self, question: str, go_on: str, before: Callable[[], object] = lambda: None
    ) -> None:
        """Leave, `before` done at the last; `question` and the words of its answer only where something would be lost."""
        app = self._app

        async def leave() -> None:
            before()
            await self._leave()

        if not any(isinstance(screen, Dialog) and screen.touched for screen in app.screen_stack):
            await leave()
            return
        if isinstance(app.screen, ConfirmDialog):
            return

        async def answered(go: bool | None) -> None:
            if go:
                await leave()

        said = _("What you typed in the open dialog has not been saved.")
        await app.push_screen(
            ConfirmDialog(question, said, keep=_("Back to the dialog"), go_on=go_on, for_good=True),
            answered,
        )

    async def _leave(self) -> None:
        for screen in self._app.screen_stack:
            if isinstance(screen, WorklistScreen):
                screen.leaving()
        await self._comfort.kept()
        self._app.exit(0)
