"""What is said in a notice when the mailbox is otherwise than before; what stands of it at the foot is `MailLine`'s."""

from collections.abc import Iterator
from dataclasses import dataclass

from intake.errors import sentence
from intake.texts import _
from tui.messages import MailboxNews, MailboxState, MailboxStatus

__all__ = ["MailNotices", "Notice"]

_TROUBLES = (MailboxState.DOWN, MailboxState.NOT_LAWFUL, MailboxState.BROKEN)


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence to say; `bad` when it tells of a trouble."""

    text: str
    bad: bool = False


class MailNotices:
    """A trouble is said in words once, and again when the user asked."""

    def __init__(self) -> None:
        self._said: MailboxState | None = None

    def of(self, before: MailboxStatus, news: MailboxNews) -> list[Notice]:
        """What to say of these news, the mailbox being as `before` until now."""
        return list(self._of(before, news))

    def _of(self, before: MailboxStatus, news: MailboxNews) -> Iterator[Notice]:
        status, known = news.status, self._said
        if status.state in _TROUBLES:
            if status.state is not known or news.asked:
                yield Notice(_trouble(status), bad=True)
            self._said = status.state
        elif status.state is MailboxState.ELSEWHERE:
            if news.asked and status.error is not None:
                yield Notice(sentence(status.error), bad=True)
            if status.pulse is not None and status.pulse.down_since is None:
                self._said = None
        elif status.state is MailboxState.UP:
            if known is not None:
                yield Notice(_("The mailbox is polled again."))
            if news.asked and before.state is MailboxState.BUSY and status.result is not None:
                yield Notice(_("Polled: %(count)d new.") % {"count": status.result.imported})
            self._said = None


def _trouble(status: MailboxStatus) -> str:
    if status.error is not None:
        return sentence(status.error)
    return _("The poll met a fault; the worklist goes on. Report this line: %(place)s") % {
        "place": status.place
    }
