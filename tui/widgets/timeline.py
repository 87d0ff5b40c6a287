"""What happened to a referral, newest first, with the notes of who worked it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from intake.desk.reading import View
from intake.formats import show_moment
from intake.plaintext import clean_lines
from intake.referral import Attempt, Happening, Step
from intake.rows import Note
from intake.telling import detail_text, step_text
from tui.shown import MASK, attempt_of, attempt_text, note_of, person


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry: when, what, by whom, and the note that goes with it."""

    at: datetime
    said: str
    who: str
    note: str

    def __repr__(self) -> str:
        return f"Moment({self.at})"


class Entry(Horizontal):
    """One entry on the screen."""

    def __init__(self, moment: Moment) -> None:
        super().__init__(classes="fact")
        self._moment = moment

    def compose(self) -> ComposeResult:
        """The moment at the left, the rest at the right."""
        moment = self._moment
        yield Static(Content(show_moment(moment.at)), classes="moment-when")
        text = Content(moment.said)
        if moment.who:
            text += Content.styled(f" · {moment.who}" if moment.said else moment.who, "dim")
        if moment.note:
            text += Content(f"\n“{moment.note}”")
        yield Static(text, classes="fact-value")


class Timeline(Vertical):
    """Plain text only; a note may name a client, so it is hidden with the names."""

    async def show(self, view: View, names: Mapping[str, str], *, masked: bool) -> None:
        """Draw it."""
        await self.remove_children()
        await self.mount_all(Entry(moment) for moment in moments(view, names, masked=masked))


def moments(view: View, names: Mapping[str, str], *, masked: bool) -> list[Moment]:
    """All happenings and notes, newest first."""
    notes = list(view.payload.notes)
    attempts = list(view.referral.attempts)
    found: list[Moment] = []
    for happening in view.referral.timeline:
        note = note_of(happening, notes)
        if note is not None:
            notes.remove(note)
        said = _said(happening, names, attempts)
        found.append(Moment(happening.at, said, person(names, happening.by), _note(note, masked=masked)))
    found += [Moment(note.at, "", person(names, note.by), _note(note, masked=masked)) for note in notes]
    return sorted(found, key=lambda moment: moment.at)[::-1]


def _said(happening: Happening, names: Mapping[str, str], attempts: list[Attempt]) -> str:
    detail = detail_text(happening, names)
    if happening.step == Step.ATTEMPT:
        made = attempt_of(happening, attempts)
        if made is not None:
            attempts.remove(made)
            detail = attempt_text(made, happening.at)
    words = step_text(happening.step)
    return f"{words}: {detail}" if detail and happening.step not in ("import", Step.TAKE) else words


def _note(note: Note | None, *, masked: bool) -> str:
    if note is None:
        return ""
    return MASK if masked else clean_lines(note.text)
