"""How the retention plan, and what a run could not finish, are written on the screen. Pure; names no client."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from textual.content import Content

from intake.desk.hindrances import (
    BACKUP_UNREACHABLE,
    LEDGER_MISSING,
    MAIL_STILL_THERE,
    MAILBOX_DOWN,
    OTHER_MAILBOX,
    REJECTED_WORDS,
    WAITING_FOR_QUARANTINE,
)
from intake.desk.planning import Plan, Recent, Waiting
from intake.formats import show_date, show_moment
from intake.paperwork.words import outcome_words
from intake.plaintext import clean_line
from intake.retention import Due, Start, rule_of
from intake.staff import Right
from intake.telling import recent_text
from intake.texts import N_, _, ngettext
from tui.shown import LATE

RECENT = "⚑"


def some(references: Sequence[str], most: int) -> str:
    """References one after another; of many only the first, and how many more."""
    named = ", ".join(map(clean_line, references[:most]))
    more = len(references) - most
    if more <= 0:
        return named
    return named + " " + ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more}


def _capital(words: str) -> str:
    """As at the beginning of a sentence; what stands in capitals stays so."""
    return words[:1].upper() + words[1:]


# -- the plan ---------------------------------------------------------------------------------------------------------


class When(StrEnum):
    """Where a referral stands in the plan, in the order in which the plan shows them."""

    WAITING = "waiting"
    REJECTED = "rejected"
    OVERDUE = "overdue"
    TODAY = "today"
    SECOND = "second"
    UNCONFIRMED = "unconfirmed"
    BLOCKED = "blocked"
    SOON = "soon"
    HELD = "held"
    LATER = "later"


WHEN_GLYPHS = {
    When.WAITING: "⌫",
    When.REJECTED: "⌫",
    When.OVERDUE: LATE,
    When.TODAY: "●",
    When.SECOND: "◔",
    When.UNCONFIRMED: "?",
    When.BLOCKED: "✖",
    When.SOON: "◕",
    When.HELD: "▮",
    When.LATER: "○",
}
WHEN_WORDS = {
    When.WAITING: N_("still to discard"),
    When.REJECTED: N_("rejected message"),
    When.OVERDUE: N_("overdue"),
    When.TODAY: N_("today"),
    When.SECOND: N_("needs a second person"),
    When.UNCONFIRMED: N_("hand-over unconfirmed"),
    When.BLOCKED: N_("blocked: no date"),
    When.SOON: N_("within a week"),
    When.HELD: N_("held"),
    When.LATER: N_("later"),
}
_ORDER = tuple(When)


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One line of the plan: `due` or, once the discard has begun or a message was rejected, `waiting`.

    `listed` is the destruction list that names it, approved or not.
    """

    reference: str
    when: When
    due: Due | None = None
    waiting: Waiting | None = None
    recent: Recent | None = None
    listed: str | None = None

    @property
    def outcome(self) -> str:
        """How it ended, in words."""
        if self.due is not None:
            return outcome_words(self.due.outcome)
        return outcome_words(self.waiting.outcome) if self.waiting is not None else ""

    @property
    def basis(self) -> str:
        """On which ground it goes, in words."""
        basis = self.due.basis if self.due is not None else self.waiting.basis if self.waiting else ""
        return _(basis) if basis else ""

    @property
    def on(self) -> date | None:
        """The first day on which it may go."""
        if self.due is not None:
            return self.due.goes_on
        return self.waiting.due_on if self.waiting is not None else None

    @property
    def when_text(self) -> str:
        """A glyph and a word."""
        return f"{WHEN_GLYPHS[self.when]} {_(WHEN_WORDS[self.when])}"


def plan_lines(plan: Plan, proposed: Mapping[str, str]) -> tuple[PlanLine, ...]:
    """What needs someone first, then by day. `proposed` has the list for what one names that waits for approval."""
    recent = {one.reference: one for one in plan.recent}
    soon = {due.reference for due in plan.soon}
    lines = [
        PlanLine(w.reference, When.REJECTED if w.untried else When.WAITING, waiting=w) for w in plan.waiting
    ]

    def add(dues: Sequence[Due], when: When) -> None:
        for due in dues:
            listed = plan.approved.get(due.reference) or proposed.get(due.reference)
            lines.append(
                PlanLine(due.reference, when, due=due, recent=recent.get(due.reference), listed=listed)
            )

    add([d for d in plan.due if d.goes_on is not None and d.goes_on < plan.on], When.OVERDUE)
    add([d for d in plan.due if d.goes_on == plan.on], When.TODAY)
    add(plan.second_person, When.SECOND)
    add(plan.unconfirmed, When.UNCONFIRMED)
    add(plan.blocked, When.BLOCKED)
    add([d for d in plan.later if d.reference in soon], When.SOON)
    add(plan.held, When.HELD)
    add([d for d in plan.later if d.reference not in soon], When.LATER)
    return tuple(
        sorted(lines, key=lambda line: (_ORDER.index(line.when), line.on or date.max, line.reference))
    )


_REJECTED_GOES = N_("The next run takes the message out of the mailbox and every backup.")
START_WORDS: dict[Start, str] = {
    Start.CLOSED_ON: N_("closed on %(day)s"),
    Start.HAND_OVER_CONFIRMED_ON: N_("hand-over confirmed on %(day)s"),
    Start.CASE_CLOSED_ON: N_("case file closed on %(day)s"),
}


def period_text(due: Due) -> str:
    """What started the period and how long it is: "closed on 18/11/2026, kept 30 days"."""
    rule = rule_of(due.outcome)
    if due.started is None:
        return ""
    started = _(START_WORDS[rule.starts]) % {"day": show_date(due.started)}
    if due.on is None:
        return started
    if rule.years:
        kept = ngettext("kept %(count)d year", "kept %(count)d years", rule.years) % {"count": rule.years}
    else:
        days = (due.on - due.started).days
        kept = ngettext("kept %(count)d day", "kept %(count)d days", days) % {"count": days}
        if not days:
            kept = _("no longer kept after that")
    return f"{started}, {kept}"


def plan_detail(line: PlanLine, today: date, rights: frozenset[Right]) -> Content:
    """Why it goes, when, what stands in the way, and what the next run does with it."""
    lines = [Content.styled(f"{line.reference} · {line.outcome}", "bold")]
    lines.append(Content(f"{WHEN_GLYPHS[line.when]} {_standing(line, today)}"))
    if line.basis:
        lines.append(Content(_("Ground: %(basis)s") % {"basis": line.basis}))
    if line.due is not None and (period := period_text(line.due)):
        lines.append(Content(_("Period: %(period)s") % {"period": period}))
    lines.append(Content(f"→ {_next_run(line, rights)}"))
    if line.recent is not None:
        lines.append(
            Content(
                f"{RECENT} "
                + _("%(what)s on %(moment)s, after it ended: look at it before it goes.")
                % {"what": _capital(recent_text(line.recent.what)), "moment": show_moment(line.recent.at)}
            )
        )
    return Content("\n").join(lines)


def _standing(line: PlanLine, today: date) -> str:
    day = {"day": show_date(line.on)}
    match line.when:
        case When.WAITING:
            cause, _advice = cause_of(line.waiting.cause if line.waiting else "")
            return _("Still to discard: %(cause)s.") % {"cause": cause}
        case When.REJECTED:
            return _capital(_(REJECTED_WORDS)) + "."
        case When.OVERDUE:
            return _("Overdue: it could go from %(day)s on.") % day
        case When.TODAY:
            return _("Goes today, %(day)s.") % day
        case When.SECOND:
            return _("Its time is over since %(day)s, and a second person has to approve it. (P3)") % day
        case When.UNCONFIRMED:
            return _("Nobody confirmed yet that the OCMW's own system holds the case file. (P3)")
        case When.BLOCKED:
            return _("The day from which its period runs is missing, or lies before its receipt.")
        case When.HELD if line.due is not None:
            held = {"until": show_date(line.due.held_until), "day": show_date(line.on)}
            return _("Held until and including %(until)s; it goes from %(day)s on.") % held
    days = (line.on - today).days if line.on else 0
    return ngettext(
        "Goes from %(day)s on, in %(count)d day.", "Goes from %(day)s on, in %(count)d days.", days
    ) % {**day, "count": days}


def _next_run(line: PlanLine, rights: frozenset[Right]) -> str:
    opens = " " + _("Enter opens it.") if Right.READ in rights else ""
    match line.when:
        case When.WAITING:
            _cause, advice = cause_of(line.waiting.cause if line.waiting else "")
            return advice
        case When.REJECTED:
            starts = " " + _("Start a run with r.") if Right.RETENTION_RUN in rights else ""
            return _(_REJECTED_GOES) + starts
        case When.OVERDUE | When.TODAY:
            gone = _("The next run takes it out of the store, the mailbox and every backup.")
            if line.listed:
                approved = _("Approved on destruction list %(list)s.") % {"list": line.listed}
                return f"{approved} {gone}"
            return gone + (" " + _("Start a run with r.") if Right.RETENTION_RUN in rights else "")
        case When.SECOND if line.listed:
            told = _("It stands on destruction list %(list)s, and goes once another team lead approved that.")
            return told % {"list": line.listed}
        case When.SECOND:
            return _(
                "The next run puts it on a destruction list; it goes once another team lead approved that."
            )
        case When.UNCONFIRMED:
            return _("It stays until someone confirms the hand-over, on the referral itself.") + opens
        case When.BLOCKED:
            return _("It stays, for without a date nothing is discarded; a team lead looks into it.") + opens
        case When.HELD:
            ends = " " + _("u ends the hold.") if Right.RETENTION_HOLD in rights else ""
            return _("It stays; the reason stands with the referral.") + opens + ends
    return _("The next run leaves it, until its day has come.")


# -- what could not be finished ---------------------------------------------------------------------------------------

CAUSES: dict[str, tuple[str, str]] = {
    MAILBOX_DOWN: (
        N_("the mailbox could not be reached"),
        N_("Run again once the line at the foot says that the mailbox is well; nothing is lost meanwhile."),
    ),
    MAIL_STILL_THERE: (
        N_("its message is still in the mailbox"),
        N_("Have the account allowed to delete in every folder of the mailbox, then run again."),
    ),
    WAITING_FOR_QUARANTINE: (
        N_("its message also holds a quarantined form"),
        N_("Decide on that form first (quarantine, F6), then run again."),
    ),
    OTHER_MAILBOX: (
        N_("its message came from another mailbox"),
        N_(
            "Delete the message there by hand and tell the DPO; a run can only reach the mailbox in the settings."
        ),
    ),
    LEDGER_MISSING: (
        N_("it is not known where its message lies"),
        N_("Look for the message in the mailbox, delete it by hand and tell the DPO."),
    ),
    BACKUP_UNREACHABLE: (
        N_("a backup could not be read or rewritten"),
        N_("Have the folder with the backups reachable and writable again, then run again."),
    ),
    "": (N_("begun and not finished"), N_("Run again: it goes on where it was.")),
}
"""By the code of a cause: what it is, and what to do."""


BY_HAND = frozenset({OTHER_MAILBOX, LEDGER_MISSING})
"""Causes that another run does not end."""


def cause_of(code: str) -> tuple[str, str]:
    """Cause and advice in the user's language; a code of a newer version as it stands."""
    if code not in CAUSES:
        return clean_line(code), _(
            "Run again; when it stays, have the newest version of the program installed."
        )
    cause, advice = CAUSES[code]
    return _(cause), _(advice)


def waiting_cause(waiting: Waiting) -> tuple[str, str]:
    """As `cause_of`, of what a run began, or of a message that none tried to remove yet."""
    return (_(REJECTED_WORDS), _(_REJECTED_GOES)) if waiting.untried else cause_of(waiting.cause)


def waiting_detail(waiting: Waiting, *, may_run: bool) -> Content:
    """What is gone already, what is not, and what to do."""
    cause, advice = waiting_cause(waiting)
    outcome = outcome_words(waiting.outcome)
    title = f"{waiting.reference} · {outcome}" if outcome else waiting.reference
    lines = [Content.styled(title, "bold"), Content(f"⌫ {_capital(cause)}.")]
    gone = (
        _("What the message said is gone from the store already; nobody can open it any more.")
        if waiting.rejected
        else _("The client's data are gone from the store already; nobody can open it any more.")
    )
    lines.append(Content(gone))
    if waiting.basis:
        lines.append(Content(_("Ground: %(basis)s") % {"basis": _(waiting.basis)}))
    who = (
        _("Start a run with r.") if may_run else _("A team lead starts a run, or it goes by itself at night.")
    )
    lines.append(Content(f"→ {advice}" if waiting.cause in BY_HAND else f"→ {advice} {who}"))
    return Content("\n").join(lines)
