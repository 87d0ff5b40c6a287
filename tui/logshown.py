"""An entry of the access log in words: as a line of a table, and whole. Text of users is cleaned and never markup."""

from collections.abc import Mapping, Sequence

from rich.text import Text
from textual.content import Content

from intake.formats import show_moment, show_number
from intake.logwords import detail_words, entry_words, field_words, reason_words
from intake.plaintext import clean_line, clean_lines
from intake.rows import moment_of
from intake.texts import N_, _
from intake.workdays import local
from storage.entries import LogFault
from storage.lookback import Looked
from tui.widgets.grid import Cells, Heading

FAULT = "✖"
FAULT_WORDS: dict[LogFault, str] = {
    LogFault.EDITED: N_("not what was written: someone edited it"),
    LogFault.GAP: N_("entries are missing here, or stand in another place"),
    LogFault.SIGNATURE: N_("not signed by the user it names"),
    LogFault.CUT: N_("the end of the log is missing"),
    LogFault.REPLACED: N_("does not belong to this log"),
}
_WIDE = 110


def keyed(looked: Sequence[Looked]) -> dict[str, Looked]:
    """The places by a key that stays theirs while others come above and beneath."""
    found: dict[str, Looked] = {}
    for one in looked:
        key = f"{one.seq}" if one.fault is None else f"{one.seq} {one.fault.value}"
        while key in found:
            key += "+"
        found[key] = one
    return found


def headings(width: int) -> list[Heading]:
    """The columns; on a wide screen the workstation too."""
    columns = [
        Heading("when", _("When"), 17),
        Heading("who", _("Who"), 12, 1),
        Heading("what", _("What"), 21, 1),
        Heading("reference", _("Reference"), 15),
        Heading("why", _("Why"), 12, 2),
    ]
    return [*columns, Heading("host", _("From where"), 14)] if width >= _WIDE else columns


def row_of(looked: Looked, names: Mapping[str, str]) -> Cells:
    """A line. Has the column of the workstation always: a narrow table leaves it out."""
    entry = looked.entry
    if entry is None:
        words = _(FAULT_WORDS[looked.fault or LogFault.EDITED])
        return (Text(f"{FAULT} {show_number(looked.seq) if looked.seq else '?'}"), "", words, "", "", "")
    mark = f"{FAULT} " if looked.fault is not None else ""
    first, *more = entry.references or ("",)
    return (
        mark + _moment(entry.at),
        clean_line(entry.name),
        entry_words(entry.action, entry.detail),
        clean_line(first) + (f" +{len(more)}" if more else ""),
        clean_line(reason_words(entry.reason)) or ", ".join(detail_words(entry.detail, names)),
        clean_line(entry.host),
    )


def _moment(at: str, *, seconds: bool = False) -> str:
    try:
        moment = moment_of(at)
    except ValueError:  # of an entry that someone edited
        return clean_line(at)
    return local(moment).strftime("%d/%m/%Y %H:%M:%S") if seconds else show_moment(moment)


def entry_text(looked: Looked, names: Mapping[str, str], *, most: int = 10_000) -> Content:
    """The whole entry, with whether it holds; at most `most` references and fields."""
    entry = looked.entry
    if looked.fault is not None:
        state = Content.styled(f"{FAULT} {_(FAULT_WORDS[looked.fault])}", "bold $text-error")
    else:
        state = Content.styled("✔ " + _("signed, unaltered and in its place"), "$text-success")
    number = Content.styled(_("Entry %(number)s") % {"number": show_number(looked.seq)}, "bold")
    text = number + Content(" · ") + state
    if entry is None:
        return text
    facts: list[tuple[str, str]] = [
        (
            _("When"),
            _("%(moment)s, from %(host)s")
            % {"moment": _moment(entry.at, seconds=True), "host": clean_line(entry.host)},
        ),
        (_("Who"), f"{clean_line(entry.name)} ({clean_line(entry.user)})"),
        (_("What"), f"{entry_words(entry.action, entry.detail)} ({clean_line(entry.action)})"),
        (_("Why"), clean_lines(reason_words(entry.reason))),
        (_("Details"), " · ".join(detail_words(entry.detail, names))),
        (_("Reference"), _some([clean_line(word) for word in entry.references], most)),
        (_("Fields"), _some([field_words(word) for word in entry.fields], most)),
        (_("Digest"), clean_line(entry.digest)),
        (_("Key"), clean_line(entry.key_id)),
    ]
    for label, value in facts:
        if value:
            text += Content.styled(f"\n{label}: ", "dim") + Content(value)
    return text


def _some(words: Sequence[str], most: int) -> str:
    """So many of them, and how many more there are."""
    more = len(words) - most
    return ", ".join(words[:most]) + (f" +{more}" if more > 0 else "")
