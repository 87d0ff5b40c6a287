"""The line that tells what verifying the access log finds, and the verification itself, which can be stopped."""

from threading import Event as Flag
from typing import TYPE_CHECKING, cast

from textual import work
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from intake.desk import Desk
from intake.errors import sentence
from intake.formats import show_number
from intake.texts import _
from storage.errors import Refusal

if TYPE_CHECKING:
    from tui.app import IntakeApp

__all__ = ["VerifyLine"]


class _Stopped(Exception):
    """The user wants no more of the verification."""


class VerifyLine(Static):
    """Not there until something is verified."""

    class Verifying(Message):
        """So many entries were read, of so many."""

        def __init__(self, count: int, total: int) -> None:
            super().__init__()
            self.count = count
            self.total = total

    def __init__(self, *, id: str) -> None:
        super().__init__("", id=id)
        self._stop: Flag | None = None
        self._found = Content("")

    @property
    def running(self) -> bool:
        """Whether the log is being verified."""
        return self._stop is not None

    def verify(self, *, from_start: bool) -> None:
        """Check the log from its first entry on, or from where it was checked last; one at a time."""
        if self._stop is None:
            self._stop = Flag()
            self._tell(Content("◌ " + _("Verifying… Esc stops.")))
            self._verify(self._stop, from_start)

    def stop(self) -> None:
        """No more of it; that it was stopped is told."""
        if self._stop is not None:
            self._stop.set()

    def on_unmount(self) -> None:
        """Nobody waits for the verification any more."""
        self.stop()

    @work(exclusive=True, group="verify")
    async def _verify(self, stop: Flag, from_start: bool) -> None:
        def check(desk: Desk) -> int:
            total = desk.office.store.journal.head.seq

            def tell(count: int) -> None:
                if stop.is_set():
                    raise _Stopped
                self.post_message(self.Verifying(count, total))

            return desk.log.verify(from_start=from_start, tell=tell).entries

        try:
            count = await cast("IntakeApp", self.app).bridge.ask(check)
        except _Stopped:
            self._tell(Content("◌ " + _("Verifying was stopped; nothing was found out.")))
        except Refusal as error:
            self._tell(Content.styled(f"✖ {sentence(error)}", "bold $text-error"))
        else:
            whole = _("The log is whole: %(count)d entries, each signed and in its place.") % {"count": count}
            self._tell(Content.styled(f"✔ {whole}", "$text-success"))
        finally:
            self._stop = None

    def on_verify_line_verifying(self, message: Verifying) -> None:
        """How far it is."""
        message.stop()
        if self._stop is not None:
            far = {"count": show_number(message.count), "total": show_number(message.total)}
            self._tell(Content("◌ " + _("Verifying: %(count)s of %(total)s… Esc stops.") % far))

    def _tell(self, found: Content) -> None:
        self._found = found
        if self.is_mounted:
            self.redraw()

    def redraw(self) -> None:
        """Draw what was found, in the colours in force."""
        self.update(self._found)
        self.display = bool(self._found.plain)
