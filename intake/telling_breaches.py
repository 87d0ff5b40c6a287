"""A breach's clock and state in words, for commands and screens (P9, GDPR 33). Pure."""

from datetime import datetime

from intake.formats import show_date, show_moment
from intake.registers import Breach
from intake.texts import _, ngettext


def hours_words(left: int) -> str:
    """The 72-hour clock: hours that are left, or since when it is overdue."""
    if left < 0:
        return ngettext("%(count)d hour overdue", "%(count)d hours overdue", -left) % {"count": -left}
    return ngettext("%(count)d hour left", "%(count)d hours left", left) % {"count": left}


def clock_words(breach: Breach, hours_left: int | None) -> str:
    """How the clock stands: running, stopped because the DPOs were told, or long past because it is closed."""
    if breach.closed_on is not None:
        return _("closed on %(day)s") % {"day": show_date(breach.closed_on)}
    if breach.noticed_at is not None or hours_left is None:
        return _("notice to the DPOs on %(day)s") % {"day": show_moment(breach.noticed_at)}
    return hours_words(hours_left)


def draft_words(*, waits: bool, ready_since: datetime | None) -> str:
    """How the draft to the DPOs stands; empty when there is none, or once it went."""
    if waits:
        return _("draft still to be placed in the mailbox")
    return _("draft ready, still to be sent") if ready_since is not None else ""
