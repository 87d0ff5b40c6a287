"""How destruction lists and discarded referrals are written on the screen. Pure; names no client."""

from collections.abc import Iterator, Mapping, Sequence

from textual.content import Content

from intake.desk.destruction import STANDING_WORDS, DestructionList, Item, Standing
from intake.desk.proof import Gone
from intake.formats import show_date, show_moment
from intake.paperwork.words import outcome_words
from intake.plaintext import clean_line
from intake.retention import Start
from intake.texts import _, ngettext
from intake.workdays import local_date
from tui.retention_words import START_WORDS
from tui.shown import person

MOST_ITEMS_IN_PANE = 40

# -- destruction lists ------------------------------------------------------------------------------------------------

STANDING_GLYPHS = {Standing.PROPOSED: "◔", Standing.APPROVED: "◕", Standing.DONE: "✔", Standing.CHANGED: "✖"}


def standing_text(found: DestructionList) -> str:
    """A glyph and words."""
    return f"{STANDING_GLYPHS[found.standing]} {_(STANDING_WORDS[found.standing])}"


def item_lines(items: Sequence[Item]) -> Iterator[Content]:
    """The case files of a list, one a line."""
    for item in items:
        parts = [
            item.reference,
            clean_line(item.number or "–"),
            _(START_WORDS[Start.CLOSED_ON]) % {"day": show_date(item.closed_on)},
            _("may go from %(day)s on") % {"day": show_date(item.due_on)},
        ]
        if item.destroyed:
            parts.append("✔ " + _("destroyed"))
        yield Content(" · ".join(parts))


def list_facts(found: DestructionList, names: Mapping[str, str]) -> list[Content]:
    """Who proposed and approved it, and under which rule."""
    rule = clean_line(found.rule) or _("not set")
    lines = [
        Content(_("rule of the selection list: %(rule)s") % {"rule": rule}),
        Content(
            _("proposed by %(name)s on %(day)s")
            % {"name": person(names, found.proposed_by), "day": show_moment(found.proposed_at)}
        ),
    ]
    if found.approved_by:
        lines.append(
            Content(
                _("approved by %(name)s on %(day)s")
                % {"name": person(names, found.approved_by), "day": show_moment(found.approved_at)}
            )
        )
    return lines


def list_detail(found: DestructionList, names: Mapping[str, str], me: str, *, may_approve: bool) -> Content:
    """The list under the cursor, and what can be done with it."""
    count = len(found.items)
    files = ngettext("%(count)d case file", "%(count)d case files", count) % {"count": count}
    lines = [Content.styled(f"{found.id} · {files}", "bold"), Content(standing_text(found))]
    lines += list_facts(found, names)
    if found.standing is Standing.PROPOSED:
        if found.proposed_by == me:
            lines.append(Content("→ " + _("You proposed it yourself: another team lead approves it. (P3)")))
        elif may_approve:
            lines.append(Content("→ " + _("Approve it with a; the next run then destroys what it names.")))
        else:
            lines.append(Content("→ " + _("Another team lead than who proposed it approves it.")))
    lines += item_lines(found.items[:MOST_ITEMS_IN_PANE])
    if count > MOST_ITEMS_IN_PANE:
        lines.append(Content(_("Enter shows all of them.")))
    return Content("\n").join(lines)


# -- what was discarded -----------------------------------------------------------------------------------------------


def searched_text(gone: Gone) -> str:
    """When it was searched for last, and whether nothing was found."""
    if gone.searched is None:
        return "–"
    if gone.searched.clean:
        words = "✔ " + _("nothing left")
    elif gone.searched.found:
        words = "✖ " + _("something left")
    else:
        words = "? " + _("incomplete")
    return f"{words} {show_date(local_date(gone.searched.at))}"


def gone_detail(gone: Gone, *, may_verify: bool) -> Content:
    """What stays of a discarded referral, and what was done about it."""
    it = gone.destroyed
    lines = [Content.styled(f"{it.reference} · {outcome_words(it.outcome)}", "bold")]
    said = {"moment": show_moment(it.discarded_at), "name": clean_line(it.discarded_by)}
    lines.append(Content("∅ " + _("Discarded on %(moment)s by %(name)s") % said))
    days = [
        _("received on %(day)s") % {"day": show_date(it.received_on)},
        _("may go from %(day)s on") % {"day": show_date(it.due_on)} if it.due_on else "",
    ]
    lines.append(Content(" · ".join(filter(None, days))))
    if it.basis:
        lines.append(Content(_("Ground: %(basis)s") % {"basis": _(it.basis)}))
    if it.mails is not None:
        mails = ngettext("%(count)d message deleted", "%(count)d messages deleted", it.mails)
        lines.append(Content(mails % {"count": it.mails}))
    if it.list_id and it.approved_by:
        named = {"list": it.list_id, "name": clean_line(it.approved_by), "rule": clean_line(it.rule or "")}
        lines.append(
            Content(_("Destruction list %(list)s, approved by %(name)s under rule %(rule)s") % named)
        )
    lines.append(_searched_line(gone, may_verify=may_verify))
    return Content("\n").join(lines)


def _searched_line(gone: Gone, *, may_verify: bool) -> Content:
    if gone.searched is None:
        how = _("Search with v.") if may_verify else _("A team lead can search for it.")
        return Content("? " + _("Nobody searched yet whether anything is left of it.") + f" {how}")
    said = {"moment": show_moment(gone.searched.at), "name": clean_line(gone.searched.by)}
    if gone.searched.clean:
        return Content(
            "✔ " + _("Searched everywhere on %(moment)s by %(name)s: nothing is left of it.") % said
        )
    if gone.searched.found:
        return Content(
            "✖ "
            + _("Searched on %(moment)s by %(name)s, and something was left. Search again, and tell the DPO.")
            % said
        )
    return Content(
        "? "
        + _("Searched on %(moment)s by %(name)s, but not everywhere. Search again once all can be reached.")
        % said
    )
