"""The line that tells how the mailbox is: a glyph and words, the last poll and its proof."""

from textual.content import Content
from textual.widgets import Static

from intake.errors import sentence
from intake.plaintext import clean_line
from intake.texts import N_, _
from intake.workdays import local
from tui.messages import MailboxState, MailboxStatus

_WORDS: dict[MailboxState, tuple[str, str, str]] = {
    MailboxState.OFF: ("○", N_("mailbox not polled by this account"), "dim"),
    MailboxState.WAITING: ("○", N_("mailbox not polled yet"), "dim"),
    MailboxState.BUSY: ("◌", N_("polling"), "$text-accent"),
    MailboxState.UP: ("✔", N_("mailbox ok"), "$text-success"),
    MailboxState.DOWN: ("✖", N_("mailbox not reached"), "$text-error"),
    MailboxState.NOT_LAWFUL: ("■", N_("not polled: no agreement in force"), "$text-warning"),
    MailboxState.NO_STORE: ("■", N_("not polled: the store cannot be used"), "$text-warning"),
    MailboxState.BROKEN: ("✖", N_("the poll failed"), "$text-error"),
    MailboxState.ELSEWHERE: ("✔", N_("polled by %(who)s"), "$text-success"),
}


def proof(status: MailboxStatus) -> str:
    """`found 12 = 10 imported + 1 quarantine + 1 known`, of the last poll that ended well; empty when none did."""
    result = status.result
    if result is None:
        return ""
    said = _("found %(found)d = %(imported)d imported + %(quarantined)d quarantine + %(known)d known") % {
        "found": result.found,
        "imported": result.imported,
        "quarantined": result.quarantined,
        "known": result.known,
    }
    if not result.adds_up:
        said = f"✖ {said}"
    if result.unmoved:
        said += " · " + _("%(count)d still to move") % {"count": result.unmoved}
    return said


def describe(status: MailboxStatus) -> Content:
    """The whole line."""
    glyph, words, style = _WORDS[status.state]
    said = _(words)
    pulse = status.pulse
    if status.state is MailboxState.ELSEWHERE:
        if pulse is not None and pulse.down_since is not None:
            glyph, style = "✖", "$text-error"
        said %= {"who": clean_line(pulse.who) if pulse is not None else "?"}
    parts = [Content.styled(f"{glyph} {said}", style)]
    if pulse is not None and pulse.down_since is not None:
        since = local(pulse.down_since).strftime("%H:%M")
        parts.append(Content(_("not reached since %(moment)s") % {"moment": since}))
    if status.progress is not None:
        parts.append(Content(f"{status.progress.done}/{status.progress.found}"))
    if status.place:
        parts.append(Content(status.place))
    if status.polled_at is not None:
        at = local(status.polled_at).strftime("%H:%M")
        good = status.state in (MailboxState.UP, MailboxState.ELSEWHERE)
        parts.append(Content(at if good else _("last poll %(time)s") % {"time": at}))
    if proved := proof(status):
        parts.append(Content(proved))
    return Content(" · ").join(parts)


class MailLine(Static):
    """Shows a `MailboxStatus`; the reason of a trouble is its tooltip."""

    ALLOW_SELECT = False

    def show(self, status: MailboxStatus) -> None:
        """Draw it."""
        self.update(describe(status))
        self.tooltip = sentence(status.error) if status.error else None
