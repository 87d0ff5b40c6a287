"""What is known of the line under the cursor without opening it, beside the list on a wide screen."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from intake.desk.reading import Line
from intake.formats import show_date, show_moment, show_name
from intake.plaintext import clean_line
from intake.telling import step_text
from intake.texts import _
from tui import asks
from tui.seen import MARK_GLYPHS, MARK_WORDS, Mark
from tui.shown import (
    MASK,
    NOT_YOURS,
    WAITING,
    alike_text,
    attempt_text,
    consent_text,
    discard_text,
    due_text,
    flag_text,
    person,
    state_text,
    worker_text,
)

PANE_FROM = 132
"""From this many cells on there is room for it."""
PANE_WIDTH = 44
_LAST_STEPS = 4


class LinePane(VerticalScroll, can_focus=False):
    """Facts of one line; nothing more of the client than the list shows."""

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static("", id="pane-text")

    def show(self, line: Line | None, listed: asks.Listed, mark: Mark | None, *, masked: bool) -> None:
        """Draw it."""
        content = Content("") if line is None else _tell(line, listed, mark, masked=masked)
        self.query_one("#pane-text", Static).update(content)


def _tell(line: Line, listed: asks.Listed, mark: Mark | None, *, masked: bool) -> Content:
    referral = line.referral
    name, place = NOT_YOURS, ""
    if line.waiting:
        name = WAITING
    elif line.client is not None:
        name = MASK if masked else clean_line(show_name(line.client))
        place = MASK if masked else clean_line(line.client.municipality or "")
    parts = [Content.styled(name, "bold"), Content(referral.reference)]
    if mark is not None:
        words = _(MARK_WORDS[mark])
        parts.append(Content.styled(f"{MARK_GLYPHS[mark]} {words}", "$text-accent"))
    head = Content(" · ").join(parts)
    rows = [
        (_("Municipality"), place),
        (_("State"), state_text(referral.state)),
        (_("Worker"), worker_text(line, listed.names)),
        (_("Due"), due_text(referral, line.due_on, listed.today)),
        (_("Consent"), consent_text(referral.consent)),
        (_("Received"), show_moment(referral.received_at)),
        (_("Informed"), show_date(referral.informed_on)),
        (_("Discard on"), discard_text(line.discard) if line.discard else ""),
    ]
    told = [head, Content("")]
    told += [
        Content.styled(f"{label:<14}", "$text-muted") + Content(f" {value}") for label, value in rows if value
    ]
    told += [Content(flag_text(code)) for code in referral.flags]
    told += [Content(alike_text(other)) for other in line.alike]
    tried = [attempt_text(made, made.at) for made in referral.attempts[-_LAST_STEPS:]]
    if tried:
        told += [Content(""), Content.styled(_("Attempts"), "bold $text-primary"), *map(Content, tried[::-1])]
    told += [Content(""), Content.styled(_("Timeline"), "bold $text-primary")]
    for happening in referral.timeline[: -_LAST_STEPS - 1 : -1]:
        who = person(listed.names, happening.by)
        told.append(
            Content.styled(f"{show_moment(happening.at)} ", "$text-muted")
            + Content(f"{step_text(happening.step)} · {who}")
        )
    return Content("\n").join(told)
