"""What the bridge's threads tell the screens. No message holds a client's data."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from textual.message import Message

from intake.desk.polled import PollResult, Progress
from intake.pulse import Pulse
from storage.errors import Refusal


class MailboxState(StrEnum):
    """What is known of the mailbox."""

    OFF = "off"
    WAITING = "waiting"
    BUSY = "busy"
    UP = "up"
    DOWN = "down"
    NOT_LAWFUL = "not-lawful"
    BROKEN = "broken"
    NO_STORE = "no-store"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class MailboxStatus:
    """The mailbox as of now; `result` and `polled_at` (UTC) stay those of the last poll that ended well.

    `error` is why it cannot be polled, `place` the file and line of an unexpected fault, `pulse` how another workstation
    fares, which polls in the place of this one.
    """

    state: MailboxState = MailboxState.WAITING
    polled_at: datetime | None = None
    result: PollResult | None = None
    progress: Progress | None = None
    error: Refusal | None = None
    place: str = ""
    pulse: Pulse | None = None

    def busy(self, progress: Progress | None) -> "MailboxStatus":
        """A poll is under way; what came before stays known."""
        return replace(self, state=MailboxState.BUSY, progress=progress, pulse=None)

    def done(self, result: PollResult, at: datetime) -> "MailboxStatus":
        """A poll ended well."""
        return MailboxStatus(MailboxState.UP, at, result)

    def failed(self, state: MailboxState, error: Refusal | None, place: str = "") -> "MailboxStatus":
        """A poll did not end well."""
        return replace(self, state=state, progress=None, error=error, place=place, pulse=None)

    def elsewhere(self, pulse: Pulse | None, error: Refusal | None) -> "MailboxStatus":
        """Another workstation polls; what it found takes the place of what was found here."""
        status = replace(
            self, state=MailboxState.ELSEWHERE, progress=None, error=error, place="", pulse=pulse
        )
        if pulse is None or pulse.polled_at is None or pulse.proof is None:
            return status
        found = pulse.proof
        result = PollResult(found.found, found.imported, found.quarantined, found.known, (), 0.0)
        return replace(status, polled_at=pulse.polled_at, result=result)


class StoreChanged(Message):
    """The store has another generation: someone, perhaps this user, saved something."""

    def can_replace(self, message: Message) -> bool:
        """A flood of changes is one change to the screens."""
        return isinstance(message, StoreChanged)


class StoreTrouble(Message):
    """Something is wrong with the store (`intake.desk.condition`), or something else; `error` is None when no more."""

    def __init__(self, error: Refusal | None) -> None:
        super().__init__()
        self.error = error


class MailboxNews(Message):
    """The mailbox's state is another, or a poll went on. `asked` when the user asked for this poll."""

    def __init__(self, status: MailboxStatus, *, asked: bool = False) -> None:
        super().__init__()
        self.status = status
        self.asked = asked
