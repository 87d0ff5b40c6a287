"""Which lines of the worklist are shown, in which order, and how many there are of each kind. Pure; draws nothing."""

from collections import Counter
from collections.abc import Sequence

from intake.desk.reading import Line, most_urgent, urgency
from intake.staff import Right
from intake.texts import _
from tui import asks
from tui.seen import MARK_GLYPHS, MARK_WORDS, Mark
from tui.shown import STATE_ORDER, held_text, late, late_mark, plain, state_text
from tui.widgets.worktable import COLUMNS, Column, Drawing

LATE_ONLY = "late"
HELD_ONLY = "held"
BY_URGENCY = "due"


class Choosing:
    """One kind only or all (`only`), and the column by which they stand in order."""

    def __init__(self) -> None:
        self.only: str | None = None
        self.sorted_by = BY_URGENCY
        self.backwards = False
        self._kinds: tuple[str, ...] = ()

    def counts(self, listed: asks.Listed, drawing: Drawing) -> list[tuple[str, str, int]]:
        """Code, words with a glyph and number of each kind that occurs; a kind that does not is chosen no more."""
        held = sum(line.referral.on_hold for line in listed.lines)
        states = Counter(line.referral.state for line in listed.lines if not line.referral.on_hold)
        counts = [(state.value, state_text(state), states[state]) for state in STATE_ORDER if states[state]]
        if held:
            counts.insert(0, (HELD_ONLY, held_text(), held))
        overdue = sum(late(line.referral, line.due_on, listed.today) for line in listed.lines)
        if overdue:
            counts.insert(0, (LATE_ONLY, late_mark(), overdue))
        marks = Counter(drawing.mark(line) for line in listed.lines)
        for mark in Mark:
            if marks[mark]:
                words = _(MARK_WORDS[mark])
                counts.append((mark.value, f"{MARK_GLYPHS[mark]} {words}", marks[mark]))
        self._kinds = tuple(code for code, _words, _count in counts)
        if self.only not in self._kinds:
            self.only = None
        return counts

    def turn(self, kind: str) -> None:
        """This kind only, or all again."""
        self.only = None if self.only == kind else kind

    def next_kind(self) -> None:
        """The next kind that occurs, and after the last all of them."""
        kinds: list[str | None] = [None, *self._kinds]
        self.only = kinds[(kinds.index(self.only) + 1) % len(kinds)]

    def lines(
        self, listed: asks.Listed, typed: str, drawing: Drawing, columns: Sequence[Column]
    ) -> list[Line]:
        """Those of the kind that hold every word that was typed, in order."""
        words = plain(typed).split()
        found = [
            line
            for line in listed.lines
            if self._fits(line, listed, drawing) and _holds(line, words, drawing, columns)
        ]
        if self.sorted_by == BY_URGENCY and not self.backwards:
            return most_urgent(found, assigns=Right.ASSIGN in listed.me.rights)
        order = next(column.order for column in COLUMNS if column.key == self.sorted_by)
        found.sort(key=urgency)
        found.sort(key=lambda line: order(line, drawing), reverse=self.backwards)
        return found

    def _fits(self, line: Line, listed: asks.Listed, drawing: Drawing) -> bool:
        if self.only == LATE_ONLY:
            return late(line.referral, line.due_on, listed.today)
        if self.only == HELD_ONLY:
            return line.referral.on_hold
        if self.only in [mark.value for mark in Mark]:
            return drawing.mark(line) == self.only
        return self.only is None or (self.only == line.referral.state.value and not line.referral.on_hold)


def _holds(line: Line, words: Sequence[str], drawing: Drawing, columns: Sequence[Column]) -> bool:
    if not words:
        return True
    text = plain(" ".join(column.write(line, drawing) for column in columns))
    return all(word in text for word in words)
