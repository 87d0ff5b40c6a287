"""What all full screens share: the application they belong to, and being told of changes."""

from typing import TYPE_CHECKING, ClassVar, cast

from textual.screen import Screen

from storage.errors import Refusal
from tui.commands import names_on
from tui.messages import MailboxStatus
from tui.widgets.mailline import MailLine
from tui.widgets.storeline import StoreLine

if TYPE_CHECKING:
    from tui.app import IntakeApp
    from tui.bridge import Bridge


class IntakeScreen(Screen[None]):
    """A screen of this program. `HELP` names its page of help."""

    HELP: ClassVar[str] = "worklist"

    @property
    def intake(self) -> "IntakeApp":
        """The application."""
        return cast("IntakeApp", self.app)

    @property
    def bridge(self) -> "Bridge":
        """The way to the desk."""
        return self.intake.bridge

    def offers(self, name: str) -> bool:
        """Whether a command belongs in the key bar now; one that does not still says why when its key is pressed."""
        del name
        return True

    def own_keys_in(self, text: str) -> str:
        """A sentence such as "Press n to see …" with the keys in force."""
        from tui.keymap import in_force  # which looks at all screens

        return in_force(text, names_on(self), self.intake.own_keys)

    def on_mount(self) -> None:
        """Other colours are known a moment after the theme was chosen; what has them in its text is drawn again then."""
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self.redraw())

    def store_changed(self) -> None:
        """Someone saved something."""

    def mailbox_changed(self, status: MailboxStatus) -> None:
        """The mailbox is otherwise than before: the line at the foot tells it, where there is one."""
        for line in self.query(MailLine):
            line.show(status)

    def trouble_changed(self, trouble: Refusal | None) -> None:
        """Something is wrong with the store, or no more; a screen without a line for it leaves it to the others."""
        for line in self.query(StoreLine):
            line.show(trouble)

    def redraw(self) -> None:
        """Names were hidden or shown."""
