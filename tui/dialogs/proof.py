"""Searching every place for a discarded referral, and telling what was found (P3, P6)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.content import Content

from intake.desk.proof import Search
from intake.paperwork.certificate import RECOVERABLE
from intake.telling import place_text
from intake.texts import _
from tui.dialogs.told import WorkDialog

if TYPE_CHECKING:
    from tui.bridge import Bridge


class ProofDialog(WorkDialog):
    """The search takes as long as the mailbox is large; closing leaves it to end by itself."""

    HELP: ClassVar[str] = "certificate"

    def __init__(self, bridge: "Bridge", reference: str, *, opens_mailbox: bool) -> None:
        super().__init__(_("What is left of %(reference)s?") % {"reference": reference})
        self._bridge = bridge
        self._reference = reference
        self._opens_mailbox = opens_mailbox

    async def do(self) -> Sequence[Content]:
        """The search."""
        searching = _("Searching the store, the backups and every folder of the mailbox…")
        if not self._opens_mailbox:
            searching = _("Searching the store and the backups…")
        self.say_busy(Content(searching))
        search = await self._bridge.ask(lambda desk: desk.proof.verify(self._reference))
        return search_lines(search, opens_mailbox=self._opens_mailbox)


def search_lines(search: Search, *, opens_mailbox: bool) -> list[Content]:
    """What it came to, then place by place."""
    named = {"reference": search.reference}
    if search.clean:
        lines = [
            Content.styled("✔ " + _("%(reference)s: nothing is left of it.") % named, "bold $text-success")
        ]
    else:
        not_proven = _("%(reference)s: not proven. Look at the places marked ✖ and ?.") % named
        lines = [Content.styled(f"✖ {not_proven}", "bold $text-error")]
    if search.only_mailbox_missing:
        told = _("Only the mailbox could not be searched. Search again when it can be reached.")
        if not opens_mailbox:
            told = _("Nothing is left where you may look. Only a team lead's search has the mailbox as well.")
        lines.append(Content(told))
    lines.append(Content(""))
    for place in search.places:
        if not place.searched:
            glyph, said = "?", _("could not be searched")
        elif place.found:
            glyph, said = "✖", _("searched, found %(count)d") % {"count": place.found}
        else:
            glyph, said = "✔", _("nothing there")
        lines.append(Content(f"{glyph} {place_text(place.name)}: {said}"))
    lines += [Content(""), Content.styled(_(RECOVERABLE), "dim")]
    return lines
