"""Going from one screen to another: the menu, what the palette offers, and what closes on the way.

Which screens there are is in `places.py`.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from textual.command import CommandPalette

from intake.texts import _
from tui.commands import key_of, written
from tui.dialogs.menu import MenuDialog
from tui.places import PLACES, WORKLIST, places_for
from tui.screens.base import IntakeScreen
from tui.screens.worklist import WorklistScreen

if TYPE_CHECKING:
    from tui.app import IntakeApp

__all__ = ["Going"]


class Going:
    """One goes only while signed in, and neither from behind the lock nor from beneath a dialog."""

    def __init__(self, app: "IntakeApp") -> None:
        self._app = app

    @property
    def _at_work(self) -> bool:
        """Whether someone is signed in and neither lock nor dialog is in front."""
        return self._at_work_beneath and isinstance(self._app.screen, IntakeScreen)

    @property
    def _at_work_beneath(self) -> bool:
        """As `_at_work`, of the screen from which the palette was called."""
        app = self._app
        beneath = [screen for screen in app.screen_stack if not isinstance(screen, CommandPalette)]
        return (
            app.idleness.limit is not None
            and not app.locked
            and bool(beneath)
            and isinstance(beneath[-1], IntakeScreen)
        )

    def commands(self) -> Iterator[tuple[str, str, Callable[[], object]]]:
        """For the palette: where one can go, as label, tip and action."""
        app = self._app
        for place in places_for(app.rights) if self._at_work_beneath else ():
            key = f"  ({written(key_of(app, f'go.{place.code}', place.key))})" if place.key else ""
            yield _(place.words) + key, _(place.tip), partial(app.run_action, f"app.go('{place.code}')")

    def choose(self) -> None:
        """Choose a screen in the menu."""
        if self._at_work:
            self._app.push_screen(MenuDialog(places_for(self._app.rights)), self._chosen)

    async def _chosen(self, code: str | None) -> None:
        if code is not None:
            await self._app.action_go(code)

    async def to(self, code: str) -> None:
        """To a screen; the worklist stays beneath it, and whatever else was open closes."""
        app = self._app
        place = next(place for place in PLACES if place.code == code)
        if not self._at_work:
            return
        if not place.open_to(app.rights):
            app.say(_("Your role has nothing on that screen; ask a team lead."), bad=True)
            return
        while not isinstance(app.screen, WorklistScreen):
            await app.pop_screen()
        if code != WORKLIST:
            await app.push_screen(place.make())
