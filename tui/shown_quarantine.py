"""How the quarantine is written on the screen: its lines, and what is told of one message. Draws only."""

from collections.abc import Mapping, Sequence

from rich.text import Text
from textual.content import Content

from intake.causes import CAUSE_TITLES, CAUSE_WORDS, WHAT_TO_DO, Cause
from intake.desk.quarantine import QuarantineItem
from intake.formats import show_date, show_moment
from intake.plaintext import clean_line, clean_lines
from intake.registers import INCIDENTS
from intake.rejecting import SOON_DAYS
from intake.texts import _
from intake.words import PURPOSE
from intake.workdays import local_date
from tui.asks_quarantine import Quarantined
from tui.shown import LATE, MASK, NOT_YOURS
from tui.widgets.grid import Cells, Heading


def headings(_width: int) -> Sequence[Heading]:
    """The list's columns."""
    return (
        Heading("id", _("Number"), 12),
        Heading("age", _("Age"), 10),
        Heading("cause", _("Cause"), 26, 1),
        Heading("sender", _("Sender"), 16, 2),
        Heading("attempts", _("Tried"), 9),
    )


def rows(found: Quarantined) -> Mapping[str, Cells]:
    """Its lines; ‼ stands at what goes within a week, ▲ at what came in against the agreed encryption."""
    return {item.id: _row(item, found) for item in found.items}


def _row(item: QuarantineItem, found: Quarantined) -> Cells:
    today = local_date(found.now)
    soon = (item.goes_on - today).days <= SOON_DAYS
    age = age_text((today - local_date(item.received_at)).days)
    incident = "▲ " if item.cause in INCIDENTS else "✖ "
    return (
        item.id,
        Text(f"{LATE} {age}" if soon else age, style="bold" if soon else ""),
        incident + _(CAUSE_TITLES[item.cause]),
        sender_text(item),
        str(item.attempts),
    )


def age_text(days: int) -> str:
    """How many calendar days ago it came in."""
    if days < 1:
        return _("today")
    return _("1 day") if days == 1 else _("%(count)d days") % {"count": days}


def sender_text(item: QuarantineItem) -> str:
    """Who sent it, for who may read that."""
    return NOT_YOURS if item.sender is None else clean_line(item.sender)


def told_of(item: QuarantineItem, *, decides: bool, breach: bool) -> Content:
    """What is wrong and what to do; `decides`: with the key for a passphrase, `breach`: with that for a breach."""
    content = Content.styled(f"✖ {_(CAUSE_WORDS[item.cause])}", "bold")
    content += Content(f"\n→ {_(WHAT_TO_DO[item.cause])}")
    if item.seen:
        content += Content("\n" + _("Seen: %(what)s") % {"what": clean_line(item.seen)})
    content += _facts(item)
    keys = [_("n: new passphrase")] if decides and item.cause is Cause.UNKNOWN_PASSPHRASE else []
    keys += [_("b: record as a breach")] if breach else []
    return content + Content(f"\n{' · '.join(keys)}") if keys else content


def text_of(item: QuarantineItem, *, masked: bool) -> Content:
    """What could be read of it. The reading was logged before."""
    content = Content.styled(f"✖ {_(CAUSE_TITLES[item.cause])}", "bold") + _facts(item)
    content += Content.styled("\n\n" + _(PURPOSE), "dim")
    read = clean_lines(item.text or "") or _("No text could be read from it.")
    return content + Content("\n" + (MASK if masked else read))


def _facts(item: QuarantineItem) -> Content:
    facts = _("%(sender)s · received %(when)s · attempts: %(count)d · discarded on %(day)s") % {
        "sender": sender_text(item),
        "when": show_moment(item.received_at),
        "count": item.attempts,
        "day": show_date(item.goes_on),
    }
    return Content.styled(f"\n{facts}", "dim")
